//! The past: what a window waits for when the history holds a year, and what a start costs with a week of it.
//!
//! Each measurement is made by a process of its own, after the file was put out of the system's page cache: nothing of it is
//! in memory but what opening it reads.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use link::{Credentials, Environment};
use monitor::view::{AlertFilter, Scope, ScreenFrame, ScreenSpec, Span, ViewSpec};
use monitor::{Monitor, Nobody};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::history::Place;
use store::{ConfigFile, History};

use crate::Failure;
use crate::alerts::open;
use crate::folder::Folder;
use crate::table::Table;
use crate::year::{CONNECTIONS, DAY, KEEP_ALL, Plan, keep_all, make};

/// Events of a year; `BENCH_YEAR_EVENTS` changes it.
const YEAR: i64 = 10_000_000;
/// Fresh processes that are measured; the worst counts.
const ROUNDS: usize = 3;
/// Rows of a page.
const ROWS: u32 = 500;

/// A year on disk: its size, and how long the last day takes to open.
pub fn year(table: &mut Table) -> Result<(), Failure> {
    let plan = Plan { events: events_of_a_year(), days: 365, resolved: 2_000, firing: 0 };
    let (folder, end, took) = made(plan)?;
    let path = folder.file("history.sqlite3");
    let bytes = std::fs::metadata(&path)?.len();
    let (count, seconds) = (plan.events as f64, took.as_secs_f64());
    table.note(
        &format!("a year of {:.2} M events, written", count / 1e6),
        format!("{:.0} k/s ({seconds:.0} s)", count / seconds / 1e3),
    );
    table.note(
        "  its file",
        format!("{:.2} GiB, {:.0} B/event", bytes as f64 / (1u64 << 30) as f64, bytes as f64 / count),
    );
    let answers = fresh(&path, end, table)?;
    let worst = |millis: fn(&Answer) -> f64| answers.iter().map(millis).fold(0.0, f64::max);
    table.note(
        "  start on it, history open and monitor ready, cold",
        format!("{:.1} ms", worst(|answer| answer.started)),
    );
    let (events, alerts) = (worst(|answer| answer.events), worst(|answer| answer.alerts));
    let rows = |rows: fn(&Answer) -> usize| answers.iter().map(rows).min().unwrap_or_default();
    table.budget(
        &format!("  the last day's events, {} rows, cold", rows(|answer| answer.event_rows)),
        format!("{events:.1} ms"),
        "≤ 100 ms",
        events <= 100.0,
    );
    table.budget(
        &format!("  the last day's alerts, {} rows, cold", rows(|answer| answer.alert_rows)),
        format!("{alerts:.1} ms"),
        "≤ 100 ms",
        alerts <= 100.0,
    );
    table
        .note("  the same events again, from the page cache", format!("{:.1} ms", worst(|answer| answer.events_again)));
    Ok(())
}

/// A start with seven days of history, until what fired before fires again.
pub fn start(table: &mut Table) -> Result<(), Failure> {
    let plan = Plan { events: events_of_a_year() * 7 / 365, days: 7, resolved: 5_000, firing: 1_000 };
    let (folder, end, _) = made(plan)?;
    let answers = fresh(&folder.file("history.sqlite3"), end, table)?;
    if let Some(wrong) = answers.iter().find(|answer| answer.open != plan.firing.unsigned_abs()) {
        return Err(format!("{} of {} alerts were restored", wrong.open, plan.firing).into());
    }
    let mut restored: Vec<f64> = answers.iter().map(|answer| answer.restored).collect();
    restored.sort_by(f64::total_cmp);
    table.note(
        &format!(
            "start with 7 days ({} k events, {} alerts open, {} over), restored, cold",
            plan.events / 1_000,
            plan.firing,
            plan.resolved
        ),
        format!("{:.1} ms", restored[restored.len() / 2]),
    );
    Ok(())
}

/// What a fresh process measured, in ms from its opening of the history, or of one pull.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    started: f64,
    restored: f64,
    open: u64,
    events: f64,
    event_rows: usize,
    alerts: f64,
    alert_rows: usize,
    events_again: f64,
}

/// Makes a history; its end, and how long that took.
fn made(plan: Plan) -> Result<(Folder, i64, Duration), Failure> {
    let folder = Folder::new()?;
    let begun = Instant::now();
    let end = make(&folder.file("history.sqlite3"), plan)?;
    Ok((folder, end.millis(), begun.elapsed()))
}

/// Lets fresh processes open a history, each from the disk.
fn fresh(path: &Path, end: i64, table: &mut Table) -> Result<Vec<Answer>, Failure> {
    let mut answers = Vec::new();
    for _ in 0..ROUNDS {
        if !forget(path)? && answers.is_empty() {
            table.note("  (`dd` could not put the file out of the page cache: not cold)", String::new());
        }
        let output = Command::new(std::env::current_exe()?).arg("reopen").arg(path).arg(end.to_string()).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
        }
        answers.push(serde_json::from_slice(&output.stdout)?);
    }
    Ok(answers)
}

/// Puts a file out of the page cache, with what lies beside it; says whether that went.
fn forget(path: &Path) -> Result<bool, Failure> {
    File::open(path)?.sync_all()?;
    let of = |path: &Path| {
        let file = format!("if={}", path.display());
        let output = Command::new("dd").args([file.as_str(), "iflag=nocache", "count=0"]).output();
        output.is_ok_and(|output| output.status.success())
    };
    let beside = ["sqlite3-wal", "sqlite3-shm"].map(|ending| path.with_extension(ending));
    Ok(of(path) & beside.iter().filter(|path| path.exists()).all(|path| of(path)))
}

/// The fresh process: opens the history at a path, asks for the day before `end`, and prints an [`Answer`].
pub fn reopen(arguments: &[String]) -> Result<(), Failure> {
    let [path, end] = arguments else {
        return Err("reopen FILE END".into());
    };
    let end: i64 = end.parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let environment = environment()?;
        let begun = Instant::now();
        let clock: store::history::Clock = Arc::new(|| link::Clock::now(&link::SystemClock));
        let history = History::open(Place::Disk(path.into()), keep_all(), clock)?;
        let monitor = Monitor::start(ConfigFile::in_memory(configuration()), environment, history, Arc::new(Nobody));
        if let Some(problem) = monitor.about().problem {
            return Err(problem.into());
        }
        let started = millis(begun);
        let open = open(&monitor) as u64;
        let restored = millis(begun);
        let (events, event_rows) = pull(&monitor, events_of(end));
        let (alerts, alert_rows) = pull(&monitor, alerts_of(end));
        // Of another moment, so that it is not answered from memory.
        let (events_again, _) = pull(&monitor, events_of(end + 1));
        monitor.shutdown().await;
        let answer = Answer { started, restored, open, events, event_rows, alerts, alert_rows, events_again };
        println!("{}", serde_json::to_string(&answer)?);
        Ok(())
    })
}

/// Makes a history of so many events over so many days at a path, with a few alerts, for measurements elsewhere.
pub fn make_file(arguments: &[String]) -> Result<(), Failure> {
    let [path, events, days] = arguments else {
        return Err("make FILE EVENTS DAYS".into());
    };
    let plan = Plan { events: events.parse()?, days: days.parse()?, resolved: 5_000, firing: 0 };
    make(Path::new(path), plan).map(drop)
}

/// One pull of everything: how long it took, and its rows.
fn pull(monitor: &Monitor, spec: ViewSpec) -> (f64, usize) {
    let begun = Instant::now();
    let frame = monitor.pull("bench", &spec);
    let took = millis(begun);
    let rows = match frame.screen {
        ScreenFrame::Events { events, .. } => events.changed.len(),
        ScreenFrame::Alerts { alerts, .. } => alerts.changed.len(),
        _ => 0,
    };
    (took, rows)
}

fn events_of(end: i64) -> ViewSpec {
    past(end, ScreenSpec::Events { filter: String::new(), until: None, offset: 0, limit: ROWS })
}

fn alerts_of(end: i64) -> ViewSpec {
    let filter = AlertFilter::default();
    past(end, ScreenSpec::Alerts { filter, grouped: false, unfolded: Vec::new(), offset: 0, limit: ROWS })
}

/// The day before `end`.
fn past(end: i64, screen: ScreenSpec) -> ViewSpec {
    ViewSpec { have: 0, scope: Scope::All, past: Some(Span { from: end - DAY, to: end }), screen }
}

/// The connections that the events are of. Nobody listens there, so that nothing new comes while it is measured.
fn configuration() -> String {
    let connection = |number: u64| {
        format!(
            "[[connection]]\nname = \"connection-{number}\"\nprotocol = \"iotee\"\nurl = \"ws://127.0.0.1:9/realtime\"\n\
             subscribe = [\"ABC123\"]\n"
        )
    };
    (0..CONNECTIONS).map(connection).collect::<String>() + KEEP_ALL
}

fn environment() -> Result<Environment, Failure> {
    let credentials = Credentials::system();
    for number in 0..CONNECTIONS {
        let source = protocol::CredentialSource::Keychain(format!("connection-{number}"));
        credentials.keep_for_this_run(source, SecretString::from("none"))?;
    }
    Ok(Environment::system(credentials))
}

fn events_of_a_year() -> i64 {
    std::env::var("BENCH_YEAR_EVENTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .filter(|count| *count > 0)
        .unwrap_or(YEAR)
}

fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}
