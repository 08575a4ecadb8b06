use serde_json::Value;

use super::*;
use crate::wire::bench::{Bench, TOKEN, shared};

fn dial(rate: f64) -> Bench<Hantera> {
    Bench::dial(Hantera::new(shared(), 1, rate), PATH, "").unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

fn authenticated(rate: f64) -> Bench<Hantera> {
    let mut bench = dial(rate);
    let auth = json!({ "type": "auth", "token": TOKEN }).to_string();
    assert_eq!(bench.say(&auth), [json!({ "type": "authenticated" })]);
    bench
}

fn subscribe(bench: &mut Bench<Hantera>, id: &str, path: &str, events: &[&str]) -> Vec<Value> {
    let subscriptions = json!([{ "id": id, "path": path, "events": events }]);
    bench.say(&json!({ "type": "subscribeEvents", "requestId": "r", "subscriptions": subscriptions }).to_string())
}

const JOB_EVENTS: [&str; 4] = ["jobScheduled", "jobStarted", "jobCompleted", "jobFailed"];

#[test]
fn authentication_is_first_right_and_within_ten_seconds() {
    let mut late = dial(0.0);
    let heard = late.wait(20_000);
    assert_eq!((heard[0].0, &heard[0].1["code"]), (10_000, &json!("AUTH_FAILED")));
    assert_eq!(late.closing(), Some(1008));
    for first in [r#"{"type":"auth","token":"wrong"}"#, r#"{"type":"subscribeEvents","subscriptions":[]}"#, "nonsense"]
    {
        let mut bench = dial(0.0);
        assert_eq!(bench.say(first)[0]["code"], "AUTH_FAILED", "{first}");
        assert_eq!(bench.closing(), Some(1008));
    }
}

#[test]
fn pings_come_every_thirty_seconds_and_want_a_pong() {
    let mut bench = authenticated(0.0);
    let heard = bench.wait(30_000);
    assert_eq!(heard, [(30_000, json!({ "type": "ping" }))]);
    bench.wait(10_000);
    bench.say(r#"{"type":"pong"}"#);
    assert_eq!(bench.wait(30_000).len(), 1, "thirty seconds after the pong");
    bench.wait(29_999);
    assert_eq!(bench.closing(), None);
    bench.wait(1);
    assert_eq!(bench.closing(), Some(1008));
}

#[test]
fn a_subscription_is_confirmed_with_its_request() {
    let mut bench = authenticated(0.0);
    let answer = subscribe(&mut bench, "mine", "jobs", &JOB_EVENTS);
    let subscriptions = json!([{ "id": "mine", "path": "jobs", "events": JOB_EVENTS }]);
    assert_eq!(answer, [json!({ "type": "subscribedEvents", "requestId": "r", "subscriptions": subscriptions })]);
    assert_eq!(subscribe(&mut bench, "mine", "jobs", &JOB_EVENTS)[0]["code"], "DUPLICATE_ID");
}

#[test]
fn what_cannot_be_subscribed_to_is_an_error_with_the_request() {
    let mut bench = authenticated(0.0);
    let error = subscribe(&mut bench, "a", "invalid/path", &["jobFailed"]);
    let message = "Unknown resource path: invalid/path";
    assert_eq!(error, [json!({ "type": "error", "code": "INVALID_PATH", "message": message, "requestId": "r" })]);
    assert_eq!(subscribe(&mut bench, "a", "jobs", &["actorCheckpoint"])[0]["code"], "INVALID_EVENT");
    for incomplete in [
        json!({ "path": "jobs", "events": [] }),
        json!({ "id": "a", "events": [] }),
        json!({ "id": "a", "path": "jobs" }),
    ] {
        let frame = json!({ "type": "subscribeEvents", "subscriptions": [incomplete] }).to_string();
        assert_eq!(bench.say(&frame)[0]["code"], "INVALID_MESSAGE");
    }
}

#[test]
fn a_failed_job_is_told_once_to_all_its_subscriptions() {
    let mut bench = authenticated(0.0);
    subscribe(&mut bench, "all", "jobs", &JOB_EVENTS);
    subscribe(&mut bench, "failures", "jobs", &["jobFailed"]);
    subscribe(&mut bench, "other", "jobs/some-other-job", &JOB_EVENTS);
    let (id, heard) = bench.act(&Action::FailJob { definition: "export-ledger".to_owned() });
    let kinds: Vec<&Value> = heard.iter().map(|frame| &frame["eventType"]).collect();
    assert_eq!(kinds, ["jobScheduled", "jobStarted", "jobFailed"]);
    let failed = &heard[2];
    assert_eq!(failed["subscriptionIds"], json!(["all", "failures"]));
    assert_eq!((failed["path"].as_str(), failed["data"]["jobId"].as_str()), (Some("jobs"), id.as_deref()));
    assert_eq!(failed["data"]["jobDefinitionId"], "export-ledger");
    assert!(failed["data"]["finishedAt"].is_string() && failed["data"]["elapsedMs"].is_number());
    bench.say(r#"{"type":"unsubscribeEvents","ids":["all","failures"]}"#);
    assert_eq!(bench.act(&Action::FailJob { definition: "export-ledger".to_owned() }).1, Vec::<Value>::new());
}

#[test]
fn paths_choose_what_is_told() {
    let mut bench = authenticated(200.0);
    subscribe(&mut bench, "one", "job-definitions/send-receipt", &["jobStatistics"]);
    subscribe(&mut bench, "skus", "actors/skus", &["actorCheckpoint"]);
    let heard = bench.live(500);
    let (statistics, checkpoints): (Vec<_>, Vec<_>) =
        heard.iter().partition(|frame| frame["path"] == "job-definitions");
    assert!(statistics.len() >= 4 && statistics.iter().all(|frame| frame["data"]["jobDefinitionId"] == "send-receipt"));
    assert!(statistics.iter().any(|frame| frame["data"]["completed"].as_u64() > Some(0)));
    assert!(checkpoints.len() > 10 && checkpoints.iter().all(|frame| frame["data"]["actorType"] == "skus"));
    let actor = checkpoints[0]["data"]["actorId"].as_str().unwrap_or_default().to_owned();
    bench.say(r#"{"type":"unsubscribeEvents","ids":["one","skus"]}"#);
    subscribe(&mut bench, "actor", &format!("actors/skus/{actor}"), &["actorCheckpoint"]);
    let heard = bench.live(3_000);
    assert!(!heard.is_empty() && heard.iter().all(|frame| frame["data"]["actorId"] == actor.as_str()));
}

#[test]
fn the_stream_is_the_seed_s() {
    let run = || {
        let mut bench = authenticated(100.0);
        subscribe(&mut bench, "j", "jobs", &JOB_EVENTS);
        subscribe(&mut bench, "a", "actors", &["actorCheckpoint"]);
        bench.live(1_000)
    };
    let heard = run();
    assert!(heard.len() > 1_000);
    assert_eq!(heard, run());
}

#[test]
fn a_live_query_loads_in_chunks_and_is_capped_at_its_limit() {
    let mut bench = authenticated(0.0);
    let heard =
        bench.say(r#"{"type":"createLiveQuery","id":"all","query":{"edge":"orders","orderBy":"createdAt desc"}}"#);
    assert_eq!((&heard[0]["type"], &heard[0]["capped"]), (&json!("liveQueryCreated"), &json!(true)));
    assert!(heard[0]["totalCount"].as_u64() > Some(1_000));
    let chunks = &heard[1..];
    let nodes: Vec<&Value> = chunks.iter().flat_map(|chunk| chunk["data"].as_array().unwrap()).collect();
    assert_eq!(nodes.len(), live_query::LIMIT);
    assert!(nodes.windows(2).all(|pair| pair[0]["createdAt"].as_str() >= pair[1]["createdAt"].as_str()));
    let more: Vec<&Value> = chunks.iter().map(|chunk| &chunk["hasMore"]).collect();
    assert!(more.iter().rev().skip(1).all(|more| **more == true) && more.last() == Some(&&json!(false)));
}

#[test]
fn a_live_query_follows_its_nodes_and_ends() {
    let mut bench = authenticated(500.0);
    let create = r#"{"type":"createLiveQuery","id":"lq","query":{"edge":"orders","filter":"status == 'processing'"}}"#;
    let loaded = bench.say(create);
    let total = loaded[0]["totalCount"].as_u64().unwrap_or_default();
    assert!((50..1_000).contains(&total) && loaded[0]["capped"] == false);
    let id = |node: &Value| node["id"].as_str().unwrap_or_default().to_owned();
    let mut tracked: std::collections::HashMap<String, Value> = loaded[1..]
        .iter()
        .flat_map(|chunk| chunk["data"].as_array().unwrap().clone())
        .map(|node| (id(&node), node))
        .collect();
    let (mut added, mut updated, mut removed) = (0, 0, 0);
    for frame in bench.live(1_000) {
        let node = frame["nodeId"].as_str().unwrap_or_default().to_owned();
        match frame["type"].as_str() {
            Some("liveQueryAddedNode") => {
                added += 1;
                assert!(tracked.insert(node, frame["data"].clone()).is_none());
            }
            Some("liveQueryUpdatedNode") => {
                updated += 1;
                assert!(tracked.insert(node, frame["data"].clone()).is_some());
            }

            Some("liveQueryRemovedNode") => {
                removed += 1;
                assert!(tracked.remove(&node).is_some());
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(added > 20 && updated > 20 && removed > 20, "{added} added, {updated} updated, {removed} removed");
    assert_eq!(
        bench.say(r#"{"type":"destroyLiveQuery","id":"lq"}"#),
        [json!({ "type": "liveQueryDestroyed", "id": "lq" })]
    );
    let again = bench.say(create);
    let now: std::collections::HashMap<String, Value> = again[1..]
        .iter()
        .flat_map(|chunk| chunk["data"].as_array().unwrap().clone())
        .map(|node| (id(&node), node))
        .collect();
    assert_eq!(tracked, now, "what was followed is what there is");
}

#[test]
fn a_live_query_of_jobs_sees_them_fail() {
    let mut bench = authenticated(0.0);
    bench.say(r#"{"type":"createLiveQuery","id":"f","query":{"edge":"jobs","filter":"state == 'failed'"}}"#);
    let (id, heard) = bench.act(&Action::FailJob { definition: "poll-carriers".to_owned() });
    assert_eq!(heard.len(), 1);
    assert_eq!((&heard[0]["type"], heard[0]["nodeId"].as_str()), (&json!("liveQueryAddedNode"), id.as_deref()));
    for wrong in [
        r#"{"type":"createLiveQuery","id":"g","query":{"edge":"nonsense"}}"#,
        r#"{"type":"createLiveQuery","id":"g","query":{"edge":"jobs","filter":"???"}}"#,
        r#"{"type":"createLiveQuery","id":"g"}"#,
    ] {
        assert_eq!(bench.say(wrong)[0]["code"], "INVALID_QUERY", "{wrong}");
    }
}

#[test]
fn a_slow_client_is_told_what_it_lost() {
    let mut bench = authenticated(0.0);
    subscribe(&mut bench, "mine", "jobs", &["jobFailed"]);
    while bench.out.offer("x".into()) {}
    let fail = Action::FailJob { definition: "send-receipt".to_owned() };
    for _ in 0..5 {
        let mut events = Vec::new();
        bench.service.act(&fail, bench.now, &mut events);
        events.iter().for_each(|event| Hantera::deliver(&mut bench.session, event, 0, &mut bench.out));
    }
    bench.heard();
    let (_, heard) = bench.act(&fail);
    let message = "5 events dropped for subscription 'mine' due to slow consumption";
    let warning = json!({ "type": "warning", "code": "QUEUE_OVERFLOW", "message": message, "subscriptionId": "mine" });
    assert_eq!((&heard[0], &heard[1]["eventType"]), (&warning, &json!("jobFailed")));
    assert_eq!(bench.act(&Action::Overflow { count: 7 }).1[0]["code"], "QUEUE_OVERFLOW");
}
