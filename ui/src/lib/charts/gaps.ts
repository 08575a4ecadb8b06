import type { Columns } from './series'

/** A stretch of time without data, in ms. */
export interface Gap {
  from: number
  to: number
}

/** Missing points in a row before they are a gap at the end: the latest may only not have come yet. */
const LATE = 3

/** How many samples of the grid usually lie between two that a line has: a history is kept coarser than a short span shows. */
function spacingOf(column: ArrayLike<number>): number {
  const steps: number[] = []
  let last = -1
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? NaN
    if (Number.isNaN(value)) last = -1
    if (!Number.isFinite(value)) continue
    if (last >= 0) steps.push(i - last)
    last = i
  }
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0
}

/**
 * The stretches between two moments in which one column has nothing. At either end of the span a line may be without a
 * sample for as long as it usually is between two, and that is no gap.
 */
export function gapsOf(
  times: ArrayLike<number>,
  column: ArrayLike<number>,
  begin: number,
  end: number,
): Gap[] {
  const found: Gap[] = []
  const spacing = spacingOf(column)
  let last = begin
  let missing = 0
  let known = false
  for (let i = 0; i < times.length; i++) {
    const at = times[i] ?? begin
    if (Number.isNaN(column[i] ?? NaN)) {
      missing++
      continue
    }
    if (missing > (known ? 0 : spacing) && at > last) found.push({ from: last, to: at })
    known = true
    missing = 0
    last = at
  }
  if (missing >= Math.max(LATE, spacing + 1) && end > last) found.push({ from: last, to: end })
  return found
}

/** The stretches in which no line has anything: there the picture itself knows nothing. */
export function commonGaps({ times, values }: Columns, begin: number, end: number): Gap[] {
  if (values.length === 0 || times.length === 0) return []
  const any = Float64Array.from(times, (_, i) => {
    const here = values.map((column) => column[i] ?? NaN)
    if (here.some(Number.isFinite)) return 0
    return here.every(Number.isNaN) ? NaN : Infinity
  })
  return gapsOf(times, any, begin, end)
}

/** Whether the end of a column is a gap: what is shown as its latest value is old. */
export function endsInGap(column: ArrayLike<number>): boolean {
  const late = Math.max(LATE, spacingOf(column) + 1)
  if (column.length < late) return false
  for (let i = column.length - late; i < column.length; i++)
    if (!Number.isNaN(column[i] ?? NaN)) return false
  return true
}

/** Whether a column has no value yet, and will: a count whose first minute isn't over. */
export function isCounting(column: Float64Array): boolean {
  return column.at(-1) === Infinity && !column.some(Number.isFinite)
}
