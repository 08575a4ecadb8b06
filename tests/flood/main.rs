//! Measures the real window under a flood: 30,000 events a second for a minute over five connections, then a burst of
//! 200,000 on a sixth. Prints the longest gaps between frames; asserts no time. Run by `cargo xtask bench window`.

#[path = "../support/mod.rs"]
#[allow(dead_code)]
mod support;

use std::net::SocketAddr;
use std::thread::sleep;
use std::time::{Duration, Instant};

use demo::load::{Load, LoadServer};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use support::{Demo, Desktop, Window};

const RATE: u32 = 30_000;
const BURST: u64 = 200_000;
/// How long each screen is looked at under the flood.
const LOOK: Duration = Duration::from_secs(20);
const SCREENS: [&str; 3] = ["#/overview", "#/devices", "#/events"];

/// Notes the time between one frame and the next, for as long as the page lives.
const WATCH_FRAMES: &str = "
    window.frames_seen = { gaps: [], last: performance.now() };
    const tick = (now) => {
        window.frames_seen.gaps.push(now - window.frames_seen.last);
        window.frames_seen.last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);";
const FRAMES_SINCE: &str = "
    const gaps = window.frames_seen.gaps.sort((a, b) => b - a);
    window.frames_seen.gaps = [];
    return { frames: gaps.length, longest: gaps[0] ?? 0, over: gaps.filter((gap) => gap > 50).length,
             p99: gaps[Math.floor(gaps.length / 100)] ?? 0 };";

fn main() {
    let desktop = Desktop::start("flood");
    desktop.show_no_notifications();
    let demo = Demo::start(RATE);
    let load = Load { bind: SocketAddr::from(([127, 0, 0, 1], 0)), frames: Some(BURST), rate: None, distinct: 1_000 };
    let burst = demo.wait(LoadServer::start("iotee", load)).unwrap_or_else(|error| panic!("{error}"));
    demo.wait(burst.control().stop());

    let configuration = desktop.home().join("signalbox.toml");
    let service = burst.service();
    let ids: Vec<String> = service.subscribe.iter().map(|id| format!("{id:?}")).collect();
    let sixth = format!(
        "[[connection]]\nname = \"burst\"\nprotocol = \"iotee\"\nurl = {:?}\ncredential = {{ env = \"BURST\" }}\nsubscribe = [{}]\n",
        service.url,
        ids.join(", ")
    );
    std::fs::write(&configuration, format!("{}{sixth}", demo.configuration())).expect("a home can be written");
    let arguments = ["--config", configuration.to_str().expect("a path in UTF-8")];
    let mut tokens = demo.tokens();
    tokens.push(("BURST", service.token.expose_secret()));

    let window = Window::open(&desktop, &arguments, &tokens);
    window.resize(1280, 800);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.run(WATCH_FRAMES, &[]);
    println!("{:<44} {:>8} {:>12} {:>10} {:>12}", "what", "frames", "longest gap", "p99 gap", "over 50 ms");
    for screen in SCREENS {
        window.run("location.hash = arguments[0]", &[json!(screen)]);
        // Its first picture is not the flood's doing.
        sleep(Duration::from_secs(2));
        window.run(FRAMES_SINCE, &[]);
        sleep(LOOK);
        row(&format!("{RATE} events/s, {screen}"), &window.run(FRAMES_SINCE, &[]));
    }
    window.run("location.hash = '#/overview'", &[]);
    sleep(Duration::from_secs(2));
    window.run(FRAMES_SINCE, &[]);
    demo.wait(burst.control().start());
    let begun = Instant::now();
    // It dials again by its own backoff, a minute at most.
    while burst.control().sent() < BURST && begun.elapsed() < Duration::from_secs(90) {
        sleep(Duration::from_millis(100));
    }
    sleep(Duration::from_secs(3));
    row(&format!("a burst of {} on top", burst.control().sent()), &window.run(FRAMES_SINCE, &[]));
}

fn row(what: &str, frames: &Value) {
    let number = |name: &str| frames[name].as_f64().unwrap_or(f64::NAN);
    println!(
        "{what:<44} {:>8} {:>9.0} ms {:>7.0} ms {:>12}",
        number("frames"),
        number("longest"),
        number("p99"),
        number("over")
    );
}
