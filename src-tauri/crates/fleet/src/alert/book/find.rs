//! What becomes of a finding.

use std::sync::Arc;

use protocol::Timestamp;

use super::{AlertBook, As, Entry, OPEN, Subject, SubjectRef, Tell, group, line};
use crate::alert::{Alert, AlertId, AlertState, Change, Finding, Occasion, Transition};
use crate::table::clip;

/// How many bytes of a title or cause are kept.
const LINE: usize = 1_000;

impl AlertBook {
    /// Takes what a detector found on a connection. A finding of a rule or connection that is not there is counted and
    /// left out, and so is one about an alert that is over already, as a replay makes them.
    pub fn find(&mut self, connection: &Arc<str>, mut finding: Finding, now: Timestamp) {
        let now = self.clock(now);
        let present = self.connections.get(connection).is_some_and(|known| known.present);
        if !present || !self.rules.contains_key(&finding.rule) {
            self.record.left_out.findings += 1;
            return;
        }
        finding.title.truncate(clip(&finding.title, LINE).len());
        let key = SubjectRef(&finding.rule, connection, &finding.subject);
        match (self.subjects.get(&key).copied(), &finding.change) {
            (Some(id), _) => self.find_known(id, finding, now),
            (None, Change::Pending | Change::Fires { .. }) => self.begin(connection, finding, now),
            (None, Change::Again | Change::Confirmed | Change::Ends { .. }) => {
                self.record.left_out.findings += 1;
                if matches!(finding.change, Change::Ends { .. })
                    && let Some(known) = self.connections.get_mut(connection)
                {
                    known.replayed.remove(&(finding.rule, finding.subject));
                }
            }
        }
    }

    /// A finding about an open alert.
    fn find_known(&mut self, id: AlertId, finding: Finding, now: Timestamp) {
        let Some(entry) = self.open.get_mut(&id) else { return };
        let settled = self.connections.get(&entry.alert.connection).is_some_and(|known| known.settled);
        if finding.at < entry.alert.began && !settled {
            // A replay speaks of an earlier alert about the same subject.
            self.record.left_out.findings += 1;
            return;
        }
        if finding.change == Change::Confirmed {
            return self.confirm(id, now);
        }
        let later = finding.at > entry.found;
        entry.found = entry.found.max(finding.at);
        if let Change::Ends { cause } = &finding.change {
            let cause = line(clip(cause, LINE));
            return self.resolve(id, finding.at, &cause, false);
        }
        let fires = matches!(finding.change, Change::Fires { .. });
        if finding.change == Change::Again && later {
            entry.alert.times = entry.alert.times.saturating_add(1);
        }
        if later || fires {
            take_line(&mut entry.alert, &finding);
        }
        self.record.changed.insert(id);
        if fires && entry.alert.fired.is_none() {
            self.fire(id, finding.at, now);
        } else {
            self.tell_change(id, now);
        }
    }

    /// A finding that begins an alert, or one that is over already.
    fn begin(&mut self, connection: &Arc<str>, finding: Finding, now: Timestamp) {
        let id = AlertId::of(&finding.rule, connection, &finding.subject, began(&finding));
        let Some(over) = self.over_at.get(&id).and_then(|place| self.over.get(place)) else {
            return self.open(connection, finding, now);
        };
        let past = over.alert.resolved.is_some_and(|resolved| finding.at <= resolved);
        let settled = self.connections.get(connection).is_some_and(|known| known.settled);
        // Only while a picture is completed the past comes again; later, as after a change of the rule, it does hold.
        if settled || over.by_book || !past {
            return self.reopen(connection, finding, now);
        }
        self.record.left_out.findings += 1;
        if matches!(finding.change, Change::Fires { .. })
            && let Some(known) = self.connections.get_mut(connection)
            && known.replayed.len() < OPEN
        {
            known.replayed.insert((finding.rule.clone(), finding.subject.clone()), finding);
        }
    }

    /// Begins an alert.
    fn open(&mut self, connection: &Arc<str>, finding: Finding, now: Timestamp) {
        let began = began(&finding);
        let id = AlertId::of(&finding.rule, connection, &finding.subject, began);
        let Some(rule) = self.rules.get(&finding.rule) else { return };
        let mut alert = Alert {
            id,
            rule: finding.rule.clone(),
            connection: connection.clone(),
            subject: finding.subject.clone(),
            severity: rule.severity,
            group: finding.rule.clone(),
            title: String::new(),
            state: AlertState::Pending,
            since: began,
            began,
            fired: None,
            resolved: None,
            acknowledgement: None,
            value: None,
            threshold: None,
            field: None,
            times: 1,
            notify: rule.notify,
        };
        alert.group = group(rule.group_by, &alert);
        take_line(&mut alert, &finding);
        let mut entry = Entry::new(alert);
        entry.found = finding.at;
        if self.insert(entry, now) {
            match finding.change {
                Change::Fires { .. } => self.fire(id, finding.at, now),
                _ => self.note_first(id, began),
            }
        }
    }

    /// Opens an alert anew that was over, as the same one: its condition held on. Whoever knew of it knows of it.
    pub(super) fn reopen(&mut self, connection: &Arc<str>, finding: Finding, now: Timestamp) {
        let id = AlertId::of(&finding.rule, connection, &finding.subject, began(&finding));
        if self.subjects.contains_key(&SubjectRef(&finding.rule, connection, &finding.subject))
            || self.open.len() >= OPEN
        {
            self.record.left_out.findings += 1;
            return;
        }
        let Some(mut over) = self.over_at.remove(&id).and_then(|place| self.over.remove(&place)) else { return };
        let resolved = over.alert.resolved.take().unwrap_or(now);
        take_line(&mut over.alert, &finding);
        let fires = matches!(finding.change, Change::Fires { .. });
        let fired = over.alert.fired.filter(|_| fires);
        over.alert.fired = None;
        over.alert.acknowledgement =
            over.alert.acknowledgement.filter(|known| known.until.is_none_or(|until| until > now));
        let until = over.alert.acknowledgement.as_ref().and_then(|known| known.until);
        let mut entry = Entry::new(over.alert);
        (entry.moved, entry.found, entry.not_before) = (resolved, finding.at, super::after(resolved, 1));
        if self.insert(entry, now) {
            self.acknowledgements.extend(until.map(|until| (until, id)));
            let at = finding.at.max(super::after(resolved, 1));
            if fires {
                self.fire(id, at, now);
                if let (Some(entry), Some(fired)) = (self.open.get_mut(&id), fired) {
                    entry.alert.fired = Some(fired);
                }
            } else if let Some(entry) = self.open.get_mut(&id) {
                let cause = line(&entry.alert.title);
                entry.move_to(AlertState::Pending, at, &cause, &mut self.record);
            }
            self.apply_rule(id, now);
        }
    }

    /// Puts an entry among the open ones, in the state it has, if there is room.
    pub(super) fn insert(&mut self, mut entry: Entry, now: Timestamp) -> bool {
        let id = entry.id();
        let alert = &entry.alert;
        let key =
            Subject { rule: alert.rule.clone(), connection: alert.connection.clone(), subject: alert.subject.clone() };
        if self.open.len() >= OPEN || self.open.contains_key(&id) || self.subjects.contains_key(&key) {
            self.record.left_out.alerts += 1;
            return false;
        }
        if let Some(rule) = self.rules.get(&alert.rule) {
            entry.own = rule.trouble.is_some();
            entry.network = rule.trouble == Some(crate::rule::Trouble::NotLive);
        }
        let began = entry.alert.began;
        let known = self.connection(&key.connection, now);
        known.open.insert(id);
        entry.stale = !entry.own && !known.live;
        entry.fresh = entry.own || known.settled || began >= known.news;
        entry.silenced = self.covers(&entry.alert);
        self.subjects.insert(key, id);
        self.record.counts.add(entry.alert.severity, entry.alert.state);
        self.record.changed.insert(id);
        self.open.insert(id, entry);
        true
    }

    /// An alert fires: first as a finding says it, then as it is covered.
    fn fire(&mut self, id: AlertId, at: Timestamp, now: Timestamp) {
        let Some(entry) = self.open.get_mut(&id) else { return };
        let known = self.connections.get(&entry.alert.connection);
        let settled = known.is_some_and(|known| known.settled);
        let away = known.is_some_and(|known| known.away);
        let at = at.max(entry.alert.began);
        let cause = line(&entry.alert.title);
        let first = entry.moved == Timestamp(i64::MIN);
        entry.alert.fired = Some(at);
        if first {
            self.note_first(id, at);
        } else {
            entry.move_to(AlertState::Firing, at, &cause, &mut self.record);
        }
        let covered = self.reason(id);
        let Some(entry) = self.open.get_mut(&id) else { return };
        entry.show(now, &covered, &mut self.record);
        if settled || entry.own || entry.fresh {
            let how = if settled || entry.own || !away { As::Alone } else { As::With(Occasion::Away) };
            entry.tell = Tell::Owed(how);
            self.tell_one(id, now);
        }
    }

    /// Records the first state of an alert.
    fn note_first(&mut self, id: AlertId, at: Timestamp) {
        let Some(entry) = self.open.get_mut(&id) else { return };
        let to = if entry.alert.fired.is_some() { AlertState::Firing } else { AlertState::Pending };
        self.record.counts.remove(entry.alert.severity, entry.alert.state);
        self.record.counts.add(entry.alert.severity, to);
        (entry.alert.state, entry.alert.since, entry.moved) = (to, at, at);
        let cause = line(&entry.alert.title);
        self.record.transition(Transition { alert: id, at, from: None, to, cause });
    }

    /// Why an alert that fires is not shown as firing.
    fn reason(&self, id: AlertId) -> String {
        let Some(entry) = self.open.get(&id) else { return String::new() };
        if entry.doubted {
            return format!("{} has not said since whether this still holds.", entry.alert.connection);
        }
        if entry.stale {
            return format!("{} is not live.", entry.alert.connection);
        }
        if entry.silenced {
            return self.silence_of(&entry.alert).map_or_else(String::new, |silence| self.silenced_until(silence));
        }
        "It was acknowledged before it fired.".into()
    }
}

fn began(finding: &Finding) -> Timestamp {
    match finding.change {
        Change::Fires { since } => since.min(finding.at),
        _ => finding.at,
    }
}

fn take_line(alert: &mut Alert, finding: &Finding) {
    if alert.title != finding.title {
        alert.title.clone_from(&finding.title);
    }
    alert.value = finding.value.or(alert.value);
    alert.threshold = finding.threshold.or(alert.threshold);
    if finding.field.is_some() {
        alert.field.clone_from(&finding.field);
    }
}
