import type { DeviceRow } from '../../backend/types'
import { signalMark } from '../marks'
import { duration } from '../../format'
import type { Look } from '../../map/marks'
import { lengthOf, type Track } from '../../map/track'

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

/** A device's state as an index of `DEVICE_LOOKS`: an open lock is the worst, whether its device is there or not. */
export function stateOf({ lock, online }: Pick<DeviceRow, 'lock' | 'online'>): number {
  if (lock === 'unlocked') return 0
  if (online === false) return 2
  return lock === 'unknown' ? 1 : 3
}

/** "320 m", "12.4 km". */
export function distanceWords(metres: number): string {
  if (metres < 995) return `${Math.round(metres)} m`
  const km = metres / 1000
  return `${km < 99.5 ? km.toFixed(1) : Math.round(km)} km`
}

/** "1.2 km in 12 min, 1 gap": what is known of a way. */
export function trackWords(track: Track | null, past: boolean): string {
  if (!track) return ''
  const { runs } = track
  const points = runs.reduce((sum, run) => sum + run.points.length, 0)
  if (points < 2) return past ? 'no track of that time' : 'no track in this span yet'
  const [first, last] = [runs[0]?.points[0], runs.at(-1)?.points.at(-1)]
  const over = duration((last?.at ?? 0) - (first?.at ?? 0))
  const gaps = runs.length - 1
  const broken = gaps > 0 ? `, ${gaps} ${gaps === 1 ? 'gap' : 'gaps'}` : ''
  return `${distanceWords(lengthOf(track))} in ${over}${broken}`
}
