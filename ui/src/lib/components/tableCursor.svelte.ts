import { toasts } from '../toasts.svelte'
import type { Keyed } from './rowSet'
import { Chosen, type Fetch } from './tableRows.svelte'

interface Table<T> {
  rows: readonly T[]
  /** Where these begin in the list, and how many it has in all. */
  offset: number
  count: number
  /** How many columns there are. */
  across: number
  fetch?: Fetch<T>
  /** Told the row that the keys are on. */
  onactive?: (row: T | null) => void
}

/** Where the keys are in a table, and the rows that are chosen from there. To be made while a component is. */
export class Cursor<T extends Keyed> {
  /** The place of the row that the keys are on; -1 for none. It follows its row while rows move. */
  active = $state(-1)
  /** The column that the keys are on; -1 for the whole row. */
  cell = $state(-1)
  readonly chosen = new Chosen<T>()
  #key = ''
  /** Where a range of chosen rows begins. */
  #anchor = -1
  readonly #table: () => Table<T>

  constructor(table: () => Table<T>) {
    this.#table = table
    // The list may become shorter than where we are.
    $effect(() => {
      const { rows, offset, count } = table()
      const at = rows.findIndex(({ key }) => key === this.#key)
      if (at >= 0) this.active = offset + at
      else if (this.active >= count) this.active = count - 1
    })
    $effect(() => {
      const { across } = table()
      if (this.cell >= across) this.cell = across - 1
    })
  }

  /** The key of its row, and of the one that it seeks; empty for none. */
  get key(): string {
    return this.#key
  }

  /** Goes to the row with this key as soon as it is there. */
  seek(key: string): void {
    this.#key = key
  }

  /** Its row has not come yet, or is gone. */
  get seeks(): boolean {
    return this.active < 0 && this.#key !== ''
  }

  get row(): T | undefined {
    return this.active < 0 ? undefined : this.rowAt(this.active)
  }

  rowAt(at: number): T | undefined {
    const { rows, offset } = this.#table()
    return rows[at - offset]
  }

  activate(at: number): void {
    this.active = at
    const row = this.rowAt(at)
    this.#key = row?.key ?? ''
    this.#table().onactive?.(row ?? null)
  }

  /** Goes to a row, or as near to it as there are any, and chooses all up to it; false where there is none. */
  go(to: number, extend: boolean): boolean {
    const at = Math.min(this.#table().count - 1, Math.max(0, to))
    if (at < 0) return false
    if (this.#anchor < 0 || !extend) this.#anchor = extend && this.active >= 0 ? this.active : at
    this.activate(at)
    if (extend) this.#choose(at)
    return true
  }

  /** Goes so many cells on. */
  turn(by: 1 | -1): void {
    this.cell = Math.min(this.#table().across - 1, Math.max(-1, this.cell + by))
  }

  /** Begins anew on its row: nothing is chosen. */
  begin(): void {
    this.#anchor = this.active
    this.chosen.clear()
  }

  /** Chooses the rows from where it began to its row; false where it did not begin yet. */
  extend(): boolean {
    if (this.#anchor < 0) return false
    this.#choose(this.active)
    return true
  }

  /** Chooses its row, or no longer. */
  toggle(): void {
    const { row } = this
    if (!row) return
    this.#anchor = this.active
    this.chosen.toggle(row)
  }

  chooseAll(): void {
    this.#anchor = 0
    this.#choose(this.#table().count - 1)
  }

  #choose(to: number): void {
    const { rows, offset, count, fetch } = this.#table()
    this.chosen
      .range(this.#anchor, to, { rows, offset, count }, fetch)
      .catch((thrown: unknown) => toasts.failed(thrown, 'The rows could not be selected'))
  }
}
