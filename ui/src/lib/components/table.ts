import type { Snippet } from 'svelte'

/** A column of a `DataTable`. */
export interface Column<T> {
  key: string
  label: string
  /** A CSS grid track: "120px", "minmax(140px, 2fr)". */
  width: string
  align?: 'end'
  sortable?: boolean
  mono?: boolean
  /** In the softer colour: what is read last. */
  soft?: boolean
  /** Draws the cell; `text` does where there is none. */
  cell?: Snippet<[T]>
  text?: (row: T) => string
  /** A changed text glows once. */
  glows?: boolean
}

/** Between columns, and at either edge. */
const GAP = 16

/** The width in pixels under which columns would be cut: the least of each track, the gaps and the edges. */
export function leastWidth(columns: readonly { width: string }[]): number {
  const tracks = columns.map(({ width }) => Number(/(\d+)px/.exec(width)?.[1] ?? 0))
  return tracks.reduce((sum, track) => sum + track + GAP, GAP)
}

/** Rows that are to be drawn of a list, with some to spare beyond the edges. */
export function window(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
  spare = 6,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare)
  const last = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare)
  return { first, last: Math.max(first, last) }
}

/** The part to ask of the backend for a window: in steps, so that a small scroll asks for nothing. */
export function part(first: number, last: number, step = 50): { offset: number; limit: number } {
  const offset = Math.floor(first / step) * step
  const end = Math.ceil(Math.max(last, first + 1) / step) * step
  return { offset, limit: end - offset }
}
