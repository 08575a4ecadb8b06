import { drawGlyph } from './glyphs'
import { radius, short, worst, type Look, type MapMark, type Placed } from './marks'
import type { Palette } from './palette'
import type { Point } from './projection'

/** The parts of a ring: two marks whose states differ by less than one of them look the same. */
export const PARTS = 24
/** Sprites that are kept, in rows: so many at first, and at most; a screen seldom needs half of them. */
const [COLUMNS, FEW_ROWS, ROWS] = [24, 2, 20]
/** How far a sprite reaches from its middle, in pixels: the largest mark, and its badge or the ring of a standing alert. */
const REACH = 32
const TURN = 2 * Math.PI

/** What sprites are painted with. */
export interface Style {
  looks: readonly Look[]
  palette: Palette
  /** Device pixels of one pixel. */
  density: number
}

/** Draws marks. Each look of a mark is painted once and then copied, so that a thousand of them can move with each picture of the screen. */
export class Sprites {
  /** One canvas of all: WebKit copies from one quickly, and from hundreds slowly. */
  readonly #sheet = document.createElement('canvas')
  readonly #made = new Map<string, Point>()
  #style: Style | null = null
  /** How wide a sprite is, in device pixels. */
  #side = 0
  #rows = FEW_ROWS

  /** Draws the marks; the chosen one last and with a ring. */
  draw(
    context: CanvasRenderingContext2D,
    shown: readonly Placed[],
    style: Style,
    chosen: string | null,
  ): void {
    this.#use(style)
    // On whole pixels of the device a sprite stays as sharp as it was painted.
    context.setTransform(1, 0, 0, 1, 0, 0)
    for (const one of shown) if (one.mark.key !== chosen) this.#drawMark(context, one, style)
    const one = shown.find(({ mark }) => mark.key === chosen)
    if (!one) return
    this.#drawMark(context, one, style)
    context.setTransform(style.density, 0, 0, style.density, 0, 0)
    context.strokeStyle = style.palette.focus
    context.lineWidth = 2
    context.beginPath()
    context.arc(one.at.x, one.at.y, radius(one.mark) + 4, 0, TURN)
    context.stroke()
  }

  /** Sprites of another style are of no use. */
  #use({ looks, palette, density }: Style): void {
    const of = this.#style
    if (of?.looks === looks && of.palette === palette && of.density === density) return
    this.#style = { looks, palette, density }
    this.#side = 2 * Math.ceil(REACH * density)
    this.#sheet.width = COLUMNS * this.#side
    this.#sheet.height = this.#rows * this.#side
    this.#made.clear()
  }

  #drawMark(context: CanvasRenderingContext2D, { mark, at }: Placed, style: Style): void {
    const stale = mark.stale === mark.total
    const parts = mark.total === 1 ? [worst(mark)] : partsOf(mark)
    const key = `${radius(mark)} ${parts.join()} ${stale} ${mark.standing > 0}`
    this.#copy(context, key, at, style.density, (on) => paintBody(on, mark, stale, style))
    if (mark.total === 1) return
    const words = short(mark.total)
    this.#copy(context, `${words} ${stale}`, at, style.density, (on) =>
      paintLabel(on, words, stale, style.palette),
    )
  }

  /** Copies a sprite to where its middle is to be. */
  #copy(
    context: CanvasRenderingContext2D,
    key: string,
    at: Point,
    density: number,
    paint: (context: CanvasRenderingContext2D) => void,
  ): void {
    const side = this.#side
    const from = this.#made.get(key) ?? this.#make(key, density, paint)
    const x = Math.round(at.x * density) - side / 2
    const y = Math.round(at.y * density) - side / 2
    context.drawImage(this.#sheet, from.x, from.y, side, side, x, y, side, side)
  }

  /** Paints with the middle of the sprite at 0, 0. A sheet that is full is begun anew, twice as large until it is large enough. */
  #make(key: string, density: number, paint: (context: CanvasRenderingContext2D) => void): Point {
    if (this.#made.size === COLUMNS * this.#rows) {
      this.#made.clear()
      this.#rows = Math.min(ROWS, 2 * this.#rows)
      this.#sheet.height = this.#rows * this.#side
    }
    const place = this.#made.size
    const side = this.#side
    const from = { x: (place % COLUMNS) * side, y: Math.floor(place / COLUMNS) * side }
    this.#made.set(key, from)
    const context = this.#sheet.getContext('2d')
    if (!context) return from
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(from.x, from.y, side, side)
    context.setTransform(density, 0, 0, density, from.x + side / 2, from.y + side / 2)
    context.save()
    paint(context)
    context.restore()
    return from
  }
}

/** How many parts of the ring each state has: one at least, for one in a thousand is to be seen too. */
export function partsOf({ counts, total }: MapMark): number[] {
  const parts = counts.map((count) =>
    count > 0 ? Math.max(1, Math.round((count / total) * PARTS)) : 0,
  )
  const largest = parts.indexOf(Math.max(...parts))
  const over = parts.reduce((sum, part) => sum + part, 0) - PARTS
  return parts.map((part, state) => (state === largest ? part - over : part))
}

const MIDDLE: Point = { x: 0, y: 0 }

function paintBody(
  context: CanvasRenderingContext2D,
  mark: MapMark,
  stale: boolean,
  { looks, palette }: Style,
): void {
  const look = looks[worst(mark)]
  if (!look) return
  const reach = radius(mark)
  const tone = palette.tones[look.tone]
  fillDisc(context, MIDDLE, reach + 1, palette.surface)
  context.globalAlpha = stale ? 0.6 : 1
  context.lineWidth = mark.total === 1 ? 1.5 : 3
  if (stale) context.setLineDash([2.5, 2.5])
  strokeRing(context, partsOf(mark), reach - context.lineWidth / 2, looks, palette)
  context.setLineDash([])
  if (mark.standing > 0) {
    context.strokeStyle = tone
    context.lineWidth = 1.5
    context.beginPath()
    context.arc(0, 0, reach + 3.5, 0, TURN)
    context.stroke()
  }
  if (mark.total === 1) return drawGlyph(context, look.shape, MIDDLE, 13, tone)
  // The worst state's shape, so that it is not told by colour alone.
  context.globalAlpha = 1
  const badge = { x: reach * 0.74, y: reach * -0.74 }
  fillDisc(context, badge, 7.5, palette.surface)
  drawGlyph(context, look.shape, badge, 11, tone)
}

function paintLabel(
  context: CanvasRenderingContext2D,
  words: string,
  stale: boolean,
  palette: Palette,
): void {
  context.globalAlpha = stale ? 0.6 : 1
  context.fillStyle = palette.ink
  context.font = `600 11px ${palette.font}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(words, 0, 0.5)
}

function fillDisc(
  context: CanvasRenderingContext2D,
  at: Point,
  reach: number,
  colour: string,
): void {
  context.fillStyle = colour
  context.beginPath()
  context.arc(at.x, at.y, reach, 0, TURN)
  context.fill()
}

/** A ring with an arc for each state, as long as its part. */
function strokeRing(
  context: CanvasRenderingContext2D,
  parts: readonly number[],
  reach: number,
  looks: readonly Look[],
  palette: Palette,
): void {
  let from = -TURN / 4
  parts.forEach((part, state) => {
    const look = looks[state]
    if (part === 0 || !look) return
    const to = from + (part / PARTS) * TURN
    context.strokeStyle = palette.tones[look.tone]
    context.beginPath()
    context.arc(0, 0, reach, from, to)
    context.stroke()
    from = to
  })
}
