//! What the time that passes brings about.

use compact_str::CompactString;
use protocol::Timestamp;

use super::event::{WEEK, clear_after, fewer, limit, minute_of, quiet};
use super::slow::Durations;
use super::watch::{Around, Found, NEVER, Phase, Watch, millis};
use super::{Detector, Heard};
use crate::alert::Finding;
use crate::rule::{Condition, Entity, Trouble};
use crate::state::ConnectionState;

/// Up to so long after an hour began or ended it is taken to have been seen at that time, in milliseconds.
const PROMPT: i64 = 60_000;

impl Detector {
    /// Finds what is due; to be called once a second. What the picture already says of rules that are looked at for the
    /// first time is found too.
    pub fn tick(&mut self, state: &ConnectionState, now: Timestamp, out: &mut Vec<Finding>) {
        self.pass(Some(state), now, out);
    }

    pub(in crate::rule) fn pass(&mut self, state: Option<&ConnectionState>, now: Timestamp, out: &mut Vec<Finding>) {
        self.clock.advance(now);
        if self.stopped {
            return;
        }
        let live = self.clock.running;
        if live && let Some(state) = state {
            self.seed(state, now, out);
            self.ask_again(state, now, out);
        }
        let Detector { watches, clock, room, connection, zone, durations, heard, .. } = self;
        let mut around = Around { clock, connection, room, out };
        for watch in watches.iter_mut() {
            if !live && !watch.steady {
                continue;
            }
            if live {
                hours(watch, now, zone, &mut around);
                silence(watch, *heard, &mut around);
                judge_again(watch, durations);
            }
            let reading = around.clock.read(watch.steady);
            while let Some(subject) = watch.pop_due(reading.now) {
                let fires_first = watch.entries.get(&subject).is_some_and(|entry| entry.hold_due <= entry.wake);
                if fires_first {
                    watch.fire(&subject, &mut around);
                }
                wake(watch, &subject, durations, &mut around);
                watch.fire(&subject, &mut around);
                watch.queue_up(&subject);
            }
        }
        self.judge_credential(now, out);
    }

    pub(super) fn judge_credential(&mut self, now: Timestamp, out: &mut Vec<Finding>) {
        let Detector { watches, clock, room, connection, credential, stopped, .. } = self;
        // Not read yet, it says nothing against an alert of the last run.
        let Some(credential) = credential.filter(|_| !*stopped) else { return };
        let mut around = Around { clock, connection, room, out };
        for watch in watches.iter_mut() {
            let Condition::Connection(condition) = &watch.rule.when else { continue };
            if condition.is != Trouble::CredentialEnds {
                continue;
            }
            let ends = credential.map(|ends| (ends, Timestamp(ends.millis().saturating_sub(millis(condition.within)))));
            match ends.filter(|(_, from)| now >= *from) {
                Some((ends, from)) if watch.entries.is_empty() => {
                    let cause = format!("at {}", ends.to_string().replace(".000Z", "Z"));
                    watch.holds(connection, Found { cause: Some(&cause), ..Found::since(from) }, &mut around);
                }
                Some(_) => {}
                None if watch.entries.is_empty() => {}
                None => watch.over(connection, now, || "the credential is good for longer".into(), &mut around),
            }
        }
    }
}

/// The hours in which it is as it should be begin or end.
fn hours(watch: &mut Watch, now: Timestamp, zone: &jiff::tz::TimeZone, around: &mut Around<'_>) {
    let Condition::State(state) = &watch.rule.when else { return };
    let Some(hours) = state.outside else { return };
    let outside = !hours.contains(minute_of(zone, now));
    let same = watch.outside == Some(outside) && !watch.mixed;
    watch.outside = Some(outside);
    watch.mixed = false;
    if same || watch.entries.is_empty() {
        return;
    }
    let edge = last_edge(zone, now, if outside { hours.to() } else { hours.from() });
    let mut subjects: Vec<CompactString> = watch.entries.keys().cloned().collect();
    subjects.sort_unstable();
    for subject in subjects {
        let Some(entry) = watch.entries.get(&subject) else { continue };
        match (outside, entry.phase) {
            (true, Phase::Idle) => {
                // An edge that was slept through says nothing of the time since then.
                let ago = now.since(edge);
                let (since, held) = if ago <= PROMPT { (edge.max(entry.last), ago) } else { (now, 0) };
                let held = held.min(now.since(since));
                watch.holds(&subject, Found { held, ..Found::since(since) }, around);
            }
            (false, Phase::Pending | Phase::Firing) => {
                watch.ends(&subject, edge, || format!("the hours {hours} began"), around);
            }
            _ => {}
        }
    }
}

/// The last time that a minute of the day began in a zone.
fn last_edge(zone: &jiff::tz::TimeZone, now: Timestamp, minute: u16) -> Timestamp {
    let Ok(instant) = jiff::Timestamp::from_millisecond(now.millis()) else { return now };
    let date = zone.to_datetime(instant).date();
    let clock = |date: jiff::civil::Date| {
        let at = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0).to_zoned(zone.clone()).ok()?;
        Some(Timestamp(at.timestamp().as_millisecond()))
    };
    let today = clock(date).filter(|at| *at <= now);
    today.or_else(|| clock(date.yesterday().ok()?)).filter(|at| *at <= now).unwrap_or(now)
}

/// Nothing came on the stream for too long.
fn silence(watch: &mut Watch, heard: Option<Heard>, around: &mut Around<'_>) {
    let (Condition::Absence(absence), Some(heard)) = (&watch.rule.when, heard) else { return };
    let now = around.clock.read(false);
    let after = millis(absence.after);
    let held = now.now.saturating_sub(heard.base).saturating_sub(after);
    if absence.of != Entity::Stream || held < 0 || !watch.entries.is_empty() {
        return;
    }
    let lost = now.lost.saturating_sub(heard.lost).max(0);
    let since = Timestamp(heard.at.millis().saturating_add(after).saturating_add(lost));
    let connection = around.connection;
    watch.holds(connection, Found { held, ..Found::since(since) }, around);
}

/// Sets anew when jobs that run are slow, where that may have changed.
fn judge_again(watch: &mut Watch, durations: &Durations) {
    let Condition::SlowJob(slow) = &watch.rule.when else { return };
    if watch.durations == durations.version {
        return;
    }
    watch.durations = durations.version;
    let mut nearer: Vec<CompactString> = Vec::new();
    for (subject, entry) in &mut watch.entries {
        if entry.phase != Phase::Idle {
            continue;
        }
        let definition = entry.notes.as_ref().and_then(|notes| notes.definition.as_deref()).unwrap_or_default();
        let limit = durations.p95(definition, slow.after_jobs).map_or(WEEK, |p95| limit(slow.times_p95, p95));
        entry.wake = entry.base.saturating_add(limit.min(WEEK));
        nearer.push(subject.clone());
    }
    nearer.sort_unstable();
    for subject in nearer {
        watch.queue_up(&subject);
    }
}

/// The time of a condition itself has come.
fn wake(watch: &mut Watch, subject: &str, durations: &Durations, around: &mut Around<'_>) {
    let now = around.clock.read(watch.steady);
    let Some(entry) = watch.entries.get_mut(subject) else { return };
    if entry.wake > now.now {
        return;
    }
    entry.wake = NEVER;
    match &watch.rule.when {
        Condition::Event(_) | Condition::Connection(_) => {
            let clear = clear_after(watch);
            let Some(entry) = watch.entries.get(subject) else { return };
            let at = entry.after_last(clear, now);
            watch.over(subject, at, || quiet(clear), around);
        }
        Condition::Absence(absence) => {
            let after = millis(absence.after);
            let held = now.now.saturating_sub(entry.base.saturating_add(after)).max(0);
            let since = entry.after_last(after, now);
            watch.holds(subject, Found { held, ..Found::since(since) }, around);
        }
        Condition::Count(count) => {
            let (least, within) = (count.at_least as usize, millis(count.within));
            let lost = entry.after_last(0, now).millis().saturating_sub(entry.last.millis());
            let leaves = entry.leaves(least, within);
            let over = entry.base.saturating_add(within);
            if entry.phase != Phase::Idle {
                let at = leaves.map_or(entry.after_last(within, now), |at| Timestamp(at.millis().saturating_add(lost)));
                watch.ends(subject, at, || fewer(least, within), around);
            }
            if over <= now.now {
                watch.forget(subject, around.room);
            } else if let Some(entry) = watch.entries.get_mut(subject) {
                entry.wake = over;
            }
        }
        Condition::SlowJob(slow) => {
            let ran = now.now.saturating_sub(entry.base);
            if ran >= WEEK {
                let at = entry.after_last(WEEK, now);
                watch.over(subject, at, || quiet(WEEK), around);
                return;
            }
            entry.wake = entry.base.saturating_add(WEEK);
            let definition = entry.notes.as_ref().and_then(|notes| notes.definition.clone()).unwrap_or_default();
            let known = durations.p95(&definition, slow.after_jobs).map(|p95| limit(slow.times_p95, p95));
            if let Some(limit) = known.filter(|limit| ran >= *limit && entry.phase == Phase::Idle) {
                let since = entry.after_last(limit, now);
                let notes = entry.notes.clone();
                let found = Found { held: ran - limit, threshold: Some(limit as f64), ..Found::since(since) };
                watch.holds(subject, found, around);
                if let Some(entry) = watch.entries.get_mut(subject) {
                    entry.notes = entry.notes.take().or(notes);
                }
            }
        }
        _ => {}
    }
}
