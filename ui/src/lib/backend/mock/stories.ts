import type { AlertRow, AlertState, EvidenceRow, RawEvent, Severity, Target } from '../types'
import { noise } from './random'

/** Alerts of one rule, one for each subject. Times are in minutes. */
interface Seed {
  rule: string
  severity: Severity
  connection: string
  title: string
  subjects: string[]
  states: AlertState[]
  /** How long ago the first began, and how much earlier each next one. */
  age: number
  apart: number
  hold: number
  value: number | null
  threshold: number | null
  times: number
  byConnection?: boolean
}

const vehicles = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `VH${String(from + i)}`)

export const SEEDS: readonly Seed[] = [
  seed(
    'jobs-keep-failing',
    'critical',
    'back-office',
    'Job definition {subject} failed {value} times in 10 min',
    ['sync-inventory'],
    ['firing'],
    { age: 4, value: 7, threshold: 5, times: 7 },
  ),
  seed(
    'alert-issued',
    'critical',
    'intel',
    'Severe thunderstorm over {subject}',
    ['Zuid-Holland', 'Utrecht'],
    ['firing', 'acknowledged'],
    { age: 31, apart: 22 },
  ),
  seed(
    'battery-low',
    'high',
    'locks-eu',
    '{subject} has a low battery: {value} V',
    vehicles(1004, 9),
    ['firing', 'firing', 'acknowledged', 'firing', 'pending'],
    { age: 3, apart: 17, hold: 1, value: 11.42, threshold: 11.5, times: 5 },
  ),
  seed(
    'unlocked-too-long',
    'high',
    'locks-eu',
    '{subject} has been unlocked for over 15 min',
    vehicles(1019, 4),
    ['firing', 'firing', 'acknowledged', 'pending'],
    { age: 18, apart: 41, hold: 15 },
  ),
  seed(
    'host-offline',
    'high',
    'laptops',
    'Host {subject} is offline',
    ['build-01', 'build-02', 'build-03', 'amsterdam-frontdesk'],
    ['silenced', 'silenced', 'silenced', 'firing'],
    { age: 44, apart: 2, hold: 5 },
  ),
  seed(
    'device-offline',
    'medium',
    'locks-eu',
    'Device {subject} is offline',
    vehicles(1024, 22),
    ['firing'],
    { age: 9, apart: 1, hold: 5, byConnection: true },
  ),
  seed(
    'agent-offline',
    'medium',
    'crew',
    'Agent {subject} is offline',
    ['translator'],
    ['firing'],
    { age: 128, hold: 5 },
  ),
  seed(
    'job-slow',
    'low',
    'back-office',
    'A job of {subject} runs {value} × its p95',
    ['nightly-export', 'rebuild-search-index'],
    ['firing', 'pending'],
    { age: 12, apart: 6, value: 3.4, threshold: 3 },
  ),
  seed(
    'battery-low',
    'high',
    'locks-eu',
    '{subject} has a low battery: {value} V',
    vehicles(1030, 12),
    ['resolved'],
    { age: 190, apart: 37, hold: 1, value: 11.46, threshold: 11.5, times: 4 },
  ),
  seed(
    'unlocked-too-long',
    'high',
    'locks-eu',
    '{subject} has been unlocked for over 15 min',
    vehicles(1040, 7),
    ['resolved'],
    { age: 96, apart: 53, hold: 15 },
  ),
]

function seed(
  rule: string,
  severity: Severity,
  connection: string,
  title: string,
  subjects: string[],
  states: AlertState[],
  more: Partial<Seed> & { age: number },
): Seed {
  const none = { apart: 0, hold: 0, value: null, threshold: null, times: 0 }
  return { rule, severity, connection, title, subjects, states, ...none, ...more }
}

/** The number around the moment it fired: it falls, with a gap, until it crosses. */
export function evidenceOf({ fired, threshold, value, rule }: AlertRow): EvidenceRow | null {
  if (fired === null || threshold === null || value === null || rule === 'jobs-keep-failing')
    return null
  const rising = value > threshold
  const times = Array.from({ length: 180 }, (_, i) => fired - (150 - i) * 10_000)
  const values = times.map((at, i) => {
    if (i > 62 && i < 70) return null
    const slope = ((150 - i) / 150) * (rising ? -2.2 : 0.9)
    const edge = i > 150 ? (value - threshold) * Math.min(1, (i - 150) / 16) : 0
    return Number((threshold + slope + edge + (noise(17, at / 10_000) - 0.5) * 0.09).toFixed(2))
  })
  return { field: rising ? 'times p95' : 'battery_voltage', threshold, fired, times, values }
}

export function eventsOf({ fired, began, subject, rule, value, connection }: AlertRow): RawEvent[] {
  const at = fired ?? began
  if (rule === 'battery-low')
    return [0, 10_000, 20_000].map((before) => ({
      kind: 'device.telemetry',
      at: at - before,
      subject,
      json: JSON.stringify({
        type: 'telemetry',
        hardwareId: subject,
        timestamp: new Date(at - before).toISOString(),
        payload: { battery_voltage: (value ?? 11.4) + before / 500_000, speed: 0, satellites: 9 },
      }),
    }))
  if (connection === 'back-office')
    return [
      {
        kind: 'job.failed',
        at,
        subject: '7f3c2a10-77aa-4be1-a9c1-2f7e8b1d0c55',
        json: JSON.stringify({
          event: 'job-failed',
          data: { definition: subject, error: 'HTTP 502 from https://erp.example/api/stock' },
        }),
      },
    ]
  return []
}

export function targetOf({ connection, subject, rule }: AlertRow): Target | null {
  if (connection === 'locks-eu') return { screen: 'device', connection, id: subject }
  if (rule === 'alert-issued') return { screen: 'signals' }
  if (rule === 'connection-not-live') return { screen: 'connection', name: connection }
  return null
}
