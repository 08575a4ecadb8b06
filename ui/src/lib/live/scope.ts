import type { Chip, Scope } from '../backend/types'

/** Whether a connection is in the scope. */
export function isInScope(chip: Chip, scope: Scope): boolean {
  if (scope.kind === 'tag') return chip.tags.includes(scope.name)
  return scope.kind === 'all' || chip.name === scope.name
}
