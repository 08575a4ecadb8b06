//! The jobs as their events told of them: those at work, and the finished ones of a while.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

use super::encode;
use crate::wire::rfc3339;
use crate::world::jobs::{Job, State};

/// How many finished jobs are remembered. The world bounds those at work.
const FINISHED: usize = 5_000;

#[derive(Debug, Default)]
pub(crate) struct JobLog {
    open: HashMap<String, Record>,
    finished: VecDeque<Record>,
}

/// A job with the times that its events had, whatever has become of the clock since. In milliseconds since 1970.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    id: String,
    definition: &'static str,
    state: State,
    scheduled_at: u64,
    started_at: Option<u64>,
    finished_at: Option<u64>,
    elapsed_ms: Option<f64>,
    error: Option<&'static str>,
}

impl JobLog {
    /// Takes note that a job has moved on. Its times count from `epoch`.
    pub(crate) fn note(&mut self, job: &Job, epoch: u64) {
        let mut record = self.open.remove(&job.id).unwrap_or_else(|| Record {
            id: job.id.clone(),
            definition: job.definition,
            state: job.state,
            scheduled_at: epoch + job.scheduled_at,
            started_at: None,
            finished_at: None,
            elapsed_ms: None,
            error: None,
        });
        record.state = job.state;
        match job.state {
            State::Pending => {}
            State::Running => record.started_at = job.started_at.map(|at| epoch + at),
            State::Completed | State::Failed => {
                record.finished_at = job.finished_at.map(|at| epoch + at);
                record.elapsed_ms = Some(encode::elapsed_ms(job));
                record.error = job.error;
                if self.finished.len() == FINISHED {
                    self.finished.pop_front();
                }
                self.finished.push_back(record);
                return;
            }
        }
        self.open.insert(record.id.clone(), record);
    }

    /// All jobs that are remembered, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Record> {
        self.finished.iter().chain(self.open.values())
    }

    pub(crate) fn job(&self, id: &str) -> Option<&Record> {
        self.open.get(id).or_else(|| self.finished.iter().rev().find(|record| record.id == id))
    }
}

impl Record {
    /// The job as a node of the graph.
    pub(crate) fn node(&self) -> Value {
        json!({
            "id": self.id, "jobId": self.id, "jobDefinitionId": self.definition, "state": self.state.name(),
            "scheduledAt": rfc3339(self.scheduled_at), "startedAt": self.started_at.map(rfc3339),
            "finishedAt": self.finished_at.map(rfc3339), "elapsedMs": self.elapsed_ms, "error": self.error,
        })
    }

    /// The job as the resource `jobs/{id}`.
    pub(crate) fn resource(&self) -> Value {
        let mut node = self.node();
        if let Some(fields) = node.as_object_mut() {
            fields.remove("id");
            fields.insert("result".to_owned(), Value::Null);
        }
        node
    }
}
