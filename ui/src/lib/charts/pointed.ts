/**
 * The pointer over an element, for as long as the element is under it. What scrolls away from under a pointer that rests,
 * or gives way to something else, is told of no leave: it is asked here what lies there now.
 */
export class Pointed {
  readonly #element: () => Element
  readonly #gone: () => void
  /** Where the pointer was last, in px of the window; null while it is elsewhere. */
  #at: readonly [number, number] | null = null

  /** `gone` is called when the element isn't under the pointer any more, and the pointer did not move. */
  constructor(element: () => Element, gone: () => void) {
    this.#element = element
    this.#gone = gone
  }

  get on(): boolean {
    return this.#at !== null
  }

  /** The pointer moved over the element. */
  moved({ clientX, clientY }: PointerEvent): void {
    if (!this.on) {
      addEventListener('scroll', this.check, { capture: true, passive: true })
      addEventListener('resize', this.check)
      addEventListener('blur', this.#gone)
      document.documentElement.addEventListener('pointerleave', this.#gone)
    }
    this.#at = [clientX, clientY]
  }

  /** Looks whether the element is still there. */
  readonly check = (): void => {
    if (!this.#at) return
    const under = document.elementFromPoint(...this.#at)
    if (!under || !this.#element().contains(under)) this.#gone()
  }

  /** The pointer left, or leads no more. */
  end(): void {
    this.#at = null
    removeEventListener('scroll', this.check, { capture: true })
    removeEventListener('resize', this.check)
    removeEventListener('blur', this.#gone)
    document.documentElement.removeEventListener('pointerleave', this.#gone)
  }
}
