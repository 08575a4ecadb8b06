import type { ImportChoice, ImportPlan, ImportRow } from '../../backend/types'

/** What is done with a connection of the text. */
export type How = 'add' | 'replace' | 'rename' | 'skip'

/** What makes sense before anything is chosen: what is there is left as it is. */
export function usual(row: ImportRow): How {
  return row.state === 'new' ? 'add' : 'skip'
}

/** What can be chosen for a row. */
export function offered(row: ImportRow): { value: How; label: string }[] {
  const rename = { value: 'rename' as const, label: `Add as ${row.freeName}` }
  switch (row.state) {
    case 'new':
      return [
        { value: 'add', label: 'Add' },
        { value: 'skip', label: 'Leave out' },
      ]
    case 'same':
      return [{ value: 'skip', label: 'Leave as it is' }, rename]
    case 'differs':
      return [
        { value: 'skip', label: 'Leave mine as it is' },
        { value: 'replace', label: 'Replace mine' },
        rename,
      ]
  }
}

/** What is asked of the backend. */
export function choicesOf(plan: ImportPlan, hows: Readonly<Record<string, How>>): ImportChoice[] {
  return plan.connections.flatMap((row) => {
    const how = hows[row.name] ?? usual(row)
    if (how === 'skip') return []
    return [{ name: row.name, into: how === 'rename' ? row.freeName : row.name }]
  })
}
