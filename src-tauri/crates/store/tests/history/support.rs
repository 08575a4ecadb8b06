//! Histories and records to test with.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use fleet::alert::{Alert, AlertId, AlertState, Transition};
use fleet::rule::Severity;
use protocol::{Kind, Timestamp};
use store::history::{AuditRecord, Batch, EventQuery, EventRecord, History, HistoryError, Place, Settings};

/// A morning.
pub const T0: i64 = 1_766_000_000_000;
pub const LONG: Duration = Duration::from_secs(60);

/// A clock that is set.
#[derive(Clone)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn new() -> Self {
        Time(Arc::new(AtomicI64::new(T0)))
    }

    pub fn set(&self, millis: i64) {
        self.0.store(millis, Ordering::SeqCst);
    }

    /// Lets it go on to a time as a clock does; one that jumps by days is not believed at once.
    pub fn pass_to(&self, history: &History, millis: i64) {
        loop {
            // The writer may look once between two of these.
            let next = millis.min(self.0.load(Ordering::SeqCst) + 8 * 3_600_000);
            self.set(next);
            stir(history);
            if next == millis {
                return;
            }
        }
    }

    pub fn clock(&self) -> store::history::Clock {
        let time = self.0.clone();
        Arc::new(move || Timestamp(time.load(Ordering::SeqCst)))
    }
}

pub fn open(path: &Path) -> History {
    try_open(path).unwrap()
}

pub fn try_open(path: &Path) -> Result<History, HistoryError> {
    History::open(Place::Disk(path.to_owned()), Settings::default(), Time::new().clock())
}

pub fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite3");
    (folder, path)
}

/// The numbered event of a connection, a second after the one before.
pub fn event(connection: &str, number: i64) -> EventRecord {
    EventRecord {
        connection: connection.into(),
        kind: Kind::DeviceUnlocked,
        subject: format!("device-{}", number % 10),
        definition: None,
        at: Some(Timestamp(T0 + number * 1_000)),
        received: Timestamp(T0 + number * 1_000 + 20),
        data: format!(r#"{{"source":"rfid","code":"•••","number":{number}}}"#),
        identity: Some(format!("id-{number}")),
        tuple: Some(format!("device-{}|unlocked|{number}", number % 10)),
    }
}

pub fn alert(number: u64) -> Alert {
    Alert {
        id: AlertId(u64::MAX - number),
        rule: "battery low".into(),
        connection: "locks".into(),
        subject: format!("device-{number}").into(),
        severity: Severity::High,
        group: "batteries".into(),
        title: format!("device-{number}: the battery is at 11.2 V"),
        state: AlertState::Firing,
        since: Timestamp(T0 + 60_000),
        began: Timestamp(T0 + i64::try_from(number).unwrap()),
        fired: Some(Timestamp(T0 + 60_000)),
        resolved: None,
        acknowledgement: None,
        value: Some(11.2),
        threshold: Some(11.5),
        field: Some("battery_voltage".into()),
        times: 1,
        notify: true,
    }
}

pub fn transition(alert: &Alert, at: i64, from: Option<AlertState>, to: AlertState) -> Transition {
    Transition { alert: alert.id, at: Timestamp(at), from, to, cause: "The battery is at 11.2 V, under 11.5 V.".into() }
}

/// Numbers that look random and are the same each time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }
}

/// This test program again, to run one of its tests that is ignored otherwise, with the path it is to work at.
pub fn again(test: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--ignored", "--nocapture", "--test-threads=1"]).env(PATH_OF_CHILD, path);
    command
}

const PATH_OF_CHILD: &str = "SIGNALBOX_TEST_HISTORY";

/// The path that [`again`] gave; `None` when the test was not started by it.
pub fn path_of_child() -> Option<PathBuf> {
    std::env::var_os(PATH_OF_CHILD).map(PathBuf::from)
}

/// Has the writer do something, after which it looks for what is too old.
pub fn stir(history: &History) {
    let record = AuditRecord { at: Timestamp(T0), action: "a".into(), subject: "b".into(), detail: String::new() };
    history.journal().batch(Batch { audit: vec![record], ..Batch::default() });
    assert!(history.journal().flush(LONG));
}

/// Waits until something holds; the writer does it in its own time.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + LONG;
    while !holds() {
        assert!(Instant::now() < end, "{what}: not within {LONG:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Makes a history with so many events.
pub fn with_events(path: &Path, number: i64) {
    let history = open(path);
    let events = (0..number).map(|number| event("a", number)).collect();
    history.journal().batch(Batch { events, ..Batch::default() });
    assert!(history.journal().flush(LONG));
}

/// The numbers of its events, the oldest first.
pub fn numbers(history: &History) -> Result<Vec<i64>, HistoryError> {
    let query = EventQuery { limit: 10_000, oldest_first: true, ..EventQuery::default() };
    let events = history.events(&query)?.events;
    Ok(events.into_iter().map(|event| (event.at.unwrap().millis() - T0) / 1_000).collect())
}
