import type { TimeZone } from './format'

export type Theme = 'system' | 'dark' | 'light'

interface Kept {
  theme: Theme
  utc: boolean
  span: number
  deviceColumns: string[]
  deviceView: 'board' | 'table'
  queries: string[]
}

const KEY = 'signalbox.look'
const DEFAULTS: Kept = {
  theme: 'system',
  utc: false,
  span: 300,
  deviceColumns: ['battery_voltage', 'speed'],
  deviceView: 'board',
  queries: [],
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

  get deviceView(): 'board' | 'table' {
    return this.#kept.deviceView
  }
  set deviceView(deviceView: 'board' | 'table') {
    this.#set({ deviceView })
  }

  /** Saved queries of the SQL console, the latest first. */
  get queries(): string[] {
    return this.#kept.queries
  }
  set queries(queries: string[]) {
    this.#set({ queries: queries.slice(0, 50) })
  }

  get zone(): TimeZone {
    return { utc: this.#kept.utc, name: SYSTEM_ZONE }
  }

  /** Puts the theme on the document; the system's is followed unless one is set. */
  apply(): void {
    const dark =
      this.theme === 'dark' ||
      (this.theme === 'system' && !matchMedia('(prefers-color-scheme: light)').matches)
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }

  /** Follows the system while the theme is `system`; answers what ends it. */
  follow(): () => void {
    this.apply()
    const query = matchMedia('(prefers-color-scheme: light)')
    const onChange = () => this.apply()
    query.addEventListener('change', onChange)
    return () => query.removeEventListener('change', onChange)
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
    return { ...DEFAULTS, ...(typeof kept === 'object' ? kept : {}) }
  } catch {
    return { ...DEFAULTS }
  }
}

/** Where the operator is, by the system. */
export const SYSTEM_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

export const preferences = new Preferences()
