//! Jobs, their definitions, actors and live queries.

use serde::Serialize;
use ts_rs::TS;

use super::{AlertState, Cell, EventRow, Rows, Severity, ThresholdRow};
use crate::view::Millis;

/// A job definition.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
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
    /// What rules compare those with.
    pub thresholds: Vec<ThresholdRow>,
    /// When one last ended well, of the jobs that are kept.
    pub last_completed_at: Option<Millis>,
    /// When one last failed, of the jobs that are kept.
    pub last_failed_at: Option<Millis>,
    /// What the last failure said.
    pub last_error: Option<String>,
    /// The first failure after the last good end; null where the last one ended well.
    pub failing_since: Option<Millis>,
    /// Failures since the last good end.
    pub failed_in_row: u32,
    /// How its jobs ended in the last hour; of a connection that is lost, in the hour before that.
    pub lately: Ended,
    /// Since when that is counted, where it is for less than an hour: it was not listened before.
    pub lately_since: Option<Millis>,
    /// Until when that is counted: when its connection was lost; null while it is heard.
    pub lately_until: Option<Millis>,
    /// The worst alert about it that is open, those that fire first; null where none is.
    pub alert: Option<DefinitionAlert>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// An open alert about a job definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionAlert {
    /// Its id.
    pub id: String,
    /// Its rule.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// How it is.
    pub state: AlertState,
    /// What is wrong, in one line.
    pub title: String,
    /// Further open alerts about the same definition.
    pub others: u32,
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

/// One way in which the jobs of a definition fail.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorRow {
    /// What the service said the last time; null where it gave no reason. Its numbers may have been others before.
    pub error: Option<String>,
    /// How often, of all that were told.
    pub count: u32,
    /// The first time.
    pub first_at: Millis,
    /// Whether it may have been so before: it is the first end that was told, or other ways are not kept any more.
    pub maybe_before: bool,
    /// The last time.
    pub last_at: Millis,
    /// The job that failed so last; null when it is not kept any more.
    pub job: Option<String>,
}

/// A number that is told of a definition or an actor.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NumberRow {
    /// Its dotted path in the data.
    pub name: String,
    /// Its newest value.
    pub value: f64,
    /// When that was told.
    pub at: Millis,
}

/// How many jobs ended in a time, and how many of them failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// All that ended.
    pub jobs: u32,
    /// Those that failed.
    pub failed: u32,
}

/// How the jobs of a definition ended lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// Since when all ends are known, where that is for less than an hour: it was not listened before, or they are not kept.
    pub since: Option<Millis>,
    /// In the last hour, or since then.
    pub lately: Ended,
    /// In the hour before the last; null where not all of that is known.
    pub before: Option<Ended>,
    /// In the first half of the time since then, where that is known for less than an hour and not too short to be halved.
    pub half: Option<Half>,
}

/// How jobs ended in the first half of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Half {
    /// When the second one begins.
    pub until: Millis,
    /// Those that ended before.
    pub ended: Ended,
}

/// A definition's page.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionPage {
    /// The definition.
    pub definition: DefinitionRow,
    /// Its jobs: those that run, those that wait, then those that ended, the latest first.
    pub jobs: Vec<JobRow>,
    /// Its jobs that are kept and not listed.
    pub more_jobs: u32,
    /// The ways in which they fail, the most frequent first, and of alike the latest.
    pub errors: Vec<ErrorRow>,
    /// How many rarer ways are not listed; null where that is not known.
    pub more_errors: Option<u32>,
    /// When the first of its jobs ended that were told: of what was before, nothing is known here.
    pub known_since: Option<Millis>,
    /// How they ended lately; null where its connection is not live.
    pub trend: Option<Trend>,
    /// The service's statistics of it.
    pub numbers: Vec<NumberRow>,
}

/// A job's page.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobPage {
    /// The job.
    pub job: JobRow,
    /// What is known of its definition.
    pub story: Option<DefinitionPage>,
    /// What was told of it, the latest first.
    pub events: Vec<EventRow>,
}

/// An actor's page.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActorPage {
    /// The actor.
    pub actor: ActorRow,
    /// The numbers of its checkpoints.
    pub numbers: Vec<NumberRow>,
    /// Its checkpoints that are kept, the latest first.
    pub events: Vec<EventRow>,
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
    /// Whether its connection is not live.
    pub stale: bool,
}

/// What a live query asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LiveQueryAsked {
    /// The graph's edge.
    pub edge: String,
    /// Its filter.
    pub filter: Option<String>,
    /// Its order.
    pub order_by: Option<String>,
}

/// How many actors there are of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActorTypeRow {
    /// The type.
    pub actor_type: String,
    /// How many.
    pub count: u32,
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
    /// What it asks for; null where it was not asked for here.
    pub asked: Option<LiveQueryAsked>,
    /// Whether it was destroyed: what is shown is the last of it.
    pub destroyed: bool,
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
    /// Since when all that ended are among those; null where none was left out.
    pub finished_from: Option<Millis>,
    /// The actors that were asked for, the liveliest first.
    pub actors: Vec<ActorRow>,
    /// Those that are not listed.
    pub more_actors: u32,
    /// All actors by type, asked for or not.
    pub actor_types: Vec<ActorTypeRow>,
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
