import { describe, expect, it } from 'vitest'
import { bandsOf } from './bands'
import { heardOf, isPart, partsOf, partWords, withoutParts } from './heard'
import { summarise } from './series'
import { chartWords } from './words'

const _ = NaN
const o = Infinity
const columns = (...values: number[][]) => ({
  times: Float64Array.from(values[0] ?? [], (_, i) => i * 10),
  values: values.map((column) => Float64Array.from(column)),
})

describe('what was counted in part', () => {
  it('is asked of charts that count by the minute', () => {
    const lines = [{ name: { kind: 'unlocks' } as const }, { name: { kind: 'locks' } as const }]
    expect(heardOf(lines)).toEqual([{ kind: 'heard', of: 'unlocks' }])
    expect(heardOf([{ name: { kind: 'agentsOnline' } }])).toEqual([])
    expect(heardOf([])).toEqual([])
  })

  it('is what is known to be less than its minute, and nothing else', () => {
    const heard = [23, 60, _, o, 0]
    expect(heard.map((_, i) => isPart(heard, i))).toEqual([true, false, false, false, true])
    expect(isPart([], 0)).toBe(false)
    expect(isPart(heard, -1)).toBe(false)
  })

  it.each([
    [23, 'counted for 38 % of the time'],
    [59.9, 'counted for 99 % of the time'],
    [0.2, 'counted for 1 % of the time'],
    [60, ''],
    [_, ''],
  ])('%s s of a minute is said as %s', (heard, words) => expect(partWords([heard], 0)).toBe(words))

  it('is a stretch where there is a count, up to the end of the chart', () => {
    const shown = columns([4, 4, 7, 7, _, 3], [_, _, _, _, _, _])
    expect(partsOf(shown, [23, 23, 60, 60, 0, 30], 55)).toEqual([
      { from: 0, to: 20 },
      { from: 50, to: 55 },
    ])
    expect(bandsOf(shown, [1, 2], 0, 55, [23, 23, 60, 60, 0, 30]).part).toHaveLength(2)
    expect(bandsOf(shown, [1, 2], 0, 55).part).toEqual([])
  })

  it('is no least and no mean, and the latest where it is that', () => {
    expect(summarise([9, 11, 2], [60, 60, 12])).toEqual({ last: 2, min: 9, max: 11, mean: 10 })
    expect(summarise([2], [12])).toEqual({ last: 2, min: null, max: null, mean: null })
  })

  it('is no dip of a small line', () => {
    expect(withoutParts([9, 2, _, 8], [60, 12, 0, 60])).toEqual([9, o, _, 8])
    expect(withoutParts([9, 2], [])).toEqual([9, 2])
  })

  it('is said of a chart in words', () => {
    const told = (values: number[], heard: number[]) =>
      chartWords({
        title: 'Locks per minute',
        span: 'the last 5 min',
        unit: '',
        lines: [{ label: 'Locked', values }],
        thresholds: [],
        heard,
        live: true,
      })
    expect(told([9, 11, 2, o], [60, 60, 12, o])).toBe(
      'Locks per minute, the last 5 min. Locked: now 2, counted for 20 % of the time, between 9 and 11. ' +
        'Some of it was counted in part: that is left out of least and greatest.',
    )
    expect(told([2, o], [12, o])).toMatch(/Locked: now 2, counted for 20 % of the time\. Some/)
    expect(told([9, 11, o], [60, 60, o])).toBe(
      'Locks per minute, the last 5 min. Locked: now 11, between 9 and 11.',
    )
  })
})
