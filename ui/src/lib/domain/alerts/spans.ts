const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

/** Spans for an acknowledgement, in seconds; 0 is until it is resolved. */
export const ACKNOWLEDGE_SPANS = [
  { value: 0, label: 'Until resolved' },
  { value: 30 * MINUTE, label: '30 min' },
  { value: HOUR, label: '1 h' },
  { value: 2 * HOUR, label: '2 h' },
  { value: 8 * HOUR, label: '8 h' },
] as const

/** Spans for a silence, in seconds. */
export const SILENCE_SPANS = [
  { value: 30 * MINUTE, label: '30 min' },
  { value: HOUR, label: '1 h' },
  { value: 2 * HOUR, label: '2 h' },
  { value: 8 * HOUR, label: '8 h' },
  { value: DAY, label: '1 day' },
] as const

export type Unit = 's' | 'min' | 'h' | 'd'

const SECONDS: Readonly<Record<Unit, number>> = { s: 1, min: MINUTE, h: HOUR, d: DAY }

export const UNITS: readonly { value: Unit; label: string }[] = [
  { value: 's', label: 'seconds' },
  { value: 'min', label: 'minutes' },
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
]

/** A length of time as it is typed. */
export interface Length {
  amount: string
  unit: Unit
}

/** In the largest unit that holds it whole. */
export function lengthOf(seconds: number): Length {
  const unit = (['d', 'h', 'min'] as const).find(
    (one) => seconds > 0 && seconds % SECONDS[one] === 0,
  )
  return { amount: String(seconds / SECONDS[unit ?? 's']), unit: unit ?? 's' }
}

/** Whole seconds; null when no length was typed. A comma counts as the point. */
export function secondsOf({ amount, unit }: Length): number | null {
  const value = numberOf(amount)
  return value === null || value < 0 ? null : Math.round(value * SECONDS[unit])
}

/** A number as it is typed; null when it is none. */
export function numberOf(text: string): number | null {
  const plain = text.trim().replace(',', '.')
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null
  const value = Number(plain)
  return Number.isFinite(value) ? value : null
}
