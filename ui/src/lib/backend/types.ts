/**
 * What the page asks of the monitor and what it is answered. Provisional: to be replaced by the file
 * generated from `src-tauri/crates/monitor/src/view/`. Times are milliseconds since 1970 UTC.
 */

export type Protocol = 'hyprwatch' | 'hydra' | 'hantera' | 'agenthq' | 'iotee'

export type LinkState =
  | 'stopped'
  | 'connecting'
  | 'authenticating'
  | 'subscribing'
  | 'live'
  | 'stale'
  | 'backing_off'
  | 'needs_credential'
  | 'refused'

export interface Sort {
  column: string
  descending: boolean
}

export interface Range {
  offset: number
  limit: number
}

export interface Subject {
  connection: string
  id: string
}

/** Says which screen is shown, and how much of it. */
export type ScreenSpec =
  | { screen: 'overview' }
  | { screen: 'devices'; filter: string; lock: LockState | null; sort: Sort; range: Range }
  | { screen: 'device'; subject: Subject }
  | { screen: 'jobs'; job: Subject | null; live_query: Subject | null; actors_filter: string }
  | { screen: 'agents'; channel: Subject | null }
  | { screen: 'hosts'; filter: string; run: string | null; rows: Range }
  | { screen: 'signals'; stream: string | null; severity_at_least: number }
  | { screen: 'events'; filter: string; range: Range; hold: number | null }
  | { screen: 'connections'; open: string | null }
  | { screen: 'settings' }

export interface ViewSpec {
  /** Changes whenever the page has forgotten what it was told: the answer then holds every row. */
  epoch: number
  /** Only this connection; null is all. */
  scope: string | null
  view: ScreenSpec
}

export interface Frame {
  now: number
  /** True when there is nothing configured and no demo runs. */
  first_run: boolean
  demo: boolean
  connections: Chip[]
  rail: Rail
  overview: Overview | null
  devices: DevicesView | null
  device: DevicePage | null
  jobs: JobsView | null
  agents: AgentsView | null
  hosts: HostsView | null
  signals: SignalsView | null
  events: EventsView | null
  connections_view: ConnectionsView | null
}

/** Rows as a difference: `order` names the window's rows, `changed` has those that differ from what was last sent. */
export interface Rows<T> {
  total: number
  offset: number
  order: string[]
  changed: T[]
}

export interface Chip {
  name: string
  protocol: Protocol
  state: LinkState
  /** Status in words: "waiting 12 s, attempt 4: the service closed with 1001, going away". */
  text: string
  since: number
  events_per_second: number
  last_event_at: number | null
  dropped: number
}

export interface Rail {
  devices_unlocked: number
  jobs_failed: number
  agents_online: number
  hosts_offline: number
  alerts_open: number
  connections_attention: number
}

export interface Overview {
  devices_total: number
  devices_online: number
  devices_unlocked: number
  devices_unknown: number
  low_battery: number
  jobs_running: number
  jobs_failed_hour: number
  job_p95_ms: number | null
  agents_total: number
  agents_online: number
  hosts_total: number
  hosts_online: number
  /** Counts of the last hour by severity 1 to 5. */
  signals_by_severity: number[]
  alerts_open: number
  events_per_second: number
  /** The worst first. */
  attention: Attention[]
  latest: EventRow[]
}

export interface Attention {
  key: string
  severity: 'critical' | 'high' | 'medium' | 'low'
  title: string
  detail: string
  since: number
  connection: string
  /** Where a click leads. */
  target: 'device' | 'job' | 'signals' | 'connection' | 'hosts'
  id: string
}

export type LockState = 'locked' | 'unlocked' | 'unknown'
export type Presence = 'online' | 'offline' | 'unknown'

export interface DeviceRow {
  key: string
  connection: string
  id: string
  online: Presence
  lock: LockState
  lock_source: string | null
  lock_at: number | null
  battery_voltage: number | null
  speed: number | null
  lat: number | null
  lng: number | null
  last_at: number | null
  /** The connection isn't live: what is shown is the last that was known. */
  stale: boolean
}

export interface DevicesView {
  rows: Rows<DeviceRow>
  locked: number
  unlocked: number
  unknown: number
  offline: number
}

export interface DeviceField {
  name: string
  /** As shown. */
  value: string
  numeric: boolean
  at: number
}

export interface LockEvent {
  key: string
  at: number
  locked: boolean
  source: string | null
  /** Masked, such as "••••23"; `reveal_code` answers the whole. */
  code: string | null
}

export interface DevicePage {
  row: DeviceRow
  fields: DeviceField[]
  locks: LockEvent[]
}

export interface Definition {
  key: string
  connection: string
  id: string
  running: number
  completed: number
  failed: number
  p50_ms: number | null
  p95_ms: number | null
  last_at: number | null
  stale: boolean
}

export type JobState = 'pending' | 'running' | 'completed' | 'failed'

export interface JobRow {
  key: string
  connection: string
  id: string
  definition: string | null
  state: JobState
  scheduled_at: number | null
  started_at: number | null
  finished_at: number | null
  elapsed_ms: number | null
  error: string | null
}

export interface JobStory {
  row: JobRow
  steps: { at: number; event: string; text: string }[]
}

export interface ActorRow {
  key: string
  connection: string
  actor_type: string
  id: string
  checkpoints: number
  last_at: number
}

export interface LiveQuery {
  key: string
  connection: string
  id: string
  total: number | null
  shown: number
  capped: boolean
  loading: boolean
  error: string | null
}

export interface Table {
  columns: string[]
  rows: { key: string; cells: string[] }[]
}

export interface JobsView {
  definitions: Definition[]
  running: JobRow[]
  running_total: number
  failures: JobRow[]
  failures_total: number
  job: JobStory | null
  actors: ActorRow[]
  actors_total: number
  live_queries: LiveQuery[]
  live_query: Table | null
}

export type AgentState = 'online' | 'busy' | 'offline' | 'unknown'

export interface AgentRow {
  key: string
  connection: string
  id: string
  name: string
  kind: string | null
  state: AgentState
  since: number | null
  posts: number
  stale: boolean
}

export interface Channel {
  key: string
  connection: string
  id: string
  name: string
  posts: number
  last_at: number | null
}

export interface Post {
  key: string
  author: string
  title: string | null
  body: string
  at: number
  edited: boolean
  replies: Post[]
}

export interface Task {
  key: string
  title: string
  state: string
  assignee: string | null
  at: number
}

export interface AgentsView {
  agents: AgentRow[]
  channels: Channel[]
  posts: Post[]
  posts_total: number
  tasks: Task[]
}

export interface HostRow {
  key: string
  connection: string
  id: string
  hostname: string
  state: Presence
  platform: string | null
  os_version: string | null
  ip_address: string | null
  since: number | null
  stale: boolean
}

export type HostOutcome = 'waiting' | 'answered' | 'empty' | 'error' | 'offline' | 'timeout'

export interface QueryRun {
  id: string
  connection: string
  org: string
  sql: string
  started_at: number
  finished_at: number | null
  error: string | null
  columns: string[]
  /** Cells in the order of the columns; the first is the host's name. */
  rows: Rows<{ key: string; cells: string[] }>
  /** Rows that were left out because the run holds no more. */
  truncated: number
  hosts: { host: string; outcome: HostOutcome; rows: number; elapsed_ms: number | null; text: string | null }[]
}

export interface HostsView {
  hosts: HostRow[]
  online: number
  total: number
  /** Where a query can be sent: connection and organisation. */
  targets: { connection: string; org: string; live: boolean }[]
  history: { id: string; sql: string; at: number; rows: number; state: 'running' | 'done' | 'error' }[]
  run: QueryRun | null
}

export interface SignalRow {
  key: string
  connection: string
  stream: string
  kind: string
  id: string | null
  title: string
  description: string | null
  category: string | null
  /** 1 to 5; null when the service gives none. */
  severity: number | null
  lat: number | null
  lng: number | null
  tags: string[]
  at: number
  stale: boolean
}

export interface OpenAlert {
  key: string
  connection: string
  id: string
  threat: string
  places: string[]
  issued_at: number
  stale: boolean
}

export interface SignalsView {
  streams: { stream: string; count: number }[]
  alerts: OpenAlert[]
  signals: SignalRow[]
  total: number
}

export interface EventRow {
  key: string
  /** Grows with each event; the newest has the largest. */
  seq: number
  at: number
  received_at: number
  connection: string
  kind: string
  subject: string | null
  summary: string
}

export interface EventsView {
  rows: Rows<EventRow>
  /** Events newer than the held one. */
  newer: number
  /** The newest number there is: what to hold at. */
  newest: number
  dropped: number
}

export interface CredentialSource {
  kind: 'keychain' | 'env' | 'command' | 'session' | 'none'
  /** The keychain's entry, the variable, the command's first word. Never the secret. */
  text: string
  expires_at: number | null
}

export interface ConnectionCard {
  name: string
  protocol: Protocol
  url: string
  enabled: boolean
  demo: boolean
  state: LinkState
  text: string
  since: number
  attempt: number
  retry_at: number | null
  events_per_second: number
  bytes_per_second: number
  events_total: number
  last_event_at: number | null
  lag_ms: number | null
  dropped: number
  unrecognised: number
  malformed: number
  accepted: string[]
  rejected: { name: string; reason: string }[]
  waiting: string[]
  credential: CredentialSource
}

export interface LogLine {
  key: string
  at: number
  level: 'info' | 'warning' | 'error'
  text: string
}

export interface ConnectionsView {
  cards: ConnectionCard[]
  /** Of the one that is open. */
  log: LogLine[]
}

/** One line of a chart. */
export type Metric =
  | { metric: 'events'; connection: string | null }
  | { metric: 'devices_online' }
  | { metric: 'devices_unlocked' }
  | { metric: 'low_battery' }
  | { metric: 'locks' }
  | { metric: 'unlocks' }
  | { metric: 'jobs_running' }
  | { metric: 'jobs_completed' }
  | { metric: 'jobs_failed' }
  | { metric: 'job_p95' }
  | { metric: 'agents_online' }
  | { metric: 'hosts_online' }
  | { metric: 'signals' }
  | { metric: 'field'; connection: string; device: string; field: string }
  | { metric: 'definition'; connection: string; definition: string }

/**
 * Asks for columns of numbers. The answer is a Float64Array: the count of points, the count of columns, then the
 * times in seconds, then each metric's values in the order asked. NaN is a gap.
 */
export interface SeriesSpec {
  scope: string | null
  metrics: Metric[]
  from: number | null
  span_ms: number
  points: number
}

export interface ConnectionDraft {
  name: string
  protocol: Protocol
  url: string
  credential: { kind: 'keychain' | 'env' | 'command' | 'session'; text: string }
  subscribe: string[]
  ca_file: string | null
  allow_plaintext: boolean
  enabled: boolean
}

export interface TestOutcome {
  live: boolean
  /** What happened, in a sentence. */
  text: string
}

export interface CommandError {
  code: string
  message: string
}

export type Theme = 'system' | 'dark' | 'light'

export interface Settings {
  theme: Theme
  utc: boolean
}
