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
        _ => client.send(json!({ "type": "subscribe", "hardwareIds": service.subscribe }).to_string()).await,
    }
    client
}

/// Whether the frame is one of those poured.
fn is_load(protocol: &str, frame: &Value) -> bool {
    match protocol {
        "hyprwatch" => frame[3].as_str().is_some_and(|event| event.starts_with("host_")),
        "hydra" => frame["type"] == "signal_new",
        "hantera" => frame["type"] == "event",
        "agenthq" => frame["type"] == "post.created",
        _ => frame["type"] == "device_data",
    }
}

#[tokio::test]
async fn every_protocol_pours_the_frames_asked_for() {
    for protocol in ["hyprwatch", "hydra", "hantera", "agenthq", "iotee"] {
        let load = Load { frames: Some(50_000), distinct: 300, ..Load::default() };
        let server = LoadServer::start(protocol, load).await.unwrap();
        let mut client = subscribed(&server).await;
        let mut poured = Vec::new();
        while poured.len() < 50_000 {
            let frame = client.json().await;
            if is_load(protocol, &frame) {
                poured.push(frame);
            }
        }
        let text = json!(poured[..1_000]).to_string() + &json!(poured[49_000..]).to_string();
        assert!(!text.contains("~~~") && !text.contains("$$$") && !text.contains("###"), "{protocol}: unstamped");
        match protocol {
            "iotee" => {
                let devices: HashSet<&str> = poured.iter().filter_map(|frame| frame["hardwareId"].as_str()).collect();
                assert_eq!(devices.len(), 300);
            }
            "hydra" => {
                let ids: HashSet<&str> = poured.iter().filter_map(|frame| frame["data"]["id"].as_str()).collect();
                assert_eq!(ids.len(), 50_000, "no signal comes twice");
            }
            "hantera" => assert_eq!(poured[0]["subscriptionIds"], json!(["mine"])),
            _ => {}
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
    let mut client = subscribed(&server).await;
    client.until_type("subscribed").await;
    let began = Instant::now();
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
    let fleet = DemoFleet::start(Options { rate: 2_000_000, devices: 50, ..Options::default() }).await.unwrap();
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
