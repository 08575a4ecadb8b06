import type { LiveQueryRow } from '../../backend/types'
import { count, plural } from '../../format'

/** How much of a live query is held, said in full: nothing may be cut without a word. */
export function extent(query: LiveQueryRow): string {
  const parts = [plural(query.nodes, 'row')]
  if (isOfMore(query)) parts[0] += ` of ${count(query.total ?? 0)}`
  if (query.loading) parts.push('still loading')
  if (query.capped) parts.push('capped: the service tracks only the first ones')
  if (query.dropped > 0) parts.push(`${count(query.dropped)} did not fit here`)
  return parts.join(', ')
}

/** The service counts the rows now and then, and sends each as it comes: fewer than are here were counted before. */
function isOfMore({ total, nodes }: LiveQueryRow): boolean {
  return total !== null && total > nodes
}

/** Whether what is shown is not the whole result. */
export function isCut(query: LiveQueryRow): boolean {
  return query.capped || query.dropped > 0
}

/** What is not shown of a result, and what can be done about it. */
export function cutWords({ capped, dropped, nodes, total }: LiveQueryRow): string {
  const parts = []
  if (capped)
    parts.push(
      total === null || total <= nodes
        ? 'The service tracks only the first rows of this result.'
        : `The service tracks only the first of ${count(total)} rows.`,
    )
  if (dropped > 0) parts.push(`${count(dropped)} rows did not fit here beside the ${count(nodes)}.`)
  return `${parts.join(' ')} A narrower filter shows all of them.`
}
