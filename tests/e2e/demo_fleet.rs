//! `signalbox --demo`: the first thing that anybody does with it.

use crate::support::{Desktop, Window};

/// The five connections of the demo become live, and what they bring keeps changing.
fn watch_the_demo(test: &str, lang: &str) {
    let desktop = Desktop::start_in(test, lang);
    let window = Window::open(&desktop, &["--demo"], &[]);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    let devices = window.wait("devices in the tile", |window| {
        let tile = window.text(&window.test_id("tile-devices"));
        tile.contains("of 200").then_some(tile)
    });
    assert!(devices.contains("Devices online"), "{devices}");
    window.wait("a drawn chart", |window| (ink_of_the_charts(window) > 0).then_some(()));
    window.picture("overview");

    window.click(&window.test_id("nav-devices"));
    let first = window.wait("voltages on the lock board", |window| Some(voltages(window)).filter(|all| all.len() > 5));
    window.wait("other voltages", |window| (voltages(window) != first).then_some(()));
    window.picture("devices");
    assert!(window.find_css("[data-testid='trouble']").is_none(), "the page reports trouble");
}

/// What the cards of the board say of their batteries: telemetry, apart from the ages that change by themselves.
fn voltages(window: &Window) -> Vec<String> {
    let board = window.text(&window.test_id("lock-board"));
    let words: Vec<&str> = board.split_whitespace().collect();
    words.windows(2).filter(|pair| pair[1] == "V").map(|pair| pair[0].to_owned()).collect()
}

/// How many pixels of the charts' canvases are painted.
fn ink_of_the_charts(window: &Window) -> u64 {
    let script = "return [...document.querySelectorAll('.uplot canvas')].reduce((ink, canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return ink + data.filter((value, index) => index % 4 === 3 && value > 0).length;
    }, 0)";
    window.run(script, &[]).as_u64().unwrap_or(0)
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn the_demo_shows_five_live_connections_and_they_move() {
    watch_the_demo("demo", "en_US.UTF-8");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn the_demo_runs_under_the_c_locale() {
    watch_the_demo("demo-c-locale", "C");
}
