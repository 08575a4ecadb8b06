//! Silences, the operators' deeds, gaps.

use std::sync::Arc;

use fleet::alert::Silence;
use protocol::Timestamp;
use rusqlite::{Row, params};

use crate::history::{AuditRecord, Filled, GapRecord, History, HistoryError};

/// Rows of one answer at most.
const MOST: i64 = 10_000;

/// A silence of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSilence {
    /// The silence.
    pub silence: Silence,
    /// When it was ended before its time.
    pub ended: Option<Timestamp>,
}

/// What an operator did, numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number; later ones are greater.
    pub id: i64,
    /// What.
    pub record: AuditRecord,
}

impl History {
    /// Silences, the newest first, 10,000 at most; whether they hold still is the caller's to see.
    pub fn silences(&self) -> Result<Vec<KeptSilence>, HistoryError> {
        self.ask(|at| {
            let mut statement = at.prepare_cached(
                "SELECT id, matcher, since, until, note, ended FROM silence ORDER BY since DESC LIMIT ?1",
            )?;
            let silence = |row: &Row<'_>| {
                Ok(KeptSilence {
                    silence: Silence {
                        id: row.get::<_, i64>(0)?.cast_unsigned(),
                        matcher: serde_json::from_str(&row.get::<_, String>(1)?).map_err(|error| {
                            rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(error))
                        })?,
                        from: Timestamp(row.get(2)?),
                        until: Timestamp(row.get(3)?),
                        note: row.get(4)?,
                    },
                    ended: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                })
            };
            statement.query_map([MOST], silence)?.collect()
        })
    }

    /// What operators did from a time until before another, the newest first, 10,000 at most.
    pub fn audit(&self, from: Timestamp, to: Timestamp) -> Result<Vec<AuditEntry>, HistoryError> {
        self.ask(|at| {
            let mut statement = at.prepare_cached(
                "SELECT id, at, action, subject, detail FROM audit WHERE at >= ?1 AND at < ?2 ORDER BY at DESC, id DESC LIMIT ?3",
            )?;
            let entry = |row: &Row<'_>| {
                let record = AuditRecord {
                    at: Timestamp(row.get(1)?),
                    action: row.get(2)?,
                    subject: row.get(3)?,
                    detail: row.get(4)?,
                };
                Ok(AuditEntry { id: row.get(0)?, record })
            };
            statement.query_map(params![from.millis(), to.millis(), MOST], entry)?.collect()
        })
    }

    /// Gaps that touch a time, of one connection or of all, the oldest first, 10,000 at most.
    pub fn gaps(
        &self,
        connection: Option<&str>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<GapRecord>, HistoryError> {
        self.ask(|at| {
            let mut statement = at.prepare_cached(
                "SELECT connection, since, until, cause, filled, missing FROM gap
                 WHERE (?1 IS NULL OR connection = ?1) AND since < ?3 AND (until IS NULL OR until >= ?2)
                 ORDER BY since, connection LIMIT ?4",
            )?;
            let gap = |row: &Row<'_>| {
                Ok(GapRecord {
                    connection: Arc::from(row.get::<_, String>(0)?),
                    from: Timestamp(row.get(1)?),
                    to: row.get::<_, Option<i64>>(2)?.map(Timestamp),
                    cause: row.get(3)?,
                    filled: match row.get(4)? {
                        0i64 => Filled::No,
                        1 => Filled::Partly(row.get::<_, Option<String>>(5)?.unwrap_or_default()),
                        _ => Filled::Whole,
                    },
                })
            };
            statement.query_map(params![connection, from.millis(), to.millis(), MOST], gap)?.collect()
        })
    }
}
