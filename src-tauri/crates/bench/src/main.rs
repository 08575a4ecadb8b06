//! Measures the release build against the budgets of the design and prints one table.
//!
//! Every figure is a ratio within one run, or a bound on memory: absolute figures drift from machine to machine.
//! `bench` runs all; `bench memory rules year` some of it. The load comes from a process of its own.

mod alerts;
mod bare;
mod folder;
mod ingest;
mod memory;
mod past;
mod reconnect;
mod rules;
mod server;
mod table;
mod view;
mod year;

use std::process::ExitCode;

use table::Table;

/// What goes wrong in a measurement, as a sentence.
type Failure = Box<dyn std::error::Error>;

/// Measures something and tells it in the table.
type Measurement = fn(&mut Table) -> Result<(), Failure>;

/// The measurements by name. Memory comes first: what others have freed would be used again and not be seen.
const MEASUREMENTS: [(&str, Measurement); 9] = [
    ("memory", memory::memory),
    ("ingest", ingest::ingest),
    ("growth", ingest::growth),
    ("rules", rules::rules),
    ("view", view::view),
    ("alerts", alerts::alerts),
    ("year", past::year),
    ("start", past::start),
    ("reconnect", reconnect::reconnect),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments.first().map(String::as_str) {
        Some("serve") => return server::serve(&arguments[1..]),
        Some("reopen") => return past::reopen(&arguments[1..]),
        Some("gate") => return reconnect::gate(),
        Some("make") => return past::make_file(&arguments[1..]),
        _ => {}
    }
    if let Some(unknown) = arguments.iter().find(|name| MEASUREMENTS.iter().all(|(known, _)| known != name)) {
        let known: Vec<_> = MEASUREMENTS.iter().map(|(name, _)| *name).collect();
        return Err(format!("\"{unknown}\" is no measurement; there are {}", known.join(", ")).into());
    }
    let mut table = Table::default();
    for (name, measure) in MEASUREMENTS {
        if arguments.is_empty() || arguments.iter().any(|wanted| wanted == name) {
            eprintln!("measuring {name} …");
            measure(&mut table)?;
        }
    }
    print!("{table}");
    Ok(())
}
