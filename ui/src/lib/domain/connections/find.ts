import type { ConnectionCard } from '../../backend/types'
import { STATUS_MARKS } from '../marks'
import { PROTOCOLS } from './services'

/** Whether every word of a filter is in what a card says of itself. */
export function found(card: ConnectionCard, filter: string): boolean {
  const { name, protocol, status, cause } = card.chip
  const said = [
    name,
    PROTOCOLS[protocol].name,
    STATUS_MARKS[status].word,
    cause,
    card.url,
    ...card.tags,
  ]
    .join(' ')
    .toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word))
}
