//! Measures what the built-in and a few more rules cost per event of telemetry with five fields, by what the event does.
//!
//! `cargo run --release -p fleet --example detect`

use fleet::rule::{About, Detector, Fact, Rule, Standing, defaults};
use fleet::{Applied, Bounds, ConnectionState};
use protocol::event::Telemetry;
use protocol::{EventBody, Field, Protocol, StreamEvent, Timestamp, Value};

const EVENTS: usize = 5_000_000;
const DEVICES: usize = 10_000;
const START: i64 = 1_766_000_000_000;

fn main() {
    println!("{:>40}  {:>10}", "events", "ns/event");
    for (what, rules, voltage, low) in [
        ("without rules: what it costs to make them", 0, 12.4, 0),
        ("over the one threshold they concern", 20, 12.4, 0),
        ("while 100 devices are under it", 20, 12.4, 100),
        ("that are all under it", 20, 11.0, DEVICES),
    ] {
        println!("{what:>40}  {:>10.1}", run(rules, voltage, low));
    }
}

/// The mean time of one event in nanoseconds, with so many rules on, after some devices went under a threshold.
fn run(count: usize, voltage: f64, low: usize) -> f64 {
    let mut rules: Vec<Rule> = defaults();
    let more = ["speed", "temperature"].map(|field| {
        let text = format!(
            r#"{{"name":"{field}","severity":"low","when":{{"threshold":{{"field":"{field}","above":1000}}}}}}"#
        );
        serde_json::from_str::<Rule>(&text).unwrap_or_else(|error| panic!("{error}"))
    });
    rules.extend(more);
    rules.iter_mut().for_each(|rule| rule.enabled = true);
    rules.truncate(count);
    let about = About { name: "bench", tags: &[], protocol: Protocol::Iotee };
    let mut detector = Detector::new(&rules, &about, jiff::tz::TimeZone::UTC);
    let mut out = Vec::new();
    detector.standing(Standing::Live, Timestamp(START), &mut out);
    detector.tick(&ConnectionState::new(Bounds::default()), Timestamp(START), &mut out);
    let ids: Vec<String> = (0..DEVICES).map(|device| format!("HW-{device:06}")).collect();
    let event = |detector: &mut Detector, out: &mut Vec<_>, id: &str, index: usize, voltage: f64| {
        let at = Timestamp(START + (index / 1_000) as i64);
        let field = |name, number| Field { name: protocol::Text::from(name), value: Value::Number(number) };
        let fields = [
            field("lat", 37.7749),
            field("long", -122.4194),
            field("speed", (index % 100) as f64),
            field("battery_voltage", voltage),
            field("lock_status", 1.0),
        ];
        let event = StreamEvent {
            at: Some(at),
            body: EventBody::Telemetry(Telemetry { device: id.into(), fields: &fields, last_responded_at: None }),
            data: "{}",
        };
        detector.event(&Fact::of(std::hint::black_box(&event), Applied::Taken, at), out);
    };
    for (index, id) in ids.iter().take(low).enumerate() {
        event(&mut detector, &mut out, id, index, 11.0);
    }
    let mut random = 0x9E37_79B9_7F4A_7C15u64;
    let begun = spent();
    for index in 0..EVENTS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        event(&mut detector, &mut out, &ids[random as usize % DEVICES], low + index, voltage);
        out.clear();
    }
    (spent() - begun) as f64 / EVENTS as f64
}

/// Nanoseconds that this thread spent on a processor, so that what else the machine does is not counted; 0 where the
/// system does not tell.
fn spent() -> u64 {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    schedule.split_whitespace().next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
}
