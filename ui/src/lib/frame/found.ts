import type { Found, FoundKind } from '../backend/types'
import type { Route } from '../route.svelte'
import type { Destination } from './destinations'

const WORDS: Record<FoundKind, string> = {
  alert: 'Alert',
  device: 'Device',
  host: 'Host',
  agent: 'Agent',
  definition: 'Job definition',
  job: 'Job',
  liveQuery: 'Live query',
  rule: 'Rule',
}

/** Something that has a name which was sought, as the palette offers it. */
export function foundDestination(found: Found): Destination {
  const { kind, connection, id, label, detail } = found
  const words = [WORDS[kind], connection, detail].filter(Boolean).join(' · ')
  return {
    key: `${kind} ${connection}/${id}`,
    group: 'Found',
    label,
    words,
    to: { route: routeOf(found) },
  }
}

function routeOf({ kind, connection, id, label }: Found): Route {
  switch (kind) {
    case 'alert':
      return { screen: 'alert', id }
    case 'host':
      return { screen: 'hosts', filter: label }
    case 'agent':
      return { screen: 'agents', filter: label }
    case 'rule':
      return { screen: 'rule', name: id }
    default:
      return { screen: kind, connection, id }
  }
}
