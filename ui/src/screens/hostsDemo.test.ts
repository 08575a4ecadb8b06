import { fireEvent, screen, waitFor } from '@testing-library/svelte'
import { expect, it } from 'vitest'
import type { Backend } from '../lib/backend/backend'
import { mockBackend } from '../lib/backend/mock'
import type { Frame } from '../lib/backend/types'
import { consoleState } from '../lib/domain/hosts/console.svelte'
import { preferences } from '../lib/preferences.svelte'
import { open, stage } from './stage'

stage()

it('asks which connections are the demo fleet’s, of which no query is kept', async () => {
  const inner = mockBackend('first')
  await inner.call('start_demo', {})
  const backend: Backend = {
    async call(command, args) {
      const answer = await inner.call(command, args)
      if (command !== 'look') return answer
      const frame = answer as Frame
      if (frame.screen.screen !== 'connections' || !frame.screen.cards) return answer
      const cards = frame.screen.cards.map((card) => ({ ...card, demo: true }))
      return { ...frame, screen: { ...frame.screen, cards } } as typeof answer
    },
  }
  open('#/hosts', backend)
  consoleState.shelf = 'history'
  await waitFor(() => expect(consoleState.transient?.has('laptops')).toBe(true), {
    timeout: 10_000,
  })
  await fireEvent.click(await screen.findByTestId<HTMLButtonElement>('run'))
  await screen.findByTestId('run-results')
  expect(await screen.findByTestId('clear-history')).toBeTruthy()
  expect(preferences.ran).toEqual([])
  expect(localStorage.getItem('signalbox.look') ?? '').not.toContain('SELECT')
}, 20_000)
