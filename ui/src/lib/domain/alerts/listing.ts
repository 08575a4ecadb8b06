import type { AlertGroup, AlertRow } from '../../backend/types'
import type { RowList } from '../../live/rows'

/** One line of the list: the head of a group, or an alert, which may be `under` one. A null row is on its way. */
export type Line =
  | { kind: 'group'; key: string; at: number; group: AlertGroup; unfolded: boolean }
  | { kind: 'alert'; key: string; at: number; row: AlertRow | null; under: boolean }

interface Part {
  group: AlertGroup
  unfolded: boolean
  /** Whether it has a head: one alert by itself needs none. */
  headed: boolean
  /** Its first line. */
  line: number
  /** How many rows come before its own, of the groups that are unfolded. */
  row: number
}

/** Where everything is in the list, without the rows themselves, of which only a part is held. */
export interface Layout {
  lines: number
  /** Null where the list is flat: a line is a row. */
  parts: readonly Part[] | null
}

/** Of every line, in pixels. */
export const LINE_HEIGHT = 36
/** Groups up to this size are shown unfolded until the operator says otherwise. */
const SMALL = 8
/** So many groups are unfolded at the most: each is named in every pull. */
const MOST_UNFOLDED = 200

/** One that was shown unfolded does not fold itself while it grows up to this size. */
const LARGE = 50

/** The groups whose rows are shown: as chosen, and the small ones by themselves, also as they grow since `before`. */
export function unfoldedOf(
  groups: readonly AlertGroup[],
  chosen: ReadonlyMap<string, boolean>,
  before: ReadonlySet<string> = new Set(),
): string[] {
  return groups
    .filter(({ key, total }) => chosen.get(key) ?? total <= (before.has(key) ? LARGE : SMALL))
    .slice(0, MOST_UNFOLDED)
    .map((group) => group.key)
}

export function flatLayout(count: number): Layout {
  return { lines: count, parts: null }
}

export function groupedLayout(
  groups: readonly AlertGroup[],
  unfolded: ReadonlySet<string>,
): Layout {
  const parts: Part[] = []
  let line = 0
  let row = 0
  for (const group of groups) {
    const open = unfolded.has(group.key)
    const headed = !open || group.total !== 1
    const rows = open ? group.total : 0
    parts.push({ group, unfolded: open, headed, line, row })
    line += heads(headed) + rows
    row += rows
  }
  return { lines: line, parts }
}

/** The rows that lines from `first` up to `last` show, as the backend counts them. */
export function rowsWithin(
  layout: Layout,
  first: number,
  last: number,
): { first: number; last: number } {
  if (!layout.parts) return { first, last }
  return { first: rowsBefore(layout.parts, first), last: rowsBefore(layout.parts, last) }
}

function heads(headed: boolean): number {
  return headed ? 1 : 0
}

function rowsBefore(parts: readonly Part[], line: number): number {
  const part = parts.findLast((one) => one.line < line)
  if (!part) return 0
  const past = line - part.line - heads(part.headed)
  const within = part.unfolded ? Math.min(past, part.group.total) : 0
  return part.row + within
}

/** The lines from `first` up to `last`. A row of another group than its place says is of an older frame: left out. */
export function linesWithin(
  layout: Layout,
  list: RowList<AlertRow>,
  first: number,
  last: number,
): Line[] {
  const lines: Line[] = []
  for (let at = first; at < Math.min(last, layout.lines); at++) lines.push(lineAt(layout, list, at))
  return lines
}

export function lineAt(layout: Layout, list: RowList<AlertRow>, at: number): Line {
  const part = layout.parts?.findLast((one) => one.line <= at)
  if (part?.headed && part.line === at) {
    const { group, unfolded } = part
    return { kind: 'group', key: `group ${group.key}`, at, group, unfolded }
  }
  const index = part ? part.row + at - part.line - heads(part.headed) : at
  const held = list.rows[index - list.offset]
  const row = held && (!part || held.group === part.group.key) ? held : null
  return { kind: 'alert', key: row?.key ?? `line ${at}`, at, row, under: part?.headed ?? false }
}

/** The line of a group's head that a line stands under; null for a head and in a flat list. */
export function headOf(layout: Layout, at: number): number | null {
  const part = layout.parts?.findLast((one) => one.line <= at)
  return part?.headed && part.line !== at ? part.line : null
}
