//! Counts for a shift report.

use std::collections::BTreeMap;

use protocol::{Kind, Timestamp};

use super::events::kind;
use crate::history::pen::ID_BITS;
use crate::history::{History, HistoryError};

/// Definitions of one answer at most, those with the most jobs first.
const MOST: usize = 1_000;

/// How many events of a kind a connection had in an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourCount {
    /// When the hour began (UTC).
    pub hour: Timestamp,
    /// The connection.
    pub connection: String,
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub count: u64,
}

/// What became of a definition's jobs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DefinitionCount {
    /// The connection.
    pub connection: String,
    /// The definition.
    pub definition: String,
    /// How many were completed.
    pub completed: u64,
    /// How many failed.
    pub failed: u64,
    /// Mean milliseconds from start to end, of those whose start is in the history too (a week before at most).
    pub mean_millis: Option<f64>,
    /// The longest of these.
    pub longest_millis: Option<i64>,
}

impl History {
    /// Events by hour, connection and kind from a time until before another.
    pub fn hours(&self, from: Timestamp, to: Timestamp) -> Result<Vec<HourCount>, HistoryError> {
        self.ask(|at| {
            let mut statement = at.prepare_cached(
                "SELECT hour * 3600000, c.text, k.text, count FROM
                   (SELECT (id >> 6) / 3600000 AS hour, source, count(*) AS count FROM event
                    WHERE id >= ?1 AND id < ?2 GROUP BY 1, 2)
                 JOIN source ON source.id = source JOIN name c ON c.id = source.connection JOIN name k ON k.id = source.kind
                 ORDER BY 1, 2, 3",
            )?;
            let count = |row: &rusqlite::Row<'_>| {
                Ok(HourCount {
                    hour: Timestamp(row.get(0)?),
                    connection: row.get(1)?,
                    kind: kind(&row.get::<_, String>(2)?),
                    count: row.get::<_, i64>(3)?.cast_unsigned(),
                })
            };
            statement.query_map(span(from, to), count)?.collect()
        })
    }

    /// How many jobs of a definition failed in each span of so many ms, by its number since 1970, from a time until before another.
    /// Those in which none did are left out.
    pub fn failures(
        &self,
        connection: &str,
        definition: &str,
        width: i64,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(i64, u64)>, HistoryError> {
        let [from, to] = span(from, to);
        self.ask(|at| {
            let mut statement = at.prepare_cached(
                "SELECT (id >> 6) / ?5, count(*) FROM event
                 WHERE definition = (SELECT id FROM subject WHERE text = ?2) AND id >= ?3 AND id < ?4 AND source =
                   (SELECT source.id FROM source JOIN name c ON c.id = source.connection JOIN name k ON k.id = source.kind
                    WHERE c.text = ?1 AND k.text = 'job.failed')
                 GROUP BY 1 ORDER BY 1",
            )?;
            let asked = rusqlite::params![connection, definition, from, to, width.max(1)];
            statement.query_map(asked, |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))?.collect()
        })
    }

    /// Jobs by definition that ended from a time until before another; those with the most first, 1,000 at most.
    pub fn definitions(&self, from: Timestamp, to: Timestamp) -> Result<Vec<DefinitionCount>, HistoryError> {
        self.ask(|at| {
            let mut statement = at.prepare_cached(
                "SELECT c.text, coalesce(d.text, ''), k.text, event.id >> 6,
                   (SELECT max(id) >> 6 FROM event AS began WHERE began.subject = event.subject AND began.id < event.id
                      AND began.id > event.id - (604800000 << 6)
                      AND began.source = (SELECT id FROM source AS s WHERE s.connection = source.connection
                        AND s.kind = (SELECT id FROM name WHERE text = 'job.started')))
                 FROM event JOIN source ON source.id = event.source JOIN name c ON c.id = source.connection
                   JOIN name k ON k.id = source.kind LEFT JOIN subject d ON d.id = event.definition
                 WHERE event.id >= ?1 AND event.id < ?2 AND k.text IN ('job.completed', 'job.failed')",
            )?;
            let mut rows = statement.query(span(from, to))?;
            let mut counts: BTreeMap<(String, String), (DefinitionCount, u64, i64)> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let name: (String, String) = (row.get(0)?, row.get(1)?);
                let (count, timed, total) = counts.entry(name).or_default();
                if kind(&row.get::<_, String>(2)?) == Kind::JobFailed {
                    count.failed += 1;
                } else {
                    count.completed += 1;
                }
                if let (ended, Some(began)) = (row.get::<_, i64>(3)?, row.get::<_, Option<i64>>(4)?) {
                    *timed += 1;
                    *total = total.saturating_add(ended - began);
                    count.longest_millis = count.longest_millis.max(Some(ended - began));
                }
            }
            let mut counts: Vec<DefinitionCount> = counts
                .into_iter()
                .map(|((connection, definition), (count, timed, total))| DefinitionCount {
                    connection,
                    definition,
                    mean_millis: (timed > 0).then(|| total as f64 / timed as f64),
                    ..count
                })
                .collect();
            counts.sort_by_key(|count| std::cmp::Reverse(count.completed + count.failed));
            counts.truncate(MOST);
            Ok(counts)
        })
    }
}

fn span(from: Timestamp, to: Timestamp) -> [i64; 2] {
    [from, to].map(|time| time.millis().saturating_mul(1 << ID_BITS))
}
