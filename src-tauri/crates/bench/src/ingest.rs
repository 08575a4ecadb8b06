//! Ingest: read, decode and apply, beside a bare typed-decode loop and a Node client in the same run.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use link::{Credentials, Environment};
use monitor::{Monitor, Nobody};
use secrecy::ExposeSecret;
use serde::Deserialize;
use store::history::{Place, Settings};
use store::{ConfigFile, History};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

use crate::Failure;
use crate::server::Server;
use crate::table::Table;

/// Frames of one measurement.
const FRAMES: u64 = 2_000_000;
/// Measurements of which the best is taken, alternating, as neighbours on the machine come and go.
const ROUNDS: usize = 3;

/// All five.
const PROTOCOLS: [&str; 5] = ["hyprwatch", "hydra", "hantera", "agenthq", "iotee"];

/// One connection at full speed, and five of one protocol each.
pub fn ingest(table: &mut Table) -> Result<(), Failure> {
    let (mut typed, mut ours, mut node) = (0.0f64, 0.0f64, 0.0f64);
    for _ in 0..ROUNDS {
        typed = typed.max(typed_loop()?);
        ours = ours.max(signalbox(&["iotee"], FRAMES, 200)?);
        node = node.max(node_client()?);
    }
    table.note("typed-decode loop, 1 connection", rate(typed));
    table.note("Node client (ws, JSON.parse, Map.set)", rate(node));
    table.note("Signalbox, 1 connection", rate(ours));
    table.budget("ingest / typed-decode loop", ratio(ours / typed), "≥ 0.50", ours / typed >= 0.5);
    table.budget("ingest / Node client", ratio(ours / node), "≥ 1.50", ours / node >= 1.5);
    for protocol in PROTOCOLS {
        table.note(&format!("Signalbox, 1 connection of {protocol}"), rate(signalbox(&[protocol], FRAMES / 5, 200)?));
    }
    let mut five = 0.0f64;
    for _ in 0..ROUNDS {
        five = five.max(signalbox(&PROTOCOLS, FRAMES / 5, 200)?);
    }
    table.note("Signalbox, 5 connections, one of each protocol", rate(five));
    table.budget("ingest of five / Node client", ratio(five / node), "≥ 1.50", five / node >= 1.5);
    Ok(())
}

/// From a hundred devices to a hundred thousand.
pub fn growth(table: &mut Table) -> Result<(), Failure> {
    let sizes = [100, 1_000, 10_000, 100_000];
    let mut rates = [0.0f64; 4];
    for _ in 0..ROUNDS {
        for (best, distinct) in rates.iter_mut().zip(sizes) {
            *best = best.max(signalbox(&["iotee"], FRAMES, distinct)?);
        }
    }
    for (distinct, found) in sizes.into_iter().zip(rates) {
        table.note(&format!("Signalbox, {distinct} devices"), rate(found));
    }
    let kept = rates[3] / rates[0];
    table.budget("100,000 devices / 100 devices", ratio(kept), "≥ 0.80", kept >= 0.8);
    Ok(())
}

/// Events a second through links, sessions and fleet, over all connections together.
pub fn signalbox(protocols: &[&str], frames: u64, distinct: usize) -> Result<f64, Failure> {
    let servers: Vec<Server> =
        protocols.iter().map(|protocol| Server::start(protocol, frames, distinct, 0)).collect::<Result<_, _>>()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let monitor = monitor(&servers).await;
        let wanted = frames * servers.len() as u64;
        let begun = wait(&monitor, 1).await?;
        let first = events(&monitor);
        let ended = wait(&monitor, wanted).await?;
        monitor.shutdown().await;
        Ok((wanted - first) as f64 / ended.duration_since(begun).as_secs_f64())
    })
}

/// A monitor on the servers.
pub async fn monitor(servers: &[Server]) -> Monitor {
    let clock: store::history::Clock = Arc::new(|| link::Clock::now(&link::SystemClock));
    let history = History::open(Place::Memory, Settings::default(), clock).expect("a temporary folder can be made");
    let environment = Environment::system(Credentials::system());
    let monitor = Monitor::start(ConfigFile::in_memory(String::new()), environment, history, Arc::new(Nobody));
    monitor.adopt(servers.iter().map(|server| (server.connection.clone(), server.token.clone())).collect()).await;
    monitor
}

/// Events applied so far, over all connections.
pub fn events(monitor: &Monitor) -> u64 {
    monitor.connections().iter().map(|watched| watched.part.lock().state.counters.events).sum()
}

async fn wait(monitor: &Monitor, wanted: u64) -> Result<Instant, Failure> {
    let patience = Instant::now() + Duration::from_secs(120);
    while events(monitor) < wanted {
        if Instant::now() > patience {
            let statuses: Vec<_> = monitor.connections().iter().map(|w| w.part.lock().status.to_string()).collect();
            return Err(
                format!("{} of {wanted} events came in 120 s ({})", events(monitor), statuses.join("; ")).into()
            );
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(Instant::now())
}

/// The ceiling: read each frame and decode it into a typed, borrowed structure, and nothing else.
fn typed_loop() -> Result<f64, Failure> {
    #[derive(Deserialize)]
    struct DeviceData<'a> {
        #[serde(rename = "type")]
        kind: &'a str,
        #[serde(rename = "hardwareId", default)]
        hardware_id: &'a str,
        #[serde(default)]
        payload: Payload<'a>,
        #[serde(default)]
        timestamp: &'a str,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Payload<'a> {
        lat: f64,
        long: f64,
        speed: f64,
        battery_voltage: f64,
        lock_status: i64,
        #[serde(borrow)]
        #[allow(dead_code)]
        note: Option<&'a str>,
    }

    let server = Server::start("iotee", FRAMES, 200, 0)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let url = &server.connection.url;
        let address = url.socket_addrs(|| None)?.into_iter().next().ok_or("no address")?;
        let stream = tokio::net::TcpStream::connect(address).await?;
        let mut request = url.as_str().into_client_request()?;
        request.headers_mut().insert("X-API-Key", server.token.expose_secret().parse()?);
        let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
        let ids: Vec<_> = server.connection.subscribe.iter().map(|subscribe| subscribe.name().to_owned()).collect();
        let subscribe = serde_json::json!({ "type": "subscribe", "hardwareIds": ids });
        socket.send(Message::text(subscribe.to_string())).await?;
        let (mut count, mut begun, mut checksum) = (0u64, Instant::now(), 0.0);
        while let Some(message) = socket.next().await {
            let Message::Text(text) = message? else { continue };
            let Ok(data) = serde_json::from_str::<DeviceData<'_>>(&text) else { continue };
            if data.kind != "device_data" {
                continue;
            }
            if count == 0 {
                begun = Instant::now();
            }
            checksum += data.payload.lat + data.payload.long + data.payload.speed + data.payload.battery_voltage;
            checksum += data.payload.lock_status as f64 + (data.hardware_id.len() + data.timestamp.len()) as f64;
            count += 1;
            if count == FRAMES {
                break;
            }
        }
        std::hint::black_box(checksum);
        if count < FRAMES {
            return Err(format!("the typed loop got {count} of {FRAMES} frames").into());
        }
        Ok((count - 1) as f64 / begun.elapsed().as_secs_f64())
    })
}

/// What an operator's script would be: `ws`, `JSON.parse`, a `Map` by device.
fn node_client() -> Result<f64, Failure> {
    let server = Server::start("iotee", FRAMES, 200, 0)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/judges/load_client.mjs");
    let ids: Vec<_> = server.connection.subscribe.iter().map(|subscribe| subscribe.name()).collect();
    let output = Command::new("node")
        .arg(script)
        .env("URL", server.connection.url.as_str())
        .env("API_KEY", server.token.expose_secret())
        .env("IDS", ids.join(","))
        .env("FRAMES", FRAMES.to_string())
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the Node client failed (`cargo xtask test` installs what it needs): {said}").into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}

/// Millions a second, to be read.
pub fn rate(per_second: f64) -> String {
    format!("{:.2} M/s", per_second / 1e6)
}

/// A ratio, to be read.
pub fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}")
}
