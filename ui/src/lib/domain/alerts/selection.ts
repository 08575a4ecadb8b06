import type { AlertGroup, AlertRow } from '../../backend/types'
import type { Line } from './listing'

/** The keys of alerts that were chosen. Only what is open can be: nothing can be done about the rest. */
export type Selection = ReadonlySet<string>

export const NOTHING: Selection = new Set()

/** Whether all, some or none of these are chosen. */
export function share(selection: Selection, keys: readonly string[]): 'all' | 'some' | 'none' {
  const chosen = keys.filter((key) => selection.has(key)).length
  if (chosen === 0) return 'none'
  return chosen === keys.length ? 'all' : 'some'
}

/** Chooses these, or lets them go when all of them were chosen. */
export function toggled(selection: Selection, keys: readonly string[]): Selection {
  if (share(selection, keys) !== 'all') return new Set([...selection, ...keys])
  const gone = new Set(keys)
  return new Set([...selection].filter((key) => !gone.has(key)))
}

/** What a line stands for: an open alert, or all open ones of a group. */
export function keysOf(line: Line): readonly string[] {
  if (line.kind === 'group') return line.group.open
  return line.row && isOpen(line.row) ? [line.row.key] : []
}

export function isOpen(row: AlertRow): boolean {
  return row.state !== 'resolved'
}

/** With the lines from the one that was chosen last up to this one. */
export function extended(selection: Selection, lines: readonly Line[]): Selection {
  // A group that is unfolded has its rows among the lines: its head stands for none of them here.
  const keys = lines.flatMap((line) =>
    line.kind === 'group' && line.unfolded ? [] : [...keysOf(line)],
  )
  return new Set([...selection, ...keys])
}

/** Every open alert of these groups. */
export function everyOpen(groups: readonly AlertGroup[]): Selection {
  return new Set(groups.flatMap((group) => group.open))
}

/**
 * Without what is over by now or no longer passes the filter: nothing is acted upon that is not there. A flat list has
 * no groups to tell by (`there` is null): then only what is seen to be over is let go.
 */
export function stillThere(
  selection: Selection,
  there: Selection | null,
  rows: readonly AlertRow[],
): Selection {
  const over = new Set(rows.filter((row) => !isOpen(row)).map((row) => row.key))
  const stays = (key: string) => (there?.has(key) ?? true) && !over.has(key)
  if ([...selection].every(stays)) return selection
  return new Set([...selection].filter(stays))
}
