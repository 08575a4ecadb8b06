import type { ConnectionCard } from '../../backend/types'
import {
  age,
  count,
  dateTime,
  dayMonth,
  duration,
  minutes,
  weekday,
  zoneName,
  type TimeZone,
} from '../../format'

const DAY = 86_400_000
/** From when on the end of a credential is warned of. */
const NEAR = 7 * DAY

export interface CredentialEnd {
  /** "ends in 3 d (Mon 23 Nov, 14:00 UTC)". */
  words: string
  near: boolean
  over: boolean
}

/** When a credential ends, by its own word. */
export function credentialEnd(
  at: number | null,
  now: number,
  zone: TimeZone,
): CredentialEnd | null {
  if (at === null) return null
  const day =
    Math.abs(at - now) > 300 * DAY
      ? dateTime(at, zone).split(',')[0]
      : `${weekday(at, zone)} ${dayMonth(at, zone)}`
  const moment = `${day}, ${minutes(at, zone)} ${zoneName(zone, at)}`
  const over = at <= now
  const soon = Math.abs(at - now) < 1000
  const words = over
    ? `ended ${soon ? 'just now' : `${age(at, now)} ago`} (${moment})`
    : `ends ${soon ? 'now' : `in ${age(now, at)}`} (${moment})`
  return { words, near: at - now < NEAR, over }
}

export interface LagWords {
  words: string
  /** The same as a sentence. */
  means: string
  loud: boolean
}

/** How late events come, by the service's clock against ours. */
export function lagWords(lag: number | null, live = true): LagWords {
  if (lag === null) {
    const means = live ? 'No event carried a time of its own yet.' : 'Known while it is live.'
    return { words: '–', means, loud: false }
  }
  if (lag < -1000) {
    const ahead = duration(-lag)
    return {
      words: `${ahead} ahead`,
      means: `The clocks differ: the service’s is about ${ahead} ahead of this computer’s, by the last events.`,
      loud: true,
    }
  }
  const late = duration(Math.max(0, lag))
  if (lag > 30_000)
    return {
      words: late,
      means: `The last events came ${late} after their own time (median): they are late, or the service’s clock is behind this computer’s.`,
      loud: true,
    }
  return {
    words: late,
    means: `The last events came ${late} after their own time (median).`,
    loud: false,
  }
}

/** "42 accepted", "3 of 5, 2 refused". */
export function subscriptionWords(
  card: Pick<ConnectionCard, 'accepted' | 'refused' | 'subscriptionCount'>,
): string {
  if (card.subscriptionCount === 0) return 'none'
  if (card.refused > 0) return `${count(card.accepted)}, ${count(card.refused)} refused`
  if (card.accepted === card.subscriptionCount) return `${count(card.accepted)} accepted`
  return `${count(card.accepted)} of ${count(card.subscriptionCount)}`
}
