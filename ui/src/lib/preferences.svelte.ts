import { AS_MADE, readLayouts, type Layout } from './components/table'
import type { TimeZone } from './format'
import { readViews, type SavedView } from './views/look'

export type Theme = 'system' | 'dark' | 'light' | 'contrast'

/** How large everything may be shown, in per cent. */
export const ZOOMS = [100, 110, 125, 150, 175, 200] as const

/** A statement of the SQL console that was kept under a name. */
export interface SavedQuery {
  name: string
  sql: string
}

/** A question of the SQL console to several organisations: the run of each, what was asked and when. */
export interface Asked {
  runs: readonly { connection: string; org: string; run: number }[]
  unsent: readonly string[]
  at: number
  sql: string
}

/** A query that was run, or one question to several organisations: what is left of it when its rows are gone. */
export interface Ran {
  /** Unlike that of any other. */
  key: string
  /** What it was sent to. */
  runs: Asked['runs']
  sql: string
  at: number
  /** Who was asked; null where it was several. */
  org: string | null
  /** Organisations that were asked, and those of which it is known what came. */
  asked: number
  known: number
  ended: boolean
  stopped: boolean
  /** Of one that has ended. */
  rows: number
  /** Organisations in which it failed as a whole, and what the first said. */
  failed: number
  error: string | null
  /** No host of those that were asked answered. */
  silent: boolean
}

/** What was removed from the history; the program may list its runs still. */
export type Forgotten = Pick<Ran, 'key' | 'at' | 'runs'>

interface Kept {
  theme: Theme
  utc: boolean
  span: number
  deviceColumns: string[]
  deviceView: 'board' | 'table' | 'map'
  tables: Record<string, Layout>
  mapList: boolean
  queries: SavedQuery[]
  eventFilters: string[]
  queryOrg: string | null
  asked: readonly Asked[]
  ran: readonly Ran[]
  forgotten: readonly Forgotten[]
  zoom: number
  views: SavedView[]
  viewsOpen: boolean
}

const KEY = 'signalbox.look'
const MOST_ASKED = 20
const MOST_RAN = 50
/** More than are listed at once. */
const MOST_FORGOTTEN = 100
/** Of a statement that is longer it is not remembered that it was run, nor whom it was asked. */
const LONGEST_SQL = 4000
/** The fields of devices that are columns to begin with. */
export const DEVICE_COLUMNS: readonly string[] = ['battery_voltage', 'speed']
const DEFAULTS: Kept = {
  theme: 'system',
  utc: false,
  span: 300,
  deviceColumns: [...DEVICE_COLUMNS],
  deviceView: 'board',
  tables: {},
  mapList: true,
  queries: [],
  eventFilters: [],
  queryOrg: null,
  asked: [],
  ran: [],
  forgotten: [],
  zoom: 100,
  views: [],
  viewsOpen: true,
}

/** How this window looks: kept by the page itself, since nothing else depends on it. */
class Preferences {
  #kept: Kept = $state(read())

  get theme(): Theme {
    return this.#kept.theme
  }
  set theme(theme: Theme) {
    this.#set({ theme })
    this.apply()
  }

  get utc(): boolean {
    return this.#kept.utc
  }
  set utc(utc: boolean) {
    this.#set({ utc })
  }

  /** The charts' span in seconds. */
  get span(): number {
    return this.#kept.span
  }
  set span(span: number) {
    this.#set({ span })
  }

  get deviceColumns(): string[] {
    return this.#kept.deviceColumns
  }
  set deviceColumns(deviceColumns: string[]) {
    this.#set({ deviceColumns })
  }

  get deviceView(): 'board' | 'table' | 'map' {
    return this.#kept.deviceView
  }
  set deviceView(deviceView: 'board' | 'table' | 'map') {
    this.#set({ deviceView })
  }

  /** Whether a map lists beside it what is in sight. */
  get mapList(): boolean {
    return this.#kept.mapList
  }
  set mapList(mapList: boolean) {
    this.#set({ mapList })
  }

  /** How the columns of a table were arranged. */
  layoutOf(table: string): Layout {
    return this.#kept.tables[table] ?? AS_MADE
  }
  keepLayout(table: string, layout: Layout): void {
    const others = Object.entries(this.#kept.tables).filter(([name]) => name !== table)
    this.#set({ tables: readLayouts(Object.fromEntries([...others, [table, layout]])) })
  }

  /** Saved queries of the SQL console, the latest first. */
  get queries(): SavedQuery[] {
    return this.#kept.queries
  }
  set queries(queries: SavedQuery[]) {
    this.#set({ queries: queries.slice(0, 50) })
  }

  /** The organisation that the SQL console asks. */
  get queryOrg(): string | null {
    return this.#kept.queryOrg
  }
  set queryOrg(queryOrg: string | null) {
    this.#set({ queryOrg })
  }

  /** The questions to several organisations, the latest first. */
  get asked(): readonly Asked[] {
    return this.#kept.asked
  }
  set asked(asked: readonly Asked[]) {
    this.#set({ asked: asked.filter(({ sql }) => sql.length <= LONGEST_SQL).slice(0, MOST_ASKED) })
  }

  /** The queries that were run, the latest first. */
  get ran(): readonly Ran[] {
    return this.#kept.ran
  }
  set ran(ran: readonly Ran[]) {
    const next = ran.filter(({ sql }) => sql.length <= LONGEST_SQL).slice(0, MOST_RAN)
    if (JSON.stringify(next) !== JSON.stringify(this.#kept.ran)) this.#set({ ran: next })
  }

  /** What was removed from the history of queries, the latest first. */
  get forgotten(): readonly Forgotten[] {
    return this.#kept.forgotten
  }
  set forgotten(forgotten: readonly Forgotten[]) {
    this.#set({ forgotten: forgotten.slice(0, MOST_FORGOTTEN) })
  }

  /** What events were filtered by, the latest first. */
  get eventFilters(): string[] {
    return this.#kept.eventFilters
  }
  rememberEventFilter(filter: string): void {
    const others = this.#kept.eventFilters.filter((one) => one !== filter)
    this.#set({ eventFilters: [filter.slice(0, 500), ...others].slice(0, 20) })
  }

  get zone(): TimeZone {
    return { utc: this.#kept.utc, name: SYSTEM_ZONE }
  }

  /** How large everything is shown, in per cent; the window does it (`lib/frame/pageZoom.svelte.ts`). */
  get zoom(): number {
    return this.#kept.zoom
  }
  set zoom(zoom: number) {
    this.#set({ zoom: nearestZoom(zoom) })
  }

  /** One size larger or smaller; there is an end to both. */
  zoomBy(steps: 1 | -1): void {
    const at = ZOOMS.findIndex((zoom) => zoom === this.zoom) + steps
    this.zoom = ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at))] ?? 100
  }

  get views(): SavedView[] {
    return this.#kept.views
  }
  set views(views: SavedView[]) {
    this.#set({ views })
  }

  /** Whether the rail lists the saved views. */
  get viewsOpen(): boolean {
    return this.#kept.viewsOpen
  }
  set viewsOpen(viewsOpen: boolean) {
    this.#set({ viewsOpen })
  }

  /** Puts the theme on the document; the system's is followed unless one is set. */
  apply(): void {
    document.documentElement.dataset.theme = paletteOf(this.theme, {
      light: matchMedia('(prefers-color-scheme: light)').matches,
      contrast: matchMedia('(prefers-contrast: more)').matches,
    })
  }

  /** Follows the system where it is not overruled; answers what ends it. */
  follow(): () => void {
    this.apply()
    const queries = ['(prefers-color-scheme: light)', '(prefers-contrast: more)'].map((query) =>
      matchMedia(query),
    )
    const onChange = () => this.apply()
    queries.forEach((query) => query.addEventListener('change', onChange))
    return () => queries.forEach((query) => query.removeEventListener('change', onChange))
  }

  #set(change: Partial<Kept>): void {
    Object.assign(this.#kept, change)
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#kept))
    } catch {
      // Without storage the choice holds until the window closes.
    }
  }
}

function read(): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    const all: Kept = { ...DEFAULTS, ...(typeof kept === 'object' ? kept : {}) }
    return {
      ...all,
      zoom: nearestZoom(all.zoom),
      queries: readQueries(all.queries),
      views: readViews(all.views),
      tables: readLayouts(all.tables),
      queryOrg: typeof all.queryOrg === 'string' ? all.queryOrg : null,
      asked: readAsked(all.asked),
      ran: readRan(all.ran),
      forgotten: readForgotten(all.forgotten),
      eventFilters: Array.isArray(all.eventFilters)
        ? all.eventFilters.filter((one) => typeof one === 'string').slice(0, 20)
        : [],
    }
  } catch {
    return { ...DEFAULTS }
  }
}

export type PaletteName = 'dark' | 'light' | 'contrast' | 'contrast-light'

/** The colours that a theme means on this system: who asks the system for more contrast gets it in every theme. */
export function paletteOf(
  theme: Theme,
  system: { light: boolean; contrast: boolean },
): PaletteName {
  if (theme === 'contrast') return 'contrast'
  const light = theme === 'light' || (theme === 'system' && system.light)
  if (system.contrast) return light ? 'contrast-light' : 'contrast'
  return light ? 'light' : 'dark'
}

/** Those without a name, as they were once kept, are called by their text. */
function readQueries(kept: unknown): SavedQuery[] {
  if (!Array.isArray(kept)) return []
  return kept.flatMap((query: unknown) => {
    if (typeof query === 'string') return [{ name: query.slice(0, 60), sql: query }]
    const { name, sql } = (query ?? {}) as Partial<SavedQuery>
    return typeof name === 'string' && typeof sql === 'string' ? [{ name, sql }] : []
  })
}

function readAsked(kept: unknown): Asked[] {
  if (!Array.isArray(kept)) return []
  const found = kept.flatMap((one: unknown) => {
    const { runs, unsent, at, sql } = (one ?? {}) as Partial<Asked>
    const isWhole =
      Array.isArray(runs) &&
      Array.isArray(unsent) &&
      typeof at === 'number' &&
      typeof sql === 'string'
    return isWhole && runs.every(isRun) && unsent.every((name) => typeof name === 'string')
      ? [{ runs, unsent, at, sql }]
      : []
  })
  return found.slice(0, MOST_ASKED)
}

function readRan(kept: unknown): Ran[] {
  if (!Array.isArray(kept)) return []
  const found = kept.flatMap((one: unknown) => {
    const ran = (one ?? {}) as Partial<Ran>
    const { key, runs, sql, at, org, asked, known, ended, stopped, rows, failed, error, silent } =
      ran
    const isWhole =
      Array.isArray(runs) &&
      runs.every(isRun) &&
      [key, sql].every((text) => typeof text === 'string') &&
      [org, error].every((text) => text === null || typeof text === 'string') &&
      [at, asked, known, rows, failed].every((number) => typeof number === 'number') &&
      [ended, stopped, silent].every((flag) => typeof flag === 'boolean')
    return isWhole ? [ran as Ran] : []
  })
  const isFirst = ({ key }: Ran, place: number) =>
    found.findIndex((one) => one.key === key) === place
  return found.filter(isFirst).slice(0, MOST_RAN)
}

function readForgotten(kept: unknown): Forgotten[] {
  if (!Array.isArray(kept)) return []
  const found = kept.flatMap((one: unknown) => {
    const { key, at, runs } = (one ?? {}) as Partial<Forgotten>
    const isWhole = typeof key === 'string' && typeof at === 'number' && Array.isArray(runs)
    return isWhole && runs.every(isRun) ? [{ key, at, runs }] : []
  })
  return found.slice(0, MOST_FORGOTTEN)
}

function isRun(kept: unknown): boolean {
  const { connection, org, run } = (kept ?? {}) as Partial<Asked['runs'][number]>
  return typeof connection === 'string' && typeof org === 'string' && typeof run === 'number'
}

function nearestZoom(zoom: unknown): number {
  return ZOOMS.findLast((one) => typeof zoom === 'number' && one <= zoom) ?? 100
}

/** Where the operator is, by the system. */
export const SYSTEM_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

export const preferences = new Preferences()
