import { describe, expect, it } from 'vitest'
import type { Attention, Chip, Tiles } from '../../backend/types'
import { attentionWords, calmWords, furtherWords, inNeed, sinceWords, trust } from './health'

const chip = (name: string, status: Chip['status'], since = 0) => ({ name, status, since }) as Chip
const of = () => ({ target: { screen: 'alert', id: 'a' } }) as Attention

describe('whether the picture can be trusted', () => {
  it('says of live connections how many are switched off besides', () => {
    const words = (...chips: Chip[]) => trust(chips, 0).mark.word
    const [one, another, off] = [chip('a', 'live'), chip('b', 'live'), chip('c', 'stopped')]
    expect(words(one)).toBe('The connection is live')
    expect(words(one, off)).toBe('1 connection is live, 1 is switched off')
    expect(words(one, another, off)).toBe('All 2 connections are live, 1 is switched off')
    expect(words(one, another, off, chip('d', 'stopped'))).toMatch(/, 2 are switched off$/)
    expect(trust([chip('a', 'refused'), off], 0).words).toMatch(/; 1 is switched off$/)
  })
  it('says which connection is not live, the longest first, and counts none that is off', () => {
    const told = trust(
      [chip('a', 'live'), chip('b', 'stale', 40_000), chip('c', 'refused', 0)],
      60_000,
    )
    expect(told.mark.word).toBe('2 of 3 are not live')
    expect(told.words).toMatch(/^for 1 min, c the longest/)
    expect(told.connection).toBe('c')
  })
  it('is no question where nothing is connected', () =>
    expect(trust([chip('b', 'stopped')], 0).mark.word).toBe('Nothing is connected'))
})

describe('what further needs the operator', () => {
  const link = { target: { screen: 'connection' } } as Attention
  it('is what rail and tile count, by severity', () => {
    expect(furtherWords([1, 2, 0, 1], 0)).toBe('4 firing: 1 critical, 2 high, 1 low')
    expect(furtherWords([1, 2, 0, 1], 3)).toMatch(/ low · 3 as last heard$/)
  })
  it('is nothing where there is one', () => expect(furtherWords([0, 0, 0, 1], 0)).toBe(''))
  it('says beside the list what else stands in it, and whether that is all', () => {
    expect(attentionWords([1, 2, 0, 1], 0, 0, [])).toBe('4 firing')
    expect(attentionWords([1, 2, 0, 1], 0, 2, [link])).toBe(
      '4 firing · 2 as last heard · 1 connection not live',
    )
    expect(attentionWords([300, 0, 0, 0], 0, 0, Array<Attention>(100).fill(of()))).toBe(
      '300 firing · the worst 100 are listed',
    )
  })
  it('is as many as are listed, and more where not all can be', () => {
    const tiles = { firing: [0, 1, 0, 0], firingConnections: 1, staleAlerts: 0 } as unknown as Tiles
    expect(inNeed(tiles, [link])).toBe(1)
    expect(inNeed({ ...tiles, firing: [0, 300, 0, 0] }, [link, of()])).toBe(300)
  })
  it('counts a lost connection and its own alert once: they are one row', () => {
    expect(attentionWords([0, 1, 0, 0], 1, 0, [link])).toBe('1 connection not live')
    expect(attentionWords([0, 3, 0, 0], 1, 0, [link, of(), of()])).toBe(
      '2 firing · 1 connection not live',
    )
    expect(attentionWords([0, 0, 0, 0], 0, 0, [])).toBe('0 firing')
  })
})

describe('since when the worst is so', () => {
  const utc = { utc: true, name: 'UTC' }
  const now = Date.UTC(2026, 10, 21, 14, 3)
  it('is told by the clock, and how long that is', () => {
    expect(sinceWords(now - 200, now, utc)).toBe('since 14:02')
    expect(sinceWords(now - 36_000, now, utc)).toBe('since 14:02, for 36 s')
    expect(sinceWords(now - 3 * 3_600_000, now, utc)).toBe('since 11:03, for 3 h')
    expect(sinceWords(now - 26 * 3_600_000, now, utc)).toBe('since Fri 12:03, for 1 d')
    expect(sinceWords(now - 9 * 86_400_000, now, utc)).toBe('since Thu 12 Nov, 14:03, for 9 d')
  })
})

describe('what is said while nothing asks for attention', () => {
  const live = [chip('a', 'live'), chip('b', 'refused')]
  it('says that nothing is known where no connection is live', () => {
    const unheard = [chip('a', 'connecting'), chip('b', 'stopped')]
    expect(calmWords([0, 0, 0, 0], null, unheard)).toMatchObject({
      title: 'Nothing is known yet',
      well: false,
    })
    expect(calmWords([0, 0, 0, 0], null, []).well).toBe(false)
  })
  it('says that all is well only where nothing is open and nothing muted', () => {
    expect(calmWords([0, 0, 0, 0], null, live)).toMatchObject({ title: 'All is well', well: true })
    expect(calmWords([6, 20, 15, 0], '09:00', live)).toMatchObject({
      title: 'Muted until 09:00: 41 alerts open, 6 critical',
      well: false,
    })
    expect(calmWords([0, 0, 1, 0], null, live)).toMatchObject({
      title: '1 alert open, 1 medium',
      well: false,
    })
    expect(calmWords([0, 0, 0, 0], '09:00', live).title).toBe('Muted until 09:00: no alert is open')
  })
})
