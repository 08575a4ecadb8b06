//! The list of events, the newest first, over all connections in scope.

use std::cmp::Reverse;

use fleet::RecentEvent;

use super::table::MOST;
use super::{Sight, count};
use crate::view::Millis;
use crate::view::filter::{Filter, Term, contains};
use crate::view::picture::{ConnectionKind, EventKind, EventRow, EventsPicture, Rows};
use crate::watched::Watched;
use crate::words;

/// Words that may stand before a colon in the filter of events.
pub(super) const KEYS: [&str; 3] = ["kind", "connection", "subject"];
/// Characters of an event's data in its row.
pub(super) const SUMMARY: usize = 240;

/// What the list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The filter line.
    pub filter: &'a str,
    /// The moment at which the list is held.
    pub until: Option<Millis>,
    /// Rows to pass over.
    pub offset: u32,
    /// The most rows wanted.
    pub limit: u32,
}

/// The events in sight.
pub fn page(sight: &Sight<'_>, asked: Asked<'_>) -> EventsPicture {
    let filter = Filter::parse(asked.filter, &KEYS);
    let wanted = asked.offset.saturating_add(asked.limit.min(MOST)) as usize;
    let until = asked.until.unwrap_or(Millis::MAX);
    let mut list = List { until, wanted, here: 0, found: Vec::new(), matching: 0, newer: 0 };
    let mut picture = EventsPicture { problem: filter.problem.clone(), ..EventsPicture::default() };
    let mut total = 0;
    for watched in sight.connections {
        let part = watched.part.lock();
        list.here = 0;
        for event in part.state.recent.iter() {
            if filter.matches(|term| holds(term, &event, watched)) {
                list.take(event.received.millis(), || row(&event, watched));
            }
        }
        list.here = 0;
        for (place, (at, status)) in part.log.iter().enumerate().rev() {
            let text = words::transition(watched.name(), status);
            if filter.matches(|term| holds_transition(term, &text, watched.name())) {
                list.take(at.millis(), || transition(watched, place, at.millis(), &text));
            }
        }
        total += part.state.recent.len() + part.log.len();
        let (bulk, notable) = part.state.recent.overwritten();
        picture.forgotten += bulk + notable;
    }
    let List { mut found, matching, newer, .. } = list;
    newest_first(&mut found);
    let offset = (asked.offset as usize).min(found.len());
    let rows: Vec<_> = found.into_iter().skip(offset).take(asked.limit.min(MOST) as usize).collect();
    picture.events = Rows { total: count(total), matching: count(matching), offset: count(offset), rows };
    picture.newer = count(newer);
    picture
}

/// The rows that may be in sight, as they are found from each source, the newest first.
struct List {
    until: Millis,
    wanted: usize,
    /// Rows of the source at hand so far.
    here: usize,
    found: Vec<EventRow>,
    matching: usize,
    newer: usize,
}

impl List {
    fn take(&mut self, received: Millis, row: impl FnOnce() -> EventRow) {
        if received > self.until {
            self.newer += 1;
            return;
        }
        self.matching += 1;
        // Later ones of this source are older: they cannot be in sight.
        if self.here < self.wanted {
            self.found.push(row());
        }
        self.here += 1;
    }
}

/// The latest events that matter one by one.
pub fn latest(sight: &Sight<'_>, limit: usize) -> Rows<EventRow> {
    let mut found = Vec::new();
    for watched in sight.connections {
        let part = watched.part.lock();
        let notable = part.state.recent.iter().take(LOOKED).filter(|event| !event.kind.is_bulk());
        found.extend(notable.take(limit).map(|event| row(&event, watched)));
    }
    newest_first(&mut found);
    found.truncate(limit);
    Rows { total: count(found.len()), matching: count(found.len()), offset: 0, rows: found }
}

/// Events that are looked at per connection for the few latest that matter.
const LOOKED: usize = 5_000;

fn newest_first(rows: &mut [EventRow]) {
    rows.sort_by(|a, b| {
        (Reverse(a.received_at), &a.connection, Reverse(a.number)).cmp(&(
            Reverse(b.received_at),
            &b.connection,
            Reverse(b.number),
        ))
    });
}

fn row(event: &RecentEvent<'_>, watched: &Watched) -> EventRow {
    EventRow {
        key: format!("{}/{}", watched.name(), event.sequence),
        connection: watched.name().to_owned(),
        number: super::count64(event.sequence),
        stored: None,
        kind: EventKind::Stream(event.kind),
        at: event.at.map(|at| at.millis()),
        received_at: event.received.millis(),
        subject: event.subject.to_owned(),
        summary: event.data[..event.data.floor_char_boundary(SUMMARY)].to_owned(),
    }
}

fn transition(watched: &Watched, place: usize, at: Millis, text: &str) -> EventRow {
    EventRow {
        key: format!("{}/status/{at}/{place}", watched.name()),
        connection: watched.name().to_owned(),
        number: 0,
        stored: None,
        kind: EventKind::Connection(ConnectionKind::Status),
        at: Some(at),
        received_at: at,
        subject: watched.name().to_owned(),
        summary: text.to_owned(),
    }
}

fn holds(term: &Term, event: &RecentEvent<'_>, watched: &Watched) -> bool {
    match term {
        Term::Is(key, value) => match key.as_str() {
            "kind" => is_kind(event.kind.name(), value),
            "subject" => contains(event.subject, value),
            _ => contains(watched.name(), value),
        },
        Term::Word(word) => {
            contains(event.subject, word)
                || contains(event.kind.name(), word)
                || contains(watched.name(), word)
                || contains(event.data, word)
        }
        Term::Compare(name, comparison, number) => {
            member(event.data, name).is_some_and(|value| comparison.holds(value, *number))
        }
    }
}

fn holds_transition(term: &Term, text: &str, connection: &str) -> bool {
    match term {
        Term::Is(key, value) => match key.as_str() {
            "kind" => is_kind("connection.status", value),
            _ => contains(connection, value),
        },
        Term::Word(word) => contains(text, word) || contains("connection.status", word),
        Term::Compare(..) => false,
    }
}

/// `device` means all kinds of devices, `device.unlocked` the one.
pub(super) fn is_kind(kind: &str, wanted: &str) -> bool {
    kind == wanted || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
}

/// A numeric member of a JSON object, found without reading the whole of it.
pub(crate) fn member(json: &str, name: &str) -> Option<f64> {
    let quoted = format!("\"{name}\"");
    let mut rest = json;
    while let Some(at) = rest.find(&quoted) {
        rest = &rest[at + quoted.len()..];
        if let Some(value) = rest.trim_start().strip_prefix(':') {
            let value = value.trim_start();
            let end = value.find([',', '}', ']', ' ', '\n']).unwrap_or(value.len());
            return value[..end].parse().ok();
        }
    }
    None
}

/// The JSON text of an event as the page shows it: whole, codes masked, `None` when it is too old to be kept.
pub fn json(watched: &Watched, number: u32) -> Option<String> {
    let part = watched.part.lock();
    let event = part.state.recent.get(u64::from(number))?;
    if event.truncated {
        return Some(format!("{}\n… cut here: longer than what is kept of one event", event.data));
    }
    Some(
        serde_json::from_str::<serde_json::Value>(event.data)
            .map_or_else(|_| event.data.to_owned(), |value| format!("{value:#}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_named_whole_or_by_its_family() {
        assert!(is_kind("device.unlocked", "device"));
        assert!(is_kind("device.unlocked", "device.unlocked"));
        assert!(!is_kind("device.unlocked", "device.un"));
    }

    #[test]
    fn a_number_is_found_by_its_name() {
        assert_eq!(member(r#"{"a":"speed","speed": 15.5,"x":1}"#, "speed"), Some(15.5));
        assert_eq!(member(r#"{"speed":"fast"}"#, "speed"), None);
    }
}
