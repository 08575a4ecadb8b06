import type { ConnectionDraft, Keep, Protocol } from '../../backend/types'
import { PROTOCOLS } from './status'

export type KeepIn = Keep['in']

/** What the add dialog holds while it is filled in. */
export interface Entry {
  name: string
  protocol: Protocol
  url: string
  keepIn: KeepIn
  /** The secret itself, or the variable's name, or the command. */
  secret: string
  subscribe: string
  tags: string
  caFile: string
  allowPlaintext: boolean
  notifyUnlocked: boolean
}

export type Problems = Partial<Record<'name' | 'url' | 'secret', string>>

export function emptyEntry(protocol: Protocol = 'iotee'): Entry {
  return {
    name: '',
    protocol,
    url: '',
    keepIn: 'keychain',
    secret: '',
    subscribe: '',
    tags: '',
    caFile: '',
    allowPlaintext: false,
    notifyUnlocked: false,
  }
}

/** A connection as it is, to be changed. Its secret is not known here: left empty, it stays. */
export function entryOf(draft: ConnectionDraft): Entry {
  const { name, protocol, url, allowPlaintext, notifyUnlocked, keep } = draft
  const secret = keep.in === 'env' ? keep.what : keep.in === 'command' ? keep.what.join(' ') : ''
  return {
    name,
    protocol,
    url,
    keepIn: keep.in,
    secret,
    subscribe: draft.subscribe.join(', '),
    tags: draft.tags.join(', '),
    caFile: draft.caFile ?? '',
    allowPlaintext,
    notifyUnlocked,
  }
}

/**
 * What is missing or can't be, before the backend is asked; the backend has the last word. `keepsSecret` when there is
 * one already, which an empty field leaves as it is.
 */
export function problemsOf(entry: Entry, taken: readonly string[], keepsSecret = false): Problems {
  const problems: Problems = {}
  const name = entry.name.trim()
  if (name === '') problems.name = 'Give the connection a name.'
  else if (taken.includes(name)) problems.name = `There is a connection named ${name} already.`
  const url = urlProblem(entry)
  if (url) problems.url = url
  if (entry.secret.trim() === '' && !(keepsSecret && isOurs(entry)))
    problems.secret = secretProblem(entry)
  return problems
}

function urlProblem(entry: Entry): string | null {
  const text = entry.url.trim()
  if (text === '') return `Enter the address, such as ${PROTOCOLS[entry.protocol].url}.`
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return 'That is not an address. It begins with wss://.'
  }
  if (url.protocol !== 'wss:' && url.protocol !== 'ws:') return 'The address begins with wss://.'
  if (url.protocol === 'ws:' && !isLoopback(url.hostname) && !entry.allowPlaintext) {
    return 'ws:// sends the credential unencrypted. Use wss://, or allow it below.'
  }
  return null
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}

function secretProblem(entry: Entry): string {
  if (entry.keepIn === 'env') return 'Name the variable that holds the credential.'
  if (entry.keepIn === 'command') return 'Enter the command that prints the credential.'
  return `Enter the ${PROTOCOLS[entry.protocol].secret}.`
}

/** The entry as the backend takes it. */
export function draftOf(entry: Entry): ConnectionDraft {
  const secret = entry.secret.trim()
  return {
    name: entry.name.trim(),
    protocol: entry.protocol,
    url: entry.url.trim(),
    subscribe: list(entry.subscribe),
    tags: list(entry.tags),
    caFile: entry.caFile.trim() || null,
    allowPlaintext: entry.allowPlaintext,
    notifyUnlocked: entry.notifyUnlocked,
    keep: keepOf(entry.keepIn, secret),
    secret: isOurs(entry) && secret !== '' ? secret : null,
  }
}

/** Whether the secret is typed here and kept by Signalbox. */
function isOurs(entry: Entry): boolean {
  return entry.keepIn === 'keychain' || entry.keepIn === 'thisRun'
}

function keepOf(keepIn: KeepIn, text: string): Keep {
  switch (keepIn) {
    case 'env':
      return { in: 'env', what: text }
    case 'command':
      return { in: 'command', what: text.split(/\s+/) }
    default:
      return { in: keepIn }
  }
}

/** Words divided by commas, spaces or lines, each once. */
export function list(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))]
}
