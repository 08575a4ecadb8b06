//! Measures what a link adds to a bare read-and-decode loop, over one loopback socket, and what the read buffer's size
//! does: `cargo run --release -p link --example link_overhead [frames]`.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use link::credentials::Keychain;
use link::{Credentials, Environment, EventSink, Link, LinkStatus, Receiver};
use protocol::event::Notice;
use protocol::{
    ClientRequest, Close, Connection, Ended, EventBody, Input, Progress, Session, Sink, StreamEvent, SubscriptionState,
    Text,
};
use secrecy::SecretString;
use serde::Deserialize;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, accept};

const FRAME: &str = r#"{"type":"device_data","hardware_id":"DEV00042","data":{"lat":52.520008,"long":13.404954,"speed":12.5,"battery_voltage":12.61,"lock_status":1},"timestamp":"2025-12-17T10:30:00.000Z"}"#;

#[derive(Deserialize)]
struct DeviceData<'a> {
    hardware_id: &'a str,
    data: Data,
    timestamp: &'a str,
}

#[derive(Deserialize)]
struct Data {
    lat: f64,
    speed: f64,
}

fn decode(text: &str) -> u64 {
    let read: DeviceData<'_> = serde_json::from_str(text).expect("the frame is fixed");
    (read.hardware_id.len() + read.timestamp.len()) as u64 + (read.data.lat + read.data.speed) as u64
}

fn main() {
    let frames: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(2_000_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for round in 1..=3 {
        println!("round {round}");
        for buffer in [4, 16, 32, 64, 128] {
            let rate = runtime.block_on(bare(serve(frames), frames, buffer << 10));
            println!("  bare read and decode, {buffer:>3} KiB   {:>6.2} M/s", rate / 1e6);
        }
        let rate = runtime.block_on(linked(serve(frames), frames));
        println!("  link with the same decode    {:>6.2} M/s", rate / 1e6);
    }
}

/// Serves one client `frames` frames as fast as it takes them.
fn serve(frames: u64) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let mut raw: TcpStream = stream.try_clone().expect("a second handle");
        let _socket = accept(stream);
        let mut one = vec![0x81, 126];
        one.extend((FRAME.len() as u16).to_be_bytes());
        one.extend(FRAME.as_bytes());
        let many = one.repeat(500);
        for _ in 0..frames / 500 {
            if raw.write_all(&many).is_err() {
                return;
            }
        }
        // The client closes when it has counted them.
        std::thread::sleep(Duration::from_secs(2));
    });
    address
}

async fn bare(address: std::net::SocketAddr, frames: u64, buffer: usize) -> f64 {
    let stream = tokio::net::TcpStream::connect(address).await.expect("the server");
    let config = WebSocketConfig::default().read_buffer_size(buffer);
    let request = format!("ws://{address}/");
    let (mut socket, _) =
        tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await.expect("an upgrade");
    let begun = Instant::now();
    let (mut count, mut sum) = (0, 0);
    while count < frames {
        if let Some(Ok(Message::Text(text))) = socket.next().await {
            sum += decode(&text);
            count += 1;
        }
    }
    std::hint::black_box(sum);
    count as f64 / begun.elapsed().as_secs_f64()
}

async fn linked(address: std::net::SocketAddr, frames: u64) -> f64 {
    let text = format!("name = \"load\"\nprotocol = \"iotee\"\nurl = \"ws://{address}/\"");
    let mut connection: Connection = toml::from_str(&text).expect("a connection");
    connection.credential = Some(protocol::CredentialSource::Env("PATH".into()));
    let environment = Environment::system(Credentials::with_keychain(Keychain::system()));
    let count = Arc::new(AtomicU64::new(0));
    let live = Arc::new(AtomicBool::new(false));
    let counter = Counter { count: count.clone(), live: live.clone(), here: 0 };
    let session = Box::new(Decoding { url: connection.url.clone() });
    let link = Link::spawn_session(session, connection, &environment, counter);
    while !live.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let begun = Instant::now();
    let before = count.load(Ordering::Relaxed);
    while count.load(Ordering::Relaxed) < frames {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let rate = (frames - before) as f64 / begun.elapsed().as_secs_f64();
    drop(link);
    rate
}

struct Counter {
    count: Arc<AtomicU64>,
    live: Arc<AtomicBool>,
    here: u64,
}

impl Receiver for Counter {
    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        drain(self);
        self.count.store(self.here, Ordering::Relaxed);
    }

    fn status(&mut self, status: &LinkStatus) {
        self.live.store(status.is_open(), Ordering::Relaxed);
    }
}

impl EventSink for Counter {
    fn event(&mut self, event: &StreamEvent<'_>) {
        std::hint::black_box(event);
        self.here += 1;
    }

    fn subscription(&mut self, _: &str, _: SubscriptionState<'_>) {}

    fn frame(&mut self, _: usize) {}
}

struct Decoding {
    url: url::Url,
}

impl Session for Decoding {
    fn connect(&mut self, _: &SecretString) -> Result<ClientRequest, Ended> {
        Ok(ClientRequest { url: self.url.clone(), secret_query: Vec::new(), secret_headers: Vec::new() })
    }

    fn handle(&mut self, input: Input<'_>, _: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        match input {
            Input::Opened => out.progress(Progress::Live),
            Input::Text(text) => {
                std::hint::black_box(decode(text));
                out.event(&StreamEvent {
                    at: None,
                    body: EventBody::Warning(Notice {
                        code: None,
                        message: Text::from(""),
                        subscription: None,
                        request_id: None,
                        dropped: None,
                    }),
                    data: text,
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        None
    }

    fn closed(&mut self, _: Option<Close<'_>>) -> Ended {
        Ended::retry("closed")
    }

    fn rejected(&mut self, _: u16, _: Option<Duration>) -> Ended {
        Ended::retry("rejected")
    }

    fn shutdown(&mut self, _: &mut dyn Sink) {}
}
