import { describe, expect, it } from 'vitest'
import { moved } from '../components/table'
import { isAsSaved, MOST_VIEWS, readViews, viewWords, type Look, type Seen } from './look'

describe('readViews', () => {
  it('reads what was kept', () => {
    const view = {
      name: 'Low batteries',
      screen: 'devices',
      scope: { kind: 'connection', name: 'locks-eu' },
      look: {
        filter: 'battery_voltage<11.5',
        sort: { column: 'battery_voltage', descending: false },
        columns: ['battery_voltage'],
        choices: { shown: 'table' },
        layout: { order: ['id'], hidden: ['lock'], widths: { id: 90 } },
      },
    }
    expect(readViews(JSON.parse(JSON.stringify([view])))).toEqual([view])
  })
  it('leaves out what is no view, and the parts that are not understood', () => {
    expect(readViews('views')).toEqual([])
    expect(
      readViews([
        null,
        { name: 'x', screen: 'settings' },
        { name: '  ', screen: 'events' },
        { name: 'a', screen: 'events', scope: 7, look: { filter: 1, sort: 2, columns: [3] } },
        { name: 'a', screen: 'hosts' },
      ]),
    ).toEqual([{ name: 'a', screen: 'events', scope: { kind: 'all' }, look: {} }])
  })
  it('has a bound', () => {
    const many = Array.from({ length: 80 }, (_, i) => ({ name: `v${i}`, screen: 'events' }))
    expect(readViews(many)).toHaveLength(MOST_VIEWS)
  })
})

describe('a view', () => {
  const LAYOUT = { order: [], hidden: ['a', 'b'], widths: { id: 90, lock: 80 } }
  const LOOK: Look = {
    filter: 'door',
    sort: { column: 'id', descending: false },
    columns: ['speed', 'charge'],
    choices: { states: ['firing', 'stale'], rule: '', grouped: true },
    layout: LAYOUT,
  }
  const seen = (change: Look = {}): Seen => ({
    screen: 'devices',
    scope: { kind: 'all' },
    look: { ...LOOK, ...change },
  })

  it.each<[string, Look]>([
    ['the same', {}],
    ['blanks around a filter', { filter: ' door ' }],
    ['fields in another order', { sort: { descending: false, column: 'id' } }],
    ['states in another order', { choices: { ...LOOK.choices, states: ['stale', 'firing'] } }],
    [
      'an arrangement told in another order',
      { layout: { order: [], hidden: ['b', 'a'], widths: { lock: 80, id: 90 } } },
    ],
  ])('is as it was saved: %s', (_, change) => {
    expect(isAsSaved(seen(), seen(change))).toBe(true)
  })

  it.each<[string, Look]>([
    ['a filter', { filter: '' }],
    ['the direction of an order', { sort: { column: 'id', descending: true } }],
    ['no order', { sort: null }],
    ['columns in another order', { columns: ['charge', 'speed'] }],
    ['a state more', { choices: { ...LOOK.choices, states: ['firing', 'stale', 'pending'] } }],
    ['a switch', { choices: { ...LOOK.choices, grouped: false } }],
    ['a hidden column', { layout: { ...LAYOUT, hidden: ['a'] } }],
    ['a width', { layout: { ...LAYOUT, widths: { id: 91, lock: 80 } } }],
  ])('is changed by %s', (_, change) => {
    expect(isAsSaved(seen(), seen(change))).toBe(false)
  })

  it('is changed by another scope', () => {
    const of = (name: string): Seen => ({ ...seen(), scope: { kind: 'tag', name } })
    expect(isAsSaved(of('north'), of('south'))).toBe(false)
    expect(isAsSaved(of('north'), seen())).toBe(false)
    expect(isAsSaved(of('north'), of('north'))).toBe(true)
  })

  it('that says nothing of something is not changed by it', () => {
    expect(isAsSaved({ ...seen(), look: { filter: 'door' } }, seen())).toBe(true)
  })

  it('is as it was saved once a column was moved there and back', () => {
    const columns = ['id', 'lock', 'speed'].map((key) => ({ key }))
    const there = moved(columns, LAYOUT, 'lock', 1)
    expect(isAsSaved(seen(), seen({ layout: there }))).toBe(false)
    const back = moved(columns, there, 'lock', -1)
    expect(isAsSaved(seen(), seen({ layout: back }))).toBe(true)
  })
})

describe('viewWords', () => {
  it('says what is looked at', () => {
    expect(
      viewWords({
        screen: 'alerts',
        scope: { kind: 'tag', name: 'north' },
        look: { filter: 'door', choices: { states: ['firing', 'stale'], rule: '', grouped: true } },
      }),
    ).toBe('Alerts · tag north · door · firing, stale')
  })
})
