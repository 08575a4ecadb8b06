//! Takes the pictures in `docs/pictures`: every screen, dark and light, from the real window on the demo fleet.

#[path = "../support/mod.rs"]
mod support;

use serde_json::json;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;
use support::{Desktop, Window};

const SIZE: (u32, u32) = (1280, 800);

/// How long the fleet runs before the first picture, so that the charts of five minutes are full.
const WARM_UP: Duration = Duration::from_secs(290);

/// How long a screen has to be drawn, with its charts.
const SETTLE: Duration = Duration::from_secs(3);

/// A picture's name, the address in the window, and what is done there first.
type Screen = (&'static str, &'static str, fn(&Window));

const SCREENS: &[Screen] = &[
    ("overview", "#/overview", |_| {}),
    ("devices", "#/devices", |_| {}),
    ("device", "#/device/locks-demo/ABC123", |_| {}),
    ("jobs", "#/jobs", |_| {}),
    ("agents", "#/agents", |_| {}),
    ("hosts", "#/hosts", ask_the_hosts),
    ("signals", "#/signals", |_| {}),
    ("events", "#/events", |_| {}),
    ("connections", "#/connections", |_| {}),
    ("settings", "#/settings", |_| {}),
];

fn main() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    std::fs::create_dir_all(&folder).expect("docs/pictures can be written");
    let desktop = Desktop::start("pictures");
    desktop.show_no_notifications();
    let window = Window::open(&desktop, &[], &[]);
    window.resize(SIZE.0, SIZE.1);
    for theme in ["dark", "light"] {
        look(&window, theme);
        window.test_id("first-run");
        take(&window, &folder, "first-run", theme);
    }
    drop(window);

    let window = Window::open(&desktop, &["--demo"], &[]);
    window.resize(SIZE.0, SIZE.1);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    sleep(WARM_UP);
    for theme in ["dark", "light"] {
        look(&window, theme);
        for (name, address, prepare) in SCREENS {
            window.run("location.hash = arguments[0]", &[json!(address)]);
            prepare(&window);
            take(&window, &folder, name, theme);
        }
    }
}

/// Runs the query that the console begins with.
fn ask_the_hosts(window: &Window) {
    window.click_role("button", "Run");
    window.wait_for_text("took");
}

/// Chooses a theme the way the page keeps it, and loads the page anew.
fn look(window: &Window, theme: &str) {
    let script = "const kept = JSON.parse(localStorage.getItem('signalbox.look') ?? '{}');
        localStorage.setItem('signalbox.look', JSON.stringify({ ...kept, theme: arguments[0] }));
        location.reload()";
    window.run(script, &[json!(theme)]);
    window.wait("the theme", |window| {
        let painted = "return document.querySelector('nav') && document.documentElement.dataset.theme";
        (window.run(painted, &[]) == theme).then_some(())
    });
}

fn take(window: &Window, folder: &std::path::Path, name: &str, theme: &str) {
    sleep(SETTLE);
    let path = folder.join(format!("{name}-{theme}.png"));
    window.picture_to(&path);
    println!("   {}", path.display());
}
