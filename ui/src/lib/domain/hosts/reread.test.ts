import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Reread } from './reread'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('reads once at a time, and once more what was asked for meanwhile', async () => {
  const ends: (() => void)[] = []
  const reread = new Reread(() => new Promise((end) => ends.push(end)), 1000)
  reread.ask()
  await vi.advanceTimersByTimeAsync(0)
  expect(ends.length).toBe(1)
  // It takes long, and is not begun again for that.
  for (let i = 0; i < 5; i++) {
    reread.ask()
    await vi.advanceTimersByTimeAsync(1500)
  }
  expect(ends.length).toBe(1)
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(ends.length).toBe(2)
  ends[1]?.()
  await vi.advanceTimersByTimeAsync(5000)
  expect(ends.length).toBe(2)
})

it('begins no more often than it may, and not once it is over', async () => {
  const read = vi.fn(() => Promise.resolve())
  const reread = new Reread(read, 1000)
  reread.ask()
  await vi.advanceTimersByTimeAsync(10)
  reread.ask()
  await vi.advanceTimersByTimeAsync(500)
  expect(read).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(500)
  expect(read).toHaveBeenCalledTimes(2)
  reread.ask()
  reread.end()
  reread.ask()
  await vi.advanceTimersByTimeAsync(5000)
  expect(read).toHaveBeenCalledTimes(2)
})
