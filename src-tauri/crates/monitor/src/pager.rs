//! The operator's own command: an executable per severity that is given each alert, for pagers and chat.
//!
//! It is run directly, never through a shell, with the program's environment and the alert as one JSON object on its standard
//! input: `id`, `rule`, `severity`, `state`, `connection`, `subject`, `title`, `began`, `fired` (RFC 3339, UTC), `value`,
//! `threshold`. What it prints is not read; of its errors the first 200 characters are told when it fails.

mod run;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fleet::alert::{Alert, AlertState};
use fleet::rule::Severity;
use parking_lot::RwLock;
use serde::Serialize;
use store::Commands;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;

use run::Failure;

/// How much is allowed to the commands.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    /// For how long one may run.
    run: Duration,
    /// How many run at once.
    at_once: usize,
    /// How many alerts wait for one to end.
    waiting: usize,
    /// How long after a failure it is tried once more.
    again: Duration,
    /// A command's failures are told at most so often.
    told: Duration,
}

const BOUNDS: Bounds = Bounds {
    run: Duration::from_secs(10),
    at_once: 4,
    waiting: 100,
    again: Duration::from_secs(1),
    told: Duration::from_secs(60),
};

/// Hands alerts to the operator's own commands. Clones share it; it ends with the last one, and what still runs with it.
#[derive(Debug, Clone)]
pub struct Pager {
    commands: Arc<RwLock<Commands>>,
    pages: mpsc::Sender<Page>,
    dropped: Arc<AtomicU64>,
}

/// One alert for one command.
#[derive(Debug)]
struct Page {
    severity: Severity,
    command: Vec<String>,
    alert: Vec<u8>,
}

impl Pager {
    /// Starts to hand alerts to these commands. What goes wrong is told to `on_problem` as a sentence, once per command and
    /// minute; it must not block.
    ///
    /// Must be called on a tokio runtime.
    pub fn start(commands: Commands, on_problem: impl Fn(String) + Send + Sync + 'static) -> Self {
        Self::start_with(BOUNDS, commands, on_problem)
    }

    fn start_with(bounds: Bounds, commands: Commands, on_problem: impl Fn(String) + Send + Sync + 'static) -> Self {
        let (pages, waiting) = mpsc::channel(bounds.waiting);
        let dropped = Arc::new(AtomicU64::new(0));
        let problems = Arc::new(Problems { tell: Box::new(on_problem), every: bounds.told, told: Default::default() });
        tokio::spawn(dispatch(bounds, waiting, dropped.clone(), problems));
        Pager { commands: Arc::new(RwLock::new(commands)), pages, dropped }
    }

    /// Takes other commands; those that run go on.
    pub fn set_commands(&self, commands: Commands) {
        *self.commands.write() = commands;
    }

    /// Hands an alert to the command of its severity, if there is one. It waits for nothing: past a hundred that wait, alerts
    /// are counted, and the number is told as a problem.
    pub fn page(&self, alert: &Alert) {
        let command = self.commands.read().of(alert.severity).to_vec();
        if command.is_empty() {
            return;
        }
        let page = Page { severity: alert.severity, command, alert: json(alert) };
        if self.pages.try_send(page).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Runs what waits, a few at once, until nobody can page any more.
async fn dispatch(bounds: Bounds, mut waiting: mpsc::Receiver<Page>, dropped: Arc<AtomicU64>, problems: Arc<Problems>) {
    let room = Arc::new(Semaphore::new(bounds.at_once));
    let mut runs = tokio::task::JoinSet::new();
    let mut counted = tokio::time::interval(bounds.told.min(Duration::from_secs(1)));
    counted.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut told: Option<Instant> = None;
    loop {
        let next = async {
            // Only what can run is taken: the rest waits in the channel, where it is counted.
            let room = room.clone().acquire_owned().await.ok()?;
            Some((waiting.recv().await?, room))
        };
        tokio::select! {
            page = next => {
                let Some((page, room)) = page else { return };
                let problems = problems.clone();
                runs.spawn(async move {
                    if let Err(failure) = twice(&page, bounds).await {
                        problems.failed(&page, &failure);
                    }
                    drop(room);
                });
            }
            _ = counted.tick() => {
                if told.is_none_or(|told| told.elapsed() >= bounds.told) {
                    let count = dropped.swap(0, Ordering::Relaxed);
                    if count > 0 {
                        told = Some(Instant::now());
                        problems.overrun(count);
                    }
                }
            }
            Some(_) = runs.join_next() => {}
        }
    }
}

/// Runs a page's command, and once more where that may help.
async fn twice(page: &Page, bounds: Bounds) -> Result<(), Failure> {
    match run::once(&page.command, &page.alert, bounds.run).await {
        Err(failure) if failure.may_pass() => {
            tokio::time::sleep(bounds.again).await;
            run::once(&page.command, &page.alert, bounds.run).await
        }
        outcome => outcome,
    }
}

/// Tells what goes wrong, each command's own once in a while.
struct Problems {
    tell: Box<dyn Fn(String) + Send + Sync>,
    every: Duration,
    /// By command: when its failure was told, and how many were not since.
    told: parking_lot::Mutex<HashMap<Vec<String>, (Instant, u64)>>,
}

impl Problems {
    fn failed(&self, page: &Page, failure: &Failure) {
        let program = page.command.first().map_or("", String::as_str);
        let mut sentence = format!("The command for {} alerts, {program}, {failure}", word(page.severity));
        {
            let mut told = self.told.lock();
            let now = Instant::now();
            if let Some((last, untold)) = told.get_mut(&page.command)
                && now.duration_since(*last) < self.every
            {
                *untold += 1;
                return;
            }
            if let Some((_, untold @ 1..)) = told.get(&page.command) {
                sentence.push_str(&format!(" It failed {untold} more times since this was last told."));
            }
            // Commands that are no longer configured are forgotten.
            told.retain(|_, (last, _)| now.duration_since(*last) < self.every);
            told.insert(page.command.clone(), (now, 0));
        }
        (self.tell)(sentence);
    }

    fn overrun(&self, count: u64) {
        let alerts = if count == 1 { "1 alert was" } else { &format!("{count} alerts were") };
        (self.tell)(format!(
            "{alerts} not handed to a command: too many were waiting for earlier ones to end. They are in the list of alerts."
        ));
    }
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}

/// An alert as commands are given it.
#[derive(Serialize)]
struct Line<'a> {
    id: String,
    rule: &'a str,
    severity: Severity,
    state: AlertState,
    connection: &'a str,
    subject: &'a str,
    title: &'a str,
    began: String,
    fired: Option<String>,
    value: Option<f64>,
    threshold: Option<f64>,
}

/// One JSON object and a line's end.
fn json(alert: &Alert) -> Vec<u8> {
    let line = Line {
        id: alert.id.to_string(),
        rule: &alert.rule,
        severity: alert.severity,
        state: alert.state,
        connection: &alert.connection,
        subject: &alert.subject,
        title: &alert.title,
        began: alert.began.to_string(),
        fired: alert.fired.map(|at| at.to_string()),
        value: alert.value,
        threshold: alert.threshold,
    };
    // Strings and numbers always become JSON.
    let mut json = serde_json::to_vec(&line).unwrap_or_default();
    json.push(b'\n');
    json
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
