import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Flight } from './flight'
import type { View } from './projection'

const FROM: View = { x: 0.5, y: 0.4, zoom: 3 }
const TO: View = { x: 0.52, y: 0.33, zoom: 9 }
const shown: View[] = []
let less = false

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('matchMedia', () => ({ matches: less }))
  shown.length = 0
  less = false
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('comes nearer with each picture, and ends where it is to', () => {
  const flight = new Flight((view) => shown.push(view))
  flight.go(FROM, TO)
  vi.advanceTimersByTime(1000)
  const zooms = shown.map(({ zoom }) => zoom)
  expect(zooms.length).toBeGreaterThan(3)
  expect(zooms).toEqual([...zooms].sort((a, b) => a - b))
  expect(shown.at(-1)).toEqual(TO)
  const pictures = shown.length
  vi.advanceTimersByTime(1000)
  expect(shown.length, 'it has landed').toBe(pictures)
})

it('stays where it is when it lands, and is one flight at a time', () => {
  const flight = new Flight((view) => shown.push(view))
  flight.go(FROM, TO)
  vi.advanceTimersByTime(60)
  flight.land()
  const pictures = shown.length
  vi.advanceTimersByTime(1000)
  expect([pictures > 0, shown.length]).toEqual([true, pictures])

  flight.go(FROM, TO)
  flight.go(FROM, { ...FROM, zoom: 4 })
  vi.advanceTimersByTime(1000)
  expect(shown.slice(pictures).every(({ zoom }) => zoom <= 4)).toBe(true)
  expect(shown.at(-1)).toEqual({ ...FROM, zoom: 4 })
})

it('is there at once where less motion is wanted', () => {
  less = true
  new Flight((view) => shown.push(view)).go(FROM, TO)
  expect(shown).toEqual([TO])
})
