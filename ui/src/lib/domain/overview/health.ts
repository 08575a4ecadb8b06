import type { Attention, Chip } from '../../backend/types'
import { age, count, plural } from '../../format'
import { total, worstFiring } from '../alerts/counts'
import { ALERT_MARKS, type Mark } from '../marks'

/** Whether the picture can be trusted: every connection that is on is live, or which are not and since when. */
export function trust(
  chips: readonly Chip[],
  now: number,
): { mark: Mark; words: string; connection: string | null } {
  const on = chips.filter((chip) => chip.status !== 'stopped')
  const away = on.filter((chip) => chip.status !== 'live').sort((a, b) => a.since - b.since)
  const [first] = away
  if (on.length === 0)
    return {
      mark: { word: 'Nothing is connected', tone: 'quiet', shape: 'ring' },
      words: '',
      connection: null,
    }
  if (!first) {
    const words =
      on.length === 1 ? 'The connection is live' : `All ${on.length} connections are live`
    return { mark: { word: words, tone: 'good', shape: 'disc' }, words: '', connection: null }
  }
  const word =
    away.length === 1 ? `${first.name} is not live` : `${away.length} of ${on.length} are not live`
  const longest = away.length === 1 ? '' : `, ${first.name} the longest`
  return {
    mark: { word, tone: 'warn', shape: 'half' },
    words: `for ${age(first.since, now)}${longest}: its data is stale`,
    connection: first.name,
  }
}

/** "41 alerts open, 6 critical", of how many are open by severity. */
export function openWords(open: readonly number[]): string {
  const worst = worstFiring(open)
  if (!worst) return 'no alert is open'
  return `${plural(total(open), 'alert')} open, ${count(worst.count)} ${worst.severity}`
}

/**
 * What is said while nothing asks for attention: that all is well only where a connection is live, nothing open and nothing
 * muted. Of what is not heard nobody knows how it is.
 */
export function calmWords(
  open: readonly number[],
  mutedUntil: string | null,
  chips: readonly Chip[],
): { title: string; text: string; well: boolean; mark: Mark } {
  const some = worstFiring(open) !== null
  const heard = chips.some((chip) => chip.status === 'live')
  if (mutedUntil)
    return {
      title: `Muted until ${mutedUntil}: ${some || heard ? openWords(open) : 'nothing is known yet'}`,
      text: some ? 'They stay listed, and so do new ones.' : '',
      well: false,
      mark: ALERT_MARKS.silenced,
    }
  if (some)
    return {
      title: openWords(open),
      text: 'Each is acknowledged or silenced.',
      well: false,
      mark: ALERT_MARKS.silenced,
    }
  if (!heard)
    return {
      title: 'Nothing is known yet',
      text: 'No connection in scope is live: alerts appear once one is.',
      well: false,
      mark: { word: 'Unknown', tone: 'quiet', shape: 'dotted' },
    }
  return {
    title: 'All is well',
    text: 'Nothing needs you right now.',
    well: true,
    mark: { word: 'Well', tone: 'good', shape: 'disc' },
  }
}

/** Of how many the worst is one, counted with it as they are elsewhere: "one of 9: 1 critical, 3 high, 5 medium". */
export function furtherWords(attention: readonly Attention[]): string {
  const parts = (['critical', 'high', 'medium', 'low'] as const).flatMap((severity) => {
    const n = attention.filter((item) => item.severity === severity).length
    return n > 0 ? `${n} ${severity}` : []
  })
  return attention.length < 2 ? '' : `one of ${count(attention.length)}: ${parts.join(', ')}`
}
