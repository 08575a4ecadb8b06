import type { Span } from '../backend/types'
import { dayOf, isSameDay, time, type TimeZone } from '../format'
import { spanWords } from './past'

/** The shortest span that is zoomed to, in ms: numbers come once a second at best. */
export const SHORTEST = 10_000
/** Longer than this, seconds say nothing. */
const SECONDS = 3_600_000
/** Steps that can be gone back. */
const STEPS = 20

/** The span that was chosen in a chart. All charts of the window show it, and stand still, until it is left. */
export class Zoom {
  /** From the first step to the one that is shown. */
  #steps: readonly Span[] = $state.raw([])

  /** What is shown; null while nothing is zoomed. */
  get span(): Span | null {
    return this.#steps.at(-1) ?? null
  }

  /** Goes a step further in. The ends are whole seconds, as series are asked for. */
  into({ from, to }: Span): void {
    const first = Math.floor(from / 1000) * 1000
    const last = Math.ceil(to / 1000) * 1000
    const middle = Math.round((first + last) / 2000) * 1000
    const span =
      last - first < SHORTEST
        ? { from: middle - SHORTEST / 2, to: middle + SHORTEST / 2 }
        : { from: first, to: last }
    const now = this.span
    if (now?.from === span.from && now.to === span.to) return
    this.#steps = [...this.#steps.slice(-STEPS + 1), span]
  }

  /** Goes a step back; from the first one to what was shown before. */
  out(): void {
    if (this.#steps.length > 0) this.#steps = this.#steps.slice(0, -1)
  }

  /** Leaves it whole. */
  end(): void {
    if (this.#steps.length > 0) this.#steps = []
  }
}

/** Half of a span around a moment, as near to it as it stays within. */
export function half({ from, to }: Span, around: number): Span {
  const length = Math.max(SHORTEST, (to - from) / 2)
  const begin = Math.max(from, Math.min(to - length, around - length / 2))
  return { from: begin, to: begin + length }
}

/** A zoomed span in words, with seconds while it is short: "14:02:10–14:03:40". */
export function zoomWords({ from, to }: Span, now: number, zone: TimeZone): string {
  if (to - from > SECONDS) return spanWords({ from, to }, now, zone)
  const clock = `${time(from, zone)}–${time(to, zone)}`
  return isSameDay(from, now, zone) ? clock : `${dayOf(from, now, zone)}, ${clock}`
}
