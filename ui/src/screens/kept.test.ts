import { screen } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { crosshair } from '../lib/charts/crosshair'
import { SeriesHub } from '../lib/charts/hub'
import { parseRoute, router } from '../lib/route.svelte'
import { plots } from '../../__mocks__/uplot'
import { open, stage } from './stage'

vi.mock('uplot')
stage()

/** What is open of each kind: made or begun, and not ended. */
const kept = {
  open: new Map<string, number>(),
  begin: (kind: string) => void kept.open.set(kind, (kept.open.get(kind) ?? 0) + 1),
  end: (kind: string) => void kept.open.set(kind, (kept.open.get(kind) ?? 0) - 1),
}

/** Counts one kind of observer: it is open from its first element until it is disconnected. */
function watchObserver(name: 'IntersectionObserver' | 'MutationObserver' | 'ResizeObserver') {
  vi.stubGlobal(
    name,
    class {
      #observed = new Set<unknown>()
      constructor(private readonly told: (entries: { isIntersecting: boolean }[]) => void) {}
      observe(element: unknown) {
        if (this.#observed.size === 0) kept.begin(name)
        this.#observed.add(element)
        if (name === 'IntersectionObserver') this.told([{ isIntersecting: true }])
      }
      unobserve(element: unknown) {
        if (this.#observed.delete(element) && this.#observed.size === 0) kept.end(name)
      }
      disconnect() {
        if (this.#observed.size > 0) kept.end(name)
        this.#observed.clear()
      }
      takeRecords() {
        return []
      }
    },
  )
}

/** Counts what listens to something that outlives a screen. */
function watchListeners(name: string, target: EventTarget) {
  const heard = new Map<string, Set<unknown>>()
  const key = (type: string, options: unknown) =>
    `${name} ${type} ${String(typeof options === 'object' ? (options as AddEventListenerOptions | null)?.capture : options)}`
  const [add, remove] = [target.addEventListener, target.removeEventListener]
  const here = target as { addEventListener: typeof add; removeEventListener: typeof remove }
  here.addEventListener = (type, listener, options) => {
    const set = heard.get(key(type, options)) ?? new Set()
    heard.set(key(type, options), set)
    const once = typeof options === 'object' && options.once
    if (!once && !set.has(listener)) kept.begin(`${name} ${type}`)
    if (!once) set.add(listener)
    add.call(target, type, listener, options)
  }
  here.removeEventListener = (type, listener, options) => {
    if (heard.get(key(type, options))?.delete(listener)) kept.end(`${name} ${type}`)
    remove.call(target, type, listener, options)
  }
  return () => {
    here.addEventListener = add
    here.removeEventListener = remove
  }
}

/** Counts what was joined to something and has not left it. */
function watchJoined<Given extends unknown[]>(kind: string, join: (...given: Given) => () => void) {
  return function (this: unknown, ...given: Given) {
    const leave = join.apply(this, given)
    kept.begin(kind)
    let left = false
    return () => {
      if (!left) kept.end(kind)
      left = true
      leave()
    }
  }
}

let restore: (() => void)[] = []
beforeEach(() => {
  kept.open.clear()
  watchObserver('IntersectionObserver')
  watchObserver('MutationObserver')
  watchObserver('ResizeObserver')
  restore = [watchListeners('window', window), watchListeners('document', document)]
  const [add, join] = [SeriesHub.prototype.add, crosshair.join.bind(crosshair)]
  vi.spyOn(SeriesHub.prototype, 'add').mockImplementation(watchJoined('series', add))
  vi.spyOn(crosshair, 'join').mockImplementation(watchJoined('crosshair', join))
  const [begin, end] = [window.setInterval, window.clearInterval]
  const timers = new Set<unknown>()
  vi.stubGlobal('setInterval', (...given: Parameters<typeof begin>) => {
    const timer = begin(...given)
    timers.add(timer)
    kept.begin('interval')
    return timer
  })
  vi.stubGlobal('clearInterval', (timer: number) => {
    if (timers.delete(timer)) kept.end('interval')
    end(timer)
  })
})
afterEach(() => {
  restore.forEach((end) => end())
  vi.restoreAllMocks()
})

// The whole window is made, maybe while much else is done.
vi.setConfig({ testTimeout: 120_000 })

const SCREENS: [hash: string, id: string][] = [
  ['#/overview', 'screen-overview'],
  ['#/devices', 'screen-devices'],
  ['#/device/locks-eu/VH1004', 'screen-device'],
  ['#/jobs', 'screen-jobs'],
  ['#/definition/back-office/send-order-mails', 'screen-definition'],
  ['#/liveQuery/back-office/lq-orders', 'screen-live-query'],
  ['#/agents', 'screen-agents'],
  ['#/hosts', 'screen-hosts'],
  ['#/signals', 'screen-signals'],
  ['#/events', 'screen-events'],
  ['#/alerts', 'screen-alerts'],
  ['#/rules', 'screen-rules'],
  ['#/connections', 'screen-connections'],
]
const QUIET: [hash: string, id: string] = ['#/settings', 'screen-settings']

async function show([hash, id]: [string, string]) {
  location.hash = hash
  router.current = parseRoute(hash)
  await screen.findByTestId(id, {}, { timeout: 20_000 })
  // Its first picture and its charts.
  await new Promise((done) => setTimeout(done, 60))
  kept.open.set('plot', plots.alive)
}

/** What is open while the quiet screen is shown. */
async function left(): Promise<Record<string, number>> {
  await show(QUIET)
  return Object.fromEntries([...kept.open].filter(([, count]) => count !== 0).sort())
}

describe('a screen that is left', () => {
  it('leaves no plot, no listener, no observer, no timer and no series behind, however often', async () => {
    open(QUIET[0])
    await show(QUIET)
    const drawn = new Map<string, number>()
    for (const place of SCREENS) {
      await show(place)
      for (const [kind, count] of kept.open) drawn.set(kind, Math.max(drawn.get(kind) ?? 0, count))
    }
    // What is counted is there to be counted.
    for (const kind of ['plot', 'series', 'crosshair', 'IntersectionObserver', 'MutationObserver'])
      expect(drawn.get(kind), kind).toBeGreaterThan(0)
    const once = await left()
    expect(once).not.toHaveProperty('plot')
    expect(once).not.toHaveProperty('series')
    for (let round = 0; round < 3; round++) for (const place of SCREENS) await show(place)
    expect(await left()).toEqual(once)
  })
})
