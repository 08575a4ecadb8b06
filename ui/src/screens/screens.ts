import { Part } from '../lib/part.svelte'
import type { Route } from '../lib/route.svelte'
import Overview from './Overview.svelte'

type Name = Route['screen']

/** A screen is given what its address says besides the screen. */
type Given<R> = R extends Route ? Omit<R, 'screen'> : never

/** The screens, each in a file of its own, so that the window is painted before they are read: it begins with Overview. */
export const SCREENS: { readonly [N in Name]: Part<Given<Extract<Route, { screen: N }>>> } = {
  overview: Part.of(Overview),
  devices: new Part(() => import('./Devices.svelte')),
  alerts: new Part(() => import('./Alerts.svelte')),
  jobs: new Part(() => import('./Jobs.svelte')),
  agents: new Part(() => import('./Agents.svelte')),
  hosts: new Part(() => import('./Hosts.svelte')),
  signals: new Part(() => import('./Signals.svelte')),
  events: new Part(() => import('./Events.svelte')),
  connections: new Part(() => import('./Connections.svelte')),
  settings: new Part(() => import('./Settings.svelte')),
  device: new Part(() => import('./Device.svelte')),
  alert: new Part(() => import('./Alert.svelte')),
  rules: new Part(() => import('./Rules.svelte')),
  rule: new Part(() => import('./Rule.svelte')),
  newRule: new Part(() => import('./Rule.svelte')),
  job: new Part(() => import('./Job.svelte')),
  definition: new Part(() => import('./Definition.svelte')),
  actor: new Part(() => import('./Actor.svelte')),
  liveQuery: new Part(() => import('./LiveQuery.svelte')),
}
