import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PullLoop, type Surroundings } from './pull'

const FRAME = 16

describe('PullLoop', () => {
  let hidden = false
  const surroundings: Surroundings = {
    now: () => Date.now(),
    requestFrame: (callback) => setTimeout(callback, FRAME) as unknown as number,
    cancelFrame: (handle) => clearTimeout(handle),
    setTimer: (callback, ms) => setTimeout(callback, ms) as unknown as number,
    clearTimer: (handle) => clearTimeout(handle),
    hidden: () => hidden,
  }
  const pace = () => ({ gap: 100, share: 0.25, retry: 1000 })

  beforeEach(() => {
    vi.useFakeTimers()
    hidden = false
  })
  afterEach(() => vi.useRealTimers())

  it('pulls about once a gap while answers come at once', async () => {
    const pull = vi.fn(async () => {})
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    await vi.advanceTimersByTimeAsync(1200)
    expect(pull.mock.calls.length).toBeGreaterThanOrEqual(9)
    expect(pull.mock.calls.length).toBeLessThanOrEqual(12)
    loop.stop()
  })

  it('never has two pulls in flight, however it is hurried', async () => {
    let inFlight = 0
    let most = 0
    const pull = async () => {
      most = Math.max(most, ++inFlight)
      await new Promise((resolve) => setTimeout(resolve, 250))
      inFlight--
    }
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    for (let i = 0; i < 50; i++) {
      loop.hurry()
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(most).toBe(1)
    loop.stop()
  })

  it('pulls at the next frame when hurried, and not after the gap', async () => {
    const pull = vi.fn(async () => {})
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    await vi.advanceTimersByTimeAsync(FRAME + 1)
    expect(pull).toHaveBeenCalledTimes(1)
    loop.hurry()
    // The first has to be painted, and then comes the frame of the second.
    await vi.advanceTimersByTimeAsync(2 * FRAME + 1)
    expect(pull).toHaveBeenCalledTimes(2)
    loop.stop()
  })

  it('spends no more than its share of the time, however slow the page is', async () => {
    const pull = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 60)))
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    // What it costs is known after some.
    await vi.advanceTimersByTimeAsync(5000)
    pull.mockClear()
    await vi.advanceTimersByTimeAsync(2400)
    // 60 ms and the frame's beginning, at a quarter of the time, is one pull in 240 to 310 ms.
    expect(pull.mock.calls.length).toBeGreaterThanOrEqual(7)
    expect(pull.mock.calls.length).toBeLessThanOrEqual(10)
    loop.stop()
  })

  it('does not wait long after a single dear pull', async () => {
    const pull = vi.fn(async () => {})
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    await vi.advanceTimersByTimeAsync(2000)
    pull.mockImplementationOnce(() => new Promise((resolve) => setTimeout(resolve, 80)))
    pull.mockClear()
    await vi.advanceTimersByTimeAsync(650)
    // After 80 ms a quarter of the time would be a wait of 320 ms.
    expect(pull.mock.calls.length).toBeGreaterThanOrEqual(5)
    loop.stop()
  })

  it('pulls first before anything is painted', () => {
    const pull = vi.fn(async () => {})
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    expect(pull).toHaveBeenCalledTimes(1)
    loop.stop()
  })

  it('does not begin a pull before the last is painted', async () => {
    const log: string[] = []
    const watched: Surroundings = {
      ...surroundings,
      requestFrame: (callback) =>
        surroundings.requestFrame(() => {
          log.push('frame')
          callback()
        }),
    }
    const loop = new PullLoop(async () => void log.push('pull'), watched, pace)
    loop.start()
    await vi.advanceTimersByTimeAsync(500)
    expect(log.slice(0, 6)).toEqual(['pull', 'frame', 'frame', 'pull', 'frame', 'frame'])
    loop.stop()
  })

  it('pulls nothing while hidden, and at once when shown', async () => {
    const pull = vi.fn(async () => {})
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    await vi.advanceTimersByTimeAsync(FRAME + 1)
    hidden = true
    loop.visibilityChanged()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(pull).toHaveBeenCalledTimes(1)
    hidden = false
    loop.visibilityChanged()
    await vi.advanceTimersByTimeAsync(2 * FRAME + 1)
    expect(pull).toHaveBeenCalledTimes(2)
    loop.stop()
  })

  it('waits after a failure and goes on', async () => {
    const pull = vi.fn(async () => {
      throw new Error('no')
    })
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    await vi.advanceTimersByTimeAsync(900)
    expect(pull).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(300)
    expect(pull).toHaveBeenCalledTimes(2)
    loop.stop()
  })

  it('does not pull after it was stopped', async () => {
    const pull = vi.fn(async () => {})
    const loop = new PullLoop(pull, surroundings, pace)
    loop.start()
    loop.stop()
    await vi.advanceTimersByTimeAsync(1000)
    expect(pull).toHaveBeenCalledTimes(1)
  })
})
