import type { RowsFrame } from '../types'

/** Remembers what was answered, so that the next answer is only the difference, as the real monitor's. */
export class Delta {
  readonly #sent = new Map<string, string>()
  readonly #rows = new Map<string, { order: string; rows: Map<string, string> }>()

  forget(): void {
    this.#sent.clear()
    this.#rows.clear()
  }

  /** The value, or null when it is what was sent last under that name. */
  once<T>(name: string, value: T): T | null {
    const text = JSON.stringify(value)
    if (this.#sent.get(name) === text) return null
    this.#sent.set(name, text)
    return value
  }

  rows<T extends { key: string }>(
    name: string,
    all: { total: number; matching: readonly T[] },
    offset: number,
    limit: number,
  ): RowsFrame<T> {
    const window = all.matching.slice(offset, offset + limit)
    const held = this.#rows.get(name)
    const rows = new Map(window.map((row) => [row.key, JSON.stringify(row)]))
    const order = JSON.stringify([...rows.keys()])
    this.#rows.set(name, { order, rows })
    return {
      total: all.total,
      matching: all.matching.length,
      offset,
      moved: false,
      order: held?.order === order ? null : window.map((row) => row.key),
      changed: window.filter((row) => held?.rows.get(row.key) !== rows.get(row.key)),
    }
  }
}
