import type { Backend } from '../backend/backend'
import type { Scope, SeriesName } from '../backend/types'
import { readColumns, type Columns } from './series'

/** What a chart in sight wants. */
export interface Wanted {
  series: SeriesName[]
  /** Seconds. */
  span: number
  until: number | null
  points: number
  scope: Scope
}

type Draw = (columns: Columns) => void

/**
 * Fetches the numbers of all charts in sight, those of one span together in one call. A chart that scrolls out of
 * sight leaves, and costs nothing.
 */
export class SeriesHub {
  readonly #backend: Backend
  readonly #charts = new Map<symbol, { wanted: () => Wanted; draw: Draw }>()
  #busy = false
  #again = false
  #soon = false

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Adds a chart; answers what removes it. */
  add(wanted: () => Wanted, draw: Draw): () => void {
    const id = Symbol('chart')
    this.#charts.set(id, { wanted, draw })
    this.#refreshSoon()
    return () => this.#charts.delete(id)
  }

  /** Fetches and draws once. A call while one is under way makes one more after it. */
  async refresh(): Promise<void> {
    if (this.#busy) {
      this.#again = true
      return
    }
    this.#busy = true
    do {
      this.#again = false
      for (const group of groups([...this.#charts.values()])) await this.#fetch(group)
    } while (this.#again)
    this.#busy = false
  }

  /** The charts that appear together are fetched together. */
  #refreshSoon(): void {
    if (this.#soon) return
    this.#soon = true
    setTimeout(() => {
      this.#soon = false
      void this.refresh()
    }, 0)
  }

  async #fetch(group: Group): Promise<void> {
    const series = group.charts.flatMap((chart) => chart.wanted.series)
    if (series.length === 0) return
    let columns: Columns
    try {
      columns = readColumns(await this.#backend.call('series', { spec: { ...group.of, series } }))
    } catch {
      // The pull says what is wrong; a chart keeps its last picture meanwhile.
      return
    }
    let from = 0
    for (const chart of group.charts) {
      const to = from + chart.wanted.series.length
      chart.draw({ times: columns.times, values: columns.values.slice(from, to) })
      from = to
    }
  }
}

interface Group {
  of: Omit<Wanted, 'series'>
  charts: { wanted: Wanted; draw: Draw }[]
}

function groups(charts: { wanted: () => Wanted; draw: Draw }[]): Group[] {
  const found = new Map<string, Group>()
  for (const { wanted: ask, draw } of charts) {
    const wanted = ask()
    const { span, until, points, scope } = wanted
    const key = JSON.stringify([span, until, points, scope])
    const group = found.get(key) ?? { of: { span, until, points, scope }, charts: [] }
    group.charts.push({ wanted, draw })
    found.set(key, group)
  }
  return [...found.values()]
}
