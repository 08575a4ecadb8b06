//! The list of events, the newest first, over all connections in scope.

use std::cmp::Reverse;

use fleet::RecentEvent;
use protocol::Kind;

use super::table::MOST;
use super::{Sight, count};
use crate::view::Millis;
use crate::view::filter::{Filter, Term, contains, same};
use crate::view::picture::{ConnectionKind, EventKind, EventRow, EventsPicture, Rows};
use crate::watched::Watched;
use crate::words;

/// Words that may stand before a colon in the filter of events.
pub(super) const KEYS: [&str; 3] = ["kind", "connection", "subject"];

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
    let mut picture = EventsPicture { problem: problem(&filter), ..EventsPicture::default() };
    let mut total = 0;
    for (connection, watched) in sight.connections.iter().enumerate() {
        let part = watched.part.lock();
        list.here = 0;
        for event in part.state.recent.iter() {
            if filter.matches(|term| holds(term, &event, watched)) {
                list.take(Place {
                    received: event.received.millis(),
                    connection,
                    source: Source::Event(event.sequence),
                });
            }
        }
        list.here = 0;
        for (place, (at, status)) in part.log.iter().enumerate().rev() {
            let text = words::transition(watched.name(), status);
            if filter.matches(|term| holds_transition(term, &text, watched.name())) {
                list.take(Place { received: at.millis(), connection, source: Source::Transition(place) });
            }
        }
        total += part.state.recent.len() + part.log.len();
        let (bulk, notable) = part.state.recent.overwritten();
        picture.forgotten += bulk + notable;
    }
    let List { mut found, matching, newer, .. } = list;
    let key =
        |place: &Place| (Reverse(place.received), sight.connections[place.connection].name(), Reverse(place.source));
    found.sort_by(|a, b| key(a).cmp(&key(b)));
    let offset = (asked.offset as usize).min(found.len());
    let in_sight = found.into_iter().skip(offset).take(asked.limit.min(MOST) as usize);
    // One that was overwritten since it was found is left out.
    let rows = in_sight.filter_map(|place| place.row(sight)).collect();
    picture.events = Rows { total: count(total), matching: count(matching), offset: count(offset), moved: false, rows };
    picture.newer = count(newer);
    picture
}

/// What of a filter was not understood, or can let nothing through.
pub(super) fn problem(filter: &Filter) -> Option<String> {
    let unknown = filter.terms.iter().chain(&filter.excluded).find_map(|term| match term {
        Term::Is(key, value) if key == "kind" && !Kind::ALL.iter().any(|kind| is_kind(kind.name(), value)) => {
            Some(format!("kind:{value}: no event is of that kind."))
        }
        _ => None,
    });
    filter.problem.clone().or(unknown)
}

/// The events that may be in sight, as they are found in each source, the newest first.
struct List {
    until: Millis,
    wanted: usize,
    /// How many of the source at hand so far.
    here: usize,
    found: Vec<Place>,
    matching: usize,
    newer: usize,
}

/// Where an event of the list is kept. Rows are made of those alone that are in sight.
#[derive(Debug, Clone, Copy)]
struct Place {
    received: Millis,
    /// Its connection's place in sight.
    connection: usize,
    source: Source,
}

/// Ordered as they stand below each other at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// A transition of the connection, by its place in the log.
    Transition(usize),
    /// An event, by its number.
    Event(u64),
}

impl List {
    fn take(&mut self, place: Place) {
        if place.received > self.until {
            self.newer += 1;
            return;
        }
        self.matching += 1;
        // Later ones of this source are older: they cannot be in sight.
        if self.here < self.wanted {
            self.found.push(place);
        }
        self.here += 1;
    }
}

impl Place {
    fn row(&self, sight: &Sight<'_>) -> Option<EventRow> {
        let watched = sight.connections.get(self.connection)?;
        let part = watched.part.lock();
        match self.source {
            Source::Event(number) => part.state.recent.get(number).map(|event| row(&event, watched)),
            Source::Transition(place) => {
                let (at, status) = part.log.get(place)?;
                Some(transition(watched, place, at.millis(), &words::transition(watched.name(), status)))
            }
        }
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
    found.sort_by(|a, b| {
        let key = |row: &EventRow| (Reverse(row.received_at), Reverse(row.number));
        (key(a), &a.connection).cmp(&(key(b), &b.connection))
    });
    found.truncate(limit);
    Rows { total: count(found.len()), matching: count(found.len()), offset: 0, moved: false, rows: found }
}

/// Events that are looked at per connection for the few latest that matter.
const LOOKED: usize = 5_000;

pub(super) fn row(event: &RecentEvent<'_>, watched: &Watched) -> EventRow {
    EventRow {
        key: format!("{}/{}", watched.name(), event.sequence),
        connection: watched.name().to_owned(),
        number: super::count64(event.sequence),
        stored: None,
        kind: EventKind::Stream(event.kind),
        at: event.at.map(|at| at.millis()),
        received_at: event.received.millis(),
        subject: event.subject.to_owned(),
        summary: super::summary::of(event.kind, event.data),
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
        Term::Compare(..) | Term::Same(..) => holds_data(term, event.data),
    }
}

/// Whether a term about a field holds of an event's data.
pub(super) fn holds_data(term: &Term, data: &str) -> bool {
    match term {
        Term::Compare(name, comparison, number) => {
            member(data, name).is_some_and(|value| comparison.holds(value, *number))
        }
        Term::Same(name, text) => raw_member(data, name).is_some_and(|value| same(value, text)),
        Term::Is(..) | Term::Word(_) => false,
    }
}

fn holds_transition(term: &Term, text: &str, connection: &str) -> bool {
    match term {
        Term::Is(key, value) => match key.as_str() {
            "kind" => is_kind("connection.status", value),
            _ => contains(connection, value),
        },
        Term::Word(word) => contains(text, word) || contains("connection.status", word),
        Term::Compare(..) | Term::Same(..) => false,
    }
}

/// `device` means all kinds of devices, `device.unlocked` the one.
pub(super) fn is_kind(kind: &str, wanted: &str) -> bool {
    kind == wanted || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
}

/// A numeric member of a JSON object, found without reading the whole of it; a number in quotes is one too.
pub(crate) fn member(json: &str, name: &str) -> Option<f64> {
    raw_member(json, name)?.parse().ok()
}

/// A plain member of a JSON object as it is written, without its quotes, found without reading the whole of it.
fn raw_member<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    let quoted = format!("\"{name}\"");
    let mut rest = json;
    while let Some(at) = rest.find(&quoted) {
        rest = &rest[at + quoted.len()..];
        if let Some(value) = rest.trim_start().strip_prefix(':') {
            let value = value.trim_start();
            return match value.strip_prefix('"') {
                Some(text) => text.split('"').next(),
                None => Some(&value[..value.find([',', '}', ']', ' ', '\n']).unwrap_or(value.len())]),
            };
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
        assert_eq!(member(r#"{"order":"49150"}"#, "order"), Some(49_150.0));
        assert_eq!(raw_member(r#"{"lock":{"source":"rfid","ok":true}}"#, "source"), Some("rfid"));
        assert_eq!(raw_member(r#"{"lock":{"source":"rfid","ok":true}}"#, "ok"), Some("true"));
    }

    #[test]
    fn a_kind_that_no_event_has_is_said() {
        let said = |line| problem(&Filter::parse(line, &KEYS));
        assert_eq!(said("kind:device -kind:job.failed"), None);
        assert_eq!(said("kind:devise").as_deref(), Some("kind:devise: no event is of that kind."));
    }
}
