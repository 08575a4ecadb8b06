import { describe, expect, it } from 'vitest'
import { hit, ordered, placed, short, worst, type MapMark } from './marks'
import {
  areaOf,
  between,
  bounded,
  degrees,
  degreeWords,
  farthest,
  fitted,
  fromScreen,
  nearest,
  NEAREST,
  panned,
  place,
  scaleBar,
  toScreen,
  zoomedAt,
} from './projection'
import { PARTS, partsOf } from './sprites'
import { around, hitTrack, lengthOf, trackOf } from './track'

const SIZE = { width: 800, height: 600 }
const BERLIN = place(52.52, 13.405)

function mark(key: string, x: number, y: number, more: Partial<MapMark> = {}): MapMark {
  const counts = [0, 0, 0, 1]
  return { key, x, y, total: 1, counts, stale: 0, standing: 0, extent: null, ...more }
}

describe('the projection', () => {
  it('is the one of tile servers', () => {
    // Tile 550, 335 of level 10 holds Berlin.
    expect([Math.floor(BERLIN.x * 1024), Math.floor(BERLIN.y * 1024)]).toEqual([550, 335])
    const { lat, long } = degrees(BERLIN)
    expect(lat).toBeCloseTo(52.52, 9)
    expect(long).toBeCloseTo(13.405, 9)
    expect(place(90, 0).y).toBe(0)
    expect(place(-90, 0).y).toBe(1)
  })

  it('leads to the screen and back', () => {
    const view = { x: 0.9, y: 0.3, zoom: 7.3 }
    const at = { x: 123, y: 456 }
    const back = toScreen(view, SIZE, fromScreen(view, SIZE, at))
    expect(back.x).toBeCloseTo(at.x, 6)
    expect(back.y).toBeCloseTo(at.y, 6)
  })

  it('keeps what is under the pointer there while it zooms', () => {
    const view = { x: 0.53, y: 0.33, zoom: 8 }
    const at = { x: 700, y: 90 }
    const under = fromScreen(view, SIZE, at)
    for (const by of [0.3, 2, -1.4]) {
      const on = toScreen(zoomedAt(view, SIZE, at, by), SIZE, under)
      expect(on.x).toBeCloseTo(at.x, 4)
      expect(on.y).toBeCloseTo(at.y, 4)
    }
  })

  it('looks no farther than the world and no nearer than it can', () => {
    expect(bounded({ x: 0.5, y: 0.01, zoom: -3 }, SIZE).zoom).toBe(farthest(SIZE))
    expect(bounded({ x: 0.5, y: 0.5, zoom: 40 }, SIZE).zoom).toBe(NEAREST)
    const north = bounded({ x: 1.25, y: 0, zoom: 4 }, SIZE)
    expect(north.x).toBeCloseTo(0.25)
    expect(areaOf(north, SIZE).north).toBeCloseTo(0)
  })

  it('goes on over the antimeridian', () => {
    const view = { x: 0.99, y: 0.5, zoom: 5 }
    expect(nearest(view, 0.02)).toBeCloseTo(1.02)
    expect(panned(view, SIZE, 400, 0).x).toBeLessThan(0.1)
    expect(areaOf(view, SIZE).east).toBeGreaterThan(1)
    const fiji = { west: 0.98, north: 0.5, east: 1.03, south: 0.52 }
    const on = [fiji.west, fiji.east].map((x) => {
      const fit = fitted(fiji, SIZE)
      return toScreen(fit, SIZE, { x: nearest(fit, x), y: 0.51 }).x
    })
    expect(on[0]).toBeGreaterThan(40)
    expect(on[1]).toBeLessThan(760)
    const half = between({ ...view, x: 0.95 }, { ...view, x: 0.05 }, 0.5)
    expect(half.x).toBeCloseTo(1)
  })

  it('fits an area with room, and a single place not nearer than asked', () => {
    const area = { west: 0.5, north: 0.3, east: 0.6, south: 0.35 }
    const view = fitted(area, SIZE, 50)
    const [a, b] = [
      toScreen(view, SIZE, { x: area.west, y: area.north }),
      toScreen(view, SIZE, { x: area.east, y: area.south }),
    ]
    expect(Math.min(a.x, SIZE.width - b.x)).toBeCloseTo(50, 3)
    expect(fitted({ ...BERLIN_BOX }, SIZE, 50, 9).zoom).toBe(9)
  })

  it('measures in round numbers', () => {
    const bar = scaleBar({ x: 0.5, y: 0.5, zoom: 10 }, 110)
    // At the equator a pixel of level 10 is 152.87 m.
    expect(bar.words).toBe('10 km')
    expect(bar.pixels).toBeCloseTo(10_000 / 152.874, 2)
    expect(degreeWords(-33.865, 151.209, 2)).toBe('33.87° S, 151.21° E')
  })
})

const BERLIN_BOX = { west: BERLIN.x, north: BERLIN.y, east: BERLIN.x, south: BERLIN.y }

describe('marks', () => {
  const view = { ...BERLIN, zoom: 12 }
  const scale = 256 * 2 ** 12
  const locked = mark('locked', BERLIN.x, BERLIN.y)
  const open = mark('open', BERLIN.x + 6 / scale, BERLIN.y, { counts: [1, 0, 0, 0] })
  const many = mark('many', BERLIN.x - 100 / scale, BERLIN.y, { total: 3, counts: [0, 0, 1, 2] })

  it('are hit where they are drawn, and the worst lies on top', () => {
    const shown = placed(ordered([open, locked, many]), view, SIZE)
    const at = (x: number, y = 300) => hit(shown, { x, y })?.key ?? null
    expect(at(403)).toBe('open')
    expect(at(388)).toBe('locked')
    expect(at(300)).toBe('many')
    expect(at(400, 330)).toBeNull()
    expect(at(340)).toBeNull()
  })

  it('are found on the copy of the world that is in sight', () => {
    const east = { x: 0.995, y: 0.5, zoom: 6 }
    const [one] = placed([mark('fiji', 0.003, 0.5)], east, SIZE)
    expect(one?.at.x).toBeGreaterThan(400)
    expect(placed([mark('far', 0.5, 0.5)], east, SIZE)).toEqual([])
  })

  it('have a part of the ring for each state that is there, and all of it in sum', () => {
    for (const counts of [
      [1, 0, 0, 19_999],
      [1, 1, 1, 1],
      [7, 5, 3, 1],
      [0, 0, 0, 2],
      [1, 1, 1, 9000],
    ]) {
      const total = counts.reduce((sum, count) => sum + count, 0)
      const parts = partsOf(mark('ring', 0, 0, { counts, total }))
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(PARTS)
      expect(parts.map((part) => part > 0)).toEqual(counts.map((count) => count > 0))
    }
  })

  it('take the worst of their states, and a short count', () => {
    expect([worst(open), worst(many), worst(locked)]).toEqual([0, 2, 3])
    expect([12, 999, 1000, 1260, 20_480].map(short)).toEqual(['12', '999', '1k', '1.2k', '20k'])
  })
})

describe('a track', () => {
  const columns = (lats: number[], longs: number[]) =>
    trackOf({
      times: Float64Array.from(lats, (_, i) => 1000 * i),
      values: [Float64Array.from(lats), Float64Array.from(longs)],
    })

  it('is not joined over a gap, and goes on where only nothing was told', () => {
    const track = columns([52, Infinity, 52.1, NaN, 52.3, 52.4], [13, Infinity, 13, 13, 13, 13])
    expect(track.runs.map((run) => run.points.map((point) => point.at))).toEqual([
      [0, 2000],
      [4000, 5000],
    ])
    // A tenth of a degree of latitude is 11.1 km; what lies in the gap is not counted.
    expect(lengthOf(track) / 1000).toBeCloseTo(22.24, 1)
  })

  it('leaves out what receivers tell without a fix', () => {
    expect(columns([0, 52, 95], [0, 13, 13]).runs[0]?.points).toHaveLength(1)
  })

  it('tells the time where it is pointed at', () => {
    const track = columns([52.5, 52.5, NaN, 52.6], [13.3, 13.5, NaN, 13.5])
    const view = { ...place(52.5, 13.4), zoom: 11 }
    const found = hitTrack(track, view, SIZE, { x: 400, y: 303 })
    expect(found?.at).toBeCloseTo(500, 0)
    expect(hitTrack(track, view, SIZE, { x: 400, y: 330 })).toBeNull()
  })

  it('is held by an area around the place', () => {
    const track = columns([52.5, 52.6], [13.3, 13.5])
    const at = place(52.6, 13.5)
    const area = around(track, at)
    expect(area && (area.west + area.east) / 2).toBeCloseTo(at.x)
    expect(area?.west).toBeCloseTo(place(52.5, 13.3).x)
    expect(around(null, null)).toBeNull()
  })
})
