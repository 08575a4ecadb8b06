/** The paths of a sparkline: the line, broken at gaps, and the area under each of its parts. */
export function sparkPath(
  values: readonly number[],
  width: number,
  height: number,
): { line: string; area: string } {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return { line: '', area: '' }
  const low = Math.min(...known)
  const high = Math.max(...known)
  // A steady value is drawn in the lower third and not on the floor, where it would look like nothing.
  const reach = high - low || Math.abs(high) || 1
  const floor = high === low ? high - reach * 0.4 : low
  const x = (i: number) => ((i / Math.max(1, values.length - 1)) * width).toFixed(1)
  const y = (value: number) =>
    (height - 2 - ((value - floor) / (high === low ? reach * 1.4 : reach)) * (height - 4)).toFixed(1)

  let line = ''
  let area = ''
  let start = -1
  values.forEach((value, i) => {
    const known = !Number.isNaN(value)
    if (known) line += `${start < 0 ? 'M' : 'L'}${x(i)} ${y(value)}`
    if (known && start < 0) start = i
    const ends = start >= 0 && (!known || i === values.length - 1)
    if (!ends) return
    const last = known ? i : i - 1
    const part = values.slice(start, last + 1).map((v, j) => `L${x(start + j)} ${y(v)}`)
    area += `M${x(start)} ${height}${part.join('')}L${x(last)} ${height}Z`
    start = -1
  })
  return { line, area }
}
