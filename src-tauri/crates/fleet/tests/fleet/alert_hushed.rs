//! Stories of acknowledgements, silences, mutes and quiet hours.

use fleet::alert::{AlertState, Matcher};
use fleet::rule::Severity;
use jiff::tz::TimeZone;
use protocol::Timestamp;

use crate::alert_desk::{Desk, NOON};

const NOTHING: [&str; 0] = [];

fn of_rule(rule: &str) -> Matcher {
    Matcher { rule: Some(rule.into()), ..Matcher::default() }
}

#[test]
fn acknowledged_until_it_is_resolved() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.told();
    desk.acknowledge("van", None, "calling the driver");
    assert_eq!(desk.told(), ["withdraw: unlocked van"]);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Acknowledged);
    desk.after(100_000);
    desk.ends("unlocked", "a", "van");
    assert_eq!(desk.told(), NOTHING);
    assert_eq!(
        desk.moved()[1..],
        [
            "31.001 van: Firing > Acknowledged, Acknowledged until resolved: calling the driver",
            "100031 van: Acknowledged > Resolved, van is well."
        ]
    );
    // The next time is another alert, and is told.
    desk.fires("unlocked", "a", "van", 0);
    assert_eq!(desk.told(), ["fires: unlocked van"]);
}

#[test]
fn acknowledged_for_a_time_and_told_again_after_it() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.fires("unlocked", "a", "bus", 0);
    desk.acknowledge("van", Some(60), "");
    desk.acknowledge("bus", Some(60), "");
    desk.told();
    desk.after(30);
    desk.ends("unlocked", "a", "bus");
    desk.after(29);
    assert_eq!(desk.told(), NOTHING);
    desk.after(1);
    assert_eq!(desk.told(), ["fires: unlocked van"]);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Firing);
    assert_eq!(desk.about("unlocked", "a", "van").acknowledgement, None);
    desk.after(1_000);
    assert_eq!(desk.told(), NOTHING);
}

#[test]
fn an_acknowledgement_is_changed_and_taken_back() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.acknowledge("van", Some(60), "");
    desk.acknowledge("van", Some(600), "longer");
    desk.told();
    desk.after(61);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Acknowledged);
    let id = desk.id("unlocked", "a", "van");
    assert_eq!(desk.book.unacknowledge(&[id, id], desk.at()), 1);
    desk.after(1_000);
    assert_eq!(desk.told(), NOTHING);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Firing);
    let past = desk.at();
    let refused = desk.book.acknowledge(&[id], Some(past), "", past).unwrap_err();
    assert_eq!(refused.to_string(), "That time is over already; choose a later one.");
    assert!(desk.book.acknowledge(&[id], None, &"x".repeat(3_000), past).is_err());
}

#[test]
fn a_silence_withdraws_and_its_end_tells_what_still_fires_at_once() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.fires("unlocked", "a", "bus", 0);
    desk.fires("low", "a", "van", 0);
    desk.told();
    assert_eq!(desk.book.would_silence(&of_rule("unl*")), 2);
    desk.silence(of_rule("unl*"), 600);
    assert_eq!(desk.told().len(), 2);
    assert_eq!(desk.state("unlocked", "a", "van"), AlertState::Silenced);
    desk.after(100);
    desk.fires("unlocked", "a", "cab", 0);
    desk.fires("unlocked", "a", "cart", 0);
    desk.acknowledge("cart", None, "");
    desk.ends("unlocked", "a", "bus");
    desk.after(499);
    assert_eq!(desk.told(), NOTHING);
    desk.after(1);
    assert_eq!(desk.told(), ["SilenceEnded: unlocked van, unlocked cab (0 over)"]);
    assert_eq!(desk.state("unlocked", "a", "cart"), AlertState::Acknowledged);
    desk.after(1_000);
    assert_eq!(desk.told(), NOTHING);
}

#[test]
fn a_silence_of_a_severity_covers_those_below_it() {
    let mut desk = Desk::settled(&["a"]);
    let matcher = Matcher { severity: Some(Severity::Medium), connection: Some("?".into()), ..Matcher::default() };
    desk.silence(matcher, 60);
    desk.fires("low", "a", "van", 0);
    desk.fires("failed", "a", "nightly", 0);
    desk.fires("unlocked", "a", "van", 0);
    assert_eq!(desk.told(), ["fires: unlocked van"]);
}

#[test]
fn a_mute_and_a_silence_that_end_together_give_one_digest() {
    let mut desk = Desk::settled(&["a"]);
    desk.mute(60);
    desk.silence(of_rule("low"), 60);
    desk.silence(of_rule("failed"), 120);
    for (rule, subject) in [("low", "van"), ("unlocked", "van"), ("failed", "nightly")] {
        desk.fires(rule, "a", subject, 0);
    }
    desk.after(59);
    assert_eq!(desk.told(), NOTHING);
    desk.after(1);
    assert_eq!(desk.told(), ["MuteEnded: unlocked van, low van (0 over)"]);
    desk.after(60);
    assert_eq!(desk.told(), ["SilenceEnded: failed nightly (0 over)"]);
    assert_eq!(desk.book.silences().count(), 0);
}

#[test]
fn a_mute_is_no_silence_of_an_alert_s_own() {
    let mut desk = Desk::settled(&["a"]);
    desk.mute(60);
    desk.silence(of_rule("low"), 60);
    for (rule, subject) in [("low", "van"), ("unlocked", "van"), ("failed", "nightly")] {
        desk.fires(rule, "a", subject, 0);
    }
    let own = |desk: &Desk, rule, subject| {
        let alert = desk.about(rule, "a", subject);
        assert_eq!(alert.state, AlertState::Silenced);
        (desk.book.has_own_silence(alert), desk.book.silences_of(alert).count())
    };
    assert_eq!(own(&desk, "low", "van"), (true, 2));
    assert_eq!(own(&desk, "unlocked", "van"), (false, 1));
    assert_eq!(own(&desk, "failed", "nightly"), (false, 1));
}

#[test]
fn a_mute_that_is_ended_by_hand_tells_too() {
    let mut desk = Desk::settled(&["a"]);
    let mute = desk.mute(3_600);
    desk.fires("unlocked", "a", "van", 0);
    assert!(desk.book.end_silence(mute, desk.at()));
    assert!(!desk.book.end_silence(mute, desk.at()));
    assert_eq!(desk.told(), ["MuteEnded: unlocked van (0 over)"]);
    assert_ne!(desk.mute(1), mute);
    let matcher = Matcher { subject: Some("van-[12]".into()), ..Matcher::default() };
    let refused = desk.book.silence(matcher, Timestamp(desk.now + 1_000), "", desk.at()).unwrap_err();
    assert!(refused.to_string().ends_with('.'), "{refused}");
    assert_eq!(desk.book.silences().count(), 1);
}

#[test]
fn quiet_hours_hold_back_and_tell_in_the_morning() {
    let mut desk = Desk::settled(&["a"]);
    desk.book.quiet_hours(Some("22:00-06:00".parse().unwrap()), Some(Severity::Critical));
    desk.now = NOON + 10 * 3_600_000 - 2_000;
    desk.book.tick(desk.at());
    desk.fires("unlocked", "a", "evening", 0);
    assert_eq!(desk.told(), ["fires: unlocked evening"]);
    desk.after(3);
    assert!(desk.book.is_quiet());
    desk.fires("unlocked", "a", "night", 0);
    desk.fires("low", "a", "night", 0);
    desk.fires("unlocked", "a", "short", 0);
    desk.fires("dead", "a", "a", 0);
    assert_eq!(desk.told(), ["fires: dead a"]);
    assert_eq!(desk.state("unlocked", "a", "night"), AlertState::Firing);
    desk.after(60);
    desk.ends("unlocked", "a", "short");
    desk.now = NOON + 18 * 3_600_000 - 1_000;
    desk.book.tick(desk.at());
    assert_eq!(desk.told(), NOTHING);
    desk.after(1);
    assert_eq!(desk.told(), ["QuietEnded: unlocked night, low night (0 over)"]);
}

#[test]
fn quiet_hours_that_are_switched_off_end() {
    let mut desk = Desk::settled(&["a"]);
    desk.book.quiet_hours(Some("11:00-13:00".parse().unwrap()), None);
    desk.after(1);
    desk.fires("dead", "a", "a", 0);
    assert_eq!(desk.told(), NOTHING);
    desk.book.quiet_hours(None, None);
    desk.after(1);
    assert_eq!(desk.told(), ["QuietEnded: dead a (0 over)"]);
}

#[test]
fn a_mute_that_ends_in_quiet_hours_waits_for_their_end() {
    let mut desk = Desk::settled(&["a"]);
    desk.book.quiet_hours(Some("12:00-12:10".parse().unwrap()), None);
    desk.after(1);
    desk.mute(60);
    desk.fires("unlocked", "a", "van", 0);
    desk.after(120);
    assert_eq!(desk.told(), NOTHING);
    desk.after(600);
    assert_eq!(desk.told(), ["MuteEnded: unlocked van (0 over)"]);
}

#[test]
fn a_clock_that_goes_back_keeps_ends_as_far_away() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    desk.acknowledge("van", Some(120), "");
    desk.silence(of_rule("low"), 60);
    desk.fires("low", "a", "van", 0);
    desk.told();
    desk.after(30);
    desk.now -= 86_400_000;
    desk.book.tick(desk.at());
    desk.after(28);
    assert_eq!(desk.told(), NOTHING);
    desk.after(3);
    assert_eq!(desk.told(), ["SilenceEnded: low van (0 over)"]);
    // Back over the end of the silence: it is not there again.
    desk.now -= 86_400_000;
    desk.book.tick(desk.at());
    assert_eq!(desk.state("low", "a", "van"), AlertState::Firing);
    desk.after(61);
    assert_eq!(desk.told(), ["fires: unlocked van"]);
    // Far forward and back.
    desk.mute(3_600);
    desk.now += 400 * 86_400_000;
    desk.book.tick(desk.at());
    assert_eq!(desk.told().len(), 3, "two are withdrawn and told in a digest");
    desk.now -= 400 * 86_400_000;
    desk.after(7_200);
    assert_eq!(desk.told(), NOTHING);
}

#[test]
fn times_that_come_out_of_order_are_no_jump() {
    let mut desk = Desk::settled(&["a"]);
    desk.mute(60);
    desk.fires("unlocked", "a", "van", 0);
    for _ in 0..50 {
        desk.after(1);
        desk.book.tick(Timestamp(desk.now - 3_000));
    }
    desk.after(9);
    assert_eq!(desk.told(), NOTHING);
    desk.after(1);
    assert_eq!(desk.told(), ["MuteEnded: unlocked van (0 over)"]);
}

#[test]
fn quiet_hours_are_those_of_the_zone() {
    let zone = TimeZone::fixed(jiff::tz::offset(-5));
    let mut desk = Desk::in_zone(zone, None, &["a"]);
    desk.book.quiet_hours(Some("06:30-07:01".parse().unwrap()), None);
    desk.after(1);
    assert!(desk.book.is_quiet(), "it is seven in the morning there");
    desk.fires("dead", "a", "a", 0);
    desk.after(58);
    assert_eq!(desk.told(), NOTHING);
    desk.after(1);
    assert_eq!(desk.told(), ["QuietEnded: dead a (0 over)"]);
    desk.acknowledge_own(600);
    assert!(desk.moved().iter().any(|moved| moved.contains("until 2026-03-02 07:11:00 -05")));
}

#[test]
fn what_is_done_in_the_same_moment_has_its_own_times() {
    let mut desk = Desk::settled(&["a"]);
    desk.fires("unlocked", "a", "van", 0);
    let id = desk.id("unlocked", "a", "van");
    for _ in 0..2 {
        desk.acknowledge("van", None, "");
        assert_eq!(desk.book.unacknowledge(&[id], desk.at()), 1);
    }
    let times: Vec<String> = desk.moved().iter().map(|moved| moved.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(times, ["31", "31.001", "31.002", "31.003", "31.004"]);
}
