import type { Cell } from './backend/types'

const DASH = '–'
const DAY = 86_400_000

/** How long ago, as short as it can be: "12 s", "4 min", "3 h", "2 d". A future moment is "now". */
export function age(at: number | null, now: number): string {
  if (at === null) return DASH
  const seconds = Math.max(0, Math.floor((now - at) / 1000))
  if (seconds < 1) return 'now'
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** An age as the end of a sentence: "12 s ago". */
export function ago(at: number | null, now: number): string {
  if (at === null) return 'never'
  const text = age(at, now)
  return text === 'now' ? 'now' : `${text} ago`
}

/** A length of time in ms: "42 ms", "3.2 s", "4 min 5 s". */
export function duration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return DASH
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.floor(seconds / 60)
  return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

/** A long time in ms, as exact as it matters: "40 s", "12 min", "21 h 52 min", "3 d 4 h". */
export function lengthWords(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`
  const minutes = Math.round(ms / 60_000)
  if (minutes < 60) return `${minutes} min`
  if (minutes < 48 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(ms / 3_600_000)
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** A count with thin spaces between thousands: "12 345". */
export function count(value: number | null): string {
  if (value === null) return DASH
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f')
}

/** A rate per second, three digits at the most before it becomes thousands: "0.4", "12", "1.2k". */
export function rate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return DASH
  if (perSecond === 0) return '0'
  if (perSecond < 9.95) return perSecond.toFixed(1)
  if (perSecond < 999.5) return String(Math.round(perSecond))
  if (perSecond < 9_950) return `${(perSecond / 1000).toFixed(1)}k`
  if (perSecond < 999_500) return `${Math.round(perSecond / 1000)}k`
  return `${(perSecond / 1_000_000).toFixed(1)}M`
}

/** Bytes a second: "820 B/s", "1.2 KB/s". */
export function byteRate(perSecond: number): string {
  if (perSecond < 1000) return `${Math.round(perSecond)} B/s`
  if (perSecond < 1_000_000) return `${(perSecond / 1000).toFixed(1)} KB/s`
  return `${(perSecond / 1_000_000).toFixed(1)} MB/s`
}

/** A part of a whole: "98.4 %"; a dash where there is no whole. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return DASH
  const value = (part / whole) * 100
  return value === 100 || value === 0 ? `${value} %` : `${value.toFixed(1)} %`
}

/** A number as it was told, without the noise of floating point: seven digits at the most. */
export function number(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return DASH
  if (Math.abs(value) >= 10_000) return count(value)
  return String(Number(value.toPrecision(7)))
}

/** A number of a chart: three digits tell enough, or all of a whole one. */
export function short(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return DASH
  if (Math.abs(value) >= 1000) return count(value)
  return String(Number(value.toPrecision(3)))
}

/** A value of an open map. */
export function cell(value: Cell): string {
  if (value === null) return DASH
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value
}

/** "1 host", "3 hosts". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** Names in a row: "a", "a and b", "a, b and c". */
export function joined(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

/** "battery_voltage" and "batteryVoltage" to "battery voltage". */
export function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
}

export interface TimeZone {
  utc: boolean
  /** The system's zone, as `Europe/Amsterdam`. */
  name: string
}

/** The zone by the name that `Intl` takes. */
export function zoneId(zone: TimeZone): string {
  return zone.utc ? 'UTC' : zone.name
}

const SHAPES = {
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  date: { year: 'numeric', month: 'short', day: '2-digit' },
  zone: { timeZoneName: 'short' },
  minutes: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { month: 'short', day: 'numeric' },
  weekday: { weekday: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** Making a format takes a thousand times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: TimeZone, shape: keyof typeof SHAPES): Intl.DateTimeFormat {
  const timeZone = zoneId(zone)
  const key = `${shape} ${timeZone}`
  const made = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone, ...SHAPES[shape] })
  formats.set(key, made)
  return made
}

/** "14:03:09". */
export function time(at: number, zone: TimeZone): string {
  return format(zone, 'time').format(at)
}

/** "14:03". */
export function minutes(at: number, zone: TimeZone): string {
  return format(zone, 'minutes').format(at)
}

/** "21 Nov". */
export function dayMonth(at: number, zone: TimeZone): string {
  return format(zone, 'day').format(at)
}

/** Whether two moments are of one day. */
export function isSameDay(a: number, b: number, zone: TimeZone): boolean {
  return Math.abs(a - b) < 2 * DAY && dayMonth(a, zone) === dayMonth(b, zone)
}

/** "21 Nov", or "21 Nov 2025" where it may be taken for another year's. */
export function dayOf(at: number, now: number, zone: TimeZone): string {
  const year = format(zone, 'date').format(at).slice(-4)
  return Math.abs(at - now) < 300 * DAY ? dayMonth(at, zone) : `${dayMonth(at, zone)} ${year}`
}

/** "Sat". */
export function weekday(at: number, zone: TimeZone): string {
  return format(zone, 'weekday').format(at)
}

/** "21 Nov 14:03:09": where a list reaches over more than a day. */
export function dayTime(at: number, zone: TimeZone): string {
  return `${dayMonth(at, zone)} ${time(at, zone)}`
}

/** Bytes as a size: "820 B", "1.4 MiB". */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${units[unit]}`
}

/** "21 Nov 2026, 14:03:09 UTC": with its zone, for where a whole moment is told. */
export function dateTime(at: number, zone: TimeZone): string {
  return `${format(zone, 'date').format(at)}, ${time(at, zone)} ${zoneName(zone, at)}`
}

/** The zone as it is printed beside times: "UTC", "GMT+1". */
export function zoneName(zone: TimeZone, at: number): string {
  if (zone.utc || zone.name === 'UTC') return 'UTC'
  const parts = format(zone, 'zone').formatToParts(at)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone.name
}
