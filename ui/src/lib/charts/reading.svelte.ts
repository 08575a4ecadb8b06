import type { ThresholdRow } from '../backend/types'
import { dayTime, number, short, time } from '../format'
import { clock } from '../live/clock.svelte'
import { zoomWords } from '../live/zoom.svelte'
import { preferences } from '../preferences.svelte'
import { endsInGap } from './gaps'
import { heardOf, partWords } from './heard'
import { hidden } from './hidden.svelte'
import { summarise, type ChartShown, type Columns } from './series'
import { chartWords } from './words'

const NONE = new Float64Array()

/** What is drawn. */
interface Drawn extends Pick<ChartShown, 'title' | 'lines' | 'unit' | 'floating'> {
  thresholds: readonly ThresholdRow[]
  /** What the charts show: so many seconds, until a moment or now. */
  window: { span: number; until: number | null }
  /** It is of another time, whose day is told as well. */
  past: boolean
}

/** What is read off a chart: the values at its crosshair or the latest, and its summary. */
export class Reading {
  /** Of each line one column, and maybe one more of how much was heard of them. */
  columns: Columns = $state.raw({ times: NONE, values: [] })
  /** The sample at the crosshair. */
  hovered: number | null = $state(null)
  /** Where a span begins that is chosen by keyboard, in ms. */
  mark: number | null = $state(null)
  readonly #of: () => Drawn
  readonly #lines = $derived.by(() => this.#of().lines)
  /** How much of each minute was heard of what the lines count; nothing where they count nothing. */
  readonly heard = $derived.by(() =>
    heardOf(this.#lines).length > 0 ? (this.columns.values[this.#lines.length] ?? []) : [],
  )
  readonly summaries = $derived.by(() =>
    this.#lines.map((_, i) => summarise(this.#column(i), this.heard)),
  )
  /** No line has a value yet. */
  readonly waiting = $derived.by(() => this.summaries.every(({ last }) => last === null))
  /** The places of the lines that are not hidden. */
  readonly visible = $derived.by(() =>
    this.#lines.flatMap(({ name }, i) => (hidden.has(name) ? [] : [i])),
  )
  /** The moment at the crosshair, in ms. */
  readonly at = $derived.by(() =>
    this.hovered === null ? null : (this.columns.times[this.hovered] ?? null),
  )
  readonly atWords = $derived.by(() => {
    if (this.at === null) return ''
    return (this.#of().past ? dayTime : time)(this.at, preferences.zone)
  })
  /** How much was counted of what the legend says. */
  readonly part = $derived.by(() => {
    const latest = this.visible.map((i) => this.#column(i).findLastIndex(Number.isFinite))
    return partWords(this.heard, this.hovered ?? Math.max(-1, ...latest))
  })
  /** What is said of the crosshair. */
  readonly said = $derived.by(() => {
    const { hovered, mark } = this
    if (hovered === null) return 'The latest values. Left and right move the crosshair.'
    const values = this.visible.map((i) => `${this.#label(i)} ${this.shown(i) ?? 'no data'}`)
    const chosen = mark === null ? '' : ` From ${time(mark, preferences.zone)}: Enter zooms.`
    return `${this.atWords}: ${[...values, this.part].filter((words) => words !== '').join(', ')}.${chosen}`
  })
  // Words of their own: they stay as the clock goes on, and the sentences with them.
  readonly #span = $derived.by(() => spanWords(this.#of().window))
  /** The chart in sentences. */
  readonly summary = $derived.by(() => {
    const { title, unit = '', thresholds, window } = this.#of()
    return chartWords({
      title,
      span: this.#span,
      unit,
      lines: this.visible.map((i) => ({ label: this.#label(i), values: this.#column(i) })),
      thresholds,
      heard: this.heard,
      live: window.until === null,
    })
  })

  constructor(of: () => Drawn) {
    this.#of = of
  }

  /** A value in words, with its unit. */
  readonly say = (value: number | null): string => {
    const { floating, unit = '' } = this.#of()
    return `${(floating ? number : short)(value)}${unit}`
  }

  /** What the legend says of a line: at the crosshair, or the latest. A latest value that is old is none. */
  shown(i: number): string | null {
    const { hovered } = this
    const column = this.#column(i)
    if (hovered === null) {
      const last = this.summaries[i]?.last ?? null
      return last === null || endsInGap(column) ? null : this.say(last)
    }
    const value = column[hovered] ?? NaN
    if (Number.isNaN(value)) return null
    return this.say(Number.isFinite(value) ? value : null)
  }

  #column(i: number): Float64Array {
    return this.columns.values[i] ?? NONE
  }

  #label(i: number): string {
    return this.#lines[i]?.label ?? ''
  }
}

function spanWords({ span, until }: Drawn['window']): string {
  if (until === null) return `the last ${span >= 3600 ? `${span / 3600} h` : `${span / 60} min`}`
  return zoomWords({ from: until - span * 1000, to: until }, clock.now, preferences.zone)
}
