//! Measures what applying one telemetry event with five fields costs, and what the state takes, by number of devices.
//!
//! `cargo run --release -p fleet --example apply`

use fleet::{Bounds, ConnectionState};
use protocol::event::Telemetry;
use protocol::{EventBody, Field, StreamEvent, Timestamp, Value};

const EVENTS: usize = 2_000_000;
const DATA: &str = r#"{"lat":37.7749,"long":-122.4194,"speed":15.5,"battery_voltage":12.4,"lock_status":0}"#;

fn main() {
    println!("{:>8}  {:>18}  {:>18}  {:>14}", "devices", "ns/event at 1 M/s", "ns/event at 30 k/s", "resident MB");
    for devices in [100, 1_000, 10_000, 100_000] {
        let before = resident();
        let (fast, state) = run(devices, 1_000_000);
        let after = resident();
        drop(state);
        let (slow, _) = run(devices, 30_000);
        println!("{devices:>8}  {fast:>18.0}  {slow:>18.0}  {:>14.1}", (after - before) as f64 / 1e6);
    }
}

/// Applies events of so many devices in no order, as if so many came each second; the mean time of one event in
/// nanoseconds after each device was seen.
fn run(devices: usize, per_second: usize) -> (f64, ConnectionState) {
    let mut state = ConnectionState::new(Bounds::default());
    let start = 1_766_000_000_000i64;
    let mut random = 0x9E37_79B9_7F4A_7C15u64;
    let event = |state: &mut ConnectionState, device: usize, index: usize| {
        let id = id(device);
        let id = std::str::from_utf8(&id).unwrap_or_default();
        let at = Timestamp(start + (index * 1_000 / per_second) as i64);
        let shift = (index % 1_000) as f64;
        let field = |name, number| Field { name: protocol::Text::from(name), value: Value::Number(number) };
        let fields = [
            field("lat", 37.7749 + shift / 1e5),
            field("long", -122.4194 + shift / 1e5),
            field("speed", shift / 10.0),
            field("battery_voltage", 12.4 - shift / 1e4),
            field("lock_status", f64::from(u8::from(index.is_multiple_of(997)))),
        ];
        let event = StreamEvent {
            at: Some(at),
            body: EventBody::Telemetry(Telemetry { device: id.into(), fields: &fields, last_responded_at: None }),
            data: DATA,
        };
        state.frame(185, at);
        state.apply(&event, at);
    };
    for device in 0..devices {
        event(&mut state, device, device);
    }
    let begun = spent();
    for index in 0..EVENTS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        event(&mut state, random as usize % devices, devices + index);
    }
    ((spent() - begun) as f64 / EVENTS as f64, state)
}

/// A hardware id, made on the spot as it would stand in a frame.
fn id(mut device: usize) -> [u8; 9] {
    let mut id = *b"HW-000000";
    for digit in id[3..].iter_mut().rev() {
        *digit = b'0' + (device % 10) as u8;
        device /= 10;
    }
    id
}

/// Nanoseconds that this thread spent on a processor, so that what else the machine does is not counted; 0 where the
/// system does not tell.
fn spent() -> u64 {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    schedule.split_whitespace().next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
}

/// Resident bytes of this process, 0 where the system does not tell.
fn resident() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse::<i64>().ok()).unwrap_or(0) * 1024
}
