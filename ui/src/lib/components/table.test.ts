import { describe, expect, it } from 'vitest'
import { leastWidth } from './table'

describe('the least width of a table', () => {
  it('is that of its tracks, the gaps between them and the edges', () => {
    const columns = ['112px', 'minmax(90px, 1fr)', 'minmax(0, 3fr)', 'minmax(110px, 180px)']
    expect(leastWidth(columns.map((width) => ({ width })))).toBe(112 + 90 + 0 + 110 + 5 * 16)
  })
})
