import type { EventRow, JobRow, LockRow, Recorded, Span } from '../types'
import { KEPT } from './keep'
import { noise } from './random'

export const MOST_OF_PAST = 5000
const STEP = 7000

/** Of what the pretended history is made, one after another. */
const KINDS = [
  ['locks-eu', 'device.telemetry', 'VH10', 'speed=31.2 battery_voltage=12.31'],
  ['back-office', 'job.completed', 'job-', 'definition=sync-inventory'],
  ['locks-eu', 'device.unlocked', 'VH10', 'source=rfid'],
  ['intel', 'signal.received', 'earthquake/', 'earthquake · M 3.1, Groningen'],
  ['locks-eu', 'device.locked', 'VH10', 'source=app'],
  ['back-office', 'job.failed', 'job-', 'definition=nightly-export error="timeout after 300 s"'],
  ['laptops', 'host.offline', 'build-', 'build-02'],
  ['crew', 'post.created', 'post-', '#ops · “The export is late again.”'],
] as const

/** Whether the pretended program was running: not at night from 02:10 to 02:50 UTC, and not before its history begins. */
export function wasRunning(at: number, now: number): boolean {
  const minute = Math.floor(at / 60_000) % 1440
  return at > now - KEPT && !(minute >= 130 && minute < 170)
}

const MINUTE = 60_000

/** How much of a span was recorded, by the minute. */
export function recordedOf({ from, to }: Span, now: number): Recorded | null {
  const until = Math.min(to, now)
  const spans: Span[] = []
  for (let at = from; at < until; at += MINUTE) {
    if (!wasRunning(at, now)) continue
    const last = spans.at(-1)
    if (last?.to === at) last.to = Math.min(until, at + MINUTE)
    else spans.push({ from: at, to: Math.min(until, at + MINUTE) })
  }
  const on = spans.reduce((sum, span) => sum + span.to - span.from, 0)
  if (until - from - on < MINUTE) return null
  return { spans: spans.slice(-3), count: spans.length, off: until - from - on, unknownUntil: null }
}

/** The events of a span, the newest first. */
export function pastEvents({ from, to }: Span, now: number): EventRow[] {
  const found: EventRow[] = []
  for (
    let at = Math.floor(to / STEP) * STEP;
    at >= from && found.length < MOST_OF_PAST;
    at -= STEP
  ) {
    if (!wasRunning(at, now)) continue
    const seed = at / STEP
    const [connection, kind, subject, summary] =
      KINDS[Math.floor(noise(5, seed) ** 1.6 * KINDS.length)] ?? KINDS[0]
    found.push({
      key: `history/${seed}`,
      connection,
      number: 0,
      stored: String(seed),
      kind,
      at: at - 40,
      receivedAt: at,
      subject: `${subject}${String(Math.floor(noise(6, seed) * 48) + 1).padStart(2, '0')}`,
      summary,
    })
  }
  return found
}

export function pastLocks(span: Span, now: number, device: string): LockRow[] {
  const digits = device.slice(-2)
  return pastEvents(span, now)
    .filter((event) => event.kind.endsWith('locked') && event.subject.endsWith(digits))
    .slice(0, 500)
    .map((event) => ({
      number: 0,
      at: event.receivedAt,
      locked: event.kind === 'device.locked',
      source: event.kind === 'device.locked' ? 'app' : 'rfid',
      hasCode: false,
    }))
}

export function pastFailures(span: Span, now: number): JobRow[] {
  return pastEvents(span, now)
    .filter((event) => event.kind === 'job.failed')
    .slice(0, 500)
    .map((event) => ({
      key: event.key,
      connection: event.connection,
      id: event.subject,
      definition: 'nightly-export',
      state: 'failed',
      scheduledAt: null,
      startedAt: null,
      finishedAt: event.receivedAt,
      elapsedMs: 300_000,
      error: 'timeout after 300 s',
      stale: false,
    }))
}
