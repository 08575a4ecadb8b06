/** What is on something: the pointer, or the focus that keys moved. */
export type Hand = 'pointer' | 'focus'

/** How long it is not held after it was let go: in that time the answer to another question comes. */
const AWAY = 1_000

/** Whether something is in use. A pointer or a focus that rests on it for long is nobody's. To be made while a component is. */
export class InUse {
  /** It is, just now. */
  now = $state(false)
  /** It was let go for a moment, whatever is on it. */
  away = $state(false)
  #resting: ReturnType<typeof setTimeout> | undefined
  #returning: ReturnType<typeof setTimeout> | undefined
  /** What is on it, moved or not. */
  readonly #on: Record<Hand, boolean> = { pointer: false, focus: false }
  readonly #rest: number

  /** `rest`: how long what does not move counts, in ms. */
  constructor(rest: number) {
    this.#rest = rest
    $effect(() => () => {
      clearTimeout(this.#resting)
      clearTimeout(this.#returning)
    })
  }

  /** The pointer moved over it, or a key went through it. */
  used(hand: Hand): void {
    this.#on[hand] = true
    this.#hold()
  }

  /** The pointer or the focus is elsewhere: the other one holds it on. */
  left(hand: Hand): void {
    this.#on[hand] = false
    if (this.#isOn) return
    clearTimeout(this.#resting)
    this.now = false
  }

  /** Lets go until the answer to what was just asked is there; then what is still on it counts again. */
  letGo(): void {
    clearTimeout(this.#resting)
    clearTimeout(this.#returning)
    this.now = false
    this.away = true
    this.#returning = setTimeout(() => {
      this.away = false
      if (this.#isOn) this.#hold()
    }, AWAY)
  }

  get #isOn(): boolean {
    return this.#on.pointer || this.#on.focus
  }

  #hold(): void {
    if (this.away) return
    this.now = true
    clearTimeout(this.#resting)
    this.#resting = setTimeout(() => (this.now = false), this.#rest)
  }
}
