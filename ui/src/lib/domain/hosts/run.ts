import type { Outcome, OutcomeRow, RunRow } from '../../backend/types'
import { count, duration, plural } from '../../format'
import type { Mark } from '../marks'

/** What came of the hosts of a run, counted. */
export interface Tally {
  /** With rows or without: they answered what was asked. */
  answered: number
  /** Those that said an error. */
  failed: number
  /** Those that did not answer in time, or had not when it was stopped. */
  silent: number
  offline: number
  waiting: number
}

export function tally(run: RunRow, outcomes: readonly OutcomeRow[]): Tally {
  const of = (...wanted: Outcome[]) => outcomes.filter((row) => wanted.includes(row.outcome)).length
  const waiting = of('waiting')
  return {
    answered: of('answered', 'empty'),
    failed: of('error'),
    silent: of('timeout') + (run.endedAt === null ? 0 : waiting),
    offline: of('offline'),
    waiting: run.endedAt === null ? waiting : 0,
  }
}

/** How a run stands: whole only where every host that could answer did. */
export function runMark(run: RunRow, { answered, failed, silent, offline }: Tally): Mark {
  if (run.endedAt === null) return { word: 'Running', tone: 'info', shape: 'arc' }
  if (run.error !== null) return { word: 'Failed', tone: 'bad', shape: 'cross' }
  if (run.stopped) return { word: 'Stopped', tone: 'warn', shape: 'slash' }
  if (answered === 0 && failed > 0)
    return { word: 'Every host failed', tone: 'bad', shape: 'cross' }
  if (failed + silent + offline > 0 || isCut(run))
    return { word: 'Partial', tone: 'warn', shape: 'half' }
  return { word: 'Complete', tone: 'good', shape: 'disc' }
}

/** Whether something that came did not fit here. */
export function isCut(run: RunRow): boolean {
  return run.dropped > 0 || run.hostsDropped > 0
}

/** Why what is shown may not be all, as a sentence; null where it is. */
export function partialWords(run: RunRow, { failed, silent, offline }: Tally): string | null {
  if (run.endedAt === null) return null
  const parts = [
    failed > 0 ? `${plural(failed, 'host')} failed` : '',
    silent > 0
      ? `${plural(silent, 'host')} ${run.stopped ? 'had not answered when it was stopped' : 'did not answer in time'}`
      : '',
    offline > 0 ? `${plural(offline, 'host')} ${offline === 1 ? 'is' : 'are'} offline` : '',
    run.dropped > 0 ? `${count(run.dropped)} rows did not fit here` : '',
    run.hostsDropped > 0
      ? `the answers of ${plural(run.hostsDropped, 'host')} did not fit here`
      : '',
  ].filter(Boolean)
  return parts.length === 0 ? null : `This is not all: ${parts.join(', ')}.`
}

/** "85 rows from 17 of 19 hosts, 4.2 s". */
export function runWords(run: RunRow, outcomes: readonly OutcomeRow[], now: number): string {
  const { answered } = tally(run, outcomes)
  const took = Math.max(0, (run.endedAt ?? now) - run.startedAt)
  const hosts = `${count(answered)} of ${plural(outcomes.length, 'host')}`
  const lasted = run.endedAt === null ? `running for ${duration(took)}` : duration(took)
  return run.error === null
    ? `${plural(run.rows, 'row')} from ${hosts}, ${lasted}`
    : `after ${duration(took)}`
}

/** The errors that hosts said, the commonest first: the same words of many hosts are told once. */
export function errorsOf(outcomes: readonly OutcomeRow[]): { error: string; hosts: string[] }[] {
  const found = new Map<string, string[]>()
  for (const row of outcomes) {
    if (row.outcome !== 'error') continue
    const error = row.error ?? 'It gave no reason.'
    found.set(error, [...(found.get(error) ?? []), row.hostname])
  }
  return [...found]
    .map(([error, hosts]) => ({ error, hosts }))
    .sort((a, b) => b.hosts.length - a.hosts.length)
}
