/**
 * Reads something again whenever it is asked to: no sooner than `every` ms after it last began, and never while a reading is
 * under way, which would not end if each new one took its place. What is asked for meanwhile is read afterwards.
 */
export class Reread {
  readonly #read: () => Promise<void>
  readonly #every: number
  #timer: ReturnType<typeof setTimeout> | undefined
  #began = 0
  #isUnderWay = false
  #isWanted = false
  #isOver = false

  /** `read` says itself what failed: it does not throw. */
  constructor(read: () => Promise<void>, every: number) {
    this.#read = read
    this.#every = every
  }

  /** Whether what is read is of no use any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  ask(): void {
    if (this.#isOver) return
    this.#isWanted = true
    if (this.#isUnderWay) return
    clearTimeout(this.#timer)
    const left = Math.max(0, this.#began + this.#every - Date.now())
    this.#timer = setTimeout(() => void this.#begin(), left)
  }

  end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  async #begin(): Promise<void> {
    this.#isUnderWay = true
    this.#isWanted = false
    this.#began = Date.now()
    await this.#read()
    this.#isUnderWay = false
    if (this.#isWanted) this.ask()
  }
}
