import type { Chip, Protocol } from '../../backend/types'
import { ago, duration } from '../../format'

/** A connection's status as a sentence: "Waiting 12 s, attempt 4: the service closed with 1001, going away." */
export function statusSentence(chip: Chip, now: number): string {
  return end(`${opening(chip, now)}${chip.cause ? `: ${chip.cause}` : ''}`)
}

function opening(chip: Chip, now: number): string {
  const since = duration(Math.max(0, Math.floor((now - chip.since) / 1000) * 1000))
  switch (chip.status) {
    case 'live':
      return `Live for ${since}`
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
      return 'Switched off'
  }
}

function wait(chip: Chip, now: number): string {
  return chip.retryAt === null
    ? 'to try again'
    : duration(Math.max(0, Math.ceil((chip.retryAt - now) / 1000) * 1000))
}

function end(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}

export interface ProtocolText {
  name: string
  /** What it brings. */
  brings: string
  url: string
  secret: string
  subscribe: string
  subscribeHint: string
}

export const PROTOCOLS: Readonly<Record<Protocol, ProtocolText>> = {
  iotee: {
    name: 'Iotee',
    brings: 'devices, locks, telemetry',
    url: 'wss://api.example.com/realtime',
    secret: 'API key',
    subscribe: 'Hardware ids',
    subscribeHint: 'ABC123, DEF456',
  },
  hantera: {
    name: 'Hantera',
    brings: 'jobs, actors, live queries',
    url: 'wss://tenant.core.ams.hantera.cloud/ws',
    secret: 'Access token',
    subscribe: 'Paths',
    subscribeHint: 'jobs, job-definitions, actors/orders',
  },
  agenthq: {
    name: 'AgentHQ',
    brings: 'agents, posts, tasks',
    url: 'wss://agenthq.example.com/ws',
    secret: 'Token or agent key',
    subscribe: 'Channel ids',
    subscribeHint: 'general, incidents',
  },
  hyprwatch: {
    name: 'Hyprwatch',
    brings: 'hosts, SQL queries',
    url: 'wss://hyprwatch.cloud/api/socket/websocket',
    secret: 'API key',
    subscribe: 'Organisation ids',
    subscribeHint: 'org_123',
  },
  hydra: {
    name: 'Hydra',
    brings: 'signals and alerts',
    url: 'wss://api.hydra.app/stream',
    secret: 'Token (JWT)',
    subscribe: 'Streams',
    subscribeHint: 'signals, alerts, cyber',
  },
}
