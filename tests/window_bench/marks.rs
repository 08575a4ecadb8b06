//! What must not be lost in a flood: lock events, job results and the alerts that they bring, each with a name of its own.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

use demo::Control;
use serde_json::{Value, json};

use crate::opened::program;
use crate::support::{Demo, Desktop};
use crate::table::Table;

/// How often each kind is sent.
const APART: Duration = Duration::from_millis(50);
/// The definitions that jobs are made of.
const DEFINITION: &str = "sync-inventory";

/// A rule that makes one alert of each marked lock event.
pub const RULE: &str = "
[[rule]]
name = \"Marked\"
severity = \"low\"
subjects = [\"MARK-*\"]
when = { event = { kinds = [\"device.unlocked\"] } }
";

/// Marks on their way, until they are taken.
pub struct Marks {
    ended: Arc<AtomicBool>,
    thread: JoinHandle<Sent>,
}

/// What was sent.
#[derive(Debug, Default)]
pub struct Sent {
    locks: BTreeSet<String>,
    jobs: BTreeSet<String>,
}

impl Marks {
    /// Begins to send them.
    pub fn start(demo: &Demo) -> Self {
        let (locks, jobs) = (demo.control("iotee").clone(), demo.control("hantera").clone());
        let ended = Arc::new(AtomicBool::new(false));
        let until = ended.clone();
        let thread = std::thread::spawn(move || {
            let mut sent = Sent::default();
            while !until.load(Ordering::Relaxed) {
                sent.locks.insert(unlock(&locks, sent.locks.len()));
                let job =
                    if sent.jobs.len() % 2 == 0 { jobs.fail_job(DEFINITION) } else { jobs.complete_job(DEFINITION) };
                sent.jobs.extend(job);
                sleep(APART);
            }
            sent
        });
        Marks { ended, thread }
    }

    /// Ends them and tells what was sent.
    pub fn end(self) -> Sent {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.join().expect("the marks are sent")
    }
}

/// Unlocks a device that nobody else uses; its name.
fn unlock(control: &Control, number: usize) -> String {
    let device = format!("MARK-{number}");
    let event = json!({
        "type": "device_unlocked", "hardwareId": device, "eventId": format!("mark_{number}"), "source": "remote",
        "timestamp": moment(),
    });
    control.send_text(event.to_string());
    device
}

impl Sent {
    /// Looks for all of it in the history, and tells in the table what is not there.
    pub fn look_for(&self, desktop: &Desktop, table: &mut Table) {
        let unlocked = subjects(desktop, &["--kind", "device.unlocked", "--subject", "MARK-*"]);
        told(table, "lock events", &self.locks, &unlocked);
        let told_jobs = subjects(desktop, &["--kind", "job.failed", "--kind", "job.completed"]);
        told(table, "job results", &self.jobs, &told_jobs);
        table.note("  job results in the history in all", told_jobs.len().to_string());
        let alerts = subjects(desktop, &["--alerts", "--text", "Marked", "--subject", "MARK-*"]);
        told(table, "alerts of those locks", &self.locks, &alerts);
    }
}

fn told(table: &mut Table, what: &str, sent: &BTreeSet<String>, found: &[String]) {
    let mut times: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for subject in found {
        *times.entry(subject).or_default() += 1;
    }
    let lost = sent.iter().filter(|name| !times.contains_key(name.as_str())).count();
    let twice = sent.iter().filter(|name| times.get(name.as_str()).is_some_and(|times| *times > 1)).count();
    table.most(&format!("{} marked {what}: lost or told twice", sent.len()), (lost + twice) as f64, 0.0, "");
}

/// The subjects of what `signalbox history` prints.
fn subjects(desktop: &Desktop, what: &[&str]) -> Vec<String> {
    let configuration = desktop.configuration();
    let mut command = desktop.command(program());
    command.arg("--config").arg(configuration).args(["history", "--since", "2h"]).args(what);
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let subject = |line: &str| serde_json::from_str::<Value>(line).ok()?["subject"].as_str().map(str::to_owned);
    lines.lines().filter_map(subject).collect()
}

/// The time as the services write it.
pub fn moment() -> String {
    link::Clock::now(&link::SystemClock).to_string()
}
