import type { LiveQueryRow } from '../../backend/types'
import { count, plural } from '../../format'

/** How much of a live query is held, said in full: nothing may be cut without a word. */
export function extent(query: LiveQueryRow): string {
  const parts = [plural(query.nodes, 'row')]
  if (query.total !== null && query.total !== query.nodes) parts[0] += ` of ${count(query.total)}`
  if (query.loading) parts.push('still loading')
  if (query.capped) parts.push('capped: the service tracks only the first ones')
  if (query.dropped > 0) parts.push(`${count(query.dropped)} did not fit here`)
  return parts.join(', ')
}
