import type { LockRow } from '../../backend/types'
import { words } from '../../format'

/** What opened a lock, in words; a service may send its own, as "remote_command". */
export function sourceWords(source: string): string {
  return source.toLowerCase() === 'rfid' ? 'RFID' : words(source)
}

/** How often a device was unlocked, and by what: "Unlocked 3 times: 2 by RFID, 1 by key." */
export function unlocksInWords(locks: readonly LockRow[]): string {
  const by = new Map<string, number>()
  for (const lock of locks.filter((one) => !one.locked)) {
    const source = lock.source === null ? 'an unknown source' : sourceWords(lock.source)
    by.set(source, (by.get(source) ?? 0) + 1)
  }
  const total = [...by.values()].reduce((sum, n) => sum + n, 0)
  if (total === 0) return 'It was not unlocked in that time.'
  const parts = [...by].sort((a, b) => b[1] - a[1]).map(([source, n]) => `${n} by ${source}`)
  return `Unlocked ${total === 1 ? 'once' : `${total} times`}: ${parts.join(', ')}. IoTee tells how, not who; codes are not kept in the history.`
}
