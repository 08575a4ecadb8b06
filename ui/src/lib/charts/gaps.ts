import type { Columns } from './series'

/** A stretch of time without data, in ms. */
export interface Gap {
  from: number
  to: number
}

/** Missing points in a row before they are a gap at the end: the latest may only not have come yet. */
const LATE = 3

/** The stretches between two moments in which one column has nothing. */
export function gapsOf(
  times: ArrayLike<number>,
  column: ArrayLike<number>,
  begin: number,
  end: number,
): Gap[] {
  const found: Gap[] = []
  let last = begin
  let missing = 0
  for (let i = 0; i < times.length; i++) {
    const at = times[i] ?? begin
    if (Number.isNaN(column[i] ?? NaN)) {
      missing++
      continue
    }
    if (missing > 0 && at > last) found.push({ from: last, to: at })
    missing = 0
    last = at
  }
  if (missing >= LATE && end > last) found.push({ from: last, to: end })
  return found
}

/** The stretches in which no line has anything: there the picture itself knows nothing. */
export function commonGaps({ times, values }: Columns, begin: number, end: number): Gap[] {
  if (values.length === 0 || times.length === 0) return []
  const any = Float64Array.from(times, (_, i) =>
    values.every((column) => Number.isNaN(column[i] ?? NaN)) ? NaN : 0,
  )
  return gapsOf(times, any, begin, end)
}

/** Whether the end of a column is a gap: what is shown as its latest value is old. */
export function endsInGap(column: ArrayLike<number>): boolean {
  if (column.length < LATE) return false
  for (let i = column.length - LATE; i < column.length; i++)
    if (!Number.isNaN(column[i] ?? NaN)) return false
  return true
}
