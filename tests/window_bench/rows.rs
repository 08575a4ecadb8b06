//! A table of 100,000 devices that keep telling: how long the page goes without a frame while it is scrolled and walked.

use std::thread::sleep;
use std::time::Duration;

use crate::hand::Moves;
use crate::opened::{desktop, filled, opened_on_many, show_devices_as};
use crate::support::{Demo, Window};
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
    table.note("  rows in the table", filled(DEVICES, FILL, || in_the_table(&window)).to_string());
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
