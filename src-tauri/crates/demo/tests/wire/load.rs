//! The load server: what it pours, how much, and how fast.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use demo::load::{Load, LoadServer};
use demo::{DemoFleet, Options};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::client::Client;

/// Connects and subscribes as the protocol wants it.
async fn subscribed(server: &LoadServer) -> Client {
    let service = server.service();
    let mut client = Client::to(service).await;
    match service.protocol {
        "hyprwatch" => client.send(r#"["1","1","org:org_nordwind","phx_join",{}]"#).await,
        "hydra" => client.send(r#"{"action":"subscribe","streams":["signals"]}"#).await,
        "hantera" => {
            client.send(json!({ "type": "auth", "token": service.token.expose_secret() }).to_string()).await;
            let subscriptions = json!([{ "id": "mine", "path": "jobs", "events": ["jobCompleted"] }]);
            client.send(json!({ "type": "subscribeEvents", "subscriptions": subscriptions }).to_string()).await;
        }
        "agenthq" => client.send(r#"{"type":"subscribe","channel":"general"}"#).await,
        _ => {
            for part in service.subscribe.chunks(100) {
                client.send(json!({ "type": "subscribe", "hardwareIds": part }).to_string()).await;
            }
        }
    }
    client
}

/// What only the frames poured have in them.
fn mark(protocol: &str) -> &'static str {
    match protocol {
        "hyprwatch" => "\"host_o",
        "hydra" => "signal_new",
        "hantera" => "eventType",
        "agenthq" => "post.created",
        _ => "device_data",
    }
}

/// More than there are different ones, so that they are gone round.
const FRAMES: u64 = 25_000;

#[tokio::test]
async fn every_protocol_pours_the_frames_asked_for() {
    for protocol in ["hyprwatch", "hydra", "hantera", "agenthq", "iotee"] {
        let load = Load { frames: Some(FRAMES), distinct: 300, ..Load::default() };
        let server = LoadServer::start(protocol, load).await.unwrap();
        let mut client = subscribed(&server).await;
        let mut poured = Vec::new();
        while (poured.len() as u64) < FRAMES {
            let text = client.message().await.unwrap().unwrap().into_text().unwrap();
            if text.contains(mark(protocol)) {
                assert!(!text.contains("~~~") && !text.contains("$$$") && !text.contains("###"), "unstamped: {text}");
                poured.push(text);
            }
        }
        let parsed = |index: usize| serde_json::from_str::<Value>(&poured[index]).unwrap();
        parsed(poured.len() - 1);
        let kinds: HashSet<&str> = poured.iter().map(|text| text.as_str()).collect();
        match protocol {
            "iotee" => {
                let devices: HashSet<&str> = poured.iter().filter_map(|text| text.split('"').nth(7)).collect();
                assert_eq!(devices.len(), 300);
            }
            "hydra" | "agenthq" => assert_eq!(kinds.len(), poured.len(), "no signal and no post comes twice"),
            "hantera" => assert_eq!(parsed(0)["subscriptionIds"], json!(["mine"])),
            _ => assert!(parsed(0)[0].is_null(), "a broadcast"),
        }
        // After the last one the service goes on as it was.
        server.control().send_text(r#"{"type":"after"}"#);
        assert_eq!(client.until_type("after").await["type"], "after");
    }
}

#[tokio::test]
async fn a_pace_is_kept() {
    let load = Load { frames: Some(2_000), rate: Some(5_000), ..Load::default() };
    let server = LoadServer::start("iotee", load).await.unwrap();
    let began = Instant::now();
    let mut client = subscribed(&server).await;
    client.until_type("subscribed").await;
    for _ in 0..2_000 {
        client.until_type("device_data").await;
    }
    let took = began.elapsed();
    assert!(took > Duration::from_millis(330), "2,000 frames at 5,000 a second came in {took:?}");
}

#[tokio::test]
async fn an_unknown_protocol_is_said_so() {
    let error = LoadServer::start("mqtt", Load::default()).await.unwrap_err();
    assert!(error.to_string().contains("mqtt"));
}

#[tokio::test]
async fn a_client_that_does_not_read_costs_a_bounded_queue_and_is_told() {
    // Far more than the socket's buffers and the queue hold.
    let fleet = DemoFleet::start(Options { rate: 500_000, devices: 50, ..Options::default() }).await.unwrap();
    let service = fleet.services().last().unwrap();
    let control = fleet.control("iotee");
    let mut client = Client::to(service).await;
    client.send(json!({ "type": "subscribe", "hardwareIds": service.subscribe }).to_string()).await;
    let began = Instant::now();
    while control.dropped() == 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "nothing was dropped; {} sent", control.sent());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    client.until_type("device_data").await;
}
