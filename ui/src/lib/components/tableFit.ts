import { arranged, type Column, type Layout } from './table'

/** Between columns, and before the first. */
export const GAP = 16
/** What is left free at the end: for the button that arranges the columns, and for what leads to those that have no room. */
export const STRIP = 36

type Wide = Pick<Column<never>, 'width'>

/** Which columns are drawn: the first, which stays, and of the others those from `from` to before `to`, each as a whole. */
export interface Fit {
  from: number
  to: number
}

/** The least width of a column in px, of its track. */
export function least({ width }: Wide): number {
  return Number(/(\d+)px/.exec(width)?.[1] ?? 0)
}

/** The width in px that columns need, with the gaps and edges. */
export function leastWidth(columns: readonly Wide[], end = GAP): number {
  return columns.reduce((sum, column) => sum + least(column) + GAP, end)
}

/** How wide the first column is drawn where there is not room for all: it leaves half of it to the others. */
export function firstWidth(columns: readonly Wide[], room: number): number {
  return Math.min(columns[0] ? least(columns[0]) : 0, Math.floor((room - GAP) / 2))
}

/**
 * The columns in the order in which they have room, those that are hidden too: of one that nobody has arranged, those that
 * can be missed the soonest go behind the others, until these have room.
 */
export function giveWay<T>(
  made: readonly Column<T>[],
  layout: Layout,
  width: number,
  end: number,
): readonly Column<T>[] {
  const shown = arranged(made, layout)
  if (layout.order.length > 0 || leastWidth(shown, end) <= width) return made
  const yielding = shown
    .filter((column) => column.givesWay !== undefined)
    .sort((a, b) => (a.givesWay ?? 0) - (b.givesWay ?? 0))
  const gone = new Set<string>()
  let needed = leastWidth(shown, STRIP)
  for (const column of yielding) {
    if (needed <= width) break
    needed -= least(column) + GAP
    gone.add(column.key)
  }
  return [...made.filter(({ key }) => !gone.has(key)), ...made.filter(({ key }) => gone.has(key))]
}

/** The columns that have room beside the first in so many px, beginning with one or as near to it as leaves no room unused. */
export function fit(columns: readonly Wide[], room: number, from: number): Fit {
  const last = columns.length
  const begin = Math.min(Math.max(1, from), endingWith(columns, room, last))
  let to = begin
  let left = beside(columns, room)
  while (to < last && (to === begin || left >= needs(columns, to))) left -= needs(columns, to++)
  return { from: begin, to }
}

/** Where to begin so that the column before `to` is the last that has room. */
export function endingWith(columns: readonly Wide[], room: number, to: number): number {
  let from = Math.max(1, to - 1)
  let left = beside(columns, room) - needs(columns, from)
  while (from > 1 && left >= needs(columns, from - 1)) left -= needs(columns, --from)
  return from
}

/** What the first column leaves to the others. */
function beside(columns: readonly Wide[], room: number): number {
  return room - firstWidth(columns, room) - GAP
}

function needs(columns: readonly Wide[], at: number): number {
  const column = columns[at]
  return column ? least(column) + GAP : 0
}
