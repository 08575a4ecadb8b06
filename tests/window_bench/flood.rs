//! The flood: 30,000 events a second over five connections, then a burst of 200,000 on a sixth. How long the page goes without
//! a frame, and whether anything that matters is lost.

use std::net::SocketAddr;
use std::thread::sleep;
use std::time::{Duration, Instant};

use demo::load::{Load, LoadServer};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::marks::{self, Marks};
use crate::opened::{desktop, opened};
use crate::support::{Demo, Window};
use crate::table::Table;
use crate::{frames, span};

/// Events a second.
pub const RATE: u32 = 30_000;
const BURST: u64 = 200_000;
/// The screens that are looked at, the same time each.
pub const SCREENS: [&str; 3] = ["#/overview", "#/devices", "#/events"];
/// A screen's first picture is not the flood's doing.
const SETTLE: Duration = Duration::from_secs(2);

/// Frames, and what is lost.
pub fn flood(table: &mut Table) {
    let desktop = desktop("flood");
    let demo = Demo::start(RATE);
    let load = Load { bind: SocketAddr::from(([127, 0, 0, 1], 0)), frames: Some(BURST), rate: None, distinct: 1_000 };
    let burst = demo.wait(LoadServer::start("iotee", load)).unwrap_or_else(|error| panic!("{error}"));
    demo.wait(burst.control().stop());
    let service = burst.service();
    let sixth = format!(
        "[[connection]]\nname = \"burst\"\nprotocol = \"iotee\"\nurl = {:?}\ncredential = {{ env = \"BURST\" }}\nsubscribe = {:?}\n{}",
        service.url,
        service.subscribe,
        marks::RULE
    );
    let window = opened(&desktop, &demo, &sixth, &[("BURST", service.token.expose_secret())]);
    frames::watch(&window);
    let marks = Marks::start(&demo);
    let begun = (Instant::now(), sent(&demo));
    for screen in SCREENS {
        window.run("location.hash = arguments[0]", &[json!(screen)]);
        sleep(SETTLE);
        frames::forget(&window);
        sleep(span() / SCREENS.len() as u32);
        frames::tell(&window, table, &format!("{RATE} events/s, {screen}"));
    }
    let rate = (sent(&demo) - begun.1) as f64 / begun.0.elapsed().as_secs_f64();
    table.note("  events a second that the services sent", format!("{rate:.0}"));
    window.run("location.hash = '#/overview'", &[]);
    sleep(SETTLE);
    frames::forget(&window);
    demo.wait(burst.control().start());
    let begun = Instant::now();
    // It dials again by its own backoff, a minute at most.
    while burst.control().sent() < BURST && begun.elapsed() < Duration::from_secs(90) {
        sleep(Duration::from_millis(100));
    }
    let poured = burst.control().sent();
    sleep(Duration::from_secs(3));
    frames::tell(&window, table, &format!("a burst of {poured} on top"));
    let marked = marks.end();
    // What is on its way comes in, and what came is written down.
    sleep(Duration::from_secs(3));
    drops(&window, &demo, table);
    marked.look_for(&desktop, table);
    window.picture("flood");
}

/// Frames that the five services sent so far.
fn sent(demo: &Demo) -> u64 {
    PROTOCOLS.iter().map(|protocol| demo.control(protocol).sent()).sum()
}

const PROTOCOLS: [&str; 5] = ["hyprwatch", "hydra", "hantera", "agenthq", "iotee"];

/// What the services dropped for a slow reader, beside what the window says was dropped.
fn drops(window: &Window, demo: &Demo, table: &mut Table) {
    let by_services: u64 = PROTOCOLS.iter().map(|protocol| demo.control(protocol).dropped()).sum();
    let cards = frames::cards(window);
    let cards: &[Value] = cards.as_array().map_or(&[], Vec::as_slice);
    let all = |name: &str| cards.iter().filter_map(|card| card.pointer(name)?.as_u64()).sum::<u64>();
    table.most("events that the services dropped for a slow reader", by_services as f64, 0.0, "");
    table.note(
        "  events counted, dropped, unread, told twice, as the window says",
        format!("{}, {}, {}, {}", all("/events"), all("/chip/dropped"), all("/malformed"), all("/duplicates")),
    );
}
