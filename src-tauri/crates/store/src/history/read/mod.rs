//! Answers out of the history. Each borrows a connection of its own, so that none waits for the writer or another.

mod alerts;
mod counts;
mod events;
mod points;
mod records;
mod runs;

use rusqlite::Connection;

pub use alerts::{AlertPage, AlertQuery, AlertStory};
pub use counts::{DefinitionCount, HourCount};
pub use events::{Event, EventId, EventPage, EventQuery};
pub use points::Points;
pub use records::{AuditEntry, KeptSilence};
pub use runs::Run;

use super::error::{is_corrupt, words};
use super::{History, HistoryError};

/// Connections that are kept open for the next question.
const MOST_IDLE: usize = 4;

impl History {
    /// Asks with a connection out of the pool. An answer is of one moment when `ask` uses one transaction.
    fn ask<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, HistoryError> {
        let (file, idle) = {
            let mut readers = self.open.shared.readers.lock();
            (readers.file, readers.idle.pop())
        };
        let unavailable = |error: rusqlite::Error| {
            if is_corrupt(&error) {
                self.open.shared.found_corrupt();
            }
            HistoryError::Unavailable(words(&error))
        };
        let connection = idle.map_or_else(|| self.open.files.reader(), Ok).map_err(unavailable)?;
        let answer = ask(&connection).map_err(unavailable)?;
        let mut readers = self.open.shared.readers.lock();
        if readers.file == file && readers.idle.len() < MOST_IDLE {
            readers.idle.push(connection);
        }
        Ok(answer)
    }
}

/// A glob with `*` and `?` as SQLite's GLOB has it, in which a bracket means itself.
fn glob(pattern: &str) -> String {
    pattern.replace('[', "[[]")
}
