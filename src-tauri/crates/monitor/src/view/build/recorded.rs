//! How much of a past span was recorded: what nobody saw is told from what did not happen.

use protocol::Timestamp;
use store::history::{Event, Run};

use super::count;
use super::past::stored;
use crate::monitor::Monitor;
use crate::view::picture::{EventKind, EventRow, Recorded, RecordingKind};
use crate::view::{Millis, Span};

/// How exactly it is known when a run ended, in ms: shorter holes are none.
const EXACT: i64 = 30_000;
/// Times that are told.
const TOLD: usize = 3;
/// How old what was read may be, in ms.
const AGE: i64 = 5_000;

/// What was read lately.
pub(crate) type Read = crate::lately::Lately<Span, Coverage>;

/// How much of a span was recorded. All within it, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// When it was.
    on: Vec<Span>,
    /// When it was not.
    pub off: Vec<Span>,
    /// Until when that is unknown.
    unknown_until: Option<Millis>,
}

impl Monitor {
    /// How much of a span was recorded, up to now.
    pub(super) fn coverage(&self, span: Span) -> Coverage {
        self.inner.recorded.get(span, self.now(), AGE, || {
            let history = &self.inner.history;
            let runs = history.runs(Timestamp(span.from), Timestamp(span.to));
            let (Ok(runs), Ok(unknown)) = (runs, history.runs_unknown_until()) else {
                // The list says that the history cannot be read.
                return Coverage::default();
            };
            Coverage::of(span, self.now(), &runs, unknown)
        })
    }
}

impl Coverage {
    fn of(span: Span, now: Timestamp, runs: &[Run], unknown: Option<Timestamp>) -> Self {
        let to = span.to.min(now.millis());
        // Of the run that goes on, what it last wrote down is some seconds old.
        let end = |run: &Run| if now.since(run.to) <= EXACT { to } else { run.to.millis().min(to) };
        let unknown_until =
            unknown.map(Timestamp::millis).filter(|until| *until > span.from).map(|until| until.min(to));
        let from = unknown_until.unwrap_or(span.from);
        let mut runs: Vec<Span> = runs
            .iter()
            .map(|run| Span { from: run.from.millis().max(from), to: end(run) })
            .filter(|run| run.from < run.to)
            .collect();
        runs.sort_by_key(|run| run.from);
        let mut coverage = Coverage { unknown_until, ..Coverage::default() };
        let mut end = from;
        for run in runs {
            match coverage.on.last_mut() {
                Some(last) if run.from - last.to <= EXACT => last.to = last.to.max(run.to),
                _ => {
                    if run.from - end > EXACT {
                        coverage.off.push(Span { from: end, to: run.from });
                    }
                    coverage.on.push(run);
                }
            }
            end = end.max(run.to);
        }
        if to - end > EXACT {
            coverage.off.push(Span { from: end, to });
        }
        coverage
    }

    /// What is said of it; nothing where all was recorded.
    pub fn told(&self) -> Option<Recorded> {
        (!self.off.is_empty() || self.unknown_until.is_some()).then(|| Recorded {
            spans: self.on[self.on.len().saturating_sub(TOLD)..].to_vec(),
            count: count(self.on.len()),
            off: self.off.iter().map(|off| off.to - off.from).sum(),
            unknown_until: self.unknown_until,
        })
    }
}

/// A row of the list of a past span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Listed<'a> {
    /// An event.
    Event(&'a Event),
    /// A time that was not recorded.
    Off(Span),
}

impl Listed<'_> {
    pub(super) fn row(self) -> EventRow {
        match self {
            Listed::Event(event) => stored(event),
            Listed::Off(off) => EventRow {
                key: format!("off/{}", off.from),
                connection: String::new(),
                number: 0,
                stored: None,
                kind: EventKind::Recording(RecordingKind::Off),
                at: Some(off.to),
                received_at: off.from,
                subject: String::new(),
                summary: "Nothing was recorded".into(),
            },
        }
    }
}

/// The events, the newest first, with the times that were not recorded, the newest first, where they lie between them. An event
/// of such a time, told afterwards, stands above it.
pub(super) fn listed<'a>(events: &[&'a Event], off: impl Iterator<Item = &'a Span>) -> Vec<Listed<'a>> {
    let mut off = off.peekable();
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        while let Some(span) = off.next_if(|span| span.from > time(event)) {
            rows.push(Listed::Off(*span));
        }
        rows.push(Listed::Event(event));
    }
    rows.extend(off.map(|span| Listed::Off(*span)));
    rows
}

/// When an event has its place in the list.
pub(super) fn time(event: &Event) -> Millis {
    event.id.millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn run(from: i64, to: i64) -> Run {
        Run { from: Timestamp(from * HOUR), to: Timestamp(to * HOUR) }
    }

    fn span(from: i64, to: i64) -> Span {
        Span { from: from * HOUR, to: to * HOUR }
    }

    fn of(runs: &[Run], unknown: Option<i64>) -> Coverage {
        let unknown = unknown.map(|hours| Timestamp(hours * HOUR));
        Coverage::of(span(24, 48), Timestamp(100 * HOUR), runs, unknown)
    }

    #[test]
    fn what_lies_between_the_runs_was_not_recorded() {
        let coverage = of(&[run(38, 40), run(45, 60)], None);
        assert_eq!(coverage.off, [span(24, 38), span(40, 45)]);
        let told = coverage.told().unwrap();
        assert_eq!((told.spans, told.count, told.off), (vec![span(38, 40), span(45, 48)], 2, 19 * HOUR));
        assert_eq!(of(&[run(20, 50)], None).told(), None, "all of it was");
        let nothing = of(&[], None).told().unwrap();
        assert_eq!((nothing.spans, nothing.off, nothing.unknown_until), (Vec::new(), 24 * HOUR, None));
    }

    #[test]
    fn a_start_that_follows_at_once_is_no_hole() {
        let again = Run { from: Timestamp(30 * HOUR + EXACT), to: Timestamp(60 * HOUR) };
        assert_eq!(of(&[run(20, 30), again], None).told(), None);
    }

    #[test]
    fn what_is_unknown_is_not_said_to_be_off() {
        let coverage = of(&[run(40, 60)], Some(30));
        assert_eq!((&coverage.off[..], coverage.unknown_until), (&[span(30, 40)][..], Some(30 * HOUR)));
        let unknown = of(&[run(50, 60)], Some(70));
        assert_eq!((unknown.off.len(), unknown.unknown_until), (0, Some(48 * HOUR)));
        assert_eq!(of(&[run(20, 60)], Some(10)).told(), None);
    }

    #[test]
    fn of_what_is_yet_to_come_nothing_is_said() {
        let last = Run { to: Timestamp(30 * HOUR - 9_000), ..run(20, 30) };
        let coverage = Coverage::of(span(24, 48), Timestamp(30 * HOUR), &[last], None);
        assert_eq!(coverage.told(), None, "its last word is nine seconds old, and it runs");
    }

    #[test]
    fn a_time_that_was_not_recorded_stands_between_the_events_around_it() {
        let event = |hours: i64| Event {
            id: store::history::EventId((hours * HOUR) << 6),
            connection: "locks".into(),
            kind: protocol::Kind::DeviceLocked,
            subject: "bike".into(),
            definition: None,
            at: None,
            received: Timestamp(hours * HOUR),
            data: "{}".into(),
        };
        let events = [event(46), event(42), event(39)];
        let off = [span(40, 45), span(24, 38)];
        let rows = listed(&events.each_ref(), off.iter());
        // It may have slept, or the disk was full.
        assert_eq!(rows[2].row().summary, "Nothing was recorded");
        let words: Vec<String> = rows.iter().map(|row| row.row().key).collect();
        let off = |hours: i64| format!("off/{}", hours * HOUR);
        let event = |at: usize| format!("history/{}", events[at].id.0);
        // What was told of that time afterwards is listed within it.
        assert_eq!(words, [event(0), event(1), off(40), event(2), off(24)]);
    }
}
