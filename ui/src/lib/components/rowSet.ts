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

/**
 * Rows in the places they had, as far as they are still among them; what came since takes the places of what has gone.
 * So what is pointed at stays under the pointer while the order changes.
 */
export function inPlace<T extends Keyed>(
  rows: readonly T[],
  keys: readonly string[],
): readonly T[] {
  const held = new Map(rows.map((row) => [row.key, row]))
  const known = new Set(keys)
  const others = rows.filter((row) => !known.has(row.key))
  const placed = keys.flatMap((key) => held.get(key) ?? others.shift() ?? [])
  return [...placed, ...others]
}
