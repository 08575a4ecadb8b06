import type { Keyed } from './rowSet'

/** An element that draws a row of a table, and another one later: making it anew for each row costs more than a picture's time. */
export interface Slot<T> {
  /** Stays the same while the element does. */
  readonly id: number
  /** The place in the list that it stands at. */
  readonly at: number
  /** What it draws; while its place waits, what it drew last, which is not shown. */
  readonly row: T | null
  /** The row of its place has not come yet. */
  readonly waits: boolean
}

/** What is to be drawn: the places from `first` to before `last`, of rows that begin at `offset`. */
export interface Drawn<T> {
  rows: readonly T[]
  offset: number
  first: number
  last: number
  /** A place keeps its element, whatever row comes to it; otherwise a row does, wherever it goes. */
  byPlace: boolean
  /** Nothing moves: elements stand in the order of their places, as they are read out. */
  still: boolean
}

/** Gives each row in sight an element: that which it has, else one whose row has left, else a new one. */
export class Slots<T extends Keyed> {
  #slots: readonly Slot<T>[] = []
  #next = 0

  /** The same slots are the same objects as before, and in the same order until it is still. */
  draw({ rows, offset, first, last, byPlace, still }: Drawn<T>): readonly Slot<T>[] {
    const wanted = new Map<string | number, { at: number; row: T | null }>()
    for (let at = first; at < last; at++) {
      const row = rows[at - offset] ?? null
      wanted.set(byPlace || !row ? at : row.key, { at, row })
    }
    const kept = this.#slots.map((slot) => {
      const name = byPlace ? slot.at : (slot.row?.key ?? slot.at)
      const place = wanted.get(name)
      wanted.delete(name)
      return { slot, place }
    })
    const rest = [...wanted.values()]
    const drawn: Slot<T>[] = []
    for (const { slot, place } of kept) {
      const next = place ?? rest.shift()
      if (next) drawn.push(moved(slot, next))
    }
    for (const { at, row } of rest) drawn.push({ id: this.#next++, at, row, waits: !row })
    if (still) drawn.sort((a, b) => a.at - b.at)
    const same =
      drawn.length === this.#slots.length && drawn.every((slot, i) => slot === this.#slots[i])
    if (!same) this.#slots = drawn
    return this.#slots
  }
}

function moved<T>(slot: Slot<T>, { at, row }: { at: number; row: T | null }): Slot<T> {
  const next = { id: slot.id, at, row: row ?? slot.row, waits: !row }
  const same = slot.at === next.at && slot.row === next.row && slot.waits === next.waits
  return same ? slot : next
}
