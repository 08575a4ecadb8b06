import {
  fromAbsolute,
  parseDateTime,
  Time,
  toCalendarDateTime,
  toZoned,
} from '@internationalized/date'
import type { Span } from '../backend/types'
import { dayOf, isSameDay, minutes, weekday, zoneId, zoneName, type TimeZone } from '../format'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SHORTEST = 60_000

/** A past time range that is chosen by its name. */
export interface Preset {
  key: string
  label: string
  span(now: number, zone: TimeZone): Span
}

export const PRESETS: readonly Preset[] = [
  { key: '6h', label: 'Last 6 h', span: (now) => ({ from: now - 6 * HOUR, to: now }) },
  { key: '24h', label: 'Last 24 h', span: (now) => ({ from: now - DAY, to: now }) },
  { key: '7d', label: 'Last 7 days', span: (now) => ({ from: now - 7 * DAY, to: now }) },
  { key: 'yesterday', label: 'Yesterday', span: yesterday },
]

/** From midnight to midnight of the zone: 23 or 25 hours where the clocks are changed. */
function yesterday(now: number, zone: TimeZone): Span {
  const midnight = toCalendarDateTime(fromAbsolute(now, zoneId(zone))).set(new Time())
  const at = (days: number) => toZoned(midnight.subtract({ days }), zoneId(zone)).toDate().getTime()
  return { from: at(1), to: at(0) }
}

/** The next day's morning, in a zone by its name: until then an operator who goes home wants to hear of nothing. */
export function tomorrowMorning(now: number, zone: string, hour = 8): number {
  const morning = toCalendarDateTime(fromAbsolute(now, zone)).add({ days: 1 }).set(new Time(hour))
  return toZoned(morning, zone).toDate().getTime()
}

/** A moment as it is typed: "2026-11-21" and "14:03". */
export interface Typed {
  date: string
  time: string
}

export function typedOf(at: number, zone: TimeZone): Typed {
  const [date = '', time = ''] = fromAbsolute(at, zoneId(zone)).toString().split('T')
  return { date, time: time.slice(0, 5) }
}

export interface Problems {
  from?: string
  to?: string
}

/** What was typed as a span, or what is wrong with it, by field. */
export function spanOf(
  from: Typed,
  to: Typed,
  zone: TimeZone,
  now: number,
): { span: Span; problems: null } | { span: null; problems: Problems } {
  const wrong = (problems: Problems) => ({ span: null, problems })
  const first = momentOf(from, zone, 'earlier')
  const last = momentOf(to, zone, 'later')
  if (typeof first === 'string' || typeof last === 'string') {
    return wrong({
      ...(typeof first === 'string' && { from: first }),
      ...(typeof last === 'string' && { to: last }),
    })
  }
  if (first >= now) return wrong({ from: 'This is not past yet.' })
  const end = Math.min(last, now)
  if (end <= first) return wrong({ to: 'This has to be after the beginning.' })
  if (end - first < SHORTEST) return wrong({ to: 'At least a minute, please.' })
  return { span: { from: first, to: end }, problems: null }
}

/** The moment; a sentence where there is none. A time that comes twice that day is the one that makes the span longer. */
function momentOf(
  { date, time }: Typed,
  zone: TimeZone,
  twice: 'earlier' | 'later',
): number | string {
  const day = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(date)
  if (!day) return 'Write the date as 2026-11-21.'
  const clock = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(time)
  if (!clock) return 'Write the time as 14:05.'
  const two = (text = '') => text.padStart(2, '0')
  const text = `${day[1]}-${two(day[2])}-${two(day[3])}T${two(clock[1])}:${two(clock[2])}`
  try {
    const wanted = parseDateTime(text)
    const found = toZoned(wanted, zoneId(zone), twice)
    if (toCalendarDateTime(found).compare(wanted) !== 0)
      return 'The clocks were put forward: there is no such time that day.'
    return found.toDate().getTime()
  } catch {
    return 'There is no such date or time.'
  }
}

/** A span as short as it can be told: "12:00–18:00", "20 Nov, 12:00–18:00", "20 Nov 22:00 – 21 Nov 06:00". */
export function spanWords({ from, to }: Span, now: number, zone: TimeZone): string {
  const day = dayOf(from, now, zone)
  // A span that ends at midnight is one of the day before.
  if (!isSameDay(from, to - 1, zone)) {
    return `${day} ${minutes(from, zone)} – ${dayOf(to, now, zone)} ${minutes(to, zone)}`
  }
  const end = isSameDay(from, to, zone) ? minutes(to, zone) : '24:00'
  const hours = `${minutes(from, zone)}–${end}`
  return isSameDay(from, now, zone) ? hours : `${day}, ${hours}`
}

/** A moment of the next or the last days as short as it can be: "15:03", "Sun 08:00". */
export function briefMoment(at: number, now: number, zone: TimeZone): string {
  if (Math.abs(at - now) > 6 * DAY) return momentWords(at, now, zone)
  const far = !isSameDay(at, now, zone)
  return `${far ? `${weekday(at, zone)} ` : ''}${minutes(at, zone)}`
}

/** A moment that is near: "15:03", or with its day "Sun 22 Nov, 08:00"; its zone where that is asked for. */
export function momentWords(at: number, now: number, zone: TimeZone, named = false): string {
  const far = !isSameDay(at, now, zone)
  const day = far ? `${weekday(at, zone)} ${dayOf(at, now, zone)}, ` : ''
  return `${day}${minutes(at, zone)}${named ? ` ${zoneName(zone, at)}` : ''}`
}

/** What a chart shows: the past span, or as much as is chosen up to now, or up to when the picture was held. */
export function chartWindow(
  past: Span | null,
  seconds: number,
  heldAt: number | null,
): { span: number; until: number | null } {
  if (past === null) return { span: seconds, until: heldAt }
  return { span: Math.max(1, Math.round((past.to - past.from) / 1000)), until: past.to }
}
