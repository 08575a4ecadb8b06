//! What is asked for again, and in which order rules see what was missed.

use fleet::alert::Change;
use fleet::rule::{About, Detector, Rule, Standing};
use jiff::tz::TimeZone;
use protocol::{Connection, Kind};

use super::*;
use crate::watched::Watched;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn before(seconds: i64) -> Timestamp {
    Timestamp(NOW.millis() - seconds * 1_000)
}

fn watched(known_until: Timestamp, gaps: Vec<GapRecord>) -> Watched {
    let connection: Connection = serde_json::from_value(serde_json::json!({
        "name": "locks", "protocol": "iotee", "url": "wss://h/realtime",
    }))
    .unwrap();
    let rule: Rule = serde_json::from_value(serde_json::json!({
        "name": "opened", "severity": "high",
        "when": { "event": { "kinds": ["device.unlocked"], "until": ["device.locked"], "clear_after": "1d" } },
    }))
    .unwrap();
    let about = About { name: "locks", tags: &[], protocol: connection.protocol };
    let detector = Detector::new(&[rule], &about, TimeZone::UTC);
    Watched::new(connection, false, detector, (Some(known_until), gaps), NOW)
}

fn span(from: i64, to: Option<i64>) -> GapRecord {
    GapRecord { to: to.map(before), ..gap(&"locks".into(), before(from), "it was away") }
}

fn catch_up(part: &mut Part, held: Vec<Held>) {
    part.catching_up = Some(CatchingUp { since: NOW, fetching: true, resumed: false, failed: Vec::new(), held });
    part.detector.standing(Standing::CatchingUp, NOW, &mut Vec::new());
}

#[test]
fn a_gap_is_asked_for_until_it_was_seen_through() {
    let watched = watched(before(10), vec![span(500, Some(400))]);
    let mut part = watched.part.lock();
    assert_eq!(part.missed_since(), Some(before(500)), "it is older than what came since");
    catch_up(&mut part, Vec::new());
    let gaps = part.settle(Some(false), NOW, &mut Vec::new()).unwrap();
    assert_eq!((gaps.len(), &gaps[0].filled), (1, &Filled::No), "it was broken off");
    assert_eq!(part.missed_since(), Some(before(500)));

    catch_up(&mut part, Vec::new());
    let gaps = part.settle(Some(true), NOW, &mut Vec::new()).unwrap();
    let ends: Vec<_> = gaps.iter().map(|gap| (gap.from, gap.to, &gap.filled)).collect();
    let whole = &Filled::Whole;
    assert_eq!(ends, [(before(500), Some(before(400)), whole), (before(10), Some(NOW), whole)]);
    assert_eq!(part.missed_since(), Some(before(10)), "what is known now");
}

#[test]
fn what_the_service_refuses_is_told_once_and_not_asked_for_again() {
    let watched = watched(before(10), vec![span(500, None)]);
    let mut part = watched.part.lock();
    catch_up(&mut part, Vec::new());
    part.catching_up.as_mut().unwrap().failed.push("The lock events could not be had: 404.".into());
    let gaps = part.settle(Some(false), NOW, &mut Vec::new()).unwrap();
    assert_eq!(
        (gaps.len(), gaps[0].from, gaps[0].to),
        (1, before(500), Some(NOW)),
        "one that was open goes on until now"
    );
    assert_eq!(gaps[0].filled, Filled::Partly("The lock events could not be had: 404.".into()));
    assert_eq!(part.missed_since(), Some(before(10)));
}

#[test]
fn rules_see_what_was_missed_in_the_order_of_time_and_once() {
    let watched = watched(before(100), Vec::new());
    let mut part = watched.part.lock();
    let held = |seconds: i64, kind: Kind, is_late: bool| Held {
        record: EventRecord {
            connection: "locks".into(),
            kind,
            subject: "A".into(),
            definition: None,
            at: Some(before(seconds)),
            received: NOW,
            data: "{}".into(),
            identity: Some(seconds.to_string()),
            tuple: None,
        },
        is_late,
    };
    // The stream's own comes first, then what was fetched, one of it twice.
    let (locked, unlocked) = (Kind::DeviceLocked, Kind::DeviceUnlocked);
    let came =
        [(50, locked, false), (90, unlocked, true), (80, locked, true), (70, unlocked, true), (80, locked, true)];
    catch_up(&mut part, came.map(|(seconds, kind, is_late)| held(seconds, kind, is_late)).into());
    let mut found = Vec::new();
    part.settle(Some(true), NOW, &mut found);
    let told: Vec<_> = found.iter().map(|one| (one.at, matches!(one.change, Change::Fires { .. }))).collect();
    assert_eq!(told, [(before(90), true), (before(80), false), (before(70), true), (before(50), false)]);
}

#[test]
fn what_came_later_than_it_was_waited_for_fills_the_gap_all_the_same() {
    let watched = watched(before(10), Vec::new());
    let mut part = watched.part.lock();
    catch_up(&mut part, Vec::new());
    let late = Timestamp(NOW.millis() + FETCHES + 1);
    let gaps = part.caught_up(late, &mut Vec::new()).unwrap();
    assert_eq!((gaps.len(), &gaps[0].filled), (1, &Filled::No));
    let gaps = part.settle(Some(true), late, &mut Vec::new()).unwrap();
    assert_eq!((gaps.len(), gaps[0].from, &gaps[0].filled), (1, before(10), &Filled::Whole));
    assert_eq!(part.settle(Some(true), late, &mut Vec::new()), None, "once");
}

#[test]
fn a_clock_that_goes_back_does_not_keep_a_picture_waiting() {
    let watched = watched(before(10), Vec::new());
    let mut part = watched.part.lock();
    catch_up(&mut part, Vec::new());
    let hour = 3_600;
    assert_eq!(part.caught_up(before(hour), &mut Vec::new()), None);
    let later = Timestamp(before(hour).millis() + FETCHES + 1);
    assert!(part.caught_up(later, &mut Vec::new()).is_some(), "a minute later, by whichever clock");
}

#[test]
fn a_silence_on_the_same_socket_has_lost_nothing() {
    let watched = watched(before(10), Vec::new());
    let mut part = watched.part.lock();
    part.catching_up =
        Some(CatchingUp { since: NOW, fetching: false, resumed: true, failed: Vec::new(), held: Vec::new() });
    let gaps = part.caught_up(Timestamp(NOW.millis() + SAYS + 1), &mut Vec::new()).unwrap();
    assert_eq!((gaps.len(), &gaps[0].filled), (1, &Filled::Whole));
}

#[test]
fn a_changed_connection_takes_over_what_is_known() {
    let old = watched(before(100), vec![span(60, None)]);
    let known = old.part.lock().hand_over();
    let new = Watched::new(old.connection.clone(), false, Detector::new(&[], &about(), TimeZone::UTC), known, NOW);
    let part = new.part.lock();
    assert_eq!(part.gap.as_ref().map(|gap| (gap.from, gap.to)), Some((before(60), None)), "the very same gap goes on");
    assert_eq!(part.missed_since(), Some(before(100)));
}

/// What an alert of the last run is after all was fetched, some was, and nothing was to be.
#[test]
fn what_a_service_does_not_repeat_is_doubted_after_a_start() {
    let connection: Connection =
        serde_json::from_value(serde_json::json!({ "name": "signals", "protocol": "hydra", "url": "wss://h/stream" }))
            .unwrap();
    let rule: Rule =
        serde_json::from_value(serde_json::json!({ "name": "issued", "severity": "high", "when": { "issued": {} } }))
            .unwrap();
    for complete in [Some(true), Some(false), None] {
        let about = About { name: "signals", tags: &[], protocol: connection.protocol };
        let mut detector = Detector::new(std::slice::from_ref(&rule), &about, TimeZone::UTC);
        assert!(detector.restore("issued", "a", (before(9_000), before(9_000)), true, NOW));
        let watched = Watched::new(connection.clone(), false, detector, (Some(before(500)), Vec::new()), NOW);
        let mut part = watched.part.lock();
        catch_up(&mut part, Vec::new());
        let mut found = Vec::new();
        part.settle(complete, NOW, &mut found);
        assert_eq!(part.detector.doubted(), [("issued".into(), "a".into())], "{complete:?}");
        assert_eq!(found, []);
    }
}

/// What an alert of this run is while what was missed is fetched, and after.
#[test]
fn an_issued_alert_is_confirmed_by_a_break_of_which_all_is_known_and_by_no_other() {
    let connection: Connection =
        serde_json::from_value(serde_json::json!({ "name": "signals", "protocol": "hydra", "url": "wss://h/stream" }))
            .unwrap();
    for (complete, known) in [(Some(true), true), (Some(false), false), (None, false)] {
        let detector = Detector::new(&[], &About { name: "signals", ..about() }, TimeZone::UTC);
        let watched = Watched::new(connection.clone(), false, detector, (None, Vec::new()), NOW);
        let mut part = watched.part.lock();
        issue(&mut part, "a", before(10));
        let is_unconfirmed = |part: &Part| part.is_unconfirmed(part.state.signals.alert("a").unwrap());
        assert!(!is_unconfirmed(&part), "it is heard");
        catch_up(&mut part, Vec::new());
        assert!(is_unconfirmed(&part), "its clearance may be fetched yet");
        part.settle(complete, NOW, &mut Vec::new());
        assert_eq!(is_unconfirmed(&part), !known, "{complete:?}");
        issue(&mut part, "a", NOW);
        assert!(!is_unconfirmed(&part), "it was issued again");
    }
}

fn issue(part: &mut Part, id: &'static str, at: Timestamp) {
    let body = protocol::EventBody::Signal(protocol::event::Signal {
        stream: "alerts".into(),
        signal_type: "alert_issued".into(),
        signal: Some(id.into()),
        alert: Some(protocol::event::AlertChange::Issued),
        title: None,
        description: None,
        category: None,
        severity: None,
        place: None,
        cities: Vec::new(),
    });
    part.state.apply(&protocol::StreamEvent { at: Some(at), body, data: "{}" }, at);
}

fn about() -> About<'static> {
    About { name: "locks", tags: &[], protocol: protocol::Protocol::Iotee }
}
