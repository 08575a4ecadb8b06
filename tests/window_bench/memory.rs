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
/// What the most and the least of the last third may be over those of the third before, in percent.
const GROWTH: f64 = 10.0;

/// Each side's series. Thirds are compared by their most and their least: a page collects its garbage when it likes, so that its
/// memory swings; what it keeps raises the least, and what has no end raises both. The first third fills rings and caches.
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
        let sides = processes.held();
        eprintln!("  {:>5.1} min: backend {:.1} MiB, page {:.1} MiB", minute(sample + 1), sides.backend, sides.page);
        series.push(sides);
    }
    let third = series.len() / 3;
    for (what, side) in [("backend", (|sides| sides.backend) as fn(&Sides) -> f64), ("page", |sides| sides.page)] {
        let figures: Vec<f64> = series.iter().map(side).collect();
        let (before, last) = (&figures[third..2 * third], &figures[2 * third..]);
        for (of, pick) in [("most", most as fn(&[f64]) -> f64), ("least", least)] {
            let (was, is) = (pick(before), pick(last));
            assert!(was > 0.0 && is > 0.0, "what the {what} holds could not be read");
            table.most(
                &format!("{what}: growth of the {of} it holds, last third of {minutes} min of {RATE} events/s"),
                ((is / was - 1.0) * 100.0).max(0.0),
                GROWTH,
                " %",
            );
            table.note(&format!("  the {of} of the third before and of the last"), format!("{was:.0} and {is:.0} MiB"));
        }
        let (mean, slope) = line(&figures[third..]);
        let slope = slope * A_MINUTE as f64;
        table.note("  mean and slope after the first third", format!("{mean:.0} MiB, {slope:+.2} MiB/min"));
        let each_minute = series.chunks(A_MINUTE as usize).filter_map(|minute| minute.last());
        let each_minute: Vec<String> = each_minute.map(|sides| format!("{:.0}", side(sides))).collect();
        table.note(&format!("  MiB minute by minute: {}", each_minute.join(" ")), String::new());
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    table.note(&format!("  load of the machine over the last minutes: {}", load.trim()), String::new());
}

fn most(figures: &[f64]) -> f64 {
    figures.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

fn least(figures: &[f64]) -> f64 {
    figures.iter().copied().fold(f64::INFINITY, f64::min)
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
