import { beforeEach, describe, expect, it } from 'vitest'
import { hidden } from './hidden.svelte'
import { Reading } from './reading.svelte'

const LOCKS = { name: { kind: 'locks' as const }, label: 'Locked' }
const UNLOCKS = { name: { kind: 'unlocks' as const }, label: 'Unlocked' }
const START = Date.UTC(2026, 10, 21, 12)
const times = Float64Array.from({ length: 12 }, (_, i) => START + i * 60_000)
const column = (of: (i: number) => number) => Float64Array.from(times, (_, i) => of(i))

let past: boolean
let floating: boolean
let reading: Reading

beforeEach(() => {
  past = floating = false
  reading = new Reading(() => ({
    title: 'Locks and unlocks',
    lines: [LOCKS, UNLOCKS],
    unit: ' /min',
    floating,
    thresholds: [],
    window: { span: 720, until: null },
    past,
  }))
  reading.columns = { times, values: [column((i) => 1000 + i), column((i) => i / 8)] }
})

describe('what the legend says', () => {
  it('is the latest values, until there is a crosshair', () => {
    expect([reading.shown(0), reading.shown(1)]).toEqual(['1\u202f011 /min', '1.38 /min'])
    expect(reading.said).toMatch(/^The latest values/)
    reading.hovered = 4
    expect([reading.shown(0), reading.shown(1)]).toEqual(['1\u202f004 /min', '0.5 /min'])
    expect([reading.at, reading.waiting]).toEqual([times[4], false])
  })
  it('has all digits where the scale floats', () => {
    floating = true
    expect(reading.shown(1)).toBe('1.375 /min')
  })
  it('is no value that is old, none in a gap, and a dash between samples', () => {
    const gap = column((i) => (i < 4 ? i : NaN))
    const between = column((i) => (i % 2 ? Infinity : i))
    reading.columns = { times, values: [gap, between] }
    expect([reading.shown(0), reading.shown(1)]).toEqual([null, '10 /min'])
    reading.hovered = 5
    expect([reading.shown(0), reading.shown(1)]).toEqual([null, '– /min'])
  })
  it('is nothing before the first values', () => {
    reading.columns = { times, values: [column(() => NaN), column(() => NaN)] }
    expect([reading.waiting, reading.shown(0)]).toEqual([true, null])
  })
})

describe('what is said of the crosshair', () => {
  it('is its moment, the values of the lines in sight, and where a span begins', () => {
    reading.hovered = 4
    expect(reading.said).toMatch(/^\d\d:\d\d:\d\d: Locked 1\u202f004 \/min, Unlocked 0\.5 \/min\.$/)
    reading.mark = START
    expect(reading.said).toMatch(/ From \d\d:\d\d:\d\d: Enter zooms\.$/)
    hidden.toggle(LOCKS.name)
    expect(reading.said).not.toContain('Locked 1')
    expect(reading.visible).toEqual([1])
    hidden.toggle(LOCKS.name)
  })
  it('tells the day of another time, gaps, and how much was counted', () => {
    past = true
    const heard = column((i) => (i === 4 ? 15 : 60))
    reading.columns = { times, values: [column(() => NaN), column((i) => i), heard] }
    reading.hovered = 4
    expect(reading.said).toMatch(
      /\d\d:\d\d.*: Locked no data, Unlocked 4 \/min, counted for 25 % of the time\.$/,
    )
    expect(reading.atWords).not.toMatch(/^\d\d:\d\d:\d\d$/)
  })
})

it('sums the chart up, of the lines in sight and of the span that is shown', () => {
  expect(reading.summary).toMatch(/^Locks and unlocks, the last 12 min\. Locked: now 1/)
  const again = new Reading(() => ({
    title: 'Locks and unlocks',
    lines: [LOCKS],
    thresholds: [],
    window: { span: 7200, until: START },
    past: true,
  }))
  again.columns = reading.columns
  expect(again.summary).toMatch(/Locked: at last 1/)
  expect(again.summary).not.toContain('Unlocked')
})
