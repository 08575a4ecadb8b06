import type { App } from '../context'
import { preferences, type Theme } from '../preferences.svelte'
import { toasts } from '../toasts.svelte'
import { tellSaved } from '../saved'
import { keyOf } from '../keys/keys'
import { views } from '../views/views.svelte'
import type { Destination } from './destinations'

const THEMES: { theme: Theme; label: string }[] = [
  { theme: 'system', label: 'Look: as the system' },
  { theme: 'dark', label: 'Look: dark' },
  { theme: 'light', label: 'Look: light' },
  { theme: 'contrast', label: 'Look: high contrast' },
]

/** What can be done from anywhere and has no key of its own. */
export function plainCommands(app: App): Destination[] {
  const { backend, live } = app
  const command = (key: string, label: string, run: () => void): Destination => ({
    key: `plain ${key}`,
    group: 'Commands',
    label,
    to: { run },
  })
  const tried = (doing: Promise<unknown>, words: string) =>
    doing.catch((thrown: unknown) => toasts.failed(thrown, words))
  const demo = live.rail.demo
    ? command('demo', 'Stop the demo fleet', () => {
        void tried(backend.call('stop_demo', {}), 'The demo fleet was not stopped')
      })
    : command('demo', 'Watch the demo fleet', () => {
        void tried(backend.call('start_demo', {}), 'The demo fleet was not started')
      })
  const { standing } = views
  const view =
    standing && views.isChanged(live)
      ? [
          {
            ...command('update view', `Update “${standing.name}”`, () => views.update(live)),
            shortcut: keyOf('everywhere', 'updateView'),
          },
          command('reset view', `Reset to “${standing.name}”`, () => views.reset(live)),
        ]
      : []
  const report = command('report', 'Save a report of the last 8 hours', () => {
    const saved = backend.call('save_report', { hours: 8, scope: live.scope })
    void tried(
      saved.then((place) => tellSaved('Shift report saved', place)),
      'The report was not saved',
    )
  })
  return [
    ...view,
    {
      key: 'plain rule',
      group: 'Commands',
      label: 'New rule',
      to: { route: { screen: 'newRule' } },
    },
    {
      key: 'plain rules',
      group: 'Commands',
      label: 'Go to Rules',
      to: { route: { screen: 'rules' } },
    },
    command('utc', preferences.utc ? 'Show local times' : 'Show times in UTC', () => {
      preferences.utc = !preferences.utc
    }),
    ...THEMES.map(({ theme, label }) =>
      command(theme, label, () => {
        preferences.theme = theme
      }),
    ),
    report,
    demo,
  ]
}
