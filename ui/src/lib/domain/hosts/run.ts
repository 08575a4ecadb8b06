import type { Outcome, OutcomeRow, RunRow } from '../../backend/types'
import { count, duration, plural } from '../../format'
import type { Mark } from '../marks'
import type { RunRef, Together } from './console.svelte'

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

/** "org_acme: 85 rows from 17 of 19 hosts, 4.2 s". */
export function runWords(
  run: RunRow,
  outcomes: readonly OutcomeRow[],
  now: number,
  org = run.org,
): string {
  const { answered } = tally(run, outcomes)
  const took = Math.max(0, (run.endedAt ?? now) - run.startedAt)
  const hosts = `${count(answered)} of ${plural(outcomes.length, 'host')}`
  const lasted = run.endedAt === null ? `running for ${duration(took)}` : duration(took)
  return run.error === null
    ? `${org}: ${plural(run.rows, 'row')} from ${hosts}, ${lasted}`
    : `${org}, after ${duration(took)}`
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

/** An organisation's name; two of one name are told apart by their connections. */
export function orgWords(
  { connection, org }: { connection: string; org: string },
  all: readonly { connection: string; org: string }[],
): string {
  return all.some((other) => other.org === org && other.connection !== connection)
    ? `${org} on ${connection}`
    : org
}

/** "28 rows · 28 of 31 hosts". */
export function partWords(run: RunRow): string {
  if (run.error !== null) return 'failed'
  const answered =
    run.hosts === null
      ? plural(run.answered, 'host')
      : `${count(run.answered)} of ${plural(run.hosts, 'host')}`
  const ended = run.endedAt === null ? ' · running' : run.stopped ? ' · stopped' : ''
  return `${plural(run.rows, 'row')} · ${answered}${ended}`
}

/** How the runs of one question stand together: complete only where each of them is known to be. */
export function wholeWord({ runs: refs, unsent }: Together, runs: readonly RunRow[]): string {
  if (runs.some((run) => run.endedAt === null)) return 'Running'
  if (runs.length < refs.length) return 'Partial'
  if (runs.every((run) => run.error !== null)) return 'Failed'
  const isWhole = (run: RunRow) =>
    run.error === null && !run.stopped && !isCut(run) && run.hosts === run.answered
  return unsent.length === 0 && runs.every(isWhole) ? 'Complete' : 'Partial'
}

/** The runs of a question to several organisations, as far as they are known. */
export function runsOf({ runs }: Together, known: readonly RunRow[]): RunRow[] {
  return runs.flatMap((ref) => known.find((run) => isRun(ref, run)) ?? [])
}

/** The run to open in place of one that cannot be had: another of its question that is listed; null where there is none. */
export function standInOf(
  { runs: refs }: Together,
  open: { connection: string; run: number },
  listed: readonly RunRow[],
): RunRef | null {
  if (listed.some((run) => isRun(open, run))) return null
  return refs.find((ref) => listed.some((run) => isRun(ref, run))) ?? null
}

/** An entry of the history: the runs of a question that are known, and the question where several organisations were asked. */
export interface Entry {
  runs: RunRow[]
  together: Together | null
}

/** The history's entries, the latest first: what several organisations were asked at once is one. */
export function entriesOf(runs: readonly RunRow[], asked: readonly Together[]): Entry[] {
  const told = new Set<Together>()
  return runs.flatMap((run): Entry[] => {
    const together = asked.find((one) => one.runs.some((ref) => isRun(ref, run)))
    if (!together) return [{ runs: [run], together: null }]
    if (told.has(together)) return []
    told.add(together)
    return [{ runs: runsOf(together, runs), together }]
  })
}

/** Asking several takes so long at the most, in ms. */
const ASKING = 120_000

/** Whether a run is one of a question: numbers begin anew with the program, so the time has to fit, too. */
export function isPartOf(
  { runs, at }: { runs: readonly { connection: string; run: number }[]; at: number },
  run: { connection: string; run: number; startedAt: number },
): boolean {
  return Math.abs(run.startedAt - at) < ASKING && runs.some((ref) => isRun(ref, run))
}

/** Whether a run is the one that is referred to. */
export function isRun(
  ref: { connection: string; run: number },
  run: { connection: string; run: number },
): boolean {
  return ref.run === run.run && ref.connection === run.connection
}
