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

/// How long when only some screens are asked for, until there is something to see.
const SHORT_WARM_UP: Duration = Duration::from_secs(75);

/// How long a screen has to be drawn, with its charts.
const SETTLE: Duration = Duration::from_secs(3);

const ESCAPE: char = '\u{e00c}';

/// A picture's name, the address in the window, and what is done there first.
type Screen = (&'static str, &'static str, fn(&Window));

const SCREENS: &[Screen] = &[
    ("overview", "#/overview", |_| {}),
    ("alerts", "#/alerts", answer_some_alerts),
    ("alert", "#/alerts/Cargo%20too%20warm", open_the_first_alert),
    ("rules", "#/rules", |_| {}),
    ("rule", "#/rule/Cargo%20too%20warm", try_the_rule),
    ("devices", "#/devices", |_| {}),
    ("devices-map", "#/devices", show_the_map),
    ("device", "#/device/locks-demo/ABC123", |_| {}),
    ("jobs", "#/jobs", |_| {}),
    ("definition", "#/definition/jobs-demo/export-ledger", |_| {}),
    ("agents", "#/agents", |_| {}),
    ("hosts", "#/hosts", ask_the_hosts),
    ("signals", "#/signals", |_| {}),
    ("events", "#/events", |_| {}),
    ("past", "#/events", look_at_the_past),
    ("connections", "#/connections", |_| {}),
    ("connection", "#/connections", begin_a_connection),
    ("settings", "#/settings", |_| {}),
    ("settings-alerts", "#/settings", scroll_to_the_notifications),
    ("settings-history", "#/settings", scroll_to_the_history),
];

/// Takes all pictures, or those of the screens that are named in the arguments.
fn main() {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |name: &str| named.is_empty() || named.iter().any(|one| one == name);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    std::fs::create_dir_all(&folder).expect("docs/pictures can be written");
    let desktop = Desktop::start("pictures");
    desktop.show_no_notifications();
    if is_wanted("first-run") {
        let window = Window::open(&desktop, &[], &[]);
        window.resize(SIZE.0, SIZE.1);
        for theme in ["dark", "light"] {
            look(&window, theme);
            window.test_id("first-run");
            take(&window, &folder, "first-run", theme);
        }
    }

    let window = Window::open(&desktop, &["--demo"], &[]);
    window.resize(SIZE.0, SIZE.1);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.tell_outside();
    sleep(if named.is_empty() { WARM_UP } else { SHORT_WARM_UP });
    make_a_rule(&window);
    for theme in ["dark", "light"] {
        look(&window, theme);
        for (name, address, prepare) in SCREENS.iter().filter(|(name, ..)| is_wanted(name)) {
            if window.find_css("[data-testid='past-back']").is_some() {
                window.click_test_id("past-back");
            }
            // The dialog of a connection stays over whatever screen is gone to.
            if window.find_css("[role=dialog]").is_some() {
                window.press(&[ESCAPE]);
            }
            window.go(address);
            prepare(&window);
            take(&window, &folder, name, theme);
        }
    }
}

/// Shows the devices on the map, near to where most of them are.
fn show_the_map(window: &Window) {
    window.click_role("radio", "Map");
    window.test_id("device-map-canvas");
    sleep(SETTLE);
}

/// Begins to add a connection.
fn begin_a_connection(window: &Window) {
    window.click_test_id("add");
    window.click_test_id("service-iotee");
    window.test_id("conn-url");
}

/// Runs the query that the console begins with.
fn ask_the_hosts(window: &Window) {
    window.click_role("button", "Run");
    window.wait("the run to end", |window| {
        let shown = window.text(&window.test_id("hosts-shown"));
        (shown.contains("Partial") || shown.contains("Complete")).then_some(())
    });
}

/// Makes a rule that some of the demo's devices break at once, with the minutes before as its proof.
fn make_a_rule(window: &Window) {
    window.go("#/newRule/Battery%20low");
    window.fill(&window.test_id("rule-name"), "Cargo too warm");
    window.fill(&window.test_id("rule-field"), "cargo_temperature");
    window.click_role("radio", "Over");
    window.fill(&window.test_id("rule-limit"), "6.5");
    window.fill(&window.test_id("rule-clear"), "6");
    window.fill(&window.test_id("rule-hold"), "0");
    // It can be saved when the backend has said what it says.
    window.wait_for_text("is over 6.5, until it is back at 6");
    sleep(Duration::from_secs(1));
    window.click_test_id("rule-save");
    window.test_id("screen-rules");
}

/// Lets somebody know of one alert, and silences another.
fn answer_some_alerts(window: &Window) {
    const FIRING: &str = "return [...document.querySelectorAll('[data-testid^=select-]')].find((box) =>
        !/^select-(all|group-)/.test(box.dataset.testid) &&
        box.closest('[role=row]').innerText.includes('Firing')) ?? null";
    window.test_id("alert-grid");
    window.click_role("radio", "Grouped");
    if window.find_css("[data-testid='clear-filters']").is_some() {
        window.click_test_id("clear-filters");
    }
    if window.alerts_in("acknowledged") > 0 {
        return;
    }
    sleep(SETTLE);
    if !window.click_script(FIRING) {
        return;
    }
    window.click_test_id("bulk-acknowledge");
    window.fill(&window.test_id("acknowledge-note"), "Ada looks at it");
    window.click_test_id("acknowledge-do");
    window.wait("one acknowledged", |window| (window.alerts_in("acknowledged") > 0).then_some(()));
    sleep(SETTLE);
    if window.click_script(FIRING) {
        window.click_test_id("bulk-silence");
        window.click_test_id("silence-do");
        window.wait("one silenced", |window| (window.alerts_in("silenced") > 0).then_some(()));
    }
}

/// Opens the page of the first alert of the list, one with a chart where there is one.
fn open_the_first_alert(window: &Window) {
    // A large group is folded; the list has them all.
    window.click_role("radio", "List");
    sleep(SETTLE);
    let first = "return document.querySelector('[role=row] [role=gridcell].mono') ?? null";
    if window.click_script(first) {
        window.test_id("screen-alert");
    }
}

/// Tries a rule on what the history has.
fn try_the_rule(window: &Window) {
    window.click_test_id("try-24");
    window.wait_for_text("have fired");
}

/// Shows the events of the last hours.
fn look_at_the_past(window: &Window) {
    window.click_test_id("past");
    window.click_test_id("past-6h");
    window.test_id("past-banner");
}

fn scroll_to_the_notifications(window: &Window) {
    scroll_to(window, "notify-from");
}

fn scroll_to_the_history(window: &Window) {
    scroll_to(window, "history-state");
}

fn scroll_to(window: &Window, id: &str) {
    window.run("arguments[0].closest('section').scrollIntoView()", &[(&window.test_id(id)).into()]);
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
    window
        .run("document.querySelectorAll('[aria-label=\"Close the message\"]').forEach((close) => close.click())", &[]);
    sleep(Duration::from_millis(300));
    let path = folder.join(format!("{name}-{theme}.png"));
    window.picture_to(&path);
    println!("   {}", path.display());
}
