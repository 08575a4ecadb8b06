//! What the window shows of a past span: events, lock events, failed jobs and series, out of the history.

use std::sync::Arc;

use protocol::{Kind, Timestamp};
use store::history::{Event, EventQuery, Points};

use super::events::{Asked, KEYS, holds_data, is_kind, member, problem};
use super::recorded::{Listed, listed, time};
use super::table::MOST;
use super::{Sight, count};
use crate::journal::is_kept;
use crate::monitor::Monitor;
use crate::view::filter::{Filter, Term, contains};
use crate::view::picture::{EventKind, EventRow, EventsPicture, JobRow, JobState, LockRow, Rows};
use crate::view::{Millis, Span};
use crate::watched::Watched;

/// The most events of a past span that are listed.
const LISTED: usize = 5_000;
/// How many are read more than is in sight.
const AHEAD: usize = 500;
/// How old what was read may be, in ms.
const AGE: i64 = 5_000;
/// Rows of the lists of lock events and failed jobs.
const ROWS: usize = 500;

/// What was asked of the past: the span, the connections and kinds, the words, the subject, and how many.
type Question = (Span, Vec<String>, Vec<Kind>, String, Option<String>, usize);

/// What was read lately.
pub(crate) type Read = crate::lately::Lately<Question, Found>;

/// Events of the past, whether there are more, and what went wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    events: Arc<[Event]>,
    more: bool,
    problem: Option<String>,
}

impl Monitor {
    /// The events of a past span in sight, the newest first.
    pub(crate) fn past_events(&self, span: Span, sight: &Sight<'_>, asked: Asked<'_>) -> EventsPicture {
        let filter = Filter::parse(asked.filter, &KEYS);
        let mut kinds: Vec<Kind> = Vec::new();
        let mut connections: Vec<String> = self.connections_of(sight);
        let mut words = String::new();
        let mut impossible = false;
        for term in &filter.terms {
            match term {
                Term::Is(key, value) if key == "kind" => {
                    let named = Kind::ALL.into_iter().filter(|kind| is_kind(kind.name(), value));
                    kinds = if kinds.is_empty() {
                        named.collect()
                    } else {
                        named.filter(|kind| kinds.contains(kind)).collect()
                    };
                    impossible |= kinds.is_empty();
                }
                Term::Is(key, value) if key == "connection" => {
                    if connections.is_empty() {
                        connections = sight.connections.iter().map(|watched| watched.name().to_owned()).collect();
                    }
                    connections.retain(|name| contains(name, value));
                    impossible |= connections.is_empty();
                }
                Term::Word(word) => {
                    words.push_str(word);
                    words.push(' ');
                }
                Term::Is(..) | Term::Compare(..) | Term::Same(..) => {}
            }
        }
        let problem = problem(&filter).or_else(|| not_kept(&kinds));
        let mut picture = EventsPicture { problem, ..EventsPicture::default() };
        if impossible {
            picture.recorded = self.coverage(span).told();
            return picture;
        }
        let limit = asked.limit.min(MOST) as usize;
        let wanted = (asked.offset as usize).saturating_add(limit).saturating_add(AHEAD);
        let wanted = (wanted.div_ceil(AHEAD) * AHEAD).min(LISTED);
        let found = self.read((span, connections, kinds, words.trim().to_owned(), None, wanted));
        // What the history was not asked, it is asked here.
        let passes = |event: &&Event| {
            filter.terms.iter().all(|term| match term {
                Term::Is(key, value) if key == "subject" => contains(&event.subject, value),
                Term::Compare(..) | Term::Same(..) => holds_data(term, &event.data),
                _ => true,
            }) && !filter.excluded.iter().any(|term| holds(term, event))
        };
        let matching: Vec<&Event> = found.events.iter().filter(passes).collect();
        let total = count(matching.len());
        let coverage = self.coverage(span);
        // What is older than the oldest that was read has its place further down.
        let read_from = found.events.last().filter(|_| found.more).map_or(i64::MIN, time);
        let off = coverage.off.iter().rev().filter(|off| off.to > read_from);
        let listed = listed(&matching, off);
        let offset = (asked.offset as usize).min(listed.len());
        let matching = count(listed.len());
        let rows = listed.into_iter().skip(offset).take(limit).map(Listed::row).collect();
        picture.events = Rows { total, matching, offset: count(offset), moved: false, rows };
        picture.recorded = coverage.told();
        picture.more = found.more;
        picture.problem = found.problem.or(picture.problem);
        if found.more && wanted == LISTED {
            picture.problem.get_or_insert(format!(
                "Only the newest {LISTED} events of that time are listed: choose a shorter span or filter them."
            ));
        }
        picture
    }

    /// The latest events of a past span that matter.
    pub(crate) fn past_latest(&self, span: Span, sight: &Sight<'_>, limit: usize) -> Rows<EventRow> {
        let found = self.read((span, self.connections_of(sight), Vec::new(), String::new(), None, limit));
        let rows: Vec<EventRow> = found.events.iter().map(stored).collect();
        Rows { total: count(rows.len()), matching: count(rows.len()), offset: 0, moved: false, rows }
    }

    /// A device's lock events in a past span, the latest first. Their codes are not kept.
    pub(crate) fn past_locks(&self, span: Span, watched: &Watched, device: &str) -> Vec<LockRow> {
        let kinds = vec![Kind::DeviceLocked, Kind::DeviceUnlocked];
        // A glob that stands for the id itself: what it has of wildcards matches them.
        let subject = Some(device.to_owned());
        let found = self.read((span, vec![watched.name().to_owned()], kinds, String::new(), subject, ROWS));
        let lock = |event: &Event| LockRow {
            number: 0,
            at: event.at.unwrap_or(event.received).millis(),
            locked: event.kind == Kind::DeviceLocked,
            source: text(&event.data, "source"),
            has_code: false,
        };
        found.events.iter().filter(|event| event.subject == device).map(lock).collect()
    }

    /// The jobs that failed in a past span, the latest first.
    pub(crate) fn past_failures(&self, span: Span, sight: &Sight<'_>) -> Vec<JobRow> {
        let found = self.read((span, self.connections_of(sight), vec![Kind::JobFailed], String::new(), None, ROWS));
        found.events.iter().map(ended_job).collect()
    }

    /// The jobs that ended in a past span, the latest first, and since when they are all there where some were left out.
    pub(crate) fn past_ended(&self, span: Span, sight: &Sight<'_>) -> (Vec<JobRow>, Option<Millis>) {
        let kinds = vec![Kind::JobCompleted, Kind::JobFailed];
        let found = self.read((span, self.connections_of(sight), kinds, String::new(), None, ROWS));
        let rows: Vec<JobRow> = found.events.iter().map(ended_job).collect();
        let from = rows.last().filter(|_| found.more).and_then(|row| row.finished_at);
        (rows, from)
    }

    /// A stored event's JSON text.
    pub fn stored_event_json(&self, id: &str) -> Result<String, crate::view::CommandError> {
        let gone = || crate::view::CommandError {
            code: crate::view::ErrorCode::NotFound,
            message: "That event is not in the history any more.".into(),
        };
        let id = store::history::EventId(id.parse().map_err(|_| gone())?);
        let event = self.inner.history.event(id).map_err(|_| gone())?;
        Ok(serde_json::from_str::<serde_json::Value>(&event.data).map_or(event.data, |data| format!("{data:#}")))
    }

    /// A stored series: seconds, means, and how wide its buckets are, in ms.
    pub(crate) fn past_series(
        &self,
        connection: &str,
        subject: &str,
        field: &str,
        span: Span,
        points: usize,
    ) -> Points {
        let history = &self.inner.history;
        let (from, to) = (Timestamp(span.from), Timestamp(span.to));
        // What cannot be read is drawn as no data; the history's own health says why.
        history.series(connection, subject, field, from, to, points).unwrap_or_default()
    }

    fn read(&self, question: Question) -> Found {
        self.inner.past.get(question.clone(), self.now(), AGE, || {
            let (span, connections, kinds, words, subject, limit) = question;
            let query = EventQuery {
                from: Some(Timestamp(span.from)),
                to: Some(Timestamp(span.to)),
                connections,
                kinds,
                text: (!words.is_empty()).then_some(words),
                subject,
                limit,
                ..EventQuery::default()
            };
            match self.inner.history.events(&query) {
                Ok(page) => Found { events: page.events.into(), more: page.more, problem: None },
                Err(error) => {
                    Found { problem: Some(format!("The history cannot be read: {error}")), ..Found::default() }
                }
            }
        })
    }

    /// The names of the connections in sight; none where all are, so that those which are no more count too.
    fn connections_of(&self, sight: &Sight<'_>) -> Vec<String> {
        if sight.connections.len() == self.inner.connections.read().len() {
            return Vec::new();
        }
        if sight.connections.is_empty() {
            // None at all: no connection is called that.
            return vec![String::new()];
        }
        sight.connections.iter().map(|watched| watched.name().to_owned()).collect()
    }
}

/// That events of some of the kinds that are asked for are never in the history: none of that time is not none that came.
fn not_kept(kinds: &[Kind]) -> Option<String> {
    let missing: Vec<&str> = kinds.iter().filter(|kind| !is_kept(**kind)).map(|kind| kind.name()).collect();
    if missing.is_empty() {
        return None;
    }
    let numbers = if kinds.iter().any(|kind| matches!(kind, Kind::DeviceTelemetry | Kind::JobStatistics)) {
        "its numbers, for the charts, and no single events"
    } else {
        "no events"
    };
    Some(format!("Of {} the history keeps {numbers}: Live has the latest.", missing.join(", ")))
}

/// A job of which the end is in the history. When it began is known where it said how long it ran.
fn ended_job(event: &Event) -> JobRow {
    let ended = event.at.unwrap_or(event.received).millis();
    let elapsed = member(&event.data, "elapsedMs");
    JobRow {
        key: format!("{}/{}", event.connection, event.subject),
        connection: event.connection.clone(),
        id: event.subject.clone(),
        definition: event.definition.clone(),
        state: if event.kind == Kind::JobFailed { JobState::Failed } else { JobState::Completed },
        scheduled_at: None,
        started_at: elapsed.map(|elapsed| ended.saturating_sub(elapsed as i64)),
        finished_at: Some(ended),
        elapsed_ms: elapsed,
        error: text(&event.data, "error"),
        stale: false,
    }
}

pub(super) fn stored(event: &Event) -> EventRow {
    EventRow {
        key: format!("history/{}", event.id.0),
        connection: event.connection.clone(),
        number: 0,
        stored: Some(event.id.0.to_string()),
        kind: EventKind::Stream(event.kind),
        at: event.at.map(Timestamp::millis),
        received_at: event.received.millis(),
        subject: event.subject.clone(),
        summary: super::summary::of(event.kind, &event.data),
    }
}

fn holds(term: &Term, event: &Event) -> bool {
    match term {
        Term::Is(key, value) => match key.as_str() {
            "kind" => is_kind(event.kind.name(), value),
            "subject" => contains(&event.subject, value),
            _ => contains(&event.connection, value),
        },
        Term::Word(word) => {
            [&event.subject, &event.connection, &event.data].into_iter().any(|text| contains(text, word))
                || contains(event.kind.name(), word)
        }
        Term::Compare(..) | Term::Same(..) => holds_data(term, &event.data),
    }
}

/// A text member of a JSON object.
pub(crate) fn text(json: &str, name: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    // Hantera wraps its events; the job's own members lie one level down.
    let found = value.get(name).or_else(|| value.as_object()?.values().find_map(|inner| inner.get(name)));
    found?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_kinds_that_the_history_never_has_it_is_said() {
        assert_eq!(not_kept(&[]), None);
        assert_eq!(not_kept(&[Kind::DeviceUnlocked]), None);
        assert_eq!(
            not_kept(&[Kind::DeviceTelemetry, Kind::DeviceUnlocked]).as_deref(),
            Some(
                "Of device.telemetry the history keeps its numbers, for the charts, and no single events: Live has the latest."
            )
        );
        assert_eq!(
            not_kept(&[Kind::QueryResult]).as_deref(),
            Some("Of query.result the history keeps no events: Live has the latest.")
        );
    }
}
