//! Jobs and their definitions: what runs, how it ended, how long it takes.

use std::collections::VecDeque;

use compact_str::CompactString;
use protocol::Timestamp;
use protocol::event::{JobPhase, JobStatistics};

use crate::applied::Applied;
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::definitions::{Definition, Definitions};
use crate::devices::Heard;
use crate::ends::Ends;
use crate::series::SeriesBudget;
use crate::table::{Row, Table, clip};

/// The jobs of a connection and their definitions.
#[derive(Debug)]
pub struct Jobs {
    table: Table<Job>,
    definitions: Definitions,
    /// Positions of finished jobs in the order they ended, with the job's serial number: that of a job that was given up
    /// since does not match any more.
    finished: VecDeque<(u32, u64)>,
    serial: u64,
    failures: VecDeque<Failure>,
    /// The latest failure that was given up.
    failure_given_up: Option<Timestamp>,
    /// Jobs as they ended before they ran again, oldest first.
    earlier: VecDeque<Job>,
    /// The latest end that was given up.
    given_up: Option<Timestamp>,
    /// All that ended, by the minute.
    ends: Ends,
    waiting: usize,
    running: usize,
    version: u64,
    bounds: Bounds,
}

/// A job.
#[derive(Debug, Clone)]
pub struct Job {
    /// `jobId`.
    pub id: CompactString,
    /// `jobDefinitionId`; empty until it is told.
    pub definition: CompactString,
    /// Where it is.
    pub phase: JobPhase,
    /// When it came there.
    pub at: Timestamp,
    /// `scheduledAt`, or when that event happened.
    pub scheduled_at: Option<Timestamp>,
    /// `startedAt`, or when that event happened.
    pub started_at: Option<Timestamp>,
    /// `finishedAt`, or when that event happened.
    pub finished_at: Option<Timestamp>,
    /// How long it ran, in milliseconds: `elapsedMs`, or from start to end.
    pub elapsed_ms: Option<f64>,
    /// What the service says of a failure.
    pub error: Option<Box<str>>,
    /// When it is counted to have come there: not after it was told, whatever a service's clock says.
    counted_at: Timestamp,
    heard: Timestamp,
    serial: u64,
    version: u64,
}

/// A job that failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// `jobId`.
    pub job: CompactString,
    /// `jobDefinitionId`.
    pub definition: CompactString,
    /// When it failed.
    pub at: Timestamp,
    /// What the service says of it.
    pub error: Option<Box<str>>,
}

impl Jobs {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Jobs {
            table: Table::new(bounds.jobs),
            definitions: Definitions::new(bounds),
            finished: VecDeque::new(),
            serial: 0,
            failures: VecDeque::new(),
            failure_given_up: None,
            earlier: VecDeque::new(),
            given_up: None,
            ends: Ends::default(),
            waiting: 0,
            running: 0,
            version: 0,
            bounds: *bounds,
        }
    }

    /// All jobs that are kept, in no order that means anything.
    pub fn rows(&self) -> &[Job] {
        self.table.rows()
    }

    /// Jobs as they ended, in no order that means anything: one that ran again is there with each of its ends.
    pub fn ended(&self) -> impl Iterator<Item = &Job> {
        self.table.rows().iter().filter(|job| rank(job.phase) == 2).chain(&self.earlier)
    }

    /// Since when [`Jobs::ended`] has all ends that were told; `None` where none was given up.
    pub fn ended_since(&self) -> Option<Timestamp> {
        self.given_up.map(just_after)
    }

    /// All jobs that ended, by the minute, those too that are not kept any more.
    pub fn ends_by_minute(&self) -> &Ends {
        &self.ends
    }

    /// Since when [`Jobs::failures`] has all failures that were told; `None` where none was given up.
    pub fn failures_since(&self) -> Option<Timestamp> {
        self.failure_given_up.map(just_after)
    }

    /// The job of an id.
    pub fn get(&self, id: &str) -> Option<&Job> {
        self.table.get(id)
    }

    /// The job definitions.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Recent failures, oldest first.
    pub fn failures(&self) -> impl DoubleEndedIterator<Item = &Failure> + ExactSizeIterator {
        self.failures.iter()
    }

    /// Jobs that run.
    pub fn running(&self) -> usize {
        self.running
    }

    /// Jobs that are scheduled and do not run yet.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::Job<'_>,
        heard: Heard,
        budget: &mut SeriesBudget,
        counters: &mut Counters,
    ) -> Applied {
        if event.job.is_empty() || event.job.len() > self.bounds.id_bytes {
            counters.drop(Cause::Jobs, 1);
            return Applied::Refused;
        }
        let definition = event.definition.as_deref().filter(|id| id.len() <= self.bounds.id_bytes);
        let Some(position) = self.table.position("", &event.job) else {
            let position = self.make_room_and_push(event, heard, counters);
            if let Some(id) = definition {
                self.name_definition(position, id, heard, budget, counters);
            }
            self.enter(position, event, heard);
            return self.outcome(event.phase);
        };
        if let Some(id) = definition
            && self.table.at(position).is_some_and(|job| job.definition.is_empty())
        {
            self.leave(position);
            self.name_definition(position, id, heard, budget, counters);
            let phase = self.table.at_mut(position).phase;
            self.count(position, phase, 1);
        }
        let job = self.table.at_mut(position);
        job.heard = job.heard.max(heard.received);
        let time = event.time(heard.at);
        let follows = match (rank(event.phase), rank(job.phase)) {
            (new, known) if new > known => true,
            (new, known) if new == known && event.phase == job.phase => {
                job.fill(event);
                // The end is as late as the latest word of it, so that the order of arrival does not matter.
                if known == 2 && time > job.at {
                    self.leave(position);
                    let job = self.table.at_mut(position);
                    job.at = time;
                    job.counted_at = time.min(heard.received);
                    self.count(position, event.phase, 1);
                }
                return Applied::Duplicate;
            }
            // Both ended it: the later one is right.
            (new, known) if new == known => time > job.at,
            // An earlier step after the end is a new run only when the service's own clock says so.
            _ => event.told_time().is_some_and(|told| told > job.at) && rank(job.phase) == 2,
        };
        if !follows {
            job.fill(event);
            self.version += 1;
            return Applied::Late;
        }
        if rank(event.phase) < rank(job.phase) {
            self.run_again(position, heard, counters);
        } else {
            self.leave(position);
        }
        self.enter(position, event, heard);
        self.outcome(event.phase)
    }

    pub(crate) fn statistics(
        &mut self,
        event: &JobStatistics<'_>,
        heard: Heard,
        budget: &mut SeriesBudget,
        counters: &mut Counters,
    ) -> Applied {
        self.version += 1;
        match self.definitions.entry(&event.definition, heard, budget, counters) {
            Some(definition) => {
                definition.numbers.apply(event.numbers, heard, self.bounds.numbers, budget, counters);
                Applied::Taken
            }
            None => Applied::Refused,
        }
    }

    fn outcome(&self, phase: JobPhase) -> Applied {
        match phase {
            JobPhase::Scheduled | JobPhase::Started => Applied::Taken,
            JobPhase::Completed => Applied::JobCompleted,
            JobPhase::Failed => Applied::JobFailed,
        }
    }

    fn make_room_and_push(&mut self, event: &protocol::event::Job<'_>, heard: Heard, counters: &mut Counters) -> usize {
        self.serial += 1;
        let job = Job {
            id: event.job.as_str().into(),
            definition: CompactString::default(),
            phase: event.phase,
            at: heard.at,
            scheduled_at: None,
            started_at: None,
            finished_at: None,
            elapsed_ms: None,
            error: None,
            counted_at: heard.at.min(heard.received),
            heard: heard.received,
            serial: self.serial,
            version: self.version,
        };
        if !self.table.is_full() {
            return self.table.push(job);
        }
        let mut victim = None;
        while let Some((position, serial)) = self.finished.pop_front() {
            if self.table.at(position as usize).is_some_and(|job| job.serial == serial && rank(job.phase) == 2) {
                victim = Some(position as usize);
                break;
            }
        }
        let victim = victim.unwrap_or_else(|| self.table.quietest());
        if self.table.at(victim).is_some_and(|job| rank(job.phase) < 2) {
            self.leave(victim);
        }
        let gone = self.table.replace(victim, job);
        self.give_up(&gone, heard, counters);
        victim
    }

    /// Makes a job that ended ready for another run; how it ended is kept and stays counted.
    fn run_again(&mut self, position: usize, heard: Heard, counters: &mut Counters) {
        self.serial += 1;
        let job = self.table.at_mut(position);
        let again = Job {
            id: job.id.clone(),
            definition: job.definition.clone(),
            scheduled_at: None,
            started_at: None,
            finished_at: None,
            elapsed_ms: None,
            error: None,
            // It is not where it was in the order of ends.
            serial: self.serial,
            ..*job
        };
        let ended = std::mem::replace(job, again);
        if self.earlier.len() >= self.bounds.earlier_runs.max(1)
            && let Some(gone) = self.earlier.pop_front()
        {
            self.give_up(&gone, heard, counters);
        }
        self.earlier.push_back(ended);
    }

    /// Notes what is not known any more.
    fn give_up(&mut self, gone: &Job, heard: Heard, counters: &mut Counters) {
        counters.drop(Cause::Jobs, 1);
        // An end that a service's clock puts into the future makes nothing unknown that is yet to come.
        let ended = gone.finished_at.filter(|_| rank(gone.phase) == 2).map(|at| at.min(heard.received));
        self.given_up = self.given_up.max(ended);
    }

    fn name_definition(
        &mut self,
        position: usize,
        id: &str,
        heard: Heard,
        budget: &mut SeriesBudget,
        counters: &mut Counters,
    ) {
        if self.definitions.entry(id, heard, budget, counters).is_some() {
            self.table.at_mut(position).definition = id.into();
        }
    }

    /// Puts a job into its phase and counts it there.
    fn enter(&mut self, position: usize, event: &protocol::event::Job<'_>, heard: Heard) {
        self.version += 1;
        let version = self.version;
        let time = event.time(heard.at);
        let job = self.table.at_mut(position);
        job.version = version;
        job.phase = event.phase;
        job.at = time;
        job.counted_at = time.min(heard.received);
        match event.phase {
            JobPhase::Scheduled => job.scheduled_at = Some(time),
            JobPhase::Started => job.started_at = Some(time),
            JobPhase::Completed | JobPhase::Failed => job.finished_at = Some(time),
        }
        job.error = (event.phase == JobPhase::Failed)
            .then(|| event.error.as_deref().map(|error| clip(error, self.bounds.text_bytes).into()))
            .flatten();
        job.fill(event);
        if rank(event.phase) == 2 {
            let (serial, elapsed, definition) = (job.serial, job.elapsed_ms, job.definition.clone());
            if event.phase == JobPhase::Failed {
                let failure =
                    Failure { job: job.id.clone(), definition: definition.clone(), at: time, error: job.error.clone() };
                if self.failures.len() >= self.bounds.failures.max(1)
                    && let Some(gone) = self.failures.pop_front()
                {
                    self.failure_given_up = self.failure_given_up.max(Some(gone.at.min(heard.received)));
                }
                self.failures.push_back(failure);
            }
            if let (Some(elapsed), Some(definition)) = (elapsed, self.definitions.get_mut(&definition)) {
                definition.took(elapsed);
            }
            if self.finished.len() >= 2 * self.bounds.jobs.max(1) {
                let table = &self.table;
                self.finished.retain(|&(position, serial)| {
                    table.at(position as usize).is_some_and(|job| job.serial == serial && rank(job.phase) == 2)
                });
            }
            self.finished.push_back((position as u32, serial));
        }
        self.count(position, event.phase, 1);
    }

    /// Takes a job out of the counts of its phase.
    fn leave(&mut self, position: usize) {
        let phase = self.table.at_mut(position).phase;
        self.count(position, phase, -1);
    }

    fn count(&mut self, position: usize, phase: JobPhase, by: i64) {
        let Some(job) = self.table.at(position) else { return };
        match phase {
            JobPhase::Scheduled => self.waiting = self.waiting.saturating_add_signed(by as isize),
            JobPhase::Started => self.running = self.running.saturating_add_signed(by as isize),
            JobPhase::Completed | JobPhase::Failed => self.ends.count(job.counted_at, phase == JobPhase::Failed, by),
        }
        if let Some(definition) = self.definitions.get_mut(&job.definition) {
            definition.count(phase, by, job.counted_at);
            if rank(phase) == 2 && by > 0 {
                definition.ended(job);
            } else if phase == JobPhase::Failed {
                definition.ways.take_back(job.error.as_deref());
            }
        }
    }

    /// The definition of a job.
    pub fn definition(&self, job: &Job) -> Option<&Definition> {
        self.definitions.get(&job.definition)
    }
}

impl Row for Job {
    fn key(&self) -> (&str, &str) {
        ("", &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}

impl Job {
    /// The version of all jobs at which this one last changed.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Takes what the event knows of other steps, where that was not known.
    fn fill(&mut self, event: &protocol::event::Job<'_>) {
        self.scheduled_at = self.scheduled_at.or(event.scheduled_at);
        self.started_at = self.started_at.or(event.started_at);
        if rank(self.phase) == 2 {
            self.finished_at = self.finished_at.or(event.finished_at);
            let ran = || Some(self.finished_at?.since(self.started_at?) as f64);
            self.elapsed_ms = event.elapsed_ms.filter(|ms| ms.is_finite()).or(self.elapsed_ms).or_else(ran);
        }
    }
}

trait Timed {
    /// When the step was made, as the service tells it in the event's own data.
    fn told_time(&self) -> Option<Timestamp>;

    fn time(&self, at: Timestamp) -> Timestamp {
        self.told_time().unwrap_or(at)
    }
}

impl Timed for protocol::event::Job<'_> {
    fn told_time(&self) -> Option<Timestamp> {
        match self.phase {
            JobPhase::Scheduled => self.scheduled_at,
            JobPhase::Started => self.started_at,
            JobPhase::Completed | JobPhase::Failed => self.finished_at,
        }
    }
}

fn just_after(at: Timestamp) -> Timestamp {
    Timestamp(at.millis().saturating_add(1))
}

/// How far along a phase is; both ends are as far.
pub(crate) fn rank(phase: JobPhase) -> u8 {
    match phase {
        JobPhase::Scheduled => 0,
        JobPhase::Started => 1,
        JobPhase::Completed | JobPhase::Failed => 2,
    }
}

/// A phase's word.
pub const fn phase_name(phase: JobPhase) -> &'static str {
    match phase {
        JobPhase::Scheduled => "scheduled",
        JobPhase::Started => "running",
        JobPhase::Completed => "completed",
        JobPhase::Failed => "failed",
    }
}
