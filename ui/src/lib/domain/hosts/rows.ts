import type { ResultRow, RunRow, Sort } from '../../backend/types'
import type { App } from '../../context'
import { look } from '../../live/look'
import type { RunRef } from './console.svelte'
import type { OutcomesPart, RowsPart } from './export'

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
  /** So many at the most. */
  most?: number
}

/** The rows of a run as they are filtered and ordered, page by page; an error where it is not kept any more. */
export async function partOf(
  app: App,
  ref: RunRef,
  organisation: string,
  { sort, filter, most = Infinity }: Wanted,
): Promise<RunPart> {
  const all: ResultRow[] = []
  const { connection, run } = ref
  const table = { offset: 0, limit: 1, sort: null, filter: '' }
  for (;;) {
    const asked = { connection, run, offset: all.length, limit: PAGE, sort, filter }
    const found = (await look(app, { screen: 'hosts', table, run: asked })).run
    if (!found) throw new Error(`The answer of ${organisation} is not kept any more. Run it again.`)
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
