import { TILE, toScreen, worldWidth, type Size, type View } from './projection'

/** Pictures that are kept; a screen shows about sixty. */
const KEPT = 240
/** Pictures that are asked for at once; what is asked for later may be out of sight by then. */
const AT_ONCE = 12
const NEAREST_TILE = 19

interface Picture {
  image: HTMLImageElement
  state: 'coming' | 'there' | 'failed'
}

/** The pictures of a tile server, as the host hands them over. */
export class TileLayer {
  readonly #address: (z: number, x: number, y: number) => string
  readonly #onchange: () => void
  readonly #onfail: () => void
  readonly #pictures = new Map<string, Picture>()
  #coming = 0

  constructor(
    address: (z: number, x: number, y: number) => string,
    onchange: () => void,
    onfail: () => void,
  ) {
    this.#address = address
    this.#onchange = onchange
    this.#onfail = onfail
  }

  draw(context: CanvasRenderingContext2D, view: View, size: Size, density: number): void {
    const z = Math.min(NEAREST_TILE, Math.max(0, Math.round(view.zoom + Math.log2(density) / 2)))
    const across = 2 ** z
    const width = worldWidth(view.zoom) / across
    const halfX = size.width / 2 / width
    const halfY = size.height / 2 / width
    const [middleX, middleY] = [view.x * across, view.y * across]
    const wanted: { x: number; y: number; far: number }[] = []
    for (let x = Math.floor(middleX - halfX); x <= Math.floor(middleX + halfX); x++)
      for (
        let y = Math.max(0, Math.floor(middleY - halfY));
        y <= Math.min(across - 1, Math.floor(middleY + halfY));
        y++
      )
        wanted.push({ x, y, far: Math.hypot(x + 0.5 - middleX, y + 0.5 - middleY) })
    // What is in the middle is looked at.
    wanted.sort((a, b) => a.far - b.far)
    for (const { x, y } of wanted) this.#drawOne(context, view, size, { z, x, y }, across)
  }

  /** Forgets the pictures: they are another server's now, or may be had after all. */
  forget(): void {
    this.#pictures.clear()
    this.#coming = 0
  }

  #drawOne(
    context: CanvasRenderingContext2D,
    view: View,
    size: Size,
    tile: { z: number; x: number; y: number },
    across: number,
  ): void {
    const edge = (x: number, y: number) => toScreen(view, size, { x: x / across, y: y / across })
    const from = edge(tile.x, tile.y)
    const to = edge(tile.x + 1, tile.y + 1)
    const [left, top] = [Math.round(from.x), Math.round(from.y)]
    const [width, height] = [Math.round(to.x) - left, Math.round(to.y) - top]
    const x = ((tile.x % across) + across) % across
    const picture = this.#picture(tile.z, x, tile.y)
    if (picture?.state === 'there') {
      context.drawImage(picture.image, left, top, width, height)
      return
    }
    // A wider one that is there, meanwhile.
    for (let up = 1; up <= 4 && up <= tile.z; up++) {
      const parts = 2 ** up
      const wider = this.#pictures.get(
        keyOf(tile.z - up, Math.floor(x / parts), Math.floor(tile.y / parts)),
      )
      if (wider?.state !== 'there') continue
      const part = wider.image.naturalWidth / parts
      const [sx, sy] = [(x % parts) * part, (tile.y % parts) * part]
      context.drawImage(wider.image, sx, sy, part, part, left, top, width, height)
      return
    }
  }

  #picture(z: number, x: number, y: number): Picture | null {
    const key = keyOf(z, x, y)
    const known = this.#pictures.get(key)
    if (known) {
      // What is drawn is kept the longest.
      this.#pictures.delete(key)
      this.#pictures.set(key, known)
      return known
    }
    if (this.#coming >= AT_ONCE) return null
    const picture: Picture = { image: new Image(TILE, TILE), state: 'coming' }
    this.#pictures.set(key, picture)
    this.#coming++
    const done = (state: 'there' | 'failed') => {
      if (this.#pictures.get(key) !== picture) return
      this.#coming--
      picture.state = state
      if (state === 'failed') this.#onfail()
      this.#onchange()
    }
    picture.image.onload = () => done('there')
    picture.image.onerror = () => done('failed')
    picture.image.src = this.#address(z, x, y)
    this.#makeRoom()
    return picture
  }

  #makeRoom(): void {
    for (const [key, { state }] of this.#pictures) {
      if (this.#pictures.size <= KEPT) return
      if (state !== 'coming') this.#pictures.delete(key)
    }
  }
}

function keyOf(z: number, x: number, y: number): string {
  return `${z}/${x}/${y}`
}
