//! The pages of one job, of a job definition and of an actor.

use std::cmp::Reverse;
use std::collections::HashMap;

use fleet::{ConnectionState, Definition, Job, Measure, Numbers, Way};
use protocol::event::JobPhase;
use protocol::{Kind, Timestamp};

use super::jobs::{actor_row, definition_row, row};
use super::{count, events};
use crate::view::Millis;
use crate::view::picture::{ActorPage, DefinitionPage, Ended, ErrorRow, EventRow, Half, JobPage, NumberRow, Trend};
use crate::watched::{Part, Watched};

const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;
/// How finely it is looked at when it was listened: rows for two hours, and for gaps.
const HEARD: usize = 240;
/// So much of an hour (ms) may be missing: it is known by the minute when it was listened.
const EXACT: i64 = 90_000;
/// A time (ms) from which on its halves are told beside each other.
const HALVED: i64 = 10 * MINUTE;
/// Jobs of a definition that are listed.
const JOBS: usize = 100;
/// Ways to fail that are listed.
const ERRORS: usize = 20;
/// Events that are listed.
const EVENTS: usize = 50;

/// How the jobs of a definition ended lately, of those that are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ends {
    /// The last one that ended well.
    pub completed: Option<Timestamp>,
    /// The last one that failed.
    pub failed: Option<Timestamp>,
    /// What that one said.
    pub error: Option<String>,
    /// The first that failed after the last that ended well, and how many did.
    pub failing: Option<(Timestamp, u32)>,
}

/// Since when all ends of a connection's jobs are known without a break, two hours at most; `None` where nothing was heard.
fn heard_since(state: &ConnectionState, now: Timestamp) -> Option<Timestamp> {
    // What is counted by the minute reaches back far enough.
    let from = Timestamp(now.millis() - 2 * HOUR);
    let heard = state.rates.read(Measure::JobsCompleted, from, now, HEARD, &state.gaps);
    let since = heard.values.iter().rposition(|value| value.is_nan()).map_or(0, |gap| gap + 1);
    let since = Timestamp((heard.times.get(since)? * 1_000.0) as i64);
    Some(since.max(state.jobs.ends_by_minute().since().unwrap_or(since)))
}

/// The time of which the ends of a connection's jobs are known, from when and until when: a lost one has told nothing since.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    since: Timestamp,
    until: Timestamp,
    lost: Option<Timestamp>,
}

impl Told {
    pub fn of(state: &ConnectionState, now: Timestamp) -> Self {
        let lost = state.gaps.open();
        let until = lost.map_or(now, |lost| Timestamp(lost.millis() - MINUTE)).min(now);
        Told { since: heard_since(state, until).unwrap_or(until), until, lost }
    }

    /// When the connection was lost; `None` while it is heard.
    pub fn lost(self) -> Option<Millis> {
        self.lost.map(Timestamp::millis)
    }

    /// How many ended in the last hour of it, and since when that is known where it is for less.
    pub fn lately(self, ends: &fleet::Ends) -> (Ended, Option<Millis>) {
        lately(ends, self.since, self.until)
    }
}

fn lately(ends: &fleet::Ends, since: Timestamp, now: Timestamp) -> (Ended, Option<Millis>) {
    let hour_ago = Timestamp(now.millis() - HOUR);
    let known = since.since(hour_ago) <= EXACT;
    let from = if known { Timestamp(hour_ago.millis() + MINUTE) } else { since };
    // With the minute that runs, or in which the connection was lost, and the next: it may have begun since the time was read.
    let end = Timestamp(now.millis() + 2 * MINUTE);
    (ended(ends, from, end), Some(since.millis()).filter(|_| !known))
}

fn ended(ends: &fleet::Ends, from: Timestamp, to: Timestamp) -> Ended {
    let (jobs, failed) = ends.between(from, to);
    Ended { jobs, failed }
}

/// How the jobs of a definition ended in the last hour and in the one before, as far as it was listened without a break.
fn trend(ends: &fleet::Ends, state: &ConnectionState, now: Timestamp) -> Option<Trend> {
    let back = |millis: i64| Timestamp(now.millis() - millis);
    let heard = heard_since(state, now)?;
    let (lately, since) = lately(ends, heard, now);
    let before = || ended(ends, back(2 * HOUR - MINUTE), back(HOUR - MINUTE));
    let half = since.filter(|since| now.millis() - since >= HALVED).map(|since| {
        let until = (since + (now.millis() - since) / 2) / MINUTE * MINUTE;
        Half { until, ended: ended(ends, Timestamp(since), Timestamp(until)) }
    });
    Some(Trend { since, lately, before: (heard.since(back(2 * HOUR)) <= EXACT).then(before), half })
}

/// How the jobs of each definition ended.
pub(super) fn ends(state: &ConnectionState) -> HashMap<&str, Ends> {
    let mut all: HashMap<&str, Ends> = HashMap::new();
    let ended = || state.jobs.ended().filter_map(|job| Some((job, job.finished_at?)));
    for (job, at) in ended() {
        let ends = all.entry(job.definition.as_str()).or_default();
        match job.phase {
            JobPhase::Completed => ends.completed = ends.completed.max(Some(at)),
            JobPhase::Failed if ends.failed.is_none_or(|last| at >= last) => {
                ends.failed = Some(at);
                ends.error = job.error.as_deref().map(str::to_owned);
            }
            _ => {}
        }
    }
    for (job, at) in ended().filter(|(job, _)| job.phase == JobPhase::Failed) {
        let ends = all.entry(job.definition.as_str()).or_default();
        if ends.completed.is_none_or(|good| at > good) {
            let (first, times) = ends.failing.unwrap_or((at, 0));
            ends.failing = Some((first.min(at), times.saturating_add(1)));
        }
    }
    all
}

/// A job's page.
pub fn page(watched: &Watched, id: &str, now: Timestamp) -> Option<JobPage> {
    let part = watched.part.lock();
    let job = part.state.jobs.get(id)?;
    let definition = part.state.jobs.definitions().get(&job.definition);
    Some(JobPage {
        job: row(job, watched, part.is_stale()),
        story: definition.map(|definition| story(definition, &part, watched, now)),
        events: told(&part, watched, |kind, subject, _| kind.name().starts_with("job.") && subject == id),
    })
}

/// A definition's page.
pub fn definition(watched: &Watched, id: &str, now: Timestamp) -> Option<DefinitionPage> {
    let part = watched.part.lock();
    let definition = part.state.jobs.definitions().get(id)?;
    Some(story(definition, &part, watched, now))
}

/// The page of an actor, by `type/id`.
pub fn actor(watched: &Watched, id: &str) -> Option<ActorPage> {
    let (actor_type, id) = id.split_once('/')?;
    let part = watched.part.lock();
    let actor = part.state.actors.get(actor_type, id)?;
    Some(ActorPage {
        actor: actor_row(actor, watched, part.is_stale()),
        numbers: numbers(&actor.numbers),
        // Two actors of different types may have one id.
        events: told(&part, watched, |kind, subject, data| {
            kind == Kind::ActorCheckpoint && subject == id && data.contains(actor_type)
        }),
    })
}

fn story(definition: &Definition, part: &Part, watched: &Watched, now: Timestamp) -> DefinitionPage {
    let stale = part.is_stale();
    let ends = ends(&part.state);
    let told = Told::of(&part.state, now);
    let rows = part.state.jobs.rows().iter();
    let mut jobs: Vec<&Job> = rows.filter(|job| job.definition == definition.id).collect();
    let rank = |job: &Job| match job.phase {
        JobPhase::Started => 0,
        JobPhase::Scheduled => 1,
        JobPhase::Completed | JobPhase::Failed => 2,
    };
    jobs.sort_by_key(|job| (rank(job), Reverse(job.at), job.id.clone()));
    let (errors, more_errors) = errors(definition, &part.state);
    let more_jobs = count(jobs.len().saturating_sub(JOBS));
    DefinitionPage {
        definition: definition_row(definition, ends.get(definition.id.as_str()), told, watched, stale),
        jobs: jobs.into_iter().take(JOBS).map(|job| row(job, watched, stale)).collect(),
        more_jobs,
        errors,
        more_errors,
        known_since: definition.first_end.map(Timestamp::millis),
        trend: trend(&definition.ends, &part.state, now).filter(|_| !stale),
        numbers: numbers(&definition.numbers),
    }
}

/// The ways to fail that are most frequent, and how many more there are; `None` where that is not known.
/// How jobs failed before the first of them ended that was told, nobody said.
fn errors(definition: &Definition, state: &ConnectionState) -> (Vec<ErrorRow>, Option<u32>) {
    let row = |way: &Way| ErrorRow {
        error: way.error.as_deref().map(str::to_owned),
        count: u32::try_from(way.count).unwrap_or(u32::MAX),
        first_at: way.first.millis(),
        maybe_before: way.maybe_before || definition.first_end.is_none_or(|first| way.first <= first),
        last_at: way.last.millis(),
        job: state.jobs.get(&way.job).map(|job| job.id.to_string()),
    };
    let mut rows: Vec<ErrorRow> = definition.ways.rows().iter().map(row).collect();
    rows.sort_by(|a, b| (Reverse((a.count, a.last_at)), &a.error).cmp(&(Reverse((b.count, b.last_at)), &b.error)));
    let more = count(rows.len().saturating_sub(ERRORS));
    rows.truncate(ERRORS);
    (rows, (!definition.ways.are_more()).then_some(more))
}

fn numbers(numbers: &Numbers) -> Vec<NumberRow> {
    let rows = numbers.rows().iter();
    rows.map(|number| NumberRow { name: number.name.to_string(), value: number.value, at: number.at.millis() })
        .collect()
}

fn told(part: &Part, watched: &Watched, wanted: impl Fn(Kind, &str, &str) -> bool) -> Vec<EventRow> {
    let kept = part.state.recent.iter().filter(|event| wanted(event.kind, event.subject, event.data));
    kept.take(EVENTS).map(|event| events::row(&event, watched)).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Tells that a job of `mails` is in a phase since a time by the service's clock, heard at another by ours.
    pub(crate) fn tell(state: &mut ConnectionState, job: &str, phase: JobPhase, at: Timestamp, heard: Timestamp) {
        apply(state, job, phase, at, heard, None);
    }

    fn apply(
        state: &mut ConnectionState,
        job: &str,
        phase: JobPhase,
        at: Timestamp,
        heard: Timestamp,
        error: Option<&str>,
    ) {
        let since = |is_so: bool| is_so.then_some(at);
        let job = protocol::event::Job {
            job: job.into(),
            definition: Some("mails".into()),
            phase,
            scheduled_at: None,
            started_at: since(phase == JobPhase::Started),
            finished_at: since(matches!(phase, JobPhase::Completed | JobPhase::Failed)),
            elapsed_ms: None,
            error: error.map(Into::into),
        };
        let event = protocol::StreamEvent { at: Some(at), body: protocol::EventBody::Job(job), data: "{}" };
        state.apply(&event, heard);
    }

    /// A connection that was heard from a second to another, with jobs that ended at some seconds: every other one failed.
    fn heard(state: &mut ConnectionState, seconds: std::ops::Range<i64>, ended: &[i64]) {
        state.reconnected(Timestamp(seconds.start * 1_000));
        for second in seconds.clone() {
            let at = Timestamp(second * 1_000);
            if let Some(number) = ended.iter().position(|end| *end == second) {
                let phase = if number % 2 == 0 { JobPhase::Failed } else { JobPhase::Completed };
                tell(state, &format!("job-{second}"), phase, at, at);
            }
            state.tick(at);
        }
    }

    fn trend_of(state: &ConnectionState, now: Timestamp) -> Option<Trend> {
        trend(&state.jobs.definitions().get("mails").unwrap().ends, state, now)
    }

    #[test]
    fn the_last_hour_is_told_beside_the_one_before_once_both_were_heard_whole() {
        const H: i64 = 3_600;
        let mut state = ConnectionState::new(fleet::Bounds::default());
        heard(&mut state, 0..H / 2, &[60, 120, 180]);
        let ended = |jobs, failed| Ended { jobs, failed };
        let lately = trend_of(&state, Timestamp(H / 2 * 1_000)).unwrap();
        assert_eq!((lately.lately, lately.before), (ended(3, 2), None));
        let half = lately.half.unwrap();
        assert_eq!((half.until / MINUTE, half.ended), (15, ended(3, 2)), "all ended in the first minutes");
        assert!(lately.since.is_some_and(|since| since <= 60_000), "{lately:?}");
        heard(&mut state, H / 2..2 * H, &[H + 60]);
        let whole = trend_of(&state, Timestamp(2 * H * 1_000)).unwrap();
        assert_eq!(whole, Trend { since: None, lately: ended(1, 1), before: Some(ended(3, 2)), half: None });
        // What happened while nobody listened is not known, and not none.
        state.disconnected(Timestamp(2 * H * 1_000));
        assert_eq!(trend_of(&state, Timestamp((2 * H + 60) * 1_000)), None);
        heard(&mut state, 2 * H + 120..2 * H + 600, &[2 * H + 300]);
        let again = trend_of(&state, Timestamp((2 * H + 600) * 1_000)).unwrap();
        assert_eq!((again.lately, again.before, again.half), (ended(1, 1), None, None), "8 minutes are not halved");
        assert!(again.since.is_some_and(|since| since >= (2 * H + 60) * 1_000), "{again:?}");
    }

    /// Tells that a job failed at some minute by the service's clock, which was heard at another.
    fn failed(state: &mut ConnectionState, job: &str, at: i64, heard: i64) {
        tell(state, job, JobPhase::Failed, Timestamp(at * MINUTE), Timestamp(heard * MINUTE));
    }

    fn errors_of(state: &ConnectionState) -> (Vec<ErrorRow>, Option<u32>) {
        errors(state.jobs.definitions().get("mails").unwrap(), state)
    }

    #[test]
    fn a_service_s_clock_that_is_ahead_hides_no_end() {
        let mut state = ConnectionState::new(fleet::Bounds::default());
        heard(&mut state, 0..600, &[60]);
        for ahead in 0..200 {
            failed(&mut state, &format!("ahead-{ahead}"), 1_000 + ahead, 8);
        }
        // Told again, later still: it is one end all the same.
        failed(&mut state, "ahead-7", 5_000, 9);
        failed(&mut state, "now", 9, 9);
        let now = Timestamp(10 * MINUTE);
        let told = Told::of(&state, now);
        let definition = state.jobs.definitions().get("mails").unwrap();
        assert_eq!(told.lately(&definition.ends), (Ended { jobs: 202, failed: 202 }, Some(MINUTE)));
        assert_eq!(state.jobs.ends_by_minute().between(Timestamp(0), now), (202, 202));
        assert_eq!(definition.last, Some(Timestamp(9 * MINUTE)));
    }

    #[test]
    fn of_a_lost_connection_the_hour_before_is_told_and_when_that_was() {
        let mut state = ConnectionState::new(fleet::Bounds::default());
        heard(&mut state, 0..3_900, &[60, 3_000, 3_899]);
        let ends = |state: &ConnectionState, now| {
            let told = Told::of(state, Timestamp(now));
            (told.lately(&state.jobs.definitions().get("mails").unwrap().ends), told.lost())
        };
        let both = (Ended { jobs: 2, failed: 1 }, None::<Millis>);
        assert_eq!(ends(&state, 3_900_000), (both, None));
        state.disconnected(Timestamp(3_900_000));
        for later in [3_900_000, 3_960_000, 10 * HOUR] {
            assert_eq!(ends(&state, later), (both, Some(3_900_000)));
        }
    }

    #[test]
    fn a_job_that_runs_again_undoes_no_failure() {
        let mut state = ConnectionState::new(fleet::Bounds::default());
        heard(&mut state, 0..600, &[60, 120]);
        tell(&mut state, "job-60", JobPhase::Started, Timestamp(500_000), Timestamp(500_000));
        assert_eq!(state.jobs.running(), 1);
        let trend = trend_of(&state, Timestamp(600_000)).unwrap();
        assert_eq!(trend.lately, Ended { jobs: 2, failed: 1 });
        let ends = ends(&state);
        assert_eq!(ends["mails"].failed, Some(Timestamp(60_000)));
        assert_eq!(errors_of(&state).0.len(), 1);
    }

    #[test]
    fn of_many_ways_to_fail_the_frequent_are_listed_and_the_others_counted() {
        let mut state = ConnectionState::new(fleet::Bounds::default());
        let mut fail = |second: i64, error: &str| {
            let at = Timestamp(second * 1_000);
            apply(&mut state, &format!("job-{second}"), JobPhase::Failed, at, at, Some(error));
        };
        (0..3).for_each(|second| fail(second, "HTTP 502"));
        ('a'..='y').zip(3..).for_each(|(letter, second)| fail(second, &format!("no {letter}")));
        let (rows, more) = errors_of(&state);
        let told = |row: &ErrorRow| (row.error.clone().unwrap(), row.count);
        assert_eq!((rows.len(), more), (ERRORS, Some(6)));
        assert_eq!((told(&rows[0]), told(&rows[1])), (("HTTP 502".into(), 3), ("no y".into(), 1)));
        let mut fail = |second: i64, error: &str| {
            let at = Timestamp(second * 1_000);
            apply(&mut state, &format!("job-{second}"), JobPhase::Failed, at, at, Some(error));
        };
        ('a'..='z').zip(100..).for_each(|(letter, second)| fail(second, &format!("none of {letter}")));
        let (rows, more) = errors_of(&state);
        assert_eq!((rows.len(), more, told(&rows[0])), (ERRORS, None, ("HTTP 502".into(), 3)));
    }

    #[test]
    fn since_when_they_fail_so_stays_known_when_the_jobs_are_not_kept_any_more() {
        let mut state = ConnectionState::new(fleet::Bounds { jobs: 4, ..fleet::Bounds::default() });
        let mut end = |second: i64, phase: JobPhase, error: Option<&str>| {
            let at = Timestamp(second * 1_000);
            apply(&mut state, &format!("job-{second}"), phase, at, at, error);
            let mut rows = errors_of(&state).0;
            rows.sort_by_key(|row| row.first_at);
            let told = |row: &ErrorRow| (row.first_at / 1_000, row.maybe_before, row.count, row.job.is_some());
            rows.iter().map(told).collect::<Vec<_>>()
        };
        // Nobody knows of before the first end that was told.
        assert_eq!(end(1, JobPhase::Failed, Some("no disk")), [(1, true, 1, true)]);
        end(2, JobPhase::Failed, Some("HTTP 502"));
        end(3, JobPhase::Failed, Some("HTTP 504"));
        (4..20).for_each(|second| drop(end(second, JobPhase::Completed, None)));
        assert_eq!(end(20, JobPhase::Failed, Some("HTTP 502")), [(1, true, 1, false), (2, false, 3, true)]);
    }
}
