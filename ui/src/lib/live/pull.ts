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
  /**
   * At most this part of the time is spent on pulling, applying and painting: a slow page pulls less often. Of a pull that
   * cost more than those before it, as one each second does, what they cost counts: it holds up little that follows it.
   */
  share: number
  /** How long to wait after a pull that failed, in ms. */
  retry: number
}

/** For lists, where what comes is to be seen as it comes. */
export const QUICK: Pace = { gap: 40, share: 0.3, retry: 1000 }
/** For figures: nobody reads one that changes more often, and each change costs a painting. */
export const CALM: Pace = { gap: 250, share: 0.25, retry: 1000 }

/** However slow the page is, it shows something new this often, in ms. */
const LONGEST_GAP = 500
/** How much the last pull counts in what pulls cost lately. */
const LAST = 0.2

/**
 * Pulls one frame at a time for as long as the page is visible: a pull starts only after the last one was applied
 * and painted, and a gap after the last began. A slow page thus gets fewer, fuller frames.
 */
export class PullLoop {
  readonly #surroundings: Surroundings
  readonly #pace: () => Pace
  readonly #pull: () => Promise<void>
  #running = false
  #busy = false
  #notBefore = 0
  /** What pulls cost lately, in ms. */
  #cost = 0
  #hurried = false
  #frame: number | null = null
  #timer: number | null = null

  /** `pull` asks, and applies the answer before it resolves; a rejection counts as a failure to wait after. */
  constructor(pull: () => Promise<void>, surroundings: Surroundings, pace: () => Pace) {
    this.#pull = pull
    this.#surroundings = surroundings
    this.#pace = pace
  }

  /** Pulls at once, before anything is painted or shown: there is nothing to see yet. */
  start(): void {
    this.#running = true
    void this.#once()
  }

  stop(): void {
    this.#running = false
    this.#cancel()
  }

  /** Something was chosen: the next pull doesn't wait for its turn. */
  hurry(): void {
    this.#hurried = true
    this.#schedule()
  }

  /** To be called when the page is hidden or shown. */
  visibilityChanged(): void {
    if (this.#surroundings.hidden()) this.#cancel()
    else this.hurry()
  }

  #schedule(): void {
    if (!this.#running || this.#busy || this.#surroundings.hidden()) return
    this.#cancel()
    const wait = this.#hurried ? 0 : this.#notBefore - this.#surroundings.now()
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
      if (!this.#surroundings.hidden()) void this.#once()
    })
  }

  async #once(): Promise<void> {
    if (!this.#running || this.#busy) return
    this.#busy = true
    this.#hurried = false
    const { now } = this.#surroundings
    const began = now()
    let wait: number
    try {
      await this.#pull()
      const applied = now() - began
      const { gap, share } = this.#pace()
      const cost = applied + (await this.#painted())
      this.#cost += (cost - this.#cost) * LAST
      const counts = Math.min(cost, this.#cost)
      wait = Math.min(Math.max(gap, counts / share), Math.max(gap, LONGEST_GAP))
    } catch {
      wait = this.#pace().retry
    }
    this.#notBefore = began + wait
    this.#busy = false
    this.#schedule()
  }

  /** Resolves after what was applied is painted, with how long the painting took. */
  #painted(): Promise<number> {
    const { now, requestFrame, setTimer, hidden } = this.#surroundings
    // A hidden page is not painted, and would be waited for until it is shown.
    if (hidden()) return Promise.resolve(0)
    return new Promise((resolve) => {
      requestFrame(() => {
        const began = now()
        setTimer(() => resolve(now() - began), 0)
      })
    })
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
