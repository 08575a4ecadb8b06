//! What an event means to each condition.

use std::collections::VecDeque;

use protocol::event::AlertChange;
use protocol::{Kind, Timestamp};

use super::watch::{Again, Around, Entry, Found, NEVER, Phase, SUBJECT, Watch, millis};
use super::{Detector, RING, entity};
use crate::alert::Finding;
use crate::applied::Applied;
use crate::locks::LockState;
use crate::rule::message::{happened, number};
use crate::rule::{By, Condition, EventCondition, Fact, State, Threshold, Trouble};
use crate::table::clip;

/// How long an overflow is told after the last word of it, in milliseconds.
pub(super) const OVERFLOW: i64 = 15 * 60_000;

/// How many times of events are kept over all counts of a connection.
const TIMES: usize = 500_000;

/// After so long without a word of its end a job that runs is not waited for any more, in milliseconds.
pub(super) const WEEK: i64 = 7 * 24 * 60 * 60_000;

impl Detector {
    /// Something was heard of an entity and of the stream.
    pub(super) fn is_heard(&mut self, fact: &Fact<'_>, out: &mut Vec<Finding>) {
        let Detector { watches, index, clock, room, connection, .. } = self;
        let mut around = Around { clock, connection, room, out };
        for &position in &index.streams {
            let watch = &mut watches[usize::from(position)];
            if !watch.entries.is_empty() {
                watch.over(connection, fact.received, || "something came".into(), &mut around);
            }
        }
        let positions = entity(fact.kind).map_or(&[][..], |entity| &index.absences[entity]);
        if positions.is_empty() || fact.subject.is_empty() {
            return;
        }
        let subject = clip(fact.subject, SUBJECT);
        let now = around.clock.read(false);
        for &position in positions {
            let watch = &mut watches[usize::from(position)];
            let Condition::Absence(absence) = &watch.rule.when else { continue };
            let after = millis(absence.after);
            if watch.hears(subject, fact.received, after, now) {
                continue;
            }
            watch.ends(subject, fact.received, || format!("{subject} was heard"), &mut around);
            let Some(entry) = watch.entry(subject, &mut around) else { continue };
            entry.heard(fact.received, now.now, after, now);
            entry.wake = now.now.saturating_add(after);
            watch.queue_up(subject);
        }
    }

    /// A number of a field that some rule is about.
    pub(super) fn number(&mut self, fact: &Fact<'_>, field: &str, value: f64, out: &mut Vec<Finding>) {
        let lag = self.lag(fact);
        let Detector { watches, index, clock, room, connection, .. } = self;
        let Some((_, positions)) = index.fields.iter().find(|(name, _)| **name == *field) else { return };
        if value.is_nan() {
            return;
        }
        let mut around = Around { clock, connection, room, out };
        for &position in positions {
            let watch = &mut watches[usize::from(position)];
            let subject = by(By::Subject, fact, connection);
            compare(watch, subject, value, fact.time(), lag, &mut around);
        }
    }

    /// A lock or a presence is another one than before.
    pub(super) fn changed(&mut self, fact: &Fact<'_>, out: &mut Vec<Finding>) {
        let lag = self.lag(fact);
        let Detector { watches, index, clock, room, connection, zone, .. } = self;
        let mut around = Around { clock, connection, room, out };
        let subject = clip(fact.subject, SUBJECT);
        let found = Found { held: lag, fact: Some(fact), ..Found::since(fact.time()) };
        match fact.applied {
            Applied::LockChanged { from, to, .. } => {
                for &position in &index.locks {
                    let watch = &mut watches[usize::from(position)];
                    let Condition::State(state) = &watch.rule.when else { continue };
                    let is = match state.is {
                        State::Unlocked => to == LockState::Unlocked,
                        _ => to == LockState::Unknown && from != LockState::Unknown,
                    };
                    if is {
                        enters(watch, subject, found, zone, &mut around);
                    } else {
                        let cause = || match to {
                            LockState::Unknown => format!("the lock of {subject} is unknown"),
                            to => format!("{subject} was {}", to.name()),
                        };
                        watch.over(subject, fact.time(), cause, &mut around);
                    }
                }
            }
            Applied::PresenceChanged { online } => {
                let Some(entity) = entity(fact.kind) else { return };
                for &position in &index.presences[entity] {
                    let watch = &mut watches[usize::from(position)];
                    if online {
                        watch.over(subject, fact.time(), || format!("{subject} is online"), &mut around);
                    } else {
                        enters(watch, subject, found, zone, &mut around);
                    }
                }
            }
            _ => {}
        }
    }

    /// An event of a kind that some rules name.
    pub(super) fn of_kind(&mut self, fact: &Fact<'_>, out: &mut Vec<Finding>) {
        let lag = self.lag(fact);
        if matches!(fact.applied, Applied::JobCompleted | Applied::JobFailed) {
            self.took(fact);
        }
        let Detector { watches, index, clock, room, connection, durations, .. } = self;
        let mut around = Around { clock, connection, room, out };
        for &position in &index.kinds[fact.kind as usize] {
            let watch = &mut watches[usize::from(position)];
            match &watch.rule.when {
                Condition::Event(event) => {
                    let subject = by(event.by, fact, connection);
                    let time = fact.time();
                    if event.kinds.contains(&fact.kind) && event.fields.iter().all(|field| fact.satisfies(field)) {
                        happens(watch, subject, fact, lag, &mut around);
                    } else if ends(event, fact.kind) {
                        let cause = || format!("{}: {}", subject, happened(fact.kind));
                        watch.over(subject, time, cause, &mut around);
                    }
                }
                Condition::Count(count) if count.fields.iter().all(|field| fact.satisfies(field)) => {
                    let subject = by(count.by, fact, connection);
                    counts(watch, subject, fact, lag, &mut around);
                }
                Condition::SlowJob(slow) => {
                    let (times, after_jobs) = (slow.times_p95, slow.after_jobs);
                    let subject = clip(fact.subject, SUBJECT);
                    let cause = || format!("{subject}: {}", happened(fact.kind));
                    watch.over(subject, fact.time(), cause, &mut around);
                    if fact.kind == Kind::JobStarted
                        && let Some(definition) = fact.text("definition")
                    {
                        let limit = durations.p95(&definition, after_jobs).map(|p95| limit(times, p95));
                        runs(watch, subject, &definition, fact.time(), lag, limit, &mut around);
                    }
                }
                Condition::Connection(condition) if condition.is == Trouble::Overflow => {
                    let coded = fact.text("source").is_some_and(|code| code.to_ascii_uppercase().contains("OVERFLOW"));
                    if coded || fact.dropped.unwrap_or(0) > 0 {
                        happens(watch, connection, fact, lag, &mut around);
                    }
                }
                Condition::Issued(issued) => {
                    let subject = clip(fact.subject, SUBJECT);
                    match fact.alert {
                        Some(_) if subject.is_empty() => {}
                        Some(AlertChange::Issued) if fact.severity.unwrap_or(0) >= issued.min_severity => {
                            let found = Found {
                                held: lag,
                                fact: Some(fact),
                                again: Again::Always,
                                ..Found::since(fact.time())
                            };
                            watch.holds(subject, found, &mut around);
                        }
                        Some(AlertChange::Issued) => {
                            watch.over(subject, fact.time(), || "its severity went down".into(), &mut around);
                        }
                        Some(AlertChange::Cleared) => {
                            watch.over(subject, fact.time(), || "the service cleared it".into(), &mut around);
                        }
                        None => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// Keeps how long a job took.
    fn took(&mut self, fact: &Fact<'_>) {
        let Some(&first) = self.index.slow.first() else { return };
        let running = self.watches.get(usize::from(first)).and_then(|watch| watch.entries.get(fact.subject));
        let known = running.and_then(|entry| entry.notes.as_ref()).and_then(|notes| notes.definition.as_deref());
        let told = fact.text("definition");
        let Some(definition) = told.as_deref().or(known) else { return };
        let ran = || running.map(|entry| fact.time().since(entry.last) as f64);
        if let Some(elapsed) = fact.elapsed_ms.filter(|ms| ms.is_finite()).or_else(ran) {
            self.durations.add(clip(definition, SUBJECT), elapsed);
        }
    }
}

/// A state is entered: it holds, or it is known and holds outside of the hours only.
pub(super) fn enters(
    watch: &mut Watch,
    subject: &str,
    found: Found<'_>,
    zone: &jiff::tz::TimeZone,
    around: &mut Around<'_>,
) {
    let Condition::State(state) = &watch.rule.when else { return };
    if let Some(hours) = state.outside {
        let outside = !hours.contains(minute_of(zone, found.since));
        watch.mixed |= watch.outside != Some(outside);
        let Some(entry) = watch.entry(subject, around) else { return };
        entry.last = found.since;
        if !outside {
            entry.show(&found);
            return;
        }
    }
    watch.holds(subject, found, around);
}

/// The minute of the day of a time in a zone.
pub(super) fn minute_of(zone: &jiff::tz::TimeZone, at: Timestamp) -> u16 {
    let at = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
    let local = zone.to_datetime(at);
    u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs())
}

/// A number is compared.
pub(super) fn compare(
    watch: &mut Watch,
    subject: &str,
    value: f64,
    time: Timestamp,
    held: i64,
    around: &mut Around<'_>,
) {
    let Condition::Threshold(threshold) = &watch.rule.when else { return };
    let Threshold { above, below, clear, .. } = *threshold;
    let (limit, crossed) = match (below, above) {
        (Some(below), _) => (below, value < below),
        (None, Some(above)) => (above, value > above),
        (None, None) => return,
    };
    if crossed {
        let found =
            Found { held, value: Some(value), threshold: Some(limit), again: Again::Minute, ..Found::since(time) };
        watch.holds(subject, found, around);
        return;
    }
    if watch.entries.is_empty() {
        return;
    }
    let clear = clear.unwrap_or(limit);
    let cleared = match watch.entries.get(subject).map(|entry| entry.phase) {
        None => return,
        // What is to last must be under or over all the time; the other value is for what fires.
        Some(Phase::Pending | Phase::Idle) => true,
        Some(Phase::Firing) => {
            if below.is_some() {
                value >= clear
            } else {
                value <= clear
            }
        }
    };
    if cleared {
        let field = threshold.field.clone();
        watch.over(subject, time, || format!("{field} is at {}", number(value)), around);
    }
}

/// An event of a rule's kinds happens; it is over when none came for a while.
fn happens(watch: &mut Watch, subject: &str, fact: &Fact<'_>, lag: i64, around: &mut Around<'_>) {
    let (subject, time, now) = (clip(subject, SUBJECT), fact.time(), around.clock.read(false));
    let clear = clear_after(watch);
    // The one before may have been over by then, also when no tick came between.
    if let Some(entry) = watch.entries.get(subject)
        && entry.phase != Phase::Idle
        && time >= entry.after_last(clear, now)
    {
        let at = entry.after_last(clear, now);
        watch.over(subject, at, || quiet(clear), around);
    }
    let found = Found {
        held: lag,
        fact: Some(fact),
        value: fact.dropped.map(|count| count as f64),
        again: Again::Always,
        ..Found::since(time)
    };
    watch.holds(subject, found, around);
    let Some(entry) = watch.entries.get_mut(subject) else { return };
    if time >= entry.last {
        let base = now.now.saturating_sub(lag);
        entry.heard(time, base, clear, now);
        entry.wake = base.saturating_add(clear);
    }
    watch.queue_up(subject);
}

/// After how long without another event it is over, in milliseconds.
pub(super) fn clear_after(watch: &Watch) -> i64 {
    match &watch.rule.when {
        Condition::Event(event) => millis(event.clear_after),
        _ => OVERFLOW,
    }
}

pub(super) fn quiet(clear: i64) -> String {
    let span = std::time::Duration::from_millis(clear.unsigned_abs());
    format!("nothing more came for {}", crate::rule::span::text(span))
}

fn ends(event: &EventCondition, kind: Kind) -> bool {
    event.until.contains(&kind)
}

fn by<'s>(by: By, fact: &'s Fact<'_>, connection: &'s str) -> &'s str {
    let named = match by {
        By::Subject => fact.subject,
        By::Definition => fact.definition.unwrap_or_default(),
        By::Connection => connection,
    };
    if named.is_empty() { connection } else { clip(named, SUBJECT) }
}

/// An event is counted. It happened not later than it came: a clock that runs ahead must not empty the window.
fn counts(watch: &mut Watch, subject: &str, fact: &Fact<'_>, lag: i64, around: &mut Around<'_>) {
    let Condition::Count(count) = &watch.rule.when else { return };
    let (least, within) = (count.at_least as usize, millis(count.within));
    let (time, now) = (fact.time().min(fact.received), around.clock.read(false));
    if let Some(entry) = watch.entries.get(subject)
        && entry.phase != Phase::Idle
        && let Some(at) = entry.leaves(least, within)
        && time >= at
    {
        watch.ends(subject, at, || fewer(least, within), around);
    }
    let Some(entry) = watch.entry(subject, around) else { return };
    if entry.restored && time <= entry.since {
        return;
    }
    if around.room.times >= TIMES {
        around.room.dropped += 1;
        return;
    }
    let ring = &mut entry.ring;
    let before = ring.len();
    ring.insert(ring.partition_point(|known| *known <= time), time);
    if ring.len() > RING {
        ring.pop_front();
    }
    let newest = ring.back().copied().unwrap_or(time);
    forget_before(ring, newest.millis().saturating_sub(within));
    around.room.times = around.room.times + ring.len() - before;
    let reached = ring.len() >= least;
    let value = Some(ring.len() as f64);
    if time == newest {
        entry.heard(newest, now.now.saturating_sub(lag), within, now);
    }
    let since = newest;
    entry.wait(least, within);
    // What comes out of its order after the window has moved on begins nothing any more.
    if reached && entry.wake > now.now.saturating_sub(lag) {
        let threshold = Some(least as f64);
        let again = Again::Always;
        watch.holds(
            subject,
            Found { held: lag, value, threshold, fact: Some(fact), again, ..Found::since(since) },
            around,
        );
    }
    watch.queue_up(subject);
}

pub(super) fn fewer(least: usize, within: i64) -> String {
    let span = std::time::Duration::from_millis(within.unsigned_abs());
    format!("fewer than {least} within {}", crate::rule::span::text(span))
}

/// Forgets what happened at a time or before.
fn forget_before(ring: &mut VecDeque<Timestamp>, time: i64) {
    while ring.front().is_some_and(|first| first.millis() <= time) {
        ring.pop_front();
    }
}

impl Entry {
    /// When there are fewer events than so many in the window, by their own times; `None` when there are already.
    pub(super) fn leaves(&self, least: usize, within: i64) -> Option<Timestamp> {
        let last = self.ring.get(self.ring.len().checked_sub(least)?)?;
        Some(Timestamp(last.millis().saturating_add(within)))
    }

    /// Sets when the window has to be looked at next.
    fn wait(&mut self, least: usize, within: i64) {
        let leaves = self.leaves(least, within).map_or(within, |at| at.millis().saturating_sub(self.last.millis()));
        self.wake = self.base.saturating_add(leaves);
    }
}

/// A job runs from a time on.
pub(super) fn runs(
    watch: &mut Watch,
    subject: &str,
    definition: &str,
    started: Timestamp,
    lag: i64,
    limit: Option<i64>,
    around: &mut Around<'_>,
) {
    let now = around.clock.read(false);
    let Some(entry) = watch.entry(subject, around) else { return };
    if entry.phase != Phase::Idle {
        return;
    }
    let base = now.now.saturating_sub(lag);
    entry.heard(started, base, limit.unwrap_or(NEVER), now);
    let notes =
        crate::rule::message::Notes { definition: Some(clip(definition, SUBJECT).into()), ..Default::default() };
    entry.notes = Some(Box::new(notes));
    entry.wake = base.saturating_add(limit.unwrap_or(WEEK).min(WEEK));
    watch.queue_up(subject);
}

/// How long a job may run before it is slow, in milliseconds.
pub(super) fn limit(times: f64, p95: f64) -> i64 {
    (times * p95).ceil().clamp(1.0, 1e15) as i64
}
