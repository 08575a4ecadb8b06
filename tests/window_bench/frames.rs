//! The frames of the page as it paints them.

use serde_json::Value;

use crate::support::Window;
use crate::table::Table;

/// The longest gap that nobody sees, in ms.
pub const LONGEST: f64 = 50.0;

/// Notes the time between one frame and the next, for as long as the page lives.
const WATCH: &str = "
    window.frames_seen = { gaps: [], last: performance.now() };
    const tick = () => {
        const now = performance.now();
        window.frames_seen.gaps.push(now - window.frames_seen.last);
        window.frames_seen.last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);";
const TAKE: &str = "
    const gaps = window.frames_seen.gaps.sort((a, b) => b - a);
    window.frames_seen.gaps = [];
    return { frames: gaps.length, longest: gaps[0] ?? Infinity, over: gaps.filter((gap) => gap > 50).length,
             p99: gaps[Math.floor(gaps.length / 100)] ?? 0 };";

/// Begins to note the frames.
pub fn watch(window: &Window) {
    window.run(WATCH, &[]);
}

/// Forgets those so far.
pub fn forget(window: &Window) {
    window.run(TAKE, &[]);
}

/// Tells those since the last time in the table.
pub fn tell(window: &Window, table: &mut Table, what: &str) {
    let frames = window.run(TAKE, &[]);
    let number = |name: &str| frames[name].as_f64().unwrap_or(f64::INFINITY);
    table.most(&format!("{what}: longest gap between frames"), number("longest"), LONGEST, " ms");
    let counts =
        format!("{:.0}, {:.0} over 50 ms, 99 % within {:.0} ms", number("frames"), number("over"), number("p99"));
    table.note("  frames", counts);
}

/// What the window says of each connection, past its own page.
pub fn cards(window: &Window) -> Value {
    // The answer comes when it comes; WebDriver waits for no promise here.
    let ask = "
        window.cards = null;
        const spec = { have: 0, scope: { kind: 'all' }, past: null, screen: { screen: 'connections' } };
        window.__TAURI_INTERNALS__.invoke('pull', { spec }).then((frame) => (window.cards = frame.screen.cards));";
    window.run(ask, &[]);
    window.wait("the connections' counters", |window| {
        Some(window.run("return window.cards", &[])).filter(|cards| cards.is_array())
    })
}
