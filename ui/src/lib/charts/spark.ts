const MARGIN = 2

/** The paths of a sparkline: the line, broken at gaps, and the area under each of its parts. */
export function sparkPath(
  values: readonly number[],
  width: number,
  height: number,
): { line: string; area: string } {
  const known = values.filter(Number.isFinite)
  const low = Math.min(...known)
  const high = Math.max(...known)
  const x = (i: number) => ((i / Math.max(1, values.length - 1)) * width).toFixed(1)
  // A steady value is drawn in the middle: on the floor it would look like nothing.
  const part = (value: number) => (high === low ? 0.5 : (value - low) / (high - low))
  const y = (value: number) => (height - MARGIN - part(value) * (height - 2 * MARGIN)).toFixed(1)

  let line = ''
  let area = ''
  for (const run of runs(values)) {
    const points = run.map((i) => `${x(i)} ${y(values[i] ?? 0)}`).join('L')
    line += `M${points}`
    area += `M${x(run[0] ?? 0)} ${height}L${points}L${x(run.at(-1) ?? 0)} ${height}Z`
  }
  return { line, area }
}

/** The samples of each stretch without a gap. NaN is a gap; at Infinity there is no sample and the line goes on. */
function runs(values: readonly number[]): number[][] {
  const found: number[][] = []
  let broken = true
  values.forEach((value, i) => {
    if (Number.isNaN(value)) broken = true
    if (!Number.isFinite(value)) return
    if (broken) found.push([])
    found.at(-1)?.push(i)
    broken = false
  })
  return found
}
