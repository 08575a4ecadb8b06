import type { Chip } from '../../backend/types'
import { ago, duration } from '../../format'

/** A connection's status as a sentence: "Waiting 12 s, attempt 4: the service closed with 1001, going away." */
export function statusSentence(chip: Chip, now: number): string {
  return end(`${opening(chip, now)}${chip.cause ? `: ${chip.cause}` : ''}`)
}

function opening(chip: Chip, now: number): string {
  const since = duration(Math.max(0, Math.floor((now - chip.since) / 1000) * 1000))
  switch (chip.status) {
    case 'live':
      return now - chip.since < 1000 ? 'Live since just now' : `Live for ${since}`
    case 'stale':
      return `Stale for ${since}, last event ${ago(chip.lastEventAt, now)}`
    case 'connecting':
      return chip.attempt > 1 ? `Connecting, attempt ${chip.attempt}` : 'Connecting'
    case 'authenticating':
      return 'Connected; waiting for the service to accept the credential'
    case 'subscribing':
      return 'Accepted; waiting for the subscriptions to be acknowledged'
    case 'backing_off':
      return `Waiting ${wait(chip, now)}, attempt ${chip.attempt}`
    case 'needs_credential':
      return 'Stopped until it has a new credential'
    case 'refused':
      return 'Refused by the service'
    case 'stopped':
      // The cause of one that was off from the start says that it is not known for how long.
      return chip.cause ? 'Switched off' : `Switched off for ${since}`
  }
}

function wait(chip: Chip, now: number): string {
  return chip.retryAt === null
    ? 'to try again'
    : wholeSeconds(Math.max(0, Math.ceil((chip.retryAt - now) / 1000)))
}

/** It counts down: no tenths, which would stand still. */
function wholeSeconds(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000)
}

function end(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
