import type { EventRow } from '../../backend/types'
import type { MenuAct } from '../../components/TableMenu.svelte'
import { router } from '../../route.svelte'
import { linkOf, quoted, withTerm } from './link'
import { isOff } from './recorded'

/** What can be done about a row of the list: to go where it is about, and to filter by what it is. */
export function actsOf(
  row: EventRow,
  filter: string,
  onfilter: (filter: string) => void,
): MenuAct[] {
  if (isOff(row)) return []
  const link = linkOf(row)
  const only = (label: string, term: string) => ({
    label,
    run: () => onfilter(withTerm(filter, term)),
  })
  return [
    ...(link ? [{ label: link.label, run: () => router.go(link.to) }] : []),
    only(`Only ${row.kind}`, `kind:${row.kind}`),
    only(`Without ${row.kind}`, `-kind:${row.kind}`),
    ...(row.subject ? [only('Only this subject', `subject:${quoted(row.subject)}`)] : []),
  ]
}
