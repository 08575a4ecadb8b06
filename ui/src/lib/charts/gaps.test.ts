import { describe, expect, it } from 'vitest'
import { columnsToCsv } from './csv'
import { commonGaps, endsInGap, gapsOf, isCounting } from './gaps'
import { axisWords } from './options'

const times = [10, 20, 30, 40, 50, 60, 70]
const _ = NaN

describe('gaps', () => {
  it('reach from the last value before to the first after', () => {
    expect(gapsOf(times, [1, _, _, 4, 5, 6, 7], 10, 70)).toEqual([{ from: 10, to: 40 }])
    expect(gapsOf(times, [_, _, 3, 4, _, 6, 7], 5, 70)).toEqual([
      { from: 5, to: 30 },
      { from: 40, to: 60 },
    ])
  })

  it('are none where a line has only no sample', () => {
    expect(gapsOf(times, [1, Infinity, Infinity, 4, 5, 6, 7], 10, 70)).toEqual([])
  })

  it('are none at the end until more than the latest is missing', () => {
    expect(gapsOf(times, [1, 2, 3, 4, 5, _, _], 10, 72)).toEqual([])
    expect(gapsOf(times, [1, 2, 3, 4, _, _, _], 10, 72)).toEqual([{ from: 40, to: 72 }])
    expect(endsInGap([1, 2, _, _])).toBe(false)
    expect(endsInGap([1, _, _, _])).toBe(true)
  })

  it('are none at the ends of a span where a line is only sampled seldom', () => {
    const o = Infinity
    // Sampled at each third: two are missing before the first and after the last.
    const column = [_, _, 3, o, o, 6, o, o, 9, _, _, _]
    const at = column.map((_, i) => i * 10)
    expect(gapsOf(at, column, 0, 110)).toEqual([])
    expect(endsInGap(column)).toBe(false)
    const all = { times: Float64Array.from(at), values: [Float64Array.from(column)] }
    expect(commonGaps(all, 0, 110)).toEqual([])
    // Longer than between two samples it is one.
    const late = [_, _, _, _, 3, o, o, 6, _, _, _, _]
    expect(gapsOf(at, late, 0, 110)).toEqual([
      { from: 0, to: 40 },
      { from: 70, to: 110 },
    ])
    expect(endsInGap(late)).toBe(true)
  })

  it('are common where no line has anything', () => {
    const values = [
      [1, _, _, 4, 5, 6, 7],
      [1, 2, _, _, 5, 6, 7],
    ].map((column) => Float64Array.from(column))
    expect(commonGaps({ times: Float64Array.from(times), values }, 10, 70)).toEqual([
      { from: 20, to: 40 },
    ])
    expect(commonGaps({ times: new Float64Array(), values: [] }, 10, 70)).toEqual([])
  })
})

describe('values as CSV', () => {
  it('quote their names and leave out moments without any', () => {
    const columns = {
      times: Float64Array.from([0, 1000, 2000]),
      values: [Float64Array.from([1.5, _, 3]), Float64Array.from([_, _, Infinity])],
    }
    expect(columnsToCsv(columns, ['a, b', 'c'])).toBe(
      'time,"a, b",c\r\n1970-01-01T00:00:00.000Z,1.5,\r\n1970-01-01T00:00:02.000Z,3,\r\n',
    )
  })
})

describe('the time axis', () => {
  const zone = { utc: true, name: 'UTC' }
  const start = Date.parse('2026-11-20T22:00:00Z') / 1000
  it.each([
    [10, ['22:00:00', '22:00:10']],
    [600, ['22:00', '22:10']],
    [7200, ['22:00', '21 Nov']],
    [86_400, ['20 Nov', '21 Nov']],
  ])('with a mark every %s s', (step, words) => {
    expect(axisWords([start, start + step], zone)).toEqual(words)
  })
})

describe('a count that has only begun', () => {
  it.each([
    ['is told from a gap', [NaN, NaN], false],
    ['has a minute that runs and none before', [NaN, Infinity, Infinity], true],
    ['is told from what is lost again', [NaN, Infinity, NaN], false],
    ['is over with the first whole minute', [NaN, 650, Infinity], false],
  ])('%s', (_, column, counts) => expect(isCounting(Float64Array.from(column))).toBe(counts))
})
