//! The rows of the list of alerts: which, in what order, in which groups; and the silences beside them.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use fleet::alert::{Alert, AlertBook, AlertState as State, Matcher, Silence};
use protocol::Timestamp;

use super::alert_counts::Seen;
use super::count;
use crate::alarm::words;
use crate::view::filter::contains;
use crate::view::picture::{AcknowledgedRow, AlertGroup, AlertRow, SilenceRow};
use crate::view::{AlertFilter, Millis};

/// Ids that a group names for acknowledging all of it.
const NAMED: usize = 5_000;
/// What parts the names within a group's key, see `fleet::alert`.
const PART: char = '\u{1f}';

/// A filter made ready.
pub(super) struct Wanted<'a> {
    states: Vec<State>,
    severities: Vec<fleet::rule::Severity>,
    rule: Option<&'a str>,
    words: Vec<String>,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(filter: &'a AlertFilter, past: bool) -> Self {
        let mut states: Vec<State> = filter.states.iter().map(|state| (*state).into()).collect();
        if states.is_empty() {
            states = vec![State::Firing, State::Acknowledged, State::Silenced, State::Stale];
            if past {
                states.push(State::Resolved);
            }
        }
        Wanted {
            states,
            severities: filter.severities.iter().map(|severity| (*severity).into()).collect(),
            rule: filter.rule.as_deref(),
            words: filter.text.split_whitespace().map(str::to_lowercase).collect(),
        }
    }

    pub(super) fn takes(&self, alert: &Alert, seen: &Seen<'_>) -> bool {
        self.states.iter().any(|state| seen.is(alert, *state))
            && (self.severities.is_empty() || self.severities.contains(&alert.severity))
            && self.rule.is_none_or(|rule| *rule == *alert.rule)
            && self.words.iter().all(|word| {
                contains(&alert.title, word)
                    || contains(&alert.subject, word)
                    || contains(&alert.connection, word)
                    || contains(&alert.rule, word)
            })
    }
}

/// The groups, the worst first, and the rows of those that are unfolded, in their order.
pub(super) fn grouped<'a>(
    listed: &[&'a Alert],
    unfolded: &[String],
    seen: &Seen<'_>,
) -> (Vec<AlertGroup>, Vec<&'a Alert>) {
    let unfolded: HashSet<&str> = unfolded.iter().map(String::as_str).collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    // The members of a group that is folded are counted only.
    let mut groups: Vec<(AlertGroup, Option<Vec<&'a Alert>>)> = Vec::new();
    for alert in listed {
        let place = *places.entry(&alert.group).or_insert_with(|| {
            let group = AlertGroup {
                key: alert.group.to_string(),
                title: alert.group.split(PART).collect::<Vec<_>>().join(" · "),
                severity: alert.severity.into(),
                total: 0,
                firing: 0,
                muted: 0,
                states: [0; 6],
                latest: alert.began.millis(),
                open: Vec::new(),
            };
            groups.push((group, unfolded.contains(&*alert.group).then(Vec::new)));
            groups.len() - 1
        });
        let (group, members) = &mut groups[place];
        group.total += 1;
        let state = seen.state(alert);
        group.firing += u32::from(state == State::Firing);
        group.muted += u32::from(seen.is_muted(alert));
        group.states[state as usize] += 1;
        group.severity = group.severity.min(alert.severity.into());
        group.latest = group.latest.max(alert.began.millis());
        if alert.resolved.is_none() && group.open.len() < NAMED {
            group.open.push(alert.id.to_string());
        }
        if let Some(members) = members {
            members.push(alert);
        }
    }
    groups.sort_unstable_by(|(a, _), (b, _)| {
        let rank = |group: &AlertGroup| (group.firing == 0, group.severity, Reverse(group.latest));
        rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key))
    });
    let mut shown = Vec::new();
    for members in groups.iter_mut().filter_map(|(_, members)| members.take()) {
        shown.append(&mut seen.worst_first(members, usize::MAX));
    }
    (groups.into_iter().map(|(group, _)| group).collect(), shown)
}

pub(super) fn row(alert: &Alert, seen: &Seen<'_>) -> AlertRow {
    let (silenced_until, muted_until) = silenced_until(alert, seen.book);
    AlertRow {
        key: alert.id.to_string(),
        rule: alert.rule.to_string(),
        severity: alert.severity.into(),
        state: seen.state(alert).into(),
        muted: seen.is_muted(alert),
        since: alert.since.millis(),
        connection: alert.connection.to_string(),
        subject: alert.subject.to_string(),
        title: alert.title.clone(),
        began: alert.began.millis(),
        fired: alert.fired.map(Timestamp::millis),
        resolved: alert.resolved.map(Timestamp::millis),
        acknowledged: alert.acknowledgement.as_ref().map(|known| AcknowledgedRow {
            at: known.at.millis(),
            until: known.until.map(Timestamp::millis),
            note: known.note.clone(),
        }),
        silenced_until,
        muted_until,
        value: alert.value,
        threshold: alert.threshold,
        times: alert.times,
        group: alert.group.to_string(),
    }
}

/// Until when silences of its own cover an alert, and until when a mute of everything does.
fn silenced_until(alert: &Alert, book: &AlertBook) -> (Option<Millis>, Option<Millis>) {
    if !matches!(alert.state, State::Silenced | State::Stale) {
        return (None, None);
    }
    let until = |mute: bool| {
        let covering = book.silences_of(alert).filter(|silence| silence.is_mute() == mute);
        covering.map(|silence| silence.until.millis()).max()
    };
    (until(false), until(true))
}

pub(super) fn silences(book: &AlertBook) -> Vec<SilenceRow> {
    let mut rows: Vec<SilenceRow> = book.silences().map(|kept| silence(kept, book)).collect();
    rows.sort_by_key(|row| (row.until, row.id));
    rows
}

pub(super) fn silence(kept: &Silence, book: &AlertBook) -> SilenceRow {
    SilenceRow {
        id: kept.id,
        covers: covered(&kept.matcher, book),
        everything: kept.is_mute(),
        from: kept.from.millis(),
        until: kept.until.millis(),
        note: kept.note.clone(),
        alerts: count(book.would_silence(&kept.matcher)),
    }
}

/// What a silence covers, in words: what is called by an id that says nothing has the title of its alert beside it.
fn covered(matcher: &Matcher, book: &AlertBook) -> String {
    let words = words(matcher);
    let Some(subject) = &matcher.subject else { return words };
    let titled = book.alerts().find(|alert| *alert.subject == **subject && !alert.title.contains(subject.as_str()));
    match titled {
        Some(alert) => format!("{}: {words}", alert.title),
        None => words,
    }
}
