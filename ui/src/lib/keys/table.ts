/** Where a shortcut works, in the order in which they are listed. */
export type Place =
  | 'everywhere'
  | 'screen'
  | 'alerts'
  | 'chart'
  | 'timeline'
  | 'table'
  | 'tableHead'
  | 'views'
  | 'alertList'
  | 'ruleList'
  | 'map'
  | 'rule'
  | 'settings'
  | 'filter'

export const PLACE_WORDS: Record<Place, string> = {
  everywhere: 'Everywhere',
  screen: 'On a screen, in nothing of it',
  alerts: 'Alerts, and one alert',
  chart: 'In a chart',
  timeline: 'In the timeline of jobs',
  table: 'In a table',
  tableHead: 'On the column headers of a table',
  views: 'On a saved view',
  alertList: 'In the list of alerts',
  ruleList: 'In the list of rules',
  map: 'On a map',
  rule: 'While a rule is edited',
  settings: 'Settings',
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
  keys: (screen === 'settings'
    ? [`Alt+Digit${(i + 1) % 10}`, '$mod+,']
    : [`Alt+Digit${(i + 1) % 10}`]) as [string, ...string[]],
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
    does: 'Pause or resume the view',
    command: true,
  },
  {
    id: 'live',
    place: 'everywhere',
    keys: ['l'],
    does: 'Back to live, from a zoom, the past or a held picture',
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
    id: 'updateView',
    place: 'everywhere',
    keys: ['Shift+V'],
    does: 'Save what was changed into the view',
  },
  {
    id: 'addConnection',
    place: 'everywhere',
    keys: ['c'],
    does: 'Add a connection',
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
  {
    id: 'openView',
    place: 'everywhere',
    keys: [
      '$mod+Digit1',
      '$mod+Digit2',
      '$mod+Digit3',
      '$mod+Digit4',
      '$mod+Digit5',
      '$mod+Digit6',
      '$mod+Digit7',
      '$mod+Digit8',
      '$mod+Digit9',
    ],
    does: 'Open the first saved view; up to 9 the others',
  },
  {
    id: 'back',
    place: 'everywhere',
    keys: ['Alt+ArrowLeft'],
    does: 'Back to where you were',
    command: true,
  },
  ...goTo,
  {
    id: 'fullScreen',
    place: 'everywhere',
    keys: ['F11'],
    does: 'Fill the screen, or end it',
    command: true,
  },
  {
    id: 'close',
    place: 'everywhere',
    keys: ['$mod+w'],
    does: 'Close the window, to the tray if that is set',
    command: true,
  },
  { id: 'quit', place: 'everywhere', keys: ['$mod+q'], does: 'Quit Signalbox', command: true },

  {
    id: 'enter',
    place: 'screen',
    keys: ['ArrowDown'],
    does: 'Into its list, or to its first control',
  },

  { id: 'acknowledge', place: 'alerts', keys: ['a'], does: 'Acknowledge the selected alerts' },
  { id: 'silence', place: 'alerts', keys: ['s'], does: 'Silence the selected alerts' },
  { id: 'unacknowledge', place: 'alerts', keys: ['u'], does: 'Take the acknowledgement back' },
  { id: 'clear', place: 'alerts', keys: ['Escape'], does: 'Clear the selection' },
  { id: 'list', place: 'alerts', keys: ['ArrowDown'], does: 'Enter the list' },

  {
    id: 'back',
    place: 'chart',
    keys: ['[Shift]+ArrowLeft'],
    does: 'Move the crosshair back; with Shift further',
  },
  { id: 'on', place: 'chart', keys: ['[Shift]+ArrowRight'], does: 'Move the crosshair on' },
  { id: 'first', place: 'chart', keys: ['Home'], does: 'To the beginning' },
  { id: 'last', place: 'chart', keys: ['End'], does: 'To the end' },
  {
    id: 'mark',
    place: 'chart',
    keys: ['Enter'],
    does: 'Begin a span at the crosshair; again: zoom to it',
  },
  { id: 'closer', place: 'chart', keys: ['[Shift]+Equal', '[Shift]+(\\+)'], does: 'Zoom in' },
  { id: 'wider', place: 'chart', keys: ['Minus', '(-)'], does: 'Zoom out a step' },
  { id: 'large', place: 'chart', keys: ['f'], does: 'Fill the window with the chart' },
  { id: 'leave', place: 'chart', keys: ['Escape'], does: 'Leave the span, or the zoom' },

  { id: 'before', place: 'timeline', keys: ['ArrowLeft'], does: 'Previous run' },
  { id: 'next', place: 'timeline', keys: ['ArrowRight'], does: 'Next run' },
  { id: 'up', place: 'timeline', keys: ['ArrowUp'], does: 'The lane above' },
  { id: 'down', place: 'timeline', keys: ['ArrowDown'], does: 'The lane below' },
  { id: 'first', place: 'timeline', keys: ['Home'], does: 'The first run of the lane' },
  { id: 'last', place: 'timeline', keys: ['End'], does: 'The last run of the lane' },

  {
    id: 'down',
    place: 'table',
    keys: ['[Shift]+ArrowDown'],
    does: 'Next row; with Shift extend the selection',
  },
  {
    id: 'up',
    place: 'table',
    keys: ['[Shift]+ArrowUp'],
    does: 'Row before; with Shift extend the selection',
  },
  { id: 'right', place: 'table', keys: ['ArrowRight'], does: 'Into the cells, next cell' },
  { id: 'left', place: 'table', keys: ['ArrowLeft'], does: 'Previous cell, back to the row' },
  { id: 'pageDown', place: 'table', keys: ['[Shift]+PageDown'], does: 'A page further' },
  { id: 'pageUp', place: 'table', keys: ['[Shift]+PageUp'], does: 'A page back' },
  { id: 'first', place: 'table', keys: ['[Shift]+Home'], does: 'First row, or first cell' },
  { id: 'last', place: 'table', keys: ['[Shift]+End'], does: 'Last row, or last cell' },
  { id: 'top', place: 'table', keys: ['$mod+[Shift]+Home'], does: 'First row' },
  { id: 'bottom', place: 'table', keys: ['$mod+[Shift]+End'], does: 'Last row' },
  { id: 'open', place: 'table', keys: ['Enter'], does: 'Open the row' },
  {
    id: 'choose',
    place: 'table',
    keys: ['[Shift]+Space'],
    does: 'Select or deselect the row',
  },
  { id: 'chooseAll', place: 'table', keys: ['$mod+a'], does: 'Select all rows' },
  { id: 'clear', place: 'table', keys: ['Escape'], does: 'Clear the selection' },
  { id: 'copy', place: 'table', keys: ['$mod+c'], does: 'Copy the cell, or the rows with headers' },
  {
    id: 'menu',
    place: 'table',
    keys: ['Shift+F10', 'ContextMenu'],
    does: 'What can be done about the row',
  },

  { id: 'moveUp', place: 'views', keys: ['Alt+ArrowUp'], does: 'Move the view up' },
  { id: 'moveDown', place: 'views', keys: ['Alt+ArrowDown'], does: 'Move the view down' },

  { id: 'next', place: 'tableHead', keys: ['ArrowRight'], does: 'Next column header' },
  { id: 'before', place: 'tableHead', keys: ['ArrowLeft'], does: 'Previous column header' },
  { id: 'rows', place: 'tableHead', keys: ['ArrowDown'], does: 'Into the rows' },
  { id: 'wider', place: 'tableHead', keys: ['$mod+ArrowRight'], does: 'Make the column wider' },
  { id: 'narrower', place: 'tableHead', keys: ['$mod+ArrowLeft'], does: 'Make it narrower' },
  { id: 'moveRight', place: 'tableHead', keys: ['$mod+Shift+ArrowRight'], does: 'Move it right' },
  { id: 'moveLeft', place: 'tableHead', keys: ['$mod+Shift+ArrowLeft'], does: 'Move it left' },

  {
    id: 'down',
    place: 'alertList',
    keys: ['[Shift]+ArrowDown'],
    does: 'Next; with Shift extend the selection',
  },
  {
    id: 'up',
    place: 'alertList',
    keys: ['[Shift]+ArrowUp'],
    does: 'Before; with Shift extend the selection',
  },
  { id: 'pageDown', place: 'alertList', keys: ['[Shift]+PageDown'], does: 'A page further' },
  { id: 'pageUp', place: 'alertList', keys: ['[Shift]+PageUp'], does: 'A page back' },
  { id: 'first', place: 'alertList', keys: ['[Shift]+Home', '$mod+[Shift]+Home'], does: 'First' },
  { id: 'last', place: 'alertList', keys: ['[Shift]+End', '$mod+[Shift]+End'], does: 'Last' },
  { id: 'open', place: 'alertList', keys: ['Enter'], does: 'Open the alert, or unfold the group' },
  { id: 'choose', place: 'alertList', keys: ['[Shift]+Space'], does: 'Select or deselect' },
  { id: 'chooseAll', place: 'alertList', keys: ['$mod+a'], does: 'Select all open alerts' },
  { id: 'unfold', place: 'alertList', keys: ['ArrowRight'], does: 'Unfold the group' },
  { id: 'fold', place: 'alertList', keys: ['ArrowLeft'], does: 'Fold the group' },

  { id: 'down', place: 'ruleList', keys: ['ArrowDown'], does: 'Next rule' },
  { id: 'up', place: 'ruleList', keys: ['ArrowUp'], does: 'Rule before' },

  { id: 'left', place: 'map', keys: ['ArrowLeft'], does: 'Look further west' },
  { id: 'right', place: 'map', keys: ['ArrowRight'], does: 'Look further east' },
  { id: 'up', place: 'map', keys: ['ArrowUp'], does: 'Look further north' },
  { id: 'down', place: 'map', keys: ['ArrowDown'], does: 'Look further south' },
  { id: 'in', place: 'map', keys: ['[Shift]+Equal', '[Shift]+(\\+)'], does: 'Nearer' },
  { id: 'out', place: 'map', keys: ['Minus', '(-)'], does: 'Farther' },
  { id: 'all', place: 'map', keys: ['Home', '0'], does: 'Show all' },
  { id: 'next', place: 'map', keys: ['n'], does: 'Select the next mark, the worst first' },
  { id: 'before', place: 'map', keys: ['Shift+N'], does: 'Select the mark before' },
  { id: 'open', place: 'map', keys: ['Enter'], does: 'Open the selected mark' },
  {
    id: 'follow',
    place: 'map',
    keys: ['f'],
    does: 'Follow the device that is selected or pointed at, or stop',
  },
  { id: 'clear', place: 'map', keys: ['Escape'], does: 'Clear the selection' },

  { id: 'save', place: 'rule', keys: ['$mod+s', '$mod+Enter'], does: 'Save the rule' },
  { id: 'save', place: 'settings', keys: ['$mod+s'], does: 'Save what was typed' },

  { id: 'clear', place: 'filter', keys: ['Escape'], does: 'Clear the filter and leave it' },
] as const satisfies readonly Shortcut[]

type Entry = (typeof SHORTCUTS)[number]
/** The shortcuts of a place. */
export type Of<P extends Place> = Extract<Entry, { place: P }>['id']
