import { KINDS } from '../../backend/types'

/** What may stand before a colon. */
const KEYS = ['kind:', 'connection:', 'subject:'] as const
/** Fields that the services' own documents name. Any other may be compared too. */
export const FIELDS = [
  'actorType',
  'assigned_to',
  'author_id',
  'battery_voltage',
  'channel_id',
  'checkpoint',
  'elapsedMs',
  'error',
  'hostname',
  'is_online',
  'jobDefinitionId',
  'lat',
  'long',
  'os_version',
  'platform',
  'priority',
  'severity',
  'source',
  'speed',
  'status',
  'stream',
  'temperature',
] as const
const OPERATORS = ['=', '<', '<=', '>', '>='] as const
const MOST = 8

/** What the last word of a filter may go on to be, and the kinds of events that have it in their name. */
export function completions(filter: string, connections: readonly string[]): string[] {
  const last = lastOf(filter)
  // A hyphen before a term turns it round.
  const sign = last.startsWith('-') ? '-' : ''
  const word = last.slice(sign.length)
  if (word === '') return []
  const begun = candidates(word, connections).filter(
    (text) => text.toLowerCase().startsWith(word.toLowerCase()) && text !== word,
  )
  return [...begun, ...kindsWith(word)].slice(0, MOST).map((text) => sign + text)
}

/** Whether an offer begins as the last word does; any other stands in its place, and is taken only where it was chosen. */
export function goesOn(filter: string, offer: string): boolean {
  return offer.toLowerCase().startsWith(lastOf(filter).toLowerCase())
}

function lastOf(filter: string): string {
  return filter.match(/\S*$/)?.[0] ?? ''
}

function candidates(word: string, connections: readonly string[]): string[] {
  if (word.startsWith('kind:')) return [...families(), ...KINDS].map((kind) => `kind:${kind}`)
  if (word.startsWith('connection:')) return connections.map((name) => `connection:${name}`)
  const field = FIELDS.find((name) => name === word)
  if (field) return OPERATORS.map((operator) => field + operator)
  return [...KEYS, ...FIELDS]
}

/** Who looks for "unlock" need not know how the kind is called. */
function kindsWith(word: string): string[] {
  if (word.length < 3 || !/^[a-z]+$/i.test(word)) return []
  return KINDS.filter((kind) => kind.includes(word.toLowerCase())).map((kind) => `kind:${kind}`)
}

/** `device` stands for all kinds of devices. */
function families(): string[] {
  return [...new Set(KINDS.map((kind) => kind.split('.')[0] ?? kind))]
}
