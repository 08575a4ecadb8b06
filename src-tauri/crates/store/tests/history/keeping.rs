//! What is handed over is there, once, and as it was.

use fleet::alert::{Acknowledgement, AlertState, Matcher, Silence};
use protocol::{Kind, Timestamp};
use store::History;
use store::history::{
    AlertQuery, AuditRecord, Batch, EventQuery, EventRecord, Evidence, Filled, GapRecord, HistoryError, Place, Settings,
};

use crate::support::*;

fn all(history: &History) -> Vec<store::history::Event> {
    history.events(&EventQuery { limit: 10_000, oldest_first: true, ..EventQuery::default() }).unwrap().events
}

#[test]
fn an_event_is_read_as_it_was_written() {
    let (_folder, path) = folder();
    let history = open(&path);
    let odd = EventRecord {
        connection: "jöbs".into(),
        kind: Kind::JobFailed,
        subject: "job 'x'; DROP TABLE event".into(),
        definition: Some("nightly \"sync\"".into()),
        at: None,
        received: Timestamp(T0 + 5),
        data: r#"{"error":{"code":"E1","message":"no ; -- luck"}}"#.into(),
        identity: None,
        tuple: None,
    };
    // A clock that is centuries off is kept as what it said, and put where it was heard.
    let far = EventRecord { at: Some(Timestamp(T0 * 40)), identity: Some("far".into()), ..odd.clone() };
    history.journal().event(odd.clone());
    history.journal().event(far.clone());
    assert!(history.journal().flush(LONG));
    let events = all(&history);
    assert_eq!(events.len(), 2);
    for (read, written) in events.iter().zip([&odd, &far]) {
        assert_eq!(read.connection, *written.connection);
        assert_eq!((read.kind, &read.subject, &read.definition), (written.kind, &written.subject, &written.definition));
        assert_eq!((read.at, read.received, &read.data), (written.at, written.received, &written.data));
    }
    assert_eq!(history.event(events[1].id).unwrap(), events[1]);
    assert!(matches!(history.event(store::history::EventId(7)), Err(HistoryError::NotFound(_))));
}

#[test]
fn the_same_event_is_kept_once_by_either_of_its_names() {
    let (_folder, path) = folder();
    let history = open(&path);
    let journal = history.journal();
    for number in 0..50 {
        let whole = event("a", number);
        journal.event(EventRecord { identity: None, ..whole.clone() });
        // The backfill knows its id as well, the replay knows only that.
        journal.event(whole.clone());
        journal.event(EventRecord { tuple: None, data: "{}".into(), ..whole.clone() });
        journal.event(EventRecord { identity: Some("another".into()), ..whole });
        // The same names on another connection are another's.
        journal.event(event("b", number));
    }
    assert!(journal.flush(LONG));
    assert_eq!(all(&history).len(), 100);
    drop((journal, history));
    let history = open(&path);
    (0..50).for_each(|number| history.journal().event(event("a", number)));
    assert!(history.journal().flush(LONG));
    assert_eq!(all(&history).len(), 100);
    assert_eq!(history.health().repeated, 50);
}

#[test]
fn many_events_of_one_millisecond_keep_their_times_and_their_order() {
    let (_folder, path) = folder();
    let history = open(&path);
    let events: Vec<EventRecord> = (0..1_000)
        .map(|number| EventRecord { at: Some(Timestamp(T0)), received: Timestamp(T0 + number), ..event("a", number) })
        .collect();
    history.journal().batch(Batch { events: events.clone(), ..Batch::default() });
    // And one a little later, which finds its own millisecond taken.
    let late = EventRecord { at: Some(Timestamp(T0 + 3)), ..event("a", 1_000) };
    history.journal().event(late.clone());
    assert!(history.journal().flush(LONG));
    let read = all(&history);
    assert_eq!(read.len(), 1_001);
    assert!(read.iter().filter(|event| event.at == Some(Timestamp(T0))).count() == 1_000);
    let of_first: Vec<_> =
        read.iter().filter(|event| event.at == Some(Timestamp(T0))).map(|event| event.received.millis() - T0).collect();
    assert!(of_first.is_sorted());
    assert!(read.iter().any(|event| event.at == late.at && event.received == late.received));
}

#[test]
fn alerts_their_changes_and_their_proof_are_read_as_they_were() {
    let (_folder, path) = folder();
    let history = open(&path);
    let journal = history.journal();
    let mut alert = alert(1);
    let first = vec![
        transition(&alert, T0, None, AlertState::Pending),
        transition(&alert, T0 + 60_000, Some(AlertState::Pending), AlertState::Firing),
    ];
    let proof = Evidence {
        field: Some("battery_voltage".into()),
        times: vec![T0, T0 + 10_000, T0 + 20_000],
        values: vec![11.6, f64::INFINITY, 11.2],
        threshold: Some(11.5),
        from: Timestamp(T0),
        to: Timestamp(T0 + 60_000),
        events: vec![r#"{"a":1}"#.into()],
    };
    journal.alert(alert.clone(), first.clone());
    journal.alert(alert.clone(), first.clone());
    journal.evidence(alert.id, proof.clone());
    journal.evidence(alert.id, Evidence::default());
    alert.state = AlertState::Acknowledged;
    alert.acknowledgement =
        Some(Acknowledgement { at: Timestamp(T0 + 70_000), until: None, note: "calling the driver".into() });
    let last = transition(&alert, T0 + 70_000, Some(AlertState::Firing), AlertState::Acknowledged);
    journal.alert(alert.clone(), vec![last.clone()]);
    assert!(journal.flush(LONG));
    let story = history.alert(alert.id).unwrap();
    assert_eq!(story.alert, alert);
    assert_eq!(story.transitions, [&first[..], &[last]].concat());
    assert_eq!(story.evidence.unwrap(), proof);
    assert_eq!(history.open_alerts(Timestamp(T0)).unwrap(), [alert.clone()]);
    alert.resolved = Some(Timestamp(T0 + 80_000));
    alert.state = AlertState::Resolved;
    journal.alert(alert.clone(), Vec::new());
    assert!(journal.flush(LONG));
    assert_eq!(history.open_alerts(Timestamp(T0 + 80_000)).unwrap(), [alert.clone()]);
    assert_eq!(history.open_alerts(Timestamp(T0 + 80_001)).unwrap(), []);
}

#[test]
fn alerts_are_found_by_what_they_are() {
    let (_folder, path) = folder();
    let history = open(&path);
    let alerts = (0..300)
        .map(|number| {
            let mut alert = alert(number);
            if number % 3 == 0 {
                alert.state = AlertState::Resolved;
                alert.resolved = Some(Timestamp(T0 + 100_000));
            }
            alert
        })
        .collect();
    history.journal().batch(Batch { alerts, ..Batch::default() });
    assert!(history.journal().flush(LONG));
    let total = |query: AlertQuery| history.alerts(&query).unwrap().total;
    assert_eq!(total(AlertQuery::default()), 300);
    assert_eq!(total(AlertQuery { states: vec![AlertState::Resolved], ..AlertQuery::default() }), 100);
    assert_eq!(total(AlertQuery { from: Some(Timestamp(T0 + 100_001)), ..AlertQuery::default() }), 200);
    assert_eq!(total(AlertQuery { to: Some(Timestamp(T0 + 10)), ..AlertQuery::default() }), 10);
    assert_eq!(total(AlertQuery { text: Some("DEVICE-29".into()), ..AlertQuery::default() }), 11);
    assert_eq!(total(AlertQuery { text: Some("100%' OR 1 --".into()), ..AlertQuery::default() }), 0);
    assert_eq!(total(AlertQuery { connections: vec!["jobs".into()], ..AlertQuery::default() }), 0);
    let page = history.alerts(&AlertQuery { offset: 10, limit: 5, ..AlertQuery::default() }).unwrap();
    assert_eq!(
        page.alerts.iter().map(|alert| alert.began.millis() - T0).collect::<Vec<_>>(),
        [289, 288, 287, 286, 285]
    );
}

#[test]
fn silences_deeds_and_gaps_are_read_as_they_were() {
    let (_folder, path) = folder();
    let history = open(&path);
    let journal = history.journal();
    let silence = Silence {
        id: u64::MAX,
        matcher: Matcher { rule: Some("battery*".into()), ..Matcher::default() },
        from: Timestamp(T0),
        until: Timestamp(T0 + 1_000),
        note: "the fitter is there".into(),
    };
    journal.silence(silence.clone());
    journal.silence_ended(silence.id, Timestamp(T0 + 500));
    let deed = AuditRecord {
        at: Timestamp(T0),
        action: "silence.add".into(),
        subject: "battery*".into(),
        detail: "until 10:00".into(),
    };
    journal.audit(deed.clone());
    let mut gap = GapRecord {
        connection: "locks".into(),
        from: Timestamp(T0),
        to: None,
        cause: "The service closed.".into(),
        filled: Filled::No,
    };
    journal.gap(gap.clone());
    assert!(journal.flush(LONG));
    assert_eq!(history.gaps(Some("locks"), Timestamp(T0 + 9), Timestamp(T0 + 10)).unwrap(), [gap.clone()]);
    gap.to = Some(Timestamp(T0 + 5));
    gap.filled = Filled::Partly("telemetry".into());
    journal.gap(gap.clone());
    assert!(journal.flush(LONG));
    assert_eq!(history.gaps(None, Timestamp(T0), Timestamp(T0 + 10)).unwrap(), [gap]);
    assert_eq!(history.gaps(None, Timestamp(T0 + 6), Timestamp(T0 + 10)).unwrap(), []);
    let kept = history.silences().unwrap();
    assert_eq!((&kept[0].silence, kept[0].ended), (&silence, Some(Timestamp(T0 + 500))));
    let deeds = history.audit(Timestamp(T0), Timestamp(T0 + 1)).unwrap();
    assert_eq!(deeds.into_iter().map(|entry| entry.record).collect::<Vec<_>>(), [deed]);
}

#[test]
fn it_knows_when_it_ran_last_and_what_it_heard_last() {
    let (_folder, path) = folder();
    let history = open(&path);
    assert_eq!(history.last_run(), None);
    history.journal().event(event("a", 3));
    history.journal().event(event("b", 9));
    let turned = |connection, second| EventRecord { kind: Kind::ConnectionStatus, ..event(connection, second) };
    for (connection, second) in [("a", 20), ("quiet", 5), ("quiet", 30)] {
        history.journal().event(turned(connection, second));
    }
    drop(history);
    let history = open(&path);
    assert_eq!(history.last_run(), Some(Timestamp(T0)));
    assert_eq!(
        history.last_event("a").unwrap(),
        Some(Timestamp(T0 + 3_000)),
        "that it came tells nothing of what it missed"
    );
    assert_eq!(
        history.last_event("quiet").unwrap(),
        Some(Timestamp(T0 + 5_000)),
        "since it first came nothing happened"
    );
    assert_eq!(history.last_event("c").unwrap(), None);
}

#[test]
fn one_that_is_kept_nowhere_is_one_like_any_other() {
    let history = History::open(Place::Memory, Settings::default(), Time::new().clock()).unwrap();
    history.journal().event(event("a", 1));
    assert!(history.journal().flush(LONG));
    assert_eq!(all(&history).len(), 1);
    assert_eq!(history.health().path, None);
}

#[test]
fn one_process_writes_and_others_may_read() {
    let (_folder, path) = folder();
    let history = open(&path);
    assert!(matches!(try_open(&path), Err(HistoryError::InUse { .. })));
    history.journal().event(event("a", 1));
    assert!(history.journal().flush(LONG));
    let reader = History::open_read_only(path.clone(), Time::new().clock()).unwrap();
    assert_eq!(all(&reader).len(), 1);
    reader.journal().event(event("a", 2));
    assert_eq!(reader.health().not_recorded, 1);
    history.journal().event(event("a", 3));
    assert!(history.journal().flush(LONG));
    assert_eq!(all(&reader).len(), 2);
    drop(history);
    assert_eq!(all(&reader).len(), 2);
    drop(open(&path));
}

#[test]
fn what_is_handed_over_without_asking_for_room_is_kept_or_counted() {
    let (_folder, path) = folder();
    let history = open(&path);
    let journal = history.journal();
    for round in 0..40 {
        let events = (0..1_500).map(|number| event("a", round * 1_500 + number)).collect();
        journal.batch(Batch { events, ..Batch::default() });
    }
    assert!(!journal.room());
    assert!(journal.flush(LONG));
    assert!(journal.room());
    let counts = history.hours(Timestamp(0), Timestamp(T0 * 2)).unwrap();
    let kept: u64 = counts.iter().map(|hour| hour.count).sum();
    assert!(kept >= 40_000 && kept.is_multiple_of(1_500), "{kept}");
    assert_eq!(kept + history.health().not_recorded, 60_000);
}
