//! The history: what happened, kept in a file that one thread writes and many read.
//!
//! [`History`] opens it and answers questions; a [`Journal`] hands over what is to be kept.

mod age;
mod error;
mod files;
mod health;
mod journal;
mod pen;
mod queue;
mod read;
mod records;
mod retention;
mod runs;
mod schema;
mod series;
mod shared;
mod words;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use protocol::Timestamp;

pub use error::HistoryError;
pub use files::Place;
pub use health::{Health, Problem};
pub use journal::Journal;
pub use read::{
    AlertPage, AlertQuery, AlertStory, AuditEntry, DefinitionCount, Event, EventId, EventPage, EventQuery, HourCount,
    KeptSilence, Points, Run,
};
pub use records::{AuditRecord, Batch, Bucket, EventRecord, Evidence, Filled, GapRecord, Samples, Settings, Taken};
pub use shared::Clock;

use files::Files;
use shared::Shared;

/// A history that is open. Clones are the same one; when the last is dropped, what waits is written and the file closed.
#[derive(Debug, Clone)]
pub struct History {
    open: Arc<Open>,
}

#[derive(Debug)]
struct Open {
    shared: Arc<Shared>,
    /// To read with; the writer has its own.
    files: Files,
    last_run: Option<Timestamp>,
    threads: Vec<JoinHandle<()>>,
}

impl History {
    /// Opens the history at a place, or begins one there.
    ///
    /// A broken file is set aside and another begun; a place that cannot be written is tried again and again. Both are
    /// told by [`History::health`], and the history can be used meanwhile. What another process writes, a newer program
    /// made or is no history at all is an error, and left as it is.
    pub fn open(place: Place, settings: Settings, clock: Clock) -> Result<Self, HistoryError> {
        let mut files = Files::take(place)?;
        let path = (!files.is_temporary()).then(|| files.path.clone());
        let shared = Arc::new(Shared::new(clock, settings, path));
        let connection = writer::first(&mut files, &shared)?;
        let readers = Files::of_another(files.path.clone());
        let last_run = match &connection {
            Some(connection) => writer::last_beat(connection),
            None => readers.reader().ok().as_ref().and_then(writer::last_beat),
        };
        shared.measured(files.bytes(), None);
        let writer = writer::Writer::new(shared.clone(), files, connection);
        let watched = shared.clone();
        let thread = |name: &str, run: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new()
                .name(name.into())
                .spawn(run)
                .map_err(|error| HistoryError::Unavailable(format!("no thread can be started for it: {error}")))
        };
        let mut open = Open { shared, files: readers, last_run, threads: Vec::new() };
        open.threads.push(thread("history", Box::new(move || writer.run()))?);
        open.threads.push(thread("history-watch", Box::new(move || watched.queue.watch()))?);
        Ok(History { open: Arc::new(open) })
    }

    /// Opens a history to read it only, also while another process writes it. What is handed to its journal is counted as
    /// not recorded.
    pub fn open_read_only(path: PathBuf, clock: Clock) -> Result<Self, HistoryError> {
        if !path.exists() {
            return Err(HistoryError::Unavailable(format!("there is none at {}", path.display())));
        }
        let files = Files::of_another(path.clone());
        let reader = files.reader().map_err(|error| HistoryError::Unavailable(error::words(&error)))?;
        schema::readable(&reader, &path)?;
        let last_run = writer::last_beat(&reader);
        let shared = Arc::new(Shared::new(clock, Settings::default(), Some(path)));
        shared.queue.close();
        shared.measured(files.bytes(), None);
        Ok(History { open: Arc::new(Open { shared, files, last_run, threads: Vec::new() }) })
    }

    /// The hand that writes.
    pub fn journal(&self) -> Journal {
        Journal::new(self.open.shared.clone())
    }

    /// How it is.
    pub fn health(&self) -> Health {
        self.open.shared.health()
    }

    /// Changes how much is kept; what is too much goes little by little.
    pub fn settings(&self, settings: Settings) {
        self.open.shared.set_settings(settings);
    }

    /// When a process was last known to run with it before this one opened it, to ten seconds; `None` when none did.
    pub fn last_run(&self) -> Option<Timestamp> {
        self.open.last_run
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shared.queue.close();
        for thread in self.threads.drain(..) {
            // A writer that panicked has left the file as its last transaction did.
            let _ = thread.join();
        }
    }
}
