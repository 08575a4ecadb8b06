import type { Attention } from '../../backend/types'
import { SEVERITIES } from '../alerts/counts'

/** What the banner stands on, and how bad all was that was listed when it was chosen. */
export interface Stand {
  key: string
  known: ReadonlyMap<string, number>
}

/**
 * What the banner tells of next, of what needs attention, the worst and longest open first: the one that it told of while that is listed,
 * so that what is read and clicked stays where it is. Only what is worse, and came or became so since, takes its place,
 * and the worst once the one is told as it was last heard, where it fired before.
 */
export function standOn(stand: Stand | null, attention: readonly Attention[]): Stand | null {
  const [first] = attention
  if (!first) return null
  const told = stand && attention.find(({ key }) => key === stand.key)
  if (!told || rank(told) > (stand.known.get(stand.key) ?? 0)) return on(first, attention)
  const worse = attention.find(
    (one) => rank(one) < Math.min(rank(told), stand.known.get(one.key) ?? Infinity),
  )
  return worse ? on(worse, attention) : stand
}

/** The next that is listed, and after the last the first. */
export function moveOn(stand: Stand | null, attention: readonly Attention[]): Stand | null {
  const at = attention.findIndex(({ key }) => key === stand?.key)
  const next = attention[at + 1] ?? attention[0]
  return next ? on(next, attention) : null
}

function on({ key }: Attention, attention: readonly Attention[]): Stand {
  return { key, known: new Map(attention.map((one) => [one.key, rank(one)])) }
}

/** What is known to fire goes before what is as it was last heard. */
function rank({ severity, stale }: Attention): number {
  return SEVERITIES.indexOf(severity) + (stale ? SEVERITIES.length : 0)
}
