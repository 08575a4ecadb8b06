import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Flyout, freeCorner, OUT } from './flyout.svelte'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const hand = () => window.dispatchEvent(new Event('keydown'))

describe('what flies out of the rail', () => {
  it('goes in once it was out for some time and somebody was there', () => {
    const flyout = new Flyout()
    const end = flyout.begin('bottom')
    hand()
    expect(flyout.out, 'it has just come').toBe(true)
    vi.advanceTimersByTime(100 * OUT)
    expect(flyout.out, 'nobody may have seen it').toBe(true)
    hand()
    expect(flyout.out).toBe(false)
    end()
  })
  it('stays while it is pointed at or has the keys, and comes out again by that', () => {
    const flyout = new Flyout()
    const end = flyout.begin('bottom')
    vi.advanceTimersByTime(OUT)
    flyout.pointed = true
    hand()
    expect(flyout.out).toBe(true)
    flyout.pointed = false
    expect(flyout.out).toBe(false)
    flyout.focused = true
    expect(flyout.out).toBe(true)
    end()
  })
  it('stays in its corner while it is out', () => {
    const flyout = new Flyout()
    flyout.begin('top')()
    flyout.begin('bottom')()
    expect([flyout.corner, flyout.out], 'another took its place').toEqual(['top', true])
    flyout.end()
    expect(flyout.out).toBe(false)
    flyout.begin('bottom')()
    expect(flyout.corner).toBe('bottom')
  })
})

it('flies out where neither the keys nor the pointer are', () => {
  const size = { width: 853, height: 533 }
  const reach = { width: 380, height: 170 }
  const at = (left: number, top: number, bottom = top) =>
    freeCorner(size, reach, [{ left, top, bottom }])
  expect([at(100, 500), at(100, 200), at(600, 500)]).toEqual(['top', 'bottom', 'bottom'])
  expect(at(70, 60, 533), 'the page itself has the keys').toBe('bottom')
  expect(at(70, 400, 430), 'a field near the bottom').toBe('top')
})
