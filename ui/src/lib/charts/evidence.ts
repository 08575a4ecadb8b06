import type uPlot from 'uplot'
import type { EvidenceRow, SeriesName, SeriesSpec } from '../backend/types'

/** The scale of a number and its threshold, both in sight, with some room around. */
export function withThreshold(
  low: number | null,
  high: number | null,
  threshold: number | null,
): [number, number] {
  const known = [low, high, threshold].filter((value) => value !== null)
  if (known.length === 0) return [0, 1]
  const least = Math.min(...known)
  const most = Math.max(...known)
  const room = (most - least || Math.abs(most) * 0.02 || 1) * 0.15
  return [least - room, most + room]
}

/** The time that is drawn, in seconds: from the first sample to the moment it fired, and a minute at least. */
export function evidenceSpan({ times, fired }: EvidenceRow): [number, number] {
  const to = Math.max(fired, times.at(-1) ?? fired)
  return [Math.min(times[0] ?? fired, to - 60_000) / 1000, to / 1000]
}

/** The time that is drawn, of the series itself: as a picture is made of a series, and not of what is kept with the alert. */
export function evidenceSeries(evidence: EvidenceRow, source: SeriesName): SeriesSpec {
  const [from, to] = evidenceSpan(evidence)
  return {
    series: [source],
    span: Math.ceil(to - from),
    until: Math.round(to * 1000),
    points: 1200,
    scope: { kind: 'all' },
  }
}

/** Draws the threshold across, and the moment it fired. */
export function evidenceMarks({ threshold, fired }: EvidenceRow): (plot: uPlot) => void {
  return (plot) => {
    const { ctx, bbox } = plot
    const styles = getComputedStyle(document.documentElement)
    const token = (name: string) => styles.getPropertyValue(name).trim()
    const ratio = window.devicePixelRatio || 1
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    const { left, top, width, height } = bbox
    if (threshold !== null) {
      const y = plot.valToPos(threshold, 'y', true)
      ctx.setLineDash([6 * ratio, 4 * ratio])
      stroke(ctx, token('--warn'), 1.5 * ratio, [left, y, left + width, y])
    }
    const x = plot.valToPos(fired / 1000, 'x', true)
    ctx.setLineDash([])
    stroke(ctx, token('--bad'), 2 * ratio, [x, top, x, top + height])
    ctx.restore()
  }
}

function stroke(
  ctx: CanvasRenderingContext2D,
  colour: string,
  width: number,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  ctx.beginPath()
  ctx.moveTo(fromX, fromY)
  ctx.lineTo(toX, toY)
  ctx.stroke()
}
