//! The command line: what can be typed, and one file for each subcommand.

mod chart;
mod completions;
mod connection;
mod demo;
mod duration;
mod history;
mod moment;
mod nearest;
mod output;
mod record;
mod report;
mod rules;
mod secret;
mod snapshot;
mod watch;

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::failure::Failure;
use crate::log;
use output::print;

/// Watches fleets over their services' streams: locks and vehicles, hosts, jobs, agents and signals, live in one window.
///
/// Without a subcommand it opens the window.
#[derive(Debug, Parser)]
#[command(name = "signalbox", version, after_help = EXAMPLES)]
struct CommandLine {
    /// Use this configuration file instead of the one in the system's folder for configurations.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Say more (or less) on standard error, as `debug` or `link=trace,warn`; SIGNALBOX_LOG says the same.
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,

    /// Open the window on an embedded demo fleet; no configuration is read or written.
    #[arg(long)]
    demo: bool,

    /// Begin in the tray, without a window; where no tray comes within seconds, the window opens.
    #[arg(long)]
    hidden: bool,

    /// Open the window on this screen; also of the Signalbox that runs already.
    #[arg(long, value_name = "SCREEN", value_parser = SCREENS)]
    open: Option<String>,

    #[command(subcommand)]
    command: Option<Command>,
}

/// The screens that can be opened by name.
const SCREENS: [&str; 10] =
    ["overview", "alerts", "devices", "jobs", "agents", "hosts", "signals", "events", "connections", "settings"];

const EXAMPLES: &str = "\
Examples:
  signalbox --demo                     look around, with nothing configured
  signalbox connection add locks-eu --protocol iotee --url wss://api.example.com/realtime --subscribe ABC123
  signalbox connection test locks-eu   say in a sentence whether it becomes live
  signalbox                            open the window on what is configured
  signalbox watch --for 30s | jq .     print what comes, one JSON object a line
  signalbox record                     watch for alerts and write the history without a window
  signalbox history --since 2h         print what the history knows

Exit codes: 0 fine, 1 failed, 2 usage or configuration.";

#[derive(Debug, Subcommand)]
enum Command {
    Watch(watch::Watch),
    Record(record::Record),
    Snapshot(snapshot::Snapshot),
    History(history::History),
    Rules(rules::Rules),
    Chart(chart::Chart),
    Report(report::Report),
    Connection(connection::Connection),
    Demo(demo::Demo),
    Completions(completions::Completions),
}

/// Reads the command line and does what it asks. What clap itself refuses ends the program here, with exit code 2.
pub(crate) fn run() -> Result<(), Failure> {
    let CommandLine { config, log, demo, hidden, open, command } = CommandLine::parse();
    match (&command, demo, &config) {
        (Some(_), true, _) => {
            conflict("--demo opens the window; `signalbox demo` runs the demo's services without one")
        }
        (None, true, Some(_)) => conflict("--demo has a configuration of its own, so --config cannot be used with it"),
        _ => {}
    }
    if command.is_some() && (hidden || open.is_some()) {
        conflict("--hidden and --open are about the window, and a subcommand opens none");
    }
    let Some(command) = command else {
        return window(Window { config, demo, hidden, screen: open }, log.as_deref());
    };
    // `connection` says in its own sentence what went wrong; the others go on, and say it in the log.
    let otherwise = if matches!(command, Command::Connection(_)) { "error" } else { "warn" };
    log::to_stderr(log.as_deref(), otherwise)?;
    match command {
        Command::Watch(watch) => watch.run(config),
        Command::Record(record) => record.run(config),
        Command::Snapshot(snapshot) => snapshot.run(config),
        Command::History(history) => history.run(config),
        Command::Rules(rules) => rules.run(config),
        Command::Chart(chart) => chart.run(config),
        Command::Report(report) => report.run(config),
        Command::Connection(connection) => connection.run(config),
        Command::Demo(demo) => demo.run(),
        Command::Completions(completions) => completions.run(),
    }
}

fn conflict(why: &str) {
    CommandLine::command().error(ErrorKind::ArgumentConflict, why).exit();
}

/// What the window is opened on.
#[derive(Debug, Clone, Default)]
#[cfg_attr(not(feature = "desktop"), expect(dead_code, reason = "there is no window"))]
pub(crate) struct Window {
    /// The configuration file; the system's own place for it when `None`.
    pub(crate) config: Option<PathBuf>,
    /// The embedded demo fleet instead of any configuration.
    pub(crate) demo: bool,
    /// In the tray at first, where there is one.
    pub(crate) hidden: bool,
    /// The screen to begin with.
    pub(crate) screen: Option<String>,
}

/// The screen that another start of the program asks to see.
#[cfg(feature = "desktop")]
pub(crate) fn screen_of(arguments: Vec<String>) -> Option<String> {
    CommandLine::try_parse_from(arguments).ok()?.open
}

#[cfg(feature = "desktop")]
fn window(open: Window, filter: Option<&str>) -> Result<(), Failure> {
    crate::window::open(open, filter)
}

#[cfg(not(feature = "desktop"))]
fn window(_open: Window, _filter: Option<&str>) -> Result<(), Failure> {
    Err(Failure::usage(
        "this signalbox was built without a window; `signalbox watch` prints what comes, and `signalbox --help` lists the rest",
    ))
}

/// The runtime that a subcommand's connections run on.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    built.map_err(|error| Failure::failed(format!("the system gave no threads to run on: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }

    #[cfg(feature = "desktop")]
    #[test]
    fn a_second_start_may_ask_for_a_screen() {
        let of = |words: &[&str]| screen_of(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(of(&["signalbox", "--open", "alerts"]).as_deref(), Some("alerts"));
        assert_eq!(of(&["signalbox", "--open", "x');alert('"]), None);
        assert_eq!(of(&["signalbox", "--hidden"]), None);
    }
}
