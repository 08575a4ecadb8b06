import { signalMark } from '../marks'
import type { Look } from '../../map/marks'

/** The states of devices in the order of the marks' counts, the worst first. */
export const DEVICE_LOOKS: readonly Look[] = [
  { word: 'Unlocked', tone: 'warn', shape: 'openLock' },
  { word: 'Lock unknown', tone: 'info', shape: 'unknownLock' },
  { word: 'Offline', tone: 'quiet', shape: 'ring' },
  { word: 'Locked', tone: 'good', shape: 'closedLock' },
]

/** The severities of signals from 5 to 1, and none. */
export const SIGNAL_LOOKS: readonly Look[] = [5, 4, 3, 2, 1, null].map(signalMark)

/** "3 unlocked, 12 locked". */
export function countWords(counts: readonly number[], looks: readonly Look[]): string {
  return counts
    .flatMap((count, i) => (count > 0 ? [`${count} ${looks[i]?.word.toLowerCase() ?? ''}`] : []))
    .join(', ')
}
