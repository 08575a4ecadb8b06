import type { Chip } from '../backend/types'

/** What of the connections is shown one by one, in a room that has an end. */
export interface Fitted {
  /** In full, those that are not as they should be first. */
  shown: Chip[]
  /** How many live ones, and how many that are switched off, are only counted. */
  live: number
  off: number
}

/** The usual widths in pixels of a chip's parts; where they are exceeded the bar is scrolled. */
const AROUND = 40
const LETTER = 6.5
const RATE = 42
const AGE = 30
const DROPPED = 96
/** The count that stands for the rest. */
const SUM = 130
/** So narrow a bar leaves out ages and cuts names sooner, and then leaves out rates. */
const NO_AGE = 860
const NO_RATE = 700
/** Letters of the longest name that is shown whole, and in a narrow bar. */
const LONGEST = 32
const LONGEST_NARROW = 14

/** What there is room for in the bar. */
export interface Room {
  /** All of it, in pixels. */
  width: number
  /** Of that, what other things take at its end. */
  taken?: number
  /** The connection that has the keys: it stays where it is. */
  focused?: string | null
}

/** Whether a connection is not as it should be. */
export function isWrong({ status }: Chip): boolean {
  return status !== 'live' && status !== 'stopped'
}

/** Every connection in trouble; of the others as many as there is room for: few names are ever cut. */
export function fitted(
  chips: readonly Chip[],
  { width: whole, taken = 0, focused = null }: Room,
  words: (chip: Chip) => string,
): Fitted {
  const age = whole <= NO_AGE ? 0 : AGE
  const rate = whole <= NO_RATE ? 0 : RATE
  const longest = whole <= NO_AGE ? LONGEST_NARROW : LONGEST
  const room = whole - taken
  const width = (chip: Chip) =>
    AROUND +
    Math.min(chip.name.length, longest) * LETTER +
    (chip.status === 'live' ? rate : words(chip).length * LETTER) +
    age +
    (chip.dropped > 0 ? DROPPED : 0)
  const sum = (of: readonly Chip[]) => of.reduce((all, chip) => all + width(chip), 0)
  if (sum(chips) <= room) return { shown: [...chips], live: 0, off: 0 }
  const isKept = (chip: Chip) => isWrong(chip) || chip.name === focused
  let left = room - SUM - sum(chips.filter(isKept))
  // All keep their order.
  const counted = new Set(
    chips.filter((chip) => {
      if (isKept(chip)) return false
      left -= width(chip)
      return left < 0
    }),
  )
  const shown = chips.filter((chip) => !counted.has(chip))
  const live = [...counted].filter(({ status }) => status === 'live').length
  return { shown, live, off: counted.size - live }
}
