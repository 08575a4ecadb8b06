import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, expect, it, vi } from 'vitest'
import Logo from '../lib/frame/Logo.svelte'
import { Part } from '../lib/part.svelte'
import { router } from '../lib/route.svelte'
import Screen from './Screen.svelte'

const fetched = vi.hoisted(() => ({ rules: (): Promise<unknown> => Promise.reject(new Error()) }))
vi.mock('./screens', () => ({
  SCREENS: {
    jobs: new Part(() => Promise.resolve({ default: Logo })),
    rules: new Part(() => fetched.rules() as Promise<{ default: typeof Logo }>),
  },
}))
afterEach(cleanup)

it('keeps the last screen until the next one is there', async () => {
  let come: (value: unknown) => void = () => {}
  fetched.rules = () => new Promise((resolve) => (come = resolve))
  router.current = { screen: 'jobs' }
  const { container } = render(Screen)
  const last = await vi.waitFor(() => {
    expect(container.querySelector('svg')).not.toBeNull()
    return container.querySelector('svg')
  })
  router.current = { screen: 'rules' }
  await tick()
  expect(container.querySelector('svg')).toBe(last)
  come({ default: Logo })
  await vi.waitFor(() => {
    expect(container.querySelector('svg')).not.toBeNull()
    expect(container.querySelector('svg')).not.toBe(last)
  })
})

it('says that a screen could not be opened, and tries again', async () => {
  const { SCREENS } = await import('./screens')
  SCREENS.rules.component = null
  Object.assign(SCREENS, { rules: new Part(() => fetched.rules() as Promise<{ default: never }>) })
  fetched.rules = () => Promise.reject(new Error('gone'))
  router.current = { screen: 'rules' }
  const { container } = render(Screen)
  expect((await screen.findByTestId('screen-trouble')).textContent).toMatch(/could not be read/)
  fetched.rules = () => Promise.resolve({ default: Logo })
  await fireEvent.click(screen.getByTestId('screen-retry'))
  await vi.waitFor(() => expect(screen.queryByTestId('screen-trouble')).toBeNull())
  expect(container.querySelector('svg')).not.toBeNull()
})
