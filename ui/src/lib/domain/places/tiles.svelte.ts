import type { Backend } from '../../backend/backend'
import { tileAddress } from '../../backend/tiles'
import type { TilesState } from '../../backend/types'
import { TileLayer } from '../../map/tiles'

/** How long what fails is gathered before it is asked why, in ms. */
const PAUSE = 400

/** What a map is drawn on where the operator named a tile server. */
export class MapTiles {
  state: TilesState | null = $state.raw(null)
  layer: TileLayer | null = $state.raw(null)
  readonly #backend: Backend
  readonly #redraw: () => void
  #asking: ReturnType<typeof setTimeout> | null = null

  constructor(backend: Backend, redraw: () => void) {
    this.#backend = backend
    this.#redraw = redraw
  }

  /** Asks whether there is a server; answers what ends it. */
  start(): () => void {
    void this.#ask()
    return () => {
      if (this.#asking !== null) clearTimeout(this.#asking)
    }
  }

  /** Asks the server again that was left alone. */
  async tryAgain(): Promise<void> {
    await this.#backend.call('retry_tiles', {}).catch(() => null)
    this.layer?.forget()
    await this.#ask()
    this.#redraw()
  }

  async #ask(): Promise<void> {
    this.#asking = null
    try {
      this.state = await this.#backend.call('tiles', {})
    } catch {
      // The pull says what is wrong; the outline is there all the same.
      return
    }
    if (this.state.server === null) this.layer = null
    else this.layer ??= new TileLayer(tileAddress, this.#redraw, () => this.#askSoon())
  }

  #askSoon(): void {
    this.#asking ??= setTimeout(() => void this.#ask(), PAUSE)
  }
}
