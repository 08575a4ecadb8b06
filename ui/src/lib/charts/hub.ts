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
/** How long charts are drawn within one frame, in ms: the first of them, and others if it took less. */
const SLICE = 4

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
 * Fetches the numbers of all charts in sight, those of one span together in one call, and draws them over as many frames
 * as it takes: all in one would hold up what comes meanwhile. A chart that scrolls out of sight leaves, and costs nothing.
 */
export class SeriesHub {
  readonly #backend: Backend
  readonly #nextFrame: (draw: () => void) => void
  readonly #charts = new Map<symbol, Chart>()
  #busy = false
  #again = false
  #soon = false
  #holds = 0

  constructor(
    backend: Backend,
    nextFrame: (draw: () => void) => void = (draw) => requestAnimationFrame(draw),
  ) {
    this.#backend = backend
    this.#nextFrame = nextFrame
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
      const wanted = groups([...this.#charts.values()])
      const fetched = await Promise.all(wanted.map((group) => this.#fetch(group)))
      await this.#draw(fetched.flat())
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

  async #fetch(group: Group): Promise<Fetched[]> {
    const series = group.charts.flatMap((chart) => chart.wanted.series)
    if (series.length === 0) return []
    let columns: Columns
    try {
      columns = readColumns(await this.#backend.call('series', { spec: { ...group.of, series } }))
    } catch {
      // The pull says what is wrong; a chart keeps its last picture meanwhile.
      return []
    }
    let from = 0
    return group.charts.map((chart) => {
      const to = from + chart.wanted.series.length
      const values = columns.values.slice(from, to)
      from = to
      return { ...chart, columns: { times: columns.times, values } }
    })
  }

  /** Resolves when all are drawn, or have left, or a pointer drags: then all are fetched anew when it is let go. */
  #draw(fetched: Fetched[]): Promise<void> {
    if (fetched.length === 0) return Promise.resolve()
    return new Promise((resolve) => {
      let next = 0
      const slice = () => {
        const began = performance.now()
        while (this.#holds === 0 && next < fetched.length) {
          const { of, wanted, columns } = fetched[next++] as Fetched
          if (of.gone) continue
          of.draw(columns)
          settle(of, wanted)
          if (performance.now() - began >= SLICE) break
        }
        if (this.#holds > 0 || next === fetched.length) resolve()
        else this.#nextFrame(slice)
      }
      this.#nextFrame(slice)
    })
  }
}

interface Fetched {
  wanted: Wanted
  of: Chart
  columns: Columns
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
