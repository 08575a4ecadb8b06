/** Shows a moment in a chart, in ms; null takes it away. */
type Show = (at: number | null) => void

/** The moment that is pointed at in one chart and shown in all that are in sight. */
export class Crosshair {
  readonly #charts = new Map<symbol, Show>()
  readonly #nextFrame: (callback: () => void) => void
  #at: number | null = null
  #from: symbol | null = null
  #waiting = false

  constructor(
    nextFrame: (callback: () => void) => void = (callback) => requestAnimationFrame(callback),
  ) {
    this.#nextFrame = nextFrame
  }

  /** The moment; null while nothing is pointed at. */
  get at(): number | null {
    return this.#at
  }

  /** Whether it was set in that chart. */
  isOf(chart: symbol): boolean {
    return this.#from === chart
  }

  /** A chart came in sight; answers what is to be called when it leaves. */
  join(chart: symbol, show: Show): () => void {
    this.#charts.set(chart, show)
    if (this.#at !== null) show(this.#at)
    return () => {
      this.#charts.delete(chart)
      if (this.isOf(chart)) this.point(chart, null)
    }
  }

  /** Points at a moment in a chart, which has it already; the others follow with the next frame, once for all moves until then. */
  point(chart: symbol, at: number | null): void {
    // What is left is only taken away by the chart that showed it.
    if (at === null && !this.isOf(chart)) return
    if (at === this.#at && this.isOf(chart)) return
    this.#at = at
    this.#from = at === null ? null : chart
    if (this.#waiting) return
    this.#waiting = true
    this.#nextFrame(() => {
      this.#waiting = false
      for (const [other, show] of this.#charts) if (!this.isOf(other)) show(this.#at)
    })
  }
}

export const crosshair = new Crosshair()

/** The sample that a moment is of: the nearest, or of bars the one whose time it lies in. Null outside of the samples. */
export function indexAt(times: ArrayLike<number>, at: number, bars: boolean): number | null {
  const last = times.length - 1
  const first = times[0]
  const end = times[last]
  if (first === undefined || end === undefined) return null
  const width = last > 0 ? (end - first) / last : 1000
  if (at < first - width || at > end + width) return null
  let low = 0
  let high = last
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((times[middle] ?? 0) <= at) low = middle
    else high = middle - 1
  }
  if (bars || low === last) return low
  return at - (times[low] ?? 0) > (times[low + 1] ?? 0) - at ? low + 1 : low
}
