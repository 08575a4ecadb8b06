// Generated from src-tauri/crates/monitor/src/view by `cargo xtask fmt`. Do not edit.

export type Protocol = "hyprwatch" | "hydra" | "hantera" | "agenthq" | "iotee";

export const KINDS = [
  "connection.status",
  "device.telemetry",
  "device.presence",
  "device.locked",
  "device.unlocked",
  "host.online",
  "host.offline",
  "host.enrolled",
  "query.result",
  "query.complete",
  "query.error",
  "job.scheduled",
  "job.started",
  "job.completed",
  "job.failed",
  "job.statistics",
  "actor.checkpoint",
  "live_query.created",
  "live_query.data",
  "live_query.added",
  "live_query.updated",
  "live_query.removed",
  "live_query.destroyed",
  "agent.online",
  "agent.offline",
  "agent.updated",
  "post.created",
  "post.updated",
  "task.created",
  "task.updated",
  "notification.created",
  "signal.received",
  "stream.warning",
  "stream.error",
  "stream.unrecognised",
] as const;

export type About = { 
/**
 * Its version.
 */
version: string, 
/**
 * The configuration file.
 */
configuration: string, 
/**
 * What is wrong with the configuration file, with line and column; null when it is well.
 */
problem: string | null, 
/**
 * The time zone's name, as `Europe/Amsterdam`.
 */
timeZone: string, };

export type ActorRow = { 
/**
 * `connection/type/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its type.
 */
actorType: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Checkpoints seen.
 */
checkpoints: number, 
/**
 * The last one.
 */
lastAt: number, };

export type AgentRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Its name, or its id where it has none.
 */
name: string, 
/**
 * What it says of itself.
 */
description: string | null, 
/**
 * `online`, `busy`, `offline`, or the service's own word; null when nobody has said.
 */
status: string | null, 
/**
 * Since when.
 */
since: number | null, 
/**
 * Its last heartbeat.
 */
lastHeartbeat: number | null, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type AgentsPage = { 
/**
 * Agents: those who work first.
 */
agents: Array<AgentRow>, 
/**
 * Channels, the liveliest first.
 */
channels: Array<ChannelRow>, 
/**
 * The channel whose posts these are.
 */
channel: string | null, 
/**
 * Its posts, the latest first.
 */
posts: Array<PostRow>, 
/**
 * Tasks, the latest changed first.
 */
tasks: Array<TaskRow>, 
/**
 * Notifications, the latest first.
 */
notifications: Array<NotificationRow>, };

export type Attention = { 
/**
 * Its key.
 */
key: string, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * What, as a sentence.
 */
title: string, 
/**
 * More words.
 */
detail: string, 
/**
 * The connection it is on.
 */
connection: string, 
/**
 * Since when.
 */
since: number, 
/**
 * Where a click leads.
 */
target: Target, };

export type Cell = number | boolean | string | null;

export type ChannelRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Posts kept.
 */
posts: number, 
/**
 * The latest.
 */
lastAt: number | null, };

export type Chip = { 
/**
 * The connection's name.
 */
name: string, 
/**
 * Its protocol.
 */
protocol: Protocol, 
/**
 * Its state.
 */
status: Status, 
/**
 * Since when it is in that state.
 */
since: number, 
/**
 * Why it is not live, as the end of a sentence.
 */
cause: string | null, 
/**
 * When the next attempt comes.
 */
retryAt: number | null, 
/**
 * How many attempts were made since it was last live for long.
 */
attempt: number, 
/**
 * Events a second over the last five seconds.
 */
rate: number, 
/**
 * When the last event came.
 */
lastEventAt: number | null, 
/**
 * Events that the service said it dropped, and that did not fit here.
 */
dropped: number, };

export type CommandError = { 
/**
 * What kind.
 */
code: ErrorCode, 
/**
 * A sentence for the operator.
 */
message: string, };

export type ConnectionCard = { 
/**
 * Its chip.
 */
chip: Chip, 
/**
 * Its address, without a secret.
 */
url: string, 
/**
 * Whether it is wanted.
 */
enabled: boolean, 
/**
 * Where its credential is kept, in words.
 */
credential: string, 
/**
 * Its tags.
 */
tags: Array<string>, 
/**
 * Whether an unlocked device is announced.
 */
notifyUnlocked: boolean, 
/**
 * Its subscriptions; those refused first.
 */
subscriptions: Array<SubscriptionRow>, 
/**
 * How many there are in all: the list is cut at 200.
 */
subscriptionCount: number, 
/**
 * Bytes a second.
 */
bytesRate: number, 
/**
 * Events since start.
 */
events: number, 
/**
 * Messages of unknown type.
 */
unrecognised: number, 
/**
 * Messages that could not be read.
 */
malformed: number, 
/**
 * Events told twice by the service.
 */
duplicates: number, 
/**
 * Its own log, the latest first.
 */
log: Array<LogRow>, };

export type ConnectionDraft = { 
/**
 * Its name.
 */
name: string, 
/**
 * `hyprwatch`, `hydra`, `hantera`, `agenthq` or `iotee`.
 */
protocol: Protocol, 
/**
 * Its address.
 */
url: string, 
/**
 * What to subscribe to.
 */
subscribe: Array<string>, 
/**
 * Tags.
 */
tags: Array<string>, 
/**
 * A PEM file of authorities to trust.
 */
caFile: string | null, 
/**
 * Whether `ws://` beyond loopback is allowed.
 */
allowPlaintext: boolean, 
/**
 * Whether an unlocked device is announced.
 */
notifyUnlocked: boolean, 
/**
 * Where the credential is kept.
 */
keep: Keep, 
/**
 * The credential, where it is to be kept by us.
 */
secret: string | null, };

export type DefinitionRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Jobs that wait.
 */
scheduled: number, 
/**
 * Jobs that run.
 */
running: number, 
/**
 * Jobs seen to end well.
 */
completed: number, 
/**
 * Jobs seen to end badly.
 */
failed: number, 
/**
 * Median time in ms.
 */
p50Ms: number | null, 
/**
 * 95th percentile in ms.
 */
p95Ms: number | null, 
/**
 * When anything last came of it.
 */
lastAt: number | null, 
/**
 * The latest times in ms, oldest first, for a sparkline.
 */
durations: Array<number>, 
/**
 * Numbers of its statistics.
 */
statistics: Array<string>, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type DevicePage = { 
/**
 * Its row, with no cells.
 */
device: DeviceRow, 
/**
 * Its fields.
 */
fields: Array<FieldRow>, 
/**
 * Lock events, the latest first.
 */
locks: Array<LockRow>, };

export type DeviceRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its hardware id.
 */
id: string, 
/**
 * Whether it is online; null when nobody has said.
 */
online: boolean | null, 
/**
 * Since when.
 */
onlineSince: number | null, 
/**
 * Its lock.
 */
lock: Lock, 
/**
 * Since when.
 */
lockSince: number | null, 
/**
 * How it came to that: `rfid`, `keypad`, `key`, `remote`, `report`.
 */
lockSource: string | null, 
/**
 * The values of the wanted columns, in their order; null where the device has no such field.
 */
cells: Array<Cell>, 
/**
 * When anything last came.
 */
updatedAt: number | null, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type ErrorCode = "invalid" | "not_found" | "not_live" | "keychain" | "configuration" | "internal";

export type EventRow = { 
/**
 * `connection/number`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its number within the connection.
 */
number: number, 
/**
 * Its kind; `connection.status` for the connection's own transitions.
 */
kind: string, 
/**
 * When it happened, by the service.
 */
at: number | null, 
/**
 * When it came.
 */
receivedAt: number, 
/**
 * What it is about.
 */
subject: string, 
/**
 * The beginning of its data.
 */
summary: string, };

export type FieldRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its value.
 */
value: Cell, 
/**
 * The time of the value.
 */
at: number, 
/**
 * Whether it has a series to draw.
 */
charted: boolean, };

export type Frame = { 
/**
 * This frame's number; the page sends it back as `have`.
 */
number: number, 
/**
 * Whether the page has to forget what it holds: this frame is everything.
 */
whole: boolean, 
/**
 * The backend's clock.
 */
now: number, 
/**
 * The rail; null when unchanged.
 */
rail: Rail | null, 
/**
 * All connections; null when unchanged.
 */
chips: Array<Chip> | null, 
/**
 * The screen.
 */
screen: ScreenFrame, };

export type HostRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its org.
 */
org: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Its name, or its id where it has none.
 */
hostname: string, 
/**
 * Whether it is online; null when nobody has said.
 */
online: boolean | null, 
/**
 * Since when.
 */
since: number | null, 
/**
 * Its platform.
 */
platform: string | null, 
/**
 * Its system's version.
 */
osVersion: string | null, 
/**
 * Its address.
 */
ipAddress: string | null, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type JobRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Its definition.
 */
definition: string | null, 
/**
 * Where it is.
 */
state: JobState, 
/**
 * When it was scheduled.
 */
scheduledAt: number | null, 
/**
 * When it started.
 */
startedAt: number | null, 
/**
 * When it ended.
 */
finishedAt: number | null, 
/**
 * How long it ran, in ms.
 */
elapsedMs: number | null, 
/**
 * What the service said of its failure.
 */
error: string | null, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type JobState = "scheduled" | "running" | "completed" | "failed";

export type JobsPage = { 
/**
 * Definitions, by id.
 */
definitions: Array<DefinitionRow>, 
/**
 * Jobs that run, the longest first.
 */
running: Array<JobRow>, 
/**
 * Failures, the latest first.
 */
failures: Array<JobRow>, 
/**
 * Jobs that ended lately, for the timeline; the latest first.
 */
finished: Array<JobRow>, 
/**
 * Actors, the liveliest first.
 */
actors: Array<ActorRow>, 
/**
 * Actors that are not listed.
 */
moreActors: number, 
/**
 * Live queries.
 */
liveQueries: Array<LiveQueryRow>, };

export type Keep = { "in": "keychain" } | { "in": "thisRun" } | { "in": "env", "what": string } | { "in": "command", "what": Array<string> };

export type LiveQueryRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Nodes kept here.
 */
nodes: number, 
/**
 * Nodes that match, by the service.
 */
total: number | null, 
/**
 * Whether only the first ones are tracked.
 */
capped: boolean, 
/**
 * Whether the initial result is still coming.
 */
loading: boolean, 
/**
 * Nodes that did not fit here.
 */
dropped: number, 
/**
 * The last change.
 */
lastAt: number | null, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type Lock = "locked" | "unlocked" | "unknown";

export type LockRow = { 
/**
 * Its number within the device.
 */
number: number, 
/**
 * When.
 */
at: number, 
/**
 * Locked, or else unlocked.
 */
locked: boolean, 
/**
 * `rfid`, `keypad`, `key`, `remote`.
 */
source: string | null, 
/**
 * Whether it came with a code, which a click reveals.
 */
hasCode: boolean, };

export type LogRow = { 
/**
 * When.
 */
at: number, 
/**
 * A sentence.
 */
text: string, 
/**
 * The state it came to.
 */
status: Status, };

export type NodeRow = { 
/**
 * Its id.
 */
key: string, 
/**
 * The values of the columns, in their order.
 */
cells: Array<Cell>, };

export type NotificationRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its type.
 */
notificationType: string | null, 
/**
 * Its title.
 */
title: string, 
/**
 * Its text.
 */
body: string | null, 
/**
 * When it came.
 */
at: number, };

export type OrgRow = { 
/**
 * The connection.
 */
connection: string, 
/**
 * The org.
 */
org: string, 
/**
 * Whether a query can be sent to it.
 */
live: boolean, };

export type Outcome = "answered" | "empty" | "error" | "timeout" | "offline" | "waiting";

export type OutcomeRow = { 
/**
 * The host's id.
 */
host: string, 
/**
 * Its name.
 */
hostname: string, 
/**
 * What became of it.
 */
outcome: Outcome, 
/**
 * Its rows.
 */
rows: number, 
/**
 * After how many ms.
 */
afterMs: number | null, 
/**
 * What it said of a failure.
 */
error: string | null, };

export type PostRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Who wrote it: the agent's name where it is known, else the author's id.
 */
author: string, 
/**
 * `agent`, `user`.
 */
authorType: string | null, 
/**
 * Its title.
 */
title: string | null, 
/**
 * Its text.
 */
content: string, 
/**
 * The post that it answers.
 */
parent: string | null, 
/**
 * Whether it is pinned.
 */
pinned: boolean, 
/**
 * When it was written.
 */
at: number, 
/**
 * When it was edited.
 */
editedAt: number | null, };

export type Rail = { 
/**
 * Devices that are unlocked.
 */
unlocked: number, 
/**
 * Jobs that failed in the last hour.
 */
jobsFailed: number, 
/**
 * Alerts of the services that are issued and not cleared.
 */
alerts: number, 
/**
 * Connections that are enabled and not live.
 */
notLive: number, 
/**
 * Every connection, live or not.
 */
connections: number, 
/**
 * The tags in use, for the scope.
 */
tags: Array<string>, 
/**
 * Whether the demo fleet runs in this window.
 */
demo: boolean, };

export type ResultRow = { 
/**
 * Its number.
 */
key: string, 
/**
 * The host it came from.
 */
hostname: string, 
/**
 * The values of the columns, in their order.
 */
cells: Array<Cell>, };

export type RowsFrame<T> = { 
/**
 * How many there are in scope.
 */
total: number, 
/**
 * How many the filter lets through.
 */
matching: number, 
/**
 * How many come before the first row here.
 */
offset: number, 
/**
 * The keys in sight, in order; null when unchanged.
 */
order: Array<string> | null, 
/**
 * Rows that are new or changed.
 */
changed: Array<T>, };

export type RunFrame = { 
/**
 * The run.
 */
run: RunRow | null, 
/**
 * The columns.
 */
columns: Array<string> | null, 
/**
 * The rows in sight.
 */
rows: RowsFrame<ResultRow>, 
/**
 * Every host's outcome.
 */
outcomes: Array<OutcomeRow> | null, };

export type RunRow = { 
/**
 * `connection/run`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its org.
 */
org: string, 
/**
 * Its number.
 */
run: number, 
/**
 * What was asked.
 */
sql: string, 
/**
 * When.
 */
startedAt: number, 
/**
 * When it ended; null while it runs.
 */
endedAt: number | null, 
/**
 * Why it failed.
 */
error: string | null, 
/**
 * Rows that came.
 */
rows: number, 
/**
 * Rows that did not fit here.
 */
dropped: number, 
/**
 * Hosts asked, by the service's own count.
 */
hosts: number | null, 
/**
 * Hosts that answered.
 */
answered: number, };

export type RunSpec = { 
/**
 * The connection it runs on.
 */
connection: string, 
/**
 * Its number.
 */
run: number, 
/**
 * Rows to pass over.
 */
offset: number, 
/**
 * The most rows wanted.
 */
limit: number, };

export type Scope = { "kind": "all" } | { "kind": "connection", "name": string } | { "kind": "tag", "name": string };

export type ScreenFrame = { "screen": "overview", 
/**
 * The tiles.
 */
tiles: Tiles | null, 
/**
 * What needs the operator, the worst first.
 */
attention: Array<Attention> | null, 
/**
 * The latest events that matter.
 */
latest: RowsFrame<EventRow>, } | { "screen": "devices", 
/**
 * The rows in sight.
 */
devices: RowsFrame<DeviceRow>, 
/**
 * Every field name seen.
 */
fields: Array<string> | null, } | { "screen": "device", 
/**
 * Whether there is such a device.
 */
found: boolean, 
/**
 * Its page.
 */
page: DevicePage | null, } | { "screen": "jobs", 
/**
 * The page.
 */
page: JobsPage | null, } | { "screen": "job", 
/**
 * Whether there is such a job.
 */
found: boolean, 
/**
 * The job.
 */
job: JobRow | null, } | { "screen": "liveQuery", 
/**
 * Whether there is such a query.
 */
found: boolean, 
/**
 * The query.
 */
query: LiveQueryRow | null, 
/**
 * The columns.
 */
columns: Array<string> | null, 
/**
 * The nodes in sight.
 */
nodes: RowsFrame<NodeRow>, } | { "screen": "agents", 
/**
 * The page.
 */
page: AgentsPage | null, } | { "screen": "hosts", 
/**
 * The hosts in sight.
 */
hosts: RowsFrame<HostRow>, 
/**
 * The latest runs.
 */
runs: Array<RunRow> | null, 
/**
 * The orgs that can be asked.
 */
orgs: Array<OrgRow> | null, 
/**
 * The run in the console; null when there is none.
 */
run: RunFrame | null, } | { "screen": "signals", 
/**
 * The page.
 */
page: SignalsPage | null, } | { "screen": "events", 
/**
 * The rows in sight.
 */
events: RowsFrame<EventRow>, 
/**
 * How many came after the held moment.
 */
newer: number, 
/**
 * Events that are too old to be kept here.
 */
forgotten: number, 
/**
 * What of the filter was not understood.
 */
problem: string | null, } | { "screen": "connections", 
/**
 * The cards.
 */
cards: Array<ConnectionCard> | null, } | { "screen": "nothing" };

export type ScreenSpec = { "screen": "overview" } | { "screen": "devices", 
/**
 * The part in sight.
 */
table: TableSpec, 
/**
 * Fields wanted as columns; all other fields are left out of the rows.
 */
columns: Array<string>, } | { "screen": "device", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its hardware id.
 */
id: string, } | { "screen": "jobs" } | { "screen": "job", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, } | { "screen": "liveQuery", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, 
/**
 * The part in sight; `filter` and `sort` are by the columns of the data.
 */
table: TableSpec, } | { "screen": "agents", 
/**
 * The channel whose posts are shown; the liveliest one when null.
 */
channel: string | null, } | { "screen": "hosts", 
/**
 * The hosts in sight.
 */
table: TableSpec, 
/**
 * The run whose rows are shown.
 */
run: RunSpec | null, } | { "screen": "signals", 
/**
 * Only this stream.
 */
stream: string | null, 
/**
 * From 1; 0 shows those without a severity too.
 */
minSeverity: number, 
/**
 * The most rows wanted.
 */
limit: number, } | { "screen": "events", 
/**
 * Words and `kind:`, `connection:`, `subject:` terms; all must hold.
 */
filter: string, 
/**
 * Rows that came after this time are counted, not listed: the list holds still.
 */
until: number | null, 
/**
 * Rows to pass over.
 */
offset: number, 
/**
 * The most rows wanted.
 */
limit: number, } | { "screen": "connections" } | { "screen": "nothing" };

export type SeriesName = { "kind": "rate", 
/**
 * Its name.
 */
connection: string, } | { "kind": "totalRate" } | { "kind": "field", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its hardware id.
 */
device: string, 
/**
 * The field's name.
 */
field: string, } | { "kind": "statistic", 
/**
 * Its connection.
 */
connection: string, 
/**
 * The definition's id.
 */
definition: string, 
/**
 * The number's dotted path.
 */
number: string, } | { "kind": "locks" } | { "kind": "unlocks" } | { "kind": "jobsCompleted" } | { "kind": "jobsFailed" } | { "kind": "jobsRunning" } | { "kind": "devicesOnline" } | { "kind": "devicesUnlocked" } | { "kind": "agentsOnline" } | { "kind": "hostsOnline" } | { "kind": "signals" };

export type SeriesSpec = { 
/**
 * The series, in the order wanted.
 */
series: Array<SeriesName>, 
/**
 * How far back, in seconds.
 */
span: number, 
/**
 * The end of the span; now when null.
 */
until: number | null, 
/**
 * The most points wanted: about the chart's width in pixels.
 */
points: number, 
/**
 * Which connections the fleet-wide series count.
 */
scope: Scope, };

export type Severity = "critical" | "high" | "medium" | "low";

export type SignalRow = { 
/**
 * Unique among the signals.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its stream.
 */
stream: string, 
/**
 * Its type.
 */
signalType: string, 
/**
 * What it says in a line.
 */
title: string, 
/**
 * More words.
 */
description: string | null, 
/**
 * Its category.
 */
category: string | null, 
/**
 * From 1, Routine, to 5, Critical.
 */
severity: number | null, 
/**
 * Latitude and longitude in degrees.
 */
place: [number, number] | null, 
/**
 * Cities of an alert.
 */
cities: Array<string>, 
/**
 * When.
 */
at: number, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type SignalsPage = { 
/**
 * Alerts that are issued and not cleared, the latest first.
 */
standing: Array<SignalRow>, 
/**
 * The feed, the latest first.
 */
feed: Array<SignalRow>, 
/**
 * Streams.
 */
streams: Array<StreamRow>, };

export type Sort = { 
/**
 * The column's name.
 */
column: string, 
/**
 * Largest first.
 */
descending: boolean, };

export type Status = "stopped" | "connecting" | "authenticating" | "subscribing" | "live" | "stale" | "backing_off" | "needs_credential" | "refused";

export type StreamRow = { 
/**
 * Its name.
 */
stream: string, 
/**
 * How many came.
 */
count: number, };

export type SubscriptionRow = { 
/**
 * The operator's word for it.
 */
name: string, 
/**
 * `requested`, `accepted`, `refused`, `ended`.
 */
state: string, 
/**
 * Why it was refused.
 */
reason: string | null, };

export type TableSpec = { 
/**
 * Rows to pass over.
 */
offset: number, 
/**
 * The most rows wanted; 500 at the most are given.
 */
limit: number, 
/**
 * The column to sort by; the table's own order when null.
 */
sort: Sort | null, 
/**
 * Words that a row must hold, `online:yes|no`, `lock:locked|unlocked|unknown`, and comparisons as `battery_voltage<11.5`.
 */
filter: string, };

export type Target = { "screen": "connection", 
/**
 * Its name.
 */
name: string, } | { "screen": "device", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its hardware id.
 */
id: string, } | { "screen": "job", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, } | { "screen": "signals" };

export type TaskRow = { 
/**
 * `connection/id`.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Its title.
 */
title: string | null, 
/**
 * Its status.
 */
status: string | null, 
/**
 * Its priority.
 */
priority: string | null, 
/**
 * Whose it is: the agent's name where it is known.
 */
assignedTo: string | null, 
/**
 * The last change.
 */
at: number, };

export type Tested = { 
/**
 * Whether it became live.
 */
live: boolean, 
/**
 * What happened, as a sentence.
 */
sentence: string, };

export type Tiles = { 
/**
 * All devices.
 */
devices: number | null, 
/**
 * Devices online.
 */
devicesOnline: number | null, 
/**
 * Devices unlocked.
 */
unlocked: number | null, 
/**
 * Devices whose lock is unknown.
 */
lockUnknown: number | null, 
/**
 * Devices with a `battery_voltage` under 11.5 V.
 */
lowBattery: number | null, 
/**
 * Jobs that run.
 */
jobsRunning: number | null, 
/**
 * Jobs completed in the last hour.
 */
jobsCompletedHour: number | null, 
/**
 * Jobs failed in the last hour.
 */
jobsFailedHour: number | null, 
/**
 * 95th percentile of the recent jobs' times, in ms.
 */
jobP95Ms: number | null, 
/**
 * All agents.
 */
agents: number | null, 
/**
 * Agents online or busy.
 */
agentsOnline: number | null, 
/**
 * All hosts.
 */
hosts: number | null, 
/**
 * Hosts online.
 */
hostsOnline: number | null, 
/**
 * Signals kept, by severity from 1 to 5.
 */
signals: [number, number, number, number, number] | null, 
/**
 * Alerts of the services that stand.
 */
alerts: number | null, 
/**
 * Events a second.
 */
rate: number, 
/**
 * Connections whose part of these counts is not live: the counts are old by that much.
 */
stale: Array<string>, };

export type ViewSpec = { 
/**
 * The number of the last frame that the page has applied; 0 asks for everything.
 */
have: number, 
/**
 * Which connections count.
 */
scope: Scope, 
/**
 * The screen in sight.
 */
screen: ScreenSpec, };

/**
 * The commands behind `invoke(name, args)`: arguments, then what they resolve to. Each rejects with a `CommandError`.
 */
export interface Commands {
  pull: [{ spec: ViewSpec }, Frame];
  /** Answers an ArrayBuffer, see `SeriesSpec`. */
  series: [{ spec: SeriesSpec }, ArrayBuffer];
  about: [Record<string, never>, About];
  /** The whole JSON text of an event; lock codes are masked. */
  event_json: [{ connection: string; number: number }, string];
  reveal_code: [{ connection: string; device: string; number: number }, string];
  /** Answers the run's number. */
  run_query: [{ connection: string; org: string; sql: string; target: string }, number];
  create_live_query: [{ connection: string; id: string; edge: string; filter: string | null; orderBy: string | null }, null];
  destroy_live_query: [{ connection: string; id: string }, null];
  /** Connects once and says what happened; nothing is kept. */
  test_connection: [{ draft: ConnectionDraft }, Tested];
  add_connection: [{ draft: ConnectionDraft }, null];
  /** `name` is the name it has; the draft may rename it. A null secret keeps the one that is kept. */
  edit_connection: [{ name: string; draft: ConnectionDraft }, null];
  /** The draft of an existing connection, its secret null. */
  connection_draft: [{ name: string }, ConnectionDraft];
  set_enabled: [{ name: string; enabled: boolean }, null];
  remove_connection: [{ name: string }, null];
  set_credential: [{ name: string; secret: string; keep: Keep }, null];
  /** Tries again at once. */
  retry: [{ name: string }, null];
  start_demo: [Record<string, never>, null];
  stop_demo: [Record<string, never>, null];
  /** Shows a native notification, to see whether they work. */
  test_notification: [Record<string, never>, null];
}
