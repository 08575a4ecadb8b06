//! HTTP sides that misbehave, and requests that no client should make.

use std::time::{Duration, Instant};

use demo::{Control, DemoFleet, HttpFault, Options, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::Client;
use crate::http::Http;

async fn locks() -> (DemoFleet, Service, Control) {
    let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
    let service = fleet.services().last().unwrap().clone();
    let control = fleet.control("iotee").clone();
    control.use_locks(25);
    (fleet, service, control)
}

#[tokio::test]
async fn every_fault_is_felt_and_passes() {
    let (_fleet, service, control) = locks().await;
    let http = Http::to(&service);
    let retry_after = Duration::from_millis(1_500);
    for (fault, status) in [
        (HttpFault::Refused, 401),
        (HttpFault::Absent, 404),
        (HttpFault::TooMany { retry_after }, 429),
        (HttpFault::Broken, 500),
        (HttpFault::NotJson, 200),
    ] {
        control.http_fault_times(fault, 1);
        let answer = http.get("/lock-events").await;
        assert_eq!(answer.status, status, "{fault:?}");
        assert_eq!(answer.retry_after.as_deref(), (status == 429).then_some("2"));
        assert_eq!(answer.body.is_string(), fault == HttpFault::NotJson, "{fault:?}");
        assert!(http.get("/lock-events").await.body["events"].is_array(), "{fault:?} has passed");
    }
    control.http_fault(HttpFault::CutBody);
    for _ in 0..3 {
        assert!(http.try_get("/lock-events").await.is_err(), "half a body is an error");
    }
    control.http_fault(HttpFault::Slow(Duration::from_millis(200)));
    let began = Instant::now();
    assert_eq!(http.get("/lock-events").await.status, 200);
    assert!(began.elapsed() >= Duration::from_millis(200));
    control.http_well();
    assert_eq!(http.get("/lock-events").await.status, 200);
    assert_eq!(control.requests(), 15);
    Client::to(&service).await.until_type("connected").await;
}

#[tokio::test]
async fn pages_that_repeat_events_lose_none() {
    let (_fleet, service, control) = locks().await;
    control.http_fault(HttpFault::RepeatedEvents);
    let http = Http::to(&service);
    let mut ids = Vec::new();
    loop {
        let body = http.get(&format!("/lock-events?limit=10&offset={}", ids.len())).await.body;
        let page = body["events"].as_array().unwrap().clone();
        ids.extend(page.iter().map(|event| event["event_id"].as_str().unwrap().to_owned()));
        if page.len() < 10 {
            break;
        }
    }
    assert_eq!(ids.len(), 30, "five of them twice");
    assert_eq!(ids[5..10], ids[10..15]);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 25);
}

#[tokio::test]
async fn every_list_repeats_events_and_loses_none() {
    let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
    let mut made = [Vec::new(), Vec::new(), fleet.control("hantera").fail_jobs("export-ledger", 25)];
    for _ in 0..25 {
        made[0].push(fleet.control("hydra").signal(3).unwrap());
        made[1].push(fleet.control("agenthq").post("general").unwrap());
    }
    for (protocol, made) in ["hydra", "agenthq", "hantera"].into_iter().zip(&mut made) {
        fleet.control(protocol).http_fault(HttpFault::RepeatedEvents);
        let service = fleet.services().iter().find(|service| service.protocol == protocol).unwrap();
        let http = Http::to(service);
        let mut ids: Vec<String> = Vec::new();
        loop {
            let (page, offset) = (ids.len() / 10 + 1, ids.len());
            let list = match protocol {
                "hydra" => http.get(&format!("/v1/streams/signals?limit=10&offset={offset}")).await.body["data"].take(),
                "agenthq" => http.get(&format!("/api/v1/posts?limit=10&page={page}")).await.body["data"].take(),
                _ => {
                    let query = format!(r#"[{{"edge":"jobs","orderBy":"id","limit":10,"offset":{offset}}}]"#);
                    http.post("/resources/graph", "application/json", &query).await.body["jobs"].take()
                }
            };
            let id = |item: &serde_json::Value| {
                let id = item.pointer("/data/id").or_else(|| item.get("id"));
                id.and_then(|id| id.as_str()).unwrap().to_owned()
            };
            let part: Vec<String> = list.as_array().unwrap().iter().map(id).collect();
            ids.extend_from_slice(&part);
            if part.len() < 10 {
                break;
            }
        }
        assert_eq!(ids.len(), 30, "{protocol}: five of them twice");
        ids.sort_unstable();
        ids.dedup();
        made.sort_unstable();
        assert_eq!(&ids, made, "{protocol}");
    }
}

#[tokio::test]
async fn what_was_asked_is_remembered_without_secrets() {
    let (_fleet, service, control) = locks().await;
    Http::to(&service).get("/lock-events?hardware_id=ABC123&api_key=k-secret").await;
    Http::with(&service, "t-secret").get("/devices").await;
    let shown: Vec<String> = control.last_requests().iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["GET /lock-events?hardware_id=ABC123&api_key=*** 200", "GET /devices 401"]);
}

#[tokio::test]
async fn http_connections_are_dropped_with_the_others() {
    let (_fleet, service, control) = locks().await;
    let http = Http::to(&service);
    control.http_fault(HttpFault::Slow(Duration::from_secs(60)));
    let waiting = tokio::spawn(async move { http.try_get("/devices").await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    control.drop_all();
    assert!(waiting.await.unwrap().is_err());
    assert_eq!(control.connections(), 0);
}

/// Sends bytes and reads to the end.
async fn raw(service: &Service, bytes: &[u8]) -> String {
    let address = service.http.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn broken_requests_are_refused_and_end_the_connection() {
    let (_fleet, service, _control) = locks().await;
    for (request, status) in [
        ("\u{16}\u{3}\u{1} hello\r\n\r\n", 400),
        ("GET /devices HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        ("POST /devices HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("POST /devices HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        ("GET /realtime HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", 400),
        ("GET /devices HTTP/1.0\r\n\r\n", 401),
        ("GET /devices HTTP/1.1\r\nConnection: close\r\n\r\n", 401),
    ] {
        let answer = raw(&service, request.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?}: {answer}");
    }
}

#[tokio::test]
async fn requests_on_one_connection_are_answered_one_after_the_other() {
    let (_fleet, service, control) = locks().await;
    let request = "GET /devices HTTP/1.1\r\n\r\n";
    let last = "GET /lock-events HTTP/1.1\r\nConnection: close\r\n\r\n";
    let answer = raw(&service, format!("{request}{request}{last}").as_bytes()).await;
    assert_eq!(answer.matches("HTTP/1.1 401 Unauthorized\r\n").count(), 3);
    let targets: Vec<String> = control.last_requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["/devices", "/devices", "/lock-events"]);
}
