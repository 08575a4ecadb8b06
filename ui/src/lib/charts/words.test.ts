import { describe, expect, it } from 'vitest'
import type { ThresholdRow } from '../backend/types'
import { rangeOf } from './options'
import { crossing, withNear } from './thresholds'
import { chartWords, trend } from './words'

const row = (value: number, above = false): ThresholdRow => ({
  field: 'battery_voltage',
  rule: 'battery-low',
  severity: 'high',
  value,
  above,
})

describe('a trend', () => {
  it.each([
    ['rising', [1, 1, 2, 3, 4, 5, 6, 7]],
    ['falling', [7, 6, 5, 4, NaN, 3, 2, 1]],
    ['steady', [3, 5, 4, 3, 5, 4, 3, 5]],
    ['steady', [4, 4, 4, 4, 4, 4]],
    // A change that nobody would call one.
    ['steady', [1000, 1000, 1000, 1001, 1001, 1001]],
  ])('is %s', (words, values) => expect(trend(values)).toBe(words))

  it('is not told of a few samples', () => expect(trend([1, 9, NaN, Infinity])).toBeNull())
})

describe('a threshold', () => {
  it('is told as crossed now, at times or never', () => {
    expect(crossing([12, 11], row(11.5))).toBe('now')
    expect(crossing([12, 11, 12, NaN], row(11.5))).toBe('at times')
    expect(crossing([12, 12], row(11.5))).toBe('never')
    expect(crossing([NaN, Infinity], row(11.5))).toBeNull()
    expect(crossing([60, 90], row(80, true))).toBe('now')
  })

  it('is within the scale where it is near, and does not press the line flat where it is far', () => {
    const [low, high] = withNear(12, 12.4, [row(11.8)])
    expect(low).toBeLessThan(11.8)
    expect(high).toBeGreaterThan(12.4)
    expect(withNear(0, 6, [])[0]).toBe(0)
    expect(withNear(-2, 6, [])[0]).toBeLessThan(-2)
    const [far] = withNear(12, 12.4, [row(5)])
    expect(far).toBeGreaterThan(11.5)
  })

  it('lifts a scale from zero up to twice its values, and no further', () => {
    expect(rangeOf(false, () => [row(15, true)])(0, 10)[1]).toBeGreaterThan(15)
    expect(rangeOf(false, () => [row(500, true)])(0, 10)[1]).toBeCloseTo(11.2)
    expect(rangeOf(false, () => [])(3, 10)[0]).toBe(0)
    expect(rangeOf(false, () => [])(-3, 10)[0]).toBeLessThan(-3)
  })
})

describe('a chart in words', () => {
  it('says the span, the values, where they went and what they crossed', () => {
    const told = chartWords({
      title: 'battery voltage of truck-1',
      span: 'the last 5 min',
      unit: ' V',
      lines: [{ label: 'Now', values: [12, 12, 11.8, 11.7, 11.5, 11.2, 11.1] }],
      thresholds: [row(11.5), row(30, true)],
      live: true,
    })
    expect(told).toBe(
      'battery voltage of truck-1, the last 5 min. Now: now 11.1 V, between 11.1 and 12, falling. ' +
        'Under 11.5, as “battery-low” watches for: now. Over 30, as “battery-low” watches for: never.',
    )
  })
})
