import type { Area } from '../backend/types'
import type { Mark } from '../domain/marks'
import type { Glyph } from './glyphs'
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

/** The worst state in a mark, as an index. */
export function worst(mark: MapMark): number {
  return Math.max(
    0,
    mark.counts.findIndex((count) => count > 0),
  )
}

/** How far a mark reaches from its middle, in whole pixels: marks of nearly as many look the same. */
export function radius(mark: MapMark): number {
  return mark.total === 1 ? SINGLE : Math.round(Math.min(26, 13 + 3.2 * Math.log10(mark.total)))
}

export interface Placed {
  mark: MapMark
  at: Point
}

/** Those that matter least first: what is drawn last lies on top. */
export function ordered(marks: readonly MapMark[]): MapMark[] {
  return [...marks].sort((a, b) => worst(b) - worst(a) || a.total - b.total)
}

/** The marks in sight, in the order they come in. */
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

/** "12", "1.2k", "20k": what fits into a mark. */
export function short(count: number): string {
  if (count < 1000) return String(count)
  return count < 10_000 ? `${Math.floor(count / 100) / 10}k` : `${Math.floor(count / 1000)}k`
}
