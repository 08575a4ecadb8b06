//! Files of earlier versions are opened, and all that was in them is there.

use protocol::Timestamp;
use store::history::{AlertQuery, EventQuery};

use crate::support::*;

/// A file of version 1 as text: what [`write_the_fixture`] made, table by table, and the words as they are handed to the
/// index. It is never made again, as it is what that version wrote.
const V1: &str = include_str!("../fixtures/history-v1.sql");

#[test]
fn a_file_of_version_1_is_read_and_written() {
    let (_folder, path) = folder();
    rusqlite::Connection::open(&path).unwrap().execute_batch(V1).unwrap();
    let history = open(&path);
    assert_eq!(history.health().problem, None);
    assert_eq!(history.last_run(), Some(Timestamp(T0)));
    let words = EventQuery { text: Some("rfid".into()), oldest_first: true, ..EventQuery::default() };
    let events = history.events(&words).unwrap().events;
    assert_eq!(events.len(), 2);
    assert_eq!(
        (&*events[1].connection, &*events[1].subject, events[1].at),
        ("locks", "device-2", Some(Timestamp(T0 + 2_000)))
    );
    let alerts = history.alerts(&AlertQuery::default()).unwrap().alerts;
    assert_eq!(alerts, [alert(1)]);
    assert_eq!(history.alert(alerts[0].id).unwrap().transitions.len(), 1);
    assert_eq!(history.series_names("locks", "device-1").unwrap(), ["voltage"]);
    // When it was recorded was not written down then, and is from now on.
    assert_eq!(history.runs_unknown_until().unwrap(), Some(Timestamp(T0)));
    let runs = || history.runs(Timestamp(0), Timestamp(i64::MAX)).unwrap();
    until("this run is known", || runs().len() == 1 && runs()[0].from == Timestamp(T0));
    // The same event again is known; another is kept.
    history.journal().event(event("locks", 1));
    history.journal().event(event("locks", 3));
    assert!(history.journal().flush(LONG));
    assert_eq!(history.events(&words).unwrap().events.len(), 3);
}

/// Writes what the fixture was made of, at the path in `SIGNALBOX_TEST_HISTORY`.
#[test]
#[ignore = "makes the file that a fixture is dumped from"]
fn write_the_fixture() {
    let Some(path) = path_of_child() else { return };
    let history = open(&path);
    let journal = history.journal();
    journal.event(event("locks", 1));
    journal.event(event("locks", 2));
    let alert = alert(1);
    let change = transition(&alert, T0 + 60_000, None, fleet::alert::AlertState::Firing);
    journal.alert(alert, vec![change]);
    journal.samples(store::history::Samples {
        connection: "locks".into(),
        subject: "device-1".into(),
        from: Timestamp(T0),
        fields: vec![("voltage".into(), store::history::Bucket::one(12.5))],
    });
    assert!(journal.flush(LONG));
}
