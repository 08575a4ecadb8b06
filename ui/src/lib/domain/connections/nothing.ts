import type { Chip, Protocol } from '../../backend/types'
import { duration } from '../../format'
import { PROTOCOLS } from './services'
import { statusSentence } from './status'

/** Why a screen has nothing to show, and where that is mended. */
export interface Nothing {
  title: string
  text: string
  /** The connection to look at; null where there is none of that service in scope; undefined where all is well. */
  open?: string | null
  /** The connection to switch on. */
  off?: string
}

/**
 * Nothing shown is a guess: "no devices yet" is said only where a connection that is live has told of none. `things` are
 * in the plural: "devices".
 */
export function whyNothing(
  chips: readonly Chip[],
  protocol: Protocol,
  things: string,
  now: number,
): Nothing {
  const those = chips.filter((chip) => chip.protocol === protocol)
  const silent = those.filter((chip) => chip.status !== 'live')
  // One that is off is so by will: what is wrong comes first.
  const down = silent.find((chip) => chip.status !== 'stopped') ?? silent[0]
  if (those.length === 0) {
    return {
      title: `No connection tells of ${things}`,
      text: `They come with a connection to ${PROTOCOLS[protocol].name}, and there is none in this scope.`,
      open: null,
    }
  }
  if (down) {
    const others = silent.length - 1
    const more = others > 0 ? ` ${others} more ${others === 1 ? 'is' : 'are'} not live.` : ''
    if (down.status === 'stopped') {
      return {
        title: `Connection ${down.name} is switched off`,
        text: `${off(down, now)}, and it is not known what ${things} there are.${more}`,
        open: down.name,
        off: down.name,
      }
    }
    return {
      title: `It is not known what ${things} there are`,
      text: `${down.name}: ${statusSentence(down, now)}${more}`,
      open: down.name,
    }
  }
  const names = those.map((chip) => chip.name)
  const who = names.length === 1 ? names[0] : `${names.length} connections`
  return {
    title: `No ${things} yet`,
    text: `${who} ${names.length === 1 ? 'is' : 'are'} live and sent none so far. They appear here as they come.`,
  }
}

/** "It has been off for 3 m". */
function off(chip: Chip, now: number): string {
  if (chip.cause) return `${chip.cause.charAt(0).toUpperCase()}${chip.cause.slice(1)}`
  return `It has been off for ${duration(Math.max(0, Math.floor((now - chip.since) / 1000) * 1000))}`
}
