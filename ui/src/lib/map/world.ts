import type { MultiPolygon, Polygon, Position } from 'geojson'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { place } from './projection'

/** A line of the outline: x and y in turn, and the box around it. Over the antimeridian x goes on below 0 or above 1. */
export interface Line {
  points: Float64Array
  west: number
  north: number
  east: number
  south: number
}

export interface Label {
  text: string
  x: number
  y: number
  /** How wide what it names is, as a part of the world. */
  width: number
}

/** The outline of the world, by Natural Earth. */
export interface World {
  land: Line[]
  borders: Line[]
  labels: Label[]
}

type Countries = Topology<{ countries: GeometryCollection<{ name: string }> }>
export type Detail = 'coarse' | 'fine'

const loaded = new Map<Detail, Promise<World>>()

/** The outline, loaded when it is first wanted: the window's start does not wait for it. */
export function loadWorld(detail: Detail): Promise<World> {
  const known = loaded.get(detail)
  if (known) return known
  const world = read(detail)
  loaded.set(detail, world)
  // What failed is tried again the next time.
  world.catch(() => loaded.delete(detail))
  return world
}

async function read(detail: Detail): Promise<World> {
  const [{ feature, mesh }, topology] = await Promise.all([
    import('topojson-client'),
    detail === 'coarse'
      ? import('world-atlas/countries-110m.json')
      : import('world-atlas/countries-50m.json'),
  ])
  const world = topology.default as unknown as Countries
  const { countries } = world.objects
  const land: Line[] = []
  const labels: Label[] = []
  for (const { geometry, properties } of feature(world, countries).features) {
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') continue
    const rings = ringsOf(geometry).map(ringOf)
    land.push(...rings)
    const largest = rings.reduce((a, b) => (areaOf(b) > areaOf(a) ? b : a))
    labels.push({ text: properties.name, ...middle(largest), width: largest.east - largest.west })
  }
  const borders = mesh(world, countries, (a, b) => a !== b).coordinates.map((way) =>
    lineOf(unwrapped(way)),
  )
  labels.sort((a, b) => b.width - a.width)
  return { land, borders, labels }
}

function ringsOf(geometry: Polygon | MultiPolygon): Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
}

/** The line of a way around something: one that goes around the pole is led over it. */
function ringOf(positions: Position[]): Line {
  const way = unwrapped(positions)
  const [first, last] = [way[0], way.at(-1)]
  const around = first && last ? last[0] - first[0] : 0
  if (first && last && Math.abs(around) > 180) {
    const pole = last[1] < 0 ? -90 : 90
    way.push([last[0], pole], [first[0], pole])
  }
  return lineOf(way)
}

/** The longitudes counted on over the antimeridian, so that no stroke leads back around the world. */
function unwrapped(positions: Position[]): [number, number][] {
  let before: number | null = null
  return positions.map(([long = 0, lat = 0]) => {
    const on: number = before === null ? long : long + 360 * Math.round((before - long) / 360)
    before = on
    return [on, lat]
  })
}

function lineOf(way: readonly [number, number][]): Line {
  const points = new Float64Array(way.length * 2)
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity]
  way.forEach(([long, lat], i) => {
    const { x, y } = place(lat, long)
    points[2 * i] = x
    points[2 * i + 1] = y
    west = Math.min(west, x)
    east = Math.max(east, x)
    north = Math.min(north, y)
    south = Math.max(south, y)
  })
  return { points, west, north, east, south }
}

function areaOf({ west, north, east, south }: Line): number {
  return (east - west) * (south - north)
}

/** The centre of a ring's surface; of its box where it has none. */
function middle({ points, west, north, east, south }: Line): { x: number; y: number } {
  let [area, x, y] = [0, 0, 0]
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = points.subarray(i, i + 4)
    const cross = ax * by - bx * ay
    area += cross
    x += (ax + bx) * cross
    y += (ay + by) * cross
  }
  if (area === 0) return { x: (west + east) / 2, y: (north + south) / 2 }
  return { x: x / (3 * area), y: y / (3 * area) }
}
