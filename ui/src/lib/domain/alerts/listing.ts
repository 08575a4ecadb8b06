import type { AlertGroup, AlertRow } from '../../backend/types'
import type { RowList } from '../../live/rows'

/** One line of the list: the head of a group, or an alert; null rows are on their way. */
export type Line =
  | { kind: 'group'; key: string; at: number; group: AlertGroup; unfolded: boolean }
  | { kind: 'alert'; key: string; at: number; row: AlertRow | null }

interface Part {
  group: AlertGroup
  unfolded: boolean
  /** The line of its head. */
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

/** Groups up to this size are shown unfolded until the operator says otherwise. */
const SMALL = 8
/** So many groups are unfolded at the most: each is named in every pull. */
const MOST_UNFOLDED = 200

/** The groups whose rows are shown: as chosen, and the small ones by themselves. */
export function unfoldedOf(
  groups: readonly AlertGroup[],
  chosen: ReadonlyMap<string, boolean>,
): string[] {
  return groups
    .filter((group) => chosen.get(group.key) ?? group.total <= SMALL)
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
    parts.push({ group, unfolded: open, line, row })
    line += 1 + (open ? group.total : 0)
    row += open ? group.total : 0
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

function rowsBefore(parts: readonly Part[], line: number): number {
  const part = parts.findLast((one) => one.line < line)
  if (!part) return 0
  const within = part.unfolded ? Math.min(line - part.line - 1, part.group.total) : 0
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
  if (part && part.line === at) {
    const { group, unfolded } = part
    return { kind: 'group', key: `group ${group.key}`, at, group, unfolded }
  }
  const index = part ? part.row + at - part.line - 1 : at
  const held = list.rows[index - list.offset]
  const row = held && (!part || held.group === part.group.key) ? held : null
  return { kind: 'alert', key: row?.key ?? `line ${at}`, at, row }
}

/** The line of a group's head that a line stands under; null for a head and in a flat list. */
export function headOf(layout: Layout, at: number): number | null {
  const part = layout.parts?.findLast((one) => one.line <= at)
  return part && part.line !== at ? part.line : null
}
