import type { DefinitionRow, ErrorRow, Severity, Trend } from '../../backend/types'
import { ago, count, plural, type TimeZone } from '../../format'
import { momentWords } from '../../live/past'
import type { Mark } from '../marks'

/** From these shares of the ends of an hour on, failures are no exception, and none at all. */
const AT_TIMES = 0.05
const OFTEN = 0.15

type Standing = 'never' | 'running' | 'completed' | 'rarely' | 'times' | 'often' | 'last' | 'keeps'

/** From well to bad. */
const STANDINGS: readonly Standing[] = [
  'never',
  'running',
  'completed',
  'rarely',
  'times',
  'last',
  'often',
  'keeps',
]

const MARKS: Readonly<Record<Standing, Mark>> = {
  never: { word: 'Not run yet', tone: 'quiet', shape: 'ring' },
  running: { word: 'Running', tone: 'info', shape: 'arc' },
  completed: { word: 'Completes', tone: 'good', shape: 'disc' },
  rarely: { word: 'Fails rarely', tone: 'quiet', shape: 'diamond' },
  times: { word: 'Fails at times', tone: 'warn', shape: 'diamond' },
  last: { word: 'Failed last', tone: 'bad', shape: 'cross' },
  often: { word: 'Fails often', tone: 'bad', shape: 'cross' },
  keeps: { word: 'Keeps failing', tone: 'bad', shape: 'cross' },
}

/** By all that ended in the last hour, and not by the latest few: one end more changes the word of hardly any. */
function standing({ lately, ...row }: DefinitionRow): Standing {
  const { jobs, failed } = lately
  if (jobs === 0) {
    if (row.failingSince !== null) return 'last'
    if (row.lastCompletedAt !== null) return 'completed'
    return row.running > 0 ? 'running' : 'never'
  }
  if (failed === 0) return 'completed'
  if (failed === jobs) return jobs === 1 ? 'last' : 'keeps'
  const share = failed / jobs
  return share >= OFTEN ? 'often' : share >= AT_TIMES ? 'times' : 'rarely'
}

/** How a definition stands, in the same word wherever it is named. */
export function definitionMark(row: DefinitionRow): Mark {
  return MARKS[standing(row)]
}

/**
 * By it definitions are ordered, the higher the worse: how they stand, as the column says, then what a severe alert fires about.
 * Shares and alerts that are over with the next good end would only shuffle them.
 */
export function badness(row: DefinitionRow): number {
  const severe = row.alert?.state === 'firing' ? SEVERE.indexOf(row.alert.severity) + 1 : 0
  return STANDINGS.indexOf(standing(row)) * 10 + severe
}

const SEVERE: readonly Severity[] = ['high', 'critical']

/** Whether its failures are more than an exception. */
export function isInTrouble(row: DefinitionRow): boolean {
  return ['times', 'last', 'often', 'keeps'].includes(standing(row))
}

/** "38 of 120 failed", of the last hour that was heard; empty where none ended in it. */
export function latelyWords({ lately }: DefinitionRow): string {
  return lately.jobs === 0 ? '' : `${count(lately.failed)} of ${count(lately.jobs)} failed`
}

/** How its jobs ended of late, as a sentence; null where nothing is known of it. */
export function storyWords(row: DefinitionRow, now: number): string | null {
  const { jobs, failed } = row.lately
  if (jobs > 0 && failed < jobs) {
    const when = whenWords(row.latelySince, row.latelyUntil, now)
    if (failed === 0)
      return `${jobs === 1 ? 'The one job' : `All ${count(jobs)} jobs`} that ended ${when} completed.`
    const latest = row.lastFailedAt === null ? '' : `, the latest ${ago(row.lastFailedAt, now)}`
    return `${count(failed)} of ${plural(jobs, 'job')} failed ${when}${latest}.`
  }
  // Of more jobs than are kept, it is known that all failed and not when the first did.
  if (row.failingSince === null)
    return jobs === 0
      ? null
      : `${jobs === 1 ? 'The one job' : `All ${count(jobs)} jobs`} that ended ${whenWords(row.latelySince, row.latelyUntil, now)} failed.`
  // Earlier jobs than are kept may have failed as well, or completed.
  const earlier =
    row.lastCompletedAt === null && (row.completed > 0 || row.failed > row.failedInRow)
  const times =
    row.failedInRow === 1
      ? `The latest job failed ${ago(row.failingSince, now)}`
      : `${earlier ? 'At least ' : ''}${plural(row.failedInRow, 'job')} failed in a row, the first${earlier ? ' known' : ''} ${ago(row.failingSince, now)}`
  const good =
    row.lastCompletedAt !== null
      ? `Before that, one completed ${ago(row.lastCompletedAt, now)}`
      : row.completed > 0
        ? 'The last that completed is longer ago than is kept'
        : 'None that Signalbox knows of has completed'
  return `${times}. ${good}.`
}

/** "in the last hour", or since when that is counted; of a lost connection, of the time before that. */
function whenWords(since: number | null, until: number | null, now: number): string {
  const minutes = Math.round(((until ?? now) - (since ?? 0)) / 60_000)
  const span = since === null ? 'hour' : minutes < 2 ? 'minute' : plural(minutes, 'minute')
  return until === null ? `in the last ${span}` : `in the ${span} before the connection was lost`
}

/** Of how many failures the ways tell where that is not as many as are counted: "12 of 40 failures". */
export function toldOf(errors: readonly ErrorRow[], failed: number): string {
  const told = errors.reduce((sum, row) => sum + row.count, 0)
  if (told === failed || told === 0) return ''
  return told < failed ? `${count(told)} of ${plural(failed, 'failure')}` : plural(told, 'failure')
}

/** Since when a way to fail is seen: where earlier failures are not known, it is told of no first one. */
export function seenSince(
  { firstAt, maybeBefore }: Pick<ErrorRow, 'firstAt' | 'maybeBefore'>,
  now: number,
  zone: TimeZone,
): string {
  return maybeBefore
    ? `since ${momentWords(firstAt, now, zone, true)} or before`
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
export function trendWords(
  { since, lately, before, half }: Trend,
  now: number,
  zone: TimeZone,
): string {
  const when = whenWords(since, null, now)
  const first =
    lately.jobs === 0
      ? `No job ended ${when}`
      : `${count(lately.failed)} of ${plural(lately.jobs, 'job')} failed ${when}`
  if (half && lately.jobs > 0) {
    const { until, ended } = half
    const [jobs, failed] = [lately.jobs - ended.jobs, lately.failed - ended.failed]
    const moment = momentWords(until, now, zone)
    const share = (failed: number, jobs: number) =>
      jobs === 0 ? 'none ended' : `${count(failed)} of ${count(jobs)}`
    return `${first}: ${share(ended.failed, ended.jobs)} until ${moment}, ${share(failed, jobs)} after it. Not all before that is known.`
  }
  if (before === null)
    return `${first}${since === null ? '. Not all of the hour before is known.' : ': not all before that is known.'}`
  const then = before.jobs === 0 ? 'none ended' : `${count(before.failed)} of ${count(before.jobs)}`
  return `${first}, ${then} in the hour before.`
}
