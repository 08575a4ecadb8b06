//! `signalbox chart`.

use std::path::{Path, PathBuf};

use chart::Theme;
use clap::Args;
use jiff::tz::TimeZone;
use link::{Clock, SystemClock};
use monitor::export::{Wanted, stored_picture};
use store::{ConfigFile, History};

use super::moment::{Moment, moment, span};
use super::nearest::nearest;
use super::output::save;
use crate::failure::Failure;

/// Draws series of the history as a picture, SVG or PNG by the file's ending.
///
/// A series is CONNECTION/SUBJECT/FIELD, as locks-eu/ABC123/battery_voltage, or CONNECTION/FIELD for a connection's own
/// numbers: events, locks, unlocks, jobs_completed, jobs_failed, jobs_running, devices_online, devices_unlocked,
/// hosts_online, agents_online, signals, and heard: of how many seconds of each minute all was heard.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox chart --series locks-eu/ABC123/battery_voltage --since 6h -o battery.svg
  signalbox chart --series jobs/jobs_failed --series jobs/jobs_completed --since 24h --dark -o jobs.png
  signalbox chart --series locks-eu/ABC123/ -o x.svg    says which fields there are")]
pub(super) struct Chart {
    /// What to draw, as CONNECTION/SUBJECT/FIELD; may be given several times.
    #[arg(long, value_name = "SERIES", required = true, num_args = 1..)]
    series: Vec<String>,

    /// From when on: how long ago, as 30m, 6h or 7d, or a time, as 2026-03-01T08:00:00Z.
    #[arg(long, value_name = "WHEN", default_value = "6h", value_parser = moment)]
    since: Moment,

    /// Until before when; now, unless given.
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    until: Option<Moment>,

    /// The file to write, which ends in .svg or .png.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Light lines on a dark ground.
    #[arg(long)]
    dark: bool,

    /// Times in UTC instead of this computer's zone.
    #[arg(long)]
    utc: bool,

    /// The picture's title; made from the series, unless given.
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,

    /// Overwrite the file if there is one.
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Svg,
    Png,
}

impl Chart {
    pub(super) fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        let form = form(&self.output)?;
        super::output::check(&self.output, self.force)?;
        let (from, to) = span(self.since, self.until, SystemClock.now())?;
        let history = crate::history::read(config.as_deref())?;
        // Only for what is offered: a broken configuration keeps nobody from the past.
        let configured = ConfigFile::new(config).and_then(|file| file.load()).unwrap_or_default();
        let names: Vec<String> = configured.connections.into_iter().map(|connection| connection.name).collect();
        let wanted: Vec<Wanted> =
            self.series.iter().map(|series| known(&history, series, &names)).collect::<Result<_, _>>()?;
        let title = self.title.clone().unwrap_or_else(|| title(&wanted));
        let zone = if self.utc { TimeZone::UTC } else { TimeZone::system() };
        let theme = if self.dark { Theme::Dark } else { Theme::Light };
        let picture = stored_picture(&history, &title, &wanted, (from, to), &zone, theme).map_err(Failure::failed)?;
        if picture.lines.iter().all(|line| line.points.is_empty()) {
            let what = if wanted.len() == 1 { "The series has" } else { "The series have" };
            return Err(Failure::failed(format!("{what} no numbers from {from} to {to}; another --since may")));
        }
        let bytes = match form {
            Form::Svg => chart::svg(&picture).into_bytes(),
            Form::Png => chart::png(&picture).map_err(Failure::failed)?,
        };
        save(&self.output, &bytes, self.force)
    }
}

fn form(path: &Path) -> Result<Form, Failure> {
    match path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).as_deref() {
        Some("svg") => Ok(Form::Svg),
        Some("png") => Ok(Form::Png),
        _ => Err(Failure::usage(format!(
            "the file {} must end in .svg or .png, which says what to draw",
            path.display()
        ))),
    }
}

/// Reads a series and looks whether there is one.
fn known(history: &History, series: &str, configured: &[String]) -> Result<Wanted, Failure> {
    let (Some((connection, rest)), true) = (series.split_once('/'), !series.starts_with('/')) else {
        return Err(Failure::usage(format!(
            "\"{series}\" is no series; write CONNECTION/SUBJECT/FIELD, or CONNECTION/FIELD for its own numbers"
        )));
    };
    let (subject, field) = rest.rsplit_once('/').unwrap_or(("", rest));
    let subjects = history.series_subjects(connection).map_err(Failure::failed)?;
    if subjects.is_empty() {
        return Err(unknown(
            format!("the history has no numbers of a connection \"{connection}\""),
            connection,
            configured,
        ));
    }
    if !subjects.iter().any(|known| known == subject) {
        let named: Vec<String> = subjects.into_iter().filter(|known| !known.is_empty()).collect();
        return Err(unknown(format!("the history has no numbers of \"{subject}\" on {connection}"), subject, &named));
    }
    let fields = history.series_names(connection, subject).map_err(Failure::failed)?;
    if !fields.iter().any(|known| known == field) {
        let of = if subject.is_empty() { connection.to_owned() } else { format!("{subject} on {connection}") };
        let why = match field {
            "" => format!("\"{series}\" names no field of {of}"),
            field => format!("the history has no \"{field}\" of {of}"),
        };
        return Err(unknown(why, field, &fields));
    }
    Ok(Wanted { connection: connection.into(), subject: subject.into(), field: field.into() })
}

/// What there is not, and what may have been meant.
fn unknown(why: String, typed: &str, names: &[String]) -> Failure {
    let all = match (typed, names.len()) {
        ("", 1..) => Some(names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")),
        _ => nearest(typed, names),
    };
    Failure::usage(match all {
        Some(meant) => format!("{why}; there is {meant}"),
        None => why,
    })
}

fn title(wanted: &[Wanted]) -> String {
    let words = |text: &str| text.replace('_', " ");
    match wanted {
        [Wanted { connection, subject, field }] if subject.is_empty() => format!("{} of {connection}", words(field)),
        [Wanted { connection, subject, field }] => format!("{} of {subject} on {connection}", words(field)),
        [first, rest @ ..] if rest.iter().all(|one| one.field == first.field) => words(&first.field),
        several => format!("{} series", several.len()),
    }
}
