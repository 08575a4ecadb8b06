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
/** In so little room the bar leaves out ages, and then rates. */
const NO_AGE = 860
const NO_RATE = 700

/** Whether a connection is not as it should be. */
export function isWrong({ status }: Chip): boolean {
  return status !== 'live' && status !== 'stopped'
}

/** Every connection in trouble; of the others as many as there is room for, or none: names are never cut. */
export function fitted(
  chips: readonly Chip[],
  room: number,
  words: (chip: Chip) => string,
): Fitted {
  const age = room <= NO_AGE ? 0 : AGE
  const rate = room <= NO_RATE ? 0 : RATE
  const width = (chip: Chip) =>
    AROUND +
    chip.name.length * LETTER +
    (chip.status === 'live' ? rate : words(chip).length * LETTER) +
    age +
    (chip.dropped > 0 ? DROPPED : 0)
  const sum = (of: readonly Chip[]) => of.reduce((all, chip) => all + width(chip), 0)
  if (sum(chips) <= room) return { shown: [...chips], live: 0, off: 0 }
  const wrong = chips.filter(isWrong)
  let left = room - SUM - sum(wrong)
  const shown = [...wrong]
  const rest = chips.filter((chip) => !isWrong(chip))
  // With trouble beside them the well ones are a count; without, they are what there is to show.
  const counted = rest.filter((chip) => {
    left -= width(chip)
    if (wrong.length > 0 || left < 0) return true
    shown.push(chip)
    return false
  })
  const live = counted.filter(({ status }) => status === 'live').length
  return { shown, live, off: counted.length - live }
}
