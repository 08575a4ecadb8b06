import { describe, expect, it } from 'vitest'
import { withThreshold } from './evidence'

describe('the scale of evidence', () => {
  it('holds the threshold and the values, with room', () => {
    const [low, high] = withThreshold(11, 12, 10)
    expect(low).toBeLessThan(10)
    expect(high).toBeGreaterThan(12)
  })
  it('is made of what is known', () => {
    expect(withThreshold(null, null, null)).toEqual([0, 1])
    const [low, high] = withThreshold(null, null, 5)
    expect(low).toBeLessThan(5)
    expect(high).toBeGreaterThan(5)
  })
})
