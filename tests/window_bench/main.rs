//! Measures the release build's real window against its budgets and prints one table. Asserts no time; run by
//! `cargo xtask bench window [PART]...`, never with the tests.
//!
//! Parts: `flood`, `rows`, `map`, `latency`, `charts`, `hidden`, `start`, `memory`; without one all but `memory`, which takes half an hour.
//! `BENCH_SECONDS` (60) is how long flood, rows, map, latency, charts and hidden look; `BENCH_MINUTES` (30) how long memory does;
//! `BENCH_PROGRAM` is the program to measure, where it is not the one that was built beside this.
//!
//! The services run in this process and the window in its own, so that no load is counted as the window's.

#[path = "../support/mod.rs"]
mod support;

mod cpu;
mod flood;
mod frames;
mod hand;
mod latency;
mod map;
mod marks;
mod memory;
mod opened;
mod processes;
mod rows;
mod start;
mod table;

use std::process::ExitCode;
use std::time::Duration;

use table::Table;

/// Measures something and tells it in the table.
type Part = fn(&mut Table);

const PARTS: [(&str, Part); 8] = [
    ("start", start::start),
    ("charts", cpu::charts),
    ("hidden", cpu::hidden),
    ("latency", latency::latency),
    ("flood", flood::flood),
    ("rows", rows::rows),
    ("map", map::map),
    ("memory", memory::memory),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        let known: Vec<_> = PARTS.iter().map(|(name, _)| *name).collect();
        eprintln!("\"{unknown}\" is no part; there are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let mut table = Table::default();
    for (name, part) in PARTS {
        let by_itself = wanted.is_empty() && name != "memory";
        if by_itself || wanted.iter().any(|wanted| wanted == name) {
            eprintln!("measuring {name} …");
            table.part(name);
            part(&mut table);
        }
    }
    print!("{table}");
    ExitCode::SUCCESS
}

/// How long flood, rows, map, latency, charts and hidden look.
fn span() -> Duration {
    Duration::from_secs(number("BENCH_SECONDS").unwrap_or(60))
}

/// A number out of the environment.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok().filter(|number| *number > 0)
}
