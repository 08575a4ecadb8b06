import type { Backend } from '../backend/backend'
import type { Scope, SeriesName } from '../backend/types'
import { clock } from '../live/clock.svelte'
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

/** How long after its end a span may still grow, in ms. */
const LATE = 65_000

interface Chart {
  wanted: () => Wanted
  draw: Draw
  /** What was drawn of a time that has ended. */
  settled: string | null
  /** When it has to be drawn once more: what comes late, and the minute that its end lies in, is there by then. */
  again: number | null
  /** It left while its numbers were on their way. */
  gone: boolean
}

/**
 * Fetches the numbers of all charts in sight, those of one span together in one call. A chart that scrolls out of
 * sight leaves, and costs nothing.
 */
export class SeriesHub {
  readonly #backend: Backend
  readonly #charts = new Map<symbol, Chart>()
  #busy = false
  #again = false
  #soon = false
  #holds = 0

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Adds a chart; answers what removes it. */
  add(wanted: () => Wanted, draw: Draw): () => void {
    const id = Symbol('chart')
    const chart: Chart = { wanted, draw, settled: null, again: null, gone: false }
    this.#charts.set(id, chart)
    this.#refreshSoon()
    return () => {
      chart.gone = true
      this.#charts.delete(id)
    }
  }

  /** Draws nothing until what it answers is called: nothing moves under a pointer that drags. */
  hold(): () => void {
    let held = true
    this.#holds++
    return () => {
      if (!held) return
      held = false
      this.#holds--
      if (this.#holds === 0) void this.refresh()
    }
  }

  /** Fetches and draws once, but for what has ended and is drawn. A call while one is under way makes one more after it. */
  async refresh(): Promise<void> {
    if (this.#holds > 0) return
    if (this.#busy) {
      this.#again = true
      return
    }
    this.#busy = true
    do {
      this.#again = false
      // Together, so that all of them are painted in one frame.
      await Promise.all(groups([...this.#charts.values()]).map((group) => this.#fetch(group)))
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
    if (this.#holds > 0) return
    let from = 0
    for (const chart of group.charts) {
      const to = from + chart.wanted.series.length
      if (!chart.of.gone)
        chart.of.draw({ times: columns.times, values: columns.values.slice(from, to) })
      settle(chart.of, chart.wanted)
      from = to
    }
  }
}

interface Group {
  of: Omit<Wanted, 'series'>
  charts: { wanted: Wanted; of: Chart }[]
}

function groups(charts: Chart[]): Group[] {
  const found = new Map<string, Group>()
  for (const chart of charts) {
    const wanted = chart.wanted()
    if (isSettled(chart, wanted)) continue
    const { span, until, points, scope } = wanted
    const key = JSON.stringify([span, until, points, scope])
    const group = found.get(key) ?? { of: { span, until, points, scope }, charts: [] }
    group.charts.push({ wanted, of: chart })
    found.set(key, group)
  }
  return [...found.values()]
}

function isSettled(chart: Chart, wanted: Wanted): boolean {
  if (chart.settled === null || chart.settled !== keyOf(wanted)) return false
  return chart.again === null || clock.moment() < chart.again
}

function settle(chart: Chart, wanted: Wanted): void {
  if (wanted.until === null) {
    chart.settled = null
    return
  }
  const whole = wanted.until + LATE
  chart.settled = keyOf(wanted)
  chart.again = clock.moment() < whole ? whole : null
}

function keyOf(wanted: Wanted): string {
  return JSON.stringify(wanted)
}
