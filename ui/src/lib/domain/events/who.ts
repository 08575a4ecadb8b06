import type { EventRow } from '../../backend/types'
import { sourceWords } from '../devices/unlocks'

/** What is known of who locked or unlocked a device. */
export interface Who {
  /** By which means: "RFID"; null where the service does not say. */
  means: string | null
  /** Whether a code came with it. */
  code: boolean
}

/** What a lock event's JSON, its code masked, says of who it was; null for any other event. */
export function whoOf({ kind }: Pick<EventRow, 'kind'>, json: string): Who | null {
  if (kind !== 'device.unlocked' && kind !== 'device.locked') return null
  let told: unknown
  try {
    told = JSON.parse(json)
  } catch {
    return null
  }
  if (typeof told !== 'object' || told === null) return null
  // Some services wrap what they tell in one more object.
  const wrapped = Object.values(told).find((inner) => typeof inner === 'object' && inner !== null)
  const { source, code } = { ...(wrapped as object | undefined), ...told } as Record<
    string,
    unknown
  >
  return {
    means: typeof source === 'string' && source !== '' ? sourceWords(source) : null,
    code: typeof code === 'string',
  }
}

/** That in a sentence. IoTee tells the means and perhaps a code, and names nobody. */
export function whoWords({ means, code }: Who): string {
  const by = means === null ? 'By unknown means' : `By ${means}`
  return code
    ? `${by}, with a code. IoTee does not say whose it is.`
    : `${by}. IoTee does not say who.`
}
