import type { Component } from 'svelte'

/** How long the page rests between two parts that are fetched ahead, in ms. */
const REST = 50

/** A part of the page in a file of its own: it is fetched when it is first needed, or ahead when the page rests. */
export class Part<Props extends object> {
  /** What is drawn; null until it was fetched. */
  component: Component<Props> | null = $state.raw(null)
  #fetching: Promise<void> | null = null
  readonly #from: () => Promise<{ default: Component<Props> }>

  constructor(from: () => Promise<{ default: Component<Props> }>) {
    this.#from = from
  }

  /** A part that is in the first file, and needs no fetching. */
  static of<Props extends object>(component: Component<Props>): Part<Props> {
    const part = new Part(() => Promise.resolve({ default: component }))
    part.component = component
    return part
  }

  /** Fetches it, once; where that failed, again. Never rejects: what could not be had is still no component. */
  load(): Promise<void> {
    if (this.component) return Promise.resolve()
    this.#fetching ??= this.#load()
    return this.#fetching
  }

  async #load(): Promise<void> {
    try {
      this.component = (await this.#from()).default
    } catch {
      this.#fetching = null
    }
  }
}

/** Something that is fetched. */
type Fetched = Pick<Part<never>, 'load'>

/** Fetches parts one after the other, with a rest between them; answers what ends it. */
export function prefetch(parts: readonly Fetched[], after: number): () => void {
  let timer = setTimeout(next, after, 0)
  function next(index: number) {
    void parts[index]?.load().then(() => {
      if (!ended) timer = setTimeout(next, REST, index + 1)
    })
  }
  let ended = false
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
