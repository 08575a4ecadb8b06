//! `signalbox record`.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use clap::Args;
use fleet::alert::{Alert, AlertState, Transition};
use link::{Credentials, Environment};
use monitor::{Host, Monitor, Notice, Opens};
use store::ConfigFile;
use store::History;
use store::history::{Place, Settings};

use super::duration::duration;
use crate::failure::Failure;
use crate::stop;

/// Lines that wait for whoever reads standard error. What comes then is counted and said.
const WAITING: usize = 10_000;

/// Connects what is enabled, watches for the rules and writes the history, without a window.
///
/// Each change of an alert is a line on standard error: when, its new state, its line, its rule and why. Commands of
/// [notifications] are run as in the window. Ctrl-C ends it cleanly; what was written before a crash is there.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox record                       on a server, until Ctrl-C
  signalbox record --for 1h 2> alerts.log
  signalbox history --since 1h --alerts  in another terminal, meanwhile")]
pub(super) struct Record {
    /// End after this long, as 30s or 2m, instead of at Ctrl-C.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    duration: Option<Duration>,
}

impl Record {
    pub(super) fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        let path = crate::history::path(config.as_deref())?;
        let file = ConfigFile::new(config)?;
        let connections = super::watch::chosen(&file, &[])?.len();
        let history = History::open(Place::Disk(path.clone()), Settings::default(), crate::history::clock())
            .map_err(Failure::failed)?;
        let (lines, coming) = sync_channel(WAITING);
        let writer = std::thread::Builder::new().name("alert-lines".into()).spawn(move || write(&coming));
        let writer = writer.map_err(|error| Failure::failed(format!("no thread could be started: {error}")))?;
        let told = Arc::new(Lines { lines, left_out: AtomicU64::new(0) });
        super::runtime()?.block_on(async {
            let environment = Environment::system(Credentials::system());
            let connections =
                if connections == 1 { "1 connection".into() } else { format!("{connections} connections") };
            told.say(format!("Recording {connections} in {}; Ctrl-C ends it.", path.display()));
            let monitor = Monitor::start(file, environment, history, told.clone());
            let ending = async {
                match self.duration {
                    Some(duration) => tokio::time::sleep(duration).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = ending => {}
                () = stop::asked() => {}
            }
            monitor.shutdown().await;
        });
        let left_out = told.left_out.load(Ordering::Relaxed);
        if left_out > 0 {
            told.say(format!("{left_out} lines were left out, as nobody read them in time; the history has all."));
        }
        // Where nobody reads the lines, nothing is waited for.
        if told.lines.try_send(None).is_ok() {
            let _ = writer.join();
        }
        Ok(())
    }
}

/// Writes lines until there are no more. A reader that has left has seen enough: recording goes on.
fn write(lines: &Receiver<Option<String>>) {
    while let Ok(Some(line)) = lines.recv() {
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

/// The desktop of a computer without one: lines.
struct Lines {
    lines: SyncSender<Option<String>>,
    left_out: AtomicU64,
}

impl Lines {
    fn say(&self, line: String) {
        if self.lines.try_send(Some(line)).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Host for Lines {
    fn notify(&self, notice: Notice) {
        // What is about one alert has its line already.
        if !matches!(notice.opens, Opens::Alert(_)) || notice.key.starts_with("digest/") {
            self.say(format!("{}: {}", notice.title, notice.body.replace('\n', "; ")));
        }
    }

    fn changed(&self, alert: &Alert, transition: &Transition) {
        let Alert { title, rule, connection, subject, .. } = alert;
        self.say(format!(
            "{} {} {}: {title} [{rule}, {connection}, {subject}] {}",
            transition.at,
            super::rules::severity(alert.severity),
            state(transition.to),
            transition.cause.replace('\n', " "),
        ));
    }
}

/// The word for a state.
pub(super) fn state(state: AlertState) -> &'static str {
    match state {
        AlertState::Pending => "pending",
        AlertState::Firing => "firing",
        AlertState::Acknowledged => "acknowledged",
        AlertState::Silenced => "silenced",
        AlertState::Stale => "stale",
        AlertState::Resolved => "resolved",
    }
}
