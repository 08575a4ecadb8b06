import type { Outcome, OutcomeRow } from '../../backend/types'
import { count } from '../../format'
import type { OutcomesPart } from './export'

/** What went wrong first, then those still awaited. */
const ORDER: readonly Outcome[] = ['error', 'timeout', 'waiting', 'answered', 'empty', 'offline']
const TROUBLE: readonly Outcome[] = ['error', 'timeout']
const WORDS: Readonly<Record<Outcome, string>> = {
  error: 'failed',
  timeout: 'timed out',
  waiting: 'waiting',
  answered: 'answered',
  empty: 'without rows',
  offline: 'offline',
}

/** How many hosts came to each outcome, in the order of the list; those that none came to are left out. */
export function counted(outcomes: readonly OutcomeRow[]): { outcome: Outcome; n: number }[] {
  return ORDER.map((outcome) => ({
    outcome,
    n: outcomes.filter((row) => row.outcome === outcome).length,
  })).filter(({ n }) => n > 0)
}

/** "1 failed · 12 answered · 2 offline". A run that was stopped waits for nobody. */
export function countedWords(outcomes: readonly OutcomeRow[], stopped: boolean): string {
  const said = counted(outcomes).map(({ outcome, n }) => {
    const word = stopped && outcome === 'waiting' ? 'not awaited' : WORDS[outcome]
    return `${count(n)} ${word}`
  })
  return said.length === 0 ? 'No host was told of' : said.join(' · ')
}

/** What went wrong first, then by name. */
export function inOrder(outcomes: readonly OutcomeRow[]): OutcomeRow[] {
  return [...outcomes].sort(
    (a, b) =>
      ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || a.hostname.localeCompare(b.hostname),
  )
}

/** The organisations of which a host failed or timed out first, each as they were asked. */
export function troubleFirst<P extends OutcomesPart>(parts: readonly P[]): P[] {
  const isTrouble = ({ outcomes }: P) => outcomes.some(({ outcome }) => TROUBLE.includes(outcome))
  return [...parts.filter(isTrouble), ...parts.filter((part) => !isTrouble(part))]
}
