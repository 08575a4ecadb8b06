import { untrack } from 'svelte'
import { focusIsFree } from '../keys/focused'
import { left } from '../left.svelte'
import type { Keyed } from './rowSet'
import type { Cursor } from './tableCursor.svelte'
import type { TableSight } from './tableSight.svelte'

const HANDS = ['wheel', 'pointerdown', 'keydown'] as const

/** How a table stood when its place was left. */
interface Stood {
  top: number
  /** The row that the keys were on; empty for none. */
  key: string
  /** The table had the focus. */
  focused: boolean
}

interface Table<T extends Keyed> {
  grid: HTMLElement | undefined
  count: number
  sight: TableSight
  cursor: Cursor<T>
  reveal: (at: number) => void
}

/**
 * Has a table stand as it was left when its place is gone back to: as far scrolled, with the keys on the same row, by its
 * key, wherever it is by now. To be called while a table is made.
 */
export function keepTable<T extends Keyed>(label: string, table: () => Table<T>): void {
  const part = `table ${label}`
  const was = left.was(part) as Stood | undefined
  $effect(() =>
    left.keep(part, (): Stood => {
      const { grid, cursor } = table()
      const focused = grid !== undefined && grid === document.activeElement
      return { top: grid?.scrollTop ?? 0, key: cursor.key, focused }
    }),
  )
  if (!was) return
  untrack(() => table().cursor.seek(was.key))
  // Once there is something of it.
  let returned = false
  $effect(() => {
    const { grid, count, sight } = table()
    if (returned || !grid || count === 0) return
    returned = true
    grid.scrollTop = was.top
    untrack(() => {
      if (grid.clientHeight > 0) sight.height = grid.clientHeight
      sight.scrolled(grid.scrollTop)
    })
    if (was.focused && focusIsFree()) grid.focus({ preventScroll: true })
  })
  let found = false
  // A hand on the table has come first: it is not moved under it.
  $effect(() => {
    const { grid } = table()
    if (!grid) return
    const end = () => (found = true)
    HANDS.forEach((hand) => grid.addEventListener(hand, end, { passive: true }))
    return () => HANDS.forEach((hand) => grid.removeEventListener(hand, end))
  })
  $effect(() => {
    const { cursor, sight, reveal } = table()
    const { active } = cursor
    if (found || !returned || active < 0) return
    found = true
    untrack(() => sight.room > 0 && reveal(active))
  })
}
