import { describe, expect, it } from 'vitest'
import {
  bucketOf,
  bucketWords,
  forPlot,
  meanWords,
  readColumns,
  summarise,
  wholeBuckets,
} from './series'
import { sparkPath } from './spark'

describe('readColumns', () => {
  it('reads times and each series', () => {
    const buffer = new Float64Array([2, 2, 10, 20, 1, 2, NaN, 4]).buffer
    const { times, values } = readColumns(buffer)
    expect([...times]).toEqual([10, 20])
    expect(values.map((column) => [...column])).toEqual([
      [1, 2],
      [NaN, 4],
    ])
  })
  it.each([[[]], [[2, 1, 10]], [[1, 1, 10, 5, 5]]])(
    'takes %j for an answer without points',
    (numbers) => {
      const { times, values } = readColumns(new Float64Array(numbers).buffer)
      expect([times.length, values.length]).toEqual([0, 0])
    },
  )
})

describe('summarise', () => {
  it('passes over gaps', () => {
    expect(summarise([NaN, 3, Infinity, 1, NaN])).toEqual({ last: 1, min: 1, max: 3, mean: 2 })
  })
  it('knows nothing of nothing', () => {
    expect(summarise([NaN])).toEqual({ last: null, min: null, max: null, mean: null })
  })
})

describe('forPlot', () => {
  it('breaks the line at a gap and draws on where there is no sample', () => {
    expect(forPlot(new Float64Array([1, Infinity, 2, NaN, 3]))).toEqual([1, undefined, 2, null, 3])
  })
})

describe('sparkPath', () => {
  it('draws on where there is no sample', () => {
    const { line } = sparkPath([1, Infinity, 2], 100, 20)
    expect(line.match(/M/g)?.length).toBe(1)
    expect(line).not.toContain('Infinity')
  })
  it('breaks the line at a gap', () => {
    const { line } = sparkPath([1, 2, NaN, 4, 5], 100, 20)
    expect(line.match(/M/g)?.length).toBe(2)
  })
  it('draws a steady value off the floor', () => {
    const y = Number(/^M\S+ ([\d.]+)/.exec(sparkPath([5, 5, 5], 100, 20).line)?.[1])
    expect(y).toBeGreaterThan(4)
    expect(y).toBeLessThan(16)
  })
  it('has nothing to draw without numbers', () => {
    expect(sparkPath([NaN, NaN], 100, 20)).toEqual({ line: '', area: '' })
  })
})

describe('a bucket', () => {
  it.each([
    [300, 'minute'],
    [3600, 'minute'],
    [6 * 3600, '5 min'],
    [86_400, '30 min'],
    [7 * 86_400, '3 h'],
    [60 * 86_400, 'day'],
    [365 * 86_400, '5 days'],
  ])('of %d s is a %s', (span, words) => {
    expect(bucketWords(bucketOf(span))).toBe(words)
    expect(span / bucketOf(span)).toBeLessThanOrEqual(75)
  })
})

it('a mean has one digit more than what it is the mean of', () => {
  const of = (...values: number[]) => meanWords(summarise(values))
  expect(of(1, 2, 5, 0, 4, 7)).toBe('3.2')
  expect(of(12.25, 12.5, 12.5)).toBe('12.417')
  expect(of(410, 415, 411)).toBe('412')
  expect(of(NaN)).toBe('–')
})

describe('a span that is chosen among bars', () => {
  const H = 3_600_000
  it('begins and ends where its bars do', () => {
    const span = { from: 17.9 * H, to: 18.4 * H }
    expect(wholeBuckets(span, 3 * 3600, 90 * H)).toEqual({ from: 15 * H, to: 21 * H })
    const whole = { from: 15 * H, to: 18 * H }
    expect(wholeBuckets(whole, 3 * 3600, 90 * H)).toEqual(whole)
  })
  it('ends with the chart, within the last bar', () => {
    const span = { from: 18.1 * H, to: 18.4 * H }
    expect(wholeBuckets(span, 3 * 3600, 20.8 * H)).toEqual({ from: 18 * H, to: 20.8 * H })
  })
})
