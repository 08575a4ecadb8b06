import type { Protocol } from '../../backend/types'
import { KINDS, type Kind } from './kinds'

/** What the dialogs say of a service. */
export interface ServiceText extends Kind {
  /** The same as a sentence, for one who has never seen it. */
  about: string
  /** What a connection of it may be called. */
  suggested: string
  /** A real address. */
  url: string
  secret: string
  /** The same within a sentence. */
  theSecret: string
  /** What a new connection subscribes to until something else is chosen. */
  usual: readonly string[]
  /** Where the credential is to be had. */
  where: string
  /** What is subscribed to. */
  subscribe: string
  subscribeHint: string
  /** Where the ids of it are to be had; empty where they are offered to choose from. */
  whence: string
  /** What a connection that subscribes to nothing shows. */
  nothing: string
}

export const PROTOCOLS: Readonly<Record<Protocol, ServiceText>> = {
  iotee: {
    ...KINDS.iotee,
    about:
      'Locks and other devices: what was opened, when and by which means, where it is, and what its sensors say.',
    suggested: 'locks',
    url: 'wss://api.example.com/realtime',
    secret: 'API key',
    theSecret: 'API key',
    usual: [],
    where:
      'A user’s or an administrator’s API key, from whoever runs the device service. It decides which devices can be watched.',
    subscribe: 'Hardware ids',
    subscribeHint: 'ABC123, DEF456',
    whence: 'The service lists no devices here: ask whoever runs it for their ids.',
    nothing: 'Without one, no device is watched.',
  },
  hantera: {
    ...KINDS.hantera,
    about: 'A commerce back office: its jobs as they run and fail, its actors, and live queries.',
    suggested: 'jobs',
    url: 'wss://tenant.core.ams.hantera.cloud/ws',
    secret: 'Access token',
    theSecret: 'access token',
    usual: ['jobs', 'job-definitions'],
    where:
      'An access token of your tenant, without the word Bearer. Its administrators make one in the portal or over OAuth.',
    subscribe: 'Paths',
    subscribeHint: 'jobs',
    whence: '',
    nothing: 'Without one, only the live queries tell anything.',
  },
  agenthq: {
    ...KINDS.agenthq,
    about: 'Software agents at work: who is online, what they post, and their tasks.',
    suggested: 'agents',
    url: 'wss://agenthq.example.com/ws',
    secret: 'Token or agent key',
    theSecret: 'token or agent key',
    usual: [],
    where:
      'An agent’s API key, which begins with ahq_, or the access token of a signed-in user. A token ends within minutes; a key stays.',
    subscribe: 'Channel ids',
    subscribeHint: 'general, incidents',
    whence: 'The service lists no channels here: ask whoever runs it for their ids.',
    nothing: 'Without one, agents are watched and no posts.',
  },
  hyprwatch: {
    ...KINDS.hyprwatch,
    about: 'A fleet of computers: which are online, and SQL that is run on all of them at once.',
    suggested: 'hosts',
    url: 'wss://hyprwatch.cloud/api/socket/websocket',
    secret: 'API key',
    theSecret: 'API key',
    usual: [],
    where: 'An API key of your organisation, which begins with hw_live_.',
    subscribe: 'Organisation ids',
    subscribeHint: 'org_123',
    whence: 'The service lists no organisations here: ask whoever gave you the API key for the id.',
    nothing: 'Without one, no host is watched and no query can be run.',
  },
  hydra: {
    ...KINDS.hydra,
    about: 'A feed of signals and alerts from all over the world, with their places.',
    suggested: 'signals',
    url: 'wss://api.hydra.app/stream',
    secret: 'Token (JWT)',
    theSecret: 'token (a JWT)',
    usual: [],
    where:
      'The JWT of your account. It names the streams that may be watched, and when it ends; Signalbox tells you before it does.',
    subscribe: 'Streams',
    subscribeHint: 'signals, alerts, cyber',
    whence: '',
    nothing: 'Without one, all streams of the token are watched.',
  },
}

/** The order in which they are offered. */
export const SERVICES = Object.keys(PROTOCOLS) as Protocol[]

/** The streams of Hydra that are known by name. */
export const STREAMS = [
  'signals',
  'alerts',
  'cyber',
  'aircraft',
  'vessels',
  'airspace',
  'markets',
  'social',
  'earthquakes',
] as const

/** The events that a path of Hantera tells of. */
export function eventsOf(path: string): readonly string[] {
  switch (path.trim().split('/')[0]) {
    case 'jobs':
      return ['jobScheduled', 'jobStarted', 'jobCompleted', 'jobFailed']
    case 'job-definitions':
      return ['jobStatistics']
    case 'actors':
      return ['actorCheckpoint']
    default:
      return []
  }
}

/** The paths of Hantera that are offered. */
export const PATHS = [
  'jobs',
  'job-definitions',
  'actors',
  'actors/orders',
  'actors/payments',
  'actors/skus',
] as const
