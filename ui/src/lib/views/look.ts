import type { Scope, Sort } from '../backend/types'
import { AS_MADE, readLayout, type Layout } from '../components/table'

/** The screens that can be looked at in more than one way. */
export const VIEWED = ['devices', 'events', 'alerts', 'hosts', 'signals', 'agents', 'jobs'] as const
export type ViewedScreen = (typeof VIEWED)[number]

/** How a screen is looked at: what of it applies is the screen's own matter. */
export interface Look {
  filter?: string
  sort?: Sort | null
  columns?: string[]
  /** What is chosen beside the filter: a stream, states, a way of showing. */
  choices?: Record<string, string | number | boolean | string[] | null>
  /** How the columns of the screen's table are arranged. */
  layout?: Layout
}

/** The name of each screen's table. */
export const TABLES: Partial<Record<ViewedScreen, string>> = {
  devices: 'devices',
  events: 'events',
  hosts: 'hosts',
  jobs: 'definitions',
}

/** A screen as it is looked at. */
export interface Seen {
  screen: ViewedScreen
  scope: Scope
  look: Look
}

export interface SavedView extends Seen {
  /** No two have the same. */
  name: string
}

/** More than these are not kept; the oldest goes. */
export const MOST_VIEWS = 50
export const LONGEST_NAME = 60

/** Reads what was kept, of which nothing can be relied upon; what is not a view is left out. */
export function readViews(kept: unknown): SavedView[] {
  if (!Array.isArray(kept)) return []
  const names = new Set<string>()
  return kept
    .flatMap((one: unknown) => {
      const view = readView(one)
      if (!view || names.has(view.name)) return []
      names.add(view.name)
      return [view]
    })
    .slice(0, MOST_VIEWS)
}

function readView(kept: unknown): SavedView | null {
  if (!isRecord(kept) || typeof kept.name !== 'string') return null
  const screen = VIEWED.find((one) => one === kept.screen)
  const name = kept.name.trim().slice(0, LONGEST_NAME)
  if (!screen || name === '') return null
  return { name, screen, scope: readScope(kept.scope), look: readLook(kept.look) }
}

export function readScope(kept: unknown): Scope {
  if (isRecord(kept) && typeof kept.name === 'string')
    if (kept.kind === 'connection' || kept.kind === 'tag')
      return { kind: kept.kind, name: kept.name }
  return { kind: 'all' }
}

export function readLook(kept: unknown): Look {
  if (!isRecord(kept)) return {}
  const { filter, sort, columns, choices, layout } = kept
  const look: Look = {}
  if (typeof filter === 'string') look.filter = filter
  if (sort === null) look.sort = null
  if (isRecord(sort) && typeof sort.column === 'string')
    look.sort = { column: sort.column, descending: sort.descending === true }
  if (isWords(columns)) look.columns = columns
  if (isRecord(choices))
    look.choices = Object.fromEntries(Object.entries(choices).filter(isChoice)) as Look['choices']
  if (isRecord(layout)) look.layout = readLayout(layout)
  return look
}

/** Whether what is looked at is as it was saved. What a view does not say, as one of long ago, may be anything. */
export function isAsSaved(saved: Seen, now: Seen): boolean {
  const { filter, sort, columns, choices, layout } = saved.look
  const are = now.look
  return (
    saved.scope.kind === now.scope.kind &&
    nameOf(saved.scope) === nameOf(now.scope) &&
    (filter === undefined || filter.trim() === (are.filter ?? '').trim()) &&
    (sort === undefined || isSame(sort, are.sort ?? null)) &&
    (columns === undefined || isSame(columns, are.columns ?? [])) &&
    Object.entries(choices ?? {}).every(([key, value]) =>
      isSame(unordered(value), unordered(are.choices?.[key])),
    ) &&
    (layout === undefined || isSame(arrangement(layout), arrangement(are.layout ?? AS_MADE)))
  )
}

function nameOf(scope: Scope): string {
  return scope.kind === 'all' ? '' : scope.name
}

/** Of several that are chosen none comes first. */
function unordered(value: unknown): unknown {
  return isWords(value) ? value.toSorted() : value
}

function arrangement({ order, hidden, widths }: Layout): unknown {
  return [order, hidden.toSorted(), Object.entries(widths).toSorted()]
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

/** With the fields of a record in the order of their names. */
function sorted(value: unknown): unknown {
  return isRecord(value) ? Object.entries(value).toSorted() : value
}

function isChoice([, value]: [string, unknown]): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) || isWords(value)
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is looked at, in a line: "Devices · locks-eu · battery_voltage<11.5". */
export function viewWords({ screen, scope, look }: Seen): string {
  const chosen = Object.values(look.choices ?? {})
    .flat()
    .filter((value) => typeof value === 'string' && value !== '')
  const parts = [
    screen.charAt(0).toUpperCase() + screen.slice(1),
    scope.kind === 'all' ? '' : scope.kind === 'tag' ? `tag ${scope.name}` : scope.name,
    look.filter ?? '',
    chosen.join(', '),
    look.sort ? `by ${look.sort.column}` : '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}
