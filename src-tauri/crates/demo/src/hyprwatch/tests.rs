use super::*;
use crate::wire::bench::{Bench, TOKEN, shared};

fn dial(rate: f64, version: &str) -> Bench<Hyprwatch> {
    let query = format!("token={TOKEN}{version}");
    Bench::dial(Hyprwatch::new(shared(), 1, rate), PATH, &query).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

fn v2() -> Bench<Hyprwatch> {
    dial(0.0, "&vsn=2.0.0")
}

fn ok(join_ref: &str, reference: &str, topic: &str) -> Value {
    json!([join_ref, reference, topic, "phx_reply", { "status": "ok", "response": {} }])
}

#[test]
fn joins_and_heartbeats_are_answered_in_both_versions() {
    let mut bench = v2();
    assert_eq!(bench.say(r#"["1","1","org:org_halden","phx_join",{}]"#), [ok("1", "1", "org:org_halden")]);
    let beat = json!([null, "2", "phoenix", "phx_reply", { "status": "ok", "response": {} }]);
    assert_eq!(bench.say(r#"[null,"2","phoenix","heartbeat",{}]"#), [beat]);
    let mut bench = dial(0.0, "");
    let answer = bench.say(r#"{"topic":"query:org_halden","event":"phx_join","payload":{},"ref":"1"}"#);
    let payload = json!({ "status": "ok", "response": {} });
    assert_eq!(answer, [json!({ "topic": "query:org_halden", "event": "phx_reply", "payload": payload, "ref": "1" })]);
}

#[test]
fn topics_that_are_not_there_cannot_be_joined_or_spoken_to() {
    let mut bench = v2();
    let mut reason = |frame: &str| bench.say(frame)[0][4]["response"]["reason"].clone();
    assert_eq!(reason(r#"["1","1","org:strangers","phx_join",{}]"#), "unauthorized");
    assert_eq!(reason(r#"["1","1","room:lobby","phx_join",{}]"#), "unmatched topic");
    assert_eq!(reason(r#"["1","2","org:org_halden","hello",{}]"#), "unmatched topic");
}

#[test]
fn a_second_join_is_answered_before_the_first_is_closed() {
    let mut bench = v2();
    bench.say(r#"["1","1","org:org_halden","phx_join",{}]"#);
    let answer = bench.say(r#"["5","5","org:org_halden","phx_join",{}]"#);
    assert_eq!(answer, [ok("5", "5", "org:org_halden"), json!(["1", "1", "org:org_halden", "phx_close", {}])]);
    assert_eq!(
        bench.say(r#"["1","6","org:org_halden","phx_leave",{}]"#),
        Vec::<Value>::new(),
        "the old join is no more"
    );
    let answer = bench.say(r#"["5","7","org:org_halden","phx_leave",{}]"#);
    assert_eq!(answer, [ok("5", "7", "org:org_halden"), json!(["5", "5", "org:org_halden", "phx_close", {}])]);
}

#[test]
fn an_event_without_a_clause_crashes_its_channel() {
    let mut bench = v2();
    bench.say(r#"["1","1","org:org_halden","phx_join",{}]"#);
    assert_eq!(
        bench.say(r#"["1","2","org:org_halden","dance",{}]"#),
        [json!(["1", "1", "org:org_halden", "phx_error", {}])]
    );
    bench.say(r#"["3","3","org:org_halden","phx_join",{}]"#);
    assert_eq!(bench.act(&Action::CrashChannels).1, [json!(["3", "3", "org:org_halden", "phx_error", {}])]);
}

#[test]
fn host_events_are_broadcast_to_the_organisation() {
    let mut bench = v2();
    bench.say(r#"["1","1","org:org_nordwind","phx_join",{}]"#);
    let host = bench.service.hosts.of("org_nordwind").next().unwrap().hostname.clone();
    let (id, heard) = bench.act(&Action::Host { host, online: false });
    let frame = &heard[0];
    assert_eq!((&frame[0], &frame[1], &frame[3]), (&Value::Null, &Value::Null, &json!("host_offline")));
    assert_eq!(frame[4]["host_id"].as_str(), id.as_deref());
    for field in ["hostname", "platform", "os_version", "ip_address"] {
        assert!(frame[4][field].is_string(), "{field}");
    }
    let other = bench.service.hosts.of("org_halden").next().unwrap().id.clone();
    assert_eq!(bench.act(&Action::Host { host: other, online: false }).1, Vec::<Value>::new());
}

fn run(bench: &mut Bench<Hyprwatch>, sql: &str) -> Vec<(u64, Value)> {
    let reply = bench.say(&json!(["1", "9", "query:org_nordwind", "run", { "sql": sql, "target": "all" }]).to_string());
    assert_eq!(reply[0][4]["status"], "ok");
    bench.wait(5_000)
}

#[test]
fn a_query_is_answered_host_by_host_and_completed() {
    let mut bench = v2();
    bench.say(r#"["1","1","query:org_nordwind","phx_join",{}]"#);
    let heard = run(&mut bench, "SELECT * FROM processes LIMIT 10");
    let (complete, results) = heard.split_last().unwrap();
    assert_eq!(results.len(), 24);
    let of = |status: &str| results.iter().filter(|(_, frame)| frame[4]["status"] == status).collect::<Vec<_>>();
    let (success, timeout, error) = (of("success"), of("timeout"), of("error"));
    assert!(success.iter().all(|(_, frame)| frame[4]["rows"].as_array().map(Vec::len) == Some(10) && frame[0] == "1"));
    assert!(success.iter().any(|(after, _)| *after < 500) && success.iter().any(|(after, _)| *after >= 1_000));
    assert!(!timeout.is_empty() && timeout.iter().all(|(after, _)| *after == 3_500));
    assert!(!error.is_empty() && error.iter().all(|(_, frame)| frame[4]["error"].is_string()));
    let summary = &complete.1[4]["summary"];
    assert_eq!(complete.1[3], "complete");
    let counts = [success.len(), timeout.len(), error.len()].map(|count| json!(count));
    assert_eq!([&summary["success"], &summary["timeout"], &summary["error"]], counts.each_ref());
    assert_eq!(summary["total"], 24);
}

#[test]
fn a_query_that_is_not_understood_is_an_error() {
    let mut bench = v2();
    bench.say(r#"["1","1","query:org_nordwind","phx_join",{}]"#);
    let heard = run(&mut bench, "DROP TABLE users");
    assert_eq!(heard.len(), 1);
    assert_eq!((&heard[0].1[3], &heard[0].1[4]["reason"]), (&json!("error"), &json!("near \"DROP\": syntax error")));
}

#[test]
fn a_query_dies_with_its_channel_and_one_target_is_one_host() {
    let mut bench = v2();
    bench.say(r#"["1","1","query:org_nordwind","phx_join",{}]"#);
    let host = bench.service.hosts.of("org_nordwind").next().unwrap().hostname.clone();
    let payload = json!({ "sql": "SELECT * FROM uptime", "target": host });
    bench.say(&json!(["1", "2", "query:org_nordwind", "run", payload]).to_string());
    assert_eq!(bench.wait(5_000).len(), 2);
    bench.say(&json!(["1", "3", "query:org_nordwind", "run", payload]).to_string());
    bench.say(r#"["4","4","query:org_nordwind","phx_join",{}]"#);
    assert_eq!(bench.wait(5_000), []);
}

#[test]
fn a_query_of_somebody_else_is_broadcast() {
    let mut bench = dial(0.0, "");
    bench.say(r#"{"topic":"query:org_halden","event":"phx_join","payload":{},"ref":"1"}"#);
    bench.act(&Action::BroadcastQuery { org: "org_halden".to_owned(), sql: "SELECT * FROM users".to_owned() });
    let heard = bench.wait(5_000);
    assert_eq!(heard.len(), 13);
    assert!(heard.iter().all(|(_, frame)| frame["ref"].is_null()));
}

#[test]
fn pushes_can_be_binary_in_v2() {
    let mut bench = v2();
    bench.say(r#"["1","1","query:org_halden","phx_join",{}]"#);
    bench.act(&Action::BinaryPushes(true));
    bench.say(r#"["1","2","query:org_halden","run",{"sql":"SELECT * FROM uptime","target":"all"}]"#);
    let heard = bench.wait(5_000);
    assert_eq!(heard.len(), 13);
    assert!(heard.iter().all(|(_, frame)| frame.as_str().is_some_and(|frame| frame.contains("Binary"))), "{heard:?}");
}

#[test]
fn an_idle_socket_is_closed_after_a_minute() {
    let mut bench = v2();
    bench.wait(59_000);
    bench.say(r#"[null,"1","phoenix","heartbeat",{}]"#);
    bench.wait(59_999);
    assert_eq!(bench.closing(), None);
    bench.wait(1);
    assert_eq!(bench.closing(), Some(1000));
}

#[test]
fn the_stream_is_the_seed_s() {
    let stream = || {
        let mut bench = dial(20.0, "&vsn=2.0.0");
        bench.say(r#"["1","1","org:org_nordwind","phx_join",{}]"#);
        bench.live(3_000)
    };
    let heard = stream();
    assert_eq!(heard, stream());
    for event in ["host_online", "host_offline", "host_enrolled"] {
        assert!(heard.iter().any(|frame| frame[3] == event), "{event} never happens");
    }
}
