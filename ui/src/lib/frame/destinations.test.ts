import { describe, expect, it } from 'vitest'
import { destinations } from './destinations'

const LINKS = [{ name: 'locks-eu', status: 'live' as const }]

describe('destinations', () => {
  it('are every screen and connection before anything is typed', () => {
    const list = destinations('', LINKS)
    expect(list.length).toBe(11)
    expect(list.some((to) => to.group === 'Find')).toBe(false)
  })
  it('begin with what has the name that is typed, and end with the searches', () => {
    expect(destinations('lock', LINKS).map((to) => to.label)).toEqual([
      'locks-eu',
      '“lock” in Devices',
      '“lock” in Hosts',
      '“lock” in Events',
      '“lock” in Alerts',
    ])
  })
  it('carry the text as the filter', () => {
    expect(destinations(' VH1 ', []).at(0)?.route).toEqual({ screen: 'devices', filter: 'VH1' })
  })
})
