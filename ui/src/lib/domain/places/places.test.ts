import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../../backend/backend'
import { mockBackend } from '../../backend/mock'
import type { PlaceRow, Places, PlacesSpec } from '../../backend/types'
import { preferences } from '../../preferences.svelte'
import { router } from '../../route.svelte'
import { admitted } from './admitted'
import { PlacesFeed } from './feed.svelte'
import { countWords, DEVICE_LOOKS, distanceWords, SIGNAL_LOOKS, stateOf } from './looks'
import { named } from './named'
import SightList from './SightList.svelte'
import { open, stage } from '../../../screens/stage'

vi.mock('uplot')
stage()

/** The whole window is loaded first. */
const PATIENT = { timeout: 20_000 }

describe('words and states', () => {
  it('takes the worst that is known of a device', () => {
    const states = [
      stateOf({ lock: 'unlocked', online: false }),
      stateOf({ lock: 'unknown', online: true }),
      stateOf({ lock: 'unknown', online: false }),
      stateOf({ lock: 'locked', online: null }),
    ]
    expect(states).toEqual([0, 1, 2, 3])
  })

  it('tells no two states apart by colour alone', () => {
    for (const looks of [DEVICE_LOOKS, SIGNAL_LOOKS]) {
      expect(new Set(looks.map((look) => look.shape)).size).toBe(looks.length)
      expect(new Set(looks.map((look) => look.word)).size).toBe(looks.length)
    }
  })

  it('counts in words', () => {
    expect(countWords([3, 0, 0, 12], DEVICE_LOOKS)).toBe('3 unlocked, 12 locked')
    expect([0, 640, 1240, 102_300].map(distanceWords)).toEqual(['0 m', '640 m', '1.2 km', '102 km'])
  })
})

describe('the feed', () => {
  const size = { width: 800, height: 600 }
  const none: Places = {
    version: 7,
    marks: [],
    total: 0,
    matching: 0,
    unplaced: 0,
    misplaced: 0,
    extent: null,
    list: null,
    followed: null,
  }

  function asking(answer: (spec: PlacesSpec) => Places) {
    const specs: PlacesSpec[] = []
    const backend = {
      async call(_: string, { spec }: { spec: PlacesSpec }) {
        specs.push(spec)
        return answer(spec)
      },
    } as unknown as Backend
    const frames: (() => void)[] = []
    const timers = new Map<number, { callback: () => void; at: number }>()
    let [now, timer] = [0, 0]
    const feed = new PlacesFeed(
      backend,
      () => ({
        of: { kind: 'devices', filter: 'lock:unlocked' },
        scope: { kind: 'all' },
        listed: null,
        wantsList: true,
        follow: null,
        paused: false,
      }),
      {
        now: () => now,
        requestFrame: (callback) => frames.push(callback),
        cancelFrame: () => {},
        setTimer: (callback, ms) => {
          timers.set(++timer, { callback, at: now + ms })
          return timer
        },
        clearTimer: (handle) => timers.delete(handle),
        hidden: () => false,
      },
    )
    const step = async () => {
      now += 40
      frames.splice(0).forEach((frame) => frame())
      for (const [handle, { callback, at }] of [...timers])
        if (at <= now && timers.delete(handle)) callback()
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    return { feed, specs, step }
  }

  it('asks for what is in sight and some room, and keeps the marks that did not change', async () => {
    const one = { x: 0.5, y: 0.3, counts: [2, 0, 0, 1], stale: 0, standing: 0, one: null }
    const extent = { west: 0.5, north: 0.3, east: 0.5, south: 0.3 }
    const { feed, specs, step } = asking(({ have }) => ({
      ...none,
      marks: have === 7 ? null : [{ ...one, extent }],
    }))
    feed.look({ x: 0.5, y: 0.3, zoom: 6 }, size)
    const end = feed.start()
    for (let i = 0; i < 8; i++) await step()
    end()
    const [first, second] = specs
    expect(first).toMatchObject({ have: 0, of: { filter: 'lock:unlocked' } })
    const wide = 800 / (256 * 2 ** 6)
    const asked = first?.area ?? extent
    expect(asked.east - asked.west).toBeGreaterThan(wide)
    expect(asked.east - asked.west).toBeLessThan(2 * wide)
    expect(second?.have).toBe(7)
    expect(feed.marks).toMatchObject([{ total: 3, counts: [2, 0, 0, 1] }])
  })

  it('knows several again when they have moved a little, and never calls two by one name', () => {
    const several = { counts: [2, 0, 0, 1], stale: 0, standing: 0, one: null, extent: null }
    const at = (x: number) => ({ ...several, x, y: 0.3 })
    const [before, after] = [0.512, 0.514].map((x) => named([at(x)], 0.01)[0]?.key)
    expect(after).toBe(before)
    expect(new Set(named([at(0.511), at(0.519), at(0.512)], 0.01).map(({ key }) => key)).size).toBe(
      3,
    )
  })

  it('keeps the rows of its list while the hand moves the map, and tells only how many are in sight', async () => {
    let answers = 0
    const { feed, specs, step } = asking(({ list }) => {
      const title = `VH${++answers}`
      const row = { key: title, title } as PlaceRow
      const rows = (list?.limit ?? 0) > 0 ? [row] : []
      return { ...none, list: { total: answers, counts: [], rows } }
    })
    feed.look({ x: 0.5, y: 0.3, zoom: 6 }, size)
    const end = feed.start()
    await step()
    expect(feed.list).toMatchObject({ total: 1, rows: [{ title: 'VH1' }] })
    feed.hold()
    expect(feed.held).toBe(true)
    while (specs.length < 2) await step()
    expect(specs[1]?.list?.limit).toBe(0)
    expect(feed.list).toMatchObject({ total: 2, rows: [{ title: 'VH1' }] })
    expect(feed.held).toBe(true)
    while (feed.held && specs.length < 20) await step()
    end()
    expect(specs.slice(1, -1).every(({ list }) => list?.limit === 0)).toBe(true)
    expect(feed.list).toMatchObject({ total: answers, rows: [{ title: `VH${answers}` }] })
    expect(feed.held).toBe(false)
  })

  it('says what went wrong and keeps what it has', async () => {
    const { feed, step } = asking(() => {
      throw new Error('The fleet is away.')
    })
    const end = feed.start()
    for (let i = 0; i < 4; i++) await step()
    end()
    expect(feed.error?.message).toBe('The fleet is away.')
  })
})

describe('the list beside the map', () => {
  it('has those that were there before, and a few others at a time, in their order', () => {
    const rows = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key }))
    const first = admitted([{ key: 'd' }, { key: 'gone' }], rows, 2)
    expect(first.map(({ key }) => key)).toEqual(['a', 'b', 'd'])
    expect(admitted(first, rows, 2)).toEqual(rows)
  })
})

describe('the map of devices', () => {
  beforeEach(() => {
    preferences.deviceView = 'map'
    preferences.mapList = true
  })
  afterEach(() => {
    preferences.deviceView = 'board'
  })

  it('lists what is in sight, and a row of the list opens its device', async () => {
    open(
      '#/devices',
      mockBackend('lively', () => 1_790_000_000_000),
    )
    const list = await screen.findByTestId('map-list', {}, PATIENT)
    await waitFor(() => expect(list.querySelectorAll('li').length).toBeGreaterThan(5), PATIENT)
    expect(screen.getByTestId('device-map-canvas').textContent).toMatch(/\d+ unlocked, .*in sight/)
    const row = list.querySelector('li button')
    const title = row?.querySelector('.title')?.textContent ?? ''
    expect(title).toMatch(/^VH/)
    await fireEvent.click(row as Element)
    expect(router.current).toEqual({ screen: 'device', connection: 'locks-eu', id: title })
  }, 30_000)

  it('keeps its rows under the pointer, and says of which it is no longer true', async () => {
    const rowOf = (id: string, state: number) =>
      ({
        key: id,
        connection: 'locks',
        id,
        title: id,
        state,
        since: null,
        stale: false,
      }) as PlaceRow
    const list = (...rows: PlaceRow[]) => ({ total: rows.length, counts: [], rows })
    const props = { asked: 'all', looks: DEVICE_LOOKS, noun: 'device', together: false }
    const acts = { onback: vi.fn(), onopen: vi.fn(), onpoint: vi.fn() }
    const first = list(rowOf('a', 0), rowOf('b', 0), rowOf('c', 3))
    const { rerender, container } = render(SightList, { props: { ...props, ...acts, list: first } })
    const shown = () =>
      [...container.querySelectorAll('li')].map((row) =>
        row.textContent.replace(/\s+/g, ' ').trim(),
      )
    await waitFor(() => expect(shown()).toHaveLength(3))
    // The list has been there for a while.
    await new Promise((later) => setTimeout(later, 1100))
    const box = container.querySelector('ul')
    if (!box) throw new Error('there is no list')
    await fireEvent.pointerMove(box)
    await rerender({ ...props, ...acts, list: list(rowOf('c', 0), rowOf('a', 3), rowOf('d', 3)) })
    expect(shown()).toEqual([
      expect.stringMatching(/^a .*Locked/),
      expect.stringMatching(/^b No longer listed here/),
      expect.stringMatching(/^c .*Unlocked/),
    ])
    expect(container.textContent).toContain('1 more once you point elsewhere')
    await fireEvent.pointerLeave(box)
    await waitFor(() =>
      expect(
        shown()
          .map((text) => text[0])
          .join(''),
      ).toBe('cad'),
    )
  })

  it('follows a device of the list until the hand moves the map, which is said', async () => {
    open(
      '#/devices',
      mockBackend('lively', () => 1_790_000_000_000),
    )
    const list = await screen.findByTestId('map-list', {}, PATIENT)
    await waitFor(() => expect(list.querySelectorAll('li').length).toBeGreaterThan(5), PATIENT)
    const title = list.querySelector('li .title')?.textContent ?? ''
    await fireEvent.click(screen.getByRole('button', { name: `Follow ${title}` }))
    const bar = await screen.findByTestId('following')
    expect(bar.textContent).toContain(title)
    await waitFor(() => expect(bar.textContent).toMatch(/ocked|unknown|Offline/i), PATIENT)
    await fireEvent.keyDown(screen.getByTestId('device-map-canvas'), { key: 'ArrowRight' })
    expect((await screen.findByTestId('left')).textContent).toContain(
      `${title} is not followed any more`,
    )
    expect(screen.queryByTestId('following')).toBeNull()
    await fireEvent.click(screen.getByRole('button', { name: 'Follow again' }))
    expect((await screen.findByTestId('following')).textContent).toContain(title)
    await fireEvent.keyDown(screen.getByTestId('device-map-canvas'), { key: 'f' })
    await waitFor(() => expect(screen.queryByTestId('following')).toBeNull())
    expect(screen.queryByTestId('left')).toBeNull()
  }, 30_000)
})
