//! A map of 20,000 devices that drive: how long the page goes without a frame while the map is dragged and zoomed, and how long
//! the answer to what it asks takes.

use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::hand::Moves;
use crate::opened::{desktop, filled, opened_on_many, show_devices_as};
use crate::support::{Demo, Window};
use crate::table::Table;
use crate::{frames, span};

/// Devices on the map beside the demo's own.
const DEVICES: usize = 20_000;
/// What they tell, in events a second: each moves once a second.
const RATE: u32 = 20_000;
/// How long the first word of each device may take.
const FILL: Duration = Duration::from_secs(60);

/// The page asks the shell by `fetch`: notes how long each answer to the map took.
const WATCH: &str = "
    const own = window.fetch;
    window.places_seen = [];
    window.fetch = (...asked) => {
        const begun = performance.now();
        const answer = own(...asked);
        if (String(asked[0]?.url ?? asked[0]).endsWith('/places'))
            answer.then(() => window.places_seen.push(performance.now() - begun), () => {});
        return answer;
    };";
const TAKE: &str = "
    const took = window.places_seen.sort((a, b) => a - b);
    window.places_seen = [];
    return { count: took.length, median: took[took.length >> 1] ?? null, longest: took.at(-1) ?? null };";

/// The frames under each way of moving the map, and the time of its answers.
pub fn map(table: &mut Table) {
    let desktop = desktop("map");
    let demo = Demo::start(100);
    let (window, _many) = opened_on_many(&desktop, &demo, DEVICES, RATE);
    show_devices_as(&window, "Map");
    window.test_id("device-map");
    table.note("  devices on the map", filled(DEVICES, FILL, || devices(&window)).to_string());
    // What drives is looked at, and so near that the map is full of it.
    window.fill(&window.test_id("device-filter"), "connection:many");
    window.wait("them alone", |window| (devices(window) == DEVICES as u64).then_some(()));
    window.click_role("button", "Show all");
    window.run("document.querySelector('[data-testid=device-map-canvas]').focus()", &[]);
    window.press(&['+']);
    window.press(&['+']);
    frames::watch(&window);
    window.run(WATCH, &[]);
    for (what, moves) in [
        ("at rest", Moves::Rest),
        ("dragged", Moves::Drag),
        ("zoomed", Moves::Zoom),
        ("the arrows held", Moves::Arrows),
    ] {
        sleep(Duration::from_secs(2));
        frames::forget(&window);
        window.run(TAKE, &[]);
        moves.go_on(&desktop, span() / 4);
        table.note("  marks held by the map", window.run(MARKS, &[]).to_string());
        frames::tell(&window, table, &format!("{DEVICES} moving devices on a map, {what}"));
        let took = window.run(TAKE, &[]);
        let ms = |name: &str| took[name].as_f64().map_or("-".into(), |ms| format!("{ms:.0} ms"));
        table.note(
            "  answers to the map, median, longest",
            format!("{}, {}, {}", took["count"], ms("median"), ms("longest")),
        );
    }
    sleep(Duration::from_secs(2));
    window.picture("map");
}

const MARKS: &str = "return Number(document.querySelector('[data-testid=device-map-canvas]')?.dataset.marks ?? 0)";

/// How many devices there are, as the screen's head says it.
fn devices(window: &Window) -> u64 {
    let head = "return document.querySelector(\"[data-testid='screen-devices']\")?.innerText.match(/([\\d,. \\u202f]+)(?: of [\\d,. \\u202f]+)? devices/)?.[1] ?? ''";
    let text = match window.run(head, &[]) {
        Value::String(text) => text,
        _ => String::new(),
    };
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}
