//! One rule as it is watched for, and what is known of each of its subjects.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::sync::Arc;

use compact_str::CompactString;
use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;
use protocol::Timestamp;

use super::clock::{Clock, Sum};
use crate::alert::{Change, Finding};
use crate::rule::glob::Globs;
use crate::rule::message::{self, Notes};
use crate::rule::{Condition, Fact, Rule, Trouble};
use crate::table::clip;

/// Never, as a reading of a clock.
pub(super) const NEVER: i64 = i64::MAX;

/// How many subjects of rules are known at once, over all rules of a connection.
pub(super) const ROOM: usize = 200_000;

/// How long a subject may be, in bytes.
pub(super) const SUBJECT: usize = 256;

/// Times in the queue that may be of no use any more.
const SLACK: usize = 1_024;

/// How long a text is that a message may show, in bytes.
const NOTE: usize = 256;

/// One rule.
#[derive(Debug)]
pub(super) struct Watch {
    pub rule: Rule,
    pub name: Arc<str>,
    pub hold: i64,
    /// Counts by the steady clock: the trouble of a connection lasts while it is not live.
    pub steady: bool,
    pub entries: HashMap<CompactString, Entry>,
    pub queue: BinaryHeap<Reverse<(i64, CompactString)>>,
    /// What the picture says already was looked at.
    pub seeded: bool,
    /// Whether it is outside of the hours, when that was last looked at.
    pub outside: Option<bool>,
    /// Some subject was judged by another time than that.
    pub mixed: bool,
    /// Some subject comes from the history: the picture may contradict it without a change being told.
    pub restored: bool,
    /// Subjects that fire and may have ended unheard, with how many events were heard by then.
    pub doubts: BTreeMap<CompactString, u64>,
    /// The version of the durations that its running jobs were judged by.
    pub durations: u64,
    pub subjects: Globs,
}

/// What is known of one subject of a rule.
#[derive(Debug)]
pub(super) struct Entry {
    pub phase: Phase,
    /// When the condition began to hold, and what the clock had lost by then.
    pub since: Timestamp,
    pub lost: i64,
    /// When it has held for long enough.
    pub hold_due: i64,
    /// When the condition itself is to be looked at: an event is over, a silence is long enough, a window moves on.
    pub wake: i64,
    /// What the timers of `wake` count from: the newest time heard, its place on the clock, and what was lost by then.
    pub last: Timestamp,
    pub base: i64,
    pub base_lost: i64,
    queued: i64,
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub times: u32,
    /// The time that was last told of it: nothing is told of before that.
    pub told: Timestamp,
    /// It comes from the history: what is not after its beginning was counted then.
    pub restored: bool,
    pub notes: Option<Box<Notes>>,
    /// The times of the events that are counted, in their order.
    pub ring: VecDeque<Timestamp>,
}

/// Where a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The condition does not hold; something else is known.
    Idle,
    Pending,
    Firing,
}

/// What holds, as it was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'f> {
    /// Since when.
    pub since: Timestamp,
    /// How long it held already, by the watch's clock.
    pub held: i64,
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub fact: Option<&'f Fact<'f>>,
    /// What the picture calls it, where no fact says so.
    pub name: Option<&'f str>,
    /// Where the picture says that it is, where no fact says so.
    pub area: Option<&'f str>,
    pub cause: Option<&'f str>,
    pub again: Again,
}

/// When it is told that something which fires already happened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    Never,
    Always,
    /// The value changed, and the last word of it is a minute old.
    Minute,
    /// The cause changed.
    Cause,
}

/// What all watches of a detector share.
pub(super) struct Around<'d> {
    pub clock: &'d Clock,
    pub connection: &'d str,
    pub room: &'d mut Room,
    pub out: &'d mut Vec<Finding>,
}

/// What is held in all, and what was not.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub entries: usize,
    pub times: usize,
    pub dropped: u64,
}

impl Watch {
    pub fn new(rule: &Rule) -> Self {
        let steady = matches!(&rule.when, Condition::Connection(c) if c.is != Trouble::Overflow);
        Watch {
            name: rule.name.as_str().into(),
            hold: millis(rule.hold),
            steady,
            entries: HashMap::new(),
            queue: BinaryHeap::new(),
            seeded: false,
            outside: None,
            mixed: false,
            restored: false,
            doubts: BTreeMap::new(),
            durations: 0,
            subjects: Globs::new(&rule.subjects),
            rule: rule.clone(),
        }
    }

    /// The entry of a subject, made idle when there is none; `None` when the rule is not about it or there is no room.
    pub fn entry(&mut self, subject: &str, around: &mut Around<'_>) -> Option<&mut Entry> {
        let vacant = match self.entries.entry_ref(subject) {
            EntryRef::Occupied(occupied) => return Some(occupied.into_mut()),
            EntryRef::Vacant(vacant) => vacant,
        };
        if !self.subjects.cover(subject) {
            return None;
        }
        if around.room.entries >= ROOM {
            around.room.dropped += 1;
            return None;
        }
        around.room.entries += 1;
        Some(vacant.insert_with_key(CompactString::from(subject), Entry::idle()))
    }

    pub fn forget(&mut self, subject: &str, room: &mut Room) {
        if let Some(entry) = self.entries.remove(subject) {
            room.entries -= 1;
            room.times -= entry.ring.len();
        }
    }

    /// Its condition holds of a subject.
    pub fn holds(&mut self, subject: &str, found: Found<'_>, around: &mut Around<'_>) {
        let clock = around.clock.read(self.steady);
        let hold = self.hold;
        let Some(entry) = self.entry(subject, around) else { return };
        let change = match entry.phase {
            Phase::Idle => {
                entry.since = found.since;
                entry.told = found.since;
                // What was so for long enough before it was heard is so since its own time, whatever was lost since.
                entry.lost = if found.held >= hold { NEVER } else { clock.lost };
                entry.times = 1;
                entry.show(&found);
                if hold == 0 {
                    entry.phase = Phase::Firing;
                    Change::Fires { since: found.since }
                } else {
                    entry.phase = Phase::Pending;
                    entry.hold_due = clock.now.saturating_add(hold - found.held);
                    Change::Pending
                }
            }
            Phase::Pending => {
                entry.times = entry.times.saturating_add(1);
                entry.show(&found);
                return;
            }
            Phase::Firing => {
                let told = match found.again {
                    Again::Never => false,
                    Again::Always => !(entry.restored && found.since <= entry.since),
                    Again::Minute => entry.value != found.value && found.since.since(entry.told) >= 60_000,
                    Again::Cause => entry.notes.as_ref().and_then(|notes| notes.cause.as_deref()) != found.cause,
                };
                if !told {
                    return;
                }
                entry.times = entry.times.saturating_add(1);
                entry.told = entry.told.max(found.since);
                entry.show(&found);
                Change::Again
            }
        };
        let at = entry.told;
        self.tell(subject, change, at, around);
        self.queue_up(subject);
    }

    /// Its condition holds no more of a subject from a time on. What held for long enough by the times of the events
    /// fired, also when no tick came between. The entry stays, idle.
    pub fn ends(&mut self, subject: &str, at: Timestamp, cause: impl FnOnce() -> String, around: &mut Around<'_>) {
        let clock = around.clock.read(self.steady);
        let hold = self.hold;
        let Some(entry) = self.entries.get_mut(subject) else { return };
        if entry.phase == Phase::Idle || entry.began_after(at) {
            return;
        }
        if entry.phase == Phase::Pending {
            let due = entry.due(hold, clock);
            if at >= due {
                let since = entry.since;
                entry.told = due;
                self.tell(subject, Change::Fires { since }, due, around);
            }
        }
        let Some(entry) = self.entries.get_mut(subject) else { return };
        let at = at.max(entry.told);
        entry.phase = Phase::Idle;
        entry.hold_due = NEVER;
        entry.restored = false;
        self.tell(subject, Change::Ends { cause: cause() }, at, around);
    }

    /// Ends and forgets.
    pub fn over(&mut self, subject: &str, at: Timestamp, cause: impl FnOnce() -> String, around: &mut Around<'_>) {
        if self.entries.get(subject).is_some_and(|entry| entry.began_after(at)) {
            return;
        }
        self.ends(subject, at, cause, around);
        self.forget(subject, around.room);
    }

    /// Ends all that holds and forgets everything.
    pub fn close(&mut self, at: Timestamp, cause: &str, around: &mut Around<'_>) {
        let mut subjects: Vec<CompactString> = self.entries.keys().cloned().collect();
        subjects.sort_unstable();
        for subject in subjects {
            if let Some(entry) = self.entries.get_mut(&subject)
                && entry.phase != Phase::Idle
            {
                let at = at.max(entry.told);
                entry.phase = Phase::Idle;
                self.tell(&subject, Change::Ends { cause: cause.to_owned() }, at, around);
            }
            self.forget(&subject, around.room);
        }
        self.queue.clear();
        self.doubts.clear();
    }

    /// Notes that something known of which nothing is told was heard, the way of nearly every event; false where there is more
    /// to do.
    pub fn hears(&mut self, subject: &str, at: Timestamp, after: i64, now: Sum) -> bool {
        let Some(entry) = self.entries.get_mut(subject).filter(|entry| entry.phase == Phase::Idle) else {
            return false;
        };
        entry.heard(at, now.now, after, now);
        entry.wake = now.now.saturating_add(after);
        // The place it has in the queue is early enough.
        entry.queued <= entry.next()
    }

    /// Puts a subject into the queue for its next time; to be called whenever that may have come nearer.
    pub fn queue_up(&mut self, subject: &str) {
        let Some(entry) = self.entries.get_mut(subject) else { return };
        let next = entry.next();
        if next < entry.queued {
            entry.queued = next;
            self.queue.push(Reverse((next, CompactString::from(subject))));
        }
        // What ended leaves its times behind: they are cleared away before they are more than what is known.
        if self.queue.len() > 2 * self.entries.len() + SLACK {
            let entries = &self.entries;
            self.queue.retain(|Reverse((due, subject))| {
                entries.get(subject.as_str()).is_some_and(|entry| entry.queued == *due)
            });
        }
    }

    /// The next subject whose time has come, taken out of the queue.
    pub fn pop_due(&mut self, now: i64) -> Option<CompactString> {
        while self.queue.peek().is_some_and(|Reverse((due, _))| *due <= now) {
            let Reverse((due, subject)) = self.queue.pop()?;
            let Some(entry) = self.entries.get_mut(&subject) else { continue };
            if entry.queued != due {
                continue;
            }
            entry.queued = NEVER;
            if entry.next() <= now {
                return Some(subject);
            }
            self.queue_up(&subject);
        }
        None
    }

    /// What has held for long enough fires.
    pub fn fire(&mut self, subject: &str, around: &mut Around<'_>) {
        let clock = around.clock.read(self.steady);
        let hold = self.hold;
        let Some(entry) = self.entries.get_mut(subject) else { return };
        if entry.phase != Phase::Pending {
            entry.hold_due = NEVER;
            return;
        }
        if entry.hold_due > clock.now {
            return;
        }
        let (at, since) = (entry.due(hold, clock), entry.since);
        entry.phase = Phase::Firing;
        entry.hold_due = NEVER;
        entry.told = at;
        self.tell(subject, Change::Fires { since }, at, around);
    }

    pub fn tell(&self, subject: &str, change: Change, at: Timestamp, around: &mut Around<'_>) {
        let Some(entry) = self.entries.get(subject) else { return };
        let field = match &self.rule.when {
            Condition::Threshold(threshold) => Some(threshold.field.as_str().into()),
            _ => None,
        };
        let values = message::Values {
            subject,
            connection: around.connection,
            value: entry.value,
            threshold: entry.threshold,
            count: match &self.rule.when {
                Condition::Count(_) => entry.value.map_or(0, |count| count as u32),
                _ => entry.times,
            },
            notes: entry.notes.as_deref(),
        };
        around.out.push(Finding {
            rule: Arc::clone(&self.name),
            subject: subject.into(),
            change,
            at,
            title: message::line(&self.rule, &values),
            value: entry.value,
            threshold: entry.threshold,
            field,
        });
    }
}

impl Entry {
    pub fn idle() -> Self {
        Entry {
            phase: Phase::Idle,
            since: Timestamp(0),
            lost: 0,
            hold_due: NEVER,
            wake: NEVER,
            last: Timestamp(i64::MIN),
            base: 0,
            base_lost: 0,
            queued: NEVER,
            value: None,
            threshold: None,
            times: 0,
            told: Timestamp(0),
            restored: false,
            notes: None,
            ring: VecDeque::new(),
        }
    }

    /// Whether it comes from the history and began after a time: what a replay tells of before is over already.
    fn began_after(&self, at: Timestamp) -> bool {
        self.restored && at < self.since
    }

    /// Notes the newest word of it, at a place on the clock, from which a span is to be waited for. What lay so far back
    /// when it was heard that nothing is left to wait for is told by its own time, whatever was lost since.
    pub fn heard(&mut self, last: Timestamp, base: i64, span: i64, clock: Sum) {
        self.last = last;
        self.base = base;
        self.base_lost = if base.saturating_add(span) <= clock.now { NEVER } else { clock.lost };
    }

    /// The wall time at which so much has passed since the newest word of it; what was lost does not count.
    pub fn after_last(&self, span: i64, clock: Sum) -> Timestamp {
        let lost = if self.base_lost == NEVER { 0 } else { clock.lost.saturating_sub(self.base_lost).max(0) };
        Timestamp(self.last.millis().saturating_add(span).saturating_add(lost))
    }

    fn next(&self) -> i64 {
        self.hold_due.min(self.wake)
    }

    /// The wall time at which it has held for long enough.
    fn due(&self, hold: i64, clock: Sum) -> Timestamp {
        let lost = if self.lost == NEVER { 0 } else { clock.lost.saturating_sub(self.lost).max(0) };
        Timestamp(self.since.millis().saturating_add(hold).saturating_add(lost))
    }

    /// Keeps what a message may name of it.
    pub fn show(&mut self, found: &Found<'_>) {
        self.value = found.value;
        self.threshold = found.threshold.or(self.threshold);
        if found.fact.is_none() && found.cause.is_none() && found.name.is_none() && found.area.is_none() {
            return;
        }
        // It is told where it began: what moves would be told anew with each event.
        let began = self.notes.as_mut().filter(|_| self.phase != Phase::Idle).and_then(|notes| notes.area.take());
        let boxed = |text: &str| Box::<str>::from(clip(text, NOTE));
        let text = |name: &str| found.fact.and_then(|fact| fact.text(name)).map(|text| boxed(&text));
        let notes = Notes {
            name: text("name").or_else(|| found.name.map(boxed)),
            source: text("source"),
            definition: text("definition"),
            error: text("error"),
            cause: found.cause.map(boxed).or_else(|| text("error")),
            title: text("title"),
            of_type: text("type"),
            area: began
                .or_else(|| found.fact.and_then(Fact::area).map(|area| boxed(&area)))
                .or_else(|| found.area.map(boxed)),
            severity: found.fact.and_then(|fact| fact.severity),
            kind: found.fact.map(|fact| fact.kind),
        };
        self.notes = (notes != Notes::default()).then(|| Box::new(notes));
    }
}

pub(super) fn millis(span: std::time::Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX / 4)
}
