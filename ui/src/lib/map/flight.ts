import { between, type View } from './projection'

/** How long it takes, in ms. */
const LASTS = 240

/** The way of a map from one view to another: a short flight, or at once where less motion is wanted. */
export class Flight {
  readonly #show: (view: View) => void
  #frame: number | null = null

  constructor(show: (view: View) => void) {
    this.#show = show
  }

  /** Sets out, from wherever it was on its way to. */
  go(from: View, to: View): void {
    this.land()
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return this.#show(to)
    const began = performance.now()
    const step = (now: number) => {
      const part = Math.min(1, Math.max(0, (now - began) / LASTS))
      this.#show(part < 1 ? between(from, to, 1 - (1 - part) ** 3) : to)
      this.#frame = part < 1 ? requestAnimationFrame(step) : null
    }
    this.#frame = requestAnimationFrame(step)
  }

  /** Stays where it is. */
  land(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    this.#frame = null
  }
}
