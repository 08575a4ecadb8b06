import type { Chip, Protocol } from '../../backend/types'
import { PROTOCOLS } from './services'
import { statusSentence } from './status'

/** Why a screen has nothing to show, and where that is mended. */
export interface Nothing {
  title: string
  text: string
  /** The connection to look at; null where there is none of that service in scope; undefined where all is well. */
  open?: string | null
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
  const [down] = those.filter((chip) => chip.status !== 'live')
  if (those.length === 0) {
    return {
      title: `No connection tells of ${things}`,
      text: `They come with a connection to ${PROTOCOLS[protocol].name}, and there is none in this scope.`,
      open: null,
    }
  }
  if (down) {
    const others = those.filter((chip) => chip.status !== 'live').length - 1
    const more = others > 0 ? ` So it is with ${others} more.` : ''
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
