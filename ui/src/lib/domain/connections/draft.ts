import type {
  ConnectionDraft,
  Keep,
  LiveQueryDraft,
  Protocol,
  SubscribeDraft,
} from '../../backend/types'
import { addressWords } from './address'
import { joinCommand, splitCommand } from './commandLine'
import { PROTOCOLS } from './services'

export type KeepIn = Keep['in']

/** What the dialog holds while it is filled in: all of a connection, as text where it is typed. */
export interface Entry {
  name: string
  protocol: Protocol
  url: string
  httpUrl: string
  enabled: boolean
  subscribe: SubscribeDraft[]
  liveQueries: LiveQueryDraft[]
  tags: string[]
  caFile: string
  allowPlaintext: boolean
  notifyUnlocked: boolean
  phoenixVersion: ConnectionDraft['phoenixVersion']
  keyIn: ConnectionDraft['keyIn']
  keepIn: KeepIn
  secret: string
  /** The name of the environment variable. */
  variable: string
  /** The command that prints the credential. */
  command: string
  /** The connection whose kept credential is meant while none is typed. */
  credentialOf: string | null
}

export type Problems = Partial<Record<'name' | 'url' | 'httpUrl' | 'secret' | 'queries', string>>

export function emptyEntry(protocol: Protocol = 'iotee'): Entry {
  return {
    name: '',
    protocol,
    url: '',
    httpUrl: '',
    enabled: true,
    subscribe: [],
    liveQueries: [],
    tags: [],
    caFile: '',
    allowPlaintext: false,
    notifyUnlocked: false,
    phoenixVersion: null,
    keyIn: null,
    keepIn: 'keychain',
    secret: '',
    variable: '',
    command: '',
    credentialOf: null,
  }
}

/** A connection as it is, to be changed. Its secret is not known here: left empty, it stays. */
export function entryOf(draft: ConnectionDraft): Entry {
  const { keep, httpUrl, caFile, secret, ...same } = draft
  return {
    ...same,
    httpUrl: httpUrl ?? '',
    caFile: caFile ?? '',
    keepIn: keep.in,
    secret: secret ?? '',
    variable: keep.in === 'env' ? keep.what : '',
    command: keep.in === 'command' ? joinCommand(keep.what) : '',
  }
}

/** The entry as the backend takes it. */
export function draftOf(entry: Entry): ConnectionDraft {
  const { keepIn, variable, command, secret: typed, httpUrl, caFile, ...same } = entry
  const secret = typed.trim()
  return {
    ...same,
    name: entry.name.trim(),
    url: entry.url.trim(),
    httpUrl: httpUrl.trim() || null,
    caFile: caFile.trim() || null,
    liveQueries: entry.protocol === 'hantera' ? entry.liveQueries : [],
    subscribe:
      entry.protocol === 'hantera'
        ? entry.subscribe
        : entry.subscribe.map(({ name }) => ({ name, events: null })),
    keep:
      keepIn === 'env'
        ? { in: 'env', what: variable.trim() }
        : keepIn === 'command'
          ? { in: 'command', what: splitCommand(command) }
          : { in: keepIn },
    secret: isOurs(keepIn) && secret !== '' ? secret : null,
  }
}

/** What is missing or can't be, before the backend is asked; the backend has the last word. */
export function problemsOf(entry: Entry, taken: readonly string[]): Problems {
  const problems: Problems = {}
  const name = entry.name.trim()
  if (name === '') problems.name = 'Give the connection a name.'
  else if (taken.includes(name)) problems.name = `There is a connection named ${name} already.`
  const { problem } = addressWords(entry.protocol, entry.url, entry.allowPlaintext)
  if (problem) problems.url = problem
  if (entry.httpUrl.trim() !== '' && !/^https?:\/\/[^/]/.test(entry.httpUrl.trim()))
    problems.httpUrl = 'The HTTP address begins with https://.'
  const secret = secretProblem(entry)
  if (secret) problems.secret = secret
  if (entry.protocol === 'hantera') {
    const ids = entry.liveQueries.map((query) => query.id.trim())
    if (entry.liveQueries.some((query) => !query.id.trim() || !query.edge.trim()))
      problems.queries = 'Each live query needs an id and an edge, such as orders.'
    else if (new Set(ids).size < ids.length) problems.queries = 'Two live queries have one id.'
  }
  return problems
}

function secretProblem(entry: Entry): string | null {
  switch (entry.keepIn) {
    case 'env':
      return entry.variable.trim() ? null : 'Name the variable that holds the credential.'
    case 'command':
      return splitCommand(entry.command).length > 0
        ? null
        : 'Enter the command that prints the credential.'
    default:
      return entry.secret.trim() || entry.credentialOf !== null
        ? null
        : `Enter the ${PROTOCOLS[entry.protocol].theSecret}.`
  }
}

/** Whether the secret is typed here and kept by Signalbox. */
export function isOurs(keepIn: KeepIn): boolean {
  return keepIn === 'keychain' || keepIn === 'thisRun'
}

/** Words divided by commas, spaces or lines, each once. */
export function list(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))]
}

/** A name like this one that no other connection has. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  let number = 2
  while (taken.includes(`${wanted}-${number}`)) number++
  return `${wanted}-${number}`
}
