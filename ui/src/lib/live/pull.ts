/** What the loop needs of its surroundings; the tests give it a clock of their own. */
export interface Surroundings {
  now(): number
  requestFrame(callback: () => void): number
  cancelFrame(handle: number): void
  setTimer(callback: () => void, ms: number): number
  clearTimer(handle: number): void
  hidden(): boolean
}

export interface Pace {
  /** At least this long between the beginnings of two pulls, in ms. */
  gap: number
  /** How long to wait after a pull that failed, in ms. */
  retry: number
}

/** For lists, where what comes is to be seen as it comes. */
export const QUICK: Pace = { gap: 50, retry: 1000 }
/** For figures: nobody reads one that changes more often, and each change costs a painting. */
export const CALM: Pace = { gap: 250, retry: 1000 }

/**
 * Pulls one frame at a time for as long as the page is visible: a pull starts only after the last one was applied
 * and painted, and `gap` after the last began. A slow page thus gets fewer, fuller frames.
 */
export class PullLoop {
  readonly #surroundings: Surroundings
  readonly #pace: () => Pace
  readonly #pull: () => Promise<void>
  #running = false
  #inFlight = false
  #notBefore = 0
  #frame: number | null = null
  #timer: number | null = null

  /** `pull` asks, and applies the answer before it resolves; a rejection counts as a failure to wait after. */
  constructor(pull: () => Promise<void>, surroundings: Surroundings, pace: () => Pace) {
    this.#pull = pull
    this.#surroundings = surroundings
    this.#pace = pace
  }

  start(): void {
    this.#running = true
    this.#schedule()
  }

  stop(): void {
    this.#running = false
    this.#cancel()
  }

  /** Something was chosen: the next pull doesn't wait for its turn. */
  hurry(): void {
    this.#notBefore = 0
    this.#schedule()
  }

  /** To be called when the page is hidden or shown. */
  visibilityChanged(): void {
    if (this.#surroundings.hidden()) this.#cancel()
    else this.hurry()
  }

  #schedule(): void {
    if (!this.#running || this.#inFlight || this.#surroundings.hidden()) return
    this.#cancel()
    const wait = this.#notBefore - this.#surroundings.now()
    if (wait > 0) {
      this.#timer = this.#surroundings.setTimer(() => {
        this.#timer = null
        this.#atNextFrame()
      }, wait)
    } else {
      this.#atNextFrame()
    }
  }

  #atNextFrame(): void {
    this.#frame = this.#surroundings.requestFrame(() => {
      this.#frame = null
      void this.#once()
    })
  }

  async #once(): Promise<void> {
    if (!this.#running || this.#inFlight || this.#surroundings.hidden()) return
    this.#inFlight = true
    this.#notBefore = this.#surroundings.now() + this.#pace().gap
    try {
      await this.#pull()
    } catch {
      this.#notBefore = this.#surroundings.now() + this.#pace().retry
    }
    this.#inFlight = false
    this.#schedule()
  }

  #cancel(): void {
    if (this.#frame !== null) this.#surroundings.cancelFrame(this.#frame)
    if (this.#timer !== null) this.#surroundings.clearTimer(this.#timer)
    this.#frame = null
    this.#timer = null
  }
}

export const browserSurroundings: Surroundings = {
  now: () => performance.now(),
  requestFrame: (callback) => requestAnimationFrame(callback),
  cancelFrame: (handle) => cancelAnimationFrame(handle),
  setTimer: (callback, ms) => window.setTimeout(callback, ms),
  clearTimer: (handle) => window.clearTimeout(handle),
  hidden: () => document.hidden,
}
