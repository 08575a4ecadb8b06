//! Measures how fast one core reads telemetry: `cargo run --release -p protocol --example decode`.
//!
//! Three loops over the same frames, each the best of several rounds, as messages a second:
//! - `typed`: a plain serde derive of exactly these fields, which is what a program that knows them would do;
//! - `session`: the iotee session, whose fields are an open map, up to the event;
//! - `value`: the general `serde_json::Value`, which is what this crate avoids.

use std::hint::black_box;
use std::time::Instant;

use protocol::{Connection, EventBody, Input, Outgoing, Progress, Session, Sink, StreamEvent, SubscriptionState};
use serde::Deserialize;

const FRAMES: usize = 1000;
const PASSES: usize = 20;
const ROUNDS: usize = 100;

#[derive(Deserialize)]
#[allow(dead_code, reason = "decoded and not looked at")]
struct Typed<'a> {
    r#type: &'a str,
    #[serde(rename = "hardwareId")]
    hardware_id: &'a str,
    payload: Payload,
    timestamp: &'a str,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "decoded and not looked at")]
struct Payload {
    lat: f64,
    long: f64,
    speed: f64,
    battery_voltage: f64,
    lock_status: f64,
}

#[derive(Default)]
struct Count {
    fields: usize,
    other: usize,
}

impl Sink for Count {
    fn event(&mut self, event: &StreamEvent<'_>) {
        match &event.body {
            EventBody::Telemetry(telemetry) => self.fields += black_box(telemetry).fields.len(),
            _ => self.other += 1,
        }
    }
    fn send(&mut self, _: Outgoing) {}
    fn progress(&mut self, _: Progress) {}
    fn subscription(&mut self, _: &str, _: SubscriptionState<'_>) {}
    fn missed(&mut self) {}
}

fn main() {
    let frames: Vec<String> = (0..FRAMES).map(frame).collect();
    let bytes: usize = frames.iter().map(String::len).sum();
    println!("{FRAMES} frames of {} bytes on average, best of {ROUNDS} rounds", bytes / FRAMES);

    let mut session = protocol::iotee::Iotee::new(&connection());
    let mut count = Count::default();
    let now = Instant::now();
    let (mut typed, mut decoded, mut value) = (0.0, 0.0, 0.0);
    // The loops take turns, so that what else the machine does falls on all of them.
    for _ in 0..ROUNDS {
        typed = f64::max(
            typed,
            rate(&frames, |frame| {
                black_box(serde_json::from_str::<Typed<'_>>(black_box(frame)).expect("the frame is well formed"));
            }),
        );
        decoded = f64::max(
            decoded,
            rate(&frames, |frame| {
                let _ = session.handle(Input::Text(black_box(frame)), now, &mut count);
            }),
        );
        value = f64::max(
            value,
            rate(&frames, |frame| {
                black_box(
                    serde_json::from_str::<serde_json::Value>(black_box(frame)).expect("the frame is well formed"),
                );
            }),
        );
    }
    assert_eq!((count.fields, count.other), (FRAMES * PASSES * ROUNDS * 5, 0));
    for (name, rate) in [("typed", typed), ("session", decoded), ("value", value)] {
        println!("{name:8} {rate:>10.0} messages/s  {:.2} of typed", rate / typed);
    }
}

fn rate(frames: &[String], mut read: impl FnMut(&str)) -> f64 {
    let start = Instant::now();
    for _ in 0..PASSES {
        frames.iter().for_each(|frame| read(frame));
    }
    (frames.len() * PASSES) as f64 / start.elapsed().as_secs_f64()
}

fn frame(n: usize) -> String {
    let (lat, long) = (37.0 + n as f64 / 7919.0, -122.0 - n as f64 / 6007.0);
    format!(
        r#"{{"type":"device_data","hardwareId":"DEV{n:05}","payload":{{"lat":{lat:.4},"long":{long:.4},"speed":{}.5,"battery_voltage":{:.1},"lock_status":{}}},"timestamp":"2025-12-17T10:30:{:02}.{:03}Z"}}"#,
        n % 30,
        11.0 + (n % 20) as f64 / 10.0,
        n % 2,
        n % 60,
        n
    )
}

fn connection() -> Connection {
    let json = r#"{"name":"bench","protocol":"iotee","url":"wss://devices.test/realtime"}"#;
    serde_json::from_str(json).expect("the connection is well formed")
}
