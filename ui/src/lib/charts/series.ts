/**
 * Columns of numbers for a chart: times in ms, and a column of values for each series. NaN is a gap; Infinity a time at
 * which this series has no sample while its line goes on.
 */
export interface Columns {
  times: Float64Array
  values: Float64Array[]
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
}

/** The least, the greatest and the latest number that is not a gap. */
export function summarise(values: ArrayLike<number>): Summary {
  let last: number | null = null
  let min: number | null = null
  let max: number | null = null
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === undefined || !Number.isFinite(value)) continue
    last = value
    if (min === null || value < min) min = value
    if (max === null || value > max) max = value
  }
  return { last, min, max }
}

/** A column as uPlot wants it: it breaks the line at null and draws on past undefined. */
export function forPlot(column: Float64Array): (number | null | undefined)[] {
  return Array.from(column, (value) =>
    Number.isFinite(value) ? value : Number.isNaN(value) ? null : undefined,
  )
}
