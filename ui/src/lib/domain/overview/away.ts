import type { Away } from '../../backend/types'
import { count, joined, lengthWords, plural } from '../../format'

/** So many connections are named; of more it is said how many there are. */
const NAMED = 4

/** How long nothing was watched: "Nothing was watched for 42 h 55 min." */
export function unwatchedWords({ since, until }: Away): string {
  return `Nothing was watched for ${lengthWords(Math.max(0, until - since))}.`
}

/** What is known to have begun meanwhile, and of whom; that nothing began is known only of who told all of it afterwards. */
export function foundWords({ began, resolved, told, unheard, gaps }: Away): string {
  if (began > 0) {
    const over =
      resolved === 0
        ? ''
        : resolved === began
          ? ', and all are over'
          : `, ${count(resolved)} of them ${resolved === 1 ? 'is' : 'are'} over`
    const more = unheard.length + gaps.length > 0 ? ' More may have begun.' : ''
    return `Found afterwards: ${plural(began, 'alert')} began${over}.${more}`
  }
  if (told.length === 0) return 'What began meanwhile is not known.'
  const all = unheard.length + gaps.length === 0
  return `${named(told)} told afterwards what happened there: no alert began.${all ? '' : ' What began elsewhere is not known.'}`
}

/** Who has not been heard since, and what follows from it; null when all were. */
export function unheardWords({ unheard }: Away): string | null {
  if (unheard.length === 0) return null
  return `${named(unheard)}: not heard since. What the ${unheard.length === 1 ? 'service tells' : 'services tell'} of that time comes in once connected.`
}

function named(names: readonly string[]): string {
  if (names.length <= NAMED) return joined(names)
  return joined([...names.slice(0, NAMED - 1), `${count(names.length - NAMED + 1)} others`])
}
