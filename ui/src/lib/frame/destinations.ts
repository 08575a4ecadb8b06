import type { Status } from '../backend/types'
import { keyOf, keyWords } from '../keys/keys'
import { PLACES, SHORTCUTS, type Of } from '../keys/table'
import type { Route } from '../route.svelte'
import type { SavedView } from '../views/look'

/** What can be chosen in the palette. */
export interface Destination {
  key: string
  group: 'On this screen' | 'Found' | 'Find' | 'Commands' | 'Connections' | 'Screens' | 'Views'
  label: string
  /** What else tells it apart. */
  words?: string
  to: { route: Route } | { view: SavedView } | { command: Command } | { run: () => void }
  status?: Status
  /** The key that does the same. */
  shortcut?: string
}

type Commanding = Extract<(typeof SHORTCUTS)[number], { command: true }>
/** What the palette can do by itself. */
export type Command = Commanding['id']

interface Known {
  connections: readonly { name: string; status: Status }[]
  views: readonly SavedView[]
  /** Whether the screen in sight can be saved as a view. */
  saves: boolean
  /** What can be pressed on the screen in sight. */
  here?: readonly Destination[]
  /** What has the name that is sought. */
  found?: readonly Destination[]
  /** What can be done besides, without a key. */
  plain?: readonly Destination[]
}

const SEARCHED = ['devices', 'hosts', 'events', 'alerts'] as const

/** Where a text may lead: a search of each screen that has one, and whatever has a name that holds it. */
export function destinations(text: string, known: Known): Destination[] {
  const words = text.trim().toLowerCase()
  const sought = words.split(/\s+/)
  const holds = ({ label }: Destination) => {
    const name = label.toLowerCase()
    return sought.every((word) => name.includes(word))
  }
  const finds = SEARCHED.map((screen): Destination => {
    const label = `“${text.trim()}” in ${title(screen)}`
    const route: Route = { screen, filter: text.trim() }
    return { key: `find ${screen}`, group: 'Find', label, to: { route } }
  })
  const links = known.connections.map(({ name, status }): Destination => {
    const route: Route = { screen: 'connections', name }
    return { key: `connection ${name}`, group: 'Connections', label: name, to: { route }, status }
  })
  const places = PLACES.map((screen): Destination => {
    const shortcut = keyOf('everywhere', screen)
    return {
      key: screen,
      group: 'Screens',
      label: title(screen),
      to: { route: { screen } },
      shortcut,
    }
  })
  const saved = known.views.map((view, i): Destination => {
    const shortcut = i < 9 ? keyWords(`$mod+Digit${i + 1}`) : undefined
    return { key: `view ${view.name}`, group: 'Views', label: view.name, to: { view }, shortcut }
  })
  const here = (known.here ?? []).filter(holds)
  const rest = [...places, ...saved, ...links, ...commands(known.saves), ...(known.plain ?? [])]
  const named = [...here, ...rest.filter(holds)]
  // A name that was typed is what is meant; the searches come after it.
  return words === '' ? named : [...(known.found ?? []), ...named, ...finds]
}

function commands(saves: boolean): Destination[] {
  return SHORTCUTS.filter((one): one is Commanding => 'command' in one)
    .filter(({ id }) => saves || id !== 'saveView')
    .map(({ id, does, keys }) => ({
      key: `do ${id}`,
      group: 'Commands',
      label: does,
      to: { command: id satisfies Of<'everywhere'> },
      shortcut: keyWords(keys[0]),
    }))
}

function title(screen: string): string {
  return screen.charAt(0).toUpperCase() + screen.slice(1)
}
