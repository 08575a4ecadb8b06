//! Rules and time: connections that are lost, clocks that jump, what was missed and is fetched, restarts, rules that change.

use fleet::rule::{Past, Standing, dry_run};

use crate::said::START;
use crate::story::{ABOUT, Story, rule, story, time};

const UNLOCKED: &str = r#"{"state":{"is":"unlocked"}}"#;
const FAILED: &str = r#"{"event":{"kinds":["job.failed"],"by":"definition","clear_after":"1h"}}"#;

#[test]
fn timers_stand_still_while_the_connection_is_not_live() {
    story(
        &rule(UNLOCKED, "1m"),
        "0 unlocked a\n 30 lost x\n 500 live\n 600 tick",
        &["0 a pending", "530 a fires since 0"],
    );
    story(
        &rule(r#"{"absence":{"of":"device","after":"1m"}}"#, "0s"),
        "0 field a x 1\n 30 lost x\n 500 live\n 600 tick",
        &["530 a fires since 530"],
    );
    story(
        &rule(FAILED, "0s"),
        "0 failed j n\n 10 lost x\n 5000 live\n 9000 tick",
        &["0 n fires since 0", "8590 n ends: nothing more came for 1h"],
    );
}

#[test]
fn a_leap_of_the_clock_makes_nothing_due_and_holds_nothing_up() {
    let unlocked = rule(UNLOCKED, "1m");
    // The computer slept for an hour: the half minute that is missing is waited for.
    story(
        &unlocked,
        "0 unlocked a\n 30 tick\n 3630 leap\n 3659 tick\n 3662 tick",
        &["0 a pending", "3660 a fires since 0"],
    );
    let mut slept = Story::new(std::slice::from_ref(&unlocked));
    slept.tell("0 live\n 0 unlocked a\n 30 tick\n 3630 leap");
    assert_eq!(slept.findings(), ["0 a pending"], "not at once");
    assert_eq!(slept.detector.clock_jumps(), 1);
    // The clock was set back by an hour: the half minute is waited for, not the hour.
    story(&unlocked, "0 unlocked a\n 30 tick\n -3570 leap\n -3538 tick", &["0 a pending", "60 a fires since 0"]);
    // A step back of a few seconds is waited for.
    story(&unlocked, "0 unlocked a\n 30 tick\n 25 leap\n 61 tick", &["0 a pending", "60 a fires since 0"]);
    // The trouble of a connection lasts by the same rule.
    story(
        &rule(r#"{"connection":{"is":"not_live"}}"#, "1m"),
        "0 lost x\n 30 tick\n 3630 leap\n 3662 tick",
        &["0 depot pending", "3660 depot fires since 0"],
    );
    // Hours that began while it slept begin when it wakes.
    story(
        &rule(r#"{"state":{"is":"unlocked","outside":"08:00-11:40"}}"#, "1m"),
        "0 unlocked a\n 30 tick\n 3630 leap\n 3700 tick",
        &["3630 a pending", "3690 a fires since 3630"],
    );
}

#[test]
fn what_was_missed_is_found_by_its_own_time() {
    // What held for long enough in the past fires when all of it is known, at the time at which it would have fired.
    story(
        &rule(UNLOCKED, "15m"),
        "0 lost x\n 5000 catching-up\n 5001 unlocked a @100\n 5001 unlocked b @100\n 5010 locked b @200
         5011 unlocked c @100\n 5011 locked c @1500\n 5020 live\n 5021 tick",
        &[
            "100 a pending",
            "100 b pending",
            "200 b ends: b was locked",
            "100 c pending",
            "1000 c fires since 100",
            "1500 c ends: c was locked",
            "1000 a fires since 100",
        ],
    );
    story(
        &rule(FAILED, "0s"),
        "0 lost x\n 20000 catching-up\n 20000 failed a n @100\n 20000 failed b n @10000\n 20001 live\n 20005 tick",
        &[
            "100 n fires since 100",
            "3700 n ends: nothing more came for 1h",
            "10000 n fires since 10000",
            "13600 n ends: nothing more came for 1h",
        ],
    );
    // What is fresh is taken for fresh, however wrong the service's clock is.
    story(&rule(UNLOCKED, "1m"), "1000 unlocked a @10\n 1030 tick", &["10 a pending"]);
    story(&rule(UNLOCKED, "1m"), "1000 unlocked a @1300\n 1059 tick", &["1300 a pending"]);
}

#[test]
fn what_held_before_a_restart_is_neither_found_again_nor_forgotten() {
    let rules = [rule(UNLOCKED, "15m")];
    let mut again = Story::new(&rules);
    again.now = 2_000.0;
    assert!(again.detector.restore("r", "a", (time(100.0), time(100.0)), true, time(2_000.0)));
    assert!(!again.detector.restore("gone", "a", (time(100.0), time(100.0)), true, time(2_000.0)));
    again.tell("2000 live\n 2001 unlocked a e1 @100\n 2002 field a lock_status 0\n 4000 tick");
    assert_eq!(again.findings(), Vec::<String>::new());
    again.tell("4001 locked a");
    assert_eq!(again.findings(), ["4001 a ends: a was locked"]);

    // A replay that begins before it did ends nothing.
    let mut replay = Story::new(&rules);
    replay.now = 2_000.0;
    assert!(replay.detector.restore("r", "a", (time(300.0), time(300.0)), true, time(2_000.0)));
    replay.tell(
        "2000 catching-up\n 2000 unlocked a e1 @100\n 2000 locked a e2 @200\n 2000 unlocked a e3 @300\n 2001 live
         3000 locked a e4",
    );
    assert_eq!(replay.findings(), ["3000 a ends: a was locked"]);

    // The picture may say otherwise without a change of it that is later than the beginning.
    let mut quiet = Story::new(&rules);
    quiet.now = 2_000.0;
    assert!(quiet.detector.restore("r", "a", (time(300.0), time(300.0)), true, time(2_000.0)));
    quiet.tell("2000 live\n 2001 locked a e0 @250\n 2003 tick");
    assert_eq!(quiet.findings(), Vec::<String>::new());
    quiet.tell("2010 field a lock_status 1\n 2012 tick");
    assert_eq!(quiet.findings(), ["2010 a ends: a is locked"]);

    for (is, word) in [("host_offline", "host-online"), ("agent_offline", "agent-online"), ("device_offline", "online")]
    {
        let mut there = Story::new(&[rule(&format!(r#"{{"state":{{"is":"{is}"}}}}"#), "0s")]);
        there.now = 2_000.0;
        there.tell(&format!("2000 {word} a @200\n 2000 {word} a @250"));
        assert!(there.detector.restore("r", "a", (time(300.0), time(300.0)), true, time(2_000.0)));
        there.tell("2000 live\n 2001 tick");
        assert_eq!(there.findings(), ["2000 a ends: a is online"]);
    }

    let mut pending = Story::new(&rules);
    pending.now = 2_000.0;
    assert!(pending.detector.restore("r", "a", (time(100.0), time(100.0)), false, time(2_000.0)));
    pending.tell("2000 live\n 2899 tick\n 2905 tick");
    assert_eq!(pending.findings(), ["2900 a fires since 100"], "the time while nothing ran does not count");

    let mut failed = Story::new(&[rule(FAILED, "0s")]);
    failed.now = 2_000.0;
    assert!(failed.detector.restore("r", "n", (time(100.0), time(1_000.0)), true, time(2_000.0)));
    failed.tell("2000 catching-up\n 2000 failed a n @100\n 2002 live\n 5000 tick");
    assert_eq!(failed.findings(), ["4602 n ends: nothing more came for 1h"], "the replay of what began it is not told");
}

#[test]
fn rules_that_change_keep_what_still_holds() {
    let mut story = Story::new(&[rule(UNLOCKED, "1m")]);
    story.tell("0 live\n 0 unlocked a\n 30 tick");
    let mut told_otherwise = rule(UNLOCKED, "1m");
    told_otherwise.message = Some("{subject}!".into());
    told_otherwise.notify = false;
    story.detector.rules_changed(&[told_otherwise.clone()], &ABOUT, time(30.0), &mut story.found);
    story.tell("70 tick");
    assert_eq!(story.found.last().unwrap().title, "a!");
    assert_eq!(story.findings(), ["0 a pending", "60 a fires since 0"]);
    // Watched for otherwise: what was found ends, and what the picture says is found anew.
    story.detector.rules_changed(&[rule(UNLOCKED, "2m")], &ABOUT, time(70.0), &mut story.found);
    story.tell("71 tick\n 130 tick");
    assert_eq!(story.findings(), ["70 a ends: the rule was changed", "0 a pending", "120 a fires since 0"]);
    let off = [fleet::rule::Rule { enabled: false, ..told_otherwise }];
    story.detector.rules_changed(&off, &ABOUT, time(130.0), &mut story.found);
    story.tell("140 tick");
    assert_eq!(story.findings(), ["130 a ends: the rule does not hold any more"]);
    assert!(story.detector.is_empty());
}

#[test]
fn a_rule_made_today_finds_what_is_so_already() {
    let mut story = Story::new(&[]);
    story.tell(
        "0 live\n 1 unlocked a\n 2 offline a\n 3 host-offline h\n 4 agent-offline g\n 5 field a battery_voltage 11
         6 issued s 5\n 7 started j d\n 100 tick",
    );
    let conditions = [
        UNLOCKED,
        r#"{"state":{"is":"device_offline"}}"#,
        r#"{"state":{"is":"host_offline"}}"#,
        r#"{"state":{"is":"agent_offline"}}"#,
        r#"{"threshold":{"field":"battery_voltage","below":11.5}}"#,
        r#"{"issued":{}}"#,
        r#"{"absence":{"of":"host","after":"1m"}}"#,
    ];
    let rules: Vec<_> = conditions.iter().map(|when| rule(when, "0s")).collect();
    let rules: Vec<_> =
        rules.into_iter().enumerate().map(|(n, rule)| fleet::rule::Rule { name: format!("r{n}"), ..rule }).collect();
    story.detector.rules_changed(&rules, &ABOUT, time(100.0), &mut story.found);
    story.tell("101 tick\n 102 tick\n 103 tick");
    assert_eq!(
        story.findings(),
        [
            "1 a fires since 1",
            "2 a fires since 2",
            "3 h fires since 3",
            "4 g fires since 4",
            "5 a fires since 5",
            "6 s fires since 6",
            "63 h fires since 63"
        ]
    );
}

#[test]
fn a_dry_run_finds_what_the_rule_would_have_found() {
    use fleet::rule::Fact;
    use protocol::Kind;
    let fact = |kind, subject, seconds: f64, data| {
        Past::Fact(Fact::stored(kind, subject, None, Some(time(seconds)), time(seconds), data))
    };
    let run = |when: &str, hold: &str, past: Vec<Past<'_>>| -> Vec<(String, i64, Option<i64>)> {
        let seconds = |at: protocol::Timestamp| (at.millis() - START) / 1_000;
        dry_run(&rule(when, hold), &ABOUT, jiff::tz::TimeZone::UTC, past.into_iter(), time(10_000.0))
            .into_iter()
            .map(|one| (one.subject, seconds(one.at), one.until.map(seconds)))
            .collect()
    };
    let locks = || {
        vec![
            fact(Kind::DeviceUnlocked, "a", 0.0, r#"{"source":"rfid"}"#),
            fact(Kind::DeviceUnlocked, "b", 10.0, r#"{"source":"key"}"#),
            fact(Kind::DeviceLocked, "a", 2_000.0, "{}"),
            fact(Kind::DeviceLocked, "b", 30.0 + 2_000.0, "{}"),
        ]
    };
    assert_eq!(run(UNLOCKED, "15m", locks()), [("a".into(), 900, Some(2_000)), ("b".into(), 910, Some(2_030)),]);
    let by_key = r#"{"event":{"kinds":["device.unlocked"],"where":["source == \"key\""]}}"#;
    assert_eq!(run(by_key, "0s", locks()), [("b".into(), 10, Some(910))]);
    let mut lost = locks();
    lost.insert(2, Past::Standing(Standing::NotLive { cause: "x" }, time(100.0)));
    lost.insert(3, Past::Standing(Standing::Live, time(1_900.0)));
    assert_eq!(run(UNLOCKED, "15m", lost), []);
    let battery = [11.0, 11.2, 12.0].into_iter().enumerate().map(|(n, volts)| {
        let at = time(n as f64 * 100.0);
        Past::Fact(Fact::sample(Kind::DeviceTelemetry, "a", "battery_voltage", at, volts))
    });
    let low = r#"{"threshold":{"field":"battery_voltage","below":11.5}}"#;
    assert_eq!(run(low, "1m", battery.collect()), [("a".into(), 60, Some(200))]);
    let offline = vec![
        fact(Kind::DevicePresence, "a", 0.0, r#"{"is_online":false}"#),
        fact(Kind::HostOffline, "h", 1.0, "{}"),
        fact(Kind::DevicePresence, "a", 500.0, r#"{"is_online":true}"#),
    ];
    assert_eq!(run(r#"{"state":{"is":"device_offline"}}"#, "5m", offline), [("a".into(), 300, Some(500))]);
    let severe = vec![
        fact(Kind::SignalReceived, "x", 1.0, r#"{"type":"signal_new","data":{"severity":"HIGH"}}"#),
        fact(Kind::SignalReceived, "y", 2.0, r#"{"type":"alert_issued","data":{"severity":5}}"#),
        fact(Kind::SignalReceived, "y", 9.0, r#"{"type":"alert_cleared","data":{}}"#),
    ];
    let signals = r#"{"event":{"kinds":["signal.received"],"where":["severity >= 4","alert != \"issued\""]}}"#;
    assert_eq!(run(signals, "0s", severe.clone()), [("x".into(), 1, Some(901))]);
    assert_eq!(run(r#"{"issued":{}}"#, "0s", severe), [("y".into(), 2, Some(9))]);
}

/// A dry run and what is caught up read the history: a rule must find there what it finds in the stream.
#[test]
fn a_signal_has_the_same_title_in_the_stream_and_in_the_history() {
    use fleet::Applied;
    use fleet::rule::Fact;
    use protocol::Kind;
    let event =
        |value: &str| rule(&format!(r#"{{"event":{{"kinds":["signal.received"],"where":["title {value}"]}}}}"#), "0s");
    let rules = [event(r#"== \"Storm ahead\""#), event(r#"!= \"Storm ahead\""#), event(r#"~ \"Storm*\""#)];
    for (data, title) in [
        (r#"{"title":null,"description":"Storm ahead"}"#, Some("Storm ahead")),
        (r#"{"headline":"Storm ahead","description":"It rains"}"#, Some("Storm ahead")),
        (r#"{"title":"Calm","description":"Storm ahead"}"#, Some("Calm")),
        (r#"{"category":"x"}"#, None),
    ] {
        let frame = format!(r#"{{"type":"signal_new","stream":"s","ts":1000,"data":{data}}}"#);
        let found = |fact: &Fact<'_>| -> Vec<String> {
            let mut story = Story::new(&rules);
            story.tell("0 live");
            story.detector.event(fact, &mut story.found);
            story.found.iter().map(|finding| format!("{} {}", finding.rule, finding.title)).collect()
        };
        let signal = protocol::event::Signal {
            stream: "s".into(),
            signal_type: "signal_new".into(),
            signal: Some("x".into()),
            alert: None,
            title: title.filter(|_| !data.contains("null")).map(Into::into),
            description: data.contains("null").then(|| "Storm ahead".into()),
            category: None,
            severity: None,
            place: None,
            cities: Vec::new(),
        };
        let live =
            protocol::StreamEvent { at: Some(time(1.0)), body: protocol::EventBody::Signal(signal), data: &frame };
        let told = found(&Fact::of(&live, Applied::Taken, time(1.0)));
        let stored = found(&Fact::stored(Kind::SignalReceived, "x", None, Some(time(1.0)), time(1.0), &frame));
        assert_eq!(stored, told, "{data}");
        assert!(!told.is_empty());
    }
}

/// What is told of a signal with so many cities, or else at a place.
fn signal(title: Option<&'static str>, cities: usize, lat: f64) -> protocol::EventBody<'static> {
    protocol::EventBody::Signal(protocol::event::Signal {
        stream: "s".into(),
        signal_type: "alert_issued".into(),
        signal: Some("x".into()),
        alert: Some(protocol::event::AlertChange::Issued),
        title: title.map(Into::into),
        description: None,
        category: None,
        severity: Some(5),
        place: Some((lat, 25.0)),
        cities: (0..cities).map(|number| protocol::Text(format!("City {number}").into())).collect(),
    })
}

#[test]
fn what_moves_is_told_where_it_began() {
    use fleet::Applied;
    use fleet::rule::Fact;
    for when in [r#"{"event":{"kinds":["signal.received"]}}"#, r#"{"issued":{}}"#] {
        let mut story = Story::new(&[rule(when, "0s")]);
        story.tell("0 live");
        for step in 1..4 {
            let at = time(f64::from(step));
            let body = signal(Some("Storm"), 0, f64::from(step));
            let event = protocol::StreamEvent { at: Some(at), body, data: "{}" };
            story.detector.event(&Fact::of(&event, Applied::Taken, at), &mut story.found);
        }
        assert_eq!(story.found.len(), 3, "it is told with each event");
        let first = story.found[0].title.clone();
        assert!(first.starts_with("Storm: 1.0° N, 25.0° E"), "{first}");
        assert!(story.found.iter().all(|found| found.title == first), "{:?}", story.found);
    }
}

#[test]
fn an_alert_of_the_service_has_the_same_title_in_the_stream_and_in_the_picture() {
    use fleet::rule::Fact;
    for (title, cities) in [(Some("Tsunami"), 200), (None, 200), (None, 0), (Some("Tsunami"), 1)] {
        let rules = [rule(r#"{"issued":{}}"#, "0s")];
        let mut live = Story::new(&rules);
        live.tell("0 live");
        let event = protocol::StreamEvent { at: Some(time(1.0)), body: signal(title, cities, 3.0), data: "{}" };
        let applied = live.state.apply(&event, time(1.0));
        live.detector.event(&Fact::of(&event, applied, time(1.0)), &mut live.found);
        let mut later = Story::new(&rules);
        later.state.apply(&event, time(1.0));
        later.tell("2 live\n 3 tick");
        let titles = |story: &Story| story.found.iter().map(|found| found.title.clone()).collect::<Vec<_>>();
        assert_eq!(titles(&later), titles(&live));
        assert_eq!(live.found.len(), 1);
        assert!(cities < 200 || live.found[0].title.ends_with("City 0, City 1 and 198 more"), "{:?}", live.found);
    }
}

#[test]
fn what_is_known_has_a_bound_and_what_does_not_fit_is_counted() {
    use fleet::rule::Fact;
    use protocol::Kind;
    let mut story = Story::new(&[rule(r#"{"absence":{"of":"device","after":"1m"}}"#, "0s")]);
    story.tell("0 live");
    for device in 0..200_007 {
        let subject = device.to_string();
        let fact = Fact::stored(Kind::DevicePresence, &subject, None, None, time(0.0), "");
        story.detector.event(&fact, &mut story.found);
    }
    assert_eq!((story.detector.len(), story.detector.dropped(), story.found.len()), (200_000, 7, 0));
    story.tell("1 stopped");
    assert!(story.detector.is_empty());
}

#[test]
fn a_fact_does_not_show_the_code_of_a_lock() {
    use fleet::rule::Fact;
    use protocol::Kind;
    let fact = Fact::stored(Kind::DeviceUnlocked, "a", None, None, time(0.0), r#"{"code":"S3CRET"}"#);
    assert!(!format!("{fact:?}").contains("S3CRET"));
}
