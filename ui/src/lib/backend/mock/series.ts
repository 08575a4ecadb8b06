import type { SeriesName, SeriesSpec } from '../types'
import { wasRunning } from './past'
import { noise } from './random'

/** What a series is like: around `base`, waving by `wave` with the hour, shaking by `shake`. */
interface Shape {
  base: number
  wave: number
  shake: number
  whole?: boolean
  /** Seconds of silence at that many seconds before the end, drawn as a gap. */
  gap?: [from: number, to: number]
  /** Seconds before the end between which it has another base. */
  part?: [from: number, to: number, base: number]
}

const SHAPES: Record<string, Shape> = {
  'rate:locks-eu': { base: 84, wave: 14, shake: 18 },
  'rate:back-office': { base: 12, wave: 4, shake: 9 },
  'rate:crew': { base: 2.4, wave: 0.8, shake: 3 },
  'rate:laptops': { base: 0.6, wave: 0.2, shake: 1.4 },
  'rate:intel': { base: 3.1, wave: 1, shake: 3, gap: [150, 118] },
  totalRate: { base: 102, wave: 20, shake: 22 },
  locks: { base: 9, wave: 3, shake: 7, whole: true },
  unlocks: { base: 9, wave: 3, shake: 8, whole: true },
  jobsCompleted: { base: 7, wave: 2, shake: 6, whole: true },
  jobsFailed: { base: 0.5, wave: 0.3, shake: 1.6, whole: true },
  heard: { base: 60, wave: 0, shake: 0 },
  'heard:locks': { base: 60, wave: 0, shake: 0, part: [150, 90, 23] },
  failures: { base: 0.4, wave: 0.3, shake: 2.4, whole: true },
  jobsRunning: { base: 7, wave: 2, shake: 2, whole: true },
  devicesOnline: { base: 44, wave: 0.6, shake: 1.4, whole: true },
  devicesUnlocked: { base: 7, wave: 2, shake: 2, whole: true },
  agentsOnline: { base: 6, wave: 0.4, shake: 1, whole: true },
  hostsOnline: { base: 22, wave: 0.8, shake: 1.2, whole: true },
  signals: { base: 2, wave: 1, shake: 3, whole: true },
  'field:battery_voltage': { base: 12.2, wave: 0.3, shake: 0.08 },
  'field:speed': { base: 30, wave: 18, shake: 14, gap: [90, 60] },
  'field:temperature': { base: 19, wave: 2, shake: 0.4 },
  'field:satellites': { base: 9, wave: 1, shake: 3, whole: true },
  'field:lat': { base: 52.37, wave: 0.01, shake: 0.001 },
  'field:long': { base: 4.9, wave: 0.02, shake: 0.001 },
}

export function mockSeries(spec: SeriesSpec, now: number, empty: boolean): ArrayBuffer {
  const step = Math.max(1000, Math.round((spec.span * 1000) / spec.points))
  const end = Math.floor((spec.until ?? now) / step) * step
  const points = Math.floor((spec.span * 1000) / step)
  const out = new Float64Array(2 + points * (1 + spec.series.length))
  out[0] = points
  out[1] = spec.series.length
  for (let i = 0; i < points; i++) out[2 + i] = end - (points - 1 - i) * step
  spec.series.forEach((name, column) => {
    const shape = SHAPES[key(name)] ?? { base: 5, wave: 1, shake: 2 }
    const seed = [...key(name)].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 9973
    for (let i = 0; i < points; i++) {
      const at = end - (points - 1 - i) * step
      out[2 + points * (1 + column) + i] = empty ? NaN : value(shape, seed, at, now, step)
    }
  })
  return out.buffer
}

function value(shape: Shape, seed: number, at: number, now: number, step: number): number {
  const before = (now - at) / 1000
  if (before > 3600 && !wasRunning(at, now)) return NaN
  if (shape.gap && before < shape.gap[0] && before > shape.gap[1]) return NaN
  if (shape.part && before < shape.part[0] && before > shape.part[1]) return shape.part[2]
  // A wave that a day shows as one, and not as a fence.
  const slow = Math.sin(at / Math.max(140_000, step * 40) + seed) * shape.wave
  const fast =
    (noise(seed, at / 5000) - 0.5) * shape.shake +
    (noise(seed + 1, at / 1000) - 0.5) * shape.shake * 0.5
  const sum = Math.max(0, shape.base + slow + fast)
  return shape.whole ? Math.round(sum) : sum
}

function key(name: SeriesName): string {
  if (name.kind === 'rate') return `rate:${name.connection}`
  if (name.kind === 'field') return `field:${name.field}`
  if (name.kind === 'heard' && name.of === 'locks') return 'heard:locks'
  return name.kind
}
