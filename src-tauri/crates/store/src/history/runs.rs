//! When a process ran with the history: so that a time without events can be told from one that nobody recorded.

use protocol::Timestamp;
use rusqlite::{Connection, Result};

/// Without a word for so long (ms) it did not run, or slept. The file says every ten seconds that somebody is there.
const SILENT: i64 = 45_000;
/// Runs that are kept; of more the oldest go.
const MOST: i64 = 10_000;

/// The run that is going on.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// When it began, and when it was last there.
    now: Option<(i64, i64)>,
}

impl Runs {
    /// Says that somebody is there: another run after a silence, or where the clock went back behind the beginning.
    pub(super) fn beat(&mut self, at: &Connection, now: Timestamp) -> Result<()> {
        let now = now.millis();
        let run = self.now.filter(|(began, alive)| *began <= now && now - *alive <= SILENT);
        let (began, alive) = run.map_or((now, now), |(began, alive)| (began, alive.max(now)));
        at.prepare_cached(
            "INSERT INTO run (began, alive) VALUES (?1, ?2)
             ON CONFLICT (began) DO UPDATE SET alive = max(alive, excluded.alive)",
        )?
        .execute([began, alive])?;
        self.now = Some((began, alive));
        Ok(())
    }
}

/// Deletes runs that ended before a time, and what are too many; of their time it is unknown from then on.
pub(super) fn delete_old(at: &Connection, before: i64) -> Result<()> {
    let last: Option<i64> = at
        .prepare_cached(
            "SELECT max(alive) FROM run
             WHERE alive < ?1 OR began <= (SELECT began FROM run ORDER BY began DESC LIMIT 1 OFFSET ?2)",
        )?
        .query_row([before, MOST], |row| row.get(0))?;
    let Some(last) = last else { return Ok(()) };
    at.prepare_cached("DELETE FROM run WHERE alive <= ?1")?.execute([last])?;
    unknown_until(at, Timestamp(last))
}

/// Notes that of the time up to this it is not known what was recorded: another file, or none, knew that, or it was deleted.
pub(super) fn unknown_until(at: &Connection, time: Timestamp) -> Result<()> {
    at.prepare_cached(
        "INSERT INTO fact (name, value) VALUES ('runs_unknown', ?1)
         ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
    )?
    .execute([time.millis()])
    .map(drop)
}
