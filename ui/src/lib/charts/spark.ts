const MARGIN = 2

/** The paths of a sparkline: the line, broken at gaps, and the area under each of its parts. */
export function sparkPath(
  values: readonly number[],
  width: number,
  height: number,
): { line: string; area: string } {
  const known = values.filter((value) => !Number.isNaN(value))
  const low = Math.min(...known)
  const high = Math.max(...known)
  const x = (i: number) => ((i / Math.max(1, values.length - 1)) * width).toFixed(1)
  // A steady value is drawn in the middle: on the floor it would look like nothing.
  const part = (value: number) => (high === low ? 0.5 : (value - low) / (high - low))
  const y = (value: number) => (height - MARGIN - part(value) * (height - 2 * MARGIN)).toFixed(1)

  let line = ''
  let area = ''
  for (const { from, to } of runs(values)) {
    const points = values.slice(from, to).map((value, i) => `${x(from + i)} ${y(value)}`)
    line += `M${points.join('L')}`
    area += `M${x(from)} ${height}L${points.join('L')}L${x(to - 1)} ${height}Z`
  }
  return { line, area }
}

/** The stretches without a gap. */
function runs(values: readonly number[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return
    const last = found.at(-1)
    if (last?.to === i) last.to = i + 1
    else found.push({ from: i, to: i + 1 })
  })
  return found
}
