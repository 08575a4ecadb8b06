//! What rules and history cost: ingest with both, on a disk, beside ingest that only keeps the picture.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fleet::rule;
use link::{Credentials, Environment};
use monitor::{Monitor, Nobody};
use protocol::{Connection, Timestamp};
use store::history::{AlertQuery, Health, Place, Settings};
use store::{ConfigFile, Configuration, History};

use crate::Failure;
use crate::bare::Bare;
use crate::folder::Folder;
use crate::ingest::{events, rate, ratio};
use crate::server::Server;
use crate::table::Table;

/// How long one measurement lasts: numbers are written down every ten seconds. `BENCH_RULES_S` changes it.
const WINDOW: u64 = 10;
/// Pairs of measurements; the median of each side counts.
const ROUNDS: usize = 3;
/// How long the stream runs before it is measured.
const WARM: Duration = Duration::from_millis(500);
/// How long the disk may take for what waits at the end.
const FLUSH: Duration = Duration::from_secs(60);

/// Rules beside the built-in ones. The load's voltages are from 11.80 to 12.80 and its speeds from 0.0 to 60.0, evenly spread:
/// a low voltage is found of each device once and stays, a high speed comes and goes now and then.
const RULES: &str = r#"
[[rule]]
name = "Battery going"
severity = "medium"
when = { threshold = { field = "battery_voltage", below = 11.9, clear = 12.9 } }

[[rule]]
name = "Too fast"
severity = "high"
when = { threshold = { field = "speed", above = 59.95, clear = 0.05 } }

[[rule]]
name = "Unlocked from afar"
severity = "low"
when = { event = { kinds = ["device.unlocked"], where = ['source == "remote"'], until = ["device.locked"] } }

[[rule]]
name = "Unlocked too often"
severity = "high"
when = { count = { kinds = ["device.unlocked"], at_least = 100, within = "1m" } }

[[rule]]
name = "Device silent"
severity = "low"
when = { absence = { of = "device", after = "10m" } }
"#;

/// The built-in rules on states of locks, off. The load's telemetry turns every lock in every other frame, which no lock does:
/// with them each of these begins or ends an alert that waits to fire.
const LOCK_STATES_OFF: &str = r#"
[[rule]]
name = "Unlocked too long"
severity = "high"
enabled = false
for = "15m"
when = { state = { is = "unlocked" } }

[[rule]]
name = "Lock unknown"
severity = "medium"
enabled = false
for = "1m"
when = { state = { is = "lock_unknown" } }
"#;

/// Telemetry alone, and with one lock event in a hundred frames, which all are written down. Then what it comes to when every
/// lock flickers.
pub fn rules(table: &mut Table) -> Result<(), Failure> {
    let window = std::env::var("BENCH_RULES_S").ok().and_then(|text| text.parse().ok()).unwrap_or(WINDOW);
    let window = Duration::from_secs(window);
    let steady = RULES.to_owned() + LOCK_STATES_OFF;
    let mut telemetry = 0.0;
    for (what, locks) in [("telemetry", 0), ("1 % lock events", 10)] {
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            without.push(bare(locks, window)?);
            with.push(whole(locks, window, &steady)?);
        }
        without.sort_by(f64::total_cmp);
        with.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        let (without, with) = (without[ROUNDS / 2], &with[ROUNDS / 2]);
        let kept = with.rate / without;
        table.note(&format!("{what}: picture only, no rules, no history"), rate(without));
        tell(table, what, enabled(&steady)?, with);
        table.budget(&format!("{what}: with / without"), ratio(kept), "≥ 0.85", kept >= 0.85);
        if locks == 0 {
            telemetry = without;
        }
    }
    let flickering = whole(0, window, RULES)?;
    tell(table, "every lock flickers", enabled(RULES)?, &flickering);
    table.note("every lock flickers: with / without", ratio(flickering.rate / telemetry));
    Ok(())
}

fn tell(table: &mut Table, what: &str, rules: usize, whole: &Whole) {
    let Whole { rate: found, events, alerts, health, file_system } = whole;
    table.note(&format!("{what}: {rules} rules, history on {file_system}"), rate(*found));
    table.note("  written in all", format!("{events} events, {alerts} alerts"));
    let lost = format!("{}, {}", health.not_recorded, health.samples_dropped);
    table.note("  records not written, samples dropped", lost);
}

/// One measurement with rules and history.
struct Whole {
    rate: f64,
    events: u64,
    alerts: usize,
    health: Health,
    file_system: String,
}

/// Frames a second of a connection that is only applied.
fn bare(locks: u64, window: Duration) -> Result<f64, Failure> {
    let server = Server::with_locks(locks)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let environment = environment(&server)?;
        let bare = Bare::connect(server.connection.clone(), &environment);
        let (begun, first) = warm(|| bare.events()).await?;
        tokio::time::sleep(window).await;
        let rate = (bare.events() - first) as f64 / begun.elapsed().as_secs_f64();
        bare.shutdown().await;
        Ok(rate)
    })
}

/// The same with the whole monitor. What came within the time counts when all of it is written.
fn whole(locks: u64, window: Duration, rules: &str) -> Result<Whole, Failure> {
    let server = Server::with_locks(locks)?;
    let folder = Folder::new()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let environment = environment(&server)?;
        let clock: store::history::Clock = Arc::new(|| link::Clock::now(&link::SystemClock));
        let history = History::open(Place::Disk(folder.file("history.sqlite3")), Settings::default(), clock)?;
        let file = ConfigFile::in_memory(connection_text(&server.connection) + rules);
        // In the file and not adopted: what is adopted is kept out of a history on disk.
        let monitor = Monitor::start(file, environment, history.clone(), Arc::new(Nobody));
        if let Some(problem) = monitor.about().problem {
            return Err(problem.into());
        }
        let (begun, first) = warm(|| events(&monitor)).await?;
        tokio::time::sleep(window).await;
        let came = events(&monitor) - first;
        let journal = history.journal();
        if !tokio::task::spawn_blocking(move || journal.flush(FLUSH)).await? {
            return Err("the history was not written within a minute".into());
        }
        let rate = came as f64 / begun.elapsed().as_secs_f64();
        monitor.shutdown().await;
        let hours = history.hours(Timestamp(0), monitor.now())?;
        Ok(Whole {
            rate,
            events: hours.iter().map(|hour| hour.count).sum(),
            alerts: history.alerts(&AlertQuery::default())?.total,
            health: history.health(),
            file_system: folder.file_system(),
        })
    })
}

/// Waits until the stream runs; the time and the events from which on it is measured.
async fn warm(events: impl Fn() -> u64) -> Result<(Instant, u64), Failure> {
    let patience = Instant::now() + Duration::from_secs(60);
    while events() == 0 {
        if Instant::now() > patience {
            return Err("no event came within a minute".into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(WARM).await;
    Ok((Instant::now(), events()))
}

/// The real one, with the server's credential.
pub fn environment(server: &Server) -> Result<Environment, Failure> {
    let credentials = Credentials::system();
    credentials.keep_for_this_run(server.connection.credential_source(), server.token.clone())?;
    Ok(Environment::system(credentials))
}

/// A connection as it is written in the configuration.
pub fn connection_text(connection: &Connection) -> String {
    let Connection { name, protocol, url, subscribe, .. } = connection;
    // Strings and lists of them are written alike in JSON and TOML.
    let text = |value: serde_json::Value| value.to_string();
    format!(
        "[[connection]]\nname = {}\nprotocol = {}\nurl = {}\nsubscribe = {}\n",
        text(name.as_str().into()),
        text(serde_json::json!(protocol)),
        text(url.as_str().into()),
        text(serde_json::json!(subscribe)),
    )
}

/// How many rules are watched for.
fn enabled(rules: &str) -> Result<usize, Failure> {
    let configured = Configuration::parse(rules, "the rules of the benchmark")?.rules;
    Ok(rule::in_effect(&configured).iter().filter(|rule| rule.enabled).count())
}
