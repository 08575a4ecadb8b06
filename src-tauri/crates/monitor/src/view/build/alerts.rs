//! Alerts: the list with its groups, an alert's page, what is muted, what happened while away.

use std::sync::Arc;

use fleet::alert::{Alert, AlertId, AlertState as State};
use protocol::{Protocol, Timestamp};
use store::history::{AlertQuery, AlertStory, Evidence, HistoryError};

use super::alert_counts::Seen;
use super::alert_rows::{Wanted, grouped, row, silences};
use super::table::MOST;
use super::{Sight, count};
use crate::alarm::Answers;
use crate::monitor::Monitor;
use crate::view::picture::{
    AlertCounts, AlertPage, AlertState, AlertsPicture, Attention, Away, EvidenceRow, RawEvent, Rows, Severity, Target,
    TransitionRow,
};
use crate::view::{AlertFilter, Scope, Span};

/// Alerts that "while you were away" names.
const AWAY: usize = 20;
/// How long after the start it is not told which connections have not been heard since, in ms, where nothing else is to tell.
const ANSWERS: i64 = 60_000;
/// Alerts of a past span that are read; more are said.
const PAST: usize = 5_000;
/// How old a story and a past list may be, in ms.
const STORY: i64 = 500;
const PAST_AGE: i64 = 5_000;

/// What the list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub filter: &'a AlertFilter,
    pub grouped: bool,
    pub unfolded: &'a [String],
    pub offset: u32,
    pub limit: u32,
}

impl Monitor {
    /// The alerts in sight.
    pub(crate) fn alerts_picture(&self, scope: &Scope, past: Option<Span>, asked: Asked<'_>) -> AlertsPicture {
        let now = self.now();
        let names = self.names_in(scope);
        // The disk is asked before the book is locked: who waits for the book holds a connection's part.
        let read = past.map(|span| {
            let connections = connections_of(&names);
            let question = (span, connections.clone());
            self.inner.alarm.past.get(question, now, PAST_AGE, || self.past_alerts(span, connections))
        });
        let book = self.inner.alarm.book();
        let seen = Seen::new(&book);
        let silences = silences(&book);
        let in_scope =
            |alert: &Alert| names.as_ref().is_none_or(|names| names.iter().any(|name| **name == *alert.connection));
        let mut counts = AlertCounts { not_listed: super::count64(book.left_out().alerts), ..AlertCounts::default() };
        let mut problem = None;
        let mut listed: Vec<&Alert> = match &read {
            // What was so for less than its rule wants was never an alert to anybody.
            None => book
                .alerts()
                .filter(|alert| in_scope(alert) && (alert.fired.is_some() || alert.resolved.is_none()))
                .collect(),
            Some((kept, why)) => {
                problem.clone_from(why);
                kept.iter().filter(|alert| in_scope(alert)).collect()
            }
        };
        let mut rules: Vec<String> = Vec::new();
        for alert in &listed {
            let state = seen.state(alert);
            counts.states[state as usize] += 1;
            counts.muted += u32::from(seen.is_muted(alert));
            for also in [State::Acknowledged, State::Silenced] {
                counts.states[also as usize] += u32::from(state != also && seen.is(alert, also));
            }
            if !matches!(alert.state, State::Resolved | State::Pending) {
                counts.severities[Severity::from(alert.severity) as usize] += 1;
            }
            if !rules.iter().any(|rule| **rule == *alert.rule) {
                rules.push(alert.rule.to_string());
            }
        }
        rules.sort_unstable();
        let total = count(listed.len());
        let wanted = Wanted::new(asked.filter, past.is_some());
        listed.retain(|alert| wanted.takes(alert, &seen));
        let matching = count(listed.len());
        let limit = asked.limit.min(MOST) as usize;
        let mut picture =
            AlertsPicture { counts, silences: silences.clone(), rules, problem, ..AlertsPicture::default() };
        let mut shown = if asked.grouped {
            let (groups, shown) = grouped(&listed, asked.unfolded, &seen);
            picture.groups = groups;
            shown
        } else {
            listed
        };
        let length = shown.len();
        if !asked.grouped {
            shown = seen.worst_first(shown, (asked.offset as usize).saturating_add(limit));
        }
        let offset = (asked.offset as usize).min(length.saturating_sub(limit));
        let rows = shown.into_iter().skip(offset).take(limit).map(|alert| row(alert, &seen)).collect();
        // Grouped, the list is as long as its unfolded groups.
        let matching = if asked.grouped { count(length) } else { matching };
        picture.alerts = Rows { total, matching, offset: count(offset), moved: false, rows };
        picture
    }

    /// An alert's page.
    pub(crate) fn alert_page(&self, id: &str) -> Option<AlertPage> {
        let id: AlertId = id.parse().ok()?;
        let now = self.now();
        let story = self.inner.alarm.stories.get(id, now, STORY, || match self.story(id) {
            Ok(story) => Some(Ok(story)),
            // A new one is in the history a moment later.
            Err(HistoryError::NotFound(_)) => None,
            Err(error) => Some(Err(format!("The alert's story cannot be read: {error}"))),
        });
        let (alert, mut page) = {
            let book = self.inner.alarm.book();
            let alert = book.get(id).cloned().or_else(|| Some(story.as_ref()?.as_ref().ok()?.alert.clone()))?;
            let page = AlertPage {
                alert: row(&alert, &Seen::new(&book)),
                timeline: Vec::new(),
                evidence: None,
                events: Vec::new(),
                rule: None,
                target: None,
                problem: None,
            };
            (alert, page)
        };
        match story {
            Some(Ok(AlertStory { transitions, evidence, .. })) => {
                page.timeline = transitions
                    .into_iter()
                    .map(|step| TransitionRow {
                        at: step.at.millis(),
                        from: step.from.map(Into::into),
                        to: step.to.into(),
                        cause: step.cause,
                    })
                    .collect();
                if let Some(evidence) = evidence {
                    page.events = evidence.events.iter().filter_map(|event| raw(event)).collect();
                    page.evidence = proof(&alert, evidence);
                }
            }
            Some(Err(problem)) => page.problem = Some(problem),
            None => {}
        }
        page.rule = self.rule_of(&alert.rule);
        page.target = self.target(&alert);
        Some(page)
    }

    fn story(&self, id: AlertId) -> Result<AlertStory, HistoryError> {
        self.inner.alarm.unrecorded.story(id).map_or_else(|| self.inner.history.alert(id), Ok)
    }

    /// Where what an alert is about is shown.
    fn target(&self, alert: &Alert) -> Option<Target> {
        let connection = alert.connection.to_string();
        let id = alert.subject.to_string();
        if *alert.subject == *alert.connection {
            return Some(Target::Connection { name: connection });
        }
        let watched = self.watched(&connection).ok()?;
        let part = watched.part.lock();
        Some(match watched.connection.protocol {
            Protocol::Iotee => Target::Device { connection, id },
            Protocol::Hantera if part.state.jobs.get(&id).is_some() => Target::Job { connection, id },
            Protocol::Hantera if part.state.jobs.definitions().get(&id).is_some() => {
                Target::Definition { connection, id }
            }
            Protocol::Hyprwatch => Target::Hosts { filter: id },
            Protocol::Agenthq => Target::Agents { filter: id },
            Protocol::Hydra => Target::Signals,
            _ => return None,
        })
    }

    fn past_alerts(&self, span: Span, connections: Vec<String>) -> (Arc<[Alert]>, Option<String>) {
        let query = AlertQuery {
            from: Some(Timestamp(span.from)),
            to: Some(Timestamp(span.to)),
            connections,
            fired: true,
            limit: PAST,
            ..AlertQuery::default()
        };
        match self.inner.history.alerts(&query) {
            Ok(page) if page.total > page.alerts.len() => {
                let problem = format!(
                    "Of {} alerts the first {} are listed: choose a shorter span.",
                    page.total,
                    page.alerts.len()
                );
                (page.alerts.into(), Some(problem))
            }
            Ok(page) => (page.alerts.into(), None),
            Err(error) => (Arc::default(), Some(format!("The alerts of that time cannot be read: {error}"))),
        }
    }

    /// The names of the connections in scope; `None` for all, also those that are no more.
    pub(crate) fn names_in(&self, scope: &Scope) -> Option<Vec<Arc<str>>> {
        if *scope == Scope::All {
            return None;
        }
        let scoped = super::in_scope(scope, self.connections());
        Some(scoped.iter().map(|watched| watched.shared_name.clone()).collect())
    }

    /// What is known of the time while the program was not running, until it is dismissed; nothing where all was told and no
    /// alert began.
    pub(crate) fn away_page(&self) -> Option<Away> {
        let alarm = &self.inner.alarm;
        let since = alarm.away.lock().since?;
        // Each connection is asked before the book is locked: who waits for the book holds a connection's part.
        let connections = self.connections();
        let misses = connections.iter().map(|watched| {
            let misses = watched.connection.enabled && watched.part.lock().misses(alarm.began);
            (watched.name(), misses)
        });
        let misses: Vec<(&str, bool)> = misses.collect();
        let book = alarm.book();
        let away = alarm.away.lock();
        let Answers { told, unheard, gaps } = away.answers(misses);
        // Most are heard within seconds of a start.
        let is_waited_for = self.now().since(alarm.began) < ANSWERS;
        if away.alerts.is_empty() && gaps.is_empty() && (unheard.is_empty() || is_waited_for) {
            return None;
        }
        let seen = Seen::new(&book);
        Some(Away {
            since: since.millis(),
            until: alarm.began.millis(),
            alerts: away
                .alerts
                .iter()
                .take(AWAY)
                .filter_map(|id| book.get(*id))
                .map(|alert| row(alert, &seen))
                .collect(),
            began: count(away.alerts.len()),
            resolved: away.resolved,
            told,
            unheard,
            gaps,
        })
    }
}

/// Alerts that need the operator, of the connections in sight, but those that are told of `links`: what is wrong with a
/// connection is told once.
pub(super) fn in_need(seen: &Seen<'_>, sight: &Sight<'_>, links: &[Attention], most: usize) -> Vec<Attention> {
    let open: Vec<&Alert> = (seen.book.alerts())
        .filter(|alert| matches!(seen.state(alert), State::Firing | State::Stale))
        .filter(|alert| !is_told_of(links, alert))
        .filter(|alert| sight.connections.iter().any(|watched| *watched.shared_name == *alert.connection))
        .collect();
    (seen.longest_first(open, most).into_iter())
        .map(|alert| Attention {
            key: format!("alert/{}", alert.id),
            severity: alert.severity.into(),
            stale: alert.state == State::Stale,
            title: alert.title.clone(),
            detail: match alert.state {
                State::Stale => format!("{}: as last heard, not confirmed since", alert.rule),
                _ => alert.rule.to_string(),
            },
            connection: alert.connection.to_string(),
            since: alert.began.millis(),
            target: Target::Alert { id: alert.id.to_string() },
        })
        .collect()
}

/// Whether an alert is about one of the connections that need attention themselves.
pub(super) fn is_told_of(links: &[Attention], alert: &Alert) -> bool {
    *alert.subject == *alert.connection && links.iter().any(|link| *link.connection == *alert.connection)
}

fn connections_of(names: &Option<Vec<Arc<str>>>) -> Vec<String> {
    names.iter().flatten().map(ToString::to_string).collect()
}

fn proof(alert: &Alert, evidence: Evidence) -> Option<EvidenceRow> {
    Some(EvidenceRow {
        field: evidence.field?,
        threshold: evidence.threshold,
        fired: alert.fired.unwrap_or(alert.began).millis(),
        times: evidence.times,
        values: evidence.values.into_iter().map(|value| value.is_finite().then_some(value)).collect(),
    })
}

/// An event of the evidence as the page shows it, see `alarm::evidence`.
fn raw(event: &str) -> Option<RawEvent> {
    let event: serde_json::Value = serde_json::from_str(event).ok()?;
    Some(RawEvent {
        kind: event["kind"].as_str()?.to_owned(),
        at: event["at"].as_i64()?,
        subject: event["subject"].as_str().unwrap_or_default().to_owned(),
        json: format!("{:#}", event["data"]),
    })
}

impl From<State> for AlertState {
    fn from(state: State) -> Self {
        match state {
            State::Pending => AlertState::Pending,
            State::Firing => AlertState::Firing,
            State::Acknowledged => AlertState::Acknowledged,
            State::Silenced => AlertState::Silenced,
            State::Stale => AlertState::Stale,
            State::Resolved => AlertState::Resolved,
        }
    }
}

impl From<AlertState> for State {
    fn from(state: AlertState) -> Self {
        match state {
            AlertState::Pending => State::Pending,
            AlertState::Firing => State::Firing,
            AlertState::Acknowledged => State::Acknowledged,
            AlertState::Silenced => State::Silenced,
            AlertState::Stale => State::Stale,
            AlertState::Resolved => State::Resolved,
        }
    }
}
