//! Every screen of the window, and how a person comes to it on the demo fleet.

use crate::support::Window;
use serde_json::json;

/// A screen: its name, its address, the `data-testid` that it is known by, and what is done there first.
pub struct Place {
    pub name: &'static str,
    pub address: &'static str,
    pub screen: &'static str,
    pub prepare: fn(&Window),
}

const fn plain(name: &'static str, address: &'static str, screen: &'static str) -> Place {
    Place { name, address, screen, prepare: |_| {} }
}

/// All screens; those of one alert, one job and one live query are opened from the list they are in.
pub const PLACES: &[Place] = &[
    plain("overview", "#/overview", "screen-overview"),
    plain("alerts", "#/alerts", "screen-alerts"),
    Place { prepare: open_an_alert, ..plain("alert", "#/alerts", "screen-alerts") },
    plain("rules", "#/rules", "screen-rules"),
    plain("rule", "#/newRule", "screen-rule"),
    plain("devices", "#/devices", "screen-devices"),
    Place { prepare: show_the_table, ..plain("device-table", "#/devices", "screen-devices") },
    Place { prepare: open_a_device, ..plain("device", "#/devices", "screen-devices") },
    plain("jobs", "#/jobs", "screen-jobs"),
    Place { prepare: open_a_job, ..plain("job", "#/jobs", "screen-jobs") },
    Place { prepare: open_a_live_query, ..plain("live-query", "#/jobs", "screen-jobs") },
    plain("agents", "#/agents", "screen-agents"),
    plain("hosts", "#/hosts", "screen-hosts"),
    plain("signals", "#/signals", "screen-signals"),
    plain("events", "#/events", "screen-events"),
    plain("connections", "#/connections", "screen-connections"),
    plain("settings", "#/settings", "screen-settings"),
];

/// Goes to a place and waits until it stands there with its data.
pub fn go(window: &Window, place: &Place) {
    window.go(place.address);
    window.test_id(place.screen);
    (place.prepare)(window);
    settle(window);
}

/// Waits until nothing is on its way and two frames are painted.
pub fn settle(window: &Window) {
    let busy = "return !!document.querySelector('[aria-busy=true]')";
    window.wait("what was on its way", |window| (window.run(busy, &[]) == false).then_some(()));
    std::thread::sleep(std::time::Duration::from_millis(400));
}

/// Closes whatever lies over the screen.
pub fn close(window: &Window) {
    const ESCAPE: char = '\u{e00c}';
    let open = "return !!document.querySelector('[role=dialog], [role=alertdialog], [role=menu], [role=listbox].menu-content, \
                [data-bits-floating-content-wrapper]')";
    window.wait("what was opened to close", |window| {
        if window.run(open, &[]) == false {
            return Some(());
        }
        window.press(&[ESCAPE]);
        std::thread::sleep(std::time::Duration::from_millis(200));
        None
    });
}

fn open_an_alert(window: &Window) {
    // Of the groups some are folded; the list has all of them.
    window.click_role("radio", "List");
    let row = "return document.querySelector('[data-testid=alert-grid] [data-key]')?.dataset.key ?? null";
    let key = window.wait("an alert", |window| {
        let key = window.run(row, &[]).as_str().map(str::to_owned);
        // Where nothing fires yet, one that is about to is one too.
        if key.is_none() && window.alerts_in("firing") == 0 && window.alerts_in("pending") > 0 {
            window.click_test_id("state-pending");
        }
        key
    });
    window.run("location.hash = '#/alert/' + encodeURIComponent(arguments[0])", &[json!(key)]);
    window.test_id("screen-alert");
}

fn show_the_table(window: &Window) {
    window.click_role("radio", "Table");
    window.test_id("device-table");
}

fn open_a_device(window: &Window) {
    window.click_role("radio", "Board");
    click(window, "[data-testid='lock-board'] [data-testid^='device-']");
    window.test_id("screen-device");
}

fn open_a_job(window: &Window) {
    click(window, "[data-testid='running'] li button");
    window.test_id("screen-job");
}

fn open_a_live_query(window: &Window) {
    click(window, "[data-testid='live-queries'] li a");
    window.test_id("screen-live-query");
}

/// Clicks the first of what streams by: what is found may be gone when it is to be clicked.
fn click(window: &Window, selector: &str) {
    let first = format!("return document.querySelector(\"{selector}\")");
    window.wait(&format!("`{selector}` to be clicked"), |window| window.click_script(&first).then_some(()));
}
