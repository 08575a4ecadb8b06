//! What the window costs while it is looked at, and while it is not.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::opened::{desktop, opened, program};
use crate::processes::{Processes, Sides};
use crate::span;
use crate::support::{Demo, Window};
use crate::table::Table;

/// Of one core, in %.
const SHOWN: f64 = 15.0;
const HIDDEN: f64 = 1.0;
/// What opening it costs is not measured.
const SETTLE: Duration = Duration::from_secs(15);

/// Overview of the demo fleet, as it is.
pub fn charts(table: &mut Table) {
    let desktop = desktop("charts");
    let demo = Demo::start(demo::Options::default().rate);
    let window = opened(&desktop, &demo, "", &[]);
    sleep(SETTLE);
    let share = measure(&window);
    assert!(window.is_on_the_screen(), "the window went away");
    table.most("Overview of the demo fleet on screen, of one core", share.sum(), SHOWN, " %");
    table.note("  backend, page", sides(share));
    window.picture("charts");
}

/// The same, minimised.
pub fn hidden(table: &mut Table) {
    let desktop = desktop("hidden");
    let demo = Demo::start(demo::Options::default().rate);
    let window = opened(&desktop, &demo, "", &[]);
    sleep(SETTLE);
    window.minimize();
    sleep(Duration::from_secs(3));
    let share = measure(&window);
    assert!(!window.is_on_the_screen(), "the window came back");
    table.most("Overview of the demo fleet minimised, of one core", share.sum(), HIDDEN, " %");
    table.note("  backend, page", sides(share));
    table.note("  the page knows that it is hidden", window.run("return document.hidden", &[]).to_string());
}

/// The share of one core that is used from now on, in %.
fn measure(window: &Window) -> Sides {
    let processes = Processes::of(window, &program());
    let (begun, before) = (Instant::now(), processes.cpu());
    sleep(span());
    let after = processes.cpu();
    let share = |before: f64, after: f64| (after - before) / begun.elapsed().as_secs_f64() * 100.0;
    Sides { backend: share(before.backend, after.backend), page: share(before.page, after.page) }
}

fn sides(share: Sides) -> String {
    format!("{:.2} %, {:.2} %", share.backend, share.page)
}
