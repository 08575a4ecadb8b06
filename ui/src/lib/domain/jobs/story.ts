import type { DefinitionRow } from '../../backend/types'
import { age, plural } from '../../format'
import type { Mark } from '../marks'

/** How a definition stands, by its last end: what keeps failing is worse than what failed once and went on. */
export function definitionMark(row: DefinitionRow): Mark {
  if (row.failedInRow > 1) return { word: 'Keeps failing', tone: 'bad', shape: 'cross' }
  if (row.failedInRow === 1) return { word: 'Failed last', tone: 'bad', shape: 'cross' }
  if (row.lastCompletedAt !== null) return { word: 'Completes', tone: 'good', shape: 'disc' }
  if (row.running > 0) return { word: 'Running', tone: 'info', shape: 'arc' }
  return { word: 'Not run yet', tone: 'quiet', shape: 'ring' }
}

/** What is wrong with a definition, since when and how often, as a sentence; null where its last job ended well. */
export function troubleWords(row: DefinitionRow, now: number): string | null {
  if (row.failingSince === null) return null
  const times =
    row.failedInRow === 1
      ? 'The last job failed'
      : `${plural(row.failedInRow, 'job')} failed in a row, the first ${age(row.failingSince, now)} ago`
  const good =
    row.lastCompletedAt === null
      ? 'none of those kept here has completed'
      : `the last one completed ${age(row.lastCompletedAt, now)} ago`
  return `${times}; ${good}.`
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
