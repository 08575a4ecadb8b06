//! The memory of page and backend under a flood that does not end.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::flood::{RATE, SCREENS};
use crate::number;
use crate::opened::{desktop, opened, program};
use crate::processes::{Processes, Sides};
use crate::support::Demo;
use crate::table::Table;

/// How long it is looked at, in minutes.
const MINUTES: u64 = 30;
/// Samples a minute.
const A_MINUTE: u64 = 4;
/// What it may grow in the measured time, of what it is.
const GROWTH: f64 = 10.0;

/// Each side's series and its slope. The first sixth is left out: rings and caches fill by then.
pub fn memory(table: &mut Table) {
    let minutes = number("BENCH_MINUTES").unwrap_or(MINUTES);
    let desktop = desktop("memory");
    let demo = Demo::start(RATE);
    let window = opened(&desktop, &demo, "", &[]);
    let processes = Processes::of(&window, &program());
    let begun = Instant::now();
    let mut series: Vec<Sides> = Vec::new();
    for sample in 0..minutes * A_MINUTE {
        // Each screen a minute: what one leaves behind is seen as well.
        if sample % A_MINUTE == 0 {
            let screen = SCREENS[(sample / A_MINUTE) as usize % SCREENS.len()];
            window.run("location.hash = arguments[0]", &[json!(screen)]);
        }
        sleep((Duration::from_secs(sample + 1) * 60 / A_MINUTE as u32).saturating_sub(begun.elapsed()));
        let sides = processes.pss();
        eprintln!("  {:>5.1} min: backend {:.1} MiB, page {:.1} MiB", minute(sample + 1), sides.backend, sides.page);
        series.push(sides);
    }
    let from = series.len() / 6;
    for (what, side) in [("backend", (|sides| sides.backend) as fn(&Sides) -> f64), ("page", |sides| sides.page)] {
        let figures: Vec<f64> = series[from..].iter().map(side).collect();
        let (mean, slope) = line(&figures);
        let slope = slope * A_MINUTE as f64;
        let grown = slope * minute(figures.len() as u64) / mean * 100.0;
        table.most(
            &format!("{what}: growth in {minutes} min of {RATE} events/s, of its memory"),
            grown.max(0.0),
            GROWTH,
            " %",
        );
        table.note("  its mean and its slope", format!("{mean:.0} MiB, {slope:+.2} MiB/min"));
        let each_minute = series.chunks(A_MINUTE as usize).filter_map(|minute| minute.last());
        let each_minute: Vec<String> = each_minute.map(|sides| format!("{:.0}", side(sides))).collect();
        table.note(&format!("  MiB minute by minute: {}", each_minute.join(" ")), String::new());
    }
}

fn minute(samples: u64) -> f64 {
    samples as f64 / A_MINUTE as f64
}

/// The mean, and the slope from one figure to the next, by least squares.
fn line(figures: &[f64]) -> (f64, f64) {
    let count = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / count;
    let middle = (count - 1.0) / 2.0;
    let (mut above, mut below) = (0.0, 0.0);
    for (index, figure) in figures.iter().enumerate() {
        let offset = index as f64 - middle;
        above += offset * (figure - mean);
        below += offset * offset;
    }
    (mean, if below > 0.0 { above / below } else { 0.0 })
}
