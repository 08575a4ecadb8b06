import { drawGround } from './ground'
import { ordered, placed, type Look, type MapMark, type Placed } from './marks'
import type { Palette } from './palette'
import { nearest, worldWidth, type Size, type View } from './projection'
import { Sprites } from './sprites'
import type { TileLayer } from './tiles'
import { drawTrack, type Track } from './track'
import type { Detail, World } from './world'

/** How much of the ground is drawn around what is in sight, so that a drag has something to show. */
const ROOM = 0.3
/** Between these the ground that is there is shown larger or smaller until the hand rests. */
const [SHRUNK, STRETCHED] = [0.55, 1.9]
/** How long the hand has to rest until the ground is drawn anew, in ms. */
const REST = 90
/** From this zoom on the coarse outline looks it. */
const FINE_FROM = 2.4

/** What a map draws. */
export interface Scene {
  view: View
  size: Size
  /** Device pixels of one pixel. */
  density: number
  palette: Palette
  marks: readonly MapMark[]
  looks: readonly Look[]
  chosen: string | null
  track: Track | null
  tiles: TileLayer | null
}

/** Draws a map when something of it has changed, and at most once for each picture of the screen. */
export class Painter {
  /** The marks as they were drawn last. */
  shown: readonly Placed[] = []
  readonly #canvas: HTMLCanvasElement
  readonly #ground = document.createElement('canvas')
  readonly #wantsDetail: (detail: Detail) => World | null
  #groundOf: { view: View; world: World | null; palette: Palette; density: number } | null = null
  readonly #sprites = new Sprites()
  #ordered: { of: readonly MapMark[]; marks: readonly MapMark[] } = { of: [], marks: [] }
  #scene: Scene | null = null
  #frame: number | null = null
  #rest: ReturnType<typeof setTimeout> | null = null

  /** `outline` gives the outline if it is there, and asks for it otherwise. */
  constructor(canvas: HTMLCanvasElement, outline: (detail: Detail) => World | null) {
    this.#canvas = canvas
    this.#wantsDetail = outline
  }

  /** Draws this from the next picture on. */
  show(scene: Scene): void {
    this.#scene = scene
    this.redraw()
  }

  /** Draws again, as something has come that the scene asked for. */
  redraw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#draw()
    })
  }

  end(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    if (this.#rest !== null) clearTimeout(this.#rest)
    this.#scene = null
  }

  #draw(): void {
    const scene = this.#scene
    const context = this.#canvas.getContext('2d')
    if (!scene || !context || scene.size.width < 1 || scene.size.height < 1) return
    const { view, size, density, palette } = scene
    fitCanvas(this.#canvas, size, density)
    this.#prepareGround(scene)
    context.setTransform(1, 0, 0, 1, 0, 0)
    this.#drawGround(context, scene)
    context.setTransform(density, 0, 0, density, 0, 0)
    scene.tiles?.draw(context, view, size, density)
    if (scene.track) drawTrack(context, scene.track, view, size, palette)
    if (this.#ordered.of !== scene.marks)
      this.#ordered = { of: scene.marks, marks: ordered(scene.marks) }
    this.shown = placed(this.#ordered.marks, view, size)
    this.#sprites.draw(context, this.shown, scene, scene.chosen)
  }

  /** Draws the ground anew where what is there does not do. */
  #prepareGround({ view, size, density, palette }: Scene): void {
    const world = this.#wantsDetail(view.zoom < FINE_FROM ? 'coarse' : 'fine')
    const of = this.#groundOf
    const same = of && of.world === world && of.palette === palette && of.density === density
    const wide = roomy(size)
    const fits =
      this.#ground.width === Math.round(wide.width * density) &&
      this.#ground.height === Math.round(wide.height * density)
    if (same && fits) {
      const stretch = 2 ** (view.zoom - of.view.zoom)
      const scale = worldWidth(view.zoom)
      const away = {
        x: Math.abs(nearest(view, of.view.x) - view.x) * scale,
        y: Math.abs(of.view.y - view.y) * scale,
      }
      const covers =
        away.x <= (wide.width * stretch - size.width) / 2 &&
        away.y <= (wide.height * stretch - size.height) / 2
      if (covers && stretch > SHRUNK && stretch < STRETCHED) {
        if (stretch !== 1) this.#redrawAtRest()
        return
      }
    }
    this.#paintGround(view, size, density, palette, world)
  }

  #paintGround(
    view: View,
    size: Size,
    density: number,
    palette: Palette,
    world: World | null,
  ): void {
    const wide = roomy(size)
    fitCanvas(this.#ground, wide, density)
    const context = this.#ground.getContext('2d', { alpha: false })
    if (!context) return
    context.setTransform(density, 0, 0, density, 0, 0)
    drawGround(context, view, wide, world, palette)
    this.#groundOf = { view, world, palette, density }
  }

  /** What is stretched is drawn as it should be once nothing moves any more. */
  #redrawAtRest(): void {
    if (this.#rest !== null) clearTimeout(this.#rest)
    this.#rest = setTimeout(() => {
      this.#rest = null
      if (!this.#scene || !this.#groundOf) return
      const { view, size, density, palette } = this.#scene
      this.#paintGround(view, size, density, palette, this.#groundOf.world)
      this.redraw()
    }, REST)
  }

  #drawGround(context: CanvasRenderingContext2D, { view, size, density }: Scene): void {
    const of = this.#groundOf
    if (!of) return
    const stretch = 2 ** (view.zoom - of.view.zoom)
    const scale = worldWidth(view.zoom) * density
    const { width, height } = this.#ground
    const x =
      (size.width * density - width * stretch) / 2 + (nearest(view, of.view.x) - view.x) * scale
    const y = (size.height * density - height * stretch) / 2 + (of.view.y - view.y) * scale
    // On whole pixels what is only moved stays sharp.
    const whole = stretch === 1 ? Math.round : (value: number) => value
    context.drawImage(this.#ground, whole(x), whole(y), width * stretch, height * stretch)
  }
}

function roomy({ width, height }: Size): Size {
  return {
    width: Math.round(width * (1 + 2 * ROOM)),
    height: Math.round(height * (1 + 2 * ROOM)),
  }
}

function fitCanvas(canvas: HTMLCanvasElement, size: Size, density: number): void {
  const width = Math.round(size.width * density)
  const height = Math.round(size.height * density)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}
