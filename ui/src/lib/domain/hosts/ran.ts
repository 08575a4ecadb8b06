import type { RunRow } from '../../backend/types'
import { count, plural } from '../../format'
import { preferences, type Ran } from '../../preferences.svelte'
import { isPartOf, orgWords, type Entry } from './run'

/** As many runs as are listed, the latest. */
const LISTED = 20

/** What is listed, and what the scope leaves out. */
export interface Listing {
  runs: readonly RunRow[]
  isOut: (connection: string) => boolean
}

/** An entry of the history as it is shown. */
export interface Told {
  ran: Ran
  /** One of its runs that is listed; null where none is. */
  run: RunRow | null
  /** What came of it: "org_acme, 85 rows". */
  words: string
  /** Why its rows cannot be had; null where they can. */
  gone: string | null
}

/** The numbers of runs begin anew with the program: the time tells them apart. */
const keyOf = (run: RunRow) => `${run.connection}/${run.org}/${run.run}/${run.startedAt}`

/** The longest reason that is kept of a failure. */
const REASON = 300

/** What is remembered of an entry of the history when its rows are gone. A question is known by when it was asked here. */
export function ranOf({ runs, together }: Entry, all: readonly RunRow[]): Ran | null {
  const [first] = runs
  if (!first) return null
  const ended = runs.every((run) => run.endedAt !== null)
  const failed = runs.filter((run) => run.error !== null)
  const refs = together?.runs ?? [first]
  return {
    key: together ? `asked/${together.at}` : keyOf(first),
    runs: refs.map(({ connection, org, run }) => ({ connection, org, run })),
    sql: first.sql,
    at: together?.at ?? first.startedAt,
    org: refs.length === 1 ? orgWords(first, all) : null,
    asked: refs.length,
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

/** The history, the latest first: what is listed, and what of before is remembered. */
export function historyOf(entries: readonly Entry[], listing: Listing): Told[] {
  const { runs } = listing
  const now = entries.flatMap((entry) => {
    const [ran, run] = [latest(entry, runs), entry.runs[0]]
    if (!ran || !run || isForgotten(run)) return []
    return [{ ran, run, words: `${whom(ran)}, ${cameWords(ran)}`, gone: null }]
  })
  const before = earlier(preferences.ran, entries).map((ran) => {
    const why = whyGone(ran, listing)
    const words = `${whom(ran)}, ${earlierWords(ran, why)}`
    return { ran, run: null, words, gone: WHY[why] }
  })
  return [...now, ...before].sort((a, b) => b.ran.at - a.ran.at)
}

/** Takes note of what is listed, so that it is still known when the program has ended. What `isKept` refuses is not. */
export function remember(
  entries: readonly Entry[],
  runs: readonly RunRow[],
  isKept: (connection: string) => boolean,
): void {
  const now = entries.flatMap((entry) => {
    const ran = entry.runs.some(isForgotten) ? null : latest(entry, runs)
    return ran?.runs.every(({ connection }) => isKept(connection)) ? [ran] : []
  })
  if (now.length === 0) return
  const before = earlier(preferences.ran, entries)
  preferences.ran = [...now, ...before].sort((a, b) => b.at - a.at)
}

/** Forgets the whole history; answers what takes that back. */
export function forgetAll(history: readonly Told[]): () => void {
  const shown = new Set(history.map(({ ran }) => ran.key))
  const hidden = preferences.ran.filter(({ key }) => !shown.has(key))
  const { asked } = preferences
  const undo = forget([...history.map(({ ran }) => ran), ...hidden])
  preferences.asked = []
  return () => {
    undo()
    const isNew = ({ at }: { at: number }) => !asked.some((one) => one.at === at)
    preferences.asked = [...preferences.asked.filter(isNew), ...asked]
  }
}

/** Forgets entries of the history, and whom they were asked; answers what takes that back. */
export function forget(entries: readonly Ran[]): () => void {
  const keys = new Set(entries.map(({ key }) => key))
  const isIt = ({ key }: { key: string }) => keys.has(key)
  const isAsked = ({ at }: { at: number }) => keys.has(`asked/${at}`)
  const [ran, asked] = [preferences.ran.filter(isIt), preferences.asked.filter(isAsked)]
  preferences.ran = preferences.ran.filter((one) => !isIt(one))
  preferences.asked = preferences.asked.filter((one) => !isAsked(one))
  // Where the program has its rows still, it is listed: that is known without its text.
  const listed = entries.map(({ key, at, runs }) => ({ key, at, runs }))
  preferences.forgotten = [...listed, ...preferences.forgotten.filter((one) => !isIt(one))]
  return () => {
    preferences.forgotten = preferences.forgotten.filter((one) => !isIt(one))
    const latestFirst = (a: { at: number }, b: { at: number }) => b.at - a.at
    const others = preferences.ran.filter((one) => !isIt(one))
    preferences.ran = [...ran, ...others].sort(latestFirst)
    preferences.asked = [...asked, ...preferences.asked].sort(latestFirst)
  }
}

/** Whether a run belongs to an entry that was removed. */
function isForgotten(run: RunRow): boolean {
  return preferences.forgotten.some((one) =>
    one.key.startsWith('asked/') ? isPartOf(one, run) : one.key === keyOf(run),
  )
}

/** An entry as it is known best: once it has ended, what fewer of its runs tell is not the whole. */
function latest(entry: Entry, runs: readonly RunRow[]): Ran | null {
  const now = ranOf(entry, runs)
  if (!now) return null
  const kept = preferences.ran.find(({ key }) => key === now.key)
  return kept?.ended && kept.known > now.known ? kept : now
}

/** Those that are remembered and not listed, also not as a part of another. */
function earlier(kept: readonly Ran[], entries: readonly Entry[]): Ran[] {
  const keys = entries.flatMap(({ runs, together }) => [
    ...runs.map(keyOf),
    ...(together ? [`asked/${together.at}`] : []),
  ])
  const listed = new Set(keys)
  return kept.filter(({ key }) => !listed.has(key))
}

type Why = 'dropped' | 'scope' | 'unlisted'

const WHY: Readonly<Record<Why, string>> = {
  dropped: 'Its rows are not kept any more: run it again to have them.',
  scope: 'The scope leaves it out.',
  unlisted: 'It is not among the latest queries any more.',
}

/** Only the latest are listed, of all connections in scope: of one the program keeps as many. */
function whyGone({ runs: refs }: Ran, { runs, isOut }: Listing): Why {
  if (refs.some(({ connection }) => isOut(connection))) return 'scope'
  const several = new Set([...refs, ...runs].map(({ connection }) => connection)).size > 1
  return runs.length >= LISTED && several ? 'unlisted' : 'dropped'
}

function earlierWords(ran: Ran, why: Why): string {
  if (!ran.ended) return why === 'dropped' ? 'its end was not seen' : 'its end was not seen yet'
  return `${cameWords(ran)}${why === 'dropped' && ran.rows > 0 ? ', not kept' : ''}`
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
