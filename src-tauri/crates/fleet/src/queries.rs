//! Query runs: what was asked of which hosts, and what each answered.

use std::collections::VecDeque;

use compact_str::CompactString;
use hashbrown::HashMap;
use protocol::Timestamp;
use protocol::event::{QueryAnswer, QuerySummary};

use crate::applied::Applied;
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::table::{clip, clipped};

/// The last query runs of a connection.
#[derive(Debug)]
pub struct QueryRuns {
    runs: VecDeque<QueryRun>,
    version: u64,
    bounds: Bounds,
}

/// A query run.
#[derive(Debug, Clone)]
pub struct QueryRun {
    /// Our number of it.
    pub run: u64,
    /// The org that was asked; empty until it is known.
    pub org: CompactString,
    /// The SQL text.
    pub sql: Box<str>,
    /// `all`, or what the service understands as a target.
    pub target: CompactString,
    /// When it was asked.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Where it is.
    pub state: RunState,
    /// The service's id of it.
    pub query_id: Option<CompactString>,
    /// What the service counted.
    pub summary: Option<QuerySummary>,
    /// What the service said of a failure of the whole run.
    pub error: Option<Box<str>>,
    /// What came of each host, in the order it came. A host that is missing has not answered.
    pub hosts: Vec<HostAnswer>,
    /// Rows kept of all hosts.
    pub rows: usize,
    /// Bytes of the rows kept.
    pub bytes: usize,
    /// Rows that were not kept as there was no room: what is shown is not all.
    pub rows_dropped: u64,
    /// Hosts whose answer was not kept as there was no room.
    pub hosts_dropped: u64,
    positions: HashMap<CompactString, usize>,
    version: u64,
}

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Answers are awaited.
    Running,
    /// The service said that it is complete.
    Complete,
    /// It failed as a whole.
    Failed,
    /// The operator stopped it: who had not answered by then is not known.
    Stopped,
}

/// One host's answer.
#[derive(Debug, Clone)]
pub struct HostAnswer {
    /// `host_id`.
    pub host: CompactString,
    /// `hostname`.
    pub hostname: Option<CompactString>,
    /// How it went.
    pub outcome: Outcome,
    /// What the host said of a failure.
    pub error: Option<Box<str>>,
    /// Its rows: JSON arrays of objects, one for each message that came.
    pub rows: Vec<Box<str>>,
    /// How many rows those are.
    pub row_count: usize,
    /// When the last of it came.
    pub received: Timestamp,
}

/// How it went for one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It answered with rows.
    Answered,
    /// It answered without any.
    Empty,
    /// It failed.
    Error,
    /// It is not connected.
    Offline,
    /// It did not answer in time.
    Timeout,
}

impl QueryRuns {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        QueryRuns { runs: VecDeque::new(), version: 0, bounds: *bounds }
    }

    /// The runs, oldest first.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &QueryRun> + ExactSizeIterator {
        self.runs.iter()
    }

    /// The run of a number.
    pub fn get(&self, run: u64) -> Option<&QueryRun> {
        self.runs.iter().rev().find(|known| known.run == run)
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Notes that a run was asked for. `org` is `None` for the connection's first one.
    pub fn started(&mut self, run: u64, org: Option<&str>, sql: &str, target: &str, at: Timestamp) {
        self.version += 1;
        if self.runs.len() >= self.bounds.query_runs.max(1) {
            // A run that ended goes before one that still answers.
            let done = self.runs.iter().position(|run| run.state != RunState::Running).unwrap_or(0);
            self.runs.remove(done);
        }
        self.runs.push_back(QueryRun {
            run,
            org: clipped(org.unwrap_or(""), self.bounds.id_bytes),
            sql: clip(sql, self.bounds.text_bytes).into(),
            target: clipped(target, self.bounds.id_bytes),
            started: at,
            ended: None,
            state: RunState::Running,
            query_id: None,
            summary: None,
            error: None,
            hosts: Vec::new(),
            rows: 0,
            bytes: 0,
            rows_dropped: 0,
            hosts_dropped: 0,
            positions: HashMap::new(),
            version: self.version,
        });
    }

    /// Notes that a run was stopped; `false` when it is over or not known.
    pub fn stop(&mut self, run: u64, at: Timestamp) -> bool {
        let Some(known) = self.runs.iter_mut().find(|known| known.run == run && known.state == RunState::Running)
        else {
            return false;
        };
        self.version += 1;
        known.version = self.version;
        known.state = RunState::Stopped;
        known.ended = Some(at);
        true
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::Query<'_>,
        heard: Heard,
        counters: &mut Counters,
    ) -> Applied {
        let Some(number) = event.run else { return Applied::Taken };
        self.version += 1;
        let Some(run) = self.runs.iter_mut().rev().find(|known| known.run == number) else { return Applied::Late };
        run.version = self.version;
        if run.org.is_empty() {
            run.org = clipped(event.org, self.bounds.id_bytes);
        }
        match &event.answer {
            QueryAnswer::Result { .. } if run.state == RunState::Stopped => Applied::Late,
            QueryAnswer::Result { host, hostname, rows, status, error } => {
                let answer = HostAnswer {
                    host: clipped(host, self.bounds.id_bytes),
                    hostname: hostname.as_deref().map(|name| clipped(name, self.bounds.id_bytes)),
                    outcome: Outcome::of(status.as_deref(), error.is_some()),
                    error: error.as_deref().map(|error| clip(error, self.bounds.text_bytes).into()),
                    rows: Vec::new(),
                    row_count: 0,
                    received: heard.received,
                };
                run.answer(answer, rows, &self.bounds, counters)
            }
            QueryAnswer::Complete { query_id, summary } => {
                if run.state != RunState::Running {
                    return Applied::Duplicate;
                }
                run.state = RunState::Complete;
                run.ended = Some(heard.received);
                run.query_id = query_id.as_deref().map(|id| clipped(id, self.bounds.id_bytes));
                run.summary = Some(*summary);
                Applied::Taken
            }
            QueryAnswer::Error { message } => {
                if run.state != RunState::Running {
                    return Applied::Duplicate;
                }
                run.state = RunState::Failed;
                run.ended = Some(heard.received);
                run.error = Some(clip(message, self.bounds.text_bytes).into());
                Applied::Taken
            }
        }
    }
}

impl QueryRun {
    /// Whether what is kept is not all that came.
    pub fn is_capped(&self) -> bool {
        self.rows_dropped > 0 || self.hosts_dropped > 0
    }

    /// The version of all runs at which this one last changed.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Hosts that have not answered yet, of `hosts` that were asked; 0 once the run is over.
    pub fn waiting(&self, hosts: usize) -> usize {
        match self.state {
            RunState::Running => hosts.saturating_sub(self.hosts.len() + self.hosts_dropped as usize),
            RunState::Complete | RunState::Failed | RunState::Stopped => 0,
        }
    }

    fn answer(&mut self, answer: HostAnswer, rows: &str, bounds: &Bounds, counters: &mut Counters) -> Applied {
        let position = match self.positions.get(&answer.host) {
            Some(&position) => position,
            None if self.hosts.len() < bounds.query_hosts => {
                self.positions.insert(answer.host.clone(), self.hosts.len());
                self.hosts.push(answer.clone());
                self.hosts.len() - 1
            }
            None => {
                self.hosts_dropped += 1;
                counters.drop(Cause::QueryHosts, 1);
                return Applied::Refused;
            }
        };
        let count = count_rows(rows);
        let host = &mut self.hosts[position];
        host.received = answer.received;
        host.error = answer.error.or(host.error.take());
        let fits = self.rows + count <= bounds.query_rows && self.bytes + rows.len() <= bounds.query_bytes;
        if count > 0 && fits {
            host.rows.push(rows.into());
            host.row_count += count;
            self.rows += count;
            self.bytes += rows.len();
        } else if count > 0 {
            self.rows_dropped += count as u64;
            counters.drop(Cause::QueryRows, count as u64);
        }
        host.outcome = match answer.outcome {
            Outcome::Answered if host.row_count == 0 && count == 0 => Outcome::Empty,
            outcome => outcome,
        };
        Applied::Taken
    }
}

impl Outcome {
    /// Its word.
    pub const fn name(&self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::Empty => "empty",
            Outcome::Error => "error",
            Outcome::Offline => "offline",
            Outcome::Timeout => "timeout",
        }
    }

    fn of(status: Option<&str>, failed: bool) -> Self {
        match status {
            Some("offline") => Outcome::Offline,
            Some("timeout") => Outcome::Timeout,
            Some("error" | "failed") => Outcome::Error,
            _ if failed => Outcome::Error,
            _ => Outcome::Answered,
        }
    }
}

impl RunState {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            RunState::Running => "running",
            RunState::Complete => "complete",
            RunState::Failed => "failed",
            RunState::Stopped => "stopped",
        }
    }
}

/// How many elements a JSON array has, without keeping any.
fn count_rows(rows: &str) -> usize {
    serde_json::from_str::<Vec<serde::de::IgnoredAny>>(rows).map_or(0, |rows| rows.len())
}
