//! Signals by stream, and the alerts among them.

use std::collections::VecDeque;

use compact_str::CompactString;
use protocol::Timestamp;
use protocol::event::AlertChange;

use crate::applied::{Applied, supersedes};
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::table::{Row, Table, clipped};

/// The signals of a connection.
#[derive(Debug)]
pub struct Signals {
    streams: Table<Stream>,
    issued: Table<Signal>,
    cleared: VecDeque<ClearedAlert>,
    severities: [u64; 6],
    version: u64,
    bounds: Bounds,
}

/// A stream and its last signals.
#[derive(Debug)]
pub struct Stream {
    /// Its name; empty for what came on none.
    pub name: CompactString,
    /// Signals that came on it, those that are not kept any more too.
    pub count: u64,
    signals: VecDeque<Signal>,
    heard: Timestamp,
}

/// A signal.
#[derive(Debug, Clone)]
pub struct Signal {
    /// The number of the event within the connection.
    pub sequence: u64,
    /// `data.id`; empty when it has none.
    pub id: CompactString,
    /// The stream it came on.
    pub stream: CompactString,
    /// `type`.
    pub signal_type: CompactString,
    /// Whether it issues or clears an alert.
    pub alert: Option<AlertChange>,
    /// What it is, in a line.
    pub title: Option<CompactString>,
    /// More of it.
    pub description: Option<CompactString>,
    /// `category`.
    pub category: Option<CompactString>,
    /// From 1, Routine, to 5, Critical; `None` when not told or not understood.
    pub severity: Option<u8>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Cities of an alert.
    pub cities: Vec<CompactString>,
    /// How many more it names, which are not kept.
    pub more_cities: usize,
    /// When it happened.
    pub at: Timestamp,
    /// Of an alert that is issued: it may have been cleared unheard, and was not issued again since.
    pub unconfirmed: bool,
}

/// An alert that does not hold any more.
#[derive(Debug, Clone)]
pub struct ClearedAlert {
    /// Its id.
    pub id: CompactString,
    /// The alert as it was issued, when that was seen.
    pub issued: Option<Signal>,
    /// When it was cleared.
    pub cleared: Timestamp,
}

/// Cities that are kept of an alert.
const CITIES: usize = 64;

impl Signals {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Signals {
            streams: Table::new(bounds.streams),
            issued: Table::new(bounds.alerts),
            cleared: VecDeque::new(),
            severities: [0; 6],
            version: 0,
            bounds: *bounds,
        }
    }

    /// All streams of which something came.
    pub fn streams(&self) -> &[Stream] {
        self.streams.rows()
    }

    /// The stream of a name.
    pub fn stream(&self, name: &str) -> Option<&Stream> {
        self.streams.get(name)
    }

    /// Alerts that are issued and not cleared.
    pub fn issued(&self) -> &[Signal] {
        self.issued.rows()
    }

    /// The alert of an id, while it holds.
    pub fn alert(&self, id: &str) -> Option<&Signal> {
        self.issued.get(id)
    }

    /// Alerts that were cleared, oldest first.
    pub fn cleared(&self) -> impl DoubleEndedIterator<Item = &ClearedAlert> + ExactSizeIterator {
        self.cleared.iter()
    }

    /// Signals of a severity from 1 to 5 since the connection was made; 0 stands for those without one.
    pub fn of_severity(&self, severity: u8) -> u64 {
        self.severities.get(usize::from(severity)).copied().unwrap_or(0)
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Notes that not all is known of the time before `since`: alerts that were issued in it may have been cleared in it.
    pub fn doubt(&mut self, since: Timestamp) {
        for alert in self.issued.rows_mut().iter_mut().filter(|alert| alert.at < since && !alert.unconfirmed) {
            alert.unconfirmed = true;
            self.version += 1;
        }
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::Signal<'_>,
        timed: bool,
        heard: Heard,
        counters: &mut Counters,
    ) -> Applied {
        let signal = Signal::of(event, heard, &self.bounds);
        let position = match self.streams.position("", &signal.stream) {
            Some(position) => position,
            None => {
                let (position, old) = self.streams.push_or_replace(Stream {
                    name: signal.stream.clone(),
                    count: 0,
                    signals: VecDeque::new(),
                    heard: heard.received,
                });
                counters.drop(Cause::Signals, old.map_or(0, |old| old.signals.len() as u64));
                position
            }
        };
        let stream = self.streams.at_mut(position);
        // The same id comes again with another time where the stream tells of things that move.
        let same =
            |known: &Signal| known.at == signal.at && known.id == signal.id && known.signal_type == signal.signal_type;
        if timed && !signal.id.is_empty() && stream.signals.iter().rev().any(same) {
            return Applied::Duplicate;
        }
        self.version += 1;
        stream.count += 1;
        stream.heard = stream.heard.max(heard.received);
        self.severities[usize::from(signal.severity.unwrap_or(0).min(5))] += 1;
        if stream.signals.len() >= self.bounds.signals_per_stream.max(1) {
            stream.signals.pop_front();
            counters.drop(Cause::Signals, 1);
        }
        let place = stream.signals.partition_point(|known| known.at <= signal.at);
        stream.signals.insert(place, signal.clone());
        match signal.alert {
            None => Applied::Taken,
            Some(_) if signal.id.is_empty() => Applied::Taken,
            Some(AlertChange::Issued) => self.issue(signal, heard, counters),
            Some(AlertChange::Cleared) => self.clear(&signal, heard),
        }
    }

    fn issue(&mut self, signal: Signal, heard: Heard, counters: &mut Counters) -> Applied {
        if self.cleared.iter().any(|alert| alert.id == signal.id && alert.cleared > signal.at) {
            return Applied::Late;
        }
        if let Some(position) = self.issued.position("", &signal.id) {
            let known = self.issued.at_mut(position);
            if !supersedes(signal.at, known.at, heard.received) {
                return Applied::Late;
            }
            *known = signal;
            return Applied::Taken;
        }
        let (_, old) = self.issued.push_or_replace(signal);
        counters.drop(Cause::Alerts, u64::from(old.is_some()));
        Applied::AlertIssued
    }

    fn clear(&mut self, signal: &Signal, heard: Heard) -> Applied {
        let issued = match self.issued.position("", &signal.id) {
            Some(position) => {
                if self.issued.at(position).is_some_and(|alert| !supersedes(signal.at, alert.at, heard.received)) {
                    return Applied::Late;
                }
                Some(self.issued.remove(position))
            }
            None => None,
        };
        let known = issued.is_some();
        if self.cleared.len() >= self.bounds.cleared_alerts.max(1) {
            self.cleared.pop_front();
        }
        self.cleared.push_back(ClearedAlert { id: signal.id.clone(), issued, cleared: signal.at });
        if known { Applied::AlertCleared } else { Applied::Taken }
    }
}

impl Stream {
    /// Its signals, oldest first.
    pub fn signals(&self) -> impl DoubleEndedIterator<Item = &Signal> + ExactSizeIterator {
        self.signals.iter()
    }
}

impl Signal {
    fn of(event: &protocol::event::Signal<'_>, heard: Heard, bounds: &Bounds) -> Self {
        let text = |text: &Option<protocol::Text<'_>>, limit| text.as_deref().map(|text| clipped(text, limit));
        Signal {
            sequence: heard.sequence,
            id: text(&event.signal, bounds.id_bytes).unwrap_or_default(),
            stream: clipped(&event.stream, bounds.id_bytes),
            signal_type: clipped(&event.signal_type, bounds.id_bytes),
            alert: event.alert,
            title: text(&event.title, bounds.value_bytes),
            description: text(&event.description, bounds.value_bytes),
            category: text(&event.category, bounds.id_bytes),
            severity: event.severity,
            place: event.place,
            cities: event.cities.iter().take(CITIES).map(|city| clipped(city, bounds.id_bytes)).collect(),
            more_cities: event.cities.iter().skip(CITIES).filter(|city| !city.is_empty()).count(),
            at: heard.at,
            unconfirmed: false,
        }
    }

    /// Where it is, in words; `None` where the service does not say.
    pub(crate) fn area(&self) -> Option<String> {
        protocol::hydra::area(self.cities.iter().map(|city| &**city), self.more_cities, self.place)
    }
}

impl Row for Stream {
    fn key(&self) -> (&str, &str) {
        ("", &self.name)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}

impl Row for Signal {
    fn key(&self) -> (&str, &str) {
        ("", &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.at
    }
}
