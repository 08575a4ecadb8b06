//! The command as a map asks it, over connections that were told things as a service tells them.

use std::sync::Arc;

use fleet::rule::{About, Detector};
use jiff::tz::TimeZone;
use link::LinkStatus;
use protocol::event::{AlertChange, Lock, Presence, Signal, Telemetry};
use protocol::{Connection, EventBody, Field, StreamEvent, Timestamp, Value};

use super::*;
use crate::view::{FollowSpec, Scope};
use crate::watched::Watched;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const WORLD: Area = Area { west: 0.0, north: 0.0, east: 1.0, south: 1.0 };

fn connection(name: &str, protocol: &str) -> Arc<Watched> {
    let connection: Connection =
        serde_json::from_value(serde_json::json!({ "name": name, "protocol": protocol, "url": "wss://h/realtime" }))
            .unwrap();
    let about = About { name, tags: &[], protocol: connection.protocol };
    let detector = Detector::new(&[], &about, TimeZone::UTC);
    let watched = Arc::new(Watched::new(connection, false, detector, (None, Vec::new()), NOW));
    watched.part.lock().status = LinkStatus::Live { since: NOW };
    watched
}

fn tell(watched: &Watched, body: EventBody<'_>) {
    watched.part.lock().state.apply(&StreamEvent { at: Some(NOW), body, data: "{}" }, NOW);
}

fn report(watched: &Watched, device: &str, fields: &[(&str, Value<'_>)]) {
    let fields: Vec<Field<'_>> =
        fields.iter().map(|(name, value)| Field { name: (*name).into(), value: value.clone() }).collect();
    tell(watched, EventBody::Telemetry(Telemetry { device: device.into(), fields: &fields, last_responded_at: None }));
}

fn at(watched: &Watched, device: &str, lat: f64, long: f64) {
    report(watched, device, &[("lat", Value::Number(lat)), ("long", Value::Number(long))]);
}

fn lock(watched: &Watched, device: &str, locked: bool) {
    tell(watched, EventBody::Lock(Lock { device: device.into(), locked, event_id: None, source: None, code: None }));
}

fn asked(connections: &[Arc<Watched>], filter: &str, area: Area, cell: f64) -> Places {
    let spec = PlacesSpec {
        scope: Scope::All,
        of: PlacesOf::Devices { filter: filter.into() },
        area,
        cell,
        have: 0,
        list: Some(ListSpec { area, limit: 200 }),
        follow: None,
    };
    places(&Sight { now: NOW, connections }, &spec)
}

fn titles(places: &Places) -> Vec<&str> {
    places.list.as_ref().unwrap().rows.iter().map(|row| row.title.as_str()).collect()
}

#[test]
fn devices_are_counted_by_state_and_those_without_a_place_are_said() {
    let locks = connection("locks", "iotee");
    for (device, lat, long) in [("A", 52.52, 13.40), ("B", 52.52, 13.41), ("C", 52.53, 13.40), ("D", 37.77, -122.41)] {
        at(&locks, device, lat, long);
    }
    lock(&locks, "A", false);
    lock(&locks, "B", true);
    lock(&locks, "D", true);
    tell(&locks, EventBody::Presence(Presence { device: "D".into(), online: Some(false), fields: &[] }));
    report(&locks, "no-position", &[("speed", Value::Number(3.0))]);
    report(&locks, "null", &[("lat", Value::Null), ("long", Value::Null)]);
    at(&locks, "no-fix", 0.0, 0.0);
    at(&locks, "beyond", 91.0, 10.0);
    report(&locks, "flag", &[("lat", Value::Bool(true)), ("long", Value::Number(1.0))]);
    report(&locks, "text", &[("latitude", Value::Text("52.5".into())), ("lng", Value::Text(" 13.39 ".into()))]);

    let places = asked(&[locks], "", WORLD, 0.02);
    assert_eq!((places.total, places.matching, places.unplaced, places.misplaced), (10, 10, 2, 3));
    let marks = places.marks.as_ref().unwrap();
    let counts: Vec<&[u32]> = marks.iter().map(|mark| mark.counts.as_slice()).collect();
    assert_eq!(counts, [&[1, 2, 0, 1][..], &[0, 0, 1, 0]], "Berlin, then San Francisco");
    assert_eq!(marks[1].one.as_ref().unwrap().key, "locks/D");
    assert!(marks[0].one.is_none() && marks[0].extent.is_some());
    assert_eq!(titles(&places), ["A", "C", "text", "D", "B"], "the worst first");
    assert_eq!(places.list.as_ref().unwrap().counts, [1, 2, 1, 1]);
    let extent = places.extent.unwrap();
    assert!(extent.west < 0.17 && extent.east > 0.53, "{extent:?}");
}

#[test]
fn the_filter_and_the_area_say_what_is_shown() {
    let locks = connection("locks", "iotee");
    at(&locks, "A", 52.52, 13.40);
    at(&locks, "B", 37.77, -122.41);
    lock(&locks, "A", false);
    let only = |filter: &str| asked(std::slice::from_ref(&locks), filter, WORLD, 0.01);
    assert_eq!(titles(&only("lock:unlocked")), ["A"]);
    assert_eq!((only("lock:unlocked").total, only("lock:unlocked").matching), (2, 1));
    let europe = Area { west: 0.5, north: 0.2, east: 0.6, south: 0.4 };
    let places = asked(std::slice::from_ref(&locks), "", europe, 0.01);
    assert_eq!((titles(&places), places.marks.as_ref().unwrap().len()), (vec!["A"], 1));
    assert_eq!(places.matching, 2, "what is out of sight is not out of the count");
}

#[test]
fn what_is_not_live_is_stale_on_the_map_too() {
    let (locks, others) = (connection("locks", "iotee"), connection("others", "iotee"));
    at(&locks, "A", 52.52, 13.40);
    at(&others, "B", 52.52, 13.40);
    others.part.lock().status = LinkStatus::Stopped;
    let places = asked(&[locks, others], "", WORLD, 0.01);
    assert_eq!(places.marks.unwrap()[0].stale, 1);
    let rows = places.list.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.stale).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn marks_come_once_and_again_when_something_moved_or_changed() {
    let locks = connection("locks", "iotee");
    at(&locks, "A", 52.52, 13.40);
    let connections = [locks.clone()];
    let sight = Sight { now: NOW, connections: &connections };
    let mut spec = PlacesSpec {
        scope: Scope::All,
        of: PlacesOf::Devices { filter: String::new() },
        area: WORLD,
        cell: 0.01,
        have: 0,
        list: None,
        follow: None,
    };
    for change in [None, Some((52.53, true)), Some((52.53, false))] {
        if let Some((lat, locked)) = change {
            at(&locks, "A", lat, 13.40);
            lock(&locks, "A", locked);
        }
        let first = places(&sight, &spec);
        assert!(first.marks.is_some(), "{change:?}");
        spec.have = first.version;
        let second = places(&sight, &spec);
        assert_eq!((second.marks, second.version), (None, first.version));
    }
}

#[test]
fn what_is_followed_is_told_whatever_the_filter_and_never_from_out_of_scope_or_without_a_place() {
    let locks = connection("locks", "iotee");
    at(&locks, "A", 52.52, 13.40);
    report(&locks, "no-position", &[("speed", Value::Number(3.0))]);
    let connections = [locks.clone()];
    let sight = Sight { now: NOW, connections: &connections };
    let followed = |sight: &Sight<'_>, connection: &str, id: &str| {
        let spec = PlacesSpec {
            scope: Scope::All,
            of: PlacesOf::Devices { filter: "nothing-is-called-so".into() },
            area: Area { west: 0.0, north: 0.0, east: 0.01, south: 0.01 },
            cell: 0.01,
            have: 0,
            list: None,
            follow: Some(FollowSpec { connection: connection.into(), id: id.into() }),
        };
        places(sight, &spec).followed
    };
    let first = followed(&sight, "locks", "A").unwrap();
    assert_eq!((first.row.id.as_str(), first.fields.0.as_str(), first.fields.1.as_str()), ("A", "lat", "long"));
    at(&locks, "A", 52.60, 13.40);
    let moved = followed(&sight, "locks", "A").unwrap();
    assert!(moved.row.y < first.row.y, "it went north");
    assert_eq!(followed(&sight, "locks", "no-position"), None);
    assert_eq!(followed(&sight, "locks", "B"), None);
    assert_eq!(followed(&sight, "others", "A"), None);
    assert_eq!(followed(&Sight { now: NOW, connections: &[] }, "locks", "A"), None);
}

#[test]
fn a_signal_that_moves_is_where_it_was_last_and_a_standing_alert_is_one() {
    let feed = connection("feed", "hydra");
    let signal = |id: &'static str, alert, place, severity| Signal {
        stream: "planes".into(),
        signal_type: "position".into(),
        signal: Some(id.into()),
        alert,
        title: Some(id.into()),
        description: None,
        category: None,
        severity,
        place,
        cities: Vec::new(),
    };
    for (step, lat) in [50.0, 51.0, 52.0].into_iter().enumerate() {
        let at = Timestamp(NOW.millis() + step as i64 * 1_000);
        let body = EventBody::Signal(signal("plane", None, Some((lat, 10.0)), Some(1)));
        feed.part.lock().state.apply(&StreamEvent { at: Some(at), body, data: "{}" }, at);
    }
    tell(&feed, EventBody::Signal(signal("storm", Some(AlertChange::Issued), Some((40.0, 20.0)), Some(5))));
    tell(&feed, EventBody::Signal(signal("nowhere", None, None, None)));
    let spec = PlacesSpec {
        scope: Scope::All,
        of: PlacesOf::Signals { stream: None, min_severity: 0 },
        area: WORLD,
        cell: 0.001,
        have: 0,
        list: Some(ListSpec { area: WORLD, limit: 1 }),
        follow: None,
    };
    let connections = [feed];
    let sight = Sight { now: NOW, connections: &connections };
    let shown = places(&sight, &spec);
    assert_eq!((shown.total, shown.unplaced), (3, 1));
    let marks = shown.marks.unwrap();
    assert_eq!(marks.iter().map(|mark| mark.standing).sum::<u32>(), 1);
    let plane = marks.iter().find(|mark| mark.standing == 0).unwrap();
    assert!((plane.y - super::mercator::Place::of(52.0, 10.0).unwrap().y).abs() < 1e-8);
    let list = shown.list.unwrap();
    assert_eq!((list.total, list.rows.len(), list.rows[0].title.as_str()), (2, 1, "storm"), "cut, and it says so");
    assert!(!list.rows[0].stale);
    connections[0].part.lock().state.signals.doubt(Timestamp(NOW.millis() + 1));
    let shown = places(&sight, &spec);
    let stale: Vec<bool> = shown.list.unwrap().rows.iter().map(|row| row.stale).collect();
    assert_eq!(
        (stale, shown.marks.unwrap().iter().map(|mark| mark.stale).sum::<u32>()),
        (vec![true], 1),
        "the alert alone"
    );
    let severe = PlacesSpec { of: PlacesOf::Signals { stream: Some("planes".into()), min_severity: 5 }, ..spec };
    assert_eq!(places(&sight, &severe).matching, 1);
}
