import type { SeriesName, Span, ThresholdRow } from '../backend/types'
import { number } from '../format'
import { isPart } from './heard'

/** What a chart shows. */
export interface ChartShown {
  /** For the summary: "Events per second". */
  title: string
  lines: readonly {
    name: SeriesName
    label: string
    /** Of the tokens `--chart-1` to `--chart-6`; in the order of the lines when left out. */
    colour?: number
  }[]
  unit?: string
  height?: number
  /** Draws bars, for counts per minute. */
  bars?: boolean
  /** Each bar counts what happened in a bucket as long as fits the span, see {@link bucketOf}. */
  buckets?: boolean
  /** Lets the scale float: for values whose change matters and not their size. */
  floating?: boolean
  /** What rules compare the values with. */
  thresholds?: readonly ThresholdRow[]
}

/**
 * Columns of numbers for a chart: times in ms, and a column of values for each series. NaN is a gap; Infinity a time at
 * which this series has no sample while its line goes on.
 */
export interface Columns {
  times: Float64Array
  values: Float64Array[]
}

const BUCKETS = [60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 86_400] as const
/** Bars of one chart, about: more are too thin to be told apart. */
const MOST_BARS = 75

/** How long a bucket of a span is, both in seconds: a minute or more. */
export function bucketOf(span: number): number {
  return (
    BUCKETS.find((bucket) => span / bucket <= MOST_BARS) ??
    86_400 * Math.ceil(span / 86_400 / MOST_BARS)
  )
}

/** The whole buckets (in seconds) that a span touches, as far as the chart goes: of which part of one a bar tells is not seen. */
export function wholeBuckets({ from, to }: Span, bucket: number, end: number): Span {
  const width = bucket * 1000
  const last = Math.ceil(to / width) * width
  return { from: Math.floor(from / width) * width, to: Math.min(last, Math.max(end, to)) }
}

/** "minute", "5 min", "hour". */
export function bucketWords(bucket: number): string {
  if (bucket === 60) return 'minute'
  if (bucket < 3600) return `${bucket / 60} min`
  if (bucket === 3600) return 'hour'
  return bucket < 86_400
    ? `${bucket / 3600} h`
    : bucket === 86_400
      ? 'day'
      : `${bucket / 86_400} days`
}

/** The mean in as many digits as make sense beside the least and the greatest: one more than these have, three at least. */
export function meanWords({ min, max, mean }: Summary): string {
  if (mean === null) return number(null)
  const decimals = (value: number | null) => number(value).split('.')[1]?.length ?? 0
  const most = Math.min(6, Math.max(decimals(min), decimals(max)) + 1)
  const digits = Math.abs(mean) >= 100 ? most - 1 : most
  return number(Number(mean.toFixed(Math.max(0, digits))))
}

/** Reads the binary answer of `series`; an answer that isn't as long as it says has no points. */
export function readColumns(buffer: ArrayBuffer): Columns {
  const numbers = new Float64Array(buffer)
  const points = numbers[0] ?? 0
  const series = numbers[1] ?? 0
  if (numbers.length !== 2 + points * (1 + series)) return { times: new Float64Array(), values: [] }
  const column = (index: number) => numbers.subarray(2 + index * points, 2 + (index + 1) * points)
  return { times: column(0), values: Array.from({ length: series }, (_, i) => column(i + 1)) }
}

export interface Summary {
  last: number | null
  min: number | null
  max: number | null
  /** Of the samples, each for as much. */
  mean: number | null
}

/**
 * The least, the greatest, the mean and the latest of the numbers that are no gap. What was `heard` in part counts only as the
 * latest: a part of a minute is no least one.
 */
export function summarise(values: ArrayLike<number>, heard: ArrayLike<number> = []): Summary {
  let last: number | null = null
  let min: number | null = null
  let max: number | null = null
  let sum = 0
  let known = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === undefined || !Number.isFinite(value)) continue
    last = value
    if (isPart(heard, i)) continue
    sum += value
    known++
    if (min === null || value < min) min = value
    if (max === null || value > max) max = value
  }
  return { last, min, max, mean: known === 0 ? null : sum / known }
}

/** A column as uPlot wants it: it breaks the line at null and draws on past undefined. */
export function forPlot(column: Float64Array): (number | null | undefined)[] {
  return Array.from(column, (value) =>
    Number.isFinite(value) ? value : Number.isNaN(value) ? null : undefined,
  )
}
