//! What the window shows, in types: the whole of a screen as it is at one moment.

use protocol::{Kind, Protocol};
use serde::Serialize;
use ts_rs::TS;

use super::Millis;

/// A row with a key that stays the same while the row's entity does.
pub trait Row: Clone + PartialEq + Serialize {
    /// The key, unique among the rows of one list.
    fn key(&self) -> &str;
}

/// A window into a longer list.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows<T> {
    /// How many there are in scope.
    pub total: u32,
    /// How many the filter lets through.
    pub matching: u32,
    /// How many come before the first row here.
    pub offset: u32,
    /// The rows in sight, in order.
    pub rows: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Rows { total: 0, matching: 0, offset: 0, rows: Vec::new() }
    }
}

/// One of a connection's states, as `signalbox watch` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not wanted.
    Stopped,
    /// Dialling, or in the upgrade.
    Connecting,
    /// The credential is not accepted yet.
    Authenticating,
    /// The subscriptions are not acknowledged yet.
    Subscribing,
    /// Acknowledged.
    Live,
    /// Open, and its liveness in doubt.
    Stale,
    /// Waiting for the next attempt.
    BackingOff,
    /// The credential was refused or is missing.
    NeedsCredential,
    /// The service will not have it.
    Refused,
}

/// A connection in the bar at the bottom, and at the head of its card.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Chip {
    /// The connection's name.
    pub name: String,
    /// Its protocol.
    #[ts(type = "Protocol")]
    pub protocol: Protocol,
    /// Its state.
    pub status: Status,
    /// Since when it is in that state.
    pub since: Millis,
    /// Why it is not live, as the end of a sentence.
    pub cause: Option<String>,
    /// When the next attempt comes.
    pub retry_at: Option<Millis>,
    /// How many attempts were made since it was last live for long.
    pub attempt: u32,
    /// Events a second over the last five seconds.
    pub rate: f64,
    /// When the last event came.
    pub last_event_at: Option<Millis>,
    /// Events that the service said it dropped, and that did not fit here.
    pub dropped: u64,
}

/// Counts beside the rail's entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rail {
    /// Devices that are unlocked.
    pub unlocked: u32,
    /// Jobs that failed in the last hour.
    pub jobs_failed: u32,
    /// Alerts of the services that are issued and not cleared.
    pub alerts: u32,
    /// Connections that are enabled and not live.
    pub not_live: u32,
    /// Every connection, live or not.
    pub connections: u32,
    /// The tags in use, for the scope.
    pub tags: Vec<String>,
    /// Whether the demo fleet runs in this window.
    pub demo: bool,
}

/// The tiles of Overview. A count is null where no connection in scope tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tiles {
    /// All devices.
    pub devices: Option<u32>,
    /// Devices online.
    pub devices_online: Option<u32>,
    /// Devices unlocked.
    pub unlocked: Option<u32>,
    /// Devices whose lock is unknown.
    pub lock_unknown: Option<u32>,
    /// Devices with a `battery_voltage` under 11.5 V.
    pub low_battery: Option<u32>,
    /// Jobs that run.
    pub jobs_running: Option<u32>,
    /// Jobs completed in the last hour.
    pub jobs_completed_hour: Option<u32>,
    /// Jobs failed in the last hour.
    pub jobs_failed_hour: Option<u32>,
    /// 95th percentile of the recent jobs' times, in ms.
    pub job_p95_ms: Option<f64>,
    /// All agents.
    pub agents: Option<u32>,
    /// Agents online or busy.
    pub agents_online: Option<u32>,
    /// All hosts.
    pub hosts: Option<u32>,
    /// Hosts online.
    pub hosts_online: Option<u32>,
    /// Signals kept, by severity from 1 to 5.
    pub signals: Option<[u32; 5]>,
    /// Alerts of the services that stand.
    pub alerts: Option<u32>,
    /// Events a second.
    pub rate: f64,
    /// Connections whose part of these counts is not live: the counts are old by that much.
    pub stale: Vec<String>,
}

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Act at once.
    Critical,
    /// Act soon.
    High,
    /// Look at it.
    Medium,
    /// Know of it.
    Low,
}

/// Something that needs the operator.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    /// Its key.
    pub key: String,
    /// How bad.
    pub severity: Severity,
    /// What, as a sentence.
    pub title: String,
    /// More words.
    pub detail: String,
    /// The connection it is on.
    pub connection: String,
    /// Since when.
    pub since: Millis,
    /// Where a click leads.
    pub target: Target,
}

/// A place in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "screen")]
pub enum Target {
    /// A connection's card.
    Connection {
        /// Its name.
        name: String,
    },
    /// A device's page.
    Device {
        /// Its connection.
        connection: String,
        /// Its hardware id.
        id: String,
    },
    /// A job's page.
    Job {
        /// Its connection.
        connection: String,
        /// Its id.
        id: String,
    },
    /// The signals.
    Signals,
}

/// A value of an open map.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// A string, or the JSON text of a structure.
    Text(String),
    /// Null.
    Null,
}

/// What is known of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Lock {
    /// Closed.
    Locked,
    /// Open.
    Unlocked,
    /// Nobody has said.
    Unknown,
}

/// A device in the table or on the board.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its hardware id.
    pub id: String,
    /// Whether it is online; null when nobody has said.
    pub online: Option<bool>,
    /// Since when.
    pub online_since: Option<Millis>,
    /// Its lock.
    pub lock: Lock,
    /// Since when.
    pub lock_since: Option<Millis>,
    /// How it came to that: `rfid`, `keypad`, `key`, `remote`, `report`.
    pub lock_source: Option<String>,
    /// The values of the wanted columns, in their order; null where the device has no such field.
    pub cells: Vec<Cell>,
    /// When anything last came.
    pub updated_at: Option<Millis>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// The devices screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DevicesPicture {
    /// The rows in sight.
    pub devices: Rows<DeviceRow>,
    /// Every field name seen, for choosing columns.
    pub fields: Vec<String>,
}

/// A device's page.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DevicePage {
    /// Its row, with no cells.
    pub device: DeviceRow,
    /// Its fields.
    pub fields: Vec<FieldRow>,
    /// Lock events, the latest first.
    pub locks: Vec<LockRow>,
}

/// A field of a device.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldRow {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Cell,
    /// The time of the value.
    pub at: Millis,
    /// Whether it has a series to draw.
    pub charted: bool,
}

/// A lock event.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LockRow {
    /// Its number within the device.
    pub number: u32,
    /// When.
    pub at: Millis,
    /// Locked, or else unlocked.
    pub locked: bool,
    /// `rfid`, `keypad`, `key`, `remote`.
    pub source: Option<String>,
    /// Whether it came with a code, which a click reveals.
    pub has_code: bool,
}

/// A job definition.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Jobs that wait.
    pub scheduled: u32,
    /// Jobs that run.
    pub running: u32,
    /// Jobs seen to end well.
    pub completed: u32,
    /// Jobs seen to end badly.
    pub failed: u32,
    /// Median time in ms.
    pub p50_ms: Option<f64>,
    /// 95th percentile in ms.
    pub p95_ms: Option<f64>,
    /// When anything last came of it.
    pub last_at: Option<Millis>,
    /// The latest times in ms, oldest first, for a sparkline.
    pub durations: Vec<f64>,
    /// Numbers of its statistics.
    pub statistics: Vec<String>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Waiting.
    Scheduled,
    /// Running.
    Running,
    /// Ended well.
    Completed,
    /// Ended badly.
    Failed,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Its definition.
    pub definition: Option<String>,
    /// Where it is.
    pub state: JobState,
    /// When it was scheduled.
    pub scheduled_at: Option<Millis>,
    /// When it started.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub finished_at: Option<Millis>,
    /// How long it ran, in ms.
    pub elapsed_ms: Option<f64>,
    /// What the service said of its failure.
    pub error: Option<String>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// An actor.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActorRow {
    /// `connection/type/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its type.
    pub actor_type: String,
    /// Its id.
    pub id: String,
    /// Checkpoints seen.
    pub checkpoints: u32,
    /// The last one.
    pub last_at: Millis,
}

/// A live query, without its nodes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LiveQueryRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Nodes kept here.
    pub nodes: u32,
    /// Nodes that match, by the service.
    pub total: Option<u32>,
    /// Whether only the first ones are tracked.
    pub capped: bool,
    /// Whether the initial result is still coming.
    pub loading: bool,
    /// Nodes that did not fit here.
    pub dropped: u32,
    /// The last change.
    pub last_at: Option<Millis>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// The jobs screen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobsPage {
    /// Definitions, by id.
    pub definitions: Vec<DefinitionRow>,
    /// Jobs that run, the longest first.
    pub running: Vec<JobRow>,
    /// Failures, the latest first.
    pub failures: Vec<JobRow>,
    /// Jobs that ended lately, for the timeline; the latest first.
    pub finished: Vec<JobRow>,
    /// Actors, the liveliest first.
    pub actors: Vec<ActorRow>,
    /// Actors that are not listed.
    pub more_actors: u32,
    /// Live queries.
    pub live_queries: Vec<LiveQueryRow>,
}

/// A live query's table.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveQueryPicture {
    /// The query.
    pub query: Option<LiveQueryRow>,
    /// The columns, from the data.
    pub columns: Vec<String>,
    /// The nodes in sight.
    pub nodes: Rows<NodeRow>,
}

/// A node of a live query.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NodeRow {
    /// Its id.
    pub key: String,
    /// The values of the columns, in their order.
    pub cells: Vec<Cell>,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Its name, or its id where it has none.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// `online`, `busy`, `offline`, or the service's own word; null when nobody has said.
    pub status: Option<String>,
    /// Since when.
    pub since: Option<Millis>,
    /// Its last heartbeat.
    pub last_heartbeat: Option<Millis>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChannelRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Posts kept.
    pub posts: u32,
    /// The latest.
    pub last_at: Option<Millis>,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PostRow {
    /// `connection/id`.
    pub key: String,
    /// Its id.
    pub id: String,
    /// Who wrote it: the agent's name where it is known, else the author's id.
    pub author: String,
    /// `agent`, `user`.
    pub author_type: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub content: String,
    /// The post that it answers.
    pub parent: Option<String>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// When it was written.
    pub at: Millis,
    /// When it was edited.
    pub edited_at: Option<Millis>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// Its priority.
    pub priority: Option<String>,
    /// Whose it is: the agent's name where it is known.
    pub assigned_to: Option<String>,
    /// The last change.
    pub at: Millis,
}

/// A notification of the agent service.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotificationRow {
    /// `connection/id`.
    pub key: String,
    /// Its type.
    pub notification_type: Option<String>,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// When it came.
    pub at: Millis,
}

/// The agents screen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentsPage {
    /// Agents: those who work first.
    pub agents: Vec<AgentRow>,
    /// Channels, the liveliest first.
    pub channels: Vec<ChannelRow>,
    /// The channel whose posts these are.
    pub channel: Option<String>,
    /// Its posts, the latest first.
    pub posts: Vec<PostRow>,
    /// Tasks, the latest changed first.
    pub tasks: Vec<TaskRow>,
    /// Notifications, the latest first.
    pub notifications: Vec<NotificationRow>,
}

/// A host.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HostRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its org.
    pub org: String,
    /// Its id.
    pub id: String,
    /// Its name, or its id where it has none.
    pub hostname: String,
    /// Whether it is online; null when nobody has said.
    pub online: Option<bool>,
    /// Since when.
    pub since: Option<Millis>,
    /// Its platform.
    pub platform: Option<String>,
    /// Its system's version.
    pub os_version: Option<String>,
    /// Its address.
    pub ip_address: Option<String>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// A query run.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunRow {
    /// `connection/run`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its org.
    pub org: String,
    /// Its number.
    pub run: u32,
    /// What was asked.
    pub sql: String,
    /// When.
    pub started_at: Millis,
    /// When it ended; null while it runs.
    pub ended_at: Option<Millis>,
    /// Why it failed.
    pub error: Option<String>,
    /// Rows that came.
    pub rows: u32,
    /// Rows that did not fit here.
    pub dropped: u32,
    /// Hosts asked, by the service's own count.
    pub hosts: Option<u32>,
    /// Hosts that answered.
    pub answered: u32,
}

/// What became of one host in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Rows came.
    Answered,
    /// It answered without rows.
    Empty,
    /// It failed.
    Error,
    /// It did not answer in time.
    Timeout,
    /// It is offline.
    Offline,
    /// Nothing yet.
    Waiting,
}

/// One host in a run.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeRow {
    /// The host's id.
    pub host: String,
    /// Its name.
    pub hostname: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Its rows.
    pub rows: u32,
    /// After how many ms.
    pub after_ms: Option<f64>,
    /// What it said of a failure.
    pub error: Option<String>,
}

/// A row of a run's table.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultRow {
    /// Its number.
    pub key: String,
    /// The host it came from.
    pub hostname: String,
    /// The values of the columns, in their order.
    pub cells: Vec<Cell>,
}

/// A run's table.
#[derive(Debug, Clone, PartialEq)]
pub struct RunPicture {
    /// The run.
    pub run: RunRow,
    /// The columns, from the data.
    pub columns: Vec<String>,
    /// The rows in sight, in the order they came.
    pub rows: Rows<ResultRow>,
    /// Every host's outcome.
    pub outcomes: Vec<OutcomeRow>,
}

/// The hosts screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HostsPicture {
    /// The hosts in sight.
    pub hosts: Rows<HostRow>,
    /// The latest runs, the newest first.
    pub runs: Vec<RunRow>,
    /// The orgs that can be asked, with their connections.
    pub orgs: Vec<OrgRow>,
    /// The run in the console.
    pub run: Option<RunPicture>,
}

/// An org that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrgRow {
    /// The connection.
    pub connection: String,
    /// The org.
    pub org: String,
    /// Whether a query can be sent to it.
    pub live: bool,
}

/// A signal.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignalRow {
    /// Unique among the signals.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its stream.
    pub stream: String,
    /// Its type.
    pub signal_type: String,
    /// What it says in a line.
    pub title: String,
    /// More words.
    pub description: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// From 1, Routine, to 5, Critical.
    pub severity: Option<u8>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Cities of an alert.
    pub cities: Vec<String>,
    /// When.
    pub at: Millis,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// A stream and what came on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StreamRow {
    /// Its name.
    pub stream: String,
    /// How many came.
    pub count: u32,
}

/// The signals screen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignalsPage {
    /// Alerts that are issued and not cleared, the latest first.
    pub standing: Vec<SignalRow>,
    /// The feed, the latest first.
    pub feed: Vec<SignalRow>,
    /// Streams.
    pub streams: Vec<StreamRow>,
}

/// An event in a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventRow {
    /// `connection/number`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its number within the connection.
    pub number: u32,
    /// Its kind; `connection.status` for the connection's own transitions.
    #[ts(type = "string")]
    pub kind: EventKind,
    /// When it happened, by the service.
    pub at: Option<Millis>,
    /// When it came.
    pub received_at: Millis,
    /// What it is about.
    pub subject: String,
    /// The beginning of its data.
    pub summary: String,
}

/// A kind of event as the window lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum EventKind {
    /// An event of a stream.
    Stream(Kind),
    /// A connection's transition.
    Connection(ConnectionKind),
}

/// The kind of a connection's transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ConnectionKind {
    /// Its one kind.
    #[serde(rename = "connection.status")]
    Status,
}

/// The events screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventsPicture {
    /// The rows in sight, the newest first.
    pub events: Rows<EventRow>,
    /// How many came after the held moment.
    pub newer: u32,
    /// Events that are too old to be kept here.
    pub forgotten: u64,
    /// What of the filter was not understood.
    pub problem: Option<String>,
}

/// A subscription on a connection's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionRow {
    /// The operator's word for it.
    pub name: String,
    /// `requested`, `accepted`, `refused`, `ended`.
    pub state: String,
    /// Why it was refused.
    pub reason: Option<String>,
}

/// A line of a connection's own log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogRow {
    /// When.
    pub at: Millis,
    /// A sentence.
    pub text: String,
    /// The state it came to.
    pub status: Status,
}

/// A connection's card.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionCard {
    /// Its chip.
    pub chip: Chip,
    /// Its address, without a secret.
    pub url: String,
    /// Whether it is wanted.
    pub enabled: bool,
    /// Where its credential is kept, in words.
    pub credential: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether an unlocked device is announced.
    pub notify_unlocked: bool,
    /// Its subscriptions; those refused first.
    pub subscriptions: Vec<SubscriptionRow>,
    /// How many there are in all: the list is cut at 200.
    pub subscription_count: u32,
    /// Bytes a second.
    pub bytes_rate: f64,
    /// Events since start.
    pub events: u64,
    /// Messages of unknown type.
    pub unrecognised: u64,
    /// Messages that could not be read.
    pub malformed: u64,
    /// Events told twice by the service.
    pub duplicates: u64,
    /// Its own log, the latest first.
    pub log: Vec<LogRow>,
}

/// Overview.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OverviewPicture {
    /// The tiles.
    pub tiles: Tiles,
    /// What needs the operator, the worst first.
    pub attention: Vec<Attention>,
    /// The latest events that matter.
    pub latest: Rows<EventRow>,
}

macro_rules! keyed {
    ($($row:ident),*) => { $(impl Row for $row { fn key(&self) -> &str { &self.key } })* };
}
keyed!(DeviceRow, HostRow, EventRow, NodeRow, ResultRow);
