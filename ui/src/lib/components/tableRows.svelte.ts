import { untrack } from 'svelte'
import type { HeldRows } from '../backend/types'
import { InUse, type Hand } from './inUse.svelte'
import type { Range } from './table'
import {
  byKey,
  current,
  inPlace,
  NONE,
  toggled,
  type Keyed,
  type Placed,
  type RowSet,
} from './rowSet'

/** Rows of a list that are held, and where they begin in it. */
interface Held<T> {
  rows: readonly T[]
  offset: number
  count: number
}

/** Gets rows that are not held. */
export type Fetch<T> = (range: Range) => Promise<readonly T[]>

/** The most rows that can be chosen at once. */
export const MOST_CHOSEN = 10_000
/** Rows that are asked for at a time. */
const PAGE = 500

/** The rows of a table that were chosen: each by its key, as it was when it was chosen. */
export class Chosen<T extends Keyed> {
  rows: RowSet<T> = $state.raw(NONE)
  /** How many could not be chosen, for there were too many or they could not be had. */
  leftOut = $state(0)
  /** Rows that are not held are being asked for. */
  busy = $state(false)
  #turn = 0

  has(row: T): boolean {
    return this.rows.has(row.key)
  }

  clear(): void {
    this.#turn += 1
    this.busy = false
    this.leftOut = 0
    if (this.rows.size > 0) this.rows = NONE
  }

  toggle(row: T): void {
    this.#turn += 1
    this.busy = false
    this.rows = toggled(this.rows, row, MOST_CHOSEN)
    this.leftOut = 0
  }

  /** Chooses the rows from one place to another, in place of what was chosen. What is not held is asked for. */
  async range(from: number, to: number, held: Held<T>, fetch?: Fetch<T>): Promise<void> {
    const turn = (this.#turn += 1)
    const [first, last] = [
      Math.max(0, Math.min(from, to)),
      Math.min(held.count - 1, Math.max(from, to)),
    ]
    const wanted = last - first + 1
    const rows: T[] = []
    const isHeld = first >= held.offset && last < held.offset + held.rows.length
    if (isHeld || !fetch) {
      rows.push(...held.rows.slice(Math.max(0, first - held.offset), last + 1 - held.offset))
    } else {
      this.busy = true
      try {
        const most = Math.min(wanted, MOST_CHOSEN)
        for (let got = 0; got < most; got += PAGE) {
          const page = await fetch({ offset: first + got, limit: Math.min(PAGE, most - got) })
          if (turn !== this.#turn) return
          rows.push(...page)
          if (page.length === 0) break
        }
      } finally {
        if (turn === this.#turn) this.busy = false
      }
    }
    this.rows = byKey(rows.slice(0, MOST_CHOSEN))
    this.leftOut = Math.max(0, wanted - this.rows.size)
  }

  /** The chosen rows, as they are now where they are held. */
  current(held: readonly T[]): T[] {
    return current(this.rows, held)
  }
}

interface Listed<T> extends Placed<T> {
  /** What was asked: to another question the rows that answer it come at once. */
  asked: string
}

/** How long a pointer or a focus that rests on rows keeps them in their places. */
const REST = 60_000

/**
 * Rows that keep their places while they are in use: what is pointed at is what is clicked. Where the backend holds more
 * of the list than is shown it is told `held`, so that none of them leaves. To be made while a component is.
 */
export class Steady<T extends Keyed> {
  readonly #hands = new InUse(REST)
  #kept: Listed<T> | null = $state.raw(null)
  readonly #listed: () => Listed<T>
  readonly #asked = $derived.by(() => this.#listed().asked)

  constructor(listed: () => Listed<T>, wanted: () => boolean = () => true) {
    this.#listed = listed
    let before = untrack(() => this.#asked)
    $effect(() => {
      if (this.#asked === before) return
      before = this.#asked
      untrack(() => this.#hands.letGo())
    })
    // What comes meanwhile keeps the place that it takes, too.
    $effect(() => {
      const { offset, asked } = listed()
      const holds = this.#hands.now && wanted()
      untrack(() => {
        const next = holds ? { offset, asked, rows: this.rows } : null
        if (!next || !this.#kept || !isSame(next, this.#kept)) this.#kept = next
      })
    })
  }

  get rows(): readonly T[] {
    const { rows, offset, asked } = this.#listed()
    const kept = this.#kept
    return kept?.asked === asked ? inPlace({ rows, offset }, kept) : rows
  }

  /** Some stand elsewhere than in the order that they have by now. */
  readonly moved = $derived.by(() => {
    const { rows } = this.#listed()
    return this.rows.some((row, at) => row !== rows[at])
  })

  /** What keeps its place. */
  readonly held: HeldRows | null = $derived.by(() => {
    const kept = this.#kept
    if (kept?.asked !== this.#asked) return null
    return { offset: kept.offset, keys: kept.rows.map(({ key }) => key) }
  })

  /** The pointer moved over them, or a key went through them. */
  used(hand: Hand): void {
    this.#hands.used(hand)
  }

  /** The pointer or the focus is elsewhere. */
  left(hand: Hand): void {
    this.#hands.left(hand)
  }
}

/** Whether the same rows stand in the same places. */
function isSame<T extends Keyed>(a: Listed<T>, b: Listed<T>): boolean {
  return (
    a.asked === b.asked &&
    a.offset === b.offset &&
    a.rows.length === b.rows.length &&
    a.rows.every(({ key }, at) => key === b.rows[at]?.key)
  )
}
