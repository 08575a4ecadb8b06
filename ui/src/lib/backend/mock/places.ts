import type { Area, PlaceMark, PlaceRow, Places, PlacesSpec } from '../types'
import { CONNECTION, select, type MockDevice } from './devices'
import type { World } from './world'

/** What the host answers a map, less exactly: cells are not merged. */
export function mockPlaces(world: World, spec: PlacesSpec): Places {
  const rows =
    spec.of.kind === 'devices' ? deviceRows(world, spec.of.filter) : signalRows(world, spec.of)
  const states = spec.of.kind === 'devices' ? 4 : 6
  const placed = rows.filter((row): row is PlaceRow => row !== null)
  const inside = placed.flatMap((row) => held(row, spec.area) ?? [])
  const cells = new Map<string, PlaceRow[]>()
  for (const row of inside) {
    const key = `${Math.floor(row.x / spec.cell)} ${Math.floor(row.y / spec.cell)}`
    cells.set(key, [...(cells.get(key) ?? []), row])
  }
  const marks = [...cells.values()].map((cell) => mark(cell, states))
  const version = hash(JSON.stringify(marks))
  const { list, follow } = spec
  const followed = follow && deviceRows(world, '').find((row) => row?.id === follow.id)
  const listed = list
    ? placed
        .filter((row) => held(row, list.area))
        .sort((a, b) => a.state - b.state || a.title.localeCompare(b.title))
    : null
  return {
    version,
    marks: version === spec.have ? null : marks,
    total: spec.of.kind === 'devices' ? world.devices.length : rows.length,
    matching: rows.length,
    unplaced: rows.length - placed.length,
    misplaced: 0,
    extent: around(placed),
    list:
      listed && list
        ? {
            total: listed.length,
            counts: countsOf(listed, states),
            rows: listed.slice(0, list.limit),
          }
        : null,
    followed: followed ? { row: followed, fields: ['lat', 'long'] } : null,
  }
}

/** A place in Web Mercator, as the host tells it. */
export function place(lat: number, long: number): { x: number; y: number } {
  return {
    x: (long + 180) / 360,
    y: 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI),
  }
}

export function devicePlace(device: MockDevice) {
  const [lat, long] = ['lat', 'long'].map((name) => device.fields.get(name)?.value)
  if (typeof lat !== 'number' || typeof long !== 'number') return null
  const fields: [string, string] = ['lat', 'long']
  return { lat, long, ...place(lat, long), at: device.fields.get('lat')?.at ?? 0, fields }
}

function deviceRows(world: World, filter: string): (PlaceRow | null)[] {
  const stale = world.stale(CONNECTION)
  return select(world.devices, { offset: 0, limit: 500, sort: null, filter, held: null }).map(
    (device) => {
      const at = devicePlace(device)
      if (!at) return null
      const state =
        device.lock === 'unlocked'
          ? 0
          : device.online === false
            ? 2
            : device.lock === 'unknown'
              ? 1
              : 3
      return {
        key: `${CONNECTION}/${device.id}`,
        connection: CONNECTION,
        id: device.id,
        title: device.id,
        text: null,
        state,
        since: state === 2 ? device.onlineSince : device.lockSince,
        told: at.at,
        stale,
        standing: false,
        x: at.x,
        y: at.y,
      }
    },
  )
}

function signalRows(
  world: World,
  of: { stream: string | null; minSeverity: number },
): (PlaceRow | null)[] {
  const page = world.signals.page(of.stream, of.minSeverity, 500, world.stale('intel'))
  return [...page.standing, ...page.feed].map((row, i) => {
    if (!row.place) return null
    return {
      key: row.key,
      connection: row.connection,
      id: row.stream,
      title: row.title,
      text: row.description,
      state: 5 - Math.min(5, row.severity ?? 0),
      since: row.at,
      told: row.at,
      stale: row.stale || row.unconfirmed,
      standing: i < page.standing.length,
      ...place(...row.place),
    }
  })
}

function held(row: PlaceRow, area: Area): PlaceRow | null {
  const x = area.west + ((((row.x - area.west) % 1) + 1) % 1)
  return x <= area.east && row.y >= area.north && row.y <= area.south ? { ...row, x } : null
}

function mark(cell: PlaceRow[], states: number): PlaceMark {
  const sum = (of: (row: PlaceRow) => number) => cell.reduce((all, row) => all + of(row), 0)
  return {
    x: sum((row) => row.x) / cell.length,
    y: sum((row) => row.y) / cell.length,
    counts: countsOf(cell, states),
    stale: sum((row) => Number(row.stale)),
    standing: sum((row) => Number(row.standing)),
    extent: cell.length > 1 ? around(cell) : null,
    one: cell.length === 1 ? (cell[0] ?? null) : null,
  }
}

function countsOf(rows: readonly PlaceRow[], states: number): number[] {
  return Array.from(
    { length: states },
    (_, state) => rows.filter((row) => row.state === state).length,
  )
}

function around(rows: readonly PlaceRow[]): Area | null {
  if (rows.length === 0) return null
  const xs = rows.map((row) => row.x)
  const ys = rows.map((row) => row.y)
  return {
    west: Math.min(...xs),
    north: Math.min(...ys),
    east: Math.max(...xs),
    south: Math.max(...ys),
  }
}

function hash(text: string): number {
  let value = 1
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) >>> 0
  return value || 1
}
