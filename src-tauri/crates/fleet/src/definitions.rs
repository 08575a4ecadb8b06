//! Job definitions: counts, durations and the service's own statistics.

use std::collections::VecDeque;

use compact_str::CompactString;
use protocol::Timestamp;
use protocol::event::JobPhase;

use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::ends::Ends;
use crate::jobs::Job;
use crate::numbers::Numbers;
use crate::series::SeriesBudget;
use crate::table::{Row, Table};
use crate::ways::Ways;

/// The job definitions of a connection.
#[derive(Debug)]
pub struct Definitions {
    table: Table<Definition>,
    id_bytes: usize,
    durations: usize,
}

/// A job definition.
#[derive(Debug)]
pub struct Definition {
    /// `jobDefinitionId`.
    pub id: CompactString,
    /// Jobs that are scheduled and do not run yet.
    pub scheduled: u64,
    /// Jobs that run.
    pub running: u64,
    /// Jobs that ended well, of all that were seen.
    pub completed: u64,
    /// Jobs that failed, of all that were seen.
    pub failed: u64,
    /// Its jobs that ended, by the minute.
    pub ends: Ends,
    /// How its jobs fail.
    pub ways: Ways,
    /// When the first of its jobs ended, of all that were told.
    pub first_end: Option<Timestamp>,
    /// When one of its jobs last moved on.
    pub last: Option<Timestamp>,
    /// The service's statistics of it.
    pub numbers: Numbers,
    durations: VecDeque<f32>,
    durations_cap: usize,
    heard: Timestamp,
}

impl Definitions {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Definitions {
            table: Table::new(bounds.job_definitions),
            id_bytes: bounds.id_bytes,
            durations: bounds.durations.max(1),
        }
    }

    /// All definitions.
    pub fn rows(&self) -> &[Definition] {
        self.table.rows()
    }

    /// The definition of an id.
    pub fn get(&self, id: &str) -> Option<&Definition> {
        self.table.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Definition> {
        self.table.position("", id).map(|position| self.table.at_mut(position))
    }

    pub(crate) fn entry(
        &mut self,
        id: &str,
        heard: Heard,
        budget: &mut SeriesBudget,
        counters: &mut Counters,
    ) -> Option<&mut Definition> {
        if id.len() > self.id_bytes {
            counters.drop(Cause::JobDefinitions, 1);
            return None;
        }
        let position = match self.table.position("", id) {
            Some(position) => position,
            None => {
                let (position, old) = self.table.push_or_replace(Definition {
                    id: id.into(),
                    scheduled: 0,
                    running: 0,
                    completed: 0,
                    failed: 0,
                    ends: Ends::default(),
                    ways: Ways::default(),
                    first_end: None,
                    last: None,
                    numbers: Numbers::default(),
                    durations: VecDeque::new(),
                    durations_cap: self.durations,
                    heard: heard.received,
                });
                if let Some(mut old) = old {
                    old.numbers.release(budget);
                    counters.drop(Cause::JobDefinitions, 1);
                }
                position
            }
        };
        let definition = self.table.at_mut(position);
        definition.heard = definition.heard.max(heard.received);
        Some(definition)
    }
}

impl Definition {
    /// The duration in milliseconds that a share of the recent jobs did not exceed, as 0.5 or 0.95; by the nearest rank.
    pub fn percentile(&self, share: f64) -> Option<f64> {
        let mut sorted: Vec<f32> = self.durations.iter().copied().collect();
        if sorted.is_empty() {
            return None;
        }
        let rank = ((share.clamp(0.0, 1.0) * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1;
        let (_, value, _) = sorted.select_nth_unstable_by(rank, f32::total_cmp);
        Some(f64::from(*value))
    }

    /// Recent durations in milliseconds, oldest first.
    pub fn durations(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        self.durations.iter().map(|&ms| f64::from(ms))
    }

    /// The share of ended jobs that ended well, from 0 to 1; `None` before the first one ended.
    pub fn success_rate(&self) -> Option<f64> {
        let ended = self.completed + self.failed;
        (ended > 0).then(|| self.completed as f64 / ended as f64)
    }

    pub(crate) fn took(&mut self, elapsed_ms: f64) {
        if !elapsed_ms.is_finite() || elapsed_ms < 0.0 {
            return;
        }
        if self.durations.len() >= self.durations_cap {
            self.durations.pop_front();
        }
        self.durations.push_back(elapsed_ms as f32);
    }

    /// Notes when and how a job ended.
    pub(crate) fn ended(&mut self, job: &Job) {
        let at = job.finished_at.unwrap_or(job.at);
        self.first_end = Some(self.first_end.map_or(at, |first| first.min(at)));
        if job.phase == JobPhase::Failed {
            self.ways.count(&job.id, job.error.as_deref(), at);
        }
    }

    pub(crate) fn count(&mut self, phase: JobPhase, by: i64, at: Timestamp) {
        let count = match phase {
            JobPhase::Scheduled => &mut self.scheduled,
            JobPhase::Started => &mut self.running,
            JobPhase::Completed => &mut self.completed,
            JobPhase::Failed => &mut self.failed,
        };
        *count = count.saturating_add_signed(by);
        if matches!(phase, JobPhase::Completed | JobPhase::Failed) {
            self.ends.count(at, phase == JobPhase::Failed, by);
        }
        self.last = self.last.max(Some(at));
    }
}

impl Row for Definition {
    fn key(&self) -> (&str, &str) {
        ("", &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}
