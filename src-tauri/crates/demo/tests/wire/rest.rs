//! The HTTP sides over real sockets: what each endpoint answers, and that it is what the stream said.

use std::time::Duration;

use demo::{Control, DemoFleet, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, Options, Service};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::client::Client;
use crate::http::Http;

async fn quiet(protocol: &str) -> (DemoFleet, Service, Control) {
    with(protocol, Options { rate: 0, ..Options::default() }).await
}

async fn with(protocol: &str, options: Options) -> (DemoFleet, Service, Control) {
    let fleet = DemoFleet::start(options).await.unwrap();
    let service = fleet.services().iter().find(|service| service.protocol == protocol).unwrap().clone();
    let control = fleet.control(protocol).clone();
    (fleet, service, control)
}

/// A client that hears of everything.
async fn listening(service: &Service) -> Client {
    let mut client = Client::to(service).await;
    match service.protocol {
        "hydra" => {
            client.send(r#"{"action":"subscribe","streams":["*"]}"#).await;
            client.until_type("subscribed").await;
        }
        "hantera" => {
            client.send(json!({ "type": "auth", "token": service.token.expose_secret() }).to_string()).await;
            let events = ["jobScheduled", "jobStarted", "jobCompleted", "jobFailed"];
            let subscriptions = json!([{ "id": "jobs", "path": "jobs", "events": events }]);
            client.send(json!({ "type": "subscribeEvents", "subscriptions": subscriptions }).to_string()).await;
            client.until_type("subscribedEvents").await;
        }
        "agenthq" => {
            client.send(r#"{"type":"subscribe","channel":"general"}"#).await;
            client.send(r#"{"type":"heartbeat"}"#).await;
            client.until_type("heartbeat_ack").await;
        }
        _ => {
            client.send(json!({ "type": "subscribe", "hardwareIds": service.subscribe }).to_string()).await;
            client.until_type("subscribed").await;
        }
    }
    client
}

fn texts(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

/// A frame of the device service as the log has it.
fn as_logged(frame: &Value) -> Value {
    let mut event = json!({
        "event_id": frame["eventId"], "hardware_id": frame["hardwareId"], "timestamp": frame["timestamp"],
        "event": if frame["type"] == "device_locked" { "lock" } else { "unlock" }, "source": frame["source"],
    });
    if frame["code"].is_string() {
        event["code"] = frame["code"].clone();
    }
    event
}

#[tokio::test]
async fn a_wrong_token_is_refused_by_every_http_side() {
    let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
    let targets =
        ["/api/v1/hosts", "/v1/streams/signals", "/resources/jobs/x", "/api/v1/agents", "/devices?hardware_ids=ABC123"];
    for (service, target) in fleet.services().iter().zip(targets) {
        let control = fleet.control(service.protocol);
        assert_eq!(Http::with(service, "wrong").get(target).await.status, 401, "{target}");
        control.refuse_tokens(true);
        assert_eq!(Http::to(service).get(target).await.status, 401, "{target}");
        control.refuse_tokens(false);
        assert_eq!(Http::to(service).get("/nothing/here").await.status, 404, "{target}");
        assert_eq!((control.requests(), control.dials()), (3, 0), "requests are no dials");
    }
}

#[tokio::test]
async fn devices_are_as_they_are() {
    let (_fleet, service, control) = quiet("iotee").await;
    control.device_offline("DEF456").unwrap();
    control.unlock("ABC123", "remote").unwrap();
    let http = Http::to(&service);
    let body = http.get("/devices?hardware_ids=ABC123,NOPE&hardware_ids=DEF456").await.body;
    assert_eq!(texts(&body["devices"], "hardware_id"), ["ABC123", "DEF456"]);
    let [first, second] = [&body["devices"][0], &body["devices"][1]];
    assert_eq!((&first["is_online"], &second["is_online"]), (&json!(true), &json!(false)));
    assert!(
        matches!(first["attributes"]["lock_status"].as_f64(), Some(0.0)) || first["attributes"]["lock_status"] == false
    );
    for field in ["lat", "long", "speed", "battery_voltage"] {
        assert!(first["attributes"][field].is_number(), "{field}: {first}");
    }
    assert!(!first["name"].as_str().unwrap().is_empty());
    let page = http.get("/devices?limit=30&offset=190").await.body;
    assert_eq!(page["devices"].as_array().unwrap().len(), 10);
    assert_eq!(page["pagination"], json!({ "limit": 30, "offset": 190, "returned": 10, "total": 200 }));
    let long = format!("/devices?hardware_ids={}", "ABC123,".repeat(2_000));
    assert_eq!(http.get(&long).await.status, 414);
}

#[tokio::test]
async fn lock_events_are_those_of_the_stream_to_the_millisecond() {
    let (_fleet, service, control) = with("iotee", Options { rate: 5_000, devices: 3_000, ..Options::default() }).await;
    let mut client = listening(&service).await;
    let mut heard = Vec::new();
    while heard.len() < 8 {
        heard.push(as_logged(&client.until(|frame| frame["eventId"].is_string()).await));
    }
    control.unlock("ABC123", "rfid").unwrap();
    heard.push(as_logged(&client.until(|frame| frame["code"].is_string() && frame["hardwareId"] == "ABC123").await));
    let from = heard[0]["timestamp"].as_str().unwrap();
    let body = Http::to(&service).get(&format!("/lock-events?from={from}&limit=1000")).await.body;
    let logged = body["events"].as_array().unwrap();
    for event in &heard {
        assert_eq!(logged.iter().filter(|other| *other == event).count(), 1, "{event}");
    }
    let to = heard[8]["timestamp"].as_str().unwrap();
    let one = Http::to(&service).get(&format!("/lock-events?hardware_id=ABC123&from={to}&to={to}")).await.body;
    assert!(one["events"].as_array().unwrap().contains(&heard[8]));
    assert!(texts(&one["events"], "hardware_id").iter().all(|id| id == "ABC123"));
    assert_eq!(Http::to(&service).get("/lock-events?from=yesterday").await.status, 400);
}

#[tokio::test]
async fn lock_events_happen_and_are_kept_while_nobody_can_listen() {
    let (_fleet, service, control) = quiet("iotee").await;
    let mut client = listening(&service).await;
    let first = control.use_locks(3);
    for id in &first {
        assert_eq!(client.json().await["eventId"], id.as_str());
    }
    control.drop_all();
    let second = control.use_locks(250);
    control.stop().await;
    let third = control.use_locks(250);
    assert!(Http::to(&service).try_get("/lock-events").await.is_err(), "a stopped service answers nothing");
    control.start().await;
    let fourth = control.use_locks(2);
    let http = Http::to(&service);
    let mut kept = Vec::new();
    loop {
        let body = http.get(&format!("/lock-events?limit=100&offset={}", kept.len())).await.body;
        kept.extend(texts(&body["events"], "event_id"));
        if body["pagination"]["returned"].as_u64().unwrap() < 100 {
            break;
        }
    }
    assert_eq!(kept, [first, second, third, fourth].concat());
}

#[tokio::test]
async fn no_two_runs_share_an_id() {
    let (_fleet, _, first) = quiet("iotee").await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let (_other, _, second) = quiet("iotee").await;
    let ids = first.use_locks(20);
    assert!(second.use_locks(20).iter().all(|id| !ids.contains(id)), "{ids:?}");
    let (_fleet, _, third) = quiet("hantera").await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let (_other, _, fourth) = quiet("hantera").await;
    assert_ne!(third.fail_job("export-ledger"), fourth.fail_job("export-ledger"));
}

#[tokio::test]
async fn the_world_of_the_devices_goes_on_while_the_service_is_stopped() {
    let (_fleet, service, control) = with("iotee", Options { rate: 5_000, devices: 3_000, ..Options::default() }).await;
    control.stop().await;
    let count = async || {
        control.start().await;
        let body = Http::to(&service).get("/lock-events?limit=1000").await.body;
        control.stop().await;
        body["events"].as_array().unwrap().len()
    };
    let before = count().await;
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if count().await > before {
            return;
        }
    }
    panic!("nobody used a lock for ten seconds");
}

#[tokio::test]
async fn a_fleet_of_five_thousand_goes_and_comes_back_in_a_moment() {
    let (_fleet, service, control) = with("iotee", Options { rate: 0, devices: 6_000, ..Options::default() }).await;
    let mut client = listening(&service).await;
    for (online, ids) in [(false, control.outage(5_000)), (true, control.outage_ends(9_000))] {
        assert_eq!(ids.len(), if online { 6_000 } else { 5_000 });
        let mut times = std::collections::HashSet::new();
        for id in &ids {
            let frame = client.json().await;
            assert_eq!((&frame["type"], &frame["hardwareId"]), (&json!("device_status"), &json!(id)));
            assert_eq!(frame["payload"]["is_online"], online);
            times.insert(frame["timestamp"].to_string());
        }
        assert_eq!(times.len(), 1, "all in one moment");
    }
}

#[tokio::test]
async fn jobs_are_asked_of_the_graph_as_the_stream_told_of_them() {
    let (_fleet, service, control) = quiet("hantera").await;
    let mut client = listening(&service).await;
    let failed = control.fail_jobs("export-ledger", 5);
    let completed = control.complete_job("send-receipt").unwrap();
    let mut events = Vec::new();
    while events.len() < 18 {
        events.push(client.json().await);
    }
    let http = Http::to(&service);
    let fields = ["jobId", "state", "scheduledAt", "startedAt", "finishedAt", "elapsedMs", "jobDefinitionId", "error"];
    let ask = |filter: &str, limit: usize| {
        let query = json!([{
            "edge": "jobs", "filter": filter, "orderBy": "finishedAt", "limit": limit, "node": { "fields": fields },
        }]);
        let http = http.clone();
        async move { http.post("/resources/graph", "application/json", &query.to_string()).await }
    };
    let jobs = ask("state == 'failed' or state == 'completed'", 100).await.body["jobs"].clone();
    assert_eq!(jobs.as_array().unwrap().len(), 6);
    for job in jobs.as_array().unwrap() {
        assert_eq!(job.as_object().unwrap().len(), fields.len());
        let told = |kind: &str| {
            let of = |event: &&Value| event["eventType"] == kind && event["data"]["jobId"] == job["jobId"];
            events.iter().find(of).map(|event| event["data"].clone())
        };
        assert_eq!(told("jobScheduled").unwrap()["scheduledAt"], job["scheduledAt"]);
        assert_eq!(told("jobStarted").unwrap()["startedAt"], job["startedAt"]);
        let end = told("jobFailed").or_else(|| told("jobCompleted")).unwrap();
        for field in ["finishedAt", "elapsedMs", "error", "jobDefinitionId"] {
            assert_eq!(end[field], job[field], "{field}");
        }
    }
    let found: Vec<String> = texts(&ask("jobDefinitionId == 'export-ledger'", 100).await.body["jobs"], "jobId");
    assert_eq!(found.len(), 5);
    assert!(failed.iter().all(|id| found.contains(id)));
    let after = jobs[5]["finishedAt"].as_str().unwrap();
    let none = ask(&format!("finishedAt > '{after}' and startedAt >= '2000-01-01T00:00:00Z'"), 100).await;
    assert_eq!(none.body["jobs"], json!([]));
    assert_eq!(ask("", 2).await.body["jobs"].as_array().unwrap().len(), 2);
    let two = json!([
        { "edge": "jobs", "alias": "mine", "orderBy": "finishedAt desc", "limit": 3, "offset": 4 },
        { "edge": "orders", "limit": 1 },
    ]);
    let two = http.post("/resources/graph", "application/json", &two.to_string()).await.body;
    assert_eq!((two["mine"].as_array().unwrap().len(), two["orders"].as_array().unwrap().len()), (2, 1));
    assert_eq!(ask("state ==", 2).await.status, 400);
    assert_eq!(http.post("/resources/graph", "application/json", "{").await.status, 400);
    let one = http.get(&format!("/resources/jobs/{completed}")).await.body;
    assert_eq!((&one["jobId"], &one["state"]), (&json!(completed), &json!("completed")));
    assert_eq!(http.get("/resources/jobs/none").await.status, 404);
}

#[tokio::test]
async fn a_client_of_the_job_service_fetches_its_token() {
    let (_fleet, service, _control) = quiet("hantera").await;
    let http = Http::with(&service, "none");
    let ask = |id: &str, secret: &str, grant: &str| {
        let (http, body) = (http.clone(), format!("grant_type={grant}&client_id={id}&client_secret={secret}"));
        async move { http.post("/oauth/token", "application/x-www-form-urlencoded", &body).await }
    };
    let answer = ask(OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, "client_credentials").await;
    assert_eq!((answer.status, &answer.body["token_type"]), (200, &json!("Bearer")));
    let token = answer.body["access_token"].as_str().unwrap();
    assert_eq!(Http::with(&service, token).get("/resources/jobs/none").await.status, 404);
    let mut client = Client::to(&service).await;
    client.send(json!({ "type": "auth", "token": token }).to_string()).await;
    client.until_type("authenticated").await;
    let wrong = ask(OAUTH_CLIENT_ID, "wrong", "client_credentials").await;
    assert_eq!((wrong.status, &wrong.body["error"]), (401, &json!("invalid_client")));
    assert_eq!(ask(OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, "password").await.status, 400);
}

#[tokio::test]
async fn the_past_of_a_stream_is_what_it_sent() {
    let (_fleet, service, control) = quiet("hydra").await;
    let mut client = listening(&service).await;
    for severity in [1, 5, 3, 2, 4] {
        control.signal(severity).unwrap();
    }
    let mut sent = Vec::new();
    while sent.len() < 5 {
        sent.push(client.json().await);
    }
    let alert = control.issue_alert().unwrap();
    control.clear_alert(&alert).unwrap();
    let http = Http::to(&service);
    let body = http.get("/v1/streams/signals?since=1h").await.body;
    assert_eq!(body["data"].as_array().unwrap(), &sent);
    assert_eq!(body["meta"], json!({ "total": 5, "limit": 50, "offset": 0, "hasMore": false }));
    let page = http.get("/v1/streams/signals?limit=2&offset=2").await.body;
    assert_eq!((page["data"].as_array().unwrap().as_slice(), &page["meta"]["hasMore"]), (&sent[2..4], &json!(true)));
    let alerts = http.get("/v1/streams/alerts?type=alert_cleared").await.body;
    assert_eq!(alerts["data"][0]["data"]["id"], alert.as_str());
    assert_eq!(alerts["meta"]["total"], 1);
    let none = http.get("/v1/streams/signals?since=2100-01-01T00:00:00Z").await.body;
    assert_eq!(none["data"], json!([]));
    for (target, status) in [("vessels", 403), ("nonsense", 404), ("signals?since=1734431400000", 400)] {
        assert_eq!(http.get(&format!("/v1/streams/{target}")).await.status, status, "{target}");
    }
}

#[tokio::test]
async fn agents_channels_posts_and_tasks_come_in_pages() {
    let (_fleet, service, control) = quiet("agenthq").await;
    let mut client = listening(&service).await;
    control.agent_offline("agent-03").unwrap();
    client.until_type("agent.offline").await;
    let mut posts = Vec::new();
    for _ in 0..5 {
        control.post("general").unwrap();
        posts.insert(0, client.until_type("post.created").await["data"].clone());
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    control.post("deploys").unwrap();
    let http = Http::to(&service);
    let agents = http.get("/api/v1/agents?limit=100").await.body;
    assert_eq!((&agents["success"], agents["data"].as_array().unwrap().len()), (&json!(true), 18));
    let away = agents["data"].as_array().unwrap().iter().find(|agent| agent["id"] == "agent-03").unwrap();
    assert_eq!(away["status"], "offline");
    assert_eq!(texts(&http.get("/api/v1/channels").await.body["data"], "id"), service.subscribe);
    let body = http.get("/api/v1/posts?channel_id=general&limit=100").await.body;
    assert_eq!(body["data"].as_array().unwrap(), &posts, "the newest first");
    assert_eq!(body["pagination"], json!({ "page": 1, "limit": 100, "total": 5, "hasMore": false }));
    let since = posts[1]["created_at"].as_str().unwrap();
    let newest = http.get(&format!("/api/v1/posts?channel_id=general&since={since}")).await.body;
    assert_eq!(newest["data"].as_array().unwrap().as_slice(), &posts[..2]);
    let second = http.get("/api/v1/posts?channel_id=general&limit=2&page=2").await.body;
    assert_eq!(second["data"].as_array().unwrap().as_slice(), &posts[2..4]);
    assert_eq!(second["pagination"]["hasMore"], true);
    assert_eq!(http.get("/api/v1/posts?since=then").await.status, 400);
    assert_eq!(http.get("/api/v1/tasks").await.body["data"], json!([]));
}

#[tokio::test]
async fn edited_posts_and_tasks_are_as_their_last_event_said() {
    let (_fleet, service, _control) = with("agenthq", Options { rate: 20_000, ..Options::default() }).await;
    let mut client = listening(&service).await;
    let edited = client.until_type("post.updated").await["data"].clone();
    assert!(edited["created_at"].as_str() < edited["updated_at"].as_str(), "{edited}");
    let task = client.until_type("task:updated").await["data"]["task"].clone();
    let http = Http::to(&service);
    let mut found = None;
    for page in 1..=50 {
        let body = http.get(&format!("/api/v1/posts?channel_id=general&limit=100&page={page}")).await.body;
        found = body["data"].as_array().unwrap().iter().find(|post| post["id"] == edited["id"]).cloned();
        if found.is_some() {
            break;
        }
    }
    assert_eq!(found, Some(edited));
    let tasks = http.get("/api/v1/tasks?limit=100").await.body;
    assert!(texts(&tasks["data"], "id").contains(&task["id"].as_str().unwrap().to_owned()));
}

#[tokio::test]
async fn hosts_are_listed_a_hundred_times_a_minute() {
    let (_fleet, service, control) = quiet("hyprwatch").await;
    let http = Http::to(&service);
    let body = http.get("/api/v1/hosts").await.body;
    assert_eq!(body["data"].as_array().unwrap().len(), 36);
    let host = body["data"][0]["hostname"].as_str().unwrap();
    control.host_offline(host).unwrap();
    let body = http.get("/api/v1/hosts").await.body;
    assert_eq!((&body["data"][0]["hostname"], &body["data"][0]["status"]), (&json!(host), &json!("offline")));
    for _ in 2..100 {
        assert_eq!(http.get("/api/v1/hosts").await.status, 200);
    }
    let refused = http.get("/api/v1/hosts").await;
    assert_eq!(refused.status, 429);
    let seconds: u64 = refused.retry_after.unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}
