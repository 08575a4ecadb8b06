//! The map: marks of the fleet, one that is followed and opens its device, the way that device went, and the tiles of a server.

use crate::support::{Demo, Desktop, TileServer, Window};
use serde_json::json;

const ENTER: char = '\u{e007}';
/// What the map of the fleet is drawn on.
const CANVAS: &str = "device-map-canvas";

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_mark_is_followed_and_opens_its_device_whose_page_shows_its_track() {
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

    // The map, a filter, and the keyboard: one device is left, which drives, is chosen, and is followed.
    window.fill(&window.test_id("device-filter"), "speed>20");
    window.wait("those that drive", |window| window.page_text().contains(" of 200 devices").then_some(()));
    let device = window.wait("the list to be of them", |window| {
        // A filter that is half typed has a list, too.
        let first = || Some(window.text(&window.find_css("[data-testid='map-list'] li button .title")?));
        let before = first()?;
        std::thread::sleep(std::time::Duration::from_millis(500));
        (first()? == before).then_some(before)
    });
    window.fill(&window.test_id("device-filter"), &device);
    window.wait("one device", |window| window.page_text().contains("1 of 200 devices").then_some(()));
    window.click_role("button", "Show all");
    window.wait("its one mark", |window| (self::marks(window) == 1).then_some(()));
    window.run("document.querySelector('[data-testid=device-map-canvas]').focus()", &[]);
    window.press(&['n']);
    window.wait("its card", |window| window.text(&window.test_id("map-card")).contains(&device).then_some(()));
    window.picture("chosen");
    window.press(&['f']);
    window.wait("it to be followed, and its way", |window| {
        let bar = window.text(&window.test_id("following"));
        (bar.contains(&device) && driven(&bar)).then_some(())
    });
    let first = middle(&window);
    window.wait("the map to stay on it", |window| (middle(window) != first).then_some(()));
    window.picture("followed");
    window.press(&['f']);
    window
        .wait("the same key to end it", |window| window.find_css("[data-testid='following']").is_none().then_some(()));
    window.press(&['f']);
    window.test_id("following");
    drag_the_map(&window);
    let left = window.text(&window.test_id("left"));
    assert!(left.contains(&device) && left.contains("not followed any more"), "{left}");
    assert!(window.find_css("[data-testid='following']").is_none(), "dragging ends it");
    window.picture("left");
    window.click_role("button", "Follow again");
    window.test_id("following");

    window.run("document.querySelector('[data-testid=device-map-canvas]').focus()", &[]);
    window.press(&[ENTER]);
    window.test_id("screen-device");
    let place = window.wait("a track with a length", |window| {
        let place = window.text(&window.test_id("device-place"));
        driven(&place).then_some(place)
    });
    assert!(place.contains("Following") && place.contains("° N"), "{place}");
    window.wait("it to be drawn", |window| (coloured(window, "device-place-canvas") > 20).then_some(()));
    window.picture("track");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_tile_servers_pictures_are_shown_and_its_absence_is_said() {
    // Neither a colour of the window nor of its marks.
    const PURPLE: [u8; 3] = [122, 31, 162];
    let desktop = Desktop::start("tiles");
    desktop.show_no_notifications();
    let demo = Demo::start(50);
    let mut server = TileServer::start(PURPLE);
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(5, ""));
    show_the_map(&window);
    assert!(purple(&window, PURPLE) == 0.0, "no tile is drawn before a server is named");

    window.go("#/settings");
    window.fill(&window.test_id("tiles"), &server.address());
    // Enter saves it.
    window.press(&[ENTER]);
    window.wait_for_text("Settings saved");
    show_the_map(&window);
    window.wait("the map to be drawn on tiles", |window| (purple(window, PURPLE) > 0.6).then_some(()));
    window.wait("the server to be named", |window| {
        window.text(&window.test_id("tiles-named")).contains("127.0.0.1").then_some(())
    });
    assert!(window.find_css("[data-testid='tiles-problem']").is_none());
    assert!(server.asked() > 0);
    window.picture("tiles");

    // Other tiles are wanted farther out, and nobody is there to give them.
    server.stop();
    window.run("document.querySelector('[data-testid=device-map-canvas]').focus()", &[]);
    let said = window.wait("its absence to be said", |window| {
        window.press(&['-']);
        let said = window.find_css("[data-testid='tiles-problem']")?;
        Some(window.text(&said))
    });
    assert!(said.contains("Map tiles of 127.0.0.1 are missing: nothing answers"), "{said}");
    assert!(!said.contains("?."), "{said}");
    assert!(marks(&window) > 0, "the marks are there all the same");
    window.picture("away");

    let before = server.asked();
    server.go_on();
    window.click_role("button", "Try again");
    window.wait("the tiles to come again", |window| {
        let are_there = purple(window, PURPLE) > 0.6 && server.asked() > before;
        (are_there && window.find_css("[data-testid='tiles-problem']").is_none()).then_some(())
    });
    window.picture("again");
}

fn show_the_map(window: &Window) {
    window.go("#/devices");
    window.click_role("radio", "Map");
    window.wait("marks", |window| (marks(window) > 0).then_some(()));
}

/// The part of the fleet's map that is in a colour on the screen: a page must not read what it drew out of another's pictures.
fn purple(window: &Window, colour: [u8; 3]) -> f64 {
    let [left, top, width, height] = place_of_the_map(window).map(|side| side as usize);
    let pixels = window.pixels([left, top, width, height]);
    let inked = pixels.chunks_exact(3).filter(|pixel| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 4)).count();
    inked as f64 / (width * height) as f64
}

/// Left, top, width and height.
fn place_of_the_map(window: &Window) -> [f64; 4] {
    let script = "const { x, y, width, height } = document.querySelector(`[data-testid=${arguments[0]}]`).getBoundingClientRect();
        return [x, y, width, height].map(Math.round)";
    let numbers = window.run(script, &[json!(CANVAS)]);
    [0, 1, 2, 3].map(|at| numbers[at].as_f64().unwrap_or_default())
}

fn drag_the_map(window: &Window) {
    let [left, top, width, height] = place_of_the_map(window);
    let from = (left + width * 0.6, top + height * 0.7);
    window.drag(from, (from.0 - 120.0, from.1 - 40.0));
}

/// Whether a way is told that is longer than what a receiver errs: "1.2 km in 12 min".
fn driven(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(3).any(|three| match three {
        [length, "km", "in"] => length.parse::<f64>().is_ok(),
        [length, "m", "in"] => length.parse::<f64>().is_ok_and(|metres| metres > 30.0),
        _ => false,
    })
}

/// What the middle of the map is.
fn middle(window: &Window) -> String {
    let script = "return document.querySelector(`[data-testid=${arguments[0]}]`)?.dataset.middle ?? ''";
    window.run(script, &[json!(CANVAS)]).as_str().unwrap_or_default().to_owned()
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
