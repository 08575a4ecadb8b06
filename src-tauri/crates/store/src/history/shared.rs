//! What the writer, the journals and the readers have in common.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use protocol::Timestamp;

use super::health::{Health, Problem};
use super::queue::Queue;
use super::records::Settings;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

pub(super) struct Shared {
    pub(super) queue: Queue,
    clock: Clock,
    settings: Mutex<Settings>,
    health: Mutex<Health>,
    /// A reader met a broken page.
    corrupt: AtomicBool,
    /// Readers that are not in use.
    pub(super) readers: Mutex<Readers>,
}

/// Connections that read. Those of an earlier file are let go.
#[derive(Debug, Default)]
pub(super) struct Readers {
    pub(super) file: u64,
    pub(super) idle: Vec<rusqlite::Connection>,
}

impl Shared {
    pub(super) fn new(clock: Clock, settings: Settings, path: Option<PathBuf>) -> Self {
        Shared {
            queue: Queue::default(),
            clock,
            settings: Mutex::new(settings),
            health: Mutex::new(Health { path, ..Health::default() }),
            corrupt: AtomicBool::new(false),
            readers: Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(super) fn settings(&self) -> Settings {
        *self.settings.lock()
    }

    pub(super) fn set_settings(&self, settings: Settings) {
        *self.settings.lock() = settings;
    }

    pub(super) fn health(&self) -> Health {
        let counts = self.queue.counts();
        Health {
            waiting: counts.waiting,
            waiting_bytes: counts.waiting_bytes,
            not_recorded: counts.not_recorded,
            samples_dropped: counts.samples_dropped,
            ..self.health.lock().clone()
        }
    }

    /// Says what keeps the history from being written.
    pub(super) fn failed(&self, sentence: &str) {
        let now = self.now();
        let mut health = self.health.lock();
        let since = health.problem.as_ref().map_or(now, |problem| problem.since);
        health.problem = Some(Problem { since, sentence: sentence.into() });
    }

    /// Takes the problem back: it is written again.
    pub(super) fn solved(&self) {
        self.health.lock().problem = None;
    }

    /// Something that can never be written.
    pub(super) fn refused(&self, why: &str) {
        self.failed(&format!("A record could not be kept: {why}. The others are."));
    }

    pub(super) fn set_aside(&self, path: PathBuf) {
        self.health.lock().set_aside = Some(path);
    }

    pub(super) fn repeated(&self, number: u64) {
        self.health.lock().repeated = number;
    }

    pub(super) fn measured(&self, bytes: u64, oldest: Option<Timestamp>) {
        let mut health = self.health.lock();
        health.bytes = bytes;
        health.oldest = oldest;
    }

    /// Notes that the file is broken; the writer sets it aside.
    pub(super) fn found_corrupt(&self) {
        self.corrupt.store(true, Ordering::Relaxed);
    }

    pub(super) fn take_corruption(&self) -> bool {
        self.corrupt.swap(false, Ordering::Relaxed)
    }

    /// Another file is open: readers of the one before are of no use.
    pub(super) fn reopened(&self) {
        let mut readers = self.readers.lock();
        readers.file += 1;
        readers.idle.clear();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("health", &self.health()).finish_non_exhaustive()
    }
}
