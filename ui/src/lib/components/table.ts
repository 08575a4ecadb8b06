import type { Snippet } from 'svelte'

/** A column of a `DataTable`. */
export interface Column<T> {
  key: string
  label: string
  /** What it is, for whom the label tells too little. */
  hint?: string
  /** A CSS grid track: "120px", "minmax(140px, 2fr)". */
  width: string
  /** It can be missed where there is no room for all columns; the one with the least number is the first that gives way. */
  givesWay?: number
  align?: 'end'
  sortable?: boolean
  mono?: boolean
  /** In the softer colour: what is read last. */
  soft?: boolean
  /** Draws the cell; `text` does where there is none. */
  cell?: Snippet<[T]>
  text?: (row: T) => string
  /** What is copied of a cell where that is not the text which is shown: a time instead of an age. */
  copied?: (row: T) => string
  /** A changed text glows once. */
  glows?: boolean
  /** It is not kept for when it is wanted again, but left out by whoever asked for it. */
  onremove?: () => void
}

/** How a table's columns were arranged: it is kept under the table's name. */
export interface Layout {
  /** Keys in their order; a column that is not named comes where it was made. */
  order: string[]
  hidden: string[]
  /** Widths in pixels of those that were drawn wider or narrower. */
  widths: Record<string, number>
}

export const AS_MADE: Layout = { order: [], hidden: [], widths: {} }
export const NARROWEST = 48
export const WIDEST = 1200
/** Of one table no more columns are remembered: a query may ask for any number. */
const MOST_COLUMNS = 200
const MOST_TABLES = 60

/** The columns that are shown, in their order and widths. The first stays where everything else is hidden. */
export function arranged<T>(columns: readonly Column<T>[], layout: Layout): Column<T>[] {
  const shown = ordered(columns, layout).filter(({ key }) => !layout.hidden.includes(key))
  return (shown.length > 0 ? shown : columns.slice(0, 1)).map((column) => {
    const width = layout.widths[column.key]
    return width === undefined ? column : { ...column, width: `${width}px` }
  })
}

/** All columns in their order, those that are hidden too. */
export function ordered<T extends { key: string }>(columns: readonly T[], layout: Layout): T[] {
  const places = new Map(layout.order.map((key, i) => [key, i]))
  // A column that is new comes after the one that it was made after.
  let last = -1
  const placed = columns.map((column, i) => {
    last = places.get(column.key) ?? last
    return { column, at: places.get(column.key) ?? last + 0.5, i }
  })
  return placed.sort((a, b) => a.at - b.at || a.i - b.i).map(({ column }) => column)
}

/** With a column moved over so many others. */
export function moved(
  columns: readonly { key: string }[],
  layout: Layout,
  key: string,
  by: number,
): Layout {
  const keys = ordered(columns, layout).map((column) => column.key)
  const visible = keys.filter((one) => !layout.hidden.includes(one))
  const from = visible.indexOf(key)
  const neighbour = visible[Math.min(visible.length - 1, Math.max(0, from + by))]
  if (from < 0 || neighbour === undefined || neighbour === key) return layout
  const rest = keys.filter((one) => one !== key)
  const at = rest.indexOf(neighbour) + (by > 0 ? 1 : 0)
  const order = rest.toSpliced(at, 0, key)
  // As it was made is no order of its own.
  return { ...layout, order: order.every((one, i) => one === columns[i]?.key) ? [] : order }
}

/** With a column of another width. */
export function resized(layout: Layout, key: string, width: number): Layout {
  const fits = Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)))
  return { ...layout, widths: { ...layout.widths, [key]: fits } }
}

/** With a column shown or hidden. */
export function shownOrNot(layout: Layout, key: string, shown: boolean): Layout {
  const hidden = layout.hidden.filter((one) => one !== key)
  return { ...layout, hidden: shown ? hidden : [...hidden, key] }
}

/** Reads one table's arrangement out of what was kept, of which nothing can be relied upon. */
export function readLayout(kept: unknown): Layout {
  if (typeof kept !== 'object' || kept === null) return AS_MADE
  const { order, hidden, widths } = kept as Record<string, unknown>
  const numbers = Object.entries(typeof widths === 'object' && widths !== null ? widths : {})
  return {
    order: words(order),
    hidden: words(hidden),
    widths: Object.fromEntries(
      numbers
        .filter(([, width]) => typeof width === 'number' && width >= NARROWEST && width <= WIDEST)
        .slice(0, MOST_COLUMNS) as [string, number][],
    ),
  }
}

/** Reads all tables' arrangements. */
export function readLayouts(kept: unknown): Record<string, Layout> {
  if (typeof kept !== 'object' || kept === null) return {}
  const tables = Object.entries(kept).slice(-MOST_TABLES)
  return Object.fromEntries(tables.map(([name, layout]) => [name, readLayout(layout)]))
}

function words(kept: unknown): string[] {
  return Array.isArray(kept)
    ? kept.filter((one): one is string => typeof one === 'string').slice(0, MOST_COLUMNS)
    : []
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

/** A part of a list. */
export interface Range {
  offset: number
  limit: number
}

/** The part to ask of the backend for a window: in steps, so that a small scroll asks for nothing. */
export function part(first: number, last: number, step = 50): Range {
  const offset = Math.floor(first / step) * step
  const end = Math.ceil(Math.max(last, first + 1) / step) * step
  return { offset, limit: end - offset }
}

/** So many rows beyond the edges are asked for while a list is scrolled. */
const AHEAD = 100
/** From so few on more are asked for. */
const NEAR = 50

/** The part to ask for while a list is scrolled: that which was asked for, until its edge comes near. */
export function ahead(before: Range | null, first: number, last: number, count: number): Range {
  const covers =
    before !== null &&
    before.offset <= Math.max(0, first - NEAR) &&
    before.offset + before.limit >= Math.min(count, last + NEAR)
  return covers ? before : part(Math.max(0, first - AHEAD), Math.min(count, last + AHEAD))
}
