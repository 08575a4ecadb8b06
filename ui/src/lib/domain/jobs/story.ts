import type { DefinitionRow, Trend } from '../../backend/types'
import { ago, count, minutes, plural, zoneName, type TimeZone } from '../../format'
import type { Mark } from '../marks'

/** So many failures among the last ten jobs are no single bad luck any more. */
const SEVERAL = 3

function keepsFailing(row: DefinitionRow): boolean {
  return row.failedInRow > 1 || row.failedOfTen >= SEVERAL
}

/** From this share of the jobs seen to end on, failures are no exception. */
const OFTEN = 0.05

/** Whether some fail between those that complete; told by all that were seen, so that one good end changes nothing. */
function failsAtTimes(row: DefinitionRow): boolean {
  const ended = row.completed + row.failed
  return row.failedOfTen > 0 || (row.failed >= SEVERAL && row.failed / ended >= OFTEN)
}

/** How a definition stands, by its last ten ends and by all that were seen: what keeps failing is worse than what fails at times. */
export function definitionMark(row: DefinitionRow): Mark {
  if (keepsFailing(row)) return { word: 'Keeps failing', tone: 'bad', shape: 'cross' }
  if (row.failedInRow === 1) return { word: 'Failed last', tone: 'bad', shape: 'cross' }
  if (failsAtTimes(row)) return { word: 'Fails at times', tone: 'warn', shape: 'diamond' }
  if (row.lastCompletedAt !== null) return { word: 'Completes', tone: 'good', shape: 'disc' }
  if (row.running > 0) return { word: 'Running', tone: 'info', shape: 'arc' }
  return { word: 'Not run yet', tone: 'quiet', shape: 'ring' }
}

/** By it definitions are ordered: the higher, the worse. */
export function badness(row: DefinitionRow): number {
  const state = keepsFailing(row) ? 3 : row.failedInRow === 1 ? 2 : failsAtTimes(row) ? 1 : 0
  return state * 1000 + row.failedOfTen * 10 + Math.min(9, row.failedInRow)
}

/** What is wrong with a definition, since when and how often, as a sentence; null where nothing is. */
export function troubleWords(row: DefinitionRow, now: number): string | null {
  if (row.failingSince === null) {
    const latest = `the latest ${ago(row.lastFailedAt, now)}`
    if (keepsFailing(row)) return `${row.failedOfTen} of the last 10 jobs failed, ${latest}.`
    if (!failsAtTimes(row)) return null
    return `${count(row.failed)} of the ${plural(row.completed + row.failed, 'job')} that were seen to end failed, ${latest}.`
  }
  const times =
    row.failedInRow === 1
      ? `The latest job failed ${ago(row.failingSince, now)}`
      : `${plural(row.failedInRow, 'job')} failed in a row, the first ${ago(row.failingSince, now)}`
  const good =
    row.lastCompletedAt === null
      ? 'None that Signalbox knows of has completed'
      : `Before that, one completed ${ago(row.lastCompletedAt, now)}`
  return `${times}. ${good}.`
}

/** Since when a way to fail is seen: of what was before the first job that is known, nothing can be said. */
export function seenSince(
  firstAt: number,
  knownSince: number | null,
  now: number,
  zone: TimeZone,
): string {
  return knownSince !== null && firstAt <= knownSince
    ? `since ${minutes(firstAt, zone)} ${zoneName(zone, firstAt)} or before`
    : `first ${ago(firstAt, now)}`
}

/** A job's wait and run as parts of one line that ends where the longer of the run and the usual time does. */
export interface Course {
  /** From 0 to 1: where the run begins, where it ends, where the definition's median and 95th percentile lie. */
  begin: number
  end: number
  p50: number | null
  p95: number | null
}

export function course(
  wait: number,
  run: number,
  { p50Ms, p95Ms }: { p50Ms: number | null; p95Ms: number | null },
): Course {
  const whole = Math.max(1, wait + Math.max(run, (p95Ms ?? 0) * 1.05))
  const at = (ms: number | null) => (ms === null ? null : (wait + ms) / whole)
  return { begin: wait / whole, end: (wait + run) / whole, p50: at(p50Ms), p95: at(p95Ms) }
}

/** "12 of 40 failed in the last hour, 5 of 41 in the hour before." */
export function trendWords({ since, lately, before }: Trend, now: number): string {
  const minutes = Math.round((now - (since ?? 0)) / 60_000)
  const when =
    since === null
      ? 'in the last hour'
      : minutes < 2
        ? 'in the last minute'
        : `in the last ${plural(minutes, 'minute')}`
  const first =
    lately.jobs === 0
      ? `No job ended ${when}`
      : `${count(lately.failed)} of ${plural(lately.jobs, 'job')} failed ${when}`
  if (before === null)
    return `${first}${since === null ? '. Not all of the hour before is known.' : ': not all before that is known.'}`
  const then = before.jobs === 0 ? 'none ended' : `${count(before.failed)} of ${count(before.jobs)}`
  return `${first}, ${then} in the hour before.`
}
