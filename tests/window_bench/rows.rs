//! A table of 100,000 devices that keep telling: how long the page goes without a frame while it is scrolled and walked.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::opened::{desktop, opened_on_many, show_devices_as};
use crate::support::{Demo, Desktop, Window};
use crate::table::Table;
use crate::{frames, span};

/// Devices in the table.
const DEVICES: usize = 100_000;
/// What they tell, in events a second.
const RATE: u32 = 5_000;
/// How long the first word of each device may take.
const FILL: Duration = Duration::from_secs(180);

/// The frames under each way of moving through the table.
pub fn rows(table: &mut Table) {
    let desktop = desktop("rows");
    let demo = Demo::start(100);
    let (window, _many) = opened_on_many(&desktop, &demo, DEVICES, RATE);
    show_devices_as(&window, "Table");
    window.test_id("device-table");
    let filled = Instant::now();
    while in_the_table(&window) < DEVICES as u64 && filled.elapsed() < FILL {
        sleep(Duration::from_secs(1));
    }
    table.note("  rows in the table", in_the_table(&window).to_string());
    frames::watch(&window);
    for (what, moves) in [
        ("at rest", Moves::Rest),
        ("the wheel turning", Moves::Wheel),
        ("Page Down held", Moves::Key("Next")),
        ("the down arrow held", Moves::Key("Down")),
        ("End and Home in turn", Moves::Ends),
    ] {
        window
            .run("const t = document.querySelector(\"[data-testid='device-table']\"); t.scrollTop = 0; t.focus()", &[]);
        sleep(Duration::from_secs(1));
        frames::forget(&window);
        moves.go_on(&desktop, span() / 6);
        frames::tell(&window, table, &format!("{DEVICES} rows, {what}"));
    }
    window.picture("rows");
}

fn in_the_table(window: &Window) -> u64 {
    let rows = "return Number(document.querySelector(\"[data-testid='device-table']\")?.getAttribute('aria-rowcount') ?? 1) - 1";
    window.run(rows, &[]).as_u64().unwrap_or(0)
}

/// What a hand does.
enum Moves {
    Rest,
    Wheel,
    Key(&'static str),
    Ends,
}

impl Moves {
    fn go_on(&self, desktop: &Desktop, span: Duration) {
        let end = Instant::now() + span;
        while Instant::now() < end {
            match self {
                Moves::Rest => sleep(Duration::from_millis(200)),
                // As often as a held key repeats, and a wheel clicks.
                Moves::Wheel => {
                    desktop.output(
                        "xdotool",
                        &["mousemove", "700", "500", "click", "--repeat", "30", "--delay", "25", "5"],
                    );
                }
                Moves::Key(key) => {
                    desktop.output("xdotool", &["key", "--repeat", "30", "--delay", "30", key]);
                }
                Moves::Ends => {
                    desktop.output("xdotool", &["key", "--delay", "250", "End", "Home"]);
                }
            }
        }
    }
}
