//! An operator's desk for the stories of the alert book: what goes in is short, and what comes out is text.

use std::sync::Arc;

use fleet::alert::{Alert, AlertBook, AlertId, AlertState, Announcement, Change, Finding, Matcher};
use fleet::rule::{Doubted, Rule};
use jiff::tz::TimeZone;
use protocol::Timestamp;

/// 2026-03-02, a Monday, 12:00 in UTC.
pub const NOON: i64 = 1_772_452_800_000;

pub struct Desk {
    pub book: AlertBook,
    pub now: i64,
}

impl Desk {
    /// A desk with some rules and the connections named, live and settled, the start long ago.
    pub fn settled(connections: &[&str]) -> Self {
        let mut desk = Desk::started(None, connections);
        for connection in connections {
            desk.live(connection);
            desk.settle(connection);
        }
        desk.after(31);
        assert_eq!(desk.told(), [""; 0]);
        desk.moved();
        desk
    }

    /// A desk that was just started, `away` seconds after its last run.
    pub fn started(away: Option<i64>, connections: &[&str]) -> Self {
        Desk::in_zone(TimeZone::UTC, away, connections)
    }

    pub fn in_zone(zone: TimeZone, away: Option<i64>, connections: &[&str]) -> Self {
        let away = away.map(|seconds| Timestamp(NOON - seconds * 1_000));
        let mut desk = Desk { book: AlertBook::new(Timestamp(NOON), away, zone), now: NOON };
        desk.book.rules(&rules(), Timestamp(NOON));
        for connection in connections {
            desk.book.connection_added(&Arc::from(*connection), Timestamp(NOON));
        }
        desk
    }

    pub fn at(&self) -> Timestamp {
        Timestamp(self.now)
    }

    /// Ticks once a second for so many seconds.
    pub fn after(&mut self, seconds: i64) {
        for _ in 0..seconds {
            self.now += 1_000;
            self.book.tick(self.at());
        }
    }

    pub fn live(&mut self, connection: &str) {
        self.book.live(connection, self.at());
    }

    pub fn settle(&mut self, connection: &str) {
        self.settle_but(connection, &[]);
    }

    /// Settles, of these `unlocked` ones it is not known whether they hold.
    pub fn settle_but(&mut self, connection: &str, subjects: &[&str]) {
        let doubted: Vec<Doubted> = subjects.iter().map(|subject| ("unlocked".into(), (*subject).into())).collect();
        self.book.settled(connection, &doubted, self.at());
    }

    pub fn lose(&mut self, connection: &str) {
        self.book.not_live(connection, self.at());
    }

    /// It fires, and began so many seconds ago.
    pub fn fires(&mut self, rule: &str, connection: &str, subject: &str, ago: i64) {
        let since = Timestamp(self.now - ago * 1_000);
        self.find(connection, finding(rule, subject, Change::Fires { since }, since));
    }

    pub fn ends(&mut self, rule: &str, connection: &str, subject: &str) {
        let change = Change::Ends { cause: format!("{subject} is well") };
        self.find(connection, finding(rule, subject, change, self.at()));
    }

    pub fn find(&mut self, connection: &str, finding: Finding) {
        self.book.find(&Arc::from(connection), finding, self.at());
    }

    pub fn id(&self, rule: &str, connection: &str, subject: &str) -> AlertId {
        self.about(rule, connection, subject).id
    }

    pub fn about(&self, rule: &str, connection: &str, subject: &str) -> &Alert {
        self.book.about(rule, connection, subject).unwrap_or_else(|| panic!("{rule} of {subject} is not open"))
    }

    pub fn state(&self, rule: &str, connection: &str, subject: &str) -> AlertState {
        self.about(rule, connection, subject).state
    }

    pub fn acknowledge(&mut self, subject: &str, seconds: Option<i64>, note: &str) {
        let id = self.id("unlocked", "a", subject);
        let until = seconds.map(|seconds| Timestamp(self.now + seconds * 1_000));
        assert_eq!(self.book.acknowledge(&[id], until, note, self.at()), Ok(1));
    }

    /// Acknowledges the death of the connection `a`.
    pub fn acknowledge_own(&mut self, seconds: i64) {
        let id = self.id("dead", "a", "a");
        let until = Timestamp(self.now + seconds * 1_000);
        assert_eq!(self.book.acknowledge(&[id], Some(until), "", self.at()), Ok(1));
    }

    pub fn silence(&mut self, matcher: Matcher, seconds: i64) -> u64 {
        let until = Timestamp(self.now + seconds * 1_000);
        self.book.silence(matcher, until, "", self.at()).unwrap().id
    }

    pub fn mute(&mut self, seconds: i64) -> u64 {
        self.silence(Matcher::default(), seconds)
    }

    /// What was told since the last time.
    pub fn told(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        self.book.take_announcements(&mut told);
        let name = |id: &AlertId| match self.book.get(*id) {
            Some(alert) => format!("{} {}", alert.rule, alert.subject),
            None => id.to_string(),
        };
        told.iter()
            .map(|announcement| match announcement {
                Announcement::Fires(id) => format!("fires: {}", name(id)),
                Announcement::Changed(id) => format!("changed: {}", name(id)),
                Announcement::Withdraw(id) => format!("withdraw: {}", name(id)),
                Announcement::Digest { occasion, alerts, resolved } => {
                    let names: Vec<String> = alerts.iter().map(name).collect();
                    format!("{occasion:?}: {} ({resolved} over)", names.join(", "))
                }
                Announcement::NetworkLost { since, connections } => {
                    format!("network lost: {connections} at {}", (since.millis() - NOON) / 1_000)
                }
                Announcement::NetworkBack => "network back".into(),
            })
            .collect()
    }

    /// What was recorded since the last time, times in seconds since the start.
    pub fn moved(&mut self) -> Vec<String> {
        let mut transitions = Vec::new();
        self.book.take_transitions(&mut transitions);
        transitions
            .iter()
            .map(|moved| {
                let at = (moved.at.millis() - NOON) as f64 / 1_000.0;
                let subject = self.book.get(moved.alert).map_or("?", |alert| &alert.subject);
                match moved.from {
                    Some(from) => format!("{at} {subject}: {from:?} > {:?}, {}", moved.to, moved.cause),
                    None => format!("{at} {subject}: {:?}, {}", moved.to, moved.cause),
                }
            })
            .collect()
    }
}

pub fn finding(rule: &str, subject: &str, change: Change, at: Timestamp) -> Finding {
    let title = format!("{subject} is {rule}");
    Finding { rule: rule.into(), subject: subject.into(), change, at, title, value: None, threshold: None, field: None }
}

/// `unlocked` (high), `low` (low, grouped by connection), `quiet` (not told), `failed` (an event, medium), and `dead`, the
/// connection's own trouble (critical).
pub fn rules() -> Vec<Rule> {
    let rules = serde_json::json!([
        { "name": "unlocked", "severity": "high", "when": { "state": { "is": "unlocked" } } },
        { "name": "low", "severity": "low", "group_by": "connection", "when": { "threshold": { "field": "battery", "below": 11.5 } } },
        { "name": "quiet", "severity": "high", "notify": false, "when": { "state": { "is": "host_offline" } } },
        { "name": "failed", "severity": "medium", "group_by": "subject", "when": { "event": { "kinds": ["job.failed"] } } },
        { "name": "dead", "severity": "critical", "when": { "connection": { "is": "not_live" } } },
    ]);
    serde_json::from_value(rules).unwrap()
}
