import { cleanup, render, screen } from '@testing-library/svelte'
import { afterEach, expect, it } from 'vitest'
import type { SignalRow } from '../../backend/types'
import StandingAlerts from './StandingAlerts.svelte'

afterEach(cleanup)

const alert = (key: string, more: Partial<SignalRow> = {}): SignalRow => ({
  key,
  connection: 'intel',
  number: 1,
  id: key,
  stream: 'alerts',
  signalType: 'alert_issued',
  title: `Alert ${key}`,
  description: null,
  category: null,
  severity: 4,
  place: null,
  cities: [],
  at: Date.now() - 630_000,
  stale: false,
  unconfirmed: false,
  ...more,
})

function shown(alerts: SignalRow[]) {
  render(StandingAlerts, { props: { alerts, chosen: null, onchoose: () => {} } })
  const words = (element: Element | null | undefined) =>
    element?.textContent.replace(/\s+/g, ' ').trim() ?? ''
  return {
    title: words(screen.getByRole('heading')).replace(' issued by Hydra and not cleared', ''),
    notes: [...document.querySelectorAll('p')].map(words),
    since: (key: string) =>
      words(screen.getByText(`Alert ${key}`).closest('li')?.querySelector('.since')),
  }
}

it('says of an alert that nothing confirms since a gap that it is as last heard', () => {
  const { title, notes, since } = shown([alert('a'), alert('b', { unconfirmed: true })])
  expect(title).toBe('1 active alert · 1 as last heard')
  expect(notes).toEqual([
    'intel was not heard for a time, and has not said since whether what is marked as last heard still stands.',
  ])
  expect(since('a')).toBe('active for 10 min')
  expect(since('b')).toBe('as last heard, issued 10 min ago')
})

it('calls none active while the connection is not live, and leaves why to the note of the screen', () => {
  const { title, notes, since } = shown([alert('a', { stale: true, unconfirmed: true })])
  expect(title).toBe('1 alert as last heard')
  expect(notes).toEqual([])
  expect(since('a')).toBe('as last heard, issued 10 min ago')
})

it('has nothing to add while all is heard', () => {
  const { title, notes } = shown([alert('a'), alert('b')])
  expect([title, ...notes]).toEqual(['2 active alerts'])
})
