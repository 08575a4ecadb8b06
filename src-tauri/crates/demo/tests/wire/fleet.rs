//! The five services together: addresses, configuration, life and end.

use demo::{DemoFleet, Options, StartError};
use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn all_five_are_live_and_tell_of_their_world() {
    let fleet = DemoFleet::start(Options { rate: 2_000, ..Options::default() }).await.unwrap();
    let protocols: Vec<&str> = fleet.services().iter().map(|service| service.protocol).collect();
    assert_eq!(protocols, ["hyprwatch", "hydra", "hantera", "agenthq", "iotee"]);
    for service in fleet.services() {
        let mut client = Client::to(service).await;
        match service.protocol {
            "hyprwatch" => {
                client.send(r#"["1","1","org:org_nordwind","phx_join",{}]"#).await;
                client.send(r#"["2","2","org:org_halden","phx_join",{}]"#).await;
                client.until(|frame| frame[3].as_str().is_some_and(|event| event.starts_with("host_"))).await;
            }
            "hydra" => {
                client.send(r#"{"action":"subscribe","streams":["*"]}"#).await;
                let signal = client.until_type("signal_new").await;
                assert_eq!(signal["stream"], "signals");
                assert!((1..=5).contains(&signal["data"]["severity"].as_u64().unwrap()));
            }
            "hantera" => {
                let token = secrecy::ExposeSecret::expose_secret(&service.token);
                client.send(json!({ "type": "auth", "token": token }).to_string()).await;
                client.until_type("authenticated").await;
                let events = ["jobScheduled", "jobStarted", "jobCompleted", "jobFailed"];
                let subscriptions = json!([{ "id": "j", "path": "jobs", "events": events }]);
                client.send(json!({ "type": "subscribeEvents", "subscriptions": subscriptions }).to_string()).await;
                let done = client.until(|frame| frame["eventType"] == "jobCompleted").await;
                assert!(done["data"]["elapsedMs"].as_f64().unwrap() > 0.0);
            }
            "agenthq" => {
                for channel in &service.subscribe {
                    client.send(json!({ "type": "subscribe", "channel": channel }).to_string()).await;
                }
                client.until_type("post.created").await;
            }
            _ => {
                client.send(json!({ "type": "subscribe", "hardwareIds": service.subscribe }).to_string()).await;
                let data = client.until_type("device_data").await;
                assert!(data["payload"]["lat"].is_f64());
                let opened = client.until_type("device_unlocked").await;
                assert!(opened["eventId"].is_string() && opened["source"].is_string());
            }
        }
        let control = fleet.control(service.protocol);
        assert_eq!((control.dials(), control.accepted(), control.connections()), (1, 1, 1), "{}", service.protocol);
    }
    fleet.shutdown().await;
}

#[tokio::test]
async fn the_configuration_has_every_connection_and_no_secret() {
    let fleet = DemoFleet::start(Options { rate: 0, devices: 3, ..Options::default() }).await.unwrap();
    let text = fleet.configuration();
    let parsed: toml::Table = text.parse().unwrap();
    let connections = parsed["connection"].as_array().unwrap();
    assert_eq!(connections.len(), 5);
    for (connection, service) in connections.iter().zip(fleet.services()) {
        assert_eq!(connection["url"].as_str(), Some(service.url.as_str()));
        assert_eq!(connection["credential"]["env"].as_str(), Some(service.token_env));
        assert!(!text.contains(secrecy::ExposeSecret::expose_secret(&service.token)));
        let subscribe = connection["subscribe"].as_array().unwrap();
        assert!(subscribe.iter().filter_map(toml::Value::as_str).eq(service.subscribe.iter().map(String::as_str)));
    }
    assert_eq!(connections[2]["live_query"].as_array().unwrap().len(), 2);
    assert_eq!(connections[4]["subscribe"].as_array().unwrap().len(), 3);
    assert!(!format!("{fleet:?}").contains(secrecy::ExposeSecret::expose_secret(&fleet.services()[0].token)));
}

#[tokio::test]
async fn five_ports_follow_the_one_that_was_asked_for() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // Five free ports in a row are likely, not certain: look on.
    let mut bind = free;
    let fleet = loop {
        match DemoFleet::start(Options { bind, rate: 0, ..Options::default() }).await {
            Ok(fleet) => break fleet,
            Err(StartError::Bind { .. }) => bind.set_port(bind.port().wrapping_add(7).clamp(20_000, 60_000)),
            Err(error) => panic!("{error}"),
        }
    };
    for (index, service) in fleet.services().iter().enumerate() {
        assert!(service.url.contains(&format!(":{}/", bind.port() + index as u16)), "{}", service.url);
    }
    let taken = DemoFleet::start(Options { bind, ..Options::default() }).await.unwrap_err();
    assert!(taken.to_string().contains(&bind.to_string()), "{taken}");
    let high = "127.0.0.1:65533".parse().unwrap();
    assert!(matches!(
        DemoFleet::start(Options { bind: high, ..Options::default() }).await,
        Err(StartError::Port(65533))
    ));
}

#[tokio::test]
async fn the_services_end_with_the_fleet() {
    let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
    let service = fleet.services()[1].clone();
    let mut client = Client::to(&service).await;
    client.until_type("connected").await;
    let (code, ()) = tokio::join!(client.close_code(), fleet.shutdown());
    assert_eq!(code, Some(1001));
    assert!(Client::connect(&service.url).await.is_err(), "the port is closed");

    let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
    let mut client = Client::to(&fleet.services()[1]).await;
    client.until_type("connected").await;
    drop(fleet);
    assert_eq!(client.close_code().await, None, "a dropped fleet says nothing");
}

#[tokio::test]
async fn a_hundred_thousand_devices_are_subscribed_to_in_one_frame() {
    let options = Options { devices: 100_000, rate: 50_000, ..Options::default() };
    let fleet = DemoFleet::start(options).await.unwrap();
    let service = fleet.services().last().unwrap();
    let mut client = Client::to(service).await;
    client.send(json!({ "type": "subscribe", "hardwareIds": service.subscribe }).to_string()).await;
    let answer = client.until_type("subscribed").await;
    assert_eq!(answer["hardwareIds"].as_array().unwrap().len(), 100_000);
    client.until_type("device_data").await;
}
