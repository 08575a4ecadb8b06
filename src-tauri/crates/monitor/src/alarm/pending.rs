//! Alerts that wait for their rule's time: written down when they fire or have waited for a while. One that comes and goes
//! within moments, as a lock that flickers, was never an alert to anybody and costs the disk nothing.

use std::collections::{HashMap, HashSet};

use fleet::alert::{Alert, AlertId, AlertState, Transition};
use protocol::Timestamp;
use store::history::Batch;

/// How long an alert may be pending before it is written down all the same, in ms: so that a restart knows it.
const WAITS: i64 = 10_000;
/// How many are held back; further ones are written at once.
const HELD: usize = 50_000;

/// What is not written yet.
#[derive(Debug, Default)]
pub(super) struct Pending {
    held: HashMap<AlertId, Held>,
}

#[derive(Debug)]
struct Held {
    since: Timestamp,
    alert: Alert,
    transitions: Vec<Transition>,
}

impl Pending {
    /// Takes out of a batch what may wait, and puts in what need not any more.
    pub(super) fn hold(&mut self, batch: &mut Batch, now: Timestamp) {
        // Of a storm there are thousands: each is looked up, not looked for.
        let began: HashSet<AlertId> =
            batch.transitions.iter().filter(|step| step.from.is_none()).map(|step| step.alert).collect();
        let mut gone: HashSet<AlertId> = HashSet::new();
        let mut told_before: Vec<Transition> = Vec::new();
        let mut alerts = Vec::with_capacity(batch.alerts.len());
        for alert in std::mem::take(&mut batch.alerts) {
            let (id, waits) = (alert.id, alert.fired.is_none());
            if waits && let Some(held) = self.held.get_mut(&id) {
                held.alert = alert;
            } else if let Some(held) = self.held.remove(&id) {
                // It fired: its beginning is part of its story.
                told_before.extend(held.transitions);
                alerts.push(alert);
            } else if waits && began.contains(&id) && alert.resolved.is_some() {
                // It came and went within one batch.
                gone.insert(id);
            } else if waits && began.contains(&id) && alert.state == AlertState::Pending && self.held.len() < HELD {
                self.held.insert(id, Held { since: now, alert, transitions: Vec::new() });
            } else {
                alerts.push(alert);
            }
        }
        batch.alerts = alerts;
        batch.transitions.retain(|step| !gone.contains(&step.alert));
        batch.transitions.splice(0..0, told_before);
        let held = &mut self.held;
        batch.transitions.retain(|step| match held.get_mut(&step.alert) {
            Some(held) => {
                held.transitions.push(step.clone());
                false
            }
            None => true,
        });
        held.retain(|_, held| held.alert.resolved.is_none());
    }

    /// Gives what has waited for long enough.
    pub(super) fn due(&mut self, now: Timestamp, batch: &mut Batch) {
        for (_, held) in self.held.extract_if(|_, held| now.millis().abs_diff(held.since.millis()) >= WAITS as u64) {
            batch.alerts.push(held.alert);
            batch.transitions.extend(held.transitions);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(state: AlertState, fired: bool, resolved: bool) -> Alert {
        Alert {
            id: AlertId(7),
            rule: "r".into(),
            connection: "c".into(),
            subject: "s".into(),
            severity: fleet::rule::Severity::High,
            group: "r".into(),
            title: "s is so".into(),
            state,
            since: Timestamp(0),
            began: Timestamp(0),
            fired: fired.then_some(Timestamp(1)),
            resolved: resolved.then_some(Timestamp(2)),
            acknowledgement: None,
            value: None,
            threshold: None,
            field: None,
            times: 1,
            notify: true,
        }
    }

    fn step(from: Option<AlertState>, to: AlertState, at: i64) -> Transition {
        Transition { alert: AlertId(7), at: Timestamp(at), from, to, cause: String::new() }
    }

    fn batch(alert: Alert, step: Transition) -> Batch {
        Batch { alerts: vec![alert], transitions: vec![step], ..Batch::default() }
    }

    #[test]
    fn what_flickers_is_not_written_and_what_fires_is_with_its_beginning() {
        use AlertState::{Firing, Pending as Waits, Resolved};
        let mut pending = Pending::default();
        let mut first = batch(alert(Waits, false, false), step(None, Waits, 0));
        pending.hold(&mut first, Timestamp(0));
        assert!(first.alerts.is_empty() && first.transitions.is_empty());
        let mut over = batch(alert(Resolved, false, true), step(Some(Waits), Resolved, 2));
        pending.hold(&mut over, Timestamp(2));
        assert!(over.alerts.is_empty() && over.transitions.is_empty() && pending.held.is_empty());

        pending.hold(&mut batch(alert(Waits, false, false), step(None, Waits, 3)), Timestamp(3));
        let mut fires = batch(alert(Firing, true, false), step(Some(Waits), Firing, 4));
        pending.hold(&mut fires, Timestamp(4));
        let to: Vec<AlertState> = fires.transitions.iter().map(|step| step.to).collect();
        assert_eq!((fires.alerts.len(), to), (1, vec![Waits, Firing]));
        let mut over = batch(alert(Resolved, true, true), step(Some(Firing), Resolved, 5));
        pending.hold(&mut over, Timestamp(5));
        assert_eq!((over.alerts.len(), over.transitions.len()), (1, 1));
    }

    #[test]
    fn what_waits_for_long_is_written_and_so_is_what_becomes_of_it() {
        use AlertState::{Pending as Waits, Resolved};
        let mut pending = Pending::default();
        pending.hold(&mut batch(alert(Waits, false, false), step(None, Waits, 0)), Timestamp(0));
        let mut due = Batch::default();
        pending.due(Timestamp(WAITS - 1), &mut due);
        assert!(due.alerts.is_empty());
        pending.due(Timestamp(WAITS), &mut due);
        assert_eq!((due.alerts.len(), due.transitions.len()), (1, 1));
        let mut over = batch(alert(Resolved, false, true), step(Some(Waits), Resolved, 20_000));
        pending.hold(&mut over, Timestamp(20_000));
        assert_eq!((over.alerts.len(), over.transitions.len()), (1, 1), "the history knows it, so it learns its end");
    }
}
