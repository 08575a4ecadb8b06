import type { AlertCounts, AlertState, Severity } from '../../backend/types'
import { count, plural } from '../../format'

/** In the order of the backend's counts. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low']
/** In the order of the backend's counts. */
export const STATES: readonly AlertState[] = [
  'pending',
  'firing',
  'acknowledged',
  'silenced',
  'stale',
  'resolved',
]

/** The worst severity of which anything fires, and how many of it; null when nothing does. */
export function worstFiring(
  firing: readonly number[],
): { severity: Severity; count: number } | null {
  const at = firing.findIndex((n) => n > 0)
  const severity = SEVERITIES[at]
  return severity ? { severity, count: firing[at] ?? 0 } : null
}

/** "7 alerts firing, 2 critical". */
export function firingWords(firing: readonly number[]): string {
  const worst = worstFiring(firing)
  if (!worst) return 'No alert is firing'
  return `${plural(total(firing), 'alert')} firing, ${count(worst.count)} ${worst.severity}`
}

/** How many are in a state. */
export function inState(counts: AlertCounts, state: AlertState): number {
  return counts.states[STATES.indexOf(state)] ?? 0
}

/** How many are so and not over; those that wait for their rule's time are not so yet. */
export function openCount(counts: AlertCounts): number {
  return total(counts.severities)
}

export function total(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0)
}
