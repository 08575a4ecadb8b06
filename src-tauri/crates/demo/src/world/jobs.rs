//! Background jobs: scheduled, started, then completed or failed, each after its definition's own time and chance.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

use super::TICK_MS;
use super::random::Random;

/// No more jobs than this wait or run at once.
const UNFINISHED: usize = 50_000;
/// Finished jobs that are remembered.
const REMEMBERED: usize = 400;
/// How long one bucket of statistics is, and how often it is reported, in simulated milliseconds.
pub(crate) const BUCKET_MS: u64 = 60_000;
const STATISTICS_MS: u64 = 2_000;

#[derive(Debug, Clone, Copy)]
struct Definition {
    id: &'static str,
    typical_ms: f64,
    failure: f64,
    weight: f64,
    errors: [&'static str; 2],
}

const fn definition(
    id: &'static str,
    typical_ms: f64,
    failure: f64,
    weight: f64,
    errors: [&'static str; 2],
) -> Definition {
    Definition { id, typical_ms, failure, weight, errors }
}

const DEFINITIONS: [Definition; 8] = [
    definition(
        "sync-inventory",
        4_000.0,
        0.008,
        6.0,
        ["Warehouse API answered 503", "Stock level below zero for 3 SKUs"],
    ),
    definition("send-receipt", 350.0, 0.002, 10.0, ["Mailbox unavailable", "Template receipt-v4 is missing a field"]),
    definition("capture-payment", 900.0, 0.006, 8.0, ["Card declined", "The payment provider timed out"]),
    definition("reprice-catalogue", 12_000.0, 0.01, 1.0, ["Price list is locked", "Out of memory at item 48,211"]),
    // One that is in trouble, so that a fleet of a minute's age has a failing job to look into.
    definition("export-ledger", 9_000.0, 0.3, 1.0, ["The ledger does not balance", "SFTP host key changed"]),
    definition("resize-images", 1_500.0, 0.004, 4.0, ["Unsupported colour profile", "The file is truncated"]),
    definition("reindex-search", 6_000.0, 0.01, 1.5, ["A shard is read-only", "Mapping conflict on field size"]),
    definition("poll-carriers", 700.0, 0.012, 5.0, ["Carrier DPD answered 429", "The tracking number is unknown"]),
];

/// The job definitions' ids.
pub(crate) fn definition_ids() -> impl Iterator<Item = &'static str> {
    DEFINITIONS.iter().map(|definition| definition.id)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Running,
    Completed,
    Failed,
}

impl State {
    /// The state's name as the graph shows it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::Completed => "completed",
            State::Failed => "failed",
        }
    }
}

/// A job. Times are simulated milliseconds since the start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) definition: &'static str,
    pub(crate) state: State,
    pub(crate) scheduled_at: u64,
    pub(crate) started_at: Option<u64>,
    pub(crate) finished_at: Option<u64>,
    pub(crate) elapsed_ms: f64,
    pub(crate) error: Option<&'static str>,
    number: u64,
    which: usize,
}

/// The counts of one definition in one bucket of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Statistics {
    pub(crate) definition: &'static str,
    pub(crate) bucket_start: u64,
    pub(crate) scheduled: u64,
    pub(crate) started: u64,
    pub(crate) completed: u64,
    pub(crate) failed: u64,
    pub(crate) running: u64,
    pub(crate) total_elapsed_ms: f64,
    pub(crate) longest_ms: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum JobEvent {
    /// The job is in the state that it says.
    Moved(Job),
    /// A finished job is no longer remembered.
    Forgotten {
        id: String,
    },
    Statistics(Statistics),
}

/// All jobs.
#[derive(Debug)]
pub(crate) struct Jobs {
    random: Random,
    now: u64,
    /// New jobs per event of the budget: each job makes three events.
    owed: f64,
    number: u64,
    unfinished: HashMap<u64, Job>,
    /// When which unfinished job moves on.
    moves: BinaryHeap<Reverse<(u64, u64)>>,
    finished: VecDeque<Job>,
    statistics: Vec<Statistics>,
    quiet: bool,
}

impl Jobs {
    /// With `quiet` nothing happens but what is asked for. `first` is where the numbers begin that ids are made of.
    pub(crate) fn new(seed: u64, first: u64, quiet: bool) -> Self {
        let statistics =
            definition_ids().map(|definition| Statistics { definition, ..Statistics::default() }).collect();
        Jobs {
            random: Random::of(seed, "jobs"),
            now: 0,
            owed: 0.0,
            number: first,
            unfinished: HashMap::new(),
            moves: BinaryHeap::new(),
            finished: VecDeque::new(),
            statistics,
            quiet,
        }
    }

    /// Simulated milliseconds since the start.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    /// One tick, in which about `count` job events are wanted in the long run.
    pub(crate) fn step(&mut self, count: usize, events: &mut Vec<JobEvent>) {
        self.now += TICK_MS;
        self.owed += count as f64 / 3.0;
        while self.owed >= 1.0 {
            self.owed -= 1.0;
            if self.unfinished.len() < UNFINISHED {
                let weights = DEFINITIONS.map(|definition| definition.weight);
                let which = self.random.weighted(&weights);
                self.schedule(which, events);
            }
        }
        while let Some(&Reverse((at, number))) = self.moves.peek()
            && at <= self.now
        {
            self.moves.pop();
            self.advance(number, None, events);
        }
        if !self.quiet && self.now.is_multiple_of(STATISTICS_MS) {
            self.report(events);
        }
    }

    /// Runs a job of the definition from its schedule to its end within this moment.
    pub(crate) fn run_now(&mut self, definition: &str, fails: bool, events: &mut Vec<JobEvent>) -> Option<String> {
        let which = DEFINITIONS.iter().position(|known| known.id == definition)?;
        let number = self.schedule(which, events);
        let id = self.unfinished.get(&number)?.id.clone();
        self.advance(number, None, events);
        self.advance(number, Some(fails), events);
        Some(id)
    }

    /// Remembered jobs, unfinished ones first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Job> {
        self.unfinished.values().chain(&self.finished)
    }

    fn schedule(&mut self, which: usize, events: &mut Vec<JobEvent>) -> u64 {
        self.number += 1;
        let number = self.number;
        let job = Job {
            id: Random::of(number, &self.random.uuid()).uuid(),
            definition: DEFINITIONS[which].id,
            state: State::Pending,
            scheduled_at: self.now,
            started_at: None,
            finished_at: None,
            elapsed_ms: 0.0,
            error: None,
            number,
            which,
        };
        self.statistics[which].scheduled += 1;
        let waits = 40.0 - 300.0 * (1.0 - self.random.unit()).ln();
        self.moves.push(Reverse((self.now + waits as u64, number)));
        events.push(JobEvent::Moved(job.clone()));
        self.unfinished.insert(number, job);
        number
    }

    /// Moves a job one state on; `fails` decides how a running one ends, chance when it is `None`.
    fn advance(&mut self, number: u64, fails: Option<bool>, events: &mut Vec<JobEvent>) {
        // One that was run by hand has moved on before its time.
        let Some(mut job) = self.unfinished.remove(&number) else { return };
        let definition = &DEFINITIONS[job.which];
        let statistics = &mut self.statistics[job.which];
        match job.state {
            State::Pending => {
                job.state = State::Running;
                job.started_at = Some(self.now);
                job.elapsed_ms = definition.typical_ms * self.random.between(0.6, 1.9);
                statistics.started += 1;
                statistics.running += 1;
                self.moves.push(Reverse((self.now + job.elapsed_ms as u64, number)));
                events.push(JobEvent::Moved(job.clone()));
                self.unfinished.insert(number, job);
            }
            _ => {
                let failed = fails.unwrap_or_else(|| self.random.chance(definition.failure));
                job.state = if failed { State::Failed } else { State::Completed };
                job.error = failed.then(|| self.random.pick(&definition.errors));
                job.finished_at = Some(self.now);
                statistics.running = statistics.running.saturating_sub(1);
                if failed {
                    statistics.failed += 1;
                } else {
                    statistics.completed += 1;
                }
                statistics.total_elapsed_ms += job.elapsed_ms;
                statistics.longest_ms = statistics.longest_ms.max(job.elapsed_ms);
                events.push(JobEvent::Moved(job.clone()));
                self.finished.push_back(job);
                if self.finished.len() > REMEMBERED
                    && let Some(oldest) = self.finished.pop_front()
                {
                    events.push(JobEvent::Forgotten { id: oldest.id });
                }
            }
        }
    }

    fn report(&mut self, events: &mut Vec<JobEvent>) {
        let bucket_start = self.now - self.now % BUCKET_MS;
        for statistics in &mut self.statistics {
            events.push(JobEvent::Statistics(statistics.clone()));
            if statistics.bucket_start != bucket_start {
                let Statistics { definition, running, .. } = *statistics;
                *statistics = Statistics { definition, bucket_start, running, ..Statistics::default() };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u64) -> Vec<JobEvent> {
        let mut jobs = Jobs::new(seed, 0, false);
        let mut events = Vec::new();
        for _ in 0..5_000 {
            jobs.step(1, &mut events);
        }
        events
    }

    #[test]
    fn one_seed_runs_the_same_jobs() {
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn a_job_goes_through_its_states_in_order_and_ends_once() {
        let mut last = HashMap::new();
        let (mut completed, mut failed) = (0, 0);
        for event in run(1) {
            let JobEvent::Moved(job) = event else { continue };
            let before = last.insert(job.id.clone(), job.state);
            let expected = match job.state {
                State::Pending => None,
                State::Running => Some(State::Pending),
                State::Completed | State::Failed => Some(State::Running),
            };
            assert_eq!(before, expected);
            completed += u32::from(job.state == State::Completed);
            failed += u32::from(job.state == State::Failed);
            assert_eq!(job.error.is_some(), job.state == State::Failed);
        }
        assert!(completed > 500 && failed > 10 && failed < completed / 5, "{completed} completed, {failed} failed");
    }

    #[test]
    fn a_job_run_by_hand_ends_at_once_and_only_once() {
        let mut jobs = Jobs::new(1, 0, true);
        let mut events = Vec::new();
        let id = jobs.run_now("export-ledger", true, &mut events).unwrap();
        let states: Vec<State> = events
            .iter()
            .filter_map(|event| match event {
                JobEvent::Moved(job) if job.id == id => Some(job.state),
                _ => None,
            })
            .collect();
        assert_eq!(states, [State::Pending, State::Running, State::Failed]);
        events.clear();
        for _ in 0..5_000 {
            jobs.step(0, &mut events);
        }
        assert_eq!(events, []);
        assert_eq!(jobs.run_now("no-such", true, &mut events), None);
    }
}
