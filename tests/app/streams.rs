//! `watch` and `snapshot` against the five services over real sockets.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::demo::Demo;
use crate::home::Home;
use crate::watching::{Watching, status};

const ALL: [&str; 5] = ["hosts-demo", "signals-demo", "jobs-demo", "agents-demo", "locks-demo"];

/// The kinds that the contract names; nothing else may come.
const KINDS: [&str; 35] = [
    "connection.status",
    "device.telemetry",
    "device.presence",
    "device.locked",
    "device.unlocked",
    "host.online",
    "host.offline",
    "host.enrolled",
    "query.result",
    "query.complete",
    "query.error",
    "job.scheduled",
    "job.started",
    "job.completed",
    "job.failed",
    "job.statistics",
    "actor.checkpoint",
    "live_query.created",
    "live_query.data",
    "live_query.added",
    "live_query.updated",
    "live_query.removed",
    "live_query.destroyed",
    "agent.online",
    "agent.offline",
    "agent.updated",
    "post.created",
    "post.updated",
    "task.created",
    "task.updated",
    "notification.created",
    "signal.received",
    "stream.warning",
    "stream.error",
    "stream.unrecognised",
];

#[track_caller]
fn is_a_line(line: &Value) {
    let keys: BTreeSet<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["connection", "kind", "subject", "at", "received_at", "data"]), "{line}");
    assert!(KINDS.contains(&line["kind"].as_str().unwrap()), "{line}");
    assert!(line["connection"].is_string() && line["subject"].is_string(), "{line}");
    let is_time = |value: &Value| value.as_str().is_some_and(|text| protocol::Timestamp::parse(text).is_some());
    assert!(is_time(&line["received_at"]), "{line}");
    assert!(line["at"].is_null() || is_time(&line["at"]), "{line}");
}

#[test]
fn what_happens_is_told_by_kind_and_subject() {
    let demo = Demo::start(0);
    let home = Home::of(&demo);
    let mut watching = Watching::start(&home, &["--run-query", "hosts-demo", "SELECT name, version FROM os_version"]);
    watching.until_live(&ALL);
    watching.has_or_until("a query's row", |line| line["kind"] == "query.result");
    watching.has_or_until("a query's end", |line| line["kind"] == "query.complete");
    let mut expect = |kind: &str, subject: Option<String>| {
        let subject = subject.unwrap_or_else(|| panic!("the demo did not do {kind}"));
        watching.until(&format!("{kind} of {subject}"), |line| line["kind"] == kind && line["subject"] == *subject);
    };

    let locks = demo.control("iotee");
    locks.unlock("ABC123", "rfid");
    expect("device.unlocked", Some("ABC123".into()));
    locks.lock("ABC123", "key");
    expect("device.locked", Some("ABC123".into()));
    locks.device_offline("DEF456");
    expect("device.presence", Some("DEF456".into()));

    let jobs = demo.control("hantera");
    expect("job.failed", jobs.fail_job("sync-inventory"));
    expect("job.completed", jobs.complete_job("sync-inventory"));
    jobs.overflow_warning(7);
    watching.until("the overflow", |line| line["kind"] == "stream.warning" && line["connection"] == "jobs-demo");

    let agents = demo.control("agenthq");
    agents.post("general");
    watching.until("a post", |line| line["kind"] == "post.created" && !line["subject"].as_str().unwrap().is_empty());
    agents.agent_offline("agent-02");
    watching.until("an agent's leaving", |line| line["kind"] == "agent.offline" && line["subject"] == "agent-02");

    let signals = demo.control("hydra");
    signals.signal(4);
    let signal = watching.until("a signal", |line| line["kind"] == "signal.received");
    assert!(signal["data"]["stream"].is_string() && signal["data"]["type"].is_string(), "{signal}");

    for (protocol, name) in [("hydra", "signals-demo"), ("hantera", "jobs-demo"), ("iotee", "locks-demo")] {
        demo.control(protocol).send_text(r#"{"type":"brand_new_thing","value":1}"#);
        demo.control(protocol).send_text("not json at all");
        for _ in 0..2 {
            watching.until("what nobody knows", |line| {
                line["connection"] == name
                    && ["stream.unrecognised", "stream.error", "signal.received"]
                        .contains(&line["kind"].as_str().unwrap())
            });
        }
    }

    watching.signal("INT");
    let (code, said, lines) = watching.ended();
    assert_eq!((code, said.as_str()), (Some(0), ""));
    lines.iter().for_each(is_a_line);
    for name in ALL {
        let told: Vec<&str> = lines
            .iter()
            .filter(|line| line["connection"] == name)
            .map(status)
            .filter(|status| !status.is_empty())
            .collect();
        assert_eq!(told.first(), Some(&"connecting"), "{name}: {told:?}");
        assert_eq!(told.last(), Some(&"stopped"), "{name}: {told:?}");
    }
}

#[test]
fn the_demos_own_life_brings_all_kinds_and_ends() {
    let demo = Demo::start(600);
    let home = Home::of(&demo);
    let watched = home.run(&["watch", "--for", "6s"]).with_code(0);
    let lines: Vec<Value> = watched.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.iter().for_each(is_a_line);
    let seen: BTreeSet<&str> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
    for kind in [
        "device.telemetry",
        "device.unlocked",
        "job.started",
        "job.completed",
        "job.statistics",
        "actor.checkpoint",
        "live_query.created",
        "live_query.data",
        "post.created",
        "signal.received",
    ] {
        assert!(seen.contains(kind), "{kind} is not among {seen:?}");
    }
    assert!(lines.len() > 600, "{} lines", lines.len());
}

#[test]
fn one_connection_is_watched_where_one_is_named() {
    let demo = Demo::start(100);
    let home = Home::of(&demo);
    let watched = home.run(&["watch", "--connection", "jobs-demo", "--for", "2s"]).with_code(0);
    assert!(watched.out.lines().count() > 3);
    assert!(watched.out.lines().all(|line| line.contains(r#""connection":"jobs-demo""#)), "{}", watched.out);
    assert_eq!(demo.control("hydra").dials(), 0);
}

#[test]
fn a_snapshot_is_the_state_of_all_five() {
    let demo = Demo::start(300);
    let home = Home::of(&demo);
    let ended = home.run(&["snapshot", "--after", "5s"]).with_code(0);
    let state: Value = serde_json::from_str(&ended.out).unwrap();
    for part in [
        "connections",
        "devices",
        "hosts",
        "jobs",
        "job_definitions",
        "actors",
        "live_queries",
        "agents",
        "posts",
        "tasks",
        "signals",
        "counters",
    ] {
        assert!(state[part].is_object(), "{part} is not in {}", state);
    }
    for name in ALL {
        assert_eq!(state["connections"][name]["status"], "live", "{name}: {}", state["connections"]);
        assert!(
            state["counters"][name]["events"].as_u64().is_some_and(|events| events > 0),
            "{name}: {}",
            state["counters"]
        );
    }
    let devices = state["devices"]["locks-demo"].as_object().unwrap();
    assert!(devices.len() > 20, "{}", devices.len());
    for (id, device) in devices {
        assert!(["locked", "unlocked", "unknown"].contains(&device["lock"].as_str().unwrap()), "{id}: {device}");
        assert!(
            device["fields"].is_object() && (device["online"].is_boolean() || device["online"].is_null()),
            "{id}: {device}"
        );
    }
    assert!(!state["jobs"]["jobs-demo"].as_object().unwrap().is_empty());
    assert!(!state["live_queries"]["jobs-demo"].as_object().unwrap().is_empty());
    assert!(!state["posts"]["agents-demo"].as_object().unwrap().is_empty());
}

#[test]
fn the_demo_prints_what_a_shell_needs_to_connect() {
    let home = Home::new();
    let mut demo =
        crate::recovery::DemoProcess::start(&home, "127.0.0.1:0", &["--seed", "7", "--devices", "20", "--rate", "200"]);
    let mut second = Home::new();
    second.configure(&demo.configuration());
    for (name, token) in demo.exports() {
        second.set(&name, &token);
    }
    let state: Value = serde_json::from_str(&second.run(&["snapshot", "--after", "3s"]).with_code(0).out).unwrap();
    for name in ALL {
        assert_eq!(state["connections"][name]["status"], "live", "{name}");
    }
    assert_eq!(state["devices"]["locks-demo"].as_object().unwrap().len(), 20);
    assert_eq!(demo.interrupt(), Some(0));
}
