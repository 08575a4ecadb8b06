import { describe, expect, it } from 'vitest'
import type { SavedView } from '../views/look'
import { destinations } from './destinations'
import { foundDestination } from './found'
import { pressable } from './onScreen'

const LINKS = [{ name: 'locks-eu', status: 'live' as const }]
const NIGHT: SavedView = { name: 'Night shift', screen: 'alerts', scope: { kind: 'all' }, look: {} }
const known = { connections: LINKS, views: [NIGHT], saves: true }

describe('what can be pressed', () => {
  it('is named as it is read out, once, and nothing that is disabled', () => {
    document.body.innerHTML = `<main><header>
      <div role="radiogroup" aria-label="Shown as"><button>Board</button><button>Table</button></div>
      <button aria-label="Save this view"></button><button disabled>Export</button><button>Board</button>
      </header><button>Elsewhere</button></main>`
    expect(pressable().map(({ label }) => label)).toEqual([
      'Shown as: Board',
      'Shown as: Table',
      'Save this view',
      'Board',
    ])
  })
})

describe('destinations', () => {
  it('begin with what was found by name, then what can be done here', () => {
    const found = [
      foundDestination({
        kind: 'device',
        connection: 'l',
        id: 'VH1',
        label: 'VH1',
        detail: 'locked',
      }),
    ]
    const here = [
      { key: 'x', group: 'On this screen', label: 'Save VH1', to: { run: () => {} } },
    ] as const
    const list = destinations('vh1', { ...known, found, here })
    expect(list.slice(0, 2).map(({ label }) => label)).toEqual(['VH1', 'Save VH1'])
    expect(list[0]?.to).toEqual({ route: { screen: 'device', connection: 'l', id: 'VH1' } })
    expect(list[0]?.words).toBe('Device · l · locked')
  })
  it('hold every word that is typed, in any order', () => {
    expect(destinations('larger everything', known).at(0)?.key).toBe('do larger')
  })
  it('are every screen, view, connection and command before anything is typed', () => {
    const groups = destinations('', known).map((to) => to.group)
    expect([...new Set(groups)]).toEqual(['Screens', 'Views', 'Connections', 'Commands'])
    expect(groups.filter((group) => group === 'Screens')).toHaveLength(10)
  })
  it('begin with what has the name that is typed, and end with the searches', () => {
    expect(destinations('locks', known).map((to) => to.label)).toEqual([
      'locks-eu',
      '“locks” in Devices',
      '“locks” in Hosts',
      '“locks” in Events',
      '“locks” in Alerts',
    ])
  })
  it('carry the text as the filter', () => {
    const found = destinations(' VH1 ', { connections: [], views: [], saves: false })
    expect(found.at(0)?.to).toEqual({ route: { screen: 'devices', filter: 'VH1' } })
  })
  it('find a saved view by its name', () => {
    expect(destinations('night', known).at(0)?.to).toEqual({ view: NIGHT })
  })
  it('tell the key of every screen and command', () => {
    const keyed = destinations('', known).filter((to) => ['Screens', 'Commands'].includes(to.group))
    expect(keyed.filter((to) => !to.shortcut)).toEqual([])
    expect(keyed.find((to) => to.key === 'do larger')?.shortcut).toBe('Ctrl +')
  })
  it('offer to save a view only where there is one', () => {
    const saving = (saves: boolean) =>
      destinations('', { ...known, saves }).some((to) => to.key === 'do saveView')
    expect([saving(true), saving(false)]).toEqual([true, false])
  })
})
