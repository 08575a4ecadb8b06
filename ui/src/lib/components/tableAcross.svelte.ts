import { arranged, type Column, type Layout } from './table'
import { endingWith, firstWidth, fit, GAP, giveWay, leastWidth, STRIP } from './tableFit'

/** A wheel goes a column on with so many px. */
const NOTCH = 60

interface Table<T> {
  made: readonly Column<T>[]
  layout: Layout
  /** Its columns can be arranged: it has a button for that at its end. */
  named: boolean
}

/**
 * The columns of a table. Where there is no room for all, the first stays and whole ones are drawn beside it, so that no number
 * is cut. Widths are reckoned from the columns' tracks: nothing is measured but the table.
 */
export class Across<T> {
  /** How wide the table is, in px; 0 while that is not known. */
  width = $state(0)
  /** The first that is drawn beside the one that stays. */
  #from = $state(1)
  /** What a wheel has turned since it went a column on. */
  #turned = 0
  readonly #of: () => Table<T>
  readonly #end = $derived.by(() => (this.#of().named ? STRIP : GAP))
  /** All columns in the order in which they have room, those that are hidden too. */
  readonly made = $derived.by(() => {
    const { made, layout } = this.#of()
    return this.width > 0 ? giveWay(made, layout, this.width, this.#end) : made
  })
  /** Those that are not hidden. */
  readonly columns = $derived.by(() => arranged(this.made, this.#of().layout))
  /** There is no room for all of them. */
  readonly cut = $derived.by(
    () =>
      this.width > 0 && this.columns.length > 1 && leastWidth(this.columns, this.#end) > this.width,
  )
  /** What is left free after the columns, in px. */
  readonly end = $derived.by(() => (this.cut ? STRIP : this.#end))
  readonly #room = $derived.by(() => this.width - this.end)
  readonly #fit = $derived.by(() =>
    this.cut
      ? fit(this.columns, this.#room, this.#from)
      : { from: 1, to: Math.max(1, this.columns.length) },
  )
  /** So many after the first are not drawn. */
  readonly skipped = $derived.by(() => this.#fit.from - 1)
  /** Those that are drawn. */
  readonly shown = $derived.by(() => {
    const { from, to } = this.#fit
    return [...this.columns.slice(0, 1), ...this.columns.slice(from, to)]
  })
  /** Those that are not, between the first and the next, and after the last. */
  readonly before = $derived.by(() => this.columns.slice(1, this.#fit.from))
  readonly after = $derived.by(() => this.columns.slice(this.#fit.to))
  /** How wide the first is drawn where there is no room for all, in px. */
  readonly first = $derived.by(() => firstWidth(this.columns, this.#room))
  /** Their CSS grid tracks. */
  readonly tracks = $derived.by(() => {
    if (!this.cut) return this.shown.map(({ width }) => width).join(' ')
    // One that is wider than the room alone is narrowed to it.
    const alone = leastWidth(this.shown, this.end) > this.width
    return [
      `${this.first}px`,
      ...this.shown.slice(1).map(({ width }) => (alone ? 'minmax(0, 1fr)' : width)),
    ].join(' ')
  })

  constructor(of: () => Table<T>) {
    this.#of = of
  }

  /** The place among all columns of one that is drawn. */
  placeOf(drawn: number): number {
    return drawn === 0 ? 0 : drawn + this.skipped
  }

  isShown(place: number): boolean {
    return place === 0 || (place >= this.#fit.from && place < this.#fit.to)
  }

  /** Draws the column at a place, if it is not. */
  reveal(place: number): void {
    if (place < 0 || this.isShown(place)) return
    const before = place < this.#fit.from
    this.#from = before ? place : endingWith(this.columns, this.#room, place + 1)
  }

  /** Goes on to those that have no room. */
  turn(by: 1 | -1): void {
    const { from, to } = this.#fit
    this.#from = by > 0 ? to : endingWith(this.columns, this.#room, from)
  }

  /** Goes as many columns on as a wheel is turned sideways. */
  wheel({ deltaX, deltaY, shiftKey }: WheelEvent): void {
    const turned = Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : shiftKey ? deltaY : 0
    if (turned === 0 || !this.cut) return
    this.#turned = turned * this.#turned < 0 ? turned : this.#turned + turned
    const columns = Math.trunc(this.#turned / NOTCH)
    this.#turned -= columns * NOTCH
    this.#from = Math.max(1, this.#fit.from + columns)
  }
}
