import { describe, expect, it } from 'vitest'
import { MOST_VIEWS, readViews, viewWords } from './look'

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
