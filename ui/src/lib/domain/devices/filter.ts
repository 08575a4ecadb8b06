import type { Lock } from '../../backend/types'

export type LockChoice = Lock | 'all'

const TERM = /(^|\s)lock:(locked|unlocked|unknown)(?=\s|$)/g

/** The lock state that a filter text asks for. */
export function lockOf(filter: string): LockChoice {
  const found = [...filter.matchAll(TERM)].at(-1)?.[2]
  return (found as Lock | undefined) ?? 'all'
}

/** The filter text with another lock state, the rest of it as it was. */
export function withLock(filter: string, choice: LockChoice): string {
  const rest = filter.replace(TERM, ' ').replace(/\s+/g, ' ').trim()
  return choice === 'all' ? rest : `${rest} lock:${choice}`.trim()
}
