//! `signalbox report`.

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;
use link::{Clock, SystemClock};
use store::ConfigFile;

use super::moment::{Moment, moment, span};
use super::nearest::nearest;
use super::output::{check, save};
use crate::failure::Failure;

/// Writes a shift report: alerts, lock activity, job results, gaps and charts of a time, as one HTML file.
///
/// The file needs nothing else: it can be mailed, kept and printed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox report --since 8h -o report.html
  signalbox report --since 2026-03-01T06:00:00Z --until 2026-03-01T14:00:00Z --connection locks-eu -o early.html")]
pub(super) struct Report {
    /// From when on: how long ago, as 8h or 7d, or a time, as 2026-03-01T08:00:00Z.
    #[arg(long, value_name = "WHEN", default_value = "8h", value_parser = moment)]
    since: Moment,

    /// Until before when; now, unless given.
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    until: Option<Moment>,

    /// The file to write.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Only of this connection; may be given several times.
    #[arg(long = "connection", value_name = "NAME")]
    connections: Vec<String>,

    /// Times in UTC instead of this computer's zone.
    #[arg(long)]
    utc: bool,

    /// Overwrite the file if there is one.
    #[arg(long)]
    force: bool,
}

impl Report {
    pub(super) fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        check(&self.output, self.force)?;
        let span = span(self.since, self.until, SystemClock.now())?;
        let history = crate::history::read(config.as_deref())?;
        let configured = ConfigFile::new(config)?.load()?.connections;
        let names: Vec<String> = configured.into_iter().map(|connection| connection.name).collect();
        if let Some(name) = self.connections.iter().find(|name| !names.contains(name)) {
            let meant = nearest(name, &names).map(|meant| format!("; there is {meant}")).unwrap_or_default();
            return Err(Failure::usage(format!("no connection is named \"{name}\"{meant}")));
        }
        let chosen = if self.connections.is_empty() { names } else { self.connections };
        let zone = if self.utc { TimeZone::UTC } else { TimeZone::system() };
        let html = monitor::export::report(&history, &chosen, span, &zone).map_err(Failure::failed)?;
        save(&self.output, html.as_bytes(), self.force)
    }
}
