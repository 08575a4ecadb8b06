import { describe, expect, it } from 'vitest'
import type { TimeZone } from '../format'
import {
  briefMoment,
  chartWindow,
  momentWords,
  PRESETS,
  spanOf,
  spanWords,
  tomorrowMorning,
  typedOf,
} from './past'

const AMSTERDAM: TimeZone = { utc: false, name: 'Europe/Amsterdam' }
const NEW_YORK: TimeZone = { utc: false, name: 'America/New_York' }
const UTC: TimeZone = { utc: true, name: 'Europe/Amsterdam' }
const HOUR = 3_600_000
const at = (text: string) => Date.parse(text)

function preset(key: string, now: string, zone = AMSTERDAM) {
  const found = PRESETS.find((one) => one.key === key)
  if (!found) throw new Error(`no preset ${key}`)
  return found.span(at(now), zone)
}

describe('a preset', () => {
  it('ends now and is as long as its name says', () => {
    const now = at('2026-11-21T12:00:00Z')
    for (const [key, hours] of [
      ['6h', 6],
      ['24h', 24],
      ['7d', 168],
    ] as const)
      expect(preset(key, '2026-11-21T12:00:00Z')).toEqual({ from: now - hours * HOUR, to: now })
  })

  it.each([
    ['2026-11-21T12:00:00Z', AMSTERDAM, '2026-11-19T23:00:00Z', '2026-11-20T23:00:00Z'],
    // Just after midnight there: in UTC it is still the day before.
    ['2026-11-20T23:30:00Z', AMSTERDAM, '2026-11-19T23:00:00Z', '2026-11-20T23:00:00Z'],
    ['2026-11-20T23:30:00Z', UTC, '2026-11-19T00:00:00Z', '2026-11-20T00:00:00Z'],
    ['2026-11-21T02:00:00Z', NEW_YORK, '2026-11-19T05:00:00Z', '2026-11-20T05:00:00Z'],
    // The clocks were put forward: 23 hours; and back: 25.
    ['2026-03-30T10:00:00Z', AMSTERDAM, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['2026-10-26T10:00:00Z', AMSTERDAM, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ])('of yesterday at %s goes from midnight to midnight of the zone', (now, zone, from, to) => {
    expect(preset('yesterday', now, zone)).toEqual({ from: at(from), to: at(to) })
  })
})

describe('until tomorrow', () => {
  it.each([
    ['2026-11-21T12:00:00Z', 'Europe/Amsterdam', '2026-11-22T07:00:00Z'],
    ['2026-11-20T23:30:00Z', 'Europe/Amsterdam', '2026-11-22T07:00:00Z'],
    ['2026-12-31T12:00:00Z', 'Europe/Amsterdam', '2027-01-01T07:00:00Z'],
    ['2026-03-28T12:00:00Z', 'Europe/Amsterdam', '2026-03-29T06:00:00Z'],
    ['2026-10-24T12:00:00Z', 'Europe/Amsterdam', '2026-10-25T07:00:00Z'],
    ['2026-11-21T12:00:00Z', 'UTC', '2026-11-22T08:00:00Z'],
  ])('from %s in %s is eight o’clock there', (now, zone, morning) => {
    expect(tomorrowMorning(at(now), zone)).toBe(at(morning))
  })
})

describe('a span that is typed', () => {
  const now = at('2026-11-21T12:00:00Z')
  const typed = (date: string, time: string) => ({ date, time })

  it('is read in the zone that is shown', () => {
    const from = typed('2026-11-21', '9:05')
    const to = typed('2026-11-21', '11:30')
    expect(spanOf(from, to, AMSTERDAM, now).span).toEqual({
      from: at('2026-11-21T08:05:00Z'),
      to: at('2026-11-21T10:30:00Z'),
    })
    expect(spanOf(from, to, UTC, now).span?.from).toBe(at('2026-11-21T09:05:00Z'))
  })

  it('comes back as it was typed', () => {
    for (const zone of [AMSTERDAM, NEW_YORK, UTC]) {
      const from = typedOf(now - 26 * HOUR, zone)
      expect(spanOf(from, typedOf(now - HOUR, zone), zone, now).span).toEqual({
        from: now - 26 * HOUR,
        to: now - HOUR,
      })
    }
  })

  it('ends now at the latest', () => {
    const read = spanOf(typed('2026-11-21', '12:00'), typed('2026-11-22', '12:00'), UTC, now + 1)
    expect(read.problems).not.toBeNull()
    expect(
      spanOf(typed('2026-11-21', '11:00'), typed('2026-11-22', '12:00'), UTC, now).span,
    ).toEqual({ from: now - HOUR, to: now })
  })

  it.each([
    ['2026-13-01', '10:00', '2026-11-21', '11:00', { from: /no such date/ }],
    ['21.11.2026', '10:00', '2026-11-21', '11:00', { from: /date as 2026-11-21/ }],
    ['2026-11-21', '10', '2026-11-21', '25:00', { from: /time as 14:05/, to: /no such date/ }],
    ['2026-11-21', '11:00', '2026-11-21', '10:00', { to: /after the beginning/ }],
    ['2026-11-22', '11:00', '2026-11-22', '12:00', { from: /not past/ }],
    ['2026-03-29', '02:30', '2026-03-29', '12:00', { from: /put forward/ }],
  ])('%s %s to %s %s is refused by field', (a, b, c, d, wrong) => {
    const { problems } = spanOf(typed(a, b), typed(c, d), AMSTERDAM, now)
    expect(Object.keys(problems ?? {})).toEqual(Object.keys(wrong))
    for (const [field, words] of Object.entries(wrong))
      expect(problems?.[field as 'from']).toMatch(words)
  })

  it('takes the hour that comes twice so that the span is the longer one', () => {
    const hour = typed('2026-10-25', '02:30')
    expect(spanOf(hour, hour, AMSTERDAM, now).span).toEqual({
      from: at('2026-10-25T00:30:00Z'),
      to: at('2026-10-25T01:30:00Z'),
    })
  })
})

describe('words', () => {
  const now = at('2026-11-21T12:00:00Z')
  it.each([
    ['2026-11-21T08:00:00Z', '2026-11-21T11:00:00Z', '09:00–12:00'],
    ['2026-11-20T08:00:00Z', '2026-11-20T11:00:00Z', '20 Nov, 09:00–12:00'],
    ['2026-11-19T23:00:00Z', '2026-11-20T23:00:00Z', '20 Nov, 00:00–24:00'],
    ['2026-11-20T21:00:00Z', '2026-11-21T05:00:00Z', '20 Nov 22:00 – 21 Nov 06:00'],
  ])('for %s to %s are %s', (from, to, words) => {
    expect(spanWords({ from: at(from), to: at(to) }, now, AMSTERDAM)).toBe(words)
  })

  it('name the year of one that may be taken for another’s', () => {
    const lastYear = { from: at('2025-11-21T08:00:00Z'), to: at('2025-11-21T11:00:00Z') }
    expect(spanWords(lastYear, now, AMSTERDAM)).toBe('21 Nov 2025, 09:00–12:00')
    const year = { from: at('2025-11-21T09:00:00Z'), to: now }
    expect(spanWords(year, now, UTC)).toBe('21 Nov 2025 09:00 – 21 Nov 12:00')
    expect(momentWords(lastYear.from, now, UTC)).toBe('Fri 21 Nov 2025, 08:00')
  })

  it('for a moment name its day when it is another, and its zone when that is asked for', () => {
    expect(momentWords(now + HOUR, now, AMSTERDAM)).toBe('14:00')
    expect(momentWords(now + 19 * HOUR, now, UTC, true)).toBe('Sun 22 Nov, 07:00 UTC')
    expect(briefMoment(now + 19 * HOUR, now, UTC)).toBe('Sun 07:00')
    expect(briefMoment(now + HOUR, now, UTC)).toBe('13:00')
    expect(briefMoment(now + 24 * 7 * HOUR, now, UTC)).toBe('Sat 28 Nov, 12:00')
  })
})

describe('a chart', () => {
  it('shows the past span, and otherwise as much as is chosen', () => {
    expect(chartWindow({ from: 1_000_000, to: 4_600_000 }, 300, 77)).toEqual({
      span: 3600,
      until: 4_600_000,
    })
    expect(chartWindow(null, 300, null)).toEqual({ span: 300, until: null })
    expect(chartWindow(null, 900, 77)).toEqual({ span: 900, until: 77 })
  })
})
