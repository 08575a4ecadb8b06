import { ahead, part, window as windowOf, type Range } from './table'

/** The height of a table's head. */
const HEAD = 32
/** How long after it was scrolled a table rests, in ms. */
const REST = 200

/** What of a table is in sight, and what is asked of the backend for it. To be made while a component is. */
export class TableSight {
  /** How high the table is. */
  height = $state(400)
  /** It was scrolled just now, and will be further: what comes next is asked for before it is in sight. */
  moving = $state(false)
  #top = $state(0)
  #resting: ReturnType<typeof setTimeout> | undefined
  #asked: Range | null = null
  readonly #of: () => { rowHeight: number; count: number }
  readonly #window = $derived.by(() => {
    const { rowHeight, count } = this.#of()
    return windowOf(this.#top, this.room, rowHeight, count)
  })
  /** The places that are drawn, from one to before the other: two numbers, which stay while the same rows are in sight. */
  readonly first = $derived(this.#window.first)
  readonly last = $derived(this.#window.last)
  /** The part of the list to ask for; the same object while it is the same part. */
  readonly asked = $derived.by(() => {
    const { first, last } = this
    const before = this.#asked
    const next = this.moving ? ahead(before, first, last, this.#of().count) : part(first, last)
    const same = before?.offset === next.offset && before.limit === next.limit
    return (this.#asked = same ? before : next)
  })

  constructor(of: () => { rowHeight: number; count: number }) {
    this.#of = of
    $effect(() => () => clearTimeout(this.#resting))
  }

  /** What the head leaves for rows. */
  get room(): number {
    return this.height - HEAD
  }

  get top(): number {
    return this.#top
  }

  /** It was scrolled to there. */
  scrolled(top: number): void {
    this.#top = top
    this.moving = true
    clearTimeout(this.#resting)
    this.#resting = setTimeout(() => (this.moving = false), REST)
  }
}
