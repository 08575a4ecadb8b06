import { KINDS } from '../../backend/types'

const KEYS = ['kind:', 'connection:', 'subject:'] as const
const MOST = 8

/** What the last word of a filter may go on to be. Nothing for a plain word or a finished one. */
export function completions(filter: string, connections: readonly string[]): string[] {
  const word = filter.match(/\S*$/)?.[0] ?? ''
  if (word === '') return []
  return candidates(word, connections)
    .filter((text) => text.startsWith(word) && text !== word)
    .slice(0, MOST)
}

function candidates(word: string, connections: readonly string[]): string[] {
  if (word.startsWith('kind:')) return KINDS.map((kind) => `kind:${kind}`)
  if (word.startsWith('connection:')) return connections.map((name) => `connection:${name}`)
  return [...KEYS]
}
