import { describe, expect, it } from 'vitest'
import { restOf } from './rest'

describe('what else a signal says', () => {
  it('is what no column tells, lists as words', () => {
    const json = JSON.stringify({
      stream: 'cyber',
      data: {
        id: '7',
        title: 'x',
        tags: ['vpn', 'exploit'],
        entity: { name: 'Acme' },
        source: null,
      },
    })
    expect(restOf(json)).toEqual([
      { name: 'tags', value: 'vpn, exploit' },
      { name: 'entity', value: '{"name":"Acme"}' },
    ])
  })
  it('is nothing where it cannot be read', () => {
    expect(restOf('cut here…')).toEqual([])
    expect(restOf('[1]')).toEqual([])
  })
})
