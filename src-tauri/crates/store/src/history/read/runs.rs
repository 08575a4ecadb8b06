//! When it was recorded at all.

use protocol::Timestamp;
use rusqlite::{OptionalExtension, Row};

use crate::history::{History, HistoryError};

/// Runs of one answer at most.
const MOST: i64 = 10_000;

/// A time in which a process ran with the history, to ten seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub from: Timestamp,
    /// When it was last there; of the one that is going on some seconds ago.
    pub to: Timestamp,
}

impl History {
    /// The runs that touch a time, the oldest first, 10,000 at most.
    pub fn runs(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Run>, HistoryError> {
        self.ask(|at| {
            let mut statement = at.prepare_cached(
                "SELECT began, alive FROM run WHERE began < ?2 AND alive >= ?1 ORDER BY began LIMIT ?3",
            )?;
            let run = |row: &Row<'_>| Ok(Run { from: Timestamp(row.get(0)?), to: Timestamp(row.get(1)?) });
            statement.query_map([from.millis(), to.millis(), MOST], run)?.collect()
        })
    }

    /// Until when it is unknown what was recorded, also as it was deleted since; `None` where that is known of all time.
    pub fn runs_unknown_until(&self) -> Result<Option<Timestamp>, HistoryError> {
        self.ask(|at| {
            let mut fact = at.prepare_cached("SELECT value FROM fact WHERE name = 'runs_unknown'")?;
            Ok(fact.query_row([], |row| row.get::<_, i64>(0)).optional()?.map(Timestamp))
        })
    }
}
