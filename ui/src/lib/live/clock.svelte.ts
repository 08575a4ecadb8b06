/** The clock goes on by itself when nobody has set it for this long, in ms. */
const LATE = 1_500

/** The backend's clock, in whole seconds, so that what shows an age is drawn once a second and not at every frame. */
class Clock {
  /** Milliseconds since 1970, a whole second. It goes on while paused: an age is never held back. */
  now = $state(floor(Date.now()))
  /** When the operator paused; null while live. */
  heldAt: number | null = $state(null)
  #skew = 0
  #timer: ReturnType<typeof setInterval> | null = null

  /**
   * Ticks by itself when the backend stops answering, so that an age goes on. While it answers the frames make the clock
   * tick: what changes with the second is painted together with what they bring.
   */
  start(): () => void {
    this.#timer = setInterval(() => {
      if (!document.hidden && this.moment() - this.now >= LATE) this.#tick()
    }, 250)
    return () => {
      if (this.#timer !== null) clearInterval(this.#timer)
    }
  }

  /** Says whether it shows another second than before. */
  set(now: number): boolean {
    const before = this.now
    this.#skew = now - Date.now()
    this.#tick()
    return this.now !== before
  }

  /** The moment, not held and not rounded. */
  moment(): number {
    return Date.now() + this.#skew
  }

  hold(held: boolean): void {
    this.heldAt = held ? this.moment() : null
    this.#tick()
  }

  #tick(): void {
    this.now = floor(this.moment())
  }
}

function floor(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

export const clock = new Clock()
