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
    // From the quiet connections at the bottom to the devices' hundreds of events a second.
    window.wait("a drawn chart", |window| (span_of_the_first_chart(window) > 0.5).then_some(()));
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

/// How much of the first chart's height its coloured lines span, from 0 to 1. They are the only colour on its canvas.
fn span_of_the_first_chart(window: &Window) -> f64 {
    let script = "const canvas = document.querySelector('.uplot canvas');
        if (!canvas) return 0;
        const { width, height } = canvas;
        const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
        const rows = [];
        for (let at = 0; at < data.length; at += 4) {
            const [r, g, b, a] = data.subarray(at, at + 4);
            if (a > 128 && Math.max(r, g, b) - Math.min(r, g, b) > 60) rows.push(Math.floor(at / 4 / width));
        }
        return rows.length === 0 ? 0 : (rows.at(-1) - rows[0]) / height";
    window.run(script, &[]).as_f64().unwrap_or(0.0)
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
