import { BackendError } from '../../backend/backend'
import type { ResultRow, RunRow, Sort } from '../../backend/types'
import type { App } from '../../context'
import { look } from '../../live/look'
import { isInScope } from '../../live/scope'
import type { RunRef } from './console.svelte'
import type { OutcomesPart, RowsPart } from './export'
import { isRun, orgWords } from './run'
import { ORGANISATION } from './whole'

/** Rows that are asked for at a time. */
const PAGE = 500

/** A run as it is known, with its rows that match. */
export interface RunPart extends RowsPart, OutcomesPart {
  run: RunRow
  /** How many rows it has, and how many of them match. */
  total: number
  matching: number
}

/** What is wanted of a run's rows. */
export interface Wanted {
  sort: Sort | null
  filter: string
  /** Of the others there is only what became of their hosts; null where the rows of each are wanted. */
  only?: Pick<RunRef, 'connection' | 'run'> | null
  /** So many at the most. */
  most?: number
}

/** What could be had of several runs, and of which nothing could, with a sentence that says why. */
export interface Parts {
  parts: RunPart[]
  missing: { organisation: string; words: string }[]
}

/** The rows of several runs, one after the other: one that cannot be had leaves the others. */
export async function partsOf(
  app: App,
  refs: readonly RunRef[],
  { sort, only = null, ...wanted }: Wanted,
  isOver: () => boolean = () => false,
): Promise<Parts> {
  const parts: RunPart[] = []
  const missing: Parts['missing'] = []
  // Within an organisation there is nothing to order by it.
  const own = { ...wanted, sort: sort?.column === ORGANISATION ? null : sort }
  for (const ref of refs) {
    if (isOver()) break
    const organisation = orgWords(ref, refs)
    try {
      const isWanted = only === null || isRun(only, ref)
      const part = await partOf(app, ref, organisation, isWanted ? own : { ...own, most: 1 })
      parts.push(isWanted ? part : { ...part, rows: [], matching: 0 })
    } catch (thrown) {
      missing.push({ organisation, words: BackendError.from(thrown).message })
    }
  }
  return { parts, missing }
}

/** The rows of a run as they are filtered and ordered, page by page; an error where they cannot be had. */
async function partOf(
  app: App,
  ref: RunRef,
  organisation: string,
  { sort, filter, most = Infinity }: Wanted,
): Promise<RunPart> {
  const all: ResultRow[] = []
  const { connection, run } = ref
  const table = { offset: 0, limit: 1, sort: null, filter: '', held: null }
  for (;;) {
    const asked = { connection, run, offset: all.length, limit: PAGE, sort, filter }
    const found = (await look(app, { screen: 'hosts', table, run: asked })).run
    if (!found) throw new Error(goneWords(app, connection, organisation))
    // The last page begins earlier, so that it is a whole one.
    const fresh = found.rows.rows.slice(all.length - found.rows.offset)
    all.push(...fresh)
    const { matching, total } = found.rows
    if (fresh.length === 0 || all.length >= Math.min(matching, most)) {
      const { run, columns, outcomes } = found
      const rows = all.slice(0, most)
      return { organisation, columns, rows, outcomes, run, total, matching }
    }
  }
}

function goneWords({ live }: App, connection: string, organisation: string): string {
  const chip = live.chips.find(({ name }) => name === connection)
  return chip && !isInScope(chip, live.scope)
    ? `The answer of ${organisation} is not listed: the scope leaves out ${connection}.`
    : `The answer of ${organisation} is not kept any more. Run it again.`
}
