//! Latency from the socket to the painted page, at 10,000 events a second.
//!
//! A marked event is one of the device service's, sent like its others, and its number stands in what the page shows of it. The
//! time of sending is taken just before the service hands it to its socket. In the page an observer sees the number come into the
//! document; the next frame's callback then posts a message to itself, which is taken after that frame was laid out and painted:
//! its time is the time of painting. Both are of one machine's clock, in milliseconds. What the X server takes to put the painted
//! picture on the screen is not in it.

use std::collections::HashMap;
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use crate::marks::moment;
use crate::opened::{desktop, opened};
use crate::processes::now;
use crate::span;
use crate::support::{Demo, Window};
use crate::table::Table;

/// Events a second beside the marked ones.
const RATE: u32 = 10_000;
/// Within these, in ms, half and 99 of a hundred are to be painted.
const HALF: f64 = 50.0;
const NEARLY_ALL: f64 = 120.0;

/// Notes when each mark was painted first.
const WATCH: &str = "
    window.marks_seen = new Map();
    const look = () => {
        const fresh = [];
        for (const [, number] of document.getElementById('content').textContent.matchAll(/MARK-(\\d+)-/g)) {
            if (!window.marks_seen.has(number)) {
                window.marks_seen.set(number, null);
                fresh.push(number);
            }
        }
        if (fresh.length === 0) return;
        requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port2.onmessage = () => {
                const painted = performance.timeOrigin + performance.now();
                for (const number of fresh) window.marks_seen.set(number, painted);
            };
            port1.postMessage(null);
        });
    };
    new MutationObserver(look).observe(document.getElementById('content'),
        { subtree: true, childList: true, characterData: true });";
const TAKE: &str = "
    const seen = [...window.marks_seen].filter(([, painted]) => painted !== null);
    return seen.map(([number, painted]) => [Number(number), painted]);";

/// A device's page with a value that changes, and the list of events with the lock events among them.
pub fn latency(table: &mut Table) {
    let desktop = desktop("latency");
    let demo = Demo::start(RATE);
    let window = opened(&desktop, &demo, "", &[]);
    let device = demo.service("iotee").subscribe[0].clone();
    let place = format!("#/device/{}/{device}", demo.service("iotee").name);
    watch(&window, &place);
    let value = |number: usize| {
        json!({ "type": "device_data", "hardwareId": device, "payload": { "mark": format!("MARK-{number}-") },
                "timestamp": moment() })
    };
    measure(&window, &demo, table, "a value on a device's page", (0, true), value);
    watch(&window, "#/events/kind%3Adevice.unlocked");
    let lock = |number: usize| {
        json!({ "type": "device_unlocked", "hardwareId": format!("MARK-{number}-"),
                "eventId": format!("mark_{number}"), "source": "remote", "timestamp": moment() })
    };
    measure(&window, &demo, table, "a lock event in the list of events", (1_000_000, false), lock);
    window.picture("latency");
}

fn watch(window: &Window, place: &str) {
    window.run("location.hash = arguments[0]", &[json!(place)]);
    sleep(Duration::from_secs(3));
    window.run(WATCH, &[]);
}

/// Sends marks from `first` on and tells how long each took to be painted.
fn measure(
    window: &Window,
    demo: &Demo,
    table: &mut Table,
    what: &str,
    (first, replaced): (usize, bool),
    event: impl Fn(usize) -> serde_json::Value,
) {
    let mut sent = HashMap::new();
    let begun = std::time::Instant::now();
    while begun.elapsed() < span() / 2 {
        let number = first + sent.len();
        let text = event(number).to_string();
        sent.insert(number, now());
        demo.control("iotee").send_text(text);
        // Never in step with the page: between 80 and 143 ms.
        sleep(Duration::from_millis(80 + (number as u64 * 37) % 64));
    }
    sleep(Duration::from_secs(2));
    let painted = window.run(TAKE, &[]);
    let painted = painted.as_array().cloned().unwrap_or_default();
    let painted: HashMap<usize, f64> =
        painted.iter().filter_map(|pair| Some((usize::try_from(pair[0].as_u64()?).ok()?, pair[1].as_f64()?))).collect();
    // A value that a newer one replaced before it was painted is known when the newer one is.
    let last = first + sent.len();
    let shown = |number: usize| {
        let until = if replaced { last } else { number + 1 };
        (number..until).find_map(|number| painted.get(&number))
    };
    let took = sent.iter().filter_map(|(number, sent)| Some(shown(*number)? - sent));
    let mut took: Vec<f64> = took.collect();
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get(((took.len() as f64 * share) as usize).min(took.len().saturating_sub(1)));
    let at = |share: f64| at(share).copied().unwrap_or(f64::INFINITY);
    table.most(&format!("{RATE} events/s, {what}: p50"), at(0.5), HALF, " ms");
    table.most(&format!("{RATE} events/s, {what}: p99"), at(0.99), NEARLY_ALL, " ms");
    table.most("  marks that were never painted", (sent.len() - took.len()) as f64, 0.0, "");
    let range = format!("{}, {:.0} to {:.0} ms", took.len(), at(0.0), at(1.0));
    table.note("  marks painted, the fastest and the slowest", range);
}
