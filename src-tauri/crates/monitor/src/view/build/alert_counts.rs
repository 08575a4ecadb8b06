//! How many alerts fire and are open, and how each is shown while everything is muted: a mute keeps alerts from being told,
//! and neither from firing nor from being counted.

use std::cmp::Reverse;

use fleet::alert::{Alert, AlertBook, AlertId, AlertState as State, Silence};
use protocol::Timestamp;

use super::alerts::{in_need, is_told_of};
use super::{Sight, alert_rows, count, overview};
use crate::alarm::mutes;
use crate::monitor::Monitor;
use crate::view::picture::{Attention, DefinitionAlert, DefinitionRow, Rail, Severity};

/// What is so and not over; what is pending is not so yet.
const OPEN: [State; 4] = [State::Firing, State::Acknowledged, State::Silenced, State::Stale];

/// The book as it is shown at one moment.
#[derive(Clone, Copy)]
pub(super) struct Seen<'b> {
    pub book: &'b AlertBook,
    is_muted: bool,
}

/// What Overview says of the alerts in scope.
#[derive(Debug, Default)]
pub(crate) struct Alerting {
    /// Those that fire, by severity: critical, high, medium, low.
    pub firing: [u32; 4],
    /// Those of them that are about a connection of `attention`.
    pub firing_connections: u32,
    /// Those that are open, but those that are pending.
    pub open: [u32; 4],
    /// Those that are as last heard: their connection is not live, or has not said since whether they hold.
    pub stale: u32,
    /// What needs the operator, the worst first, of those as bad the one that is open for longest.
    pub attention: Vec<Attention>,
}

/// Where an alert stands in a list.
type Place = (u8, Reverse<fleet::rule::Severity>, Reverse<Timestamp>, AlertId);

impl<'b> Seen<'b> {
    pub fn new(book: &'b AlertBook) -> Self {
        Seen { book, is_muted: book.silences().any(Silence::is_mute) }
    }

    /// Whether only a mute of everything keeps an alert that fires from being told.
    pub fn is_muted(&self, alert: &Alert) -> bool {
        alert.state == State::Silenced && self.state(alert) == State::Firing
    }

    /// How it is shown: as it would be without a mute of everything, which is no silence of its own.
    pub fn state(&self, alert: &Alert) -> State {
        match alert.state {
            State::Silenced if self.is_muted && !self.book.has_own_silence(alert) => match alert.acknowledgement {
                Some(_) => State::Acknowledged,
                None => State::Firing,
            },
            state => state,
        }
    }

    /// Whether an alert is in a state: the one that is shown, or silenced or acknowledged though a lost connection or a
    /// silence comes first.
    pub fn is(&self, alert: &Alert, state: State) -> bool {
        let told = alert.fired.is_some() && alert.resolved.is_none();
        match state {
            State::Acknowledged if told && alert.acknowledgement.is_some() => true,
            State::Silenced if told && self.is_silenced(alert) => true,
            _ => self.state(alert) == state,
        }
    }

    fn is_silenced(&self, alert: &Alert) -> bool {
        self.book.is_silenced(alert.id) && (!self.is_muted || self.book.has_own_silence(alert))
    }

    /// The first so many: firing before known of, the worst first, then the latest.
    pub fn worst_first<'a>(&self, alerts: Vec<&'a Alert>, most: usize) -> Vec<&'a Alert> {
        first(alerts, most, |alert| self.place(alert))
    }

    /// The first so many that wait for the operator: firing before as last heard, the worst first, then the one that is open
    /// for longest. What is new is announced; what waits is not.
    pub fn longest_first<'a>(&self, alerts: Vec<&'a Alert>, most: usize) -> Vec<&'a Alert> {
        first(alerts, most, |alert| {
            (self.state(alert) != State::Firing, Reverse(alert.severity), alert.began, alert.id)
        })
    }

    fn place(&self, alert: &Alert) -> Place {
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
    /// Completes the rail with what is known of alerts and history, and says what Overview tells of those in sight: both of
    /// one moment, as what counts the same thing tells the same number. Nothing is told where Overview is not in sight.
    pub(crate) fn alerting(&self, rail: &mut Rail, overview: Option<&Sight<'_>>) -> Alerting {
        // Each connection is asked before the book is locked: who waits for the book holds a connection's part.
        let links = overview.map(|sight| overview::links(self, sight)).unwrap_or_default();
        rail.history_problem = self.inner.history.health().problem.map(|problem| problem.sentence);
        let all = overview.is_some_and(|sight| sight.connections.len() == self.inner.connections.read().len());
        let book = self.inner.alarm.book();
        let seen = Seen::new(&book);
        rail.alerts = firing(&book);
        rail.muted = mutes(&book).first().map(|mute| alert_rows::silence(mute, &book));
        rail.quiet = book.is_quiet();
        let mut told = Alerting::default();
        let Some(sight) = overview else { return told };
        for alert in book.alerts().filter(|alert| OPEN.contains(&alert.state)) {
            if all || sight.connections.iter().any(|watched| *watched.shared_name == *alert.connection) {
                let severity = Severity::from(alert.severity) as usize;
                let fires = seen.state(alert) == State::Firing;
                told.firing[severity] += u32::from(fires);
                told.firing_connections += u32::from(fires && is_told_of(&links, alert));
                told.open[severity] += 1;
                told.stale += u32::from(alert.state == State::Stale);
            }
        }
        told.attention = in_need(&seen, sight, &links, overview::ATTENTION);
        drop(book);
        told.attention.extend(links);
        told.attention
            .sort_by(|a, b| (a.stale, a.severity, a.since, &a.key).cmp(&(b.stale, b.severity, b.since, &b.key)));
        told.attention.truncate(overview::ATTENTION);
        told
    }

    /// Says of each job definition which alert about it is open.
    pub(crate) fn alert_definitions<'r>(&self, rows: impl Iterator<Item = &'r mut DefinitionRow>) {
        let mut rows: Vec<&mut DefinitionRow> = rows.collect();
        if !rows.is_empty() {
            rows.sort_unstable_by(|a, b| (&a.id, &a.connection).cmp(&(&b.id, &b.connection)));
            alert_rows_of(&mut rows, &self.inner.alarm.book());
        }
    }
}

/// The first so many by their places. Each one's is found once, as that asks every silence.
fn first<P: Ord + Copy>(alerts: Vec<&Alert>, most: usize, place: impl Fn(&Alert) -> P) -> Vec<&Alert> {
    let mut placed: Vec<(P, &Alert)> = alerts.into_iter().map(|alert| (place(alert), alert)).collect();
    if most < placed.len() {
        placed.select_nth_unstable_by_key(most, |(place, _)| *place);
        placed.truncate(most);
    }
    placed.sort_unstable_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, alert)| alert).collect()
}

/// Gives rows, which are ordered by id and connection, the worst alert about each.
fn alert_rows_of(rows: &mut [&mut DefinitionRow], book: &AlertBook) {
    let seen = Seen::new(book);
    // An alert about a connection is of no definition that has its name.
    let about = |alert: &&Alert| OPEN.contains(&alert.state) && *alert.subject != *alert.connection;
    let mut found: Vec<(Place, usize, &Alert)> = (book.alerts().filter(about))
        .filter_map(|alert| {
            let names = (&*alert.subject, &*alert.connection);
            let row = rows.binary_search_by(|row| (row.id.as_str(), row.connection.as_str()).cmp(&names)).ok()?;
            Some((seen.place(alert), row, alert))
        })
        .collect();
    found.sort_unstable_by_key(|(place, ..)| *place);
    for (_, row, alert) in found {
        match &mut rows[row].alert {
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

/// Alerts that fire, by severity: critical, high, medium, low. A mute of everything keeps them from being told, and not from
/// being counted.
pub(crate) fn firing(book: &AlertBook) -> [u32; 4] {
    let mut firing = in_state(book, State::Firing);
    let seen = Seen::new(book);
    if seen.is_muted {
        for alert in book.alerts().filter(|alert| seen.is_muted(alert)) {
            firing[Severity::from(alert.severity) as usize] += 1;
        }
    }
    firing
}

fn in_state(book: &AlertBook, state: State) -> [u32; 4] {
    use fleet::rule::Severity::{Critical, High, Low, Medium};
    [Critical, High, Medium, Low].map(|severity| count(book.counts().of(severity, state)))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use fleet::alert::{Change, Finding, Matcher};
    use jiff::tz::TimeZone;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const END: Timestamp = Timestamp(NOW.millis() + 60_000);

    /// A book in which a rule has fired about subjects of the connection "depot".
    pub(crate) fn fired(subjects: &[&str]) -> AlertBook {
        let mut book = AlertBook::new(NOW, None, TimeZone::UTC);
        let rules =
            serde_json::json!([{ "name": "opened", "severity": "high", "when": { "state": { "is": "unlocked" } } }]);
        book.rules(&serde_json::from_value::<Vec<fleet::rule::Rule>>(rules).unwrap(), NOW);
        let depot: Arc<str> = "depot".into();
        book.connection_added(&depot, NOW);
        book.live(&depot, NOW);
        book.settled(&depot, &[], NOW);
        for subject in subjects {
            let finding = Finding {
                rule: "opened".into(),
                subject: (*subject).into(),
                change: Change::Fires { since: NOW },
                at: NOW,
                title: format!("{subject} is open"),
                value: None,
                threshold: None,
                field: None,
            };
            book.find(&depot, finding, NOW);
        }
        book
    }

    fn muted(subjects: &[&str]) -> AlertBook {
        let mut book = fired(subjects);
        book.silence(Matcher::default(), END, "", NOW).unwrap();
        book
    }

    fn of<'b>(book: &'b AlertBook, subject: &str) -> &'b Alert {
        book.about("opened", "depot", subject).unwrap()
    }

    #[test]
    fn a_mute_is_in_force_until_the_book_ends_it() {
        let mut book = muted(&["van"]);
        assert_eq!(firing(&book), [0, 1, 0, 0]);
        assert!(Seen::new(&book).is_muted(of(&book, "van")) && mutes(&book).len() == 1);
        book.tick(END);
        assert_eq!(firing(&book), [0, 1, 0, 0]);
        assert!(!Seen::new(&book).is_muted(of(&book, "van")) && mutes(&book).is_empty());
    }

    #[test]
    fn a_mute_is_a_silence_of_no_alert_that_is_known_or_as_last_heard() {
        let mut book = muted(&["known", "own", "van"]);
        book.acknowledge(&[of(&book, "known").id], None, "", NOW).unwrap();
        book.silence(Matcher { subject: Some("own".into()), ..Matcher::default() }, END, "", NOW).unwrap();
        let how = |book: &AlertBook, subject: &str| {
            let (seen, alert) = (Seen::new(book), of(book, subject));
            let states: Vec<State> = [State::Firing, State::Acknowledged, State::Silenced, State::Stale]
                .into_iter()
                .filter(|state| seen.is(alert, *state))
                .collect();
            (seen.state(alert), states)
        };
        assert_eq!(how(&book, "van"), (State::Firing, vec![State::Firing]));
        assert_eq!(how(&book, "known"), (State::Acknowledged, vec![State::Acknowledged]));
        assert_eq!(how(&book, "own"), (State::Silenced, vec![State::Silenced]));
        let row = alert_rows::row(of(&book, "known"), &Seen::new(&book));
        assert_eq!((row.muted, row.silenced_until, row.muted_until), (false, None, Some(END.millis())));
        book.not_live("depot", NOW);
        assert_eq!(how(&book, "van"), (State::Stale, vec![State::Stale]));
        assert_eq!(how(&book, "known"), (State::Stale, vec![State::Acknowledged, State::Stale]));
        assert_eq!(how(&book, "own"), (State::Stale, vec![State::Silenced, State::Stale]));
        let row = alert_rows::row(of(&book, "own"), &Seen::new(&book));
        assert_eq!((row.silenced_until, row.muted_until), (Some(END.millis()), Some(END.millis())));
    }

    #[test]
    fn so_many_of_the_worst_come_in_their_order() {
        let mut book = muted(&["a", "b", "c", "d"]);
        book.acknowledge(&[of(&book, "b").id], None, "", NOW).unwrap();
        let seen = Seen::new(&book);
        let first = |most| seen.worst_first(book.alerts().collect(), most);
        let all = first(usize::MAX);
        assert_eq!((all.len(), &*all[3].subject), (4, "b"), "what is known comes last");
        for most in 0..=5 {
            let ids = |alerts: &[&Alert]| alerts.iter().map(|alert| alert.id).collect::<Vec<_>>();
            assert_eq!(ids(&first(most)), ids(&all[..most.min(4)]));
        }
    }

    #[test]
    fn what_waits_for_longest_needs_attention_first() {
        let mut book = fired(&["old"]);
        let depot: Arc<str> = "depot".into();
        for (subject, ms) in [("new", 9_000), ("newer", 20_000)] {
            let at = Timestamp(NOW.millis() + ms);
            let finding = Finding {
                rule: "opened".into(),
                subject: subject.into(),
                change: Change::Fires { since: at },
                at,
                title: format!("{subject} is open"),
                value: None,
                threshold: None,
                field: None,
            };
            book.find(&depot, finding, at);
        }
        let seen = Seen::new(&book);
        let subjects = |most| {
            let alerts = seen.longest_first(book.alerts().collect(), most);
            alerts.into_iter().map(|alert| &*alert.subject).collect::<Vec<_>>()
        };
        assert_eq!(subjects(9), ["old", "new", "newer"]);
        assert_eq!(subjects(1), ["old"], "of too many those that wait are kept");
        assert_eq!(
            &*seen.worst_first(book.alerts().collect(), 1)[0].subject,
            "newer",
            "a list of alerts tells news first"
        );
    }

    #[test]
    fn an_alert_about_a_connection_is_of_no_definition_with_its_name() {
        let book = muted(&["depot", "mails"]);
        let row = |id: &str| DefinitionRow { id: id.into(), connection: "depot".into(), ..DefinitionRow::default() };
        let mut rows = ["depot", "mails"].map(row);
        alert_rows_of(&mut rows.iter_mut().collect::<Vec<_>>(), &book);
        assert!(rows[0].alert.is_none());
        assert_eq!(rows[1].alert.as_ref().map(|alert| &*alert.title), Some("mails is open"));
    }
}
