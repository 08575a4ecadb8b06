import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Announced } from '../backend/types'
import { announcements } from './announcements.svelte'

beforeEach(() => {
  vi.useFakeTimers()
  announcements.list = []
})
afterEach(() => {
  vi.useRealTimers()
})

let now = 0
const titles = () => announcements.list.map(({ title }) => title)
function announce(title: string, severity: Announced['severity'] = 'high') {
  announcements.add({ key: `alert/${title}`, title, text: '', severity, target: null }, now++)
}

it('has the worst first, and the newest of them', () => {
  announce('door')
  announce('theft', 'critical')
  announce('battery', 'medium')
  announce('window')
  expect(titles()).toEqual(['theft', 'window', 'door', 'battery'])
  expect(announcements.first?.title).toBe('theft')
})

it('shows one until it goes or a worse one comes, and tells which came last', () => {
  announce('theft', 'critical')
  announce('fire', 'critical')
  announce('door')
  expect([announcements.first?.title, announcements.newest?.title]).toEqual(['theft', 'door'])
  announcements.takeBack(['alert/theft'])
  announce('flood', 'critical')
  expect(announcements.first?.title).toBe('fire')
  announcements.list = []
  announce('battery', 'medium')
  announce('window')
  expect(announcements.first?.title).toBe('window')
})

it('shows an alert that is announced again once', () => {
  announce('door')
  announce('window')
  announce('door', 'critical')
  expect(titles()).toEqual(['door', 'window'])
})

it('goes by itself, but for what is critical, which goes when it is dismissed or over', () => {
  announce('door')
  announce('theft', 'critical')
  announce('fire', 'critical')
  vi.advanceTimersByTime(3_600_000)
  expect(titles()).toEqual(['fire', 'theft'])
  announcements.takeBack(['alert/theft', 'alert/never'])
  expect(titles()).toEqual(['fire'])
  announcements.dismiss('alert/fire')
  expect(announcements.first).toBeNull()
})

it('shows each for its time, one after the other, and reads none out as new that is not', () => {
  announce('door')
  vi.advanceTimersByTime(1_000)
  announce('window')
  expect(announcements.first?.title).toBe('door')
  vi.advanceTimersByTime(19_500)
  expect(announcements.first?.title).toBe('window')
  vi.advanceTimersByTime(19_000)
  expect(announcements.first?.title, 'it has its own time').toBe('window')
  vi.advanceTimersByTime(25_000)
  expect(titles()).toEqual([])

  announce('theft', 'critical')
  announce('battery', 'medium')
  vi.advanceTimersByTime(25_000)
  expect([titles(), announcements.newest]).toEqual([['theft'], null])
})

it('keeps no more than can be wanted, the worst of them', () => {
  for (let i = 0; i < 30; i++) announce(`theft ${i}`, 'critical')
  announce('door')
  expect(announcements.list.length).toBe(20)
  expect(titles()).not.toContain('door')
})
