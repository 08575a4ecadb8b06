//! What a rule must be, what it says of itself, and those that are built in.

use fleet::rule::{Rule, defaults, in_effect, problems};

use crate::story::{Story, rule};

fn written(rest: &str) -> Rule {
    serde_json::from_str(&format!(r#"{{"name":"r","severity":"high",{rest}}}"#)).unwrap()
}

#[test]
fn what_cannot_be_watched_for_is_said() {
    for (rest, problem) in [
        (
            r#""when":{"threshold":{"field":"x","above":1,"below":2}}"#,
            "a threshold has either above or below, not both",
        ),
        (r#""when":{"threshold":{"field":"x"}}"#, "a threshold needs above or below"),
        (r#""when":{"threshold":{"field":" ","above":1}}"#, "a threshold needs a field"),
        (
            r#""when":{"threshold":{"field":"x","below":2,"clear":1}}"#,
            "clear (1) must not be under below (2), else it never ends",
        ),
        (
            r#""when":{"threshold":{"field":"x","above":2,"clear":3}}"#,
            "clear (3) must not be over above (2), else it never ends",
        ),
        (r#""when":{"event":{"kinds":[]}}"#, "kinds is empty; name at least one kind of event, as job.failed"),
        (
            r#""when":{"event":{"kinds":["job.failed"],"until":["job.failed"]}}"#,
            "job.failed cannot both begin and end it",
        ),
        (
            r#""for":"20m","when":{"event":{"kinds":["job.failed"]}}"#,
            "clear_after must be longer than for, else it ends before it fires",
        ),
        (
            r#""when":{"event":{"kinds":["job.failed"],"where":["error ~ \"{x}\""]}}"#,
            "\"{x}\" has a {; a glob knows * and ? only, write several globs instead",
        ),
        (r#""when":{"count":{"kinds":["job.failed"],"at_least":0,"within":"1m"}}"#, "at_least must be from 1 to 1000"),
        (r#""when":{"count":{"kinds":["job.failed"],"at_least":5,"within":"0s"}}"#, "within must be longer than 0s"),
        (r#""when":{"absence":{"of":"device","after":"0s"}}"#, "after must be longer than 0s"),
        (r#""when":{"slow_job":{"times_p95":0}}"#, "times_p95 must be greater than 0"),
        (r#""when":{"issued":{"min_severity":6}}"#, "min_severity must be from 0 to 5"),
        (r#""connections":[""],"when":{"issued":{}}"#, "a glob is empty; write * for everything"),
        (
            r#""message":"{subjekt}","when":{"issued":{}}"#,
            "its message has {subjekt}, which is not known; there are {subject}, {name}, {connection}, {value}, {threshold}, \
             {count}, {for}, {source}, {definition}, {error}, {cause}",
        ),
    ] {
        assert_eq!(written(rest).validate(), Err(format!("Rule \"r\": {problem}.")));
    }
    let twice = [written(r#""when":{"issued":{}}"#), written(r#""when":{"issued":{}}"#)];
    assert_eq!(problems(&twice), ["Rule \"r\" is there twice; the names of rules must differ."]);
}

#[test]
fn a_rule_says_what_it_does() {
    for (rest, sentence) in [
        (
            r#""subjects":["locks-*"],"for":"15m","when":{"state":{"is":"unlocked","outside":"08:00-18:00"}}"#,
            "Tells, as high, when a device of locks-* has been unlocked for 15 min outside 08:00–18:00.",
        ),
        (
            r#""notify":false,"for":"1m","when":{"threshold":{"field":"battery_voltage","below":11.5,"clear":11.8}}"#,
            "Lists, as high, when battery_voltage is under 11.5 for 1 min, until it is back at 11.8.",
        ),
        (
            r#""enabled":false,"tags":["north"],"when":{"absence":{"of":"host","after":"90s"}}"#,
            "Is off; would tell, as high, when nothing was heard of a host with the tag north for 1 min 30 s.",
        ),
        (
            r#""when":{"count":{"kinds":["job.failed"],"at_least":5,"within":"10m","by":"definition"}}"#,
            "Tells, as high, when a job failed 5 times within 10 min of one definition.",
        ),
        (
            r#""when":{"event":{"kinds":["job.failed"],"until":["job.completed"],"clear_after":"1d","where":["error ~ \"disk*\""]}}"#,
            "Tells, as high, when a job failed with error like disk*; until a job completed, at most 1 d after the last.",
        ),
        (
            r#""connections":["a","b"],"for":"1m","when":{"connection":{"is":"not_live"}}"#,
            "Tells, as high, when a connection of a or b has not been live for 1 min.",
        ),
    ] {
        let rule = written(rest);
        rule.validate().unwrap();
        assert_eq!(rule.sentence(), sentence);
    }
}

#[test]
fn what_a_rule_compares_is_said_in_words() {
    let severe = defaults().into_iter().find(|rule| rule.name == "Severe signal").unwrap();
    assert_eq!(
        severe.sentence(),
        "Tells, as high, when a signal was received with severity 4 or more and alert neither issued nor cleared; for 1 h after the last."
    );
    let spoken = written(
        r#""when":{"event":{"kinds":["device.unlocked"],"where":["source == \"remote command\"","speed > 2.5","held != true"]}}"#,
    );
    let said = spoken.sentence();
    assert!(said.contains("with source \"remote command\", speed over 2.5 and held not true"), "{said}");
}

#[test]
fn the_built_in_rules_hold_and_are_replaced_by_name() {
    let rules = defaults();
    assert_eq!(problems(&rules), Vec::<String>::new());
    let text = serde_json::to_string(&rules).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Rule>>(&text).unwrap(), rules, "what is written is read");
    let mine = Rule { name: rules[0].name.clone(), ..rule(r#"{"issued":{}}"#, "0s") };
    let other = rule(r#"{"issued":{}}"#, "0s");
    let both = in_effect(&[mine.clone(), other.clone()]);
    assert_eq!((both.len(), &both[0], both.last()), (rules.len() + 1, &mine, Some(&other)));
}

#[test]
fn the_built_in_rules_tell_of_a_day_in_a_fleet() {
    let mut story = Story::new(&defaults());
    story.tell(
        "0 live\n 1 online a\n 2 unlocked a\n 3 field a battery_voltage 11\n 10 failed j1 n\n 20 failed j2 n\n 30 failed j3 n
         40 failed j4 n\n 50 failed j5 n\n 60 completed j6 n\n 70 signal s 4\n 80 issued i 5\n 90 cleared i\n 100 offline a
         200 lost reset\n 270 live\n 1000 tick",
    );
    let told: Vec<String> = story
        .found
        .iter()
        .filter(|finding| matches!(finding.change, fleet::alert::Change::Fires { .. }))
        .map(|finding| format!("{}: {}", finding.rule, finding.title))
        .collect();
    assert_eq!(
        told,
        [
            "Job failed: Job n failed: no space left",
            "Jobs keep failing: Job n failed 5 times within 10 min",
            "Battery low: a: battery_voltage is 11, below 11.5",
            "Severe signal: Storm (stream s, service severity 4 of 5)",
            "Alert issued: Storm",
            "Connection not live: Connection depot is not live: reset",
            "Device offline: Device a is offline",
            "Unlocked too long: a is unlocked",
        ]
    );
}

#[test]
fn scopes() {
    use fleet::rule::About;
    let tags = ["north".to_owned()];
    let about = About { name: "locks-a", tags: &tags, protocol: protocol::Protocol::Iotee };
    for (rest, covers) in [
        (r#""when":{"issued":{}}"#, true),
        (r#""connections":["locks-*"],"when":{"issued":{}}"#, true),
        (r#""connections":["jobs"],"when":{"issued":{}}"#, false),
        (r#""tags":["south","north"],"when":{"issued":{}}"#, true),
        (r#""tags":["south"],"when":{"issued":{}}"#, false),
    ] {
        assert_eq!(written(rest).covers(&about), covers, "{rest}");
    }
    let mut only = rule(r#"{"state":{"is":"unlocked"}}"#, "0s");
    only.subjects = vec!["truck-*".into()];
    crate::story::story(&only, "1 unlocked truck-1\n 2 unlocked van-1", &["1 truck-1 fires since 1"]);
}
