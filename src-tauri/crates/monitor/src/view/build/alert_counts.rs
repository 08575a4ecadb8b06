//! How many alerts fire and are open, and how each is shown while everything is muted: a mute keeps alerts from being told,
//! and neither from firing nor from being counted.

use std::cmp::Reverse;

use fleet::alert::{Alert, AlertBook, AlertId, AlertState as State};
use protocol::Timestamp;

use super::{Sight, alerts, count};
use crate::alarm::mutes;
use crate::monitor::Monitor;
use crate::view::picture::{Attention, DefinitionAlert, DefinitionRow, Severity};

/// What is so and not over; what is pending is not so yet.
const OPEN: [State; 4] = [State::Firing, State::Acknowledged, State::Silenced, State::Stale];

/// The book as it is shown at one moment.
#[derive(Clone, Copy)]
pub(super) struct Seen<'b> {
    pub book: &'b AlertBook,
    is_muted: bool,
}

/// What the rail and Overview say of alerts, all of one moment: what counts the same thing tells the same number.
#[derive(Debug, Default)]
pub(crate) struct Alerting {
    /// Alerts on all connections that fire, by severity: critical, high, medium, low.
    pub everywhere: [u32; 4],
    /// Those in scope that fire.
    pub firing: [u32; 4],
    /// Those in scope that are open, but those that are pending.
    pub open: [u32; 4],
    /// Those in scope that are as last heard: their connection is not live.
    pub stale: u32,
    /// What needs the operator, the worst first.
    pub attention: Vec<Attention>,
}

impl<'b> Seen<'b> {
    pub fn new(book: &'b AlertBook, now: Timestamp) -> Self {
        Seen { book, is_muted: !mutes(book, now).is_empty() }
    }

    /// Whether only a mute of everything keeps an alert that fires from being told.
    pub fn is_muted(&self, alert: &Alert) -> bool {
        self.is_muted && self.book.is_only_muted(alert)
    }

    /// How it is shown.
    pub fn state(&self, alert: &Alert) -> State {
        if self.is_muted(alert) { State::Firing } else { alert.state }
    }

    /// Whether an alert is in a state: the one that is shown, or silenced or acknowledged though a lost connection or a
    /// silence comes first. A mute of everything is no silence of its own.
    pub fn is(&self, alert: &Alert, state: State) -> bool {
        let told = alert.fired.is_some() && alert.resolved.is_none();
        match state {
            State::Acknowledged => alert.state == state || told && alert.acknowledgement.is_some(),
            State::Silenced if self.is_muted(alert) => false,
            State::Silenced => alert.state == state || told && self.book.is_silenced(alert.id),
            _ => self.state(alert) == state,
        }
    }

    /// Firing before known of, the worst first, then the latest.
    pub fn order(&self, alert: &Alert) -> (u8, Reverse<fleet::rule::Severity>, Reverse<Timestamp>, AlertId) {
        let rank = match self.state(alert) {
            State::Firing => 0,
            State::Stale => 1,
            State::Acknowledged => 2,
            State::Silenced => 3,
            State::Pending => 4,
            State::Resolved => 5,
        };
        (rank, Reverse(alert.severity), Reverse(alert.resolved.unwrap_or(alert.began)), alert.id)
    }
}

impl Monitor {
    /// What is said of alerts beside the screen in sight, and of what needs the operator at most `most`.
    pub(crate) fn alerting(&self, sight: &Sight<'_>, most: usize) -> Alerting {
        let all = sight.connections.len() == self.inner.connections.read().len();
        let book = self.inner.alarm.book();
        let everywhere = firing(&book, sight.now);
        let attention = if most == 0 { Vec::new() } else { alerts::in_need(&book, sight, most) };
        if all {
            let stale = count(book.counts().in_state(State::Stale));
            return Alerting { everywhere, firing: everywhere, open: in_states(&book, &OPEN), stale, attention };
        }
        let seen = Seen::new(&book, sight.now);
        let mut told = Alerting { everywhere, attention, ..Alerting::default() };
        for alert in book.alerts().filter(|alert| OPEN.contains(&alert.state)) {
            if sight.connections.iter().any(|watched| *watched.shared_name == *alert.connection) {
                let severity = Severity::from(alert.severity) as usize;
                told.firing[severity] += u32::from(seen.state(alert) == State::Firing);
                told.open[severity] += 1;
                told.stale += u32::from(alert.state == State::Stale);
            }
        }
        told
    }

    /// Says of each job definition which alert about it is open.
    pub(crate) fn alert_definitions<'r>(&self, rows: impl Iterator<Item = &'r mut DefinitionRow>) {
        let mut rows: Vec<&mut DefinitionRow> = rows.collect();
        if rows.is_empty() {
            return;
        }
        rows.sort_unstable_by(|a, b| (&a.id, &a.connection).cmp(&(&b.id, &b.connection)));
        let book = self.inner.alarm.book();
        let seen = Seen::new(&book, self.now());
        let mut found: Vec<&Alert> = book.alerts().filter(|alert| OPEN.contains(&alert.state)).collect();
        found.sort_unstable_by_key(|alert| seen.order(alert));
        for alert in found {
            let place = rows.binary_search_by(|row| {
                (row.id.as_str(), row.connection.as_str()).cmp(&(&*alert.subject, &*alert.connection))
            });
            let Ok(place) = place else { continue };
            match &mut rows[place].alert {
                Some(worse) => worse.others += 1,
                none => {
                    *none = Some(DefinitionAlert {
                        id: alert.id.to_string(),
                        rule: alert.rule.to_string(),
                        severity: alert.severity.into(),
                        state: seen.state(alert).into(),
                        title: alert.title.clone(),
                        others: 0,
                    });
                }
            }
        }
    }
}

/// Alerts that fire, by severity: critical, high, medium, low. A mute of everything keeps them from being told, and not from
/// being counted.
pub(crate) fn firing(book: &AlertBook, now: Timestamp) -> [u32; 4] {
    let mut firing = in_states(book, &[State::Firing]);
    let seen = Seen::new(book, now);
    if seen.is_muted {
        for alert in book.alerts().filter(|alert| seen.is_muted(alert)) {
            firing[Severity::from(alert.severity) as usize] += 1;
        }
    }
    firing
}

fn in_states(book: &AlertBook, states: &[State]) -> [u32; 4] {
    use fleet::rule::Severity::{Critical, High, Low, Medium};
    let of = |severity| states.iter().map(|state| book.counts().of(severity, *state)).sum();
    [Critical, High, Medium, Low].map(|severity| count(of(severity)))
}
