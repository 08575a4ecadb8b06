import { describe, expect, it } from 'vitest'
import type { Attention } from '../../backend/types'
import { moveOn, standOn } from './stand'

const one = (key: string, severity: Attention['severity'] = 'critical', stale = false) =>
  ({ key, severity, stale }) as Attention
const keyOn = (...args: Parameters<typeof standOn>) => standOn(...args)?.key

describe('what the banner tells of', () => {
  const begun = standOn(null, [one('b'), one('a')])
  it('is the first, and stays while newer ones of its kind come', () => {
    expect(begun?.key).toBe('b')
    expect(standOn(begun, [one('b'), one('a'), one('c'), one('d')])).toBe(begun)
  })
  it('is another once it is over or acknowledged, and none when all are', () => {
    expect(keyOn(begun, [one('a'), one('c')])).toBe('a')
    expect(standOn(begun, [])).toBeNull()
  })
  it('gives way to what comes and is worse', () => {
    const high = standOn(null, [one('a', 'high')])
    expect(keyOn(high, [one('c'), one('a', 'high')])).toBe('c')
    const both = standOn(null, [one('a', 'high'), one('b', 'medium')])
    expect(keyOn(both, [one('b'), one('a', 'high')]), 'it became worse').toBe('b')
  })
  it('is what is known to fire before what is as it was last heard', () => {
    const heard = standOn(null, [one('old', 'critical', true)])
    expect(keyOn(heard, [one('m', 'medium'), one('old', 'critical', true)])).toBe('m')
    const lost = [one('b'), one('a', 'critical', true)]
    expect(keyOn(standOn(null, [one('a'), one('b')]), lost)).toBe('b')
    const all = standOn(null, [one('a', 'critical', true), one('b', 'high', true)])
    expect(standOn(all, [one('a', 'critical', true), one('b', 'high', true)])).toBe(all)
  })
  it('goes on to the next by hand, past the last to the first, and is not led back to what was worse before', () => {
    const listed = [one('b'), one('a'), one('h', 'high')]
    const next = moveOn(begun, listed)
    expect(next?.key).toBe('a')
    const high = moveOn(next, listed)
    expect(high?.key).toBe('h')
    expect(standOn(high, listed)).toBe(high)
    expect(keyOn(high, [one('new'), ...listed])).toBe('new')
    expect(moveOn(high, listed)?.key).toBe('b')
    expect(moveOn(null, [])).toBeNull()
  })
})
