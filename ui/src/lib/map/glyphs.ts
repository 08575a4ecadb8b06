import type { Shape } from '../domain/marks'
import type { Point } from './projection'

/** The shapes that a mark on a map may have: those of `StateMark`, and a lock that is closed, open or unknown. */
export type Glyph = Shape | 'closedLock' | 'openLock' | 'unknownLock'

interface Part {
  path: string
  fill?: true
  dash?: readonly number[]
}

/** As paths in a square of 12, or of 16 where it is a lock. */
const DISC = 'M10 6A4 4 0 1 1 2 6A4 4 0 1 1 10 6Z'
const PARTS: Partial<Record<Glyph, readonly Part[]>> = {
  disc: [{ path: DISC, fill: true }],
  ring: [{ path: DISC }],
  dotted: [{ path: DISC, dash: [2.1, 2.09] }],
  triangle: [{ path: 'M6 1.4 11.2 10.4H.8z', fill: true }],
  diamond: [{ path: 'M6 1 11 6 6 11 1 6z', fill: true }],
  square: [{ path: 'M2.5 2.5h7v7h-7z', fill: true }],
  dot: [{ path: 'M8.2 6A2.2 2.2 0 1 1 3.8 6A2.2 2.2 0 1 1 8.2 6Z', fill: true }],
}
const LOCKS: Partial<Record<Glyph, readonly Part[]>> = {
  closedLock: [{ path: 'M5 7V5a3 3 0 0 1 6 0v2' }, { path: 'M3 7h10v7H3z', fill: true }],
  openLock: [{ path: 'M5 7V4.2A3 3 0 0 1 10.7 3' }, { path: 'M3.7 7.7h8.6v5.6H3.7z' }],
  unknownLock: [{ path: 'M6.2 6.2a1.9 1.9 0 1 1 2.8 1.7c-.6.4-1 .8-1 1.5' }, { path: 'M8 12v.2' }],
}

const made = new Map<string, Path2D>()

function pathOf(text: string): Path2D {
  const known = made.get(text) ?? new Path2D(text)
  made.set(text, known)
  return known
}

/** Draws a shape around a point. */
export function drawGlyph(
  context: CanvasRenderingContext2D,
  glyph: Glyph,
  at: Point,
  size: number,
  colour: string,
): void {
  const lock = LOCKS[glyph]
  const box = lock ? 16 : 12
  context.save()
  context.translate(at.x - size / 2, at.y - size / 2)
  context.scale(size / box, size / box)
  context.fillStyle = context.strokeStyle = colour
  context.lineWidth = lock ? 1.8 : 1.6
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const { path, fill, dash } of lock ?? PARTS[glyph] ?? PARTS.disc ?? []) {
    context.setLineDash(dash ? [...dash] : [])
    if (fill) context.fill(pathOf(path))
    else context.stroke(pathOf(path))
  }
  context.restore()
}
