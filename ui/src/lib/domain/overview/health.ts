import type { Attention, Chip, Tiles } from '../../backend/types'
import { age, count, plural, type TimeZone } from '../../format'
import { briefMoment } from '../../live/past'
import { SEVERITIES, total, worstFiring } from '../alerts/counts'
import { ALERT_MARKS, type Mark } from '../marks'

const SECOND = 1_000

/** Whether the picture can be trusted: every connection that is on is live, or which are not and since when; how many are off. */
export function trust(
  chips: readonly Chip[],
  now: number,
): { mark: Mark; words: string; connection: string | null } {
  const on = chips.filter((chip) => chip.status !== 'stopped')
  const away = on.filter((chip) => chip.status !== 'live').sort((a, b) => a.since - b.since)
  const [first] = away
  const off = chips.length - on.length
  const offWords = off === 0 ? '' : `${count(off)} ${off === 1 ? 'is' : 'are'} switched off`
  if (on.length === 0)
    return {
      mark: { word: 'Nothing is connected', tone: 'quiet', shape: 'ring' },
      words: '',
      connection: null,
    }
  if (!first) {
    const words =
      on.length > 1
        ? `All ${on.length} connections are live`
        : off > 0
          ? '1 connection is live'
          : 'The connection is live'
    const word = [words, offWords].filter(Boolean).join(', ')
    return { mark: { word, tone: 'good', shape: 'disc' }, words: '', connection: null }
  }
  const word =
    away.length === 1 ? `${first.name} is not live` : `${away.length} of ${on.length} are not live`
  const longest = away.length === 1 ? '' : `, ${first.name} the longest`
  return {
    mark: { word, tone: 'warn', shape: 'half' },
    words: [`for ${age(first.since, now)}${longest}: its data is stale`, offWords]
      .filter(Boolean)
      .join('; '),
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

/** What fires by severity, as rail and tile count it, and what is as last heard: "38 firing: 6 critical, 32 medium · 2 as last heard". */
export function furtherWords(firing: readonly number[], stale: number): string {
  const parts = SEVERITIES.flatMap((severity, i) => {
    const n = firing[i] ?? 0
    return n > 0 ? `${count(n)} ${severity}` : []
  })
  const fires = total(firing) > 1 ? `${count(total(firing))} firing: ${parts.join(', ')}` : ''
  return [fires, stale > 0 && `${count(stale)} as last heard`].filter(Boolean).join(' · ')
}

/** How many need attention: those that are listed, and of more than can be listed as many as the counts tell. */
export function inNeed(tiles: Tiles, attention: readonly Attention[]): number {
  const links = attention.filter(({ target }) => target.screen === 'connection').length
  const counted = total(tiles.firing) - tiles.firingConnections + tiles.staleAlerts + links
  return Math.max(attention.length, counted)
}

/** So many are listed at the most. */
const LISTED = 100

/**
 * What the list of what needs attention holds: "38 firing · 1 connection not live". What fires about a connection that is in
 * it is the connection's.
 */
export function attentionWords(
  firing: readonly number[],
  firingConnections: number,
  stale: number,
  attention: readonly Attention[],
): string {
  const links = attention.filter(({ target }) => target.screen === 'connection').length
  const fires = total(firing) - firingConnections
  return [
    (fires > 0 || links === 0) && `${count(fires)} firing`,
    stale > 0 && `${count(stale)} as last heard`,
    links > 0 && `${plural(links, 'connection')} not live`,
    attention.length >= LISTED && `the worst ${LISTED} are listed`,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** Since when, and how long that is: "since 23:47, for 36 s". */
export function sinceWords(since: number, now: number, zone: TimeZone): string {
  const begin = `since ${briefMoment(since, now, zone)}`
  return now - since < SECOND ? begin : `${begin}, for ${age(since, now)}`
}
