import type { Status } from '../backend/types'
import type { Route } from '../route.svelte'
import { PLACES } from './keys'

export interface Destination {
  key: string
  group: 'Find' | 'Connections' | 'Screens'
  label: string
  route: Route
  status?: Status
  shortcut?: string
}

const SEARCHED = ['devices', 'hosts', 'events', 'alerts'] as const

/** Where a text may lead: a search of each screen that has one, and the connections and screens whose name holds it. */
export function destinations(
  text: string,
  connections: readonly { name: string; status: Status }[],
): Destination[] {
  const words = text.trim().toLowerCase()
  const holds = (name: string) => name.toLowerCase().includes(words)
  const finds = SEARCHED.map((screen): Destination => {
    const label = `“${text.trim()}” in ${title(screen)}`
    return { key: `find ${screen}`, group: 'Find', label, route: { screen, filter: text.trim() } }
  })
  const links = connections
    .filter(({ name }) => holds(name))
    .map(({ name, status }): Destination => {
      const route: Route = { screen: 'connections', name }
      return { key: `connection ${name}`, group: 'Connections', label: name, route, status }
    })
  const places = PLACES.map((screen, i): Destination => {
    const shortcut = `Alt ${(i + 1) % 10}`
    return { key: screen, group: 'Screens', label: title(screen), route: { screen }, shortcut }
  }).filter(({ label }) => holds(label))
  // A name that was typed is what is meant; the searches come after it.
  return words === '' ? [...places, ...links] : [...places, ...links, ...finds]
}

function title(screen: string): string {
  return screen.charAt(0).toUpperCase() + screen.slice(1)
}
