//! What a control does to connections.

use std::time::{Duration, Instant};

use demo::{Control, DemoFleet, Options, Service};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::client::Client;

async fn hydra() -> (DemoFleet, Service, Control, Client) {
    let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
    let service = fleet.services()[1].clone();
    let control = fleet.control("hydra").clone();
    let mut client = Client::to(&service).await;
    client.until_type("connected").await;
    (fleet, service, control, client)
}

#[tokio::test]
async fn every_close_code_reaches_the_client() {
    let (_fleet, service, control, mut client) = hydra().await;
    for code in [1000, 1001, 4001, 4002, 4003, 4004] {
        control.close_all(code, "because");
        assert_eq!(client.close_code().await, Some(code));
        client = Client::to(&service).await;
        client.until_type("connected").await;
    }
}

#[tokio::test]
async fn a_drop_has_no_close_frame_and_a_reset_is_one() {
    let (_fleet, service, control, mut client) = hydra().await;
    control.drop_all();
    assert_eq!(client.close_code().await, None);
    let mut client = Client::to(&service).await;
    client.until_type("connected").await;
    control.reset_all();
    match client.message().await {
        Some(Err(Error::Io(error))) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_stalled_connection_stays_open_and_dumb() {
    let (_fleet, service, control, mut client) = hydra().await;
    control.stall_all();
    client.send(r#"{"action":"ping"}"#).await;
    let silence =
        tokio::time::timeout(Duration::from_millis(200), futures_util::StreamExt::next(&mut client.socket)).await;
    assert!(silence.is_err(), "nothing may come: {silence:?}");
    assert_eq!(control.connections(), 1);
    let mut other = Client::to(&service).await;
    other.until_type("connected").await;
    control.drop_all();
    assert_eq!(client.close_code().await, None);
}

#[tokio::test]
async fn a_stopped_service_is_gone_and_comes_back_on_its_port() {
    let (_fleet, service, control, mut client) = hydra().await;
    control.stop().await;
    assert_eq!(client.close_code().await, None);
    assert_eq!(control.connections(), 0);
    assert!(matches!(Client::connect(&service.url).await, Err(Error::Io(_))));
    control.start().await;
    let mut client = Client::to(&service).await;
    client.until_type("connected").await;
    assert_eq!((control.dials(), control.accepted()), (2, 2));
}

#[tokio::test]
async fn tokens_can_be_refused_and_taken_again() {
    let (_fleet, service, control, mut client) = hydra().await;
    control.refuse_tokens(true);
    assert_eq!(Client::to(&service).await.close_code().await, Some(4001));
    client.send(r#"{"action":"ping"}"#).await;
    client.until_type("pong").await;
    control.refuse_tokens(false);
    Client::to(&service).await.until_type("connected").await;
}

#[tokio::test]
async fn scripted_frames_go_out_as_they_are() {
    let (_fleet, _, control, mut client) = hydra().await;
    control.send_text("{broken");
    control.send_binary([1, 2, 3]);
    // A whole ping frame, and a text frame that is not UTF-8.
    control.send_bytes([0x89, 0x00, 0x81, 0x02, 0xff, 0xfe]);
    assert_eq!(client.message().await.unwrap().unwrap(), Message::text("{broken"));
    assert_eq!(client.message().await.unwrap().unwrap(), Message::binary([1u8, 2, 3].to_vec()));
    assert_eq!(client.message().await.unwrap().unwrap(), Message::Ping(Vec::new().into()));
    assert!(matches!(client.message().await.unwrap(), Err(Error::Utf8(_))));
}

#[tokio::test]
async fn a_slow_start_delays_the_upgrade() {
    let (_fleet, service, control, _client) = hydra().await;
    control.slow_start(Duration::from_millis(150));
    let began = Instant::now();
    Client::to(&service).await.until_type("connected").await;
    assert!(began.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn what_clients_said_is_remembered_without_tokens() {
    let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
    let service = &fleet.services()[2];
    let mut client = Client::to(service).await;
    let token = secrecy::ExposeSecret::expose_secret(&service.token);
    client.send(format!(r#"{{"type":"auth","token":"{token}"}}"#)).await;
    client.until_type("authenticated").await;
    let received = fleet.control("hantera").received();
    assert_eq!(received.len(), 1);
    assert!(received[0].contains("auth") && !received[0].contains(token));
}

#[tokio::test]
async fn pings_of_the_websocket_layer_are_answered() {
    let (_fleet, _, _, mut client) = hydra().await;
    futures_util::SinkExt::send(&mut client.socket, Message::Ping(b"42".to_vec().into())).await.unwrap();
    assert_eq!(client.message().await.unwrap().unwrap(), Message::Pong(b"42".to_vec().into()));
}

#[tokio::test]
async fn what_happens_is_scripted_by_the_test() {
    let fleet = DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap();
    let service = fleet.services().last().unwrap();
    let mut client = Client::to(service).await;
    client.until_type("connected").await;
    client.send(r#"{"type":"subscribe","hardwareIds":["ABC123"]}"#).await;
    client.until_type("subscribed").await;
    let control = fleet.control("iotee");
    let id = control.unlock("ABC123", "rfid").unwrap();
    let event = client.json().await;
    assert_eq!(
        (&event["type"], &event["eventId"], &event["source"]),
        (&"device_unlocked".into(), &id.into(), &"rfid".into())
    );
    assert!(event["code"].is_string());
    control.lock("ABC123", "key").unwrap();
    assert_eq!(client.json().await["type"], "device_locked");
    control.device_offline("ABC123").unwrap();
    assert_eq!(client.json().await["payload"]["is_online"], false);
    assert_eq!(control.unlock("no-such", "rfid"), None);
    assert_eq!(control.unlock("ABC123", "crowbar"), None);
    assert_eq!(control.issue_alert(), None, "the device service has no alerts");
}

#[tokio::test]
async fn hundreds_of_clients_come_back_at_once_after_a_restart() {
    let (_fleet, service, control, _client) = hydra().await;
    let crowd = |count: usize| {
        let service = service.clone();
        async move {
            let dials = (0..count).map(|_| Client::to(&service));
            let mut clients = futures_util::future::join_all(dials).await;
            for client in &mut clients {
                client.until_type("connected").await;
            }
            clients
        }
    };
    let mut clients = crowd(400).await;
    assert_eq!(control.connections(), 401);
    control.stop().await;
    for client in &mut clients {
        assert_eq!(client.close_code().await, None);
    }
    control.start().await;
    let clients = crowd(400).await;
    assert_eq!((clients.len(), control.connections()), (400, 400));
}
