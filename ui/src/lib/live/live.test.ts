import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../backend/backend'
import { BackendError } from '../backend/backend'
import { mockBackend } from '../backend/mock'
import type { Frame, ViewSpec } from '../backend/types'
import { Live } from './live.svelte'
import type { Surroundings } from './pull'

const surroundings: Surroundings = {
  now: () => performance.now(),
  requestFrame: (callback) => setTimeout(callback, 1) as unknown as number,
  cancelFrame: (handle) => clearTimeout(handle),
  setTimer: (callback, ms) => setTimeout(callback, ms) as unknown as number,
  clearTimer: (handle) => clearTimeout(handle),
  hidden: () => false,
}

function recording(inner: Backend): { backend: Backend; specs: ViewSpec[] } {
  const specs: ViewSpec[] = []
  const backend: Backend = {
    call(command, args) {
      if (command === 'pull') specs.push((args as { spec: ViewSpec }).spec)
      return inner.call(command, args)
    },
  }
  return { backend, specs }
}

describe('Live', () => {
  let end = () => {}
  afterEach(() => end())

  function started(backend: Backend): Live {
    const live = new Live(backend, surroundings)
    end = live.start()
    return live
  }

  it('asks for everything of a screen first and then for the difference', async () => {
    const { backend, specs } = recording(mockBackend())
    const live = started(backend)
    live.show({ screen: 'overview' })
    await vi.waitFor(() => expect(live.picture('overview')).not.toBeNull())
    live.show({ screen: 'overview' })
    await vi.waitFor(() => expect(specs.at(-1)?.have).toBeGreaterThan(0))
    live.show({ screen: 'jobs', actors: '' })
    await vi.waitFor(() => expect(live.picture('jobs')).not.toBeNull())
    expect(specs.find((spec) => spec.screen.screen === 'overview')?.have).toBe(0)
    expect(specs.find((spec) => spec.screen.screen === 'jobs')?.have).toBe(0)
    expect(live.picture('overview')).toBeNull()
    expect(live.picture('jobs')?.page?.definitions.length).toBe(6)
    expect(live.chips.length).toBe(5)
  })

  it('is not asked in haste for what it shows already', async () => {
    let frames = 0
    const counting = {
      ...surroundings,
      requestFrame: (callback: () => void) => {
        frames++
        return surroundings.requestFrame(callback)
      },
    }
    const live = new Live(mockBackend(), counting)
    const events = (offset: number) =>
      live.show({ screen: 'events', filter: '', until: null, offset, limit: 50 })
    end = live.start()
    let offset = 0
    await vi.waitFor(() => {
      const before = frames
      events((offset += 50))
      expect(frames, 'another part hurries').toBe(before + 1)
    })
    const before = frames
    for (let i = 0; i < 20; i++) events(offset)
    expect(frames).toBe(before)
  })

  it('holds the picture still while paused, and the chips go on', async () => {
    const { backend, specs } = recording(mockBackend())
    const live = started(backend)
    live.show({ screen: 'overview' })
    await vi.waitFor(() => expect(live.picture('overview')).not.toBeNull())
    live.setPaused(true)
    await vi.waitFor(() => expect(specs.at(-1)?.screen.screen).toBe('nothing'))
    const held = live.picture('overview')
    await vi.waitFor(() => expect(specs.at(-1)?.have).toBeGreaterThan(0))
    expect(live.picture('overview')).toBe(held)
    specs.length = 0
    live.setPaused(false)
    await vi.waitFor(() => expect(specs.at(-1)?.screen.screen).toBe('overview'))
    expect(specs.find((spec) => spec.screen.screen === 'overview')?.have).toBe(0)
  })

  it('does not show one device’s page under another’s name', async () => {
    const live = started(mockBackend())
    const first = { screen: 'device' as const, connection: 'locks-eu', id: 'VH1001' }
    live.show(first)
    await vi.waitFor(() => expect(live.picture('device', first)?.page?.device.id).toBe('VH1001'))
    expect(live.picture('device', { ...first, id: 'VH1002' })).toBeNull()
  })

  it('is sent once to what a clicked notification is about', async () => {
    const inner = mockBackend()
    const target = { screen: 'alert' as const, id: '00ff' }
    let told = false
    const live = started({
      async call(command, args) {
        const answer = await inner.call(command, args)
        if (command !== 'pull' || told) return answer
        told = true
        return { ...(answer as Frame), go: target } as typeof answer
      },
    })
    const sent = vi.fn()
    live.onsent = sent
    live.show({ screen: 'overview' })
    await vi.waitFor(() => expect(live.picture('overview')).not.toBeNull())
    expect(sent.mock.calls).toEqual([[target]])
  })

  it('announces once what the desktop does not show over it', async () => {
    const inner = mockBackend()
    const first = {
      key: 'alert/1',
      title: 'ABC unlocked',
      text: '',
      severity: 'high' as const,
      target: null,
    }
    let told = false
    const live = started({
      async call(command, args) {
        const answer = await inner.call(command, args)
        if (command !== 'pull' || told) return answer
        told = true
        const frame = answer as Frame
        return {
          ...frame,
          announced: [first, { ...first, title: 'DEF' }],
          takenBack: ['alert/0'],
        } as typeof answer
      },
    })
    const announced = vi.fn()
    live.onannounced = announced
    const takenBack = vi.fn()
    live.ontakenback = takenBack
    live.show({ screen: 'overview' })
    await vi.waitFor(() => expect(live.picture('overview')).not.toBeNull())
    expect(announced.mock.calls).toEqual([[first], [{ ...first, title: 'DEF' }]])
    expect(takenBack.mock.calls).toEqual([[['alert/0']]])
  })

  it('does not show one alert’s page under another’s name', async () => {
    const live = started(mockBackend())
    live.show({ screen: 'alert', id: 'a' })
    await vi.waitFor(() => expect(live.picture('alert')?.found).toBe(false))
    expect(live.picture('alert', { screen: 'alert', id: 'b' })).toBeNull()
  })

  it('asks for a past span, and never shows what is live as the past', async () => {
    const { backend, specs } = recording(mockBackend())
    const live = started(backend)
    live.show({ screen: 'events', filter: '', until: null, offset: 0, limit: 20 })
    await vi.waitFor(() => expect(live.picture('events')).not.toBeNull())
    const past = { from: Date.now() - 7_200_000, to: Date.now() - 3_600_000 }
    specs.length = 0
    live.setPast(past)
    expect(live.picture('events')).toBeNull()
    await vi.waitFor(() => expect(live.picture('events')).not.toBeNull())
    expect(specs.find((spec) => spec.past)).toMatchObject({ past, have: 0 })
    const rows = live.picture('events')?.events.rows ?? []
    expect(rows.length).toBe(20)
    for (const row of rows) {
      expect(row.receivedAt).toBeGreaterThanOrEqual(past.from)
      expect(row.receivedAt).toBeLessThanOrEqual(past.to)
    }
    live.setPast(null)
    expect(live.picture('events')).toBeNull()
    await vi.waitFor(() => expect(live.picture('events')).not.toBeNull())
    expect(specs.at(-1)?.past).toBeNull()
  })

  it('tells of a pull that failed, keeps the picture, and asks for everything after it', async () => {
    const inner = recording(mockBackend())
    let broken = false
    const live = started({
      async call(command, args) {
        if (broken) throw new BackendError({ code: 'internal', message: 'It broke.' })
        return inner.backend.call(command, args)
      },
    })
    live.show({ screen: 'overview' })
    await vi.waitFor(() => expect(live.picture('overview')).not.toBeNull())
    broken = true
    await vi.waitFor(() => expect(live.error?.message).toBe('It broke.'))
    expect(live.picture('overview')).not.toBeNull()
    inner.specs.length = 0
    broken = false
    // A second later it is asked again.
    await vi.waitFor(() => expect(live.error).toBeNull(), { timeout: 10_000 })
    expect(inner.specs[0]?.have).toBe(0)
  })
})

describe('the pretended fleet', () => {
  it('is the same at every run', async () => {
    const spec: ViewSpec = {
      have: 0,
      scope: { kind: 'all' },
      past: null,
      screen: {
        screen: 'devices',
        table: { offset: 0, limit: 500, sort: null, filter: '', held: null },
        columns: ['speed'],
      },
    }
    const at = () => 1_800_000_000_000
    const [a, b] = await Promise.all(
      [mockBackend('lively', at), mockBackend('lively', at)].map((backend) =>
        backend.call('pull', { spec }),
      ),
    )
    expect(a as Frame).toEqual(b)
    expect((a as Frame).screen).toMatchObject({ screen: 'devices', devices: { total: 48 } })
  })
})
