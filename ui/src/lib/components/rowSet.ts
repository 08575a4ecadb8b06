export interface Keyed {
  key: string
}

/** Rows by their keys, in the order in which they were taken. */
export type RowSet<T> = ReadonlyMap<string, T>

export const NONE: RowSet<never> = new Map<string, never>()

export function byKey<T extends Keyed>(rows: readonly T[]): RowSet<T> {
  return new Map(rows.map((row) => [row.key, row]))
}

/** With a row, or without it where it was there; a full set takes none. */
export function toggled<T extends Keyed>(set: RowSet<T>, row: T, most: number): RowSet<T> {
  const rows = new Map(set)
  if (!rows.delete(row.key) && rows.size < most) rows.set(row.key, row)
  return rows
}

/** The rows of a set, as they are now where they are held. */
export function current<T extends Keyed>(set: RowSet<T>, held: readonly T[]): T[] {
  const now = byKey(held)
  return [...set.values()].map((row) => now.get(row.key) ?? row)
}

/** Rows in their places: the first stands at `offset`. */
export interface Placed<T> {
  rows: readonly T[]
  offset: number
}

/**
 * Rows in the places that they had, as far as they are still among them; what came since takes the places of what has
 * gone. So what is pointed at stays under the pointer while the order changes.
 */
export function inPlace<T extends Keyed>(now: Placed<T>, had: Placed<Keyed>): readonly T[] {
  const rows = byKey(now.rows)
  const at = (place: number): T | undefined => rows.get(had.rows[place - had.offset]?.key ?? '')
  const placed = now.rows.map((_, i) => at(now.offset + i))
  const kept = new Set(placed)
  const others = now.rows.filter((row) => !kept.has(row))
  return [...placed.flatMap((row) => row ?? others.shift() ?? []), ...others]
}
