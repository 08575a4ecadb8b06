/** Where a shortcut works, in the order in which they are listed. */
export type Place = 'everywhere' | 'alerts' | 'table' | 'alertList' | 'ruleList' | 'rule' | 'filter'

export const PLACE_WORDS: Record<Place, string> = {
  everywhere: 'Everywhere',
  alerts: 'Alerts, and one alert',
  table: 'In a table',
  alertList: 'In the list of alerts',
  ruleList: 'In the list of rules',
  rule: 'While a rule is edited',
  filter: 'In a filter',
}

export interface Shortcut {
  id: string
  place: Place
  /** As tinykeys writes them. With Ctrl or Alt a shortcut works where something is typed, too. */
  keys: readonly [string, ...string[]]
  does: string
  /** It can be chosen in the palette. */
  command?: true
}

/** The rail's order: Alt and the number of an entry leads to it; 0 is the tenth. */
export const PLACES = [
  'overview',
  'alerts',
  'devices',
  'jobs',
  'agents',
  'hosts',
  'signals',
  'events',
  'connections',
  'settings',
] as const

export type Screen = (typeof PLACES)[number]

const goTo = PLACES.map((screen, i) => ({
  id: screen,
  place: 'everywhere' as const,
  keys: [`Alt+Digit${(i + 1) % 10}`] as const,
  does: `Go to ${screen.charAt(0).toUpperCase()}${screen.slice(1)}`,
}))

/**
 * Every key of the window. What is bound is bound from here, and what is told of keys is told from here. The first key
 * is the one that is shown; the others do the same on other keyboards.
 */
export const SHORTCUTS = [
  {
    id: 'palette',
    place: 'everywhere',
    keys: ['$mod+k'],
    does: 'Search, go to, or do',
  },
  { id: 'search', place: 'everywhere', keys: ['/'], does: 'Filter this screen, or search' },
  {
    id: 'pause',
    place: 'everywhere',
    keys: ['Space'],
    does: 'Hold the picture still, or go on',
    command: true,
  },
  {
    id: 'live',
    place: 'everywhere',
    keys: ['l'],
    does: 'Back to live, from the past or from a held picture',
    command: true,
  },
  {
    id: 'mute',
    place: 'everywhere',
    keys: ['m'],
    does: 'Mute everything, or end it',
    command: true,
  },
  {
    id: 'saveView',
    place: 'everywhere',
    keys: ['v'],
    does: 'Save this view under a name',
    command: true,
  },
  {
    id: 'shortcuts',
    place: 'everywhere',
    keys: ['[Shift]+?'],
    does: 'Show all shortcuts',
    command: true,
  },
  {
    id: 'larger',
    place: 'everywhere',
    keys: ['$mod+[Shift]+Equal', '$mod+[Shift]+(\\+)'],
    does: 'Show everything larger',
    command: true,
  },
  {
    id: 'smaller',
    place: 'everywhere',
    keys: ['$mod+[Shift]+Minus', '$mod+[Shift]+(-)'],
    does: 'Show everything smaller',
    command: true,
  },
  {
    id: 'usualSize',
    place: 'everywhere',
    keys: ['$mod+Digit0', '$mod+Numpad0'],
    does: 'Show everything in its usual size',
    command: true,
  },
  ...goTo,

  { id: 'acknowledge', place: 'alerts', keys: ['a'], does: 'Acknowledge what is chosen' },
  { id: 'silence', place: 'alerts', keys: ['s'], does: 'Silence what is chosen' },
  { id: 'unacknowledge', place: 'alerts', keys: ['u'], does: 'Take the acknowledgement back' },
  { id: 'clear', place: 'alerts', keys: ['Escape'], does: 'Choose nothing' },
  { id: 'list', place: 'alerts', keys: ['ArrowDown'], does: 'Enter the list' },

  { id: 'down', place: 'table', keys: ['ArrowDown'], does: 'Next row' },
  { id: 'up', place: 'table', keys: ['ArrowUp'], does: 'Row before' },
  { id: 'pageDown', place: 'table', keys: ['PageDown'], does: 'A page further' },
  { id: 'pageUp', place: 'table', keys: ['PageUp'], does: 'A page back' },
  { id: 'first', place: 'table', keys: ['Home'], does: 'First row' },
  { id: 'last', place: 'table', keys: ['End'], does: 'Last row' },
  { id: 'open', place: 'table', keys: ['Enter'], does: 'Open the row' },

  { id: 'down', place: 'alertList', keys: ['[Shift]+ArrowDown'], does: 'Next; with Shift choose' },
  { id: 'up', place: 'alertList', keys: ['[Shift]+ArrowUp'], does: 'Before; with Shift choose' },
  { id: 'pageDown', place: 'alertList', keys: ['[Shift]+PageDown'], does: 'A page further' },
  { id: 'pageUp', place: 'alertList', keys: ['[Shift]+PageUp'], does: 'A page back' },
  { id: 'first', place: 'alertList', keys: ['[Shift]+Home'], does: 'First' },
  { id: 'last', place: 'alertList', keys: ['[Shift]+End'], does: 'Last' },
  { id: 'open', place: 'alertList', keys: ['Enter'], does: 'Open the alert, or unfold the group' },
  { id: 'choose', place: 'alertList', keys: ['[Shift]+Space'], does: 'Choose, or choose no more' },
  { id: 'chooseAll', place: 'alertList', keys: ['$mod+a'], does: 'Choose all that are open' },
  { id: 'unfold', place: 'alertList', keys: ['ArrowRight'], does: 'Unfold the group' },
  { id: 'fold', place: 'alertList', keys: ['ArrowLeft'], does: 'Fold the group' },

  { id: 'down', place: 'ruleList', keys: ['ArrowDown'], does: 'Next rule' },
  { id: 'up', place: 'ruleList', keys: ['ArrowUp'], does: 'Rule before' },

  { id: 'save', place: 'rule', keys: ['$mod+s', '$mod+Enter'], does: 'Save the rule' },

  { id: 'clear', place: 'filter', keys: ['Escape'], does: 'Clear the filter and leave it' },
] as const satisfies readonly Shortcut[]

type Entry = (typeof SHORTCUTS)[number]
/** The shortcuts of a place. */
export type Of<P extends Place> = Extract<Entry, { place: P }>['id']
