import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import Logo from './frame/Logo.svelte'
import { Part, prefetch } from './part.svelte'

describe('a part of the page', () => {
  it('is fetched once', async () => {
    const from = vi.fn(() => Promise.resolve({ default: Logo }))
    const part = new Part(from)
    expect(part.component).toBeNull()
    await Promise.all([part.load(), part.load()])
    await part.load()
    expect(part.component).toBe(Logo)
    expect(from).toHaveBeenCalledTimes(1)
  })

  it('that could not be had is fetched again when asked', async () => {
    let there = false
    const part = new Part<Record<string, never>>(() =>
      there ? Promise.resolve({ default: Logo }) : Promise.reject(new Error('gone')),
    )
    await part.load()
    expect(part.component).toBeNull()
    there = true
    await part.load()
    expect(part.component).toBe(Logo)
  })
})

describe('the rest of the page', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is fetched one after the other', async () => {
    const parts = [0, 1, 2].map(() => ({ load: vi.fn(() => Promise.resolve()) }))
    const fetched = () => parts.map((part) => part.load.mock.calls.length)
    prefetch(parts, 500)
    await vi.advanceTimersByTimeAsync(499)
    expect(fetched()).toEqual([0, 0, 0])
    await vi.advanceTimersByTimeAsync(1)
    expect(fetched()).toEqual([1, 0, 0])
    await vi.runAllTimersAsync()
    expect(fetched()).toEqual([1, 1, 1])
  })

  it('is left where the window is closed', async () => {
    const load = vi.fn(() => Promise.resolve())
    prefetch([{ load }, { load }], 500)()
    await vi.runAllTimersAsync()
    expect(load).not.toHaveBeenCalled()
  })
})
