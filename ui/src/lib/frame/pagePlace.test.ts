import { describe, expect, it } from 'vitest'
import { readPlace } from './pagePlace.svelte'

describe('where a page was', () => {
  it('is read as it was written', () => {
    const place = {
      address: '#/devices/battery_voltage%3C11',
      scope: { kind: 'tag', name: 'north' },
      past: { from: 1, to: 2 },
      look: { filter: 'x', choices: { view: 'table' } },
      view: 'Low batteries',
    }
    expect(readPlace(JSON.stringify(place))).toEqual(place)
  })

  it.each([[null], ['null'], ['{'], ['3']])('is nothing where nothing was written: %s', (text) => {
    expect(readPlace(text)).toBeNull()
  })

  it('is Overview of everything as far as it cannot be relied upon', () => {
    const odd = { address: 7, scope: { kind: 'x' }, past: { from: 2, to: 1 }, look: 0, view: 7 }
    expect(readPlace(JSON.stringify(odd))).toEqual({
      address: '#/overview',
      scope: { kind: 'all' },
      past: null,
      look: null,
      view: null,
    })
  })
})
