import type uPlot from 'uplot'
import type { Gap } from './gaps'

/** What is drawn for the times without data. */
export interface Bands {
  /** Nothing is known: hatched from top to bottom. */
  common: readonly Gap[]
  /** Of one line alone, by its colour: a strip at the foot. */
  own: readonly { colour: number; gaps: readonly Gap[] }[]
}

const STRIP = 3

/** Draws the bands behind the lines. */
export function drawBands(bands: () => Bands): (plot: uPlot) => void {
  return (plot) => {
    const { common, own } = bands()
    if (common.length === 0 && own.length === 0) return
    const styles = getComputedStyle(document.documentElement)
    const token = (name: string) => styles.getPropertyValue(name).trim()
    const { ctx, bbox } = plot
    const dpr = devicePixelRatio || 1
    const x = (ms: number) =>
      Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(ms / 1000, 'x', true)))
    ctx.save()
    for (const { from, to } of common) {
      hatch(
        ctx,
        { left: x(from), top: bbox.top, width: x(to) - x(from), height: bbox.height },
        dpr,
        {
          ground: token('--quiet-wash'),
          line: token('--line-strong'),
        },
      )
    }
    own.forEach(({ colour, gaps }, i) => {
      ctx.fillStyle = token(`--chart-${colour}`)
      ctx.globalAlpha = 0.45
      const top = bbox.top + bbox.height - (i + 1) * (STRIP + 1) * dpr
      for (const { from, to } of gaps) ctx.fillRect(x(from), top, x(to) - x(from), STRIP * dpr)
    })
    ctx.restore()
  }
}

interface Box {
  left: number
  top: number
  width: number
  height: number
}

function hatch(
  ctx: CanvasRenderingContext2D,
  { left, top, width, height }: Box,
  dpr: number,
  colours: { ground: string; line: string },
): void {
  if (width <= 0) return
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, width, height)
  ctx.clip()
  ctx.fillStyle = colours.ground
  ctx.fillRect(left, top, width, height)
  ctx.strokeStyle = colours.line
  ctx.globalAlpha = 0.8
  ctx.lineWidth = dpr
  ctx.beginPath()
  // From one lattice for the whole chart, so that a band that moves on does not shimmer.
  const step = 6 * dpr
  for (let at = Math.floor((left - height) / step) * step; at < left + width; at += step) {
    ctx.moveTo(at, top + height)
    ctx.lineTo(at + height, top)
  }
  ctx.stroke()
  ctx.restore()
}
