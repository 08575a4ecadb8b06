import { untrack } from 'svelte'
import type { AlertGroup, AlertRow } from '../../backend/types'
import { InUse, type Hand } from '../../components/inUse.svelte'
import { byKey, current } from '../../components/rowSet'
import type { RowList } from '../../live/rows'
import { linesWithin, type Layout } from './listing'

export interface Range {
  first: number
  last: number
}

interface Shown {
  layout: Layout
  list: RowList<AlertRow>
}

interface Live extends Shown {
  /** What the list is asked for: another question has another answer at once. */
  asked: string
  /** Something in it is chosen: it keeps its places until it is let go. */
  chosen: boolean
  /** The lines in sight, which follow from what is shown. */
  range: () => Range
}

interface Kept extends Shown {
  asked: string
  open: ReadonlySet<string>
}

/** How long a pointer or a focus that rests on it holds the list: one that was left there is nobody's. */
const REST = 60_000
const NONE: ReadonlySet<string> = new Set()

/**
 * The list as it was while it is in use: what is pointed at is what is clicked. Each row is told as it is now where that
 * is known; what came and what went waits, and is counted.
 */
export class Still {
  readonly #hands = new InUse(REST)
  #kept: Kept | null = $state.raw(null)
  readonly #live: () => Live

  constructor(live: () => Live) {
    this.#live = live
    const asked = $derived(live().asked)
    $effect(() => {
      void asked
      untrack(() => this.release())
    })
    $effect(() => {
      const now = live()
      const kept = this.#kept
      const using = (this.#hands.now || now.chosen) && !this.#hands.away
      untrack(() => {
        if (!using) this.#kept = null
        else if ((!kept || !fits(kept, now)) && isWhole(now)) this.#kept = keep(now)
      })
    })
  }

  readonly #shown: Shown = $derived.by(() => {
    const now = this.#live()
    const kept = this.#kept
    if (!kept || !fits(kept, now)) return now
    const rows = current(byKey(kept.list.rows), now.list.rows)
    const groups = byKey(now.layout.parts?.map(({ group }) => group) ?? [])
    const parts = kept.layout.parts?.map((part) => ({
      ...part,
      group: ofAsMany(part.group, groups.get(part.group.key)),
    }))
    return {
      layout: { lines: kept.layout.lines, parts: parts ?? null },
      list: { ...kept.list, rows },
    }
  })

  get layout(): Layout {
    return this.#shown.layout
  }

  get list(): RowList<AlertRow> {
    return this.#shown.list
  }

  /** How many came and went since; null while the list is as it is. */
  readonly waiting: { came: number; went: number } | null = $derived.by(() => {
    const now = this.#live()
    const kept = this.#kept
    if (!kept || !fits(kept, now)) return null
    const [was, is] = [kept.open, keysOf(now)]
    const came = [...is].filter((key) => !was.has(key)).length
    const went = [...was].filter((key) => !is.has(key)).length
    return came + went > 0 ? { came, went } : null
  })

  /**
   * What is kept and no longer among those that are asked for: over, or another filter's. Of a flat list that is held in
   * part it cannot be told.
   */
  readonly gone: ReadonlySet<string> = $derived.by(() => {
    const now = this.#live()
    const kept = this.#kept
    const whole = now.layout.parts !== null || now.list.rows.length >= now.list.matching
    if (!kept || !fits(kept, now) || !whole) return NONE
    return goneFrom(kept.open, now)
  })

  /** The pointer moved over it, or a key went through it. */
  used(hand: Hand): void {
    this.#hands.used(hand)
  }

  /** The pointer or the focus is elsewhere: the other one holds it on. */
  left(hand: Hand): void {
    this.#hands.left(hand)
  }

  /**
   * Catches up, and stays so until the answer to what was just asked is there; then it is held again by what rests on it
   * and for what is chosen.
   */
  release(): void {
    this.#hands.letGo()
    this.#kept = null
  }

  /** Other lines come into sight: they are kept once they are there. */
  scrolled(): void {
    this.#kept = null
  }
}

function keep({ layout, list, asked }: Live): Kept {
  return { layout, list, asked, open: keysOf({ layout, list }) }
}

/** A head says how many rows stand under it: as many as are kept there. */
function ofAsMany(kept: AlertGroup, now: AlertGroup | undefined): AlertGroup {
  return now?.total === kept.total ? now : kept
}

function fits(kept: Kept, now: Live): boolean {
  return kept.asked === now.asked && kept.list.offset === now.list.offset
}

/** Whether every row in sight is there. */
function isWhole({ layout, list, range }: Live): boolean {
  const { first, last } = range()
  const lines = linesWithin(layout, list, first, last)
  return lines.every((line) => line.kind === 'group' || line.row !== null)
}

function goneFrom(kept: ReadonlySet<string>, { layout, list }: Shown): ReadonlySet<string> {
  const is = keysOf({ layout, list })
  const shown: ReadonlySet<string> = new Set(list.rows.map((row) => row.key))
  return new Set([...kept].filter((key) => !is.has(key) && !shown.has(key)))
}

/** Of a flat list only a part is known: it is told apart by what is held. */
function keysOf({ layout, list }: Shown): ReadonlySet<string> {
  return layout.parts
    ? new Set(layout.parts.flatMap((part) => part.group.open))
    : new Set(list.rows.map((row) => row.key))
}
