import { describe, expect, it } from 'vitest'
import type { Chip } from '../backend/types'
import { fitted } from './chipsFit'

const chip = (name: string, status: Chip['status'] = 'live') =>
  ({ name, status, lastEventAt: 1, dropped: 0, rate: 1, since: 0 }) as Chip
const names = ['locks-europe', 'back-office', 'agents-lab', 'hosts-amsterdam', 'intel', 'locks-us']
const fit = (chips: Chip[], room: number) =>
  fitted(chips, { width: room }, () => 'Waiting to retry')

describe('connections in the status bar', () => {
  it('stand in their order while there is room for all', () => {
    const chips = names.map((name) => chip(name))
    expect(fit(chips, 1900)).toEqual({ shown: chips, live: 0, off: 0 })
  })
  it('are counted where they do not fit, but for those in trouble', () => {
    const chips = names.map((name, i) => chip(name, i === 3 ? 'backing_off' : 'live'))
    const { shown, live, off } = fit(chips, 900)
    expect(shown.map(({ name }) => name)).toEqual([
      'locks-europe',
      'back-office',
      'hosts-amsterdam',
    ])
    expect([live, off]).toEqual([3, 0])
    expect(fit(chips, 300).shown.map(({ name }) => name)).toEqual(['hosts-amsterdam'])
  })
  it('are shown as many as fit where all are well', () => {
    const { shown, live } = fit(
      names.map((name) => chip(name)),
      700,
    )
    expect(shown.length).toBeGreaterThan(1)
    expect(shown.length + live).toBe(names.length)
  })
  it('are all shown that are in trouble, even where there is no room', () => {
    const chips = names.map((name) => chip(name, 'refused'))
    expect(fit([...chips, chip('off', 'stopped')], 300)).toEqual({ shown: chips, live: 0, off: 1 })
  })
  it('leave what stands at the end of the bar uncovered', () => {
    const chips = names.map((name) => chip(name))
    const words = () => 'Waiting to retry'
    const free = fitted(chips, { width: 1000 }, words).shown.length
    expect(fitted(chips, { width: 1000, taken: 300 }, words).shown.length).toBeLessThan(free)
    // Ages and rates are left out by the bar's width, whatever stands at its end.
    expect(fitted(chips, { width: 1100, taken: 0 }, words).shown.length).toBe(names.length)
  })
  it('take no more room than the name that is shown, which has an end', () => {
    const chips = [chip('x'.repeat(200)), chip('intel')]
    expect(fit(chips, 900).shown).toEqual(chips)
    expect(fit([chip('y'.repeat(30)), ...chips], 640).shown.length).toBe(3)
  })
  it('keep the one that has the keys while another fails', () => {
    const chips = names.map((name, i) => chip(name, i === 3 ? 'backing_off' : 'live'))
    const room = { width: 400, focused: 'back-office' }
    const { shown, live } = fitted(chips, room, () => 'Waiting to retry')
    expect(shown.map(({ name }) => name)).toEqual(['back-office', 'hosts-amsterdam'])
    expect(live).toBe(4)
  })
})
