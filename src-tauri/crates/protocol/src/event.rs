//! What the five services say, in one closed set. Everything here borrows from the frame it came in.

use crate::text::Text;
use crate::time::Timestamp;
use crate::value::Field;

/// One event of a stream.
#[derive(Debug, Clone)]
pub struct StreamEvent<'a> {
    /// When it happened, by the service's clock; `None` when the service does not say.
    pub at: Option<Timestamp>,
    /// What happened.
    pub body: EventBody<'a>,
    /// The JSON text of the event's own data as the service sent it: the payload where the message has one, else the
    /// whole message. For what was not JSON, a JSON object made here with its first bytes.
    pub data: &'a str,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum EventBody<'a> {
    /// Fields of a device changed (iotee `device_data`). Partial: what is absent is unchanged.
    Telemetry(Telemetry<'a>),
    /// A device came or went (iotee `device_status`).
    Presence(Presence<'a>),
    /// A device was locked or unlocked (iotee `device_locked`, `device_unlocked`).
    Lock(Lock<'a>),
    /// A host came, went or was enrolled (hyprwatch `host_*`).
    Host(Host<'a>),
    /// A part of the answer to a query run (hyprwatch `result`, `complete`, `error`, or a refused or unanswered push).
    Query(Query<'a>),
    /// A job moved on (hantera).
    Job(Job<'a>),
    /// Counters of a job definition (hantera `jobStatistics`).
    JobStatistics(JobStatistics<'a>),
    /// An actor made a checkpoint (hantera `actorCheckpoint`).
    Checkpoint(Checkpoint<'a>),
    /// A live query changed (hantera).
    LiveQuery(LiveQuery<'a>),
    /// An agent came, went or changed (agenthq).
    Agent(Agent<'a>),
    /// A post was written or edited (agenthq).
    Post(Post<'a>),
    /// A task was made or changed (agenthq).
    Task(Task<'a>),
    /// Somebody was notified (agenthq).
    Notification(Notification<'a>),
    /// Something of an intelligence stream (hydra), alerts among it.
    Signal(Signal<'a>),
    /// The service warns of its own delivery (hantera `warning`).
    Warning(Notice<'a>),
    /// The service answers with an error that ends nothing.
    Error(Notice<'a>),
    /// A message that is not known, or not readable. Kept and counted; never a failure.
    Unrecognised(Unrecognised<'a>),
}

/// The kind of an event, as `signalbox watch` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// `device.telemetry`
    #[serde(rename = "device.telemetry")]
    DeviceTelemetry,
    /// `device.presence`
    #[serde(rename = "device.presence")]
    DevicePresence,
    /// `device.locked`
    #[serde(rename = "device.locked")]
    DeviceLocked,
    /// `device.unlocked`
    #[serde(rename = "device.unlocked")]
    DeviceUnlocked,
    /// `host.online`
    #[serde(rename = "host.online")]
    HostOnline,
    /// `host.offline`
    #[serde(rename = "host.offline")]
    HostOffline,
    /// `host.enrolled`
    #[serde(rename = "host.enrolled")]
    HostEnrolled,
    /// `query.result`
    #[serde(rename = "query.result")]
    QueryResult,
    /// `query.complete`
    #[serde(rename = "query.complete")]
    QueryComplete,
    /// `query.error`
    #[serde(rename = "query.error")]
    QueryError,
    /// `job.scheduled`
    #[serde(rename = "job.scheduled")]
    JobScheduled,
    /// `job.started`
    #[serde(rename = "job.started")]
    JobStarted,
    /// `job.completed`
    #[serde(rename = "job.completed")]
    JobCompleted,
    /// `job.failed`
    #[serde(rename = "job.failed")]
    JobFailed,
    /// `job.statistics`
    #[serde(rename = "job.statistics")]
    JobStatistics,
    /// `actor.checkpoint`
    #[serde(rename = "actor.checkpoint")]
    ActorCheckpoint,
    /// `live_query.created`
    #[serde(rename = "live_query.created")]
    LiveQueryCreated,
    /// `live_query.data`
    #[serde(rename = "live_query.data")]
    LiveQueryData,
    /// `live_query.added`
    #[serde(rename = "live_query.added")]
    LiveQueryAdded,
    /// `live_query.updated`
    #[serde(rename = "live_query.updated")]
    LiveQueryUpdated,
    /// `live_query.removed`
    #[serde(rename = "live_query.removed")]
    LiveQueryRemoved,
    /// `live_query.destroyed`
    #[serde(rename = "live_query.destroyed")]
    LiveQueryDestroyed,
    /// `agent.online`
    #[serde(rename = "agent.online")]
    AgentOnline,
    /// `agent.offline`
    #[serde(rename = "agent.offline")]
    AgentOffline,
    /// `agent.updated`
    #[serde(rename = "agent.updated")]
    AgentUpdated,
    /// `post.created`
    #[serde(rename = "post.created")]
    PostCreated,
    /// `post.updated`
    #[serde(rename = "post.updated")]
    PostUpdated,
    /// `task.created`
    #[serde(rename = "task.created")]
    TaskCreated,
    /// `task.updated`
    #[serde(rename = "task.updated")]
    TaskUpdated,
    /// `notification.created`
    #[serde(rename = "notification.created")]
    NotificationCreated,
    /// `signal.received`
    #[serde(rename = "signal.received")]
    SignalReceived,
    /// `stream.warning`
    #[serde(rename = "stream.warning")]
    StreamWarning,
    /// `stream.error`
    #[serde(rename = "stream.error")]
    StreamError,
    /// `stream.unrecognised`
    #[serde(rename = "stream.unrecognised")]
    StreamUnrecognised,
    /// The connection's own state changed. No service says it: it is made here, for the history.
    #[serde(rename = "connection.status")]
    ConnectionStatus,
}

impl Kind {
    /// Every kind, in the order of their declaration; `kind as usize` is its index here.
    pub const ALL: [Kind; 35] = {
        use Kind::*;
        [
            DeviceTelemetry,
            DevicePresence,
            DeviceLocked,
            DeviceUnlocked,
            HostOnline,
            HostOffline,
            HostEnrolled,
            QueryResult,
            QueryComplete,
            QueryError,
            JobScheduled,
            JobStarted,
            JobCompleted,
            JobFailed,
            JobStatistics,
            ActorCheckpoint,
            LiveQueryCreated,
            LiveQueryData,
            LiveQueryAdded,
            LiveQueryUpdated,
            LiveQueryRemoved,
            LiveQueryDestroyed,
            AgentOnline,
            AgentOffline,
            AgentUpdated,
            PostCreated,
            PostUpdated,
            TaskCreated,
            TaskUpdated,
            NotificationCreated,
            SignalReceived,
            StreamWarning,
            StreamError,
            StreamUnrecognised,
            ConnectionStatus,
        ]
    };

    /// The kind's name, as `device.telemetry`.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::DeviceTelemetry => "device.telemetry",
            Kind::DevicePresence => "device.presence",
            Kind::DeviceLocked => "device.locked",
            Kind::DeviceUnlocked => "device.unlocked",
            Kind::HostOnline => "host.online",
            Kind::HostOffline => "host.offline",
            Kind::HostEnrolled => "host.enrolled",
            Kind::QueryResult => "query.result",
            Kind::QueryComplete => "query.complete",
            Kind::QueryError => "query.error",
            Kind::JobScheduled => "job.scheduled",
            Kind::JobStarted => "job.started",
            Kind::JobCompleted => "job.completed",
            Kind::JobFailed => "job.failed",
            Kind::JobStatistics => "job.statistics",
            Kind::ActorCheckpoint => "actor.checkpoint",
            Kind::LiveQueryCreated => "live_query.created",
            Kind::LiveQueryData => "live_query.data",
            Kind::LiveQueryAdded => "live_query.added",
            Kind::LiveQueryUpdated => "live_query.updated",
            Kind::LiveQueryRemoved => "live_query.removed",
            Kind::LiveQueryDestroyed => "live_query.destroyed",
            Kind::AgentOnline => "agent.online",
            Kind::AgentOffline => "agent.offline",
            Kind::AgentUpdated => "agent.updated",
            Kind::PostCreated => "post.created",
            Kind::PostUpdated => "post.updated",
            Kind::TaskCreated => "task.created",
            Kind::TaskUpdated => "task.updated",
            Kind::NotificationCreated => "notification.created",
            Kind::SignalReceived => "signal.received",
            Kind::StreamWarning => "stream.warning",
            Kind::StreamError => "stream.error",
            Kind::StreamUnrecognised => "stream.unrecognised",
            Kind::ConnectionStatus => "connection.status",
        }
    }

    /// Whether events of this kind come in masses and may be dropped, counted, where there is no room. All others matter
    /// one by one.
    pub const fn is_bulk(self) -> bool {
        matches!(self, Kind::DeviceTelemetry | Kind::JobStatistics | Kind::LiveQueryData | Kind::StreamUnrecognised)
    }
}

impl StreamEvent<'_> {
    /// What kind of event it is.
    pub fn kind(&self) -> Kind {
        match &self.body {
            EventBody::Telemetry(_) => Kind::DeviceTelemetry,
            EventBody::Presence(_) => Kind::DevicePresence,
            EventBody::Lock(lock) if lock.locked => Kind::DeviceLocked,
            EventBody::Lock(_) => Kind::DeviceUnlocked,
            EventBody::Host(host) => match host.change {
                HostChange::Online => Kind::HostOnline,
                HostChange::Offline => Kind::HostOffline,
                HostChange::Enrolled => Kind::HostEnrolled,
            },
            EventBody::Query(query) => match query.answer {
                QueryAnswer::Result { .. } => Kind::QueryResult,
                QueryAnswer::Complete { .. } => Kind::QueryComplete,
                QueryAnswer::Error { .. } => Kind::QueryError,
            },
            EventBody::Job(job) => match job.phase {
                JobPhase::Scheduled => Kind::JobScheduled,
                JobPhase::Started => Kind::JobStarted,
                JobPhase::Completed => Kind::JobCompleted,
                JobPhase::Failed => Kind::JobFailed,
            },
            EventBody::JobStatistics(_) => Kind::JobStatistics,
            EventBody::Checkpoint(_) => Kind::ActorCheckpoint,
            EventBody::LiveQuery(query) => match query.change {
                LiveQueryChange::Created { .. } => Kind::LiveQueryCreated,
                LiveQueryChange::Data { .. } => Kind::LiveQueryData,
                LiveQueryChange::Added(_) => Kind::LiveQueryAdded,
                LiveQueryChange::Updated(_) => Kind::LiveQueryUpdated,
                LiveQueryChange::Removed { .. } => Kind::LiveQueryRemoved,
                LiveQueryChange::Destroyed => Kind::LiveQueryDestroyed,
            },
            EventBody::Agent(agent) => match agent.change {
                AgentChange::Online => Kind::AgentOnline,
                AgentChange::Offline => Kind::AgentOffline,
                AgentChange::Updated => Kind::AgentUpdated,
            },
            EventBody::Post(post) => match post.change {
                Change::Created => Kind::PostCreated,
                Change::Updated => Kind::PostUpdated,
            },
            EventBody::Task(task) => match task.change {
                Change::Created => Kind::TaskCreated,
                Change::Updated => Kind::TaskUpdated,
            },
            EventBody::Notification(_) => Kind::NotificationCreated,
            EventBody::Signal(_) => Kind::SignalReceived,
            EventBody::Warning(_) => Kind::StreamWarning,
            EventBody::Error(_) => Kind::StreamError,
            EventBody::Unrecognised(_) => Kind::StreamUnrecognised,
        }
    }

    /// The id of the entity that the event is about: a device, host, job, agent, post, live query, or for the stream's own
    /// notices the subscription or the message's type. Empty when the service named none.
    pub fn subject(&self) -> &str {
        match &self.body {
            EventBody::Telemetry(x) => &x.device,
            EventBody::Presence(x) => &x.device,
            EventBody::Lock(x) => &x.device,
            EventBody::Host(x) => &x.host,
            EventBody::Query(x) => match &x.answer {
                QueryAnswer::Result { host, .. } => host,
                QueryAnswer::Complete { query_id, .. } => query_id.as_deref().unwrap_or(""),
                QueryAnswer::Error { .. } => x.org,
            },
            EventBody::Job(x) => &x.job,
            EventBody::JobStatistics(x) => &x.definition,
            EventBody::Checkpoint(x) => &x.actor,
            EventBody::LiveQuery(x) => &x.query,
            EventBody::Agent(x) => &x.agent,
            EventBody::Post(x) => &x.post,
            EventBody::Task(x) => &x.task,
            EventBody::Notification(x) => &x.notification,
            EventBody::Signal(x) => x.signal.as_deref().unwrap_or(""),
            EventBody::Warning(x) | EventBody::Error(x) => x.subscription.as_deref().unwrap_or(""),
            EventBody::Unrecognised(x) => x.name,
        }
    }
}

/// Fields of a device that changed.
#[derive(Debug, Clone)]
pub struct Telemetry<'a> {
    /// The hardware id.
    pub device: Text<'a>,
    /// The fields that came, in the order they came.
    pub fields: &'a [Field<'a>],
    /// When the device last answered (`last_responded_at`).
    pub last_responded_at: Option<Timestamp>,
}

/// A device's presence.
#[derive(Debug, Clone)]
pub struct Presence<'a> {
    /// The hardware id.
    pub device: Text<'a>,
    /// `is_online`; `None` when the payload had none.
    pub online: Option<bool>,
    /// The other fields of the payload.
    pub fields: &'a [Field<'a>],
}

/// A lock event.
#[derive(Clone)]
pub struct Lock<'a> {
    /// The hardware id.
    pub device: Text<'a>,
    /// Locked, or else unlocked.
    pub locked: bool,
    /// The service's id of this event, by which copies are told.
    pub event_id: Option<Text<'a>>,
    /// How: `rfid`, `keypad`, `key`, `remote`, or a word to come.
    pub source: Option<Text<'a>>,
    /// The card's or keypad's code: somebody's secret. Never shown unmasked unasked.
    pub code: Option<Text<'a>>,
}

impl std::fmt::Debug for Lock<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lock")
            .field("device", &self.device)
            .field("locked", &self.locked)
            .field("event_id", &self.event_id)
            .field("source", &self.source)
            .field("code", &self.code.as_ref().map(|_| "masked"))
            .finish()
    }
}

/// A host's change.
#[derive(Debug, Clone)]
pub struct Host<'a> {
    /// The org whose channel told it.
    pub org: &'a str,
    /// `host_id`.
    pub host: Text<'a>,
    /// What happened.
    pub change: HostChange,
    /// `hostname`.
    pub hostname: Option<Text<'a>>,
    /// `platform`.
    pub platform: Option<Text<'a>>,
    /// `os_version`.
    pub os_version: Option<Text<'a>>,
    /// `ip_address`.
    pub ip_address: Option<Text<'a>>,
}

/// What happened to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostChange {
    /// It is connected.
    Online,
    /// It is not.
    Offline,
    /// It is part of the fleet from here on; that says nothing of its presence.
    Enrolled,
}

/// A part of the answer to a query run.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// The org that was asked.
    pub org: &'a str,
    /// The run it belongs to: our number from [`crate::Ask::RunQuery`]; `None` when nobody here asked.
    pub run: Option<u64>,
    /// The answer.
    pub answer: QueryAnswer<'a>,
}

/// What came for a run.
#[derive(Debug, Clone)]
pub enum QueryAnswer<'a> {
    /// One host's rows.
    Result {
        /// `host_id`.
        host: Text<'a>,
        /// `hostname`.
        hostname: Option<Text<'a>>,
        /// The rows: the JSON text of an array of objects, `[]` when the message had none.
        rows: &'a str,
        /// `status`, where the service says one: `ok`, `timeout`, `error`, `offline` or a word to come.
        status: Option<Text<'a>>,
        /// What the host said of a failure.
        error: Option<Text<'a>>,
    },
    /// The run is over.
    Complete {
        /// The service's id of the run.
        query_id: Option<Text<'a>>,
        /// Its counts.
        summary: QuerySummary,
    },
    /// The run failed, was refused, or was not answered in time.
    Error {
        /// What the service said, or a sentence about the silence.
        message: Text<'a>,
    },
}

/// Counts of a run; what the service did not say is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct QuerySummary {
    /// Hosts that were asked.
    pub total: Option<f64>,
    /// Hosts that answered.
    pub success: Option<f64>,
    /// Hosts that did not answer in time.
    pub timeout: Option<f64>,
    /// Hosts that failed.
    pub error: Option<f64>,
    /// How long it took.
    pub duration_ms: Option<f64>,
}

/// A job's step.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// `jobId`.
    pub job: Text<'a>,
    /// `jobDefinitionId`.
    pub definition: Option<Text<'a>>,
    /// Where it is.
    pub phase: JobPhase,
    /// `scheduledAt`.
    pub scheduled_at: Option<Timestamp>,
    /// `startedAt`.
    pub started_at: Option<Timestamp>,
    /// `finishedAt`.
    pub finished_at: Option<Timestamp>,
    /// `elapsedMs`.
    pub elapsed_ms: Option<f64>,
    /// What the service says of a failure (`error`, `message` or `result`, as a string or JSON text).
    pub error: Option<Text<'a>>,
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobPhase {
    /// It waits.
    Scheduled,
    /// It runs.
    Started,
    /// It ended well.
    Completed,
    /// It ended badly.
    Failed,
}

/// Counters of a job definition. The payload is not documented: every number in it is kept under its dotted path.
#[derive(Debug, Clone)]
pub struct JobStatistics<'a> {
    /// The job definition's id; empty when neither data nor path named one.
    pub definition: Text<'a>,
    /// Every number of the payload, by dotted path.
    pub numbers: &'a [(String, f64)],
}

/// A checkpoint of an actor.
#[derive(Debug, Clone)]
pub struct Checkpoint<'a> {
    /// `orders`, `payments`, `skus` or a custom one; empty when not named.
    pub actor_type: Text<'a>,
    /// The actor's id; empty when not named.
    pub actor: Text<'a>,
    /// Every number of the payload, by dotted path.
    pub numbers: &'a [(String, f64)],
}

/// A change of a live query.
#[derive(Debug, Clone)]
pub struct LiveQuery<'a> {
    /// Its id, which is ours.
    pub query: Text<'a>,
    /// What changed.
    pub change: LiveQueryChange<'a>,
}

/// What changed of a live query.
#[derive(Debug, Clone)]
pub enum LiveQueryChange<'a> {
    /// It exists.
    Created {
        /// Nodes that match.
        total: Option<u64>,
        /// Whether only the first ones are tracked.
        capped: bool,
    },
    /// A part of the initial result.
    Data {
        /// The nodes of this part.
        nodes: &'a [Node<'a>],
        /// Whether more parts follow.
        has_more: bool,
        /// Whether only the first ones are tracked.
        capped: bool,
    },
    /// A node matches from here on.
    Added(Node<'a>),
    /// A node changed.
    Updated(Node<'a>),
    /// A node matches no more.
    Removed {
        /// Its id.
        node: Text<'a>,
    },
    /// It is gone.
    Destroyed,
}

/// A node of a live query.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// Its id: `nodeId`, or the node's own `id`; empty when it has neither.
    pub id: Text<'a>,
    /// The JSON text of its data.
    pub json: &'a str,
}

/// An agent's change.
#[derive(Debug, Clone)]
pub struct Agent<'a> {
    /// `id`.
    pub agent: Text<'a>,
    /// What happened.
    pub change: AgentChange,
    /// `name`.
    pub name: Option<Text<'a>>,
    /// `description`.
    pub description: Option<Text<'a>>,
    /// `status`: `online`, `offline`, `busy` or a word to come.
    pub status: Option<Text<'a>>,
    /// `last_heartbeat`.
    pub last_heartbeat: Option<Timestamp>,
}

/// What happened to an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentChange {
    /// It is connected.
    Online,
    /// It is not.
    Offline,
    /// Its profile or status changed.
    Updated,
}

/// Made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Created,
    /// It was there before.
    Updated,
}

/// A post in a channel.
#[derive(Debug, Clone)]
pub struct Post<'a> {
    /// `id`.
    pub post: Text<'a>,
    /// What happened.
    pub change: Change,
    /// Whether it was deleted (`post:deleted`); then `change` is `Updated`.
    pub deleted: bool,
    /// `channel_id`.
    pub channel: Option<Text<'a>>,
    /// `author_id`.
    pub author: Option<Text<'a>>,
    /// `author_type`: `agent`, `user` or a word to come.
    pub author_type: Option<Text<'a>>,
    /// `type`.
    pub post_type: Option<Text<'a>>,
    /// `title`.
    pub title: Option<Text<'a>>,
    /// `content`.
    pub content: Option<Text<'a>>,
    /// `parent_id`: the post that it answers.
    pub parent: Option<Text<'a>>,
    /// `pinned`.
    pub pinned: Option<bool>,
    /// `created_at`.
    pub created_at: Option<Timestamp>,
    /// `updated_at`.
    pub updated_at: Option<Timestamp>,
}

/// A task.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// `id`.
    pub task: Text<'a>,
    /// What happened.
    pub change: Change,
    /// `channel_id`.
    pub channel: Option<Text<'a>>,
    /// `title`.
    pub title: Option<Text<'a>>,
    /// `status`.
    pub status: Option<Text<'a>>,
    /// `priority`.
    pub priority: Option<Text<'a>>,
    /// `assigned_to`.
    pub assigned_to: Option<Text<'a>>,
}

/// A notification of the agent service.
#[derive(Debug, Clone)]
pub struct Notification<'a> {
    /// `id`.
    pub notification: Text<'a>,
    /// `type`: `task_assignment`, `mention`, `reply`, `reaction`, `dm` or a word to come.
    pub notification_type: Option<Text<'a>>,
    /// `title`.
    pub title: Option<Text<'a>>,
    /// `body`.
    pub body: Option<Text<'a>>,
    /// `recipientId`.
    pub recipient: Option<Text<'a>>,
}

/// Something of an intelligence stream.
#[derive(Debug, Clone)]
pub struct Signal<'a> {
    /// The stream it came on; the type's own stream where the envelope names none, else empty.
    pub stream: Text<'a>,
    /// `type`: `signal_new`, `alert_issued`, `threat_pulse` or a word to come.
    pub signal_type: Text<'a>,
    /// `data.id`.
    pub signal: Option<Text<'a>>,
    /// Whether it issues or clears an alert.
    pub alert: Option<AlertChange>,
    /// `title`, or for alerts `threat`, or whatever says in a line what it is.
    pub title: Option<Text<'a>>,
    /// `description`.
    pub description: Option<Text<'a>>,
    /// `category`.
    pub category: Option<Text<'a>>,
    /// `severity` from 1, Routine, to 5, Critical; words are read too. `None` when absent or not understood.
    pub severity: Option<u8>,
    /// `lat` and `lng`, both in degrees.
    pub place: Option<(f64, f64)>,
    /// `cities` of an alert.
    pub cities: Vec<Text<'a>>,
}

/// What happens to an alert of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertChange {
    /// It holds from here on.
    Issued,
    /// It does not hold any more.
    Cleared,
}

/// A warning or an error of the service.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// A code of an open set: `QUEUE_OVERFLOW`, `INVALID_PATH`.
    pub code: Option<Text<'a>>,
    /// The service's own words.
    pub message: Text<'a>,
    /// The subscription it is about.
    pub subscription: Option<Text<'a>>,
    /// `requestId`.
    pub request_id: Option<Text<'a>>,
    /// How many events the service dropped, where it says so.
    pub dropped: Option<u64>,
}

/// A message that is not known or not readable.
#[derive(Debug, Clone)]
pub struct Unrecognised<'a> {
    /// Why.
    pub reason: Unread,
    /// The message's type, or for what is not readable a word for what it was: `text`, `binary`.
    pub name: &'a str,
}

/// Why a message was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is well formed and of a type that is not known.
    UnknownType,
    /// It is not what the protocol's frames are: not JSON, not the envelope, a known type with fields that do not fit.
    Malformed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_listed_in_their_order_and_named_as_they_serialise() {
        for (index, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("{:?}", kind.name()));
        }
    }
}
