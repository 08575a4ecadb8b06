import type { EventRow } from '../../backend/types'
import type { Route } from '../../route.svelte'

/** Where what an event is about is shown, and in what words that is offered. */
export function linkOf({
  kind,
  connection,
  subject,
}: EventRow): { label: string; to: Route } | null {
  if (kind === 'connection.status')
    return { label: 'Open the connection', to: { screen: 'connections', name: connection } }
  if (subject === '') return null
  const id = subject
  switch (kind.split('.')[0]) {
    case 'device':
      return { label: `Open ${id}`, to: { screen: 'device', connection, id } }
    case 'job':
      return kind === 'job.statistics'
        ? { label: 'Open the definition', to: { screen: 'definition', connection, id } }
        : { label: 'Open the job', to: { screen: 'job', connection, id } }
    case 'live_query':
      return { label: 'Open the live query', to: { screen: 'liveQuery', connection, id } }
    case 'host':
      return { label: 'Show the host', to: { screen: 'hosts', filter: id } }
    case 'query':
      return { label: 'Go to Hosts', to: { screen: 'hosts' } }
    case 'agent':
      return { label: 'Show the agent', to: { screen: 'agents', filter: id } }
    case 'post':
    case 'task':
    case 'notification':
      return { label: 'Go to Agents', to: { screen: 'agents' } }
    case 'signal':
      return { label: 'Go to Signals', to: { screen: 'signals' } }
    default:
      return null
  }
}

/** A filter with one more term, or as it is where it has that term. */
export function withTerm(filter: string, term: string): string {
  return filter.split(/\s+/).includes(term) ? filter : `${filter.trim()} ${term}`.trim()
}

/** A value as a term may hold it: quotes hold words together. */
export function quoted(value: string): string {
  return /\s/.test(value) ? `"${value.replace(/"/g, '')}"` : value
}
