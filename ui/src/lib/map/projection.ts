import type { Area } from '../backend/types'

/** The middle of what is seen, in Web Mercator (0 to 1 from west to east and from north to south), and how near it is. */
export interface View {
  x: number
  y: number
  /** As tile servers count it: the world is 256 pixels wide at 0, and twice as wide with each more. */
  zoom: number
}

export interface Size {
  width: number
  height: number
}

/** A place of the world, or a point of the screen. */
export interface Point {
  x: number
  y: number
}

export const TILE = 256
export const NEAREST = 18
/** The earth's girth in metres, as Web Mercator has it. */
const GIRTH = 40_075_016.686

/** How many pixels the world is wide. */
export function worldWidth(zoom: number): number {
  return TILE * 2 ** zoom
}

/** The least zoom at which the world fills the height. */
export function farthest(size: Size): number {
  return Math.max(0, Math.log2(Math.max(1, size.height) / TILE))
}

export function place(lat: number, long: number): Point {
  const y = 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)
  return { x: (long + 180) / 360, y: Math.min(1, Math.max(0, y)) }
}

/** Latitude and longitude in degrees. */
export function degrees({ x, y }: Point): { lat: number; long: number } {
  const lat = (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI
  return { lat, long: wrap(x) * 360 - 180 }
}

function wrap(x: number): number {
  return x - Math.floor(x)
}

/** The copy of a place that is nearest to the middle: the world goes on at the antimeridian. */
export function nearest(view: View, x: number): number {
  return x + Math.round(view.x - x)
}

export function toScreen(view: View, size: Size, at: Point): Point {
  const width = worldWidth(view.zoom)
  return {
    x: size.width / 2 + (at.x - view.x) * width,
    y: size.height / 2 + (at.y - view.y) * width,
  }
}

export function fromScreen(view: View, size: Size, at: Point): Point {
  const width = worldWidth(view.zoom)
  return {
    x: view.x + (at.x - size.width / 2) / width,
    y: view.y + (at.y - size.height / 2) / width,
  }
}

/** The nearest view that may be: no further than the world, and nothing beyond the poles. */
export function bounded(view: View, size: Size): View {
  const zoom = Math.min(NEAREST, Math.max(farthest(size), view.zoom))
  const half = Math.min(0.5, size.height / 2 / worldWidth(zoom))
  return { x: wrap(view.x), y: Math.min(1 - half, Math.max(half, view.y)), zoom }
}

export function panned(view: View, size: Size, dx: number, dy: number): View {
  const width = worldWidth(view.zoom)
  return bounded({ ...view, x: view.x + dx / width, y: view.y + dy / width }, size)
}

/** Nearer or farther, with what lies under a point of the screen staying there. */
export function zoomedAt(view: View, size: Size, at: Point, by: number): View {
  const zoom = Math.min(NEAREST, Math.max(farthest(size), view.zoom + by))
  const under = fromScreen(view, size, at)
  const width = worldWidth(zoom)
  return bounded(
    {
      x: under.x - (at.x - size.width / 2) / width,
      y: under.y - (at.y - size.height / 2) / width,
      zoom,
    },
    size,
  )
}

/** The nearest view that holds an area, with room at its edges. */
export function fitted(area: Area, size: Size, room = 56, most = 15): View {
  const width = Math.max(area.east - area.west, 1e-12)
  const height = Math.max(area.south - area.north, 1e-12)
  const across = Math.max(40, size.width - 2 * room) / TILE / width
  const down = Math.max(40, size.height - 2 * room) / TILE / height
  const zoom = Math.min(most, Math.log2(Math.min(across, down)))
  return bounded({ x: (area.west + area.east) / 2, y: (area.north + area.south) / 2, zoom }, size)
}

/** What is in sight, and as much around it as `room` times the screen. */
export function areaOf(view: View, size: Size, room = 0): Area {
  const width = worldWidth(view.zoom)
  const halfX = Math.min(0.5, ((0.5 + room) * size.width) / width)
  const halfY = ((0.5 + room) * size.height) / width
  return {
    west: view.x - halfX,
    north: Math.max(0, view.y - halfY),
    east: view.x + halfX,
    south: Math.min(1, view.y + halfY),
  }
}

/** Metres on the ground that one pixel in the middle stands for. */
export function metresPerPixel(view: View): number {
  const { lat } = degrees(view)
  return (GIRTH * Math.cos((lat * Math.PI) / 180)) / worldWidth(view.zoom)
}

/** The longest round distance that is no wider than so many pixels. */
export function scaleBar(view: View, most: number): { pixels: number; words: string } {
  const perPixel = metresPerPixel(view)
  const room = perPixel * most
  const power = 10 ** Math.floor(Math.log10(room))
  const metres = power * ([5, 2, 1].find((step) => step * power <= room) ?? 1)
  const words = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`
  return { pixels: metres / perPixel, words }
}

/** "52.5200° N, 13.4050° E". */
export function degreeWords(lat: number, long: number, digits = 4): string {
  const one = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(digits)}° ${value < 0 ? minus : plus}`
  return `${one(lat, 'N', 'S')}, ${one(long, 'E', 'W')}`
}

/** Between two views, for a short flight; the shorter way around the world. */
export function between(from: View, to: View, part: number): View {
  const x = nearest(from, to.x)
  const zoom = from.zoom + (to.zoom - from.zoom) * part
  // Along the ground as the scale changes, so that the target does not swing.
  const grown = 2 ** (to.zoom - from.zoom)
  const along = Math.abs(grown - 1) < 1e-6 ? part : (1 - 2 ** (from.zoom - zoom)) / (1 - 1 / grown)
  return { x: from.x + (x - from.x) * along, y: from.y + (to.y - from.y) * along, zoom }
}
