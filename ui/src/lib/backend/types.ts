// Generated from src-tauri/crates/monitor/src/view by `cargo xtask fmt`. Do not edit.

export type Protocol = "hyprwatch" | "hydra" | "hantera" | "agenthq" | "iotee";

export const KINDS = [
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
  "connection.status",
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

export type AcknowledgedRow = { 
/**
 * When they said so.
 */
at: number, 
/**
 * Until when it counts; until it is resolved when null.
 */
until: number | null, 
/**
 * What they noted.
 */
note: string, };

export type ActorPage = { 
/**
 * The actor.
 */
actor: ActorRow, 
/**
 * The numbers of its checkpoints.
 */
numbers: Array<NumberRow>, 
/**
 * Its checkpoints that are kept, the latest first.
 */
events: Array<EventRow>, };

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
lastAt: number, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type ActorTypeRow = { 
/**
 * The type.
 */
actorType: string, 
/**
 * How many.
 */
count: number, };

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
 * Its posts, the latest first; where words are to be found, the threads of all channels that hold them.
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

export type AlertCounts = { 
/**
 * By state: pending, firing, acknowledged, silenced, stale, resolved. One that is acknowledged or silenced counts
 * as such also where it is shown as another, so that their sum may be more than there are.
 */
states: [number, number, number, number, number, number], 
/**
 * Those that are so and not over, by severity: critical, high, medium, low.
 */
severities: [number, number, number, number], 
/**
 * Of those that fire, how many only a mute of everything keeps from being told.
 */
muted: number, 
/**
 * Alerts that are not listed, as there are too many.
 */
notListed: number, };

export type AlertFilter = { 
/**
 * In one of these states, acknowledged or silenced also where it is shown as another; when empty in any but pending and
 * resolved, of a past span in any but pending.
 */
states: Array<AlertState>, 
/**
 * Of one of these severities; any when empty.
 */
severities: Array<Severity>, 
/**
 * Of this rule.
 */
rule: string | null, 
/**
 * Words that the title, subject, rule or connection must hold.
 */
text: string, };

export type AlertGroup = { 
/**
 * Its key, as in the rows.
 */
key: string, 
/**
 * The rule's name, with the connection where that parts the groups.
 */
title: string, 
/**
 * The worst in it.
 */
severity: Severity, 
/**
 * How many match the filter.
 */
total: number, 
/**
 * Of those, how many fire, or would were not everything muted.
 */
firing: number, 
/**
 * Of those that fire, how many only a mute of everything keeps from being told.
 */
muted: number, 
/**
 * How many are in each state: pending, firing, acknowledged, silenced, stale, resolved.
 */
states: [number, number, number, number, number, number], 
/**
 * When the latest of them began.
 */
latest: number, 
/**
 * The ids of those that are open, 5,000 at most: for acknowledging all of them.
 */
open: Array<string>, };

export type AlertPage = { 
/**
 * Its row.
 */
alert: AlertRow, 
/**
 * Its story, the oldest first.
 */
timeline: Array<TransitionRow>, 
/**
 * The metric at the moment it fired; null where it is about no number.
 */
evidence: EvidenceRow | null, 
/**
 * The raw events at the moment it fired, the newest first.
 */
events: Array<RawEvent>, 
/**
 * Its rule; null when it was removed.
 */
rule: RuleRow | null, 
/**
 * Where what it is about is shown.
 */
target: Target | null, 
/**
 * Why parts of this page are missing, as a sentence: the history cannot be read.
 */
problem: string | null, };

export type AlertRow = { 
/**
 * Its id, 16 hexadecimal digits.
 */
key: string, 
/**
 * Its rule.
 */
rule: string, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * How it is. One that only a mute of everything keeps from being told fires.
 */
state: AlertState, 
/**
 * Whether it is such a one.
 */
muted: boolean, 
/**
 * Since when it is so.
 */
since: number, 
/**
 * The connection it is on.
 */
connection: string, 
/**
 * What it is about.
 */
subject: string, 
/**
 * What is wrong, in one line.
 */
title: string, 
/**
 * When its condition began to hold.
 */
began: number, 
/**
 * When it fired.
 */
fired: number | null, 
/**
 * When it was over.
 */
resolved: number | null, 
/**
 * Who knows.
 */
acknowledged: AcknowledgedRow | null, 
/**
 * Until when a silence covers it, other than a mute of everything.
 */
silencedUntil: number | null, 
/**
 * Until when a mute of everything covers it.
 */
mutedUntil: number | null, 
/**
 * The last number that was compared.
 */
value: number | null, 
/**
 * What it was compared with.
 */
threshold: number | null, 
/**
 * How often it happened while it fired.
 */
times: number, 
/**
 * The key of its group.
 */
group: string, };

export type AlertState = "pending" | "firing" | "acknowledged" | "silenced" | "stale" | "resolved";

export type Announced = { 
/**
 * What it is about: it is taken back under this key.
 */
key: string, 
/**
 * One line.
 */
title: string, 
/**
 * A few lines; empty for none.
 */
text: string, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * What it is about; null when nothing can be opened.
 */
target: Target | null, };

export type Area = { 
/**
 * Its left edge.
 */
west: number, 
/**
 * Its upper edge.
 */
north: number, 
/**
 * Its right edge.
 */
east: number, 
/**
 * Its lower edge.
 */
south: number, };

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
 * An alert as it was heard last, which nothing confirms just now: it comes after all that is known to fire.
 */
stale: boolean, 
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

export type Away = { 
/**
 * From when.
 */
since: number, 
/**
 * Until when.
 */
until: number, 
/**
 * Alerts that were found to have begun meanwhile, the worst first; 20 at most.
 */
alerts: Array<AlertRow>, 
/**
 * How many began meanwhile.
 */
began: number, 
/**
 * Of those, how many are over.
 */
resolved: number, 
/**
 * Connections whose services told afterwards all that happened meanwhile.
 */
told: Array<string>, 
/**
 * Connections that were not heard since: what happened there meanwhile is not known.
 */
unheard: Array<string>, 
/**
 * What of it could not be had of the others, as sentences.
 */
gaps: Array<string>, };

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
 * Its tags, by which a scope names it.
 */
tags: Array<string>, 
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

export type ConditionDraft = { "kind": "event", 
/**
 * Kinds, as `job.failed`.
 */
kinds: Array<string>, 
/**
 * Comparisons, as `source == "rfid"`.
 */
conditions: Array<string>, 
/**
 * `subject`, `definition` or `connection`.
 */
by: 'subject' | 'definition' | 'connection', 
/**
 * Kinds that end it.
 */
until: Array<string>, 
/**
 * When it ends by itself.
 */
clearAfter: number, } | { "kind": "threshold", 
/**
 * The field.
 */
field: string, 
/**
 * Fires over this.
 */
above: number | null, 
/**
 * Fires under this.
 */
below: number | null, 
/**
 * Ends only at this.
 */
clear: number | null, } | { "kind": "absence", 
/**
 * From what.
 */
of: 'device' | 'host' | 'agent' | 'stream', 
/**
 * For how long.
 */
after: number, } | { "kind": "count", 
/**
 * Kinds.
 */
kinds: Array<string>, 
/**
 * Comparisons.
 */
conditions: Array<string>, 
/**
 * How many.
 */
atLeast: number, 
/**
 * Within how long.
 */
within: number, 
/**
 * What is counted as one thing.
 */
by: 'subject' | 'definition' | 'connection', } | { "kind": "state", 
/**
 * Which.
 */
is: 'unlocked' | 'lock_unknown' | 'device_offline' | 'host_offline' | 'agent_offline', 
/**
 * Hours in which it is as it should be, as `08:00-18:00`.
 */
outside: string | null, } | { "kind": "slowJob", 
/**
 * Times its p95.
 */
timesP95: number, 
/**
 * Jobs that must be known before.
 */
afterJobs: number, } | { "kind": "connection", 
/**
 * Which.
 */
is: 'not_live' | 'needs_credential' | 'refused' | 'overflow' | 'credential_ends', 
/**
 * How long before the end of a credential.
 */
within: number, } | { "kind": "issued", 
/**
 * From this severity on, 1 to 5; 0 takes all.
 */
minSeverity: number, };

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
 * Whether it is of the demo fleet, and in no file.
 */
demo: boolean, 
/**
 * Where its credential is kept, in words.
 */
credential: string, 
/**
 * When its credential ends, by the credential's own word.
 */
credentialEnds: number | null, 
/**
 * Its tags.
 */
tags: Array<string>, 
/**
 * Whether an unlocked device is announced.
 */
notifyUnlocked: boolean, 
/**
 * Subscriptions that the service accepted.
 */
accepted: number, 
/**
 * Subscriptions that it refused.
 */
refused: number, 
/**
 * Subscriptions in all.
 */
subscriptionCount: number, 
/**
 * Bytes a second.
 */
bytesRate: number, 
/**
 * How late the last events came, in ms: the median of their times against ours, below zero where the service's clock is
 * ahead; null while none carried a time.
 */
lag: number | null, 
/**
 * Events since start.
 */
events: number, 
/**
 * How often it was lost since start.
 */
disconnects: number, 
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
 * What did not make it into the picture, by its cause.
 */
drops: Array<DropRow>, };

export type ConnectionDetail = { 
/**
 * Whose it is.
 */
name: string, 
/**
 * The address of its HTTP side, where it is not the same host's.
 */
httpUrl: string | null, 
/**
 * Its own authorities.
 */
caFile: string | null, 
/**
 * Its subscriptions, those refused first; cut at 500.
 */
subscriptions: Array<SubscriptionRow>, 
/**
 * The types of messages that are not known, the first 20.
 */
unknown: Array<UnknownRow>, 
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
 * The address of its HTTP side; the same host's when null.
 */
httpUrl: string | null, 
/**
 * Whether it is to be connected.
 */
enabled: boolean, 
/**
 * What to subscribe to.
 */
subscribe: Array<SubscribeDraft>, 
/**
 * Live queries (hantera).
 */
liveQueries: Array<LiveQueryDraft>, 
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
 * Which serializer version to speak (hyprwatch); found out when null.
 */
phoenixVersion: '1' | '2' | null, 
/**
 * Where the key goes (iotee); into a header when null.
 */
keyIn: 'header' | 'query' | null, 
/**
 * Where the credential is kept.
 */
keep: Keep, 
/**
 * The credential, where it is to be kept by us; null leaves or copies the one that is kept.
 */
secret: string | null, 
/**
 * The connection whose kept credential is meant while `secret` is null: the one that is edited or duplicated.
 */
credentialOf: string | null, };

export type Count = "locks" | "unlocks" | "jobsCompleted" | "jobsFailed";

export type DefinitionAlert = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its rule.
 */
rule: string, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * How it is.
 */
state: AlertState, 
/**
 * What is wrong, in one line.
 */
title: string, 
/**
 * Further open alerts about the same definition.
 */
others: number, };

export type DefinitionPage = { 
/**
 * The definition.
 */
definition: DefinitionRow, 
/**
 * Its jobs: those that run, those that wait, then those that ended, the latest first.
 */
jobs: Array<JobRow>, 
/**
 * Its jobs that are kept and not listed.
 */
moreJobs: number, 
/**
 * The ways in which they fail, the most frequent first, and of alike the latest.
 */
errors: Array<ErrorRow>, 
/**
 * How many rarer ways are not listed; null where that is not known.
 */
moreErrors: number | null, 
/**
 * When the first of its jobs ended that were told: of what was before, nothing is known here.
 */
knownSince: number | null, 
/**
 * How they ended lately; null where its connection is not live.
 */
trend: Trend | null, 
/**
 * The service's statistics of it.
 */
numbers: Array<NumberRow>, };

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
 * What rules compare those with.
 */
thresholds: Array<ThresholdRow>, 
/**
 * When one last ended well, of the jobs that are kept.
 */
lastCompletedAt: number | null, 
/**
 * When one last failed, of the jobs that are kept.
 */
lastFailedAt: number | null, 
/**
 * What the last failure said.
 */
lastError: string | null, 
/**
 * The first failure after the last good end; null where the last one ended well.
 */
failingSince: number | null, 
/**
 * Failures since the last good end.
 */
failedInRow: number, 
/**
 * How its jobs ended in the last hour; of a connection that is lost, in the hour before that.
 */
lately: Ended, 
/**
 * Since when that is counted, where it is for less than an hour: it was not listened before.
 */
latelySince: number | null, 
/**
 * Until when that is counted: when its connection was lost; null while it is heard.
 */
latelyUntil: number | null, 
/**
 * The worst alert about it that is open, those that fire first; null where none is.
 */
alert: DefinitionAlert | null, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type DesktopState = { 
/**
 * Whether the desktop shows a tray, so that the window can be closed to it.
 */
tray: boolean, 
/**
 * What the tray says, in words.
 */
says: string, 
/**
 * Whether the system starts Signalbox at login, as the system says itself; null where that cannot be.
 */
startsAtLogin: boolean | null, 
/**
 * Why it cannot be started at login, as a sentence.
 */
loginProblem: string | null, 
/**
 * The folder that files are saved in where the settings name none; null where the system has none.
 */
downloads: string | null, };

export type DevicePage = { 
/**
 * Its row, with no cells.
 */
device: DeviceRow, 
/**
 * Where it is; null when it has told no position, or one that is none.
 */
place: DevicePlace | null, 
/**
 * Its fields.
 */
fields: Array<FieldRow>, 
/**
 * Lock events, the latest first.
 */
locks: Array<LockRow>, };

export type DevicePlace = { 
/**
 * Its latitude in degrees.
 */
lat: number, 
/**
 * Its longitude in degrees.
 */
long: number, 
/**
 * Its place on a map.
 */
x: number, 
/**
 * Its place on a map.
 */
y: number, 
/**
 * When it was told.
 */
at: number, 
/**
 * The fields that tell latitude and longitude, of which each has a series.
 */
fields: [string, string], };

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

export type DropRow = { 
/**
 * What, in words that follow its count.
 */
words: string, 
/**
 * How often.
 */
count: number, };

export type Emptiest = { 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its hardware id.
 */
id: string, 
/**
 * Its voltage.
 */
volts: number, };

export type Ended = { 
/**
 * All that ended.
 */
jobs: number, 
/**
 * Those that failed.
 */
failed: number, };

export type ErrorCode = "invalid" | "not_found" | "not_live" | "keychain" | "configuration" | "file" | "internal";

export type ErrorRow = { 
/**
 * What the service said the last time; null where it gave no reason. Its numbers may have been others before.
 */
error: string | null, 
/**
 * How often, of all that were told.
 */
count: number, 
/**
 * The first time.
 */
firstAt: number, 
/**
 * Whether it may have been so before: it is the first end that was told, or other ways are not kept any more.
 */
maybeBefore: boolean, 
/**
 * The last time.
 */
lastAt: number, 
/**
 * The job that failed so last; null when it is not kept any more.
 */
job: string | null, };

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
 * Its id in the history, where it comes from there: its JSON is asked for by `stored_event_json`.
 */
stored?: string, 
/**
 * Its kind; `connection.status` for the connection's own transitions, `recording.off` for a time that was not recorded: from
 * `receivedAt` to `at`.
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

export type EventsFormat = "ndjson" | "csv";

export type EvidenceRow = { 
/**
 * The field's name.
 */
field: string, 
/**
 * What it was compared with.
 */
threshold: number | null, 
/**
 * When it fired.
 */
fired: number, 
/**
 * The times of the samples.
 */
times: Array<number>, 
/**
 * Their values; null is a gap.
 */
values: Array<number | null>, };

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
charted: boolean, 
/**
 * What rules compare it with.
 */
thresholds: Array<ThresholdRow>, };

export type FollowSpec = { 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its hardware id.
 */
id: string, };

export type Followed = { 
/**
 * Where it is, and how it is.
 */
row: PlaceRow, 
/**
 * The fields that tell latitude and longitude, of which each has a series.
 */
fields: [string, string], };

export type Found = { 
/**
 * What it is.
 */
kind: FoundKind, 
/**
 * Its connection; empty for a rule.
 */
connection: string, 
/**
 * Its id on its connection; a rule's name.
 */
id: string, 
/**
 * Its name.
 */
label: string, 
/**
 * What else tells it apart.
 */
detail: string, };

export type FoundKind = "alert" | "device" | "host" | "agent" | "definition" | "job" | "liveQuery" | "rule";

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
 * Where the window is to go, told once: a notification was clicked.
 */
go: Target | null, 
/**
 * What the window is to announce itself, told once: it is in front, so the desktop shows no notification over it.
 */
announced: Array<Announced>, 
/**
 * The keys of what was announced and is over, told once and before `announced`.
 */
takenBack: Array<string>, 
/**
 * The screen.
 */
screen: ScreenFrame, };

export type Half = { 
/**
 * When the second one begins.
 */
until: number, 
/**
 * Those that ended before.
 */
ended: Ended, };

export type HeldRows = { 
/**
 * Rows before the first of them.
 */
offset: number, 
/**
 * Their keys, in their order; 500 at the most are held.
 */
keys: Array<string>, };

export type HistoryState = { 
/**
 * Where it is kept; words where it is kept nowhere.
 */
place: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * The oldest event.
 */
oldest: number | null, 
/**
 * What is wrong with it and what to do, as a sentence.
 */
problem: string | null, 
/**
 * Samples of telemetry that were not recorded, as the disk could not follow.
 */
droppedSamples: number, 
/**
 * Events that were not recorded.
 */
droppedEvents: number, };

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
 * When it was enrolled, where that was told.
 */
enrolledAt: number | null, 
/**
 * When anything last came of it.
 */
heardAt: number, 
/**
 * Whether its connection is not live.
 */
stale: boolean, };

export type ImportChoice = { 
/**
 * Its name in the text.
 */
name: string, 
/**
 * The name to give it. One that is there already is replaced.
 */
into: string, };

export type ImportPlan = { 
/**
 * What is wrong with the text; nothing can be imported then.
 */
problem: ImportProblem | null, 
/**
 * Its connections.
 */
connections: Array<ImportRow>, 
/**
 * Its rules.
 */
rules: Array<ImportRow>, 
/**
 * Its other parts, which are not imported.
 */
ignored: Array<string>, };

export type ImportProblem = { 
/**
 * From 1.
 */
line: number, 
/**
 * From 1.
 */
column: number, 
/**
 * A sentence.
 */
message: string, };

export type ImportRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * A connection's protocol.
 */
protocol: Protocol | null, 
/**
 * A few words on it: a connection's address, or what a rule watches.
 */
words: string, 
/**
 * Where a connection's credential would come from, in words.
 */
credential: string | null, 
/**
 * How it stands to what is there.
 */
state: ImportState, 
/**
 * What is different, where one of its name is there.
 */
differs: Array<string>, 
/**
 * A name that is free.
 */
freeName: string, };

export type ImportState = "new" | "same" | "differs";

export type Imported = { 
/**
 * Connections that are new.
 */
added: Array<string>, 
/**
 * Connections that took the place of others.
 */
replaced: Array<string>, 
/**
 * Those of them that are switched off until the operator has looked at them.
 */
off: Array<string>, 
/**
 * Those that have no credential yet.
 */
missing: Array<string>, 
/**
 * Rules that were added or replaced.
 */
rules: number, };

export type JobPage = { 
/**
 * The job.
 */
job: JobRow, 
/**
 * What is known of its definition.
 */
story: DefinitionPage | null, 
/**
 * What was told of it, the latest first.
 */
events: Array<EventRow>, };

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
 * Since when all that ended are among those; null where none was left out.
 */
finishedFrom: number | null, 
/**
 * The actors that were asked for, the liveliest first.
 */
actors: Array<ActorRow>, 
/**
 * Those that are not listed.
 */
moreActors: number, 
/**
 * All actors by type, asked for or not.
 */
actorTypes: Array<ActorTypeRow>, 
/**
 * Live queries.
 */
liveQueries: Array<LiveQueryRow>, };

export type Keep = { "in": "keychain" } | { "in": "thisRun" } | { "in": "env", "what": string } | { "in": "command", "what": Array<string> };

export type ListSpec = { 
/**
 * What lies in this part of the world.
 */
area: Area, 
/**
 * The most rows wanted; 200 at the most are given.
 */
limit: number, };

export type LiveQueryAsked = { 
/**
 * The graph's edge.
 */
edge: string, 
/**
 * Its filter.
 */
filter: string | null, 
/**
 * Its order.
 */
orderBy: string | null, };

export type LiveQueryDraft = { 
/**
 * Our id of it.
 */
id: string, 
/**
 * The graph's edge, as `orders`.
 */
edge: string, 
/**
 * The graph's filter.
 */
filter: string | null, 
/**
 * The graph's order.
 */
orderBy: string | null, };

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
 * What it asks for; null where it was not asked for here.
 */
asked: LiveQueryAsked | null, 
/**
 * Whether it was destroyed: what is shown is the last of it.
 */
destroyed: boolean, 
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

export type MatcherDraft = { 
/**
 * Rules, as a glob.
 */
rule: string | null, 
/**
 * Connections, as a glob.
 */
connection: string | null, 
/**
 * Subjects, as a glob.
 */
subject: string | null, 
/**
 * This severity and those below it.
 */
severity: Severity | null, };

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
 * Its connection.
 */
connection: string, 
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

export type NumberRow = { 
/**
 * Its dotted path in the data.
 */
name: string, 
/**
 * Its newest value.
 */
value: number, 
/**
 * When that was told.
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
live: boolean, 
/**
 * Its hosts.
 */
hosts: number, 
/**
 * Those that are online, as last heard.
 */
online: number, };

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
error: string | null, 
/**
 * Whether it is online by now; null when nobody has said, or it is known no more.
 */
online: boolean | null, 
/**
 * Since when that is so.
 */
since: number | null, };

export type PictureDraft = { 
/**
 * What it shows, in words.
 */
title: string, 
/**
 * The unit of its values.
 */
unit: string | null, 
/**
 * Its series.
 */
series: SeriesSpec, 
/**
 * Their names, in the same order.
 */
labels: Array<string>, 
/**
 * Values drawn across, with a name.
 */
thresholds: Array<ThresholdDraft>, 
/**
 * `svg` or `png`.
 */
format: PictureFormat, 
/**
 * Whether it is dark.
 */
dark: boolean, 
/**
 * Whether its times are in UTC.
 */
utc: boolean, };

export type PictureFormat = "svg" | "png";

export type PlaceList = { 
/**
 * How many there are.
 */
total: number, 
/**
 * How many of each state, as `counts` of a mark.
 */
counts: Array<number>, 
/**
 * The first of them.
 */
rows: Array<PlaceRow>, };

export type PlaceMark = { 
/**
 * The centre of mass.
 */
x: number, 
/**
 * The centre of mass.
 */
y: number, 
/**
 * How many there are in each state, the worst state first: of devices unlocked, unknown, offline, locked; of signals
 * severity 5 to 1, none.
 */
counts: Array<number>, 
/**
 * How many of them come from a connection that is not live.
 */
stale: number, 
/**
 * How many of them are standing alerts.
 */
standing: number, 
/**
 * What holds all of them; null for a single one.
 */
extent: Area | null, 
/**
 * The single one.
 */
one: PlaceRow | null, };

export type PlaceRow = { 
/**
 * Unique on a map, and the same from answer to answer.
 */
key: string, 
/**
 * Its connection.
 */
connection: string, 
/**
 * A device's hardware id, a signal's stream.
 */
id: string, 
/**
 * A device's hardware id, a signal's title.
 */
title: string, 
/**
 * More words of a signal.
 */
text: string | null, 
/**
 * Its state, as an index into `counts` of a mark.
 */
state: number, 
/**
 * Since when it is so; when a signal happened.
 */
since: number | null, 
/**
 * When the position was told.
 */
told: number | null, 
/**
 * Whether it is as last heard: its connection is not live, or has not said since a gap that an alert stands.
 */
stale: boolean, 
/**
 * Whether it is an alert that is issued and not cleared.
 */
standing: boolean, 
/**
 * Its place.
 */
x: number, 
/**
 * Its place.
 */
y: number, };

export type Places = { 
/**
 * Changes with the marks.
 */
version: number, 
/**
 * The marks in the area; null when they are those that the page has.
 */
marks: Array<PlaceMark> | null, 
/**
 * How many there are in scope.
 */
total: number, 
/**
 * How many of them the filter lets through.
 */
matching: number, 
/**
 * How many of those have told no position.
 */
unplaced: number, 
/**
 * How many of those have told a position that is none: out of range, or 0° 0′, which receivers tell that have no fix.
 */
misplaced: number, 
/**
 * The least part of the world that holds all that match and have a place.
 */
extent: Area | null, 
/**
 * What was to be listed.
 */
list: PlaceList | null, 
/**
 * The device that is followed, whatever the filter; null when none is, when it is not in scope and when it has no place.
 */
followed: Followed | null, };

export type PlacesOf = { "kind": "devices", 
/**
 * As the filter of the devices' table.
 */
filter: string, } | { "kind": "signals", 
/**
 * Only this stream.
 */
stream: string | null, 
/**
 * From 1; 0 takes those without a severity too.
 */
minSeverity: number, };

export type PlacesSpec = { 
/**
 * Which connections count.
 */
scope: Scope, 
/**
 * What is placed.
 */
of: PlacesOf, 
/**
 * What is in sight, with as much around it as is to be there when the map is dragged.
 */
area: Area, 
/**
 * The width that stands for one mark: what is nearer to each other than that is told together.
 */
cell: number, 
/**
 * The `version` of the marks that the page has; 0 asks for them in any case.
 */
have: number, 
/**
 * What is to be listed one by one.
 */
list: ListSpec | null, 
/**
 * A device that the map stays on.
 */
follow: FollowSpec | null, };

export type PostRow = { 
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
 * The key of its channel.
 */
channel: string, 
/**
 * The author's id.
 */
authorId: string | null, 
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
 * Alerts that fire, by severity: critical, high, medium, low; those too that only a mute of everything keeps from being told.
 */
alerts: [number, number, number, number], 
/**
 * The mute of everything that ends last.
 */
muted: SilenceRow | null, 
/**
 * Whether quiet hours are on.
 */
quiet: boolean, 
/**
 * What is wrong with the history, as a sentence.
 */
historyProblem: string | null, 
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

export type RawEvent = { 
/**
 * Its kind.
 */
kind: string, 
/**
 * When it happened, or came.
 */
at: number, 
/**
 * What it is about.
 */
subject: string, 
/**
 * Its data.
 */
json: string, };

export type Recorded = { 
/**
 * The times in which it was, the oldest first, to ten seconds; of many the latest few.
 */
spans: Array<Span>, 
/**
 * How many there are.
 */
count: number, 
/**
 * For how long it was not, in ms, as far as that is known.
 */
off: number, 
/**
 * Until when within the span that is unknown; null where it is known of all of it.
 */
unknownUntil: number | null, };

export type RefusedRow = { 
/**
 * What was asked for.
 */
name: string, 
/**
 * Why not, in the service's words; may be empty.
 */
reason: string, };

export type RemovedRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its protocol.
 */
protocol: Protocol, 
/**
 * Whether it is of the demo fleet: then nothing of it is deleted, as nothing was written.
 */
demo: boolean, 
/**
 * When its settings and its credential are deleted.
 */
until: number, };

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
 * Whether some stand elsewhere than in their order, as they are held.
 */
moved: boolean, 
/**
 * The keys in sight, in order; null when unchanged.
 */
order: Array<string> | null, 
/**
 * Rows that are new or changed.
 */
changed: Array<T>, };

export type RuleCheck = { 
/**
 * What it does, as a sentence; empty when it cannot be.
 */
sentence: string, 
/**
 * What is wrong, as a sentence.
 */
problem: string | null, };

export type RuleDraft = { 
/**
 * Its name.
 */
name: string, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * Whether it is watched for.
 */
enabled: boolean, 
/**
 * Connections that it is about, as globs; all when empty.
 */
connections: Array<string>, 
/**
 * Tags of connections that it is about; all when empty.
 */
tags: Array<string>, 
/**
 * Subjects that it is about, as globs; all when empty.
 */
subjects: Array<string>, 
/**
 * For how long it must hold, in seconds.
 */
hold: number, 
/**
 * `rule`, `connection` or `subject`.
 */
groupBy: 'rule' | 'connection' | 'subject', 
/**
 * The alert's line; made from the condition when null.
 */
message: string | null, 
/**
 * Whether it is told natively.
 */
notify: boolean, 
/**
 * What it watches for.
 */
when: ConditionDraft, };

export type RuleRow = { 
/**
 * Its name.
 */
key: string, 
/**
 * What it does, as a sentence.
 */
sentence: string, 
/**
 * The rule itself.
 */
rule: RuleDraft, 
/**
 * Whether it comes with the program.
 */
builtIn: boolean, 
/**
 * Whether the configuration has it; a built-in one that was changed can be reset.
 */
configured: boolean, 
/**
 * Its alerts that are open.
 */
open: number, };

export type RuleTrial = { 
/**
 * How often.
 */
fired: number, 
/**
 * For how many subjects.
 */
subjects: number, 
/**
 * The latest of them, 20 at most.
 */
examples: Array<WouldFire>, 
/**
 * From when on the history was looked at; later than asked where it does not reach so far.
 */
from: number, 
/**
 * What could not be looked at, as a sentence.
 */
note: string | null, };

export type RulesPage = { 
/**
 * The rules: those that were configured first, then the built-in ones.
 */
rules: Array<RuleRow>, };

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
 * Who: `all`, or a host.
 */
target: string, 
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
 * Whether the operator ended it before it was complete.
 */
stopped: boolean, 
/**
 * Rows that did not fit here.
 */
dropped: number, 
/**
 * Hosts whose answer did not fit here.
 */
hostsDropped: number, 
/**
 * Hosts asked: the service's count once it is complete, or those it told of where it gave none.
 */
hosts: number | null, 
/**
 * Hosts that answered, with rows or without.
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
limit: number, 
/**
 * The column to sort by, `·host` for the host's name; in the order they came when null.
 */
sort: Sort | null, 
/**
 * Words that a row must hold, and comparisons as `resident_size>1000000`.
 */
filter: string, };

export type Saved = { 
/**
 * Where.
 */
place: string, 
/**
 * How many rows it has.
 */
rows: number, 
/**
 * Whether there were more than fit.
 */
more: boolean, };

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
latest: RowsFrame<EventRow>, 
/**
 * What happened while the program was not running; null when nothing is to be told.
 */
away: Away | null, } | { "screen": "alerts", 
/**
 * The rows in sight.
 */
alerts: RowsFrame<AlertRow>, 
/**
 * The groups.
 */
groups: Array<AlertGroup> | null, 
/**
 * How many there are.
 */
counts: AlertCounts | null, 
/**
 * The silences in force.
 */
silences: Array<SilenceRow> | null, 
/**
 * The names of the rules that have alerts.
 */
rules: Array<string> | null, 
/**
 * What could not be read.
 */
problem: string | null, } | { "screen": "alert", 
/**
 * Whether there is such an alert.
 */
found: boolean, 
/**
 * Its page.
 */
page: AlertPage | null, } | { "screen": "rules", 
/**
 * The page.
 */
page: RulesPage | null, } | { "screen": "devices", 
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
 * Its page.
 */
page: JobPage | null, } | { "screen": "definition", 
/**
 * Whether there is such a definition.
 */
found: boolean, 
/**
 * Its page.
 */
page: DefinitionPage | null, } | { "screen": "actor", 
/**
 * Whether there is such an actor.
 */
found: boolean, 
/**
 * Its page.
 */
page: ActorPage | null, } | { "screen": "liveQuery", 
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
 * Whether the history holds more of a past span than was looked at.
 */
more: boolean, 
/**
 * How much of a past span was recorded; null where all of it was.
 */
recorded: Recorded | null, 
/**
 * What of the filter was not understood.
 */
problem: string | null, } | { "screen": "connections", 
/**
 * The cards.
 */
cards: Array<ConnectionCard> | null, 
/**
 * More on the one that is open.
 */
detail: ConnectionDetail | null, 
/**
 * Those that were removed and can be taken back, the latest first.
 */
removed: Array<RemovedRow> | null, } | { "screen": "nothing" };

export type ScreenSpec = { "screen": "overview" } | { "screen": "alerts", 
/**
 * What is to be listed.
 */
filter: AlertFilter, 
/**
 * Whether they are grouped.
 */
grouped: boolean, 
/**
 * Groups whose rows are shown.
 */
unfolded: Array<string>, 
/**
 * Rows to pass over.
 */
offset: number, 
/**
 * The most rows wanted; 500 at the most are given.
 */
limit: number, } | { "screen": "alert", 
/**
 * Its id.
 */
id: string, } | { "screen": "rules" } | { "screen": "devices", 
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
id: string, } | { "screen": "jobs", 
/**
 * Words that an actor's type or id must hold; all when empty.
 */
actors: string, } | { "screen": "job", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, } | { "screen": "definition", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, } | { "screen": "actor", 
/**
 * Its connection.
 */
connection: string, 
/**
 * `type/id`.
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
channel: string | null, 
/**
 * Words to find in the posts of all channels; the posts of the one channel when empty.
 */
find: string, } | { "screen": "hosts", 
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
limit: number, } | { "screen": "connections", 
/**
 * The one that is open.
 */
open: string | null, } | { "screen": "nothing" };

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
number: string, } | { "kind": "failures", 
/**
 * Its connection.
 */
connection: string, 
/**
 * The definition's id.
 */
definition: string, } | { "kind": "locks" } | { "kind": "unlocks" } | { "kind": "jobsCompleted" } | { "kind": "jobsFailed" } | { "kind": "heard", 
/**
 * What is counted.
 */
of: Count, } | { "kind": "jobsRunning" } | { "kind": "devicesOnline" } | { "kind": "devicesUnlocked" } | { "kind": "agentsOnline" } | { "kind": "hostsOnline" } | { "kind": "signals" };

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

export type SettingsDraft = { 
/**
 * The lowest severity that is told natively.
 */
notifyFrom: Severity, 
/**
 * Whether notifications are to be heard.
 */
sound: boolean, 
/**
 * Whether they are shown too while the window is in front.
 */
inFront: boolean, 
/**
 * Hours without notifications, as `22:00-07:00`.
 */
quietHours: string | null, 
/**
 * Whether critical alerts are told in quiet hours too.
 */
criticalInQuietHours: boolean, 
/**
 * The operator's own command by severity: critical, high, medium, low. A program and its arguments; empty for none.
 */
commands: [Array<string>, Array<string>, Array<string>, Array<string>], 
/**
 * Days for which events are kept.
 */
keepDays: number, 
/**
 * The most that the history may take, in MiB.
 */
mostMib: number, 
/**
 * Whether closing the window leaves the program running in the tray, where there is one.
 */
closeToTray: boolean, 
/**
 * The address of map tiles with `{z}`, `{x}` and `{y}`; null for the bundled outline alone.
 */
tiles: string | null, 
/**
 * Whom the tile server wants named on the map.
 */
tilesAttribution: string | null, 
/**
 * The folder that files are saved in, as the operator writes it; null for the system's own.
 */
exportsFolder: string | null, };

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
 * Its number within the connection: its JSON is asked for by `event_json`.
 */
number: number, 
/**
 * The service's id of it; empty where it has none.
 */
id: string, 
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
stale: boolean, 
/**
 * Whether it is an alert that may have been cleared while nobody listened: nothing has said since that it stands.
 */
unconfirmed: boolean, };

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

export type SilenceRow = { 
/**
 * Its number.
 */
id: number, 
/**
 * What it covers, as words: "everything", "rule Battery low on locks-*".
 */
covers: string, 
/**
 * Whether it covers everything.
 */
everything: boolean, 
/**
 * From when.
 */
from: number, 
/**
 * Until when.
 */
until: number, 
/**
 * What was noted.
 */
note: string, 
/**
 * How many open alerts it covers now.
 */
alerts: number, };

export type Sort = { 
/**
 * The column's name.
 */
column: string, 
/**
 * Largest first.
 */
descending: boolean, };

export type Span = { 
/**
 * Its first moment.
 */
from: number, 
/**
 * Its last moment.
 */
to: number, };

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

export type SubscribeDraft = { 
/**
 * The org, stream, path, channel or device.
 */
name: string, 
/**
 * The events wanted of a path (hantera); all when null.
 */
events: Array<string> | null, };

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
filter: string, 
/**
 * Rows that keep their places, so that what is pointed at is what is clicked.
 */
held: HeldRows | null, };

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
id: string, } | { "screen": "definition", 
/**
 * Its connection.
 */
connection: string, 
/**
 * Its id.
 */
id: string, } | { "screen": "hosts", 
/**
 * The filter.
 */
filter: string, } | { "screen": "agents", 
/**
 * The words.
 */
filter: string, } | { "screen": "signals" } | { "screen": "alerts" } | { "screen": "alert", 
/**
 * Its id.
 */
id: string, };

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
 * That agent's id.
 */
assignee: string | null, 
/**
 * The channel it is of, where that was told.
 */
channel: string | null, 
/**
 * The last change.
 */
at: number, };

export type TestEnd = { 
/**
 * Whether it became live and stayed so.
 */
live: boolean, 
/**
 * What happened, as a sentence.
 */
sentence: string, 
/**
 * The subscriptions that were refused, 64 at most.
 */
refused: Array<RefusedRow>, };

export type TestState = { 
/**
 * Its steps, in their order.
 */
steps: Array<TestStep>, 
/**
 * What it came to; null while it goes on.
 */
end: TestEnd | null, };

export type TestStep = { 
/**
 * Which.
 */
step: TestStepName, 
/**
 * How it stands.
 */
state: TestStepState, 
/**
 * A few words on what was found.
 */
words: string, };

export type TestStepName = "credential" | "resolve" | "connect" | "encrypt" | "open" | "signIn" | "subscribe" | "look";

export type TestStepState = "waiting" | "running" | "done" | "nothing" | "failed";

export type TextKind = "csv" | "json" | "toml";

export type ThresholdDraft = { 
/**
 * The value.
 */
value: number, 
/**
 * Its name.
 */
label: string, };

export type ThresholdRow = { 
/**
 * The number's name.
 */
field: string, 
/**
 * The rule's name.
 */
rule: string, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * The value.
 */
value: number, 
/**
 * Whether the rule fires over it, or else under it.
 */
above: boolean, };

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
 * How many batteries stand at each quarter of a volt from 10 V to 14 V; the first and the last hold what lies beyond.
 */
batteries: Array<number>, 
/**
 * The emptiest battery.
 */
emptiest: Emptiest | null, 
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
 * The longest 95th percentile of a definition's times, in ms.
 */
jobP95Ms: number | null, 
/**
 * The definition it is of.
 */
jobSlowest: string | null, 
/**
 * The latest times of that definition in ms, the oldest first.
 */
jobTimes: Array<number>, 
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
 * Alerts that fire, by severity: critical, high, medium, low.
 */
firing: [number, number, number, number], 
/**
 * Those of them that are about a connection which needs attention itself, and stands there in their place.
 */
firingConnections: number, 
/**
 * Alerts that are open, acknowledged, silenced and stale ones too, by severity: critical, high, medium, low.
 */
open: [number, number, number, number], 
/**
 * Alerts that are as last heard: their connection is not live, or has not said since whether they hold.
 */
staleAlerts: number, 
/**
 * Events a second.
 */
rate: number, 
/**
 * Connections whose part of these counts is not live: the counts are old by that much.
 */
stale: Array<string>, };

export type TilesState = { 
/**
 * The name of the server; null when none is set, and nothing is asked.
 */
server: string | null, 
/**
 * Whom the server wants named.
 */
attribution: string | null, 
/**
 * What is wrong with the latest tile, as a sentence.
 */
problem: string | null, };

export type TransitionRow = { 
/**
 * When.
 */
at: number, 
/**
 * From which state; null for the first.
 */
from: AlertState | null, 
/**
 * To which state.
 */
to: AlertState, 
/**
 * Why, as a sentence.
 */
cause: string, };

export type Trend = { 
/**
 * Since when all ends are known, where that is for less than an hour: it was not listened before, or they are not kept.
 */
since: number | null, 
/**
 * In the last hour, or since then.
 */
lately: Ended, 
/**
 * In the hour before the last; null where not all of that is known.
 */
before: Ended | null, 
/**
 * In the first half of the time since then, where that is known for less than an hour and not too short to be halved.
 */
half: Half | null, };

export type UnknownRow = { 
/**
 * The type, by the service's word.
 */
name: string, 
/**
 * How often it came.
 */
count: number, };

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
 * A past span, out of the history, instead of what is live: for events, alerts, lock events and failures.
 */
past: Span | null, 
/**
 * The screen in sight.
 */
screen: ScreenSpec, };

export type WouldFire = { 
/**
 * On which connection.
 */
connection: string, 
/**
 * About what.
 */
subject: string, 
/**
 * When.
 */
at: number, 
/**
 * When it would have been over; null when it still would hold.
 */
until: number | null, };

/**
 * The commands behind `invoke(name, args)`: arguments, then what they resolve to. Each rejects with a `CommandError`.
 */
export interface Commands {
  pull: [{ spec: ViewSpec }, Frame];
  /** The whole of what a view would show, once; `have` is not looked at. */
  look: [{ spec: ViewSpec }, Frame];
  /** What has a name that holds the text, a few of each kind, the best first. */
  find: [{ text: string }, Found[]];
  /** Answers an ArrayBuffer, see `SeriesSpec`. */
  series: [{ spec: SeriesSpec }, ArrayBuffer];
  about: [Record<string, never>, About];
  /** The whole JSON text of an event; lock codes are masked. */
  event_json: [{ connection: string; number: number }, string];
  /** The same of an event of the history. */
  stored_event_json: [{ id: string }, string];
  reveal_code: [{ connection: string; device: string; number: number }, string];
  /** Answers the run's number. */
  run_query: [{ connection: string; org: string; sql: string; target: string }, number];
  /** Ends a run; what had come by then stays. */
  stop_query: [{ connection: string; run: number }, null];
  create_live_query: [{ connection: string; id: string; edge: string; filter: string | null; orderBy: string | null }, null];
  destroy_live_query: [{ connection: string; id: string }, null];
  /** Begins to connect once; nothing is kept, and a test that goes on is ended. Answers the test's number. */
  begin_test: [{ draft: ConnectionDraft }, number];
  test_state: [{ test: number }, TestState];
  end_test: [{ test: number }, null];
  add_connection: [{ draft: ConnectionDraft }, null];
  /** `name` is the name it has; the draft may rename it. A null secret keeps the one that is kept. */
  edit_connection: [{ name: string; draft: ConnectionDraft }, null];
  /** The draft of an existing connection, its secret null. */
  connection_draft: [{ name: string }, ConnectionDraft];
  /** The draft of the one connection that a configuration's text describes. */
  read_connection: [{ text: string }, ConnectionDraft];
  /** These connections, or all when null, as a configuration's text without secrets. */
  export_connections: [{ names: string[] | null; rules: boolean }, string];
  /** What importing a text would do; nothing is changed. */
  plan_import: [{ text: string }, ImportPlan];
  import_connections: [{ text: string; choices: ImportChoice[]; rules: boolean }, Imported];
  set_enabled: [{ name: string; enabled: boolean }, null];
  /** Ends it at once; its settings and its credential are deleted five minutes later. */
  remove_connection: [{ name: string }, null];
  /** Takes a removal back, within those seconds. */
  restore_connection: [{ name: string }, null];
  set_credential: [{ name: string; secret: string; keep: Keep }, null];
  /** Tries again at once. */
  retry: [{ name: string }, null];
  start_demo: [Record<string, never>, null];
  stop_demo: [Record<string, never>, null];
  /** Shows a native notification, to see whether they work. */
  test_notification: [Record<string, never>, null];
  /** Until it is resolved when `until` is null. Answers how many. */
  acknowledge: [{ alerts: string[]; until: number | null; note: string }, number];
  /** Takes acknowledgements back. Answers how many. */
  unacknowledge: [{ alerts: string[] }, number];
  /** An empty matcher mutes everything. Answers the silence's number. */
  silence: [{ matcher: MatcherDraft; until: number; note: string }, number];
  end_silence: [{ id: number }, null];
  /** How many open alerts a silence would cover. */
  would_silence: [{ matcher: MatcherDraft }, number];
  /** `name` is the name it has, null for a new one. */
  save_rule: [{ name: string | null; draft: RuleDraft }, null];
  /** Removes a rule of the configuration; a built-in one of its name is as it was made. */
  remove_rule: [{ name: string }, null];
  set_rule_enabled: [{ name: string; enabled: boolean }, null];
  /** What a rule says, and what is wrong with it; cheap, for each keystroke. */
  check_rule: [{ draft: RuleDraft }, RuleCheck];
  /** How often it would have fired over the stored history of the last hours; may take seconds. */
  try_rule: [{ draft: RuleDraft; hours: number }, RuleTrial];
  /** Saves a chart; answers where. */
  save_picture: [{ picture: PictureDraft }, string];
  /** Saves a shift report of the last hours; answers where. */
  save_report: [{ hours: number; scope: Scope }, string];
  /** Saves the events that the filter lets through, 20,000 at most. */
  save_events: [{ scope: Scope; filter: string; past: Span | null; format: EventsFormat }, Saved];
  /** Saves a text that the page made; answers where. */
  save_text: [{ title: string; kind: TextKind; text: string }, string];
  /** Opens the file manager at a file that was saved. */
  show_file: [{ place: string }, null];
  dismiss_away: [Record<string, never>, null];
  desktop: [Record<string, never>, DesktopState];
  /** Answers what the system says then. */
  set_start_at_login: [{ on: boolean }, DesktopState];
  /** Where the page was when it was last torn down, as it wrote it; null for one that begins. */
  page_place: [Record<string, never>, string | null];
  /** Remembers where the page is, for one that is built anew. */
  keep_page_place: [{ place: string }, null];
  /** Shows the page so many per cent large; answers by how much its `devicePixelRatio` has to be multiplied to tell of that. */
  set_zoom: [{ percent: number }, number];
  /** Tells whether something is typed and not saved: closing and quitting are asked of the page then, by the event `signalbox:leave`. */
  set_unsaved: [{ on: boolean }, null];
  /** As the window's own button does. */
  close_window: [Record<string, never>, null];
  toggle_full_screen: [Record<string, never>, null];
  quit: [Record<string, never>, null];
  settings: [Record<string, never>, SettingsDraft];
  save_settings: [{ settings: SettingsDraft }, null];
  history: [Record<string, never>, HistoryState];
  /** Shows the history's file in the system's file manager. */
  show_history: [Record<string, never>, null];
  /** What a map shows of a part of the world. */
  places: [{ spec: PlacesSpec }, Places];
  /** Whether map tiles are used, and what is wrong with them. */
  tiles: [Record<string, never>, TilesState];
  /** Asks a tile server again that was left alone. */
  retry_tiles: [Record<string, never>, null];
}
