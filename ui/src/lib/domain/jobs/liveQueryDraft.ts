import type { LiveQueryRow } from '../../backend/types'

/** What the dialog holds while it is filled in. */
export interface LiveQueryEntry {
  connection: string
  id: string
  edge: string
  filter: string
  orderBy: string
}

export type LiveQueryProblems = Partial<Record<'id' | 'edge', string>>

/** What is missing or can't be. The service has the last word on filter and order: it alone knows its graph. */
export function liveQueryProblems(
  { connection, id, edge }: LiveQueryEntry,
  known: readonly LiveQueryRow[],
  /** The one that is changed: its name is its own. */
  changed: LiveQueryRow | null = null,
): LiveQueryProblems {
  const problems: LiveQueryProblems = {}
  const name = id.trim()
  if (name === '') problems.id = 'Give the query a name, such as open-orders.'
  else if (
    known.some(
      (row) =>
        row.connection === connection &&
        row.id === name &&
        (changed === null || row.key !== changed.key) &&
        !row.destroyed,
    )
  )
    problems.id = `${connection} has a live query named ${name} already. Choose another name, or destroy that one first.`
  if (edge.trim() === '') problems.edge = 'Name the edge of the graph to follow, such as orders.'
  else if (/\s/.test(edge.trim())) problems.edge = 'An edge is one word, such as orders.'
  return problems
}

/** What the dialog begins with: nothing, or what a query asks for. */
export function entryOf(query: LiveQueryRow | null): LiveQueryEntry {
  return {
    connection: query?.connection ?? '',
    id: query?.id ?? '',
    edge: query?.asked?.edge ?? '',
    filter: query?.asked?.filter ?? '',
    orderBy: query?.asked?.orderBy ?? '',
  }
}

/** The entry as the backend takes it. */
export function liveQueryArgs({ connection, id, edge, filter, orderBy }: LiveQueryEntry) {
  return {
    connection,
    id: id.trim(),
    edge: edge.trim(),
    filter: filter.trim() || null,
    orderBy: orderBy.trim() || null,
  }
}
