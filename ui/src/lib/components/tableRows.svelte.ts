import { untrack } from 'svelte'
import type { Sort } from '../backend/types'
import type { Range } from './table'
import { byKey, current, inPlace, NONE, toggled, type Keyed, type RowSet } from './rowSet'

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

interface Listed<T> {
  rows: readonly T[]
  offset: number
  sort: Sort | null
}

/** How long after the pointer has moved rows keep their places. */
const POINTED = 1500

/** Rows that keep their places while the pointer moves over them: what is pointed at is what is clicked. */
export class Steady<T extends Keyed> {
  #pointing = $state(false)
  #places: { keys: string[]; offset: number; sort: Sort | null } | null = $state.raw(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #listed: () => Listed<T>

  constructor(listed: () => Listed<T>, wanted: () => boolean) {
    this.#listed = listed
    $effect(() => {
      const wants = this.#pointing && wanted()
      untrack(() => {
        const { rows, offset, sort } = listed()
        this.#places = wants ? { keys: rows.map((row) => row.key), offset, sort } : null
      })
    })
    $effect(() => () => clearTimeout(this.#timer))
  }

  get rows(): readonly T[] {
    const { rows, offset, sort } = this.#listed()
    const places = this.#places
    return places?.offset === offset && places.sort === sort ? inPlace(rows, places.keys) : rows
  }

  pointed(): void {
    this.#pointing = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.#pointing = false), POINTED)
  }

  left(): void {
    this.#pointing = false
  }
}
