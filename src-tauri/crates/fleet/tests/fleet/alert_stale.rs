//! Stories of connections that die and come back, of starts and sleeps, and of the network of this computer.

use std::sync::Arc;

use fleet::alert::{Alert, AlertState, Change, Matcher, Silence};
use fleet::rule::Severity;
use protocol::Timestamp;

use crate::alert_desk::{Desk, NOON, finding};

const NOTHING: [&str; 0] = [];

#[test]
fn a_dead_connection_makes_stale_and_tells_of_itself_alone() {
    let mut desk = Desk::settled(&["a", "b"]);
    for device in 0..300 {
        desk.fires("unlocked", "a", &format!("van-{device}"), 0);
    }
    desk.acknowledge("van-1", None, "");
    desk.told();
    desk.after(60);
    desk.lose("a");
    desk.fires("dead", "a", "a", 0);
    assert_eq!(desk.book.counts().in_state(AlertState::Stale), 300);
    desk.after(60);
    assert_eq!(desk.told(), ["fires: dead a"]);
    assert_eq!(desk.state("dead", "a", "a"), AlertState::Firing);
    desk.live("a");
    desk.ends("dead", "a", "a");
    desk.ends("unlocked", "a", "van-0");
    assert_eq!(desk.state("unlocked", "a", "van-2"), AlertState::Stale, "its picture is not complete yet");
    desk.settle("a");
    assert_eq!(desk.state("unlocked", "a", "van-1"), AlertState::Acknowledged);
    assert_eq!(desk.book.counts().in_state(AlertState::Firing), 298);
    desk.after(60);
    assert_eq!(desk.told(), ["withdraw: dead a", "withdraw: unlocked van-0"]);
}

#[test]
fn what_began_while_a_connection_was_lost_is_told_when_its_picture_is_complete() {
    let mut desk = Desk::settled(&["a"]);
    desk.find("a", finding("unlocked", "waiting", Change::Pending, desk.at()));
    let waiting = desk.at();
    desk.after(5);
    desk.lose("a");
    desk.fires("unlocked", "a", "odd", 0);
    assert_eq!(desk.state("unlocked", "a", "odd"), AlertState::Stale);
    desk.after(100);
    desk.live("a");
    desk.fires("unlocked", "a", "van", 50);
    desk.fires("unlocked", "a", "old", 500);
    desk.fires("unlocked", "a", "short", 50);
    desk.ends("unlocked", "a", "short");
    desk.find("a", finding("unlocked", "waiting", Change::Fires { since: waiting }, desk.at()));
    assert_eq!(desk.told(), NOTHING);
    desk.settle("a");
    let mut told = desk.told();
    told.sort();
    assert_eq!(told, ["fires: unlocked odd", "fires: unlocked van", "fires: unlocked waiting"]);
    assert_eq!(desk.state("unlocked", "a", "old"), AlertState::Firing);
}

#[test]
fn a_picture_that_never_completes_is_not_waited_for() {
    let mut desk = Desk::settled(&["a"]);
    desk.lose("a");
    desk.live("a");
    desk.after(1);
    desk.fires("unlocked", "a", "van", 0);
    desk.after(58);
    assert_eq!(desk.told(), NOTHING);
    desk.after(1);
    assert_eq!(desk.told(), ["fires: unlocked van"]);
}

#[test]
fn what_was_so_at_the_start_is_listed_and_what_began_while_away_is_one_digest() {
    let mut desk = Desk::started(Some(3_600), &["a", "b"]);
    desk.live("a");
    desk.fires("unlocked", "a", "old", 7_200);
    desk.fires("unlocked", "a", "van", 600);
    desk.fires("low", "a", "van", 600);
    desk.fires("unlocked", "a", "short", 500);
    desk.fires("quiet", "a", "host", 500);
    desk.ends("unlocked", "a", "short");
    desk.settle("a");
    desk.after(1);
    desk.fires("unlocked", "a", "now", 0);
    assert_eq!(desk.told(), ["fires: unlocked now"]);
    desk.after(10);
    desk.live("b");
    desk.fires("unlocked", "b", "bus", 60);
    desk.settle("b");
    assert_eq!(desk.told(), ["Away: unlocked van, unlocked bus, low van, unlocked short (1 over)"]);
    desk.after(100);
    assert_eq!(desk.told(), NOTHING);
    assert_eq!(desk.book.counts().in_state(AlertState::Firing), 6);
}

#[test]
fn a_dead_connection_holds_the_digest_for_half_a_minute() {
    let mut desk = Desk::started(Some(3_600), &["a", "b"]);
    desk.live("a");
    desk.fires("unlocked", "a", "van", 600);
    desk.settle("a");
    desk.after(29);
    assert_eq!(desk.told(), NOTHING);
    desk.after(1);
    assert_eq!(desk.told(), ["Away: unlocked van (0 over)"]);
    desk.after(600);
    desk.live("b");
    desk.fires("unlocked", "b", "bus", 900);
    desk.fires("unlocked", "b", "old", 9_000);
    desk.settle("b");
    assert_eq!(desk.told(), ["Away: unlocked bus (0 over)"]);
}

#[test]
fn without_a_last_run_nothing_old_is_told() {
    let mut desk = Desk::started(None, &["a"]);
    desk.live("a");
    desk.fires("unlocked", "a", "van", 600);
    desk.settle("a");
    desk.after(60);
    assert_eq!(desk.told(), NOTHING);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Firing);
}

#[test]
fn a_sleep_is_told_like_an_absence() {
    let mut desk = Desk::settled(&["a", "b"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.told();
    let slept = desk.at();
    desk.now += 3_600_000;
    desk.book.woke(slept, desk.at());
    desk.lose("b");
    desk.fires("unlocked", "a", "bus", 1_800);
    desk.settle("a");
    desk.live("b");
    desk.fires("unlocked", "b", "cab", 1_800);
    assert_eq!(desk.told(), NOTHING);
    desk.settle("b");
    assert_eq!(desk.told(), ["Away: unlocked bus, unlocked cab (0 over)"]);
}

/// What a run leaves for the next one.
fn kept(desk: &mut Desk) -> (Vec<Alert>, Vec<Silence>) {
    let mut changed = Vec::new();
    desk.book.take_changed(&mut changed);
    (desk.book.alerts().cloned().collect(), desk.book.silences().cloned().collect())
}

#[test]
fn after_a_restart_alerts_go_on_and_a_replay_makes_nothing_again() {
    let mut first = Desk::settled(&["a"]);
    first.fires("unlocked", "a", "van", 0);
    first.fires("unlocked", "a", "bus", 0);
    first.fires("failed", "a", "nightly", 0);
    let fired = first.at();
    first.acknowledge("van", None, "mine");
    first.after(10);
    first.ends("failed", "a", "nightly");
    let over = first.at();
    let (alerts, silences) = kept(&mut first);

    let mut desk = Desk::started(Some(100), &["a"]);
    desk.now = NOON + 600_000;
    desk.book.restore(alerts, silences);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Stale);
    desk.live("a");
    for (rule, subject) in [("unlocked", "van"), ("unlocked", "bus"), ("failed", "nightly")] {
        desk.find("a", finding(rule, subject, Change::Fires { since: fired }, fired));
    }
    let change = Change::Ends { cause: "again".into() };
    desk.find("a", finding("failed", "nightly", change, over));
    desk.settle("a");
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Acknowledged);
    assert_eq!(desk.about("unlocked", "a", "van").acknowledgement.as_ref().unwrap().note, "mine");
    assert_eq!(desk.state("unlocked", "a", "bus"), AlertState::Firing);
    assert!(desk.book.about("failed", "a", "nightly").is_none());
    assert_eq!(desk.book.alerts().count(), 3);
    desk.after(60);
    assert_eq!(desk.told(), NOTHING);
    let moved = desk.moved();
    assert!(moved.iter().all(|moved| !moved.contains("nightly")), "{moved:?}");
}

#[test]
fn what_a_replay_does_not_end_holds_again() {
    let mut first = Desk::settled(&["a"]);
    first.fires("unlocked", "a", "van", 0);
    let fired = first.at();
    first.after(10);
    first.ends("unlocked", "a", "van");
    let (alerts, silences) = kept(&mut first);
    let mut desk = Desk::started(Some(0), &["a"]);
    desk.book.restore(alerts, silences);
    desk.live("a");
    desk.find("a", finding("unlocked", "van", Change::Fires { since: fired }, fired));
    assert!(desk.book.about("unlocked", "a", "van").is_none());
    desk.settle("a");
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Firing);
}

#[test]
fn what_ended_while_away_is_told() {
    let mut first = Desk::settled(&["a"]);
    first.fires("unlocked", "a", "van", 0);
    first.fires("unlocked", "a", "bus", 0);
    first.fires("unlocked", "a", "cab", 0);
    first.silence(Matcher { subject: Some("van".into()), ..Matcher::default() }, 60);
    first.silence(Matcher { subject: Some("cab".into()), ..Matcher::default() }, 6_000);
    first.acknowledge("bus", Some(60), "");
    let fired = first.at();
    let (alerts, silences) = kept(&mut first);

    let mut desk = Desk::started(None, &[]);
    desk.now = NOON + 1_000_000;
    desk.book.tick(desk.at());
    desk.book.connection_added(&Arc::from("a"), desk.at());
    desk.book.restore(alerts, silences);
    desk.live("a");
    for subject in ["van", "bus", "cab"] {
        desk.find("a", finding("unlocked", subject, Change::Fires { since: fired }, fired));
    }
    assert_eq!(desk.told(), NOTHING);
    desk.settle("a");
    assert_eq!(desk.told(), ["fires: unlocked bus", "SilenceEnded: unlocked van (0 over)"]);
    assert_eq!(desk.state("unlocked", "a", "cab"), AlertState::Silenced);
}

#[test]
fn alerts_of_connections_that_are_not_there_any_more_are_resolved() {
    let mut first = Desk::settled(&["a", "b"]);
    first.fires("unlocked", "a", "van", 0);
    let (alerts, silences) = kept(&mut first);
    let mut desk = Desk::started(Some(10), &["b"]);
    desk.book.restore(alerts, silences);
    assert_eq!(desk.book.counts().open(), 1);
    desk.after(31);
    assert_eq!(desk.book.counts().open(), 0);
    assert_eq!(desk.told(), NOTHING);
}

#[test]
fn all_connections_lost_at_once_is_one_notice() {
    let mut desk = Desk::settled(&["a", "b", "c"]);
    for connection in ["a", "b", "c"] {
        desk.lose(connection);
        desk.fires("dead", connection, connection, 0);
        desk.after(3);
    }
    assert_eq!(desk.told(), ["network lost: 3 at 31"]);
    desk.after(600);
    desk.live("b");
    desk.ends("dead", "b", "b");
    assert_eq!(desk.told(), ["network back"]);
    desk.after(10);
    desk.live("a");
    desk.ends("dead", "a", "a");
    desk.after(79);
    assert_eq!(desk.told(), NOTHING);
    desk.after(5);
    assert_eq!(desk.told(), ["fires: dead c"], "this one did not come back with the network");
}

#[test]
fn a_rule_that_waits_gives_the_same_notice() {
    let mut desk = Desk::settled(&["a", "b"]);
    for connection in ["a", "b"] {
        desk.lose(connection);
        let pending = finding("dead", connection, Change::Pending, desk.at());
        desk.find(connection, pending);
        desk.after(2);
    }
    desk.after(56);
    for connection in ["a", "b"] {
        let since = desk.about("dead", connection, connection).began;
        let fires = finding("dead", connection, Change::Fires { since }, Timestamp(since.millis() + 60_000));
        desk.find(connection, fires);
        desk.after(2);
    }
    assert_eq!(desk.told(), ["network lost: 2 at 31"]);
}

#[test]
fn some_lost_are_told_one_by_one_after_a_moment() {
    let mut desk = Desk::settled(&["a", "b", "c"]);
    desk.lose("a");
    desk.fires("dead", "a", "a", 0);
    desk.lose("b");
    desk.fires("dead", "b", "b", 0);
    assert_eq!(desk.told(), NOTHING);
    desk.after(10);
    let mut told = desk.told();
    told.sort();
    assert_eq!(told, ["fires: dead a", "fires: dead b"]);
    desk.after(100);
    desk.lose("c");
    desk.fires("dead", "c", "c", 0);
    assert_eq!(desk.told(), ["fires: dead c"], "long after the others: not the network");
}

#[test]
fn one_that_was_dead_for_long_does_not_hide_the_network() {
    let mut desk = Desk::settled(&["a", "b", "c"]);
    desk.lose("a");
    desk.fires("dead", "a", "a", 0);
    desk.after(1_000);
    assert_eq!(desk.told(), ["fires: dead a"]);
    for connection in ["b", "c"] {
        desk.lose(connection);
        desk.fires("dead", connection, connection, 0);
    }
    assert_eq!(desk.told(), ["network lost: 2 at 1031"]);
}

#[test]
fn the_only_connection_is_told_at_once() {
    let mut desk = Desk::settled(&["a"]);
    desk.lose("a");
    desk.fires("dead", "a", "a", 0);
    assert_eq!(desk.told(), ["fires: dead a"]);
}

#[test]
fn a_muted_network_is_not_told() {
    let mut desk = Desk::settled(&["a", "b"]);
    desk.mute(600);
    for connection in ["a", "b"] {
        desk.lose(connection);
        desk.fires("dead", connection, connection, 0);
    }
    desk.after(60);
    for connection in ["a", "b"] {
        desk.live(connection);
        desk.ends("dead", connection, connection);
        desk.settle(connection);
    }
    desk.after(1_000);
    assert_eq!(desk.told(), NOTHING);
}

#[test]
fn what_quiet_hours_held_back_is_told_after_a_restart_too() {
    let quiet = |desk: &mut Desk| desk.book.quiet_hours(Some("12:00-13:00".parse().unwrap()), Some(Severity::Critical));
    let mut first = Desk::settled(&["a"]);
    quiet(&mut first);
    first.after(1);
    first.fires("unlocked", "a", "van", 0);
    first.fires("dead", "a", "a", 0);
    assert_eq!(first.told(), ["fires: dead a"]);
    let (alerts, silences) = kept(&mut first);
    let mut desk = Desk::started(Some(0), &["a"]);
    desk.now = first.now;
    quiet(&mut desk);
    desk.book.restore(alerts, silences);
    desk.after(1);
    desk.live("a");
    desk.settle("a");
    desk.after(3_000);
    assert_eq!(desk.told(), NOTHING);
    desk.after(600);
    assert_eq!(desk.told(), ["QuietEnded: unlocked van (0 over)"]);
}

#[test]
fn an_edited_rule_finds_the_same_alert_again() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.fires("unlocked", "a", "bus", 0);
    let fired = desk.at();
    desk.acknowledge("van", Some(600), "mine");
    let id = desk.id("unlocked", "a", "van");
    desk.after(60);
    desk.told();
    for subject in ["van", "bus"] {
        desk.ends("unlocked", "a", subject);
        desk.find("a", finding("unlocked", subject, Change::Fires { since: fired }, fired));
    }
    assert_eq!(desk.id("unlocked", "a", "van"), id);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Acknowledged);
    assert_eq!(desk.told(), ["withdraw: unlocked bus", "fires: unlocked bus"]);
    let changed = Change::Ends { cause: "it was changed once more".into() };
    desk.find("a", finding("unlocked", "bus", changed, fired));
    let moved = desk.moved();
    let ends: Vec<&str> = moved.iter().filter(|moved| moved.contains("bus: Firing")).map(|moved| &moved[..6]).collect();
    assert_eq!(ends, ["31 bus", "91 bus", "91.001"], "no two of one state and time");
    desk.told();
    desk.after(600);
    assert_eq!(desk.told(), ["fires: unlocked van"]);
}

#[test]
fn one_that_no_detector_watches_is_ended() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    let id = desk.id("unlocked", "a", "van");
    assert!(desk.book.end(id, "Its rule does not cover it any more.", desk.at()));
    assert!(!desk.book.end(id, "Its rule does not cover it any more.", desk.at()));
    assert_eq!(desk.told(), ["fires: unlocked van", "withdraw: unlocked van"]);
}

#[test]
fn what_waited_when_a_connection_was_lost_is_news_when_it_fires() {
    let mut desk = Desk::started(Some(60), &["a"]);
    desk.live("a");
    let began = Timestamp(NOON - 600_000);
    desk.find("a", finding("unlocked", "van", Change::Pending, began));
    desk.settle("a");
    desk.after(5);
    desk.lose("a");
    desk.after(5);
    desk.live("a");
    desk.find("a", finding("unlocked", "van", Change::Fires { since: began }, desk.at()));
    assert_eq!(desk.told(), NOTHING);
    desk.settle("a");
    assert_eq!(desk.told(), ["fires: unlocked van"]);
}

#[test]
fn a_lost_network_is_not_back_because_its_connections_are_turned_off() {
    let mut desk = Desk::settled(&["a", "b"]);
    for connection in ["a", "b"] {
        desk.lose(connection);
        desk.fires("dead", connection, connection, 0);
    }
    desk.book.connection_removed("a", desk.at());
    desk.book.connection_removed("b", desk.at());
    desk.after(100);
    assert_eq!(desk.told(), ["network lost: 2 at 31"]);
    desk.book.connection_added(&Arc::from("a"), desk.at());
    desk.after(5);
    desk.live("a");
    assert_eq!(desk.told(), ["network back"]);
}

#[test]
fn what_is_doubted_stays_stale_until_it_is_confirmed_or_acknowledged() {
    let mut desk = Desk::settled(&["a"]);
    for subject in ["van", "bus", "cab", "tug"] {
        desk.fires("unlocked", "a", subject, 0);
    }
    desk.after(10);
    desk.lose("a");
    desk.after(50);
    desk.live("a");
    desk.told();
    desk.moved();
    desk.fires("unlocked", "a", "new", 0);
    desk.settle_but("a", &["van", "bus", "tug", "new"]);
    assert_eq!(desk.state("unlocked", "a", "cab"), AlertState::Firing);
    assert_eq!(desk.state("unlocked", "a", "new"), AlertState::Firing, "it was found since");
    assert_eq!(desk.told(), ["fires: unlocked new"]);
    let unsaid = "Stale > Stale, a is live again, but has not said since whether this still holds.";
    let moved = desk.moved();
    for subject in ["van", "bus", "tug"] {
        assert_eq!(desk.state("unlocked", "a", subject), AlertState::Stale);
        assert!(moved.contains(&format!("91 {subject}: {unsaid}")), "{moved:?}");
    }
    desk.after(600);
    assert_eq!((desk.moved().len(), desk.book.counts().in_state(AlertState::Stale)), (0, 3), "time confirms nothing");

    desk.find("a", finding("unlocked", "van", Change::Confirmed, desk.at()));
    desk.ends("unlocked", "a", "bus");
    desk.acknowledge("tug", Some(60), "");
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Firing);
    assert_eq!(desk.about("unlocked", "a", "van").title, "van is unlocked");
    assert_eq!(desk.state("unlocked", "a", "tug"), AlertState::Acknowledged);
    assert!(desk.book.about("unlocked", "a", "bus").is_none());
    assert_eq!(desk.moved()[0], "691 van: Stale > Firing, a says that this still holds.");
    desk.after(61);
    assert_eq!(desk.state("unlocked", "a", "tug"), AlertState::Stale, "nobody looks after it any more");
    assert_eq!(desk.told(), ["withdraw: unlocked bus", "withdraw: unlocked tug"], "what was told is not told again");
    desk.lose("a");
    desk.live("a");
    desk.settle_but("a", &["tug"]);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Firing);
    assert_eq!(desk.state("unlocked", "a", "tug"), AlertState::Stale);
    desk.find("a", finding("unlocked", "tug", Change::Confirmed, desk.at()));
    assert_eq!(desk.told(), ["fires: unlocked tug"], "the acknowledgement is over, and it holds");
}
