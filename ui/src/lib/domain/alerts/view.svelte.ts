import type { AlertFilter } from '../../backend/types'

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
  /** How far it is scrolled. */
  top = 0

  fold(group: string, unfolded: boolean): void {
    this.folds = new Map([...this.folds, [group, unfolded]])
  }

  /** Begins anew with a text that the list is filtered by. */
  clear(text = ''): void {
    this.states = []
    this.severities = []
    this.rule = ''
    this.text = text
    this.top = 0
  }
}

export const view = new AlertsView()
