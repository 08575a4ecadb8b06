import type { AlertFilter, AlertGroup } from '../../backend/types'
import type { Look } from '../../views/look'
import { SEVERITIES, STATES } from './counts'
import { unfoldedOf } from './listing'

export interface Place {
  top: number
  /** The alert that was opened from it; null where it was left otherwise. */
  key: string | null
}

/** How the list is looked at. It outlives the screen: who comes back from an alert finds the list as it was left. */
class AlertsView {
  states: AlertFilter['states'] = $state.raw([])
  severities: AlertFilter['severities'] = $state.raw([])
  /** Empty for all of them. */
  rule = $state('')
  text = ''
  grouped = $state(true)
  /** What the operator said of each group. */
  folds: ReadonlyMap<string, boolean> = $state.raw(new Map())
  /** Where it was left. */
  place: Place = { top: 0, key: null }

  /** The groups that were shown unfolded last, and of which question. */
  #unfolded = { asked: '', groups: new Set<string>() }

  /** The groups whose rows are shown. Under the same question none of them folds itself. */
  unfolded(groups: readonly AlertGroup[], asked: string): string[] {
    const before = this.#unfolded.asked === asked ? this.#unfolded.groups : undefined
    const unfolded = unfoldedOf(groups, this.folds, before)
    if (groups.length > 0) this.#unfolded = { asked, groups: new Set(unfolded) }
    return unfolded
  }

  fold(group: string, unfolded: boolean): void {
    this.folds = new Map([...this.folds, [group, unfolded]])
  }

  /** Begins anew with a text that the list is filtered by. */
  clear(text = ''): void {
    this.states = []
    this.severities = []
    this.rule = ''
    this.text = text
    this.place = { top: 0, key: null }
  }
}

export const view = new AlertsView()

/** How the list is looked at, to be saved. */
export function lookOf(text: string): Look {
  const { states, severities, rule, grouped } = view
  return { filter: text, choices: { states, severities, rule, grouped } }
}

/** Looks at the list as it was saved; answers the text of its filter. */
export function looked({ filter = '', choices = {} }: Look): string {
  const { states, severities, rule, grouped } = choices
  view.clear(filter)
  view.states = STATES.filter((one) => Array.isArray(states) && states.includes(one))
  view.severities = SEVERITIES.filter(
    (one) => Array.isArray(severities) && severities.includes(one),
  )
  view.rule = typeof rule === 'string' ? rule : ''
  view.grouped = grouped !== false
  return filter
}
