//! How fast the services send on loopback to a client that only counts frames:
//! `cargo run --release -p demo --example throughput`.

use std::error::Error;
use std::time::{Duration, Instant};

use demo::load::{Load, LoadServer};
use demo::{DemoFleet, Options, Service};
use futures_util::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    println!("load server, full speed, 2,000,000 frames, 200 subjects:");
    for protocol in ["iotee", "hantera", "hydra", "agenthq", "hyprwatch"] {
        let load = Load { frames: Some(2_000_000), ..Load::default() };
        let server = LoadServer::start(protocol, load).await?;
        let mut socket = subscribe(server.service()).await?;
        let began = Instant::now();
        let mut bytes = 0;
        let mut frames = 0;
        while frames < 2_000_000 {
            let message = socket.next().await.ok_or("the stream ended")??;
            bytes += message.len();
            frames += 1;
        }
        let seconds = began.elapsed().as_secs_f64();
        println!("  {protocol:10} {:>6.2} M frames/s, {} bytes each", 2.0 / seconds, bytes / frames);
    }
    println!("the living fleet, one client of the device service, 3 s each:");
    for rate in [30_000, 200_000, 500_000, 1_000_000, 2_000_000] {
        let fleet = DemoFleet::start(Options { rate, ..Options::default() }).await?;
        let service = fleet.services().iter().find(|service| service.protocol == "iotee").ok_or("no device service")?;
        let mut socket = subscribe(service).await?;
        socket.next().await.ok_or("the stream ended")??;
        let began = Instant::now();
        let mut frames = 0;
        while began.elapsed() < Duration::from_secs(3) {
            socket.next().await.ok_or("the stream ended")??;
            frames += 1;
        }
        let got = f64::from(frames) / began.elapsed().as_secs_f64();
        let dropped = fleet.control("iotee").dropped();
        println!("  asked for {rate:>9} events/s in all: {got:>9.0} device frames/s came, {dropped} dropped");
    }
    Ok(())
}

async fn subscribe(service: &Service) -> Result<WebSocketStream<TcpStream>, Failure> {
    let token = service.token.expose_secret();
    let parameter = if service.protocol == "iotee" { "api_key" } else { "token" };
    let url = format!("{}?{parameter}={token}&vsn=2.0.0", service.url);
    let address = service.url.split('/').nth(2).ok_or("no address")?;
    let config = WebSocketConfig::default().read_buffer_size(32 << 10);
    let (mut socket, _) = client_async_with_config(url, TcpStream::connect(address).await?, Some(config)).await?;
    let frames = match service.protocol {
        "hyprwatch" => vec![json!(["1", "1", "org:org_nordwind", "phx_join", {}])],
        "hydra" => vec![json!({ "action": "subscribe", "streams": ["signals"] })],
        "hantera" => {
            let subscriptions = json!([{ "id": "jobs", "path": "jobs", "events": ["jobScheduled"] }]);
            vec![
                json!({ "type": "auth", "token": token }),
                json!({ "type": "subscribeEvents", "subscriptions": subscriptions }),
            ]
        }
        "agenthq" => vec![json!({ "type": "subscribe", "channel": "general" })],
        _ => vec![json!({ "type": "subscribe", "hardwareIds": service.subscribe })],
    };
    for frame in frames {
        socket.send(Message::Text(frame.to_string().into())).await?;
    }
    Ok(socket)
}
