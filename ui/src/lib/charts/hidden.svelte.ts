import { SvelteSet } from 'svelte/reactivity'
import type { SeriesName } from '../backend/types'

/** Lines that were hidden by the operator, wherever they are drawn: for as long as the page lives. */
class HiddenLines {
  readonly #keys = new SvelteSet<string>()
  /** Whether any line ever was. */
  touched = false

  has(name: SeriesName): boolean {
    return this.#keys.has(JSON.stringify(name))
  }

  toggle(name: SeriesName): void {
    const key = JSON.stringify(name)
    this.touched = true
    if (!this.#keys.delete(key)) this.#keys.add(key)
  }
}

export const hidden = new HiddenLines()
