import type { AlertFilter } from '../../backend/types'
import type { Look } from '../../views/look'
import { SEVERITIES, STATES } from './counts'

export interface Place {
  top: number
  line: number
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
  /** Where it was left: how far it was scrolled, and the line that had the focus; -1 for none. */
  place: Place = { top: 0, line: -1 }

  fold(group: string, unfolded: boolean): void {
    this.folds = new Map([...this.folds, [group, unfolded]])
  }

  /** Begins anew with a text that the list is filtered by. */
  clear(text = ''): void {
    this.states = []
    this.severities = []
    this.rule = ''
    this.text = text
    this.place = { top: 0, line: -1 }
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
