//! What has a place, of the connections in scope.

use std::collections::HashSet;

use compact_str::CompactString;
use fleet::{Device, FieldState, FieldValue, LockState, Names, Signal};
use protocol::Protocol;

use super::cluster::Point;
use super::mercator::Place;
use crate::view::build::{Sight, devices};
use crate::view::filter::Filter;
use crate::view::{DevicePlace, FollowSpec, Followed, Millis, PlaceRow};
use crate::watched::Watched;

/// The names that services give to a latitude, and those to a longitude.
const LATITUDES: [&str; 2] = ["lat", "latitude"];
const LONGITUDES: [&str; 4] = ["long", "lng", "lon", "longitude"];

/// Everything that passes the filter and has a place.
#[derive(Debug, Default)]
pub struct Gathered {
    /// How many there are in scope.
    pub total: usize,
    /// How many the filter lets through.
    pub matching: usize,
    /// How many of those told no position.
    pub unplaced: usize,
    /// How many of those told a position that is none.
    pub misplaced: usize,
    /// How many states there are.
    pub states: usize,
    /// Those with a place; a point's handle is its place in `things`.
    pub points: Vec<Point>,
    things: Vec<Thing>,
}

#[derive(Debug)]
enum Thing {
    /// By connection and position, which a device keeps.
    Device(usize, usize, CompactString),
    Signal(Box<PlaceRow>),
}

/// What is known of where something is.
enum Told {
    Place(Place, Millis),
    Misplaced,
    Nothing,
}

/// The devices that pass a filter.
pub fn devices(sight: &Sight<'_>, filter: &str) -> Gathered {
    let filter = Filter::parse(filter, &devices::KEYS);
    let mut found = Gathered { states: 4, ..Gathered::default() };
    for (of, watched) in sight.of(Protocol::Iotee) {
        let part = watched.part.lock();
        let (known, stale) = (&part.state.devices, part.is_stale());
        let fields = PlaceFields::of(known.names());
        found.total += known.len();
        for (position, device) in known.rows().iter().enumerate() {
            if !filter.matches(|term| devices::holds(term, device, known, watched.name())) {
                continue;
            }
            found.matching += 1;
            match fields.told(device) {
                Told::Place(place, _) => found.push(
                    Point { place, state: state(device), stale, standing: false, handle: 0 },
                    Thing::Device(of, position, device.id().into()),
                ),
                Told::Misplaced => found.misplaced += 1,
                Told::Nothing => found.unplaced += 1,
            }
        }
    }
    found
}

/// The signals of one stream or all, from a severity on, and standing alerts. What comes again and again under one id is
/// where it was last.
pub fn signals(sight: &Sight<'_>, stream: Option<&str>, min_severity: u8) -> Gathered {
    let mut found = Gathered { states: 6, ..Gathered::default() };
    for (_, watched) in sight.of(Protocol::Hydra) {
        let part = watched.part.lock();
        let (known, stale) = (&part.state.signals, part.is_stale());
        let wanted = |signal: &Signal| {
            stream.is_none_or(|wanted| wanted == signal.stream) && signal.severity.unwrap_or(0) >= min_severity
        };
        let mut seen: HashSet<(&str, &str)> = HashSet::new();
        let standing = known.issued().iter().map(|signal| (signal, true));
        let feed = known.streams().iter().flat_map(|stream| stream.signals().rev()).map(|signal| (signal, false));
        for (signal, standing) in standing.chain(feed).filter(|(signal, _)| wanted(signal)) {
            if !signal.id.is_empty() && !seen.insert((&signal.stream, &signal.id)) {
                continue;
            }
            found.total += 1;
            found.matching += 1;
            match signal.place.map(|(lat, long)| Place::of(lat, long)) {
                Some(Some(place)) => {
                    let stale = stale || (standing && part.is_unconfirmed(signal));
                    let row = signal_row(signal, watched, place, stale, standing);
                    let point = Point { place, state: row.state, stale, standing, handle: 0 };
                    found.push(point, Thing::Signal(Box::new(row)));
                }
                Some(None) => found.misplaced += 1,
                None => found.unplaced += 1,
            }
        }
    }
    found
}

/// Where a device is, for its own page.
pub fn place_of(device: &Device, names: &Names) -> Option<DevicePlace> {
    let fields = PlaceFields::of(names);
    let (latitude, longitude) = fields.pair(device)?;
    let (lat, long) = (degrees(latitude)?, degrees(longitude)?);
    let Place { x, y } = Place::of(lat, long)?;
    Some(DevicePlace {
        lat,
        long,
        x,
        y,
        at: latitude.at.max(longitude.at).millis(),
        fields: (names.word(latitude.name()).to_owned(), names.word(longitude.name()).to_owned()),
    })
}

/// A device that is followed. Its numbers have a history from here on, for they are its track.
pub fn followed(sight: &Sight<'_>, wanted: &FollowSpec) -> Option<Followed> {
    let (_, watched) = sight.of(Protocol::Iotee).find(|(_, watched)| watched.name() == wanted.connection)?;
    let mut part = watched.part.lock();
    let position = part.state.devices.position(&wanted.id)?;
    part.state.devices.keep_history(position);
    let known = &part.state.devices;
    let device = known.rows().get(position)?;
    let row = device_row(device, known.names(), watched.name(), part.is_stale())?;
    Some(Followed { row, fields: place_of(device, known.names())?.fields })
}

impl Gathered {
    /// The row of a thing; `None` when it is gone by now.
    pub fn row(&self, handle: u32, sight: &Sight<'_>) -> Option<PlaceRow> {
        let (of, position) = match self.things.get(handle as usize)? {
            Thing::Signal(row) => return Some((**row).clone()),
            Thing::Device(of, position, _) => (*of, *position),
        };
        let watched = sight.connections.get(of)?;
        let part = watched.part.lock();
        let known = &part.state.devices;
        device_row(known.rows().get(position)?, known.names(), watched.name(), part.is_stale())
    }

    /// What a thing is called.
    pub fn title(&self, handle: u32) -> &str {
        match self.things.get(handle as usize) {
            Some(Thing::Device(_, _, id)) => id,
            Some(Thing::Signal(row)) => &row.title,
            None => "",
        }
    }

    fn push(&mut self, point: Point, thing: Thing) {
        let handle = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        self.points.push(Point { handle, ..point });
        self.things.push(thing);
    }
}

const UNLOCKED: u8 = 0;
const UNKNOWN: u8 = 1;
const OFFLINE: u8 = 2;
const LOCKED: u8 = 3;

/// The worst that is known of a device: an open lock is that, whether its device is there or not.
fn state(device: &Device) -> u8 {
    match (device.lock(), device.online()) {
        (LockState::Unlocked, _) => UNLOCKED,
        (_, Some(false)) => OFFLINE,
        (LockState::Unknown, _) => UNKNOWN,
        (LockState::Locked, _) => LOCKED,
    }
}

/// The fields that hold a position, by the numbers that a connection has for their names.
struct PlaceFields {
    latitudes: [Option<u16>; LATITUDES.len()],
    longitudes: [Option<u16>; LONGITUDES.len()],
}

impl PlaceFields {
    fn of(names: &Names) -> Self {
        PlaceFields {
            latitudes: LATITUDES.map(|name| names.number(name)),
            longitudes: LONGITUDES.map(|name| names.number(name)),
        }
    }

    fn pair<'d>(&self, device: &'d Device) -> Option<(&'d FieldState, &'d FieldState)> {
        let first = |names: &[Option<u16>]| names.iter().flatten().find_map(|&name| device.field(name));
        Some((first(&self.latitudes)?, first(&self.longitudes)?))
    }

    fn told(&self, device: &Device) -> Told {
        let Some((latitude, longitude)) = self.pair(device) else { return Told::Nothing };
        if [latitude, longitude].iter().any(|field| field.value == FieldValue::Null) {
            return Told::Nothing;
        }
        let place = degrees(latitude).zip(degrees(longitude)).and_then(|(lat, long)| Place::of(lat, long));
        place.map_or(Told::Misplaced, |place| Told::Place(place, latitude.at.max(longitude.at).millis()))
    }
}

/// Degrees, as a number or as a text that is one.
fn degrees(field: &FieldState) -> Option<f64> {
    match &field.value {
        FieldValue::Number(degrees) => Some(*degrees),
        FieldValue::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn device_row(device: &Device, names: &Names, connection: &str, stale: bool) -> Option<PlaceRow> {
    let Told::Place(Place { x, y }, told) = PlaceFields::of(names).told(device) else { return None };
    let since = match state(device) {
        OFFLINE => device.presence_since(),
        _ => device.locking().since(),
    };
    Some(PlaceRow {
        key: format!("{connection}/{}", device.id()),
        connection: connection.to_owned(),
        id: device.id().to_owned(),
        title: device.id().to_owned(),
        text: None,
        state: state(device),
        since: since.map(|at| at.millis()),
        told: Some(told),
        stale,
        standing: false,
        x,
        y,
    })
}

fn signal_row(signal: &Signal, watched: &Watched, place: Place, stale: bool, standing: bool) -> PlaceRow {
    PlaceRow {
        // What moves keeps its key.
        key: match signal.id.is_empty() {
            true => format!("{}/{}", watched.name(), signal.sequence),
            false => format!("{}/{}/{}", watched.name(), signal.stream, signal.id),
        },
        connection: watched.name().to_owned(),
        id: signal.stream.to_string(),
        title: signal.title.as_ref().unwrap_or(&signal.signal_type).to_string(),
        text: signal.description.as_ref().map(ToString::to_string),
        // From 5, Critical, to 1, Routine; then those without one.
        state: 5 - signal.severity.unwrap_or(0).min(5),
        since: Some(signal.at.millis()),
        told: Some(signal.at.millis()),
        stale,
        standing,
        x: place.x,
        y: place.y,
    }
}
