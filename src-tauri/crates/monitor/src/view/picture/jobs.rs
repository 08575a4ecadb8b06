//! Jobs, their definitions, actors and live queries.

use serde::Serialize;
use ts_rs::TS;

use super::{Cell, EventRow, Rows, ThresholdRow};
use crate::view::Millis;

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
