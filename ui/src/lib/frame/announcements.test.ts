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

it('shows the newest of the worst, and another only once the pointer has left it', () => {
  announce('theft', 'critical')
  announce('fire', 'critical')
  announce('door')
  expect([announcements.first?.title, announcements.newest?.title]).toEqual(['fire', 'door'])
  announcements.pointed(true)
  announce('flood', 'critical')
  expect(announcements.first?.title).toBe('fire')
  announcements.takeBack(['alert/fire'])
  expect(announcements.first?.title, 'it is over').toBe('flood')
  announce('fire', 'critical')
  announce('leak', 'critical')
  expect(announcements.first?.title, 'it is not pointed at any more').toBe('leak')
  announce('smoke', 'critical')
  announcements.pointed(false)
  expect(announcements.first?.title).toBe('smoke')
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

it('reads none out as new that is not', () => {
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
