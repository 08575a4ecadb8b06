//! The pages of one job, of a job definition and of an actor.

use std::cmp::Reverse;
use std::collections::HashMap;

use fleet::{ConnectionState, Definition, Job, Measure, Numbers};
use protocol::event::JobPhase;
use protocol::{Kind, Timestamp};

use super::jobs::{actor_row, definition_row, row};
use super::{count, events};
use crate::view::picture::{ActorPage, DefinitionPage, Ended, ErrorRow, EventRow, JobPage, NumberRow, Trend};
use crate::watched::{Part, Watched};

/// Of so many jobs that ended last it is counted how many failed.
const LATELY: usize = 10;
const HOUR: i64 = 3_600_000;
/// How finely it is looked at when it was listened: rows for two hours, and for gaps.
const HEARD: usize = 240;
/// So much of an hour (ms) may be missing: it is known by the minute when it was listened.
const EXACT: i64 = 90_000;
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
    /// When the first of all of them ended.
    pub first: Option<Timestamp>,
    /// The last few, the latest first, each with whether it failed.
    lately: Vec<(Timestamp, bool)>,
}

impl Ends {
    /// How many of the last few failed.
    pub fn failed_lately(&self) -> u32 {
        count(self.lately.iter().filter(|(_, failed)| *failed).count())
    }

    fn ended(&mut self, at: Timestamp, failed: bool) {
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        let place = self.lately.partition_point(|(other, _)| *other >= at);
        if place < LATELY {
            self.lately.truncate(LATELY - 1);
            self.lately.insert(place, (at, failed));
        }
    }
}

/// How the jobs of a definition ended in the last hour and in the one before, as far as it was listened without a break.
fn trend(definition: &str, state: &ConnectionState, now: Timestamp) -> Option<Trend> {
    let back = |hours: i64| Timestamp(now.millis() - hours * HOUR);
    // What is counted by the minute reaches back far enough.
    let heard = state.rates.read(Measure::JobsCompleted, back(2), now, HEARD, &state.gaps);
    let since = heard.values.iter().rposition(|value| value.is_nan()).map_or(0, |gap| gap + 1);
    let since = Timestamp((heard.times.get(since)? * 1_000.0) as i64);
    let since = since.max(state.jobs.ended_since().unwrap_or(since));
    let count = |from: Timestamp, to: Timestamp| {
        let within = |at: Timestamp| from <= at && at < to;
        let mut ended = Ended::default();
        for job in state.jobs.ended().filter(|job| job.definition == definition) {
            if job.finished_at.is_some_and(within) {
                ended.jobs += 1;
                ended.failed += u32::from(job.phase == JobPhase::Failed);
            }
        }
        ended
    };
    let from = if since.since(back(1)) <= EXACT { back(1) } else { since };
    // A service's clock may be ahead of ours.
    let end = Timestamp(now.millis() + HOUR);
    Some(Trend {
        since: Some(since.millis()).filter(|_| from > back(1)),
        lately: count(from, end),
        before: (since.since(back(2)) <= EXACT).then(|| count(back(2), back(1))),
    })
}

/// How the jobs of each definition ended.
pub(super) fn ends(state: &ConnectionState) -> HashMap<&str, Ends> {
    let mut all: HashMap<&str, Ends> = HashMap::new();
    let ended = || state.jobs.ended().filter_map(|job| Some((job, job.finished_at?)));
    for (job, at) in ended() {
        let ends = all.entry(job.definition.as_str()).or_default();
        ends.ended(at, job.phase == JobPhase::Failed);
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
    let rows = part.state.jobs.rows().iter();
    let mut jobs: Vec<&Job> = rows.filter(|job| job.definition == definition.id).collect();
    let rank = |job: &Job| match job.phase {
        JobPhase::Started => 0,
        JobPhase::Scheduled => 1,
        JobPhase::Completed | JobPhase::Failed => 2,
    };
    jobs.sort_by_key(|job| (rank(job), Reverse(job.at), job.id.clone()));
    let more_jobs = count(jobs.len().saturating_sub(JOBS));
    DefinitionPage {
        definition: definition_row(definition, ends.get(definition.id.as_str()), watched, stale),
        jobs: jobs.into_iter().take(JOBS).map(|job| row(job, watched, stale)).collect(),
        more_jobs,
        errors: errors(part.state.jobs.ended().filter(|job| job.definition == definition.id)),
        known_since: ends.get(definition.id.as_str()).and_then(|ends| ends.first).map(|at| at.millis()),
        trend: trend(&definition.id, &part.state, now).filter(|_| !stale),
        numbers: numbers(&definition.numbers),
    }
}

/// Failures that differ in their numbers alone are one way to fail.
fn errors<'j>(jobs: impl Iterator<Item = &'j Job>) -> Vec<ErrorRow> {
    let mut found: HashMap<Option<String>, ErrorRow> = HashMap::new();
    for job in jobs.filter(|job| job.phase == JobPhase::Failed) {
        let at = job.finished_at.unwrap_or(job.at).millis();
        let error = job.error.as_deref();
        let way = found.entry(error.map(without_numbers)).or_insert_with(|| ErrorRow {
            error: None,
            count: 0,
            first_at: at,
            last_at: i64::MIN,
            job: String::new(),
        });
        way.count += 1;
        way.first_at = way.first_at.min(at);
        if at >= way.last_at {
            way.last_at = at;
            way.error = error.map(str::to_owned);
            way.job = job.id.to_string();
        }
    }
    let mut rows: Vec<ErrorRow> = found.into_values().collect();
    rows.sort_by(|a, b| (Reverse(a.last_at), &a.job).cmp(&(Reverse(b.last_at), &b.job)));
    rows.truncate(ERRORS);
    rows
}

fn without_numbers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut digits = false;
    for letter in text.chars() {
        if !letter.is_ascii_digit() {
            plain.push(letter);
        } else if !digits {
            plain.push('#');
        }
        digits = letter.is_ascii_digit();
    }
    plain
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
mod tests {
    use super::*;

    #[test]
    fn of_the_last_ten_it_is_counted_how_many_failed_in_whatever_order_they_are_told() {
        let mut ends = Ends::default();
        for at in [5, 12, 1, 9, 3, 11, 7, 2, 10, 4, 8, 6] {
            // The first two failed, and are no longer of the last ten; so did the last two and the fifth.
            ends.ended(Timestamp::from_millis(at), [1, 2, 5, 11, 12].contains(&at));
        }
        assert_eq!(ends.failed_lately(), 3);
        assert_eq!(ends.first, Some(Timestamp::from_millis(1)));
    }

    /// A connection that was heard from a second to another, with jobs that ended at some seconds: every other one failed.
    fn heard(state: &mut ConnectionState, seconds: std::ops::Range<i64>, ended: &[i64]) {
        state.reconnected(Timestamp(seconds.start * 1_000));
        for second in seconds.clone() {
            let at = Timestamp(second * 1_000);
            if let Some(number) = ended.iter().position(|end| *end == second) {
                let name = format!("job-{second}");
                let job = protocol::event::Job {
                    job: name.as_str().into(),
                    definition: Some("mails".into()),
                    phase: if number % 2 == 0 { JobPhase::Failed } else { JobPhase::Completed },
                    scheduled_at: None,
                    started_at: None,
                    finished_at: Some(at),
                    elapsed_ms: None,
                    error: None,
                };
                let event = protocol::StreamEvent { at: Some(at), body: protocol::EventBody::Job(job), data: "{}" };
                state.apply(&event, at);
            }
            state.tick(at);
        }
    }

    #[test]
    fn the_last_hour_is_told_beside_the_one_before_once_both_were_heard_whole() {
        const H: i64 = 3_600;
        let mut state = ConnectionState::new(fleet::Bounds::default());
        heard(&mut state, 0..H / 2, &[60, 120, 180]);
        let ended = |jobs, failed| Ended { jobs, failed };
        let lately = trend("mails", &state, Timestamp(H / 2 * 1_000)).unwrap();
        assert_eq!((lately.lately, lately.before), (ended(3, 2), None));
        assert!(lately.since.is_some_and(|since| since <= 60_000), "{lately:?}");
        heard(&mut state, H / 2..2 * H, &[H + 60]);
        let whole = trend("mails", &state, Timestamp(2 * H * 1_000)).unwrap();
        assert_eq!(whole, Trend { since: None, lately: ended(1, 1), before: Some(ended(3, 2)) });
        // What happened while nobody listened is not known, and not none.
        state.disconnected(Timestamp(2 * H * 1_000));
        assert_eq!(trend("mails", &state, Timestamp((2 * H + 60) * 1_000)), None);
        heard(&mut state, 2 * H + 120..2 * H + 600, &[2 * H + 300]);
        let again = trend("mails", &state, Timestamp((2 * H + 600) * 1_000)).unwrap();
        assert_eq!((again.lately, again.before), (ended(1, 1), None));
        assert!(again.since.is_some_and(|since| since >= (2 * H + 60) * 1_000), "{again:?}");
    }

    #[test]
    fn a_job_that_runs_again_undoes_no_failure() {
        let mut state = ConnectionState::new(fleet::Bounds::default());
        heard(&mut state, 0..600, &[60, 120]);
        let again = protocol::event::Job {
            job: "job-60".into(),
            definition: Some("mails".into()),
            phase: JobPhase::Started,
            scheduled_at: None,
            started_at: Some(Timestamp(500_000)),
            finished_at: None,
            elapsed_ms: None,
            error: None,
        };
        let at = Timestamp(500_000);
        state.apply(&protocol::StreamEvent { at: Some(at), body: protocol::EventBody::Job(again), data: "{}" }, at);
        assert_eq!(state.jobs.running(), 1);
        let trend = trend("mails", &state, Timestamp(600_000)).unwrap();
        assert_eq!(trend.lately, Ended { jobs: 2, failed: 1 });
        let ends = ends(&state);
        assert_eq!((ends["mails"].failed, ends["mails"].failed_lately()), (Some(Timestamp(60_000)), 1));
        assert_eq!(errors(state.jobs.ended()).len(), 1);
    }

    #[test]
    fn what_differs_in_its_numbers_is_one_way_to_fail() {
        assert_eq!(without_numbers("order 104233: HTTP 502"), "order #: HTTP #");
        assert_eq!(without_numbers("no number"), "no number");
    }
}
