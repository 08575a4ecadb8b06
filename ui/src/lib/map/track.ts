import type { Area } from '../backend/types'
import type { Columns } from '../charts/series'
import type { Palette } from './palette'
import { degrees, nearest, place, toScreen, type Point, type Size, type View } from './projection'

/** Where something was over a span: stretches that are not joined, as nothing is known of what lies between them. */
export interface Track {
  runs: readonly Run[]
}

export interface Run {
  points: readonly TrackPoint[]
}

export interface TrackPoint extends Point {
  /** ms since 1970. */
  at: number
}

/** How far two arrowheads lie apart, in pixels. */
const ARROWS = 64
/** Positions nearer to each other than this, in pixels, are one. */
const FINE = 1.5

/** A track of columns of latitudes and longitudes; a gap in either ends a stretch. */
export function trackOf({ times, values: [lats, longs] }: Columns): Track {
  const runs: Run[] = []
  let points: TrackPoint[] = []
  const cut = () => {
    if (points.length > 0) runs.push({ points })
    points = []
  }
  for (let i = 0; i < times.length; i++) {
    const [lat = NaN, long = NaN] = [lats?.[i], longs?.[i]]
    if (Number.isNaN(lat) || Number.isNaN(long)) cut()
    else if (isPlace(lat, long)) points.push({ ...place(lat, long), at: times[i] ?? 0 })
  }
  cut()
  return { runs }
}

/** What holds a track, and a place besides; around the place where there is one. */
export function around(track: Track | null, at: Point | null): Area | null {
  const points = track?.runs.flatMap((run) => run.points) ?? []
  const middle = at ?? points[0]
  if (!middle) return null
  let [west, north, east, south] = [middle.x, middle.y, middle.x, middle.y]
  for (const point of points) {
    const x = nearest({ ...middle, zoom: 0 }, point.x)
    west = Math.min(west, x)
    east = Math.max(east, x)
    north = Math.min(north, point.y)
    south = Math.max(south, point.y)
  }
  if (!at) return { west, north, east, south }
  const wide = Math.max(at.x - west, east - at.x)
  const high = Math.max(at.y - north, south - at.y)
  return { west: at.x - wide, north: at.y - high, east: at.x + wide, south: at.y + high }
}

/** How far it went, in metres, over what is known. */
export function lengthOf(track: Track): number {
  let sum = 0
  for (const { points } of track.runs) {
    for (let i = 0; i + 1 < points.length; i++) {
      const [from, to] = [points[i], points[i + 1]]
      if (from && to) sum += metresBetween(from, to)
    }
  }
  return sum
}

const RADIUS = 6_371_000

function metresBetween(from: Point, to: Point): number {
  const [a, b] = [degrees(from), degrees(to)]
  const radians = (value: number) => (value * Math.PI) / 180
  const lat = Math.sin(radians(b.lat - a.lat) / 2) ** 2
  const long = Math.sin(radians(b.long - a.long) / 2) ** 2
  const part = lat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * long
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(part)))
}

/** Infinity is a time at which nothing was told; 0° 0′ is what a receiver tells that has no fix. */
function isPlace(lat: number, long: number): boolean {
  return Math.abs(lat) <= 90 && Math.abs(long) <= 180 && !(lat === 0 && long === 0)
}

/** The place of a track under a point of the screen. */
export function hitTrack(
  track: Track,
  view: View,
  size: Size,
  at: Point,
  reach = 9,
): TrackPoint | null {
  let best: TrackPoint | null = null
  let least = reach
  for (const { points } of track.runs) {
    let before: { point: TrackPoint; on: Point } | null = null
    for (const point of points) {
      const on = toScreen(view, size, { x: nearest(view, point.x), y: point.y })
      const part = before ? along(before.on, on, at) : 1
      const from = before ?? { point, on }
      const foot = { x: mix(from.on.x, on.x, part), y: mix(from.on.y, on.y, part) }
      const far = Math.hypot(foot.x - at.x, foot.y - at.y)
      if (far < least) {
        least = far
        best = {
          x: mix(from.point.x, point.x, part),
          y: mix(from.point.y, point.y, part),
          at: mix(from.point.at, point.at, part),
        }
      }
      before = { point, on }
    }
  }
  return best
}

/** How far along a line its point lies that is nearest to another. */
function along(from: Point, to: Point, at: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  if (length === 0) return 1
  return Math.min(1, Math.max(0, ((at.x - from.x) * dx + (at.y - from.y) * dy) / length))
}

function mix(from: number, to: number, part: number): number {
  return from + (to - from) * part
}

/** Draws the stretches with arrowheads, the older the fainter, and a ring where each begins and ends. */
export function drawTrack(
  context: CanvasRenderingContext2D,
  track: Track,
  view: View,
  size: Size,
  palette: Palette,
): void {
  const first = track.runs[0]?.points[0]?.at ?? 0
  const last = track.runs.at(-1)?.points.at(-1)?.at ?? 0
  context.lineJoin = 'round'
  context.lineCap = 'round'
  track.runs.forEach(({ points }, i) => {
    const line = thinned(points, view, size)
    strokeLine(context, line, palette.halo, 6, 0.8)
    for (let at = 0; at + 1 < line.length; at++) {
      const [from, to] = [line[at], line[at + 1]]
      if (!from || !to) continue
      const age = last > first ? (to.at - first) / (last - first) : 1
      strokeLine(context, [from, to], palette.accent, 2.5, 0.35 + 0.65 * age)
    }
    drawArrows(context, line, palette)
    const begin = line[0]
    if (begin) drawEnd(context, begin, palette, i === 0 ? 4 : 3)
    const end = line.at(-1)
    if (end && line.length > 1) drawEnd(context, end, palette, i < track.runs.length - 1 ? 3 : 4)
  })
}

interface Drawn extends Point {
  at: number
}

function thinned(points: readonly TrackPoint[], view: View, size: Size): Drawn[] {
  const line: Drawn[] = []
  points.forEach((point, i) => {
    const on = toScreen(view, size, { x: nearest(view, point.x), y: point.y })
    const before = line.at(-1)
    const near = before && Math.hypot(on.x - before.x, on.y - before.y) < FINE
    if (!near || i === points.length - 1) line.push({ ...on, at: point.at })
  })
  return line
}

function strokeLine(
  context: CanvasRenderingContext2D,
  line: readonly Point[],
  colour: string,
  width: number,
  alpha: number,
): void {
  context.globalAlpha = alpha
  context.strokeStyle = colour
  context.lineWidth = width
  context.beginPath()
  line.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
  context.stroke()
  context.globalAlpha = 1
}

function drawArrows(
  context: CanvasRenderingContext2D,
  line: readonly Point[],
  palette: Palette,
): void {
  let since = ARROWS / 2
  for (let i = 0; i + 1 < line.length; i++) {
    const [from, to] = [line[i], line[i + 1]]
    if (!from || !to) continue
    const length = Math.hypot(to.x - from.x, to.y - from.y)
    const heading = Math.atan2(to.y - from.y, to.x - from.x)
    let at = ARROWS - since
    for (; at <= length; at += ARROWS) {
      const part = at / length
      drawArrow(
        context,
        { x: mix(from.x, to.x, part), y: mix(from.y, to.y, part) },
        heading,
        palette,
      )
    }
    since = length - (at - ARROWS)
  }
}

function drawArrow(
  context: CanvasRenderingContext2D,
  at: Point,
  heading: number,
  palette: Palette,
): void {
  context.save()
  context.translate(at.x, at.y)
  context.rotate(heading)
  context.beginPath()
  context.moveTo(6, 0)
  context.lineTo(-4, -5)
  context.lineTo(-2, 0)
  context.lineTo(-4, 5)
  context.closePath()
  context.lineWidth = 2.5
  context.strokeStyle = palette.halo
  context.stroke()
  context.fillStyle = palette.accent
  context.fill()
  context.restore()
}

function drawEnd(
  context: CanvasRenderingContext2D,
  at: Point,
  palette: Palette,
  reach: number,
): void {
  context.beginPath()
  context.arc(at.x, at.y, reach, 0, 2 * Math.PI)
  context.fillStyle = palette.surface
  context.fill()
  context.lineWidth = 2
  context.strokeStyle = palette.accent
  context.stroke()
}
