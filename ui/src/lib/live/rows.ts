import type { RowsFrame } from '../backend/types'

/** A window into a longer list, as the page holds it. A row that did not change is the same object as before. */
export interface RowList<T> {
  readonly total: number
  readonly matching: number
  readonly offset: number
  /** Some stand elsewhere than in their order, as they are held. */
  readonly moved?: boolean
  readonly rows: readonly T[]
}

export const NO_ROWS: RowList<never> = { total: 0, matching: 0, offset: 0, rows: [] }

/** Applies what changed. Rows that `order` names and nobody has sent are left out: a hole can't be drawn. */
export function applyRows<T extends { key: string }>(
  list: RowList<T>,
  frame: RowsFrame<T>,
): RowList<T> {
  return {
    total: frame.total,
    matching: frame.matching,
    offset: frame.offset,
    moved: frame.moved,
    rows: mergeRows(list.rows, frame),
  }
}

function mergeRows<T extends { key: string }>(
  rows: readonly T[],
  frame: RowsFrame<T>,
): readonly T[] {
  if (frame.order === null && frame.changed.length === 0) return rows
  const changed = new Map(frame.changed.map((row) => [row.key, row]))
  if (frame.order === null) return rows.map((row) => changed.get(row.key) ?? row)
  const held = new Map(rows.map((row) => [row.key, row]))
  return frame.order.flatMap((key) => changed.get(key) ?? held.get(key) ?? [])
}
