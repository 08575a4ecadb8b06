//! What may have ended while nobody listened: it is doubted until the service says again that it holds.

use fleet::alert::Change;
use fleet::rule::Fact;
use proptest::prelude::*;
use protocol::Kind;

use crate::story::{Story, rule, time};

const ISSUED: &str = r#"{"issued":{}}"#;
const NOTHING: [&str; 0] = [];

/// What was found, but that a number is another one.
fn found(story: &mut Story) -> Vec<String> {
    story.findings().into_iter().filter(|line| !line.ends_with("again")).collect()
}

fn doubted(story: &Story) -> Vec<String> {
    story.detector.doubted().into_iter().map(|(_, subject)| subject.into()).collect()
}

/// What of the alerts that this run heard to be issued is not known to hold.
fn unconfirmed(story: &Story) -> Vec<String> {
    let mut ids: Vec<String> = story
        .state
        .signals
        .issued()
        .iter()
        .filter(|alert| alert.unconfirmed)
        .map(|alert| alert.id.to_string())
        .collect();
    ids.sort_unstable();
    ids
}

/// A story that begins at 2000 with what fired at 300 before the program ended.
fn restarted(when: &str, subject: &str) -> Story {
    let mut story = Story::new(&[rule(when, "0s")]);
    story.now = 2_000.0;
    assert!(story.detector.restore("r", subject, (time(300.0), time(300.0)), true, time(2_000.0)));
    story
}

#[test]
fn an_issued_alert_of_the_last_run_is_doubted_until_it_is_issued_again_or_cleared() {
    let mut again = restarted(ISSUED, "a");
    again.tell("2000 catching-up\n 2000 issued other @1990\n 2002 settle whole 2000\n 2600 tick");
    assert_eq!(doubted(&again), ["a"], "that all was fetched since says nothing of what was issued before");
    assert_eq!(again.findings(), ["1990 other fires since 1990"]);
    again.tell("2700 issued a @300\n 2701 tick\n 2800 tick");
    assert_eq!(again.findings(), ["2701 a confirmed"]);
    assert_eq!(doubted(&again), NOTHING);
    again.tell("2900 lost x\n 3000 catching-up\n 3002 settle whole 3000\n 3100 tick");
    assert_eq!(again.findings(), NOTHING);

    let mut cleared = restarted(ISSUED, "a");
    cleared.tell("2000 catching-up\n 2002 settle whole 2000\n 2700 cleared a\n 2701 tick");
    assert_eq!(cleared.findings(), ["2700 a ends: the service cleared it"]);
    assert_eq!(doubted(&cleared), NOTHING);

    let mut fetched = restarted(ISSUED, "a");
    fetched.tell("2000 catching-up\n 2000 issued a @300\n 2002 settle whole 2000\n 2003 tick");
    assert_eq!((doubted(&fetched), fetched.findings()), (Vec::new(), Vec::new()), "all from its begin on was told");
}

#[test]
fn a_break_of_which_all_is_known_makes_no_doubt_and_another_does() {
    let mut story = Story::new(&[rule(ISSUED, "0s")]);
    story.tell("0 live\n 10 issued a\n 20 issued b\n 30 lost x\n 100 catching-up\n 102 settle whole 100\n 110 tick");
    assert_eq!(doubted(&story), NOTHING);
    story.tell("130 lost x\n 200 catching-up\n 201 issued b\n 202 settle gap 200\n 210 tick");
    assert_eq!(doubted(&story), ["a"], "the other was issued again");
    story.tell("230 lost x\n 300 catching-up\n 302 settle whole 300\n 310 tick");
    assert_eq!(doubted(&story), ["a"], "what was missed before is missed still");
    assert_eq!(unconfirmed(&story), ["a"], "the list of what is issued says the same");
    story.findings();
    story.tell("320 issued a\n 321 tick");
    assert_eq!(story.findings(), ["320 a again", "321 a confirmed"]);
    assert_eq!(unconfirmed(&story), NOTHING);
}

#[test]
fn what_the_picture_does_not_say_after_a_start_is_doubted() {
    let state = |is: &str| format!(r#"{{"state":{{"is":"{is}"}}}}"#);
    let low = r#"{"threshold":{"field":"battery","below":11.5}}"#.to_owned();
    for (when, says) in [
        (state("unlocked"), "unlocked a @300"),
        (state("device_offline"), "offline a"),
        (state("host_offline"), "host-offline a"),
        (state("agent_offline"), "agent-offline a"),
        (low.clone(), "field a battery 11"),
        (low, "checkpoint a battery 11"),
    ] {
        let mut known = restarted(&when, "a");
        known.tell(&format!("2000 catching-up\n 2000 {says}\n 2002 settle whole 2000\n 2003 tick"));
        assert_eq!((doubted(&known), found(&mut known)), (Vec::new(), Vec::new()), "{when}");
        let mut unknown = restarted(&when, "a");
        unknown.tell("2000 catching-up\n 2002 settle whole 2000\n 2090 tick");
        assert_eq!((doubted(&unknown), found(&mut unknown)), (vec!["a".to_owned()], Vec::new()), "{when}");
        unknown.tell(&format!("2100 {says}\n 2101 tick"));
        assert_eq!(
            (doubted(&unknown), found(&mut unknown)),
            (Vec::new(), vec!["2101 a confirmed".to_owned()]),
            "{when}"
        );
        unknown.tell("2200 lost x\n 2300 catching-up\n 2302 settle gap 2300");
        assert_eq!(doubted(&unknown), NOTHING, "{when}");
    }
    let mut online = restarted(&state("device_offline"), "a");
    online.tell("2000 catching-up\n 2000 online a @1000\n 2002 settle whole 2000");
    assert_eq!(online.findings(), ["1000 a ends: a is online"], "it says otherwise");
    let mut slow = restarted(r#"{"slow_job":{"times_p95":2}}"#, "a");
    slow.tell("2000 catching-up\n 2002 settle gap 2000\n 2003 tick");
    assert_eq!(doubted(&slow), ["a"]);
    slow.tell("2100 completed a n\n 2101 tick");
    assert_eq!(doubted(&slow), NOTHING);
}

#[test]
fn a_job_whose_beginning_is_fetched_after_its_end_is_not_taken_to_run() {
    let mut story = Story::new(&[rule(r#"{"slow_job":{"times_p95":2,"after_jobs":1}}"#, "0s")]);
    story.tell("0 live\n 10 started j n\n 15 completed j n\n 30 lost x\n 40 catching-up");
    let began = Fact::stored(Kind::JobStarted, "j", Some("n"), Some(time(10.0)), time(41.0), "{}");
    story.detector.event(&began, &mut story.found);
    story.tell("42 settle whole 40\n 100 tick");
    assert_eq!(story.findings(), NOTHING);
}

#[test]
fn what_waited_and_is_not_known_any_more_does_not_come_to_fire() {
    let mut story = Story::new(&[rule(ISSUED, "1m")]);
    story.now = 2_000.0;
    assert!(story.detector.restore("r", "a", (time(1_990.0), time(1_990.0)), false, time(2_000.0)));
    story.tell("2000 catching-up\n 2002 settle whole 2000\n 2500 tick");
    assert_eq!(story.findings(), ["2002 a ends: nothing says since the start that it still holds"]);
}

#[derive(Debug, Clone)]
enum Step {
    Issued(usize),
    Cleared(usize),
    /// The connection is lost and comes back; whether all that was missed is known.
    Back(bool),
    /// The program ends and starts again.
    Restart,
}

proptest! {
    /// Beside the detector, a naive model: an alert holds from its issue to its clearance, and is known to as long as
    /// nothing was missed since it was issued last, in the same run.
    #[test]
    fn what_is_doubted_is_what_was_not_said_since_something_was_missed(
        steps in prop::collection::vec(
            prop_oneof![
                (0..3usize).prop_map(Step::Issued),
                (0..3usize).prop_map(Step::Cleared),
                any::<bool>().prop_map(Step::Back),
                Just(Step::Restart),
            ],
            1..40,
        ),
    ) {
        const IDS: [&str; 3] = ["a", "b", "c"];
        let rules = [rule(ISSUED, "0s")];
        let mut story = Story::new(&rules);
        story.tell("0 live");
        // When it was issued first, and whether that is known to hold.
        let mut alerts: [Option<(f64, bool)>; 3] = [None; 3];
        for step in &steps {
            let now = story.now + 10.0;
            match step {
                Step::Issued(of) => {
                    story.tell(&format!("{now} issued {}", IDS[*of]));
                    alerts[*of] = Some((alerts[*of].map_or(now, |(since, _)| since), true));
                }
                Step::Cleared(of) => {
                    story.tell(&format!("{now} cleared {}", IDS[*of]));
                    alerts[*of] = None;
                }
                Step::Back(whole) => {
                    let word = if *whole { "whole" } else { "gap" };
                    story.tell(&format!("{now} lost x\n {} catching-up\n {} settle {word} {}", now + 1.0, now + 2.0, now + 1.0));
                    alerts.iter_mut().flatten().for_each(|(_, known)| *known &= *whole);
                }
                Step::Restart => {
                    let found = std::mem::take(&mut story.found);
                    story = Story { found, now, ..Story::new(&rules) };
                    for (id, alert) in IDS.iter().zip(&mut alerts) {
                        let Some((since, known)) = alert else { continue };
                        prop_assert!(story.detector.restore("r", id, (time(*since), time(*since)), true, time(now)));
                        *known = false;
                    }
                    story.tell(&format!("{} catching-up\n {} settle whole {}", now + 1.0, now + 2.0, now + 1.0));
                }
            }
            let before: Vec<String> = doubted(&story);
            story.tell(&format!("{} tick", story.now + 1.0));
            let unknown: Vec<String> = IDS
                .iter()
                .zip(&alerts)
                .filter(|(_, alert)| alert.is_some_and(|(_, known)| !known))
                .map(|(id, _)| (*id).to_owned())
                .collect();
            prop_assert_eq!(doubted(&story), unknown.clone());
            let mut heard = unknown.clone();
            heard.retain(|id| story.state.signals.alert(id).is_some());
            prop_assert_eq!(unconfirmed(&story), heard);
            let confirmed: Vec<String> = story
                .found
                .drain(..)
                .filter(|finding| finding.change == Change::Confirmed)
                .map(|finding| finding.subject.into())
                .collect();
            let expected: Vec<String> = before.into_iter().filter(|id| !unknown.contains(id)).collect();
            prop_assert_eq!(confirmed, expected);
        }
    }
}
