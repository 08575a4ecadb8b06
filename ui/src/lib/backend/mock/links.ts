import type {
  Chip,
  ConnectionCard,
  ConnectionDetail,
  ConnectionDraft,
  LogRow,
  Protocol,
  Status,
} from '../types'

/** One configured connection of the pretended fleet. */
export interface MockLink {
  name: string
  protocol: Protocol
  url: string
  enabled: boolean
  status: Status
  since: number
  cause: string | null
  retryAt: number | null
  attempt: number
  baseRate: number
  rate: number
  lastEventAt: number | null
  dropped: number
  events: number
  unrecognised: number
  malformed: number
  credential: string
  credentialEnds: number | null
  lag: number | null
  /** What it was made of, where it was added here. */
  draft?: ConnectionDraft
  tags: string[]
  notifyUnlocked: boolean
  subscriptions: { name: string; state: string; reason: string | null }[]
  log: LogRow[]
}

const HOUR = 3_600_000

export function demoLinks(now: number): MockLink[] {
  return [
    link(now, 'locks-eu', 'iotee', 'wss://api.iotee.example/realtime', 84, [
      ...Array.from({ length: 48 }, (_, i) => `VH${String(1001 + i)}`),
    ]),
    link(now, 'back-office', 'hantera', 'wss://acme.core.ams.hantera.example/ws', 12, [
      'jobs',
      'job-definitions',
      'actors/orders',
      'actors/payments',
    ]),
    link(now, 'crew', 'agenthq', 'ws://localhost:3000/ws', 2.4, [
      'general',
      'incidents',
      'research',
    ]),
    link(now, 'laptops', 'hyprwatch', 'wss://hyprwatch.example/api/socket', 0.6, [
      'org_acme',
      'org_lab',
    ]),
    link(now, 'intel', 'hydra', 'wss://api.hydra.example/stream', 3.1, [
      'signals',
      'alerts',
      'cyber',
    ]),
  ]
}

export function link(
  now: number,
  name: string,
  protocol: Protocol,
  url: string,
  baseRate: number,
  subscribe: string[],
): MockLink {
  const since = now - 2 * HOUR - 17 * 60_000
  return {
    name,
    protocol,
    url,
    enabled: true,
    status: 'live',
    since,
    cause: null,
    retryAt: null,
    attempt: 0,
    baseRate,
    rate: baseRate,
    lastEventAt: now - 400,
    dropped: 0,
    events: Math.round(baseRate * 8200),
    unrecognised: protocol === 'hydra' ? 3 : 0,
    malformed: 0,
    credential: `in the keychain, as "${name}"`,
    credentialEnds: protocol === 'hydra' ? now + 2.4 * 24 * HOUR : null,
    lag: protocol === 'hyprwatch' ? null : protocol === 'hydra' ? -4200 : 180,
    tags: protocol === 'iotee' || protocol === 'hydra' ? ['field'] : ['office'],
    notifyUnlocked: protocol === 'iotee',
    subscriptions: subscribe.map((word) => ({ name: word, state: 'accepted', reason: null })),
    log: [
      { at: since, text: 'Live: the service acknowledged the subscriptions.', status: 'live' },
      { at: since - 180, text: 'The socket is open; subscribing.', status: 'subscribing' },
      { at: since - 420, text: 'Connecting, attempt 1.', status: 'connecting' },
    ],
  }
}

export function fromDraft(now: number, draft: ConnectionDraft): MockLink {
  const names = draft.subscribe.map((one) => one.name)
  const made = link(now, draft.name, draft.protocol, draft.url, 1, names)
  return {
    ...made,
    draft,
    status: 'connecting',
    since: now,
    events: 0,
    lastEventAt: null,
    tags: draft.tags,
    notifyUnlocked: draft.notifyUnlocked,
    credential:
      draft.keep.in === 'env' ? `in the environment, as ${draft.keep.what}` : made.credential,
    log: [{ at: now, text: 'Connecting, attempt 1.', status: 'connecting' }],
  }
}

export function setStatus(of: MockLink, now: number, status: Status, cause: string | null): void {
  of.status = status
  of.cause = cause
  of.since = now
  of.retryAt = status === 'backing_off' ? now + 12_000 : null
  of.attempt = status === 'backing_off' ? of.attempt + 1 : of.attempt
  if (status !== 'live') of.rate = 0
  of.log = [
    { at: now, text: cause ? `${label(status)}: ${cause}.` : `${label(status)}.`, status },
    ...of.log,
  ]
}

function label(status: Status): string {
  const text = status.replace(/_/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function chip(of: MockLink): Chip {
  const { name, protocol, tags, status, since, cause } = of
  const { retryAt, attempt, rate, lastEventAt, dropped } = of
  return {
    name,
    protocol,
    tags: [...tags],
    status,
    since,
    cause,
    retryAt,
    attempt,
    rate,
    lastEventAt,
    dropped,
  }
}

const RANKS: Partial<Record<Status, number>> = {
  needs_credential: 0,
  refused: 0,
  backing_off: 1,
  stale: 2,
  stopped: 4,
}

/** All cards, what is wrong first. */
export function cards(links: readonly MockLink[]): ConnectionCard[] {
  return links.map(card).sort((a, b) => (RANKS[a.chip.status] ?? 3) - (RANKS[b.chip.status] ?? 3))
}

/** What the open card tells besides. */
export function detail(links: readonly MockLink[], open: string | null): ConnectionDetail | null {
  const of = links.find((link) => link.name === open)
  if (!of) return null
  return {
    name: of.name,
    httpUrl: null,
    caFile: null,
    subscriptions: of.subscriptions,
    unknown: of.unrecognised > 0 ? [{ name: 'tide_gauge', count: of.unrecognised }] : [],
    log: of.log,
  }
}

function card(of: MockLink): ConnectionCard {
  const live = of.status === 'live'
  return {
    chip: chip(of),
    url: of.url,
    enabled: of.enabled,
    demo: false,
    credential: of.credential,
    credentialEnds: of.credentialEnds,
    tags: of.tags,
    notifyUnlocked: of.notifyUnlocked,
    accepted: of.subscriptions.filter((row) => row.state === 'accepted').length,
    refused: of.subscriptions.filter((row) => row.state === 'refused').length,
    subscriptionCount: of.subscriptions.length,
    bytesRate: of.rate * 184,
    lag: live ? of.lag : null,
    events: of.events,
    disconnects: of.status === 'backing_off' ? of.attempt : 0,
    unrecognised: of.unrecognised,
    malformed: of.malformed,
    duplicates: of.protocol === 'iotee' ? 14 : 0,
    drops:
      of.dropped > 0
        ? [{ words: 'events dropped by the service, as it says', count: of.dropped }]
        : [],
  }
}
