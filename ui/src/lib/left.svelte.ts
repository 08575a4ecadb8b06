import type { Attachment } from 'svelte/attachments'
import { focusIsFree } from './keys/focused'

/** Of so many places of the window's history it is known how they were left; the oldest is forgotten. */
const MOST = 50

/**
 * How the places of the window's history were left. Who goes back finds a place so: what keeps something is asked how it
 * stands when its place is left, and told so when it is made again for that place.
 */
class Left {
  #here = ''
  readonly #places = new Map<string, ReadonlyMap<string, unknown>>()
  /** What of the place in sight keeps something. */
  readonly #parts = new Map<string, () => unknown>()

  /** The place in sight is left for another: a new one, or one that was left before. */
  go(to: string): void {
    this.#places.delete(this.#here)
    this.#places.set(this.#here, new Map([...this.#parts].map(([name, read]) => [name, read()])))
    for (const oldest of this.#places.keys()) {
      if (this.#places.size <= MOST) break
      this.#places.delete(oldest)
    }
    // What is in sight a moment longer is of the place before.
    this.#parts.clear()
    this.#here = to
  }

  /** The name of the place in sight. */
  name(here: string): void {
    this.#here = here
  }

  /** How a part of this place was left; undefined where it was not. */
  was(part: string): unknown {
    return this.#places.get(this.#here)?.get(part)
  }

  /** Asks a part how it stands when its place is left; answers what ends that. */
  keep(part: string, read: () => unknown): () => void {
    this.#parts.set(part, read)
    return () => {
      if (this.#parts.get(part) === read) this.#parts.delete(part)
    }
  }
}

export const left = new Left()

/** Keeps a part of a screen for when its place is gone back to. To be called while the screen is made. */
export function keepHere<T>(part: string, read: () => T, write: (was: T) => void): void {
  const was = left.was(part)
  if (was !== undefined) write(was as T)
  $effect(() => left.keep(part, read))
}

/** How far something was scrolled, and what in it had the keys or was pressed last. */
interface Stood {
  top: number
  on: string | null
}

/**
 * Keeps of an element how far it is scrolled and which of its buttons and links has the keys; what of that is in an
 * element of its own that is kept, is kept with that one.
 */
export function stays(part: string): Attachment<HTMLElement> {
  return (element) => {
    element.dataset.stays = part
    const was = left.was(part) as Stood | undefined
    let pressed: string | null = null
    const onclick = ({ target }: MouseEvent) => {
      if (target instanceof Element) pressed = addressIn(element, target) ?? pressed
    }
    element.addEventListener('click', onclick)
    const keeps = left.keep(part, (): Stood => {
      const { activeElement } = document
      const on = activeElement && addressIn(element, activeElement)
      return { top: element.scrollTop, on: on ?? (focusIsFree() ? pressed : null) }
    })
    const ends = was ? putBack(element, was) : () => {}
    return () => {
      element.removeEventListener('click', onclick)
      keeps()
      ends()
    }
  }
}

/** How long it is waited for what was left, in ms. */
const PATIENCE = 5000

/** Puts an element back as soon as it has all that it needs, unless a hand comes first. Answers what ends that. */
function putBack(element: HTMLElement, { top, on }: Stood): () => void {
  let scrolled = top === 0
  let focused = on === null
  const seen = new MutationObserver(attempt)
  const hands = ['keydown', 'pointerdown', 'wheel'] as const
  // What is not there by then is gone, or the list is shorter than it was.
  const late = setTimeout(() => end(), PATIENCE)
  const end = () => {
    clearTimeout(late)
    seen.disconnect()
    hands.forEach((hand) => window.removeEventListener(hand, end, { capture: true }))
  }
  function attempt() {
    if (!scrolled) {
      element.scrollTop = top
      scrolled = element.scrollTop >= top - 1
    }
    const target = focused || on === null ? null : element.querySelector<HTMLElement>(on)
    if (target) {
      focused = true
      if (focusIsFree()) target.focus({ preventScroll: true })
      target.scrollIntoView?.({ block: 'nearest' })
    }
    if (scrolled && focused) end()
  }
  hands.forEach((hand) => window.addEventListener(hand, end, { capture: true, passive: true }))
  seen.observe(element, { childList: true, subtree: true })
  attempt()
  return end
}

/** What finds the button or link again that something is in. */
function addressIn(element: HTMLElement, within: Element): string | null {
  const target = within.closest<HTMLElement>('button, a[href]')
  if (!target || target.closest('[data-stays]') !== element) return null
  const { key, testid } = target.dataset
  if (key !== undefined) return `[data-key="${CSS.escape(key)}"]`
  if (testid !== undefined) return `[data-testid="${CSS.escape(testid)}"]`
  const href = target.getAttribute('href')
  return href === null ? null : `a[href="${CSS.escape(href)}"]`
}
