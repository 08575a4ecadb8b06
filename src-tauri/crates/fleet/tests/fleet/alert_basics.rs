//! Stories of the alert book: from the moment that something may be so until it is over, and what was told of it.

use fleet::alert::{AlertState, Change, Matcher};
use fleet::rule::Severity;
use protocol::Timestamp;

use crate::alert_desk::{Desk, NOON, finding, rules};

const NOTHING: [&str; 0] = [];

#[test]
fn it_is_told_once_and_withdrawn_when_it_is_over() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.fires("unlocked", "a", "van", 0);
    desk.after(100);
    assert_eq!(desk.told(), ["fires: unlocked van"]);
    desk.ends("unlocked", "a", "van");
    assert_eq!(desk.told(), ["withdraw: unlocked van"]);
    assert_eq!(
        desk.moved(),
        ["31 van: Firing, van is unlocked.", "131 van: Firing > Resolved, van is well."].map(String::from)
    );
    assert_eq!(desk.book.counts().open(), 0);
    assert_eq!(desk.book.alerts().next().unwrap().resolved, Some(desk.at()));
}

#[test]
fn pending_is_listed_and_never_told_when_it_does_not_fire() {
    let mut desk = Desk::settled(&["a"]);
    let began = desk.at();
    desk.find("a", finding("unlocked", "van", Change::Pending, began));
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Pending);
    desk.mute(60);
    desk.after(61);
    desk.ends("unlocked", "a", "van");
    assert_eq!(desk.told(), NOTHING);
    desk.find("a", finding("unlocked", "bus", Change::Pending, desk.at()));
    let id = desk.id("unlocked", "a", "bus");
    let since = desk.at();
    desk.after(10);
    desk.find("a", finding("unlocked", "bus", Change::Fires { since }, desk.at()));
    assert_eq!(desk.told(), ["fires: unlocked bus"]);
    let alert = desk.book.get(id).unwrap();
    assert_eq!((alert.began, alert.fired, alert.since), (since, Some(desk.at()), desk.at()));
}

#[test]
fn one_alert_per_rule_connection_and_subject() {
    let mut desk = Desk::settled(&["a", "b"]);
    for connection in ["a", "b"] {
        desk.fires("unlocked", connection, "van", 5);
        desk.fires("unlocked", connection, "van", 1);
        desk.fires("low", connection, "van", 1);
    }
    assert_eq!(desk.book.alerts().count(), 4);
    assert_eq!(desk.told().len(), 4);
    assert_eq!(&*desk.about("unlocked", "a", "van").group, "unlocked");
    assert_eq!(&*desk.about("low", "a", "van").group, "low\u{1f}a");
    desk.fires("failed", "a", "nightly", 0);
    assert_eq!(&*desk.about("failed", "a", "nightly").group, "failed\u{1f}a\u{1f}nightly");
}

#[test]
fn it_happens_again_and_is_counted() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("failed", "a", "nightly", 0);
    let first = desk.at();
    for _ in 0..3 {
        desk.after(1);
        desk.find("a", finding("failed", "nightly", Change::Again, desk.at()));
        // A replay of what is known.
        desk.find("a", finding("failed", "nightly", Change::Again, first));
    }
    assert_eq!(desk.about("failed", "a", "nightly").times, 4);
    assert_eq!(desk.told(), ["fires: failed nightly"]);
}

#[test]
fn a_change_that_can_be_read_is_told_at_most_every_thirty_seconds() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("low", "a", "van", 0);
    desk.told();
    for value in 0..20 {
        desk.after(1);
        let again = finding("low", "van", Change::Again, desk.at());
        desk.find(
            "a",
            fleet::alert::Finding { title: format!("11.{value} V"), value: Some(f64::from(value)), ..again },
        );
    }
    assert_eq!(desk.told(), NOTHING);
    desk.after(10);
    assert_eq!(desk.told(), ["changed: low van"]);
    assert_eq!(desk.about("low", "a", "van").title, "11.19 V");
    desk.after(100);
    assert_eq!(desk.told(), NOTHING, "the same is not told again");
    let mut rules = rules();
    rules[1].severity = Severity::Critical;
    desk.book.rules(&rules, desk.at());
    assert_eq!(desk.told(), ["changed: low van"]);
    assert_eq!(desk.book.counts().of(Severity::Critical, AlertState::Firing), 1);
    assert_eq!(desk.book.counts().open(), 1);
}

#[test]
fn a_rule_that_is_not_to_be_told_is_not() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("quiet", "a", "host", 0);
    let mute = desk.mute(10);
    desk.fires("quiet", "a", "other", 0);
    assert!(desk.book.end_silence(mute, desk.at()));
    desk.after(60);
    desk.ends("quiet", "a", "host");
    assert_eq!(desk.told(), NOTHING);
    assert_eq!(desk.book.counts().in_state(AlertState::Firing), 1);
}

#[test]
fn alerts_of_a_rule_that_is_gone_are_resolved() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.fires("low", "a", "van", 0);
    desk.told();
    desk.moved();
    let mut rules = rules();
    rules.retain(|rule| rule.name != "low");
    rules[0].enabled = false;
    desk.book.rules(&rules, desk.at());
    assert_eq!(desk.book.counts().open(), 0);
    assert_eq!(desk.told().len(), 2);
    assert!(desk.moved().iter().all(|moved| moved.ends_with("Firing > Resolved, The rule was removed or turned off.")));
    desk.fires("low", "a", "van", 0);
    assert_eq!(desk.book.left_out().findings, 1, "its detector had not heard of it yet");
    // It is there again, and so is what it found: the same alert.
    desk.book.rules(&crate::alert_desk::rules(), desk.at());
    desk.after(5);
    desk.find("a", finding("low", "van", Change::Fires { since: Timestamp(NOON + 31_000) }, Timestamp(NOON + 31_000)));
    assert_eq!(desk.state("low", "a", "van"), AlertState::Firing);
    assert_eq!(desk.told(), ["fires: low van"]);
}

#[test]
fn alerts_of_a_connection_that_is_removed_are_resolved() {
    let mut desk = Desk::settled(&["a", "b"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.fires("unlocked", "b", "bus", 0);
    desk.told();
    desk.book.connection_removed("a", desk.at());
    assert_eq!(desk.told(), ["withdraw: unlocked van"]);
    assert_eq!(desk.book.counts().open(), 1);
    desk.fires("unlocked", "a", "van", 0);
    assert_eq!(desk.book.counts().open(), 1);
    assert_eq!(desk.book.left_out().findings, 1);
}

#[test]
fn five_thousand_at_once() {
    let mut desk = Desk::settled(&["a"]);
    let begin = std::time::Instant::now();
    for device in 0..5_000 {
        desk.fires("unlocked", "a", &format!("van-{device}"), 0);
    }
    assert_eq!(desk.book.counts().of(Severity::High, AlertState::Firing), 5_000);
    desk.after(60);
    desk.lose("a");
    assert_eq!(desk.book.counts().in_state(AlertState::Stale), 5_000);
    desk.live("a");
    desk.settle("a");
    for device in 0..5_000 {
        desk.ends("unlocked", "a", &format!("van-{device}"));
    }
    assert_eq!(desk.book.counts().open(), 0);
    // Unoptimised and on a busy machine: what is quadratic takes minutes.
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    assert_eq!(desk.book.alerts().count(), 2_000);
    let mut changed = Vec::new();
    desk.book.take_changed(&mut changed);
    assert_eq!(changed.len(), 5_000, "each is given to the history, also those that are not remembered here");
    assert!(changed.iter().all(|alert| alert.state == AlertState::Resolved));
}

#[test]
fn what_does_not_fit_is_counted() {
    let mut desk = Desk::settled(&["a"]);
    for device in 0..20_010 {
        desk.fires("unlocked", "a", &format!("van-{device}"), 0);
    }
    assert_eq!(desk.book.counts().open(), 20_000);
    assert_eq!(desk.book.left_out().alerts, 10);
    assert_eq!(desk.book.would_silence(&Matcher { subject: Some("van-1999?".into()), ..Matcher::default() }), 10);
}
