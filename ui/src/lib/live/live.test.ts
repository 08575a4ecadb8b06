import { describe, expect, it } from 'vitest'
import type { Backend } from '../backend/backend'
import { BackendError } from '../backend/backend'
import { mockBackend } from '../backend/mock'
import type { Frame, ViewSpec } from '../backend/types'
import { Live } from './live.svelte'
import type { Surroundings } from './pull'

/** Surroundings in which a frame comes when the test says so. */
function byHand() {
  const frames: (() => void)[] = []
  const surroundings: Surroundings = {
    now: () => 0,
    requestFrame: (callback) => frames.push(callback),
    cancelFrame: () => frames.splice(0),
    setTimer: (callback) => frames.push(callback),
    clearTimer: () => frames.splice(0),
    hidden: () => false,
  }
  const paint = async () => {
    frames.shift()?.()
    await new Promise((resolve) => setTimeout(resolve, 10))
    // The pace's timer is a frame to come, too.
    if (frames.length > 1) frames.splice(1)
  }
  return { surroundings, paint }
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
  it('asks for everything of a screen first and then for the difference', async () => {
    const { backend, specs } = recording(mockBackend())
    const { surroundings, paint } = byHand()
    const live = new Live(backend, surroundings)
    live.start()
    live.show({ screen: 'overview' })
    await paint()
    live.show({ screen: 'overview' })
    await paint()
    live.show({ screen: 'jobs' })
    await paint()
    expect(specs.map((spec) => spec.have > 0)).toEqual([false, true, false])
    expect(live.picture('overview')).toBeNull()
    expect(live.picture('jobs')?.page?.definitions.length).toBe(6)
    expect(live.chips.length).toBe(5)
  })

  it('holds the picture still while paused, and the chips go on', async () => {
    const { backend, specs } = recording(mockBackend())
    const { surroundings, paint } = byHand()
    const live = new Live(backend, surroundings)
    live.start()
    live.show({ screen: 'overview' })
    await paint()
    const held = live.picture('overview')
    live.setPaused(true)
    await paint()
    expect(specs.at(-1)?.screen.screen).toBe('nothing')
    expect(live.picture('overview')).toBe(held)
    live.setPaused(false)
    await paint()
    expect(specs.at(-1)).toMatchObject({ have: 0, screen: { screen: 'overview' } })
  })

  it('does not show one device’s page under another’s name', async () => {
    const { surroundings, paint } = byHand()
    const live = new Live(mockBackend(), surroundings)
    live.start()
    const first = { screen: 'device' as const, connection: 'locks-eu', id: 'VH1001' }
    const second = { ...first, id: 'VH1002' }
    live.show(first)
    await paint()
    expect(live.picture('device', first)?.page?.device.id).toBe('VH1001')
    expect(live.picture('device', second)).toBeNull()
  })

  it('tells of a pull that failed, keeps the picture, and asks for everything after it', async () => {
    const inner = mockBackend()
    let broken = false
    const specs: ViewSpec[] = []
    const backend: Backend = {
      async call(command, args) {
        if (command === 'pull') specs.push((args as { spec: ViewSpec }).spec)
        if (broken) throw new BackendError({ code: 'internal', message: 'It broke.' })
        return inner.call(command, args)
      },
    }
    const { surroundings, paint } = byHand()
    const live = new Live(backend, surroundings)
    live.start()
    live.show({ screen: 'overview' })
    await paint()
    broken = true
    live.show({ screen: 'overview' })
    await paint()
    expect(live.error?.message).toBe('It broke.')
    expect(live.picture('overview')).not.toBeNull()
    broken = false
    live.show({ screen: 'overview' })
    await paint()
    expect(live.error).toBeNull()
    expect(specs.at(-1)?.have).toBe(0)
  })
})

describe('the pretended fleet', () => {
  it('is the same at every run', async () => {
    const spec: ViewSpec = {
      have: 0,
      scope: { kind: 'all' },
      screen: {
        screen: 'devices',
        table: { offset: 0, limit: 500, sort: null, filter: '' },
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
