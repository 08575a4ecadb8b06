import type { ConnectionDraft, Protocol } from '../../backend/types'
import { count, joined } from '../../format'
import type { Entry } from './draft'

/** So many of what both watch are named; of more it is said how many there are. */
const NAMED = 4

/** What a connection subscribes to. */
const THINGS: Readonly<Record<Protocol, readonly [one: string, many: string]>> = {
  iotee: ['device', 'devices'],
  hantera: ['path', 'paths'],
  agenthq: ['channel', 'channels'],
  hyprwatch: ['organisation', 'organisations'],
  hydra: ['stream', 'streams'],
}

/** What is to be known of each connection that has the address already: what both would watch, and what follows from it. */
export function twinWords(entry: Entry, others: readonly ConnectionDraft[]): string[] {
  const place = placeOf(entry.url)
  if (place === null) return []
  const mine = namesOf(entry)
  return others
    .filter((other) => other.protocol === entry.protocol && placeOf(other.url) === place)
    .map((other) => {
      const has = other.enabled ? 'watches' : 'is switched off and has'
      const both = sharedWords(entry.protocol, mine, namesOf(other))
      if (both !== null)
        return `${other.name} ${has} this address already, and ${both} as well: what both watch is listed and counted twice, and its alerts are told twice.`
      const but = mine.length > 0 ? `, but none of these ${THINGS[entry.protocol][1]}` : ''
      return `${other.name} ${has} this address already${but}.`
    })
}

function namesOf({ subscribe }: Pick<ConnectionDraft, 'subscribe'>): string[] {
  return [...new Set(subscribe.map(({ name }) => name))]
}

/** Where a stream is, whichever way that is written. */
function placeOf(address: string): string | null {
  try {
    const { protocol, host, pathname, searchParams } = new URL(address.trim())
    searchParams.sort()
    return `${protocol}//${host}${pathname.replace(/\/+$/, '')}?${searchParams.toString()}`
  } catch {
    return null
  }
}

/** What both watch: "the devices VH1 and VH2"; null when nothing. */
function sharedWords(
  protocol: Protocol,
  mine: readonly string[],
  theirs: readonly string[],
): string | null {
  if (protocol === 'hydra' && (mine.length === 0 || theirs.length === 0)) {
    // Who names no stream watches all.
    const named = mine.length === 0 ? theirs : mine
    return named.length === 0 ? 'all its streams' : thingWords(protocol, named)
  }
  const has = new Set(theirs)
  const both = mine.filter((name) => has.has(name))
  const words = both.length > 0 ? [thingWords(protocol, both)] : []
  // Agents are told of whatever the channels.
  if (protocol === 'agenthq') words.unshift('its agents')
  return words.length > 0 ? joined(words) : null
}

function thingWords(protocol: Protocol, names: readonly string[]): string {
  const [one, many] = THINGS[protocol]
  const shown =
    names.length <= NAMED
      ? names
      : [...names.slice(0, NAMED - 1), `${count(names.length - NAMED + 1)} others`]
  return `the ${names.length === 1 ? one : many} ${joined(shown)}`
}
