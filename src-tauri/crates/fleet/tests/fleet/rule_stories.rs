//! Each condition of a rule as small stories: what happened, and what is found.

use crate::story::{Story, rule, story};

const UNLOCKED: &str = r#"{"state":{"is":"unlocked"}}"#;
const BATTERY: &str = r#"{"threshold":{"field":"battery_voltage","below":11.5,"clear":11.8}}"#;
const FAILED: &str =
    r#"{"event":{"kinds":["job.failed"],"by":"definition","until":["job.completed"],"clear_after":"1h"}}"#;
const KEEPS_FAILING: &str = r#"{"count":{"kinds":["job.failed"],"by":"definition","at_least":3,"within":"1m"}}"#;

#[test]
fn a_state_that_lasts() {
    let unlocked = rule(UNLOCKED, "15m");
    story(&unlocked, "10 unlocked a\n 1000 tick", &["10 a pending", "910 a fires since 10"]);
    story(&unlocked, "10 unlocked a\n 60 locked a\n 2000 tick", &["10 a pending", "60 a ends: a was locked"]);
    // A report of telemetry tells it too; a report that only confirms begins nothing anew.
    story(
        &unlocked,
        "10 field a lock_status 0\n 500 field a lock_status 0\n 600 unlocked a\n 920 locked a",
        &["10 a pending", "910 a fires since 10", "920 a ends: a was locked"],
    );
    story(
        &unlocked,
        "10 unlocked a\n 20 unlocked b\n 30 field a lock_status 7\n 1000 tick",
        &["10 a pending", "20 b pending", "30 a ends: the lock of a is unknown", "920 b fires since 20"],
    );
    // What is late or came before changes nothing.
    story(&unlocked, "10 locked a\n 20 unlocked a x @5\n 30 locked a y\n 40 unlocked a x\n 2000 tick", &[]);
    let unknown = rule(r#"{"state":{"is":"lock_unknown"}}"#, "0s");
    story(
        &unknown,
        "1 field a lock_status 9\n 5 locked a\n 10 field a lock_status 9\n 20 field a lock_status 1",
        &["10 a fires since 10", "20 a ends: a was locked"],
    );
}

#[test]
fn presence_of_devices_hosts_and_agents() {
    for (is, on, off) in [
        ("device_offline", "online", "offline"),
        ("host_offline", "host-online", "host-offline"),
        ("agent_offline", "agent-online", "agent-offline"),
    ] {
        let offline = rule(&format!(r#"{{"state":{{"is":"{is}"}}}}"#), "5m");
        story(
            &offline,
            &format!("5 {on} a\n 10 {off} a\n 20 {off} a\n 400 {on} a\n 410 {off} a\n 420 {on} a"),
            &[
                "10 a pending",
                "310 a fires since 10",
                "400 a ends: a is online",
                "410 a pending",
                "420 a ends: a is online",
            ],
        );
    }
}

#[test]
fn outside_the_hours() {
    // The start is 11:30 in Berlin.
    let hours = rule(r#"{"state":{"is":"unlocked","outside":"11:40-11:50"}}"#, "0s");
    story(
        &hours,
        "10 unlocked a\n 1300 locked a",
        &[
            "10 a fires since 10",
            "600 a ends: the hours 11:40-11:50 began",
            "1200 a fires since 1200",
            "1300 a ends: a was locked",
        ],
    );
    // The event is judged by its own time, and when the hours are over while it is on its way by theirs.
    story(&hours, "700 unlocked a\n 1100 locked a\n 1300 tick", &[]);
    story(&hours, "1200.4 unlocked a @1199.9\n 1203 tick", &["1200 a fires since 1200"]);
    let lasting = rule(r#"{"state":{"is":"unlocked","outside":"11:40-11:50"}}"#, "5m");
    story(
        &lasting,
        "400 unlocked a\n 1600 tick",
        &["400 a pending", "600 a ends: the hours 11:40-11:50 began", "1200 a pending", "1500 a fires since 1200"],
    );
}

#[test]
fn a_threshold_with_its_own_end() {
    let now = rule(BATTERY, "0s");
    story(
        &now,
        "1 field a battery_voltage 11.5\n 2 field a battery_voltage 11.4\n 3 field a battery_voltage 11.7
         4 field a speed 3\n 5 field a battery_voltage 11.79\n 6 field a battery_voltage 11.8",
        &["2 a fires since 2", "6 a ends: battery_voltage is at 11.8"],
    );
    // It is told again when the value changed, once a minute.
    story(
        &now,
        "2 field a battery_voltage 11.4\n 30 field a battery_voltage 11.3\n 62 field a battery_voltage 11.2
         70 field a battery_voltage 11.1\n 130 field a battery_voltage 11.1\n 300 field a battery_voltage null",
        &["2 a fires since 2", "62 a again", "130 a again"],
    );
    // What is to last must be under it all the time; the other value is for what fires.
    let lasting = rule(BATTERY, "1m");
    story(
        &lasting,
        "0 field a battery_voltage 11\n 30 field a battery_voltage 11.6\n 40 field a battery_voltage 11
         99 field a battery_voltage 10\n 101 field a battery_voltage 11.6\n 110 field a battery_voltage 12",
        &[
            "0 a pending",
            "30 a ends: battery_voltage is at 11.6",
            "40 a pending",
            "100 a fires since 40",
            "110 a ends: battery_voltage is at 12",
        ],
    );
    let above = rule(r#"{"threshold":{"field":"queue.depth","above":100}}"#, "0s");
    story(
        &above,
        "1 checkpoint k queue.depth 100\n 2 checkpoint k queue.depth 101\n 3 checkpoint k queue.depth 100",
        &["2 k fires since 2", "3 k ends: queue.depth is at 100"],
    );
}

#[test]
fn nothing_is_heard() {
    let silent = rule(r#"{"absence":{"of":"device","after":"1m"}}"#, "0s");
    story(
        &silent,
        "0 field a x 1\n 50 field a x 1\n 100 field b x 1\n 115 locked a\n 300 tick",
        &["110 a fires since 110", "115 a ends: a was heard", "160 b fires since 160", "175 a fires since 175"],
    );
    story(&silent, "300 tick", &[]);
    let lasting = rule(r#"{"absence":{"of":"agent","after":"1m"}}"#, "30s");
    story(&lasting, "0 agent-online a\n 100 tick", &["60 a pending", "90 a fires since 60"]);
    let stream = rule(r#"{"absence":{"of":"stream","after":"1m"}}"#, "0s");
    story(
        &stream,
        "100 tick\n 110 field a x 1\n 169 host-online h\n 240 agent-online g",
        &["229 depot fires since 229", "240 depot ends: something came"],
    );
}

#[test]
fn an_event_until_another_or_for_a_while() {
    let failed = rule(FAILED, "0s");
    story(
        &failed,
        "10 failed j1 nightly\n 20 failed j2 nightly\n 30 failed j3 hourly\n 40 completed j4 nightly\n 4000 tick",
        &[
            "10 nightly fires since 10",
            "20 nightly again",
            "30 hourly fires since 30",
            "40 nightly ends: nightly: a job completed",
            "3630 hourly ends: nothing more came for 1h",
        ],
    );
    // What came again extends it, also when its word comes later than the end would have been.
    story(
        &failed,
        "10 failed j1 n\n 3000 failed j2 n\n 7000 tick",
        &["10 n fires since 10", "3000 n again", "6600 n ends: nothing more came for 1h"],
    );
    let lasting = rule(FAILED, "1m");
    story(
        &lasting,
        "10 failed j1 n\n 30 completed j2 n\n 40 failed j3 n\n 50 failed j4 n\n 200 tick",
        &["10 n pending", "30 n ends: n: a job completed", "40 n pending", "100 n fires since 40"],
    );
    let severe =
        rule(r#"{"event":{"kinds":["signal.received"],"where":["severity >= 4","region == \"north\""]}}"#, "0s");
    story(&severe, "1 signal a 3\n 2 signal b 4\n 3 signal c", &["2 b fires since 2"]);
    let deep =
        rule(r#"{"event":{"kinds":["signal.received"],"where":["level.depth > 6","title ~ \"St*\"","x != 1"]}}"#, "0s");
    story(&deep, "1 signal a 3", &["1 a fires since 1"]);
    let connection =
        rule(r#"{"event":{"kinds":["device.unlocked"],"where":["source == \"rfid\""],"by":"connection"}}"#, "0s");
    story(&connection, "1 unlocked a\n 2 unlocked b", &["1 depot fires since 1", "2 depot again"]);
    // A code is nobody's to compare.
    let code = rule(r#"{"event":{"kinds":["device.unlocked"],"where":["code == \"S3\""]}}"#, "0s");
    story(&code, "1 unlocked a", &[]);
}

#[test]
fn too_many_within_a_time() {
    let keeps = rule(KEEPS_FAILING, "0s");
    story(
        &keeps,
        "0 failed a n\n 20 failed b n\n 30 failed c other\n 59 failed d n\n 70 failed e n\n 300 tick",
        &[
            "59 n fires since 59",
            "60 n ends: fewer than 3 within 1m",
            "70 n fires since 70",
            "80 n ends: fewer than 3 within 1m",
        ],
    );
    // A minute apart is not within a minute.
    story(&keeps, "0 failed a n\n 20 failed b n\n 60 failed c n\n 300 tick", &[]);
    // The times of the events count, not when they came.
    story(
        &keeps,
        "100 failed a n @10\n 101 failed b n @80\n 102 failed c n @99\n 103 failed d n @75",
        &["99 n fires since 99"],
    );
    let lasting = rule(KEEPS_FAILING, "30s");
    story(
        &lasting,
        "0 failed a n\n 1 failed b n\n 2 failed c n\n 100 failed d n\n 101 failed e n\n 102 failed f n\n 125 failed g n\n 300 tick",
        &[
            "2 n pending",
            "32 n fires since 2",
            "60 n ends: fewer than 3 within 1m",
            "102 n pending",
            "132 n fires since 102",
            "161 n ends: fewer than 3 within 1m",
        ],
    );
}

#[test]
fn a_job_runs_too_long() {
    let slow = rule(r#"{"slow_job":{"times_p95":2,"after_jobs":3}}"#, "0s");
    let known = "1 started a d\n 11 completed a d\n 12 started b d\n 22 completed b d\n 22 started x d\n";
    story(&slow, &format!("{known} 100 tick"), &[]);
    story(
        &slow,
        &format!("{known} 23 started c d\n 33 completed c d\n 100 completed x d\n 200 tick"),
        &["42 x fires since 42", "100 x ends: x: a job completed"],
    );
    // A job that takes longer makes the others that run less slow.
    story(
        &slow,
        &format!("{known} 23 started c d\n 33 completed c d\n 35 failed e d 30000\n 81 tick\n 83 failed x d"),
        &["82 x fires since 82", "83 x ends: x: a job failed"],
    );
}

#[test]
fn troubles_of_a_connection() {
    let lost = rule(r#"{"connection":{"is":"not_live"}}"#, "1m");
    story(
        &lost,
        "10 lost reset\n 12 lost timeout\n 100 live\n 110 lost x\n 120 live",
        &[
            "10 depot pending",
            "70 depot fires since 10",
            "100 depot ends: the connection is live",
            "110 depot pending",
            "120 depot ends: the connection is live",
        ],
    );
    let credential = rule(r#"{"connection":{"is":"needs_credential"}}"#, "0s");
    story(
        &credential,
        "10 lost x\n 11 credential expired\n 20 lost x",
        &["11 depot fires since 11", "20 depot ends: the connection is tried again"],
    );
    let refused = rule(r#"{"connection":{"is":"refused"}}"#, "0s");
    story(
        &refused,
        "10 refused a\n 11 refused b\n 20 stopped",
        &["10 depot fires since 10", "11 depot again", "20 depot ends: the connection was switched off"],
    );
    let overflow = rule(r#"{"connection":{"is":"overflow"}}"#, "0s");
    story(
        &overflow,
        "10 overflow 5\n 100 overflow\n 2000 tick",
        &["10 depot fires since 10", "100 depot again", "1000 depot ends: nothing more came for 15m"],
    );
    let ends = rule(r#"{"connection":{"is":"credential_ends","within":"1h"}}"#, "0s");
    story(
        &ends,
        "10 ends-at 4000\n 500 ends-at 9000\n 6000 ends-at",
        &[
            "400 depot fires since 400",
            "500 depot ends: the credential is good for longer",
            "5400 depot fires since 5400",
            "6000 depot ends: the credential is good for longer",
        ],
    );
}

#[test]
fn alerts_that_the_service_issued() {
    let issued = rule(r#"{"issued":{"min_severity":3}}"#, "0s");
    story(
        &issued,
        "1 issued a 5\n 2 issued b 2\n 3 issued c\n 4 issued a 4\n 5 cleared a\n 6 cleared b",
        &["1 a fires since 1", "4 a again", "5 a ends: the service cleared it"],
    );
}

#[test]
fn lines_say_what_is_so() {
    let titles = |when: &str, hold: &str, message: Option<&str>, lines: &str| -> String {
        let mut rule = rule(when, hold);
        rule.message = message.map(Into::into);
        rule.validate().unwrap();
        let mut story = Story::new(&[rule]);
        story.tell("0 live").tell(lines);
        story.found.first().map(|finding| finding.title.clone()).unwrap_or_default()
    };
    for (when, hold, message, lines, line) in [
        (BATTERY, "0s", None, "1 field truck-12 battery_voltage 11.2", "truck-12: battery_voltage is 11.2, below 11.5"),
        (
            BATTERY,
            "1m",
            Some("{subject} on {connection}: {value} V < {threshold} V for {for} {source}{"),
            "1 field a battery_voltage 11.24999999",
            "a on depot: 11.25 V < 11.5 V for 1m {",
        ),
        (UNLOCKED, "15m", None, "1 unlocked a", "a is unlocked"),
        (UNLOCKED, "0s", Some("{subject} by {source}"), "1 unlocked a", "a by rfid"),
        (FAILED, "0s", None, "1 failed j n", "Job n failed: no space left"),
        (FAILED, "0s", Some("{definition}: {error} ({count})"), "1 failed j n", "n: no space left (1)"),
        (KEEPS_FAILING, "0s", None, "1 failed a n\n2 failed b n\n3 failed c n", "Job n failed 3 times within 1 min"),
        (r#"{"issued":{}}"#, "0s", None, "1 issued a 5", "Storm"),
        (r#"{"connection":{"is":"not_live"}}"#, "0s", None, "1 lost reset", "Connection depot is not live: reset"),
    ] {
        assert_eq!(titles(when, hold, message, lines), line);
    }
}
