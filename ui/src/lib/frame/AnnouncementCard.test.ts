import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { tick } from 'svelte'
import AnnouncementCard from './AnnouncementCard.svelte'
import { announcements } from './announcements.svelte'
import { OUT } from './flyout.svelte'

beforeEach(() => {
  vi.useFakeTimers()
  announcements.list = []
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const announce = (key: string) =>
  announcements.add({ key, title: key, text: '', severity: 'critical', target: null }, Date.now())
const flown = () => screen.queryByTestId('announcement-flown')

it('flies out of a rail of icons, goes in once somebody was there, and comes out where its mark is pointed at', async () => {
  render(AnnouncementCard, { narrow: true })
  announce('VH1 is open')
  await tick()
  expect(flown()?.textContent).toContain('VH1 is open')
  vi.advanceTimersByTime(OUT)
  await fireEvent.keyDown(window)
  expect(flown()).toBeNull()
  const mark = screen.getByTestId('announcement-mark')
  await fireEvent.focusIn(mark)
  expect(flown(), 'by a press of the pointer alone').toBeNull()
  mark.focus()
  await tick()
  expect(flown(), 'the keys are on its mark').not.toBeNull()
  mark.blur()
  await tick()
  expect(flown()).toBeNull()
  expect(mark.getAttribute('aria-label')).toBe('Critical: VH1 is open. Open it')
  await fireEvent.pointerEnter(screen.getByTestId('announcement'))
  expect(flown()).not.toBeNull()
  announce('VH2 is open')
  await tick()
  expect(flown()?.textContent, 'none takes its place while it is pointed at').toContain(
    'VH1 is open',
  )
  await fireEvent.pointerLeave(screen.getByTestId('announcement'))
  expect(flown()?.textContent, 'the next is new').toContain('VH2 is open')
  announcements.takeBack(['VH1 is open', 'VH2 is open'])
  await tick()
  expect([flown(), screen.queryByTestId('announcement')]).toEqual([null, null])
})

it('stands in the rail where it is wide enough, and over nothing', async () => {
  render(AnnouncementCard, { narrow: false })
  announce('VH1 is open')
  await tick()
  expect(screen.getByTestId('announcement').textContent).toContain('VH1 is open')
  expect([flown(), screen.queryByTestId('announcement-mark')]).toEqual([null, null])
})
