import type { RunRow } from '../../backend/types'
import { count, plural } from '../../format'
import { preferences, type Ran } from '../../preferences.svelte'
import { orgWords, type Entry } from './run'

/** The numbers of runs begin anew with the program: the time tells them apart. */
const keyOf = (run: RunRow) => `${run.connection}/${run.org}/${run.run}/${run.startedAt}`

/** The longest reason that is kept of a failure. */
const REASON = 300

/** What is remembered of an entry of the history when its rows are gone. */
export function ranOf({ runs, asked }: Entry, all: readonly RunRow[]): Ran | null {
  const [first] = runs
  if (!first) return null
  const ended = runs.every((run) => run.endedAt !== null)
  const failed = runs.filter((run) => run.error !== null)
  return {
    key: keyOf(first),
    sql: first.sql,
    at: first.startedAt,
    org: asked === 1 ? orgWords(first, all) : null,
    asked,
    known: runs.length,
    ended,
    stopped: runs.some((run) => run.stopped),
    // It is kept when it begins and when it is over, and not with each row.
    rows: ended ? runs.reduce((sum, { rows }) => sum + rows, 0) : 0,
    failed: failed.length,
    error: failed[0]?.error?.slice(0, REASON) ?? null,
    silent:
      ended && runs.every(({ hosts, answered }) => hosts !== null && hosts > 0 && answered === 0),
  }
}

/** Those of the history that are not listed any more, the latest first. */
export function earlier(kept: readonly Ran[], runs: readonly RunRow[]): Ran[] {
  const listed = new Set(runs.map(keyOf))
  return kept.filter(({ key }) => !listed.has(key))
}

/** Takes note of what is listed, so that it is still known when the program has ended. */
export function remember(entries: readonly Entry[], runs: readonly RunRow[]): void {
  const now = entries.flatMap((entry) => ranOf(entry, runs) ?? [])
  if (now.length === 0) return
  preferences.ran = [...now, ...earlier(preferences.ran, runs)].sort((a, b) => b.at - a.at)
}

/** What came of one that is listed: "org_acme, 85 rows", "2 organisations, failed: no such table: cpus". */
export function ranWords(ran: Ran): string {
  return `${whom(ran)}, ${cameWords(ran)}`
}

/** The same of one of which no row is kept any more. */
export function earlierWords(ran: Ran): string {
  const gone = ran.rows > 0 ? ', not kept' : ''
  return `${whom(ran)}, ${ran.ended ? `${cameWords(ran)}${gone}` : 'its end was not seen'}`
}

function whom({ org, known, asked }: Ran): string {
  return org ?? `${known < asked ? `${count(known)} of ` : ''}${plural(asked, 'organisation')}`
}

function cameWords({ known, ended, stopped, rows, failed, error, silent }: Ran): string {
  if (failed > 0 && failed === known) return `failed: ${error ?? 'it gave no reason'}`
  const but = failed > 0 ? `, failed in ${count(failed)}` : ''
  if (!ended) return `running${but}`
  if (stopped) return `stopped, ${plural(rows, 'row')}${but}`
  return silent ? 'no host answered' : `${plural(rows, 'row')}${but}`
}
