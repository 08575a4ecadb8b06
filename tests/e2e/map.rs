//! The map: marks of the fleet, one that opens its device, and the way that device went.

use crate::support::{Desktop, Window};
use serde_json::json;

const ENTER: char = '\u{e007}';

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_mark_opens_its_device_whose_page_shows_its_track() {
    let desktop = Desktop::start("map");
    let window = Window::open(&desktop, &["--demo"], &[]);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.go("#/devices");
    window.test_id("lock-board");
    window.click_role("radio", "Map");
    let marks = window.wait("marks", |window| Some(marks(window)).filter(|marks| *marks > 0));
    assert!(marks <= 200, "{marks} marks of 200 devices");
    window.wait("them to be drawn", |window| (coloured(window, "device-map-canvas") > 50).then_some(()));
    window.wait_for_text("In sight");
    window.picture("fleet");

    // The map, a filter, and the keyboard: one device is left, is chosen, and is opened.
    let row = window.css("[data-testid='map-list'] li button .title");
    let device = window.text(&row);
    window.fill(&window.test_id("device-filter"), &device);
    window.wait("one device", |window| window.page_text().contains("1 of 200 devices").then_some(()));
    window.click_role("button", "Show all");
    window.wait("its one mark", |window| (self::marks(window) == 1).then_some(()));
    window.run("document.querySelector('[data-testid=device-map-canvas]').focus()", &[]);
    window.press(&['n']);
    window.wait("its card", |window| window.text(&window.test_id("map-card")).contains(&device).then_some(()));
    window.picture("chosen");
    window.press(&[ENTER]);
    window.test_id("screen-device");
    let place = window.wait("a track with a length", |window| {
        let place = window.text(&window.test_id("device-place"));
        (place.contains(" m in ") || place.contains(" km in ")).then_some(place)
    });
    assert!(place.contains("Following") && place.contains("° N"), "{place}");
    window.wait("it to be drawn", |window| (coloured(window, "device-place-canvas") > 20).then_some(()));
    window.picture("track");
}

/// How many marks the map holds.
fn marks(window: &Window) -> u64 {
    let script = "return Number(document.querySelector('[data-testid=device-map-canvas]')?.dataset.marks ?? 0)";
    window.run(script, &[]).as_u64().unwrap_or(0)
}

/// How many points of a map are in a colour: land, water and names are nearly grey.
fn coloured(window: &Window, map: &str) -> u64 {
    let script = "const canvas = document.querySelector(`[data-testid=${arguments[0]}] canvas`);
        if (!canvas || canvas.width === 0) return 0;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
            const [r, g, b] = data.subarray(at, at + 3);
            if (Math.max(r, g, b) - Math.min(r, g, b) > 60) count++;
        }
        return count";
    window.run(script, &[json!(map)]).as_u64().unwrap_or(0)
}
