import { describe, expect, it } from 'vitest'
import { formatRoute, parseRoute, routeTo, type Route } from './route.svelte'

describe('routes', () => {
  const routes: Route[] = [
    { screen: 'overview' },
    { screen: 'devices' },
    { screen: 'devices', filter: 'lock:unlocked a/b' },
    { screen: 'device', connection: 'locks eu/1', id: 'A%B' },
    { screen: 'connections', name: 'ü' },
    { screen: 'settings' },
    { screen: 'alerts', filter: 'VH1004' },
    { screen: 'alert', id: '00000000000a' },
    { screen: 'rules' },
    { screen: 'rule', name: 'door open/too long' },
    { screen: 'newRule' },
    { screen: 'newRule', from: 'a b' },
  ]
  it.each(routes)('are read as they were written: %j', (route) =>
    expect(parseRoute(formatRoute(route))).toEqual(route),
  )
  it.each(['', '#/', '#/nowhere', '#/device/only-one', '#/alert', '#/%E0%A4%A'])(
    '%j leads to Overview',
    (hash) => expect(parseRoute(hash)).toEqual({ screen: 'overview' }),
  )
  it('lead to what needs attention', () =>
    expect(routeTo({ screen: 'connection', name: 'a' })).toEqual({
      screen: 'connections',
      name: 'a',
    }))
})
