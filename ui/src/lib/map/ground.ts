import type { Palette } from './palette'
import { areaOf, degrees, place, toScreen, worldWidth, type Size, type View } from './projection'
import type { Line, World } from './world'

/** Points nearer to each other than this, in pixels, are drawn as one. */
const FINE = 0.6
/** The zoom from which on the names of countries say nothing that is not known. */
const NAMES_UNTIL = 8
/** Steps of the grid in degrees, the widest first. */
const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Draws water, land, borders, a grid of degrees and names. */
export function drawGround(
  context: Context,
  view: View,
  size: Size,
  world: World | null,
  palette: Palette,
): void {
  context.fillStyle = palette.water
  context.fillRect(0, 0, size.width, size.height)
  if (world) {
    context.fillStyle = palette.land
    trace(context, view, size, world.land)
    context.fill('evenodd')
  }
  drawGrid(context, view, size, palette)
  if (!world) return
  context.strokeStyle = palette.border
  context.lineWidth = 1
  context.lineJoin = 'round'
  trace(context, view, size, world.borders)
  context.stroke()
  if (view.zoom < NAMES_UNTIL) drawNames(context, view, size, world, palette)
}

/** The copies of the world in which something from `west` to `east` is in sight: 0 is the one from 180° W to 180° E. */
function copies(view: View, size: Size, west: number, east: number): number[] {
  const half = size.width / 2 / worldWidth(view.zoom)
  const first = Math.ceil(view.x - half - east)
  const last = Math.floor(view.x + half - west)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}

function trace(context: Context, view: View, size: Size, lines: readonly Line[]): void {
  const scale = worldWidth(view.zoom)
  const halfY = size.height / 2 / scale
  context.beginPath()
  for (const line of lines) {
    if (line.south < view.y - halfY || line.north > view.y + halfY) continue
    for (const copy of copies(view, size, line.west, line.east)) {
      const left = size.width / 2 + (copy - view.x) * scale
      const top = size.height / 2 - view.y * scale
      const { points } = line
      let lastX = left + (points[0] ?? 0) * scale
      let lastY = top + (points[1] ?? 0) * scale
      context.moveTo(lastX, lastY)
      for (let i = 2; i < points.length; i += 2) {
        const x = left + (points[i] ?? 0) * scale
        const y = top + (points[i + 1] ?? 0) * scale
        const near = Math.abs(x - lastX) < FINE && Math.abs(y - lastY) < FINE
        if (near && i + 2 < points.length) continue
        context.lineTo(x, y)
        lastX = x
        lastY = y
      }
    }
  }
}

function drawGrid(context: Context, view: View, size: Size, palette: Palette): void {
  const perDegree = worldWidth(view.zoom) / 360
  const step = STEPS.findLast((one) => one * perDegree >= 120) ?? 30
  const area = areaOf(view, { width: size.width, height: size.height })
  const halfX = size.width / 2 / worldWidth(view.zoom)
  const south = degrees({ x: 0, y: area.south }).lat
  const north = degrees({ x: 0, y: area.north }).lat
  context.strokeStyle = palette.grid
  context.lineWidth = 1
  context.beginPath()
  const first = Math.ceil(((view.x - halfX) * 360 - 180) / step)
  const last = Math.floor(((view.x + halfX) * 360 - 180) / step)
  for (let i = first; i <= last; i++) {
    const x = crisp(toScreen(view, size, { x: (i * step + 180) / 360, y: 0 }).x)
    context.moveTo(x, 0)
    context.lineTo(x, size.height)
  }
  for (let i = Math.ceil(south / step); i <= Math.floor(north / step); i++) {
    const y = crisp(toScreen(view, size, { x: 0, y: place(i * step, 0).y }).y)
    context.moveTo(0, y)
    context.lineTo(size.width, y)
  }
  context.stroke()
}

function crisp(value: number): number {
  return Math.round(value) + 0.5
}

function drawNames(context: Context, view: View, size: Size, world: World, palette: Palette): void {
  const scale = worldWidth(view.zoom)
  const taken: { left: number; top: number; right: number; bottom: number }[] = []
  context.font = `500 11px ${palette.font}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  context.lineWidth = 3
  context.strokeStyle = palette.halo
  context.fillStyle = palette.label
  for (const label of world.labels) {
    if (label.width * scale < 46) break
    for (const copy of copies(view, size, label.x, label.x)) {
      const { x, y } = toScreen(view, size, { x: label.x + copy, y: label.y })
      if (x < 0 || y < 0 || x > size.width || y > size.height) continue
      const half = context.measureText(label.text).width / 2
      if (half * 2 > label.width * scale * 1.1) continue
      const box = { left: x - half - 6, top: y - 10, right: x + half + 6, bottom: y + 10 }
      const covers = taken.some(
        (other) =>
          box.left < other.right &&
          box.right > other.left &&
          box.top < other.bottom &&
          box.bottom > other.top,
      )
      if (covers) continue
      taken.push(box)
      context.strokeText(label.text, x, y)
      context.fillText(label.text, x, y)
    }
  }
}
