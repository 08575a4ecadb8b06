import type { Area } from '../backend/types'
import type { Mark } from '../domain/marks'
import { drawGlyph, type Glyph } from './glyphs'
import type { Palette } from './palette'
import { nearest, toScreen, type Point, type Size, type View } from './projection'

/** How a state is drawn on a map: as everywhere else, and a lock as a lock. */
export interface Look extends Omit<Mark, 'shape'> {
  shape: Glyph
}

/** What is drawn at one place. */
export interface MapMark {
  /** Stays the same while the mark does. */
  key: string
  x: number
  y: number
  /** How many there are. */
  total: number
  /** How many in each state, the worst first. */
  counts: readonly number[]
  /** How many come from a connection that is not live. */
  stale: number
  /** How many are standing alerts. */
  standing: number
  /** What holds all of several. */
  extent: Area | null
}

const SINGLE = 11
const TURN = 2 * Math.PI

/** The worst state in a mark, as an index. */
export function worst(mark: MapMark): number {
  return Math.max(
    0,
    mark.counts.findIndex((count) => count > 0),
  )
}

/** How far a mark reaches from its middle, in pixels. */
export function radius(mark: MapMark): number {
  return mark.total === 1 ? SINGLE : Math.min(26, 13 + 3.2 * Math.log10(mark.total))
}

export interface Placed {
  mark: MapMark
  at: Point
}

/** The marks in sight, those that matter least first: what is drawn last lies on top. */
export function placed(marks: readonly MapMark[], view: View, size: Size): Placed[] {
  const room = 30
  return marks
    .map((mark) => ({
      mark,
      at: toScreen(view, size, { x: nearest(view, mark.x), y: mark.y }),
    }))
    .filter(
      ({ at }) =>
        at.x > -room && at.y > -room && at.x < size.width + room && at.y < size.height + room,
    )
    .sort((a, b) => worst(b.mark) - worst(a.mark) || a.mark.total - b.mark.total)
}

/** The mark under a point of the screen: of several the one on top. */
export function hit(shown: readonly Placed[], at: Point, reach = 3): MapMark | null {
  for (let i = shown.length - 1; i >= 0; i--) {
    const one = shown[i]
    if (!one) continue
    const far = Math.hypot(one.at.x - at.x, one.at.y - at.y)
    if (far <= radius(one.mark) + reach) return one.mark
  }
  return null
}

/** Draws the marks; the chosen one last and with a ring. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  shown: readonly Placed[],
  looks: readonly Look[],
  palette: Palette,
  chosen: string | null,
): void {
  for (const one of shown) if (one.mark.key !== chosen) drawMark(context, one, looks, palette)
  const one = shown.find(({ mark }) => mark.key === chosen)
  if (!one) return
  drawMark(context, one, looks, palette)
  context.strokeStyle = palette.focus
  context.lineWidth = 2
  context.beginPath()
  context.arc(one.at.x, one.at.y, radius(one.mark) + 4, 0, TURN)
  context.stroke()
}

function drawMark(
  context: CanvasRenderingContext2D,
  { mark, at }: Placed,
  looks: readonly Look[],
  palette: Palette,
): void {
  const look = looks[worst(mark)]
  if (!look) return
  const reach = radius(mark)
  const stale = mark.stale === mark.total
  const tone = palette.tones[look.tone]
  context.fillStyle = palette.surface
  context.beginPath()
  context.arc(at.x, at.y, reach + 1, 0, TURN)
  context.fill()
  context.globalAlpha = stale ? 0.6 : 1
  context.lineWidth = mark.total === 1 ? 1.5 : 3
  if (stale) context.setLineDash([2.5, 2.5])
  drawRing(context, mark, at, reach - context.lineWidth / 2, looks, palette)
  context.setLineDash([])
  if (mark.standing > 0) {
    context.strokeStyle = tone
    context.lineWidth = 1.5
    context.beginPath()
    context.arc(at.x, at.y, reach + 3.5, 0, TURN)
    context.stroke()
  }
  if (mark.total === 1) {
    drawGlyph(context, look.shape, at, 13, tone)
  } else {
    context.fillStyle = palette.ink
    context.font = `600 11px ${palette.font}`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(short(mark.total), at.x, at.y + 0.5)
  }
  context.globalAlpha = 1
  if (mark.total > 1)
    drawBadge(context, { x: at.x + reach * 0.74, y: at.y - reach * 0.74 }, look, tone, palette)
}

/** A ring with an arc for each state, as long as its part. */
function drawRing(
  context: CanvasRenderingContext2D,
  mark: MapMark,
  at: Point,
  reach: number,
  looks: readonly Look[],
  palette: Palette,
): void {
  let from = -TURN / 4
  mark.counts.forEach((count, state) => {
    const look = looks[state]
    if (count === 0 || !look) return
    // One in a thousand is to be seen too.
    const to = from + Math.max(count / mark.total, 0.03) * TURN
    context.strokeStyle = palette.tones[look.tone]
    context.beginPath()
    context.arc(at.x, at.y, reach, from, Math.min(to, TURN * 0.75))
    context.stroke()
    from = to
  })
}

/** The worst state's shape, so that it is not told by colour alone. */
function drawBadge(
  context: CanvasRenderingContext2D,
  at: Point,
  look: Look,
  tone: string,
  palette: Palette,
): void {
  context.fillStyle = palette.surface
  context.beginPath()
  context.arc(at.x, at.y, 7.5, 0, TURN)
  context.fill()
  drawGlyph(context, look.shape, at, 11, tone)
}

/** "12", "1.2k", "20k": what fits into a mark. */
export function short(count: number): string {
  if (count < 1000) return String(count)
  return count < 10_000 ? `${Math.floor(count / 100) / 10}k` : `${Math.floor(count / 1000)}k`
}
