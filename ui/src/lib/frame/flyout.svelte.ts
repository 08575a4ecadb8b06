/** How long what flies out is out at least, in ms. */
export const OUT = 10_000
/** What a hand at the window does. */
const HANDS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const

export type Corner = 'bottom' | 'top'

/**
 * What flies out of a rail that has no room for it. It goes in once it was out for some time and a hand moved after that: who
 * was not there has not seen it. It stays while it is pointed at or has the keys, and comes out again where its mark is.
 */
export class Flyout {
  /** It is new, and was not seen yet. */
  #new = $state(false)
  /** It is pointed at. */
  pointed = $state(false)
  /** The keys are in it. */
  focused = $state(false)
  /** Where it flies out: where nobody works. */
  corner: Corner = $state('bottom')
  readonly out = $derived(this.#new || this.pointed || this.focused)

  /** Something new flies out. What is answered ends the waiting for who sees it. */
  begin(corner: Corner): () => void {
    // What is being read does not jump.
    if (!this.out) this.corner = corner
    this.#new = true
    const seen = () => {
      this.#new = false
      stop()
    }
    const stop = () => HANDS.forEach((hand) => removeEventListener(hand, seen, true))
    const timer = setTimeout(
      () => HANDS.forEach((hand) => addEventListener(hand, seen, { capture: true, passive: true })),
      OUT,
    )
    return () => {
      clearTimeout(timer)
      stop()
    }
  }

  /** What is left to show is not new. */
  goIn(): void {
    this.#new = false
  }

  /** Nothing is left to show. */
  end(): void {
    this.#new = this.pointed = this.focused = false
  }
}

/**
 * The corner beside the rail in which nobody works: the upper one where the keys or the pointer are in the lower. `reach` is
 * how far a corner reaches from the lower left of the window, in pixels.
 */
export function freeCorner(
  window: { width: number; height: number },
  reach: { width: number; height: number },
  places: readonly { left: number; top: number; bottom: number }[],
): Corner {
  const isIn = ({ left, bottom }: { left: number; bottom: number }) =>
    left < Math.min(reach.width, window.width) && bottom > window.height - reach.height
  // What is as high as the window is no place to work at, but holds those.
  const worked = places.filter(({ top, bottom }) => bottom - top < window.height / 2)
  return worked.some(isIn) ? 'top' : 'bottom'
}
