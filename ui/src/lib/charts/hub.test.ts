import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../backend/backend'
import type { SeriesSpec } from '../backend/types'
import { SeriesHub, type Wanted } from './hub'

/** Answers one point for each series: its place in the request. */
function counting(): { backend: Backend; specs: SeriesSpec[] } {
  const specs: SeriesSpec[] = []
  const backend = {
    async call(_: string, { spec }: { spec: SeriesSpec }) {
      specs.push(spec)
      return new Float64Array([1, spec.series.length, 0, ...spec.series.keys()]).buffer
    },
  } as unknown as Backend
  return { backend, specs }
}

const atOnce = (draw: () => void) => draw()

const wanted = (n: number, points = 60): Wanted => ({
  series: Array.from({ length: n }, () => ({ kind: 'locks' })),
  span: 300,
  until: null,
  points,
  scope: { kind: 'all' },
})

describe('SeriesHub', () => {
  it('fetches charts of one span together and gives each its own columns', async () => {
    const { backend, specs } = counting()
    const hub = new SeriesHub(backend, atOnce)
    const drawn: number[][] = []
    hub.add(
      () => wanted(2),
      (columns) => drawn.push(columns.values.map((c) => c[0] ?? -1)),
    )
    hub.add(
      () => wanted(1),
      (columns) => drawn.push(columns.values.map((c) => c[0] ?? -1)),
    )
    hub.add(
      () => wanted(1, 240),
      (columns) => drawn.push(columns.values.map((c) => c[0] ?? -1)),
    )
    await hub.refresh()
    expect(specs.map((spec) => spec.series.length)).toEqual([3, 1])
    expect(drawn).toEqual([[0, 1], [2], [0]])
  })

  it('asks nothing for charts that have left', async () => {
    const { backend, specs } = counting()
    const hub = new SeriesHub(backend, atOnce)
    hub.add(
      () => wanted(1),
      () => {},
    )()
    await hub.refresh()
    expect(specs).toEqual([])
  })

  it('goes on after a call that failed', async () => {
    const { backend } = counting()
    let broken = true
    const failing: Backend = {
      call: (command, args) =>
        broken ? Promise.reject(new Error('no')) : backend.call(command, args),
    }
    const hub = new SeriesHub(failing, atOnce)
    let drawn = 0
    hub.add(
      () => wanted(1),
      () => drawn++,
    )
    await hub.refresh()
    expect(drawn).toBe(0)
    broken = false
    await hub.refresh()
    expect(drawn).toBe(1)
  })

  it('asks once for what has ended, and again when another time is wanted', async () => {
    const { backend, specs } = counting()
    const hub = new SeriesHub(backend, atOnce)
    let until: number | null = 1000
    hub.add(
      () => ({ ...wanted(1), until }),
      () => {},
    )
    await hub.refresh()
    await hub.refresh()
    expect(specs).toHaveLength(1)
    until = 2000
    await hub.refresh()
    expect(specs.map((spec) => spec.until)).toEqual([1000, 2000])
    until = null
    await hub.refresh()
    await hub.refresh()
    expect(specs).toHaveLength(4)
  })

  it('draws nothing for a chart that left meanwhile', async () => {
    const { backend } = counting()
    const hub = new SeriesHub(backend, atOnce)
    let drawn = 0
    const leave = hub.add(
      () => wanted(1),
      () => drawn++,
    )
    const fetched = hub.refresh()
    leave()
    await fetched
    expect(drawn).toBe(0)
  })
})

describe('charts that take long to draw', () => {
  it('are drawn one in a frame, and those that left meanwhile are not', async () => {
    const { backend } = counting()
    const frames: (() => void)[] = []
    const hub = new SeriesHub(backend, (draw) => frames.push(draw))
    const drawn: string[] = []
    const long = (name: string) => () => {
      const until = performance.now() + 5
      while (performance.now() < until);
      drawn.push(name)
    }
    hub.add(() => wanted(1), long('a'))
    const leave = hub.add(() => wanted(1), long('b'))
    hub.add(() => wanted(1), long('c'))
    await vi.waitFor(() => expect(frames).toHaveLength(1))
    frames[0]?.()
    expect(drawn).toEqual(['a'])
    leave()
    frames[1]?.()
    expect([drawn, frames.length]).toEqual([['a', 'c'], 2])
  })
})

describe('a span that has just ended', () => {
  afterEach(() => vi.useRealTimers())

  it('is fetched once more when its last minute is whole, and then no more', async () => {
    vi.useFakeTimers({ now: 1_000_000_000 })
    const { backend, specs } = counting()
    const hub = new SeriesHub(backend, atOnce)
    hub.add(
      () => ({ ...wanted(1), until: 1_000_000_000 - 5000 }),
      () => {},
    )
    await hub.refresh()
    await hub.refresh()
    expect(specs).toHaveLength(1)
    vi.setSystemTime(1_000_000_000 + 70_000)
    await hub.refresh()
    await hub.refresh()
    expect(specs).toHaveLength(2)
  })
})

describe('while a pointer drags', () => {
  it('nothing is fetched or drawn, and all of it after', async () => {
    const { backend, specs } = counting()
    const hub = new SeriesHub(backend, atOnce)
    let drawn = 0
    hub.add(
      () => wanted(1),
      () => drawn++,
    )
    const fetched = hub.refresh()
    const release = hub.hold()
    await fetched
    await hub.refresh()
    expect([specs.length, drawn]).toEqual([1, 0])
    release()
    release()
    await vi.waitFor(() => expect(drawn).toBeGreaterThan(0))
  })
})
