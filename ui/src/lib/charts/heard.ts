import type { Count, SeriesName } from '../backend/types'
import type { Gap } from './gaps'
import type { Columns } from './series'

/** Seconds of a minute that was heard whole. */
const WHOLE = 60
const COUNTS: readonly string[] = ['locks', 'unlocks', 'jobsCompleted', 'jobsFailed']

/** The series that says how much of each minute was heard of what a chart's lines count; none where they count nothing by the minute. */
export function heardOf(lines: readonly { name: SeriesName }[]): SeriesName[] {
  const [first] = lines
  if (!first || !COUNTS.includes(first.name.kind)) return []
  return [{ kind: 'heard', of: first.name.kind as Count }]
}

/** Whether a sample is a count of a time that was heard in part. Where that isn't known it is taken for whole. */
export function isPart(heard: ArrayLike<number>, i: number): boolean {
  return (heard[i] ?? WHOLE) < WHOLE
}

/** "counted for 38 % of the time"; empty for a sample that is whole. */
export function partWords(heard: ArrayLike<number>, i: number): string {
  if (!isPart(heard, i)) return ''
  const share = Math.floor(((heard[i] ?? 0) / WHOLE) * 100)
  return `counted for ${Math.max(1, share)} % of the time`
}

/** A column without what was counted in part: there its line goes on. */
export function withoutParts(column: ArrayLike<number>, heard: ArrayLike<number>): number[] {
  return Array.from(column, (value, i) =>
    isPart(heard, i) && Number.isFinite(value) ? Infinity : value,
  )
}

/** The stretches that have a count, and of which a part was heard. */
export function partsOf({ times, values }: Columns, heard: ArrayLike<number>, end: number): Gap[] {
  const found: Gap[] = []
  times.forEach((from, i) => {
    if (!isPart(heard, i) || !values.some((column) => Number.isFinite(column[i]))) return
    const to = Math.min(times[i + 1] ?? end, end)
    const last = found.at(-1)
    if (last?.to === from) last.to = to
    else if (to > from) found.push({ from, to })
  })
  return found
}
