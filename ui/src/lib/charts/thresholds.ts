import type uPlot from 'uplot'
import type { Severity, ThresholdRow } from '../backend/types'
import { number } from '../format'

/** How far beyond the values, in their own heights, a threshold may lie and still be drawn in its place. */
const NEAR = 1

/** The scale of values that float: as high as they are, and as the thresholds that are near to them. */
export function withNear(
  low: number | null,
  high: number | null,
  thresholds: readonly ThresholdRow[],
): [number, number] {
  if (low === null || high === null) return [0, 1]
  const height = high - low || Math.abs(high) * 0.02 || 1
  const near = thresholds
    .map((threshold) => threshold.value)
    .filter((value) => value >= low - height * NEAR && value <= high + height * NEAR)
  const least = Math.min(low, ...near)
  const most = Math.max(high, ...near)
  const room = (most - least || height) * 0.15
  // What is never below zero has no axis there.
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room]
}

/** "low battery: under 11.5". */
export function thresholdWords({ rule, above, value }: ThresholdRow): string {
  return `${rule}: ${above ? 'over' : 'under'} ${number(value)}`
}

/** What the values did with a threshold, as the end of a sentence. */
export function crossing(
  values: ArrayLike<number>,
  { above, value }: ThresholdRow,
): 'now' | 'at times' | 'never' | null {
  let beyond = false
  let last: boolean | null = null
  for (let i = 0; i < values.length; i++) {
    const one = values[i] ?? NaN
    if (!Number.isFinite(one)) continue
    last = above ? one > value : one < value
    beyond ||= last
  }
  if (last === null) return null
  return last ? 'now' : beyond ? 'at times' : 'never'
}

const TONES: Record<Severity, string> = {
  critical: '--bad',
  high: '--bad',
  medium: '--warn',
  low: '--info',
}

/** Draws each threshold across with its name; one that the scale does not reach is told at the edge it lies behind. */
export function drawThresholds(thresholds: () => readonly ThresholdRow[]): (plot: uPlot) => void {
  return (plot) => {
    const rows = thresholds()
    const { min, max } = plot.scales.y ?? {}
    if (rows.length === 0 || min === undefined || max === undefined) return
    const styles = getComputedStyle(document.documentElement)
    const token = (name: string) => styles.getPropertyValue(name).trim()
    const { ctx, bbox } = plot
    const { left, top, width, height } = bbox
    const ratio = devicePixelRatio || 1
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, top, width, height)
    ctx.clip()
    ctx.font = `500 ${10.5 * ratio}px ${token('--font-ui')}`
    ctx.textAlign = 'right'
    const edges = { over: 0, under: 0 }
    for (const row of rows) {
      const colour = token(TONES[row.severity])
      ctx.fillStyle = colour
      const words = thresholdWords(row)
      const right = left + width - 4 * ratio
      if (row.value > max) {
        ctx.textBaseline = 'top'
        label(`▲ ${words}`, right, top + (3 + 14 * edges.over++) * ratio)
      } else if (row.value < min) {
        ctx.textBaseline = 'bottom'
        label(`▼ ${words}`, right, top + height - (3 + 14 * edges.under++) * ratio)
      } else {
        const y = Math.round(plot.valToPos(row.value, 'y', true))
        ctx.strokeStyle = colour
        ctx.lineWidth = 1.5 * ratio
        ctx.setLineDash([6 * ratio, 4 * ratio])
        ctx.beginPath()
        ctx.moveTo(left, y)
        ctx.lineTo(left + width, y)
        ctx.stroke()
        // On the side where the rule fires, unless there is no room.
        const fits = row.above ? y - top > 16 * ratio : top + height - y < 16 * ratio
        ctx.textBaseline = fits ? 'bottom' : 'top'
        label(words, right, y + (fits ? -3 : 3) * ratio)
      }
    }
    ctx.restore()

    function label(text: string, x: number, y: number): void {
      // Over the grid and the lines it has to be read.
      ctx.strokeStyle = token('--surface')
      ctx.lineWidth = 3 * ratio
      ctx.setLineDash([])
      ctx.lineJoin = 'round'
      ctx.strokeText(text, x, y)
      ctx.fillText(text, x, y)
    }
  }
}
