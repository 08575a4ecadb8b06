//! Hosts and the SQL console.

use serde::Serialize;
use ts_rs::TS;

use super::{Cell, Rows};
use crate::view::Millis;

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
    /// When it was enrolled, where that was told.
    pub enrolled_at: Option<Millis>,
    /// When anything last came of it.
    pub heard_at: Millis,
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
    /// Who: `all`, or a host.
    pub target: String,
    /// When.
    pub started_at: Millis,
    /// When it ended; null while it runs.
    pub ended_at: Option<Millis>,
    /// Why it failed.
    pub error: Option<String>,
    /// Rows that came.
    pub rows: u32,
    /// Whether the operator ended it before it was complete.
    pub stopped: bool,
    /// Rows that did not fit here.
    pub dropped: u32,
    /// Hosts whose answer did not fit here.
    pub hosts_dropped: u32,
    /// Hosts asked: the service's count once it is complete, or those it told of where it gave none.
    pub hosts: Option<u32>,
    /// Hosts that answered, with rows or without.
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
    /// Nothing yet, or nothing until the run was stopped.
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
    /// Whether it is online by now; null when nobody has said, or it is known no more.
    pub online: Option<bool>,
    /// Since when that is so.
    pub since: Option<Millis>,
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
    /// The rows in sight, in the order they came where no other was asked for.
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
    /// Its hosts.
    pub hosts: u32,
    /// Those that are online, as last heard.
    pub online: u32,
}
