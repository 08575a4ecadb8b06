import type { PlaceMark } from '../../backend/types'
import type { MapMark } from '../../map/marks'

/** A mark of the answer, with what it stands for. */
export interface PlacedMark extends MapMark {
  one: PlaceMark['one']
}

/** The marks of an answer, with names that they keep from answer to answer. */
export function named(marks: readonly PlaceMark[], cell: number): PlacedMark[] {
  const taken = new Set<string>()
  return marks.map((mark) => {
    const total = mark.counts.reduce((sum, count) => sum + count, 0)
    // Of several, where they are tells them from the others: which they are changes as they move.
    let key = mark.one?.key ?? `${Math.floor(mark.x / cell)} ${Math.floor(mark.y / cell)}`
    while (taken.has(key)) key += '+'
    taken.add(key)
    return { ...mark, key, total }
  })
}
