import type { Backend } from '../../backend/backend'
import type { AlertFilter, AlertGroup, AlertRow, Scope, Span } from '../../backend/types'

/** So many alerts are named before something is done about them; the rest is counted. */
export const NAMED = 5

/** The first of these alerts, as far as they are held. */
export function heldOf(
  keys: readonly string[],
  rows: ReadonlyMap<string, AlertRow>,
): readonly AlertRow[] {
  return keys.flatMap((key) => rows.get(key) ?? []).slice(0, NAMED)
}

/** These alerts, as far as they are held, by their keys. */
export function knownOf(
  keys: Iterable<string>,
  rows: ReadonlyMap<string, AlertRow>,
): ReadonlyMap<string, AlertRow> {
  const held = [...keys].flatMap((key) => rows.get(key) ?? [])
  return new Map(held.map((row) => [row.key, row]))
}

interface Asked {
  scope: Scope
  past: Span | null
  filter: AlertFilter
}

/** All groups of what passes a filter: a flat list comes without them. */
export async function groupsOf(backend: Backend, asked: Asked): Promise<readonly AlertGroup[]> {
  const frame = await look(backend, asked, [])
  return frame?.groups ?? []
}

/** The first of these alerts, asked for: those of a group that is folded are not held. */
export async function askedFor(
  backend: Backend,
  keys: readonly string[],
  groups: readonly AlertGroup[],
  asked: Asked,
): Promise<readonly AlertRow[]> {
  const wanted = new Set(keys)
  const unfolded = groups
    .filter((group) => group.open.some((key) => wanted.has(key)))
    .slice(0, NAMED)
    .map((group) => group.key)
  const frame = await look(backend, asked, unfolded)
  return (frame?.alerts.changed ?? []).filter((row) => wanted.has(row.key)).slice(0, NAMED)
}

async function look(backend: Backend, { scope, past, filter }: Asked, unfolded: string[]) {
  const screen = {
    screen: 'alerts' as const,
    filter,
    grouped: true,
    unfolded,
    offset: 0,
    limit: 200,
  }
  const frame = await backend.call('look', { spec: { have: 0, scope, past, screen } })
  return frame.screen.screen === 'alerts' ? frame.screen : null
}
