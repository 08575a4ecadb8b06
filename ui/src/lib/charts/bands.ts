import type uPlot from 'uplot'
import { commonGaps, gapsOf, type Gap } from './gaps'
import { partsOf } from './heard'
import type { Columns } from './series'

/** What is drawn for the times without data. */
export interface Bands {
  /** Nothing is known: hatched from top to bottom. */
  common: readonly Gap[]
  /** Of one line alone, by its colour: a strip at the foot. */
  own: readonly { colour: number; gaps: readonly Gap[] }[]
  /** Something is counted, in part of the time: hatched sparsely, the other way. */
  part: readonly Gap[]
}

const STRIP = 3
/** A line with more holes than this is one that tells seldom: strips of it would say nothing. */
const MOST_STRIPS = 20

/** The bands of some columns, of which each is drawn in a colour, over a span, and of how much of it was heard. */
export function bandsOf(
  columns: Columns,
  colours: readonly number[],
  begin: number,
  end: number,
  heard: ArrayLike<number> = [],
): Bands {
  // Where nothing is known at all, words say so and not a chart full of hatching.
  if (columns.values.every((column) => !column.some(Number.isFinite)))
    return { common: [], own: [], part: [] }
  const common = commonGaps(columns, begin, end)
  const within = (gap: Gap) => common.some((one) => one.from <= gap.from && one.to >= gap.to)
  const own = columns.values.map((column, i) => ({
    colour: colours[i] ?? 1,
    gaps: gapsOf(columns.times, column, begin, end).filter((gap) => !within(gap)),
  }))
  return {
    common,
    own: own.filter(({ gaps }) => gaps.length > 0 && gaps.length < MOST_STRIPS),
    part: partsOf(columns, heard, end),
  }
}

/** Draws the bands behind the lines. */
export function drawBands(bands: () => Bands): (plot: uPlot) => void {
  return (plot) => {
    const { common, own, part } = bands()
    if (common.length + own.length + part.length === 0) return
    const styles = getComputedStyle(document.documentElement)
    const token = (name: string) => styles.getPropertyValue(name).trim()
    const { ctx, bbox } = plot
    const dpr = devicePixelRatio || 1
    const x = (ms: number) =>
      Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(ms / 1000, 'x', true)))
    ctx.save()
    const box = ({ from, to }: Gap) => ({
      left: x(from),
      top: bbox.top,
      width: x(to) - x(from),
      height: bbox.height,
    })
    const line = token('--line-strong')
    const gap = { ground: token('--quiet-wash'), line, step: 6, slope: 1 } as const
    const thin = { ground: 'transparent', line, step: 12, slope: -1 } as const
    for (const one of common) hatch(ctx, box(one), dpr, gap)
    for (const one of part) hatch(ctx, box(one), dpr, thin)
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
  look: { ground: string; line: string; step: number; slope: 1 | -1 },
): void {
  if (width <= 0) return
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, width, height)
  ctx.clip()
  ctx.fillStyle = look.ground
  ctx.fillRect(left, top, width, height)
  ctx.strokeStyle = look.line
  ctx.globalAlpha = 0.8
  ctx.lineWidth = dpr
  ctx.beginPath()
  // From one lattice for the whole chart, so that a band that moves on does not shimmer.
  const step = look.step * dpr
  for (let at = Math.floor((left - height) / step) * step; at < left + width; at += step) {
    const [foot, head] = look.slope > 0 ? [at, at + height] : [at + height, at]
    ctx.moveTo(foot, top + height)
    ctx.lineTo(head, top)
  }
  ctx.stroke()
  ctx.restore()
}
