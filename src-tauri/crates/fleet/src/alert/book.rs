//! The one place that knows all alerts of all connections: what detectors find goes in, and what is to be listed, recorded
//! and told comes out. Pure: the time is an argument; bounded: what does not fit is counted.
//!
//! **What is shown** follows from flags, the first that is so: resolved, pending, stale, silenced, acknowledged, firing
//! (`entry.rs`). Each change of it is a [`Transition`]; an acknowledgement that does not change it is one too, so that
//! its note is on the record. Times of transitions that a finding made are the finding's own; all others are the book's.
//!
//! **What is told** is told once: when an alert fires, and again only after somebody had it kept quiet and that ended.
//! Quiet hours hold back what is told and change no state. Whatever was held back is told in one digest at their end.
//!
//! **The order**: after [`AlertBook::new`] come the rules, quiet hours, what is restored, and the connections; then whatever
//! happens. That a connection is not live is said before what its detector finds because of that.
//!
//! **The clock** may jump. A time up to [`LAG`] before the latest one counts as the latest one. One further back moves all
//! ends that were set here (silences, acknowledgements, waits) back by as much, so that each is as far away as it was;
//! what has ended stays ended. A jump forward is time that passed: the computer slept.

mod connections;
mod counts;
mod cover;
mod entry;
mod find;
mod hush;
mod network;
mod record;
mod restore;
mod tell;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hashbrown::{Equivalent, HashMap};
use jiff::tz::TimeZone;
use protocol::Timestamp;

use super::{Alert, AlertId, AlertState, Announcement, Silence, Transition};
use crate::rule::{Condition, GroupBy, Rule, Severity, Trouble};
use connections::Connection;
pub use counts::Counts;
use cover::Covering;
use entry::{As, Entry, Tell, line, sentence};
use hush::Quiet;
pub use hush::Refused;
use network::Network;
pub use record::LeftOut;
use record::Record;

/// How far behind the latest time another one may be without being a jump: threads read the clock before they get their turn.
pub const LAG: i64 = 10_000;
/// How many alerts may be open.
pub const OPEN: usize = 20_000;
/// How many resolved ones are remembered.
pub const RESOLVED: usize = 2_000;
/// How long after the start what began while away is waited for.
const AWAY: i64 = 30_000;
/// How long a live connection's first picture is waited for before it counts as complete.
const PICTURE: i64 = 60_000;

/// All alerts.
#[derive(Debug)]
pub struct AlertBook {
    now: Timestamp,
    zone: TimeZone,
    rules: HashMap<Arc<str>, Watched>,
    /// Whether the rules were given: only then may an alert's rule be missing.
    ruled: bool,
    connections: BTreeMap<Arc<str>, Connection>,
    open: BTreeMap<AlertId, Entry>,
    subjects: HashMap<Subject, AlertId>,
    over: BTreeMap<u64, Over>,
    over_at: HashMap<AlertId, u64>,
    overs: u64,
    silences: Vec<Covering>,
    last_silence: u64,
    acknowledgements: BTreeSet<(Timestamp, AlertId)>,
    quiet: Quiet,
    network: Network,
    /// Until when what began while away is gathered; `None` when it was told.
    away: Option<Timestamp>,
    /// When the program was last known to run, or began to.
    away_since: Timestamp,
    /// What began while away and was over before it was told.
    away_over: Vec<AlertId>,
    /// When a change that came too early may be told.
    later: BTreeSet<(Timestamp, AlertId)>,
    record: Record,
}

/// What the book knows of a rule.
#[derive(Debug, Clone)]
struct Watched {
    severity: Severity,
    group_by: GroupBy,
    notify: bool,
    trouble: Option<Trouble>,
}

/// A resolved alert.
#[derive(Debug)]
struct Over {
    alert: Alert,
    /// Not a finding but the book ended it: the condition may hold on.
    by_book: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Subject {
    rule: Arc<str>,
    connection: Arc<str>,
    subject: Box<str>,
}

struct SubjectRef<'s>(&'s str, &'s str, &'s str);

impl AlertBook {
    /// An empty book. What began after `away_since`, when the program was last known to run, is told as missed; without
    /// it, nothing that was so before the first picture is.
    pub fn new(now: Timestamp, away_since: Option<Timestamp>, zone: TimeZone) -> Self {
        AlertBook {
            now,
            zone,
            rules: HashMap::new(),
            ruled: false,
            connections: BTreeMap::new(),
            open: BTreeMap::new(),
            subjects: HashMap::new(),
            over: BTreeMap::new(),
            over_at: HashMap::new(),
            overs: 0,
            silences: Vec::new(),
            last_silence: 0,
            acknowledgements: BTreeSet::new(),
            quiet: Quiet::default(),
            network: Network::default(),
            // Who was never there was not away: what begins while the first picture is made is told as it is.
            away: away_since.map(|_| after(now, AWAY)),
            away_since: away_since.unwrap_or(now).min(now),
            away_over: Vec::new(),
            later: BTreeSet::new(),
            record: Record::default(),
        }
    }

    /// Takes the rules. Open alerts get their rule's severity, group and wish to be told; those of rules that are gone or
    /// turned off are resolved.
    pub fn rules(&mut self, rules: &[Rule], now: Timestamp) {
        let now = self.clock(now);
        self.ruled = true;
        self.rules =
            rules.iter().filter(|rule| rule.enabled).map(|rule| (rule.name.as_str().into(), watched(rule))).collect();
        let ids: Vec<AlertId> = self.open.keys().copied().collect();
        for id in ids {
            self.apply_rule(id, now);
        }
        self.flush_all(now);
    }

    /// Does what is due: the ends of acknowledgements, silences and quiet hours, digests, the notice of the network. To be
    /// called about once a second.
    pub fn tick(&mut self, now: Timestamp) {
        let now = self.clock(now);
        let mut owed = self.end_acknowledgements(now);
        owed.extend(self.end_silences(now));
        let quiet_ended = self.turn_quiet(now);
        if quiet_ended {
            owed.extend(self.open.keys());
        }
        let late = self.settle_late(now);
        owed.extend(&late);
        owed.extend(self.turn_network(now));
        self.flush(owed, quiet_ended, now);
        if self.away.is_none() && !late.is_empty() {
            self.tell_away(now);
        }
        self.close_away(now);
        self.tell_later(now);
    }

    /// Ends an alert that no detector watches any more: one of the history that [`Detector::restore`] does not take. The
    /// cause is a sentence. Gives whether it was open.
    ///
    /// [`Detector::restore`]: crate::rule::Detector::restore
    pub fn end(&mut self, id: AlertId, cause: &str, now: Timestamp) -> bool {
        let now = self.clock(now);
        let open = self.open.contains_key(&id);
        self.resolve(id, now, cause, true);
        open
    }

    /// Appends the transitions since the last time.
    pub fn take_transitions(&mut self, into: &mut Vec<Transition>) {
        into.append(&mut self.record.transitions);
    }

    /// Appends what is to be told since the last time, in order.
    pub fn take_announcements(&mut self, into: &mut Vec<Announcement>) {
        into.append(&mut self.record.announcements);
    }

    /// Appends all alerts that changed since the last time as they are, for the history to keep in place of what it has.
    pub fn take_changed(&mut self, into: &mut Vec<Alert>) {
        into.append(&mut self.record.gone);
        for id in std::mem::take(&mut self.record.changed) {
            into.extend(self.get(id).cloned());
        }
    }

    /// An alert, open or resolved not long ago.
    pub fn get(&self, id: AlertId) -> Option<&Alert> {
        let open = self.open.get(&id).map(|entry| &entry.alert);
        open.or_else(|| Some(&self.over.get(self.over_at.get(&id)?)?.alert))
    }

    /// The open alert of a rule about a subject.
    pub fn about(&self, rule: &str, connection: &str, subject: &str) -> Option<&Alert> {
        let id = self.subjects.get(&SubjectRef(rule, connection, subject))?;
        self.open.get(id).map(|entry| &entry.alert)
    }

    /// All alerts: the open ones, then those that were resolved, the last one first.
    pub fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.open.values().map(|entry| &entry.alert).chain(self.over.values().rev().map(|over| &over.alert))
    }

    /// Whether a silence covers an open alert, which shows another state while its connection is not live.
    pub fn is_silenced(&self, id: AlertId) -> bool {
        self.open.get(&id).is_some_and(|entry| entry.silenced)
    }

    /// How many are open, by severity and state.
    pub fn counts(&self) -> &Counts {
        &self.record.counts
    }

    /// What was not taken.
    pub fn left_out(&self) -> LeftOut {
        self.record.left_out
    }

    /// The silences that are in force.
    pub fn silences(&self) -> impl Iterator<Item = &Silence> {
        self.silences.iter().map(|covering| &covering.silence)
    }

    /// Reads the clock: gives the book's time, which goes back only by a jump.
    fn clock(&mut self, now: Timestamp) -> Timestamp {
        let behind = self.now.millis().saturating_sub(now.millis());
        if behind > LAG {
            self.shift(behind);
        }
        if behind <= 0 || behind > LAG {
            self.now = now;
        }
        self.now
    }

    /// Moves all that lies ahead back by a jump of the clock, so that it is as far away as it was.
    fn shift(&mut self, back: i64) {
        for covering in &mut self.silences {
            covering.silence.from = before(covering.silence.from, back);
            covering.silence.until = before(covering.silence.until, back);
        }
        self.acknowledgements = std::mem::take(&mut self.acknowledgements)
            .into_iter()
            .map(|(until, id)| (before(until, back), id))
            .collect();
        for (until, id) in &self.acknowledgements {
            if let Some(known) = self.open.get_mut(id).and_then(|entry| entry.alert.acknowledgement.as_mut()) {
                known.until = Some(*until);
                self.record.changed.insert(*id);
            }
        }
        self.later = std::mem::take(&mut self.later).into_iter().map(|(due, id)| (before(due, back), id)).collect();
        for entry in self.open.values_mut() {
            entry.told_at = before(entry.told_at, back);
        }
        self.away = self.away.map(|until| before(until, back));
        self.network.shift(back);
        for connection in self.connections.values_mut() {
            connection.shift(back);
        }
    }

    /// Gives an alert what its rule says, or resolves it if its rule is gone.
    fn apply_rule(&mut self, id: AlertId, now: Timestamp) {
        let Some(entry) = self.open.get_mut(&id) else { return };
        let Some(rule) = self.rules.get(&entry.alert.rule) else {
            if self.ruled {
                self.resolve(id, now, "The rule was removed or turned off.", true);
            }
            return;
        };
        let group = group(rule.group_by, &entry.alert);
        let alert = &mut entry.alert;
        let same = (alert.severity, alert.notify) == (rule.severity, rule.notify) && alert.group == group;
        if !same {
            self.record.counts.remove(alert.severity, alert.state);
            self.record.counts.add(rule.severity, alert.state);
            (alert.severity, alert.notify, alert.group) = (rule.severity, rule.notify, group);
            self.record.changed.insert(id);
        }
        entry.own = rule.trouble.is_some();
        entry.network = rule.trouble == Some(Trouble::NotLive);
        entry.stale &= !entry.own;
        if !entry.alert.notify {
            entry.withdraw(&mut self.record);
        }
        let covered = self.cover(id, now);
        if let Some(entry) = self.open.get_mut(&id) {
            entry.show(now, covered.unwrap_or("Its rule was changed."), &mut self.record);
        }
        self.tell_change(id, now);
    }

    /// Ends an alert.
    fn resolve(&mut self, id: AlertId, at: Timestamp, cause: &str, by_book: bool) {
        let Some(mut entry) = self.open.remove(&id) else { return };
        let alert = &entry.alert;
        self.subjects.remove(&SubjectRef(&alert.rule, &alert.connection, &alert.subject));
        if let Some(connection) = self.connections.get_mut(&alert.connection) {
            connection.open.remove(&id);
        }
        if let Some(until) = alert.acknowledgement.as_ref().and_then(|known| known.until) {
            self.acknowledgements.remove(&(until, id));
        }
        self.later.remove(&(after(entry.told_at, tell::CHANGES), id));
        self.network.forget(id);
        let missed = entry.tell == Tell::Owed(As::With(super::Occasion::Away));
        if missed && !entry.silenced && !entry.acknowledged() && entry.alert.notify && self.away_over.len() < OPEN {
            self.away_over.push(id);
        }
        // The book's own ends come after all else that was recorded; a finding's time is its own, but never before the begin.
        let at = if by_book { at.max(after(entry.moved, 1)) } else { at };
        let at = at.max(entry.alert.fired.unwrap_or(entry.alert.began)).max(entry.not_before);
        entry.withdraw(&mut self.record);
        entry.alert.resolved = Some(at);
        entry.move_to(AlertState::Resolved, at, cause, &mut self.record);
        self.remember(Over { alert: entry.alert, by_book });
    }

    /// Keeps a resolved alert, in place of the oldest one where there is no room.
    fn remember(&mut self, over: Over) {
        self.overs += 1;
        self.over_at.insert(over.alert.id, self.overs);
        self.over.insert(self.overs, over);
        if self.over.len() > RESOLVED
            && let Some((_, oldest)) = self.over.pop_first()
        {
            self.over_at.remove(&oldest.alert.id);
            if self.record.changed.remove(&oldest.alert.id) {
                self.record.gone(oldest.alert);
            }
        }
    }
}

impl Hash for Subject {
    fn hash<H: Hasher>(&self, state: &mut H) {
        SubjectRef(&self.rule, &self.connection, &self.subject).hash(state);
    }
}

impl Hash for SubjectRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0, self.1, self.2).hash(state);
    }
}

impl Equivalent<Subject> for SubjectRef<'_> {
    fn equivalent(&self, key: &Subject) -> bool {
        *self.0 == *key.rule && *self.1 == *key.connection && *self.2 == *key.subject
    }
}

fn watched(rule: &Rule) -> Watched {
    let trouble = match &rule.when {
        Condition::Connection(condition) => Some(condition.is),
        _ => None,
    };
    Watched { severity: rule.severity, group_by: rule.group_by, notify: rule.notify, trouble }
}

/// The key by which alerts are listed and told together: the parts, with a unit separator between them.
fn group(by: GroupBy, alert: &Alert) -> Arc<str> {
    let Alert { rule, connection, subject, .. } = alert;
    match by {
        GroupBy::Rule => rule.clone(),
        GroupBy::Connection => format!("{rule}\u{1f}{connection}").into(),
        GroupBy::Subject => format!("{rule}\u{1f}{connection}\u{1f}{subject}").into(),
    }
}

fn after(time: Timestamp, millis: i64) -> Timestamp {
    Timestamp(time.millis().saturating_add(millis))
}

fn before(time: Timestamp, millis: i64) -> Timestamp {
    Timestamp(time.millis().saturating_sub(millis))
}
