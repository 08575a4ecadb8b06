//! Lets go of what is too old or too much, a few milliseconds at a time.

use std::time::{Duration, Instant};

use protocol::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, TransactionBehavior, params};

use super::pen::ID_BITS;
use super::records::Settings;
use super::runs;
use super::series::{COARSE_BLOCK, FINE_BLOCK, block_id};

/// How long one round may take.
const AT_ONCE: Duration = Duration::from_millis(5);
/// Rows between two looks at the clock.
const ROWS: i64 = 20;
/// Free pages of the file that are not given back, as they will be needed again.
const SPARE_PAGES: i64 = 512;
/// How near numbers are kept whatever the size: fine ones for an hour, those by the minute for a day.
const FINE_FLOOR: i64 = 3_600_000;
const COARSE_FLOOR: i64 = 86_400_000;

/// Where it is in its rounds.
#[derive(Debug, Default)]
pub(super) struct Retention {
    fine: Sweep,
    coarse: Sweep,
    /// Names that were looked at; a sweep begins when events were deleted.
    names: Option<i64>,
    names_due: bool,
    giving_back: bool,
}

/// A way through all entities, deleting blocks before a time.
#[derive(Debug, Default)]
struct Sweep {
    /// The entity looked at last, while under way.
    entity: Option<i64>,
    /// Blocks before this are let go; moves on, and faster when there is too much.
    cut: i64,
    /// Up to which cut all entities were looked at.
    done: i64,
    /// Whether an entity went with its last numbers.
    emptied: bool,
}

/// What a round found.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) more: bool,
    pub(super) names_deleted: bool,
    pub(super) oldest: Option<Timestamp>,
}

impl Retention {
    /// One round, at what is believed to be the time.
    pub(super) fn round(&mut self, connection: &mut Connection, settings: &Settings, now: Timestamp) -> Result<Round> {
        let end = Instant::now() + AT_ONCE;
        let before =
            |keep: Duration| now.millis().saturating_sub(i64::try_from(keep.as_millis()).unwrap_or(i64::MAX)).max(0);
        let mut round = Round::default();
        let too_much = used(connection)? > settings.most_bytes;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;

        let mut deleted = delete_events(&transaction, before(settings.keep_events) << ID_BITS, end)?;
        round.more |= deleted > 0;
        delete_gaps(&transaction, before(settings.keep_events))?;
        runs::delete_old(&transaction, before(settings.keep_events))?;
        self.fine.cut = self.fine.cut.max(before(settings.keep_fine) / FINE_BLOCK * FINE_BLOCK);
        self.coarse.cut = self.coarse.cut.max(before(settings.keep_coarse) / COARSE_BLOCK * COARSE_BLOCK);
        round.more |= self.fine.go_on(&transaction, "fine", FINE_BLOCK, end)?;
        round.more |= self.coarse.go_on(&transaction, "coarse", COARSE_BLOCK, end)?;

        if too_much && !round.more {
            round.more = true;
            let numbers = self.fine.tighten(now.millis() - FINE_FLOOR, FINE_BLOCK * 6)
                || self.coarse.tighten(now.millis() - COARSE_FLOOR, COARSE_BLOCK * 24);
            if !numbers {
                let more = delete_events(&transaction, i64::MAX, end)?;
                deleted += more;
                if more == 0 && !delete_oldest_alert(&transaction)? && !delete_oldest_audit(&transaction)? {
                    round.more = false;
                }
            }
        }
        if deleted > 0 {
            self.names_due = true;
            // What is deleted of the index frees its place when its parts are merged.
            transaction.execute("INSERT INTO word (word, rank) VALUES ('merge', 32)", [])?;
        } else if self.names_due || self.names.is_some() {
            round.names_deleted = self.delete_names(&transaction, end)?;
            round.more |= self.names.is_some();
        }
        round.names_deleted |= std::mem::take(&mut self.fine.emptied) | std::mem::take(&mut self.coarse.emptied);
        let oldest: Option<i64> = transaction.query_row("SELECT min(id) FROM event", [], |row| row.get(0))?;
        round.oldest = oldest.map(|id| Timestamp(id >> ID_BITS));
        transaction.commit()?;
        round.more |= self.give_back(connection)?;
        Ok(round)
    }

    /// Gives free pages back to the disk; says whether there are more.
    fn give_back(&mut self, connection: &Connection) -> Result<bool> {
        let free: i64 = connection.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
        if free <= SPARE_PAGES {
            if std::mem::take(&mut self.giving_back) {
                // The file is cut when the log is carried over.
                connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            }
            return Ok(false);
        }
        self.giving_back = true;
        let end = Instant::now() + AT_ONCE;
        // Each step of the statement moves a page.
        let mut statement = connection.prepare("PRAGMA incremental_vacuum(256)")?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() && Instant::now() < end {}
        Ok(true)
    }

    /// Deletes subjects that no event has any more. Says whether any was.
    fn delete_names(&mut self, at: &Connection, end: Instant) -> Result<bool> {
        if self.names.is_none() {
            self.names_due = false;
        }
        let mut any = false;
        loop {
            let last = self.names.unwrap_or(0);
            let mut next =
                at.prepare_cached("SELECT max(id) FROM (SELECT id FROM subject WHERE id > ?1 ORDER BY id LIMIT ?2)")?;
            self.names = next.query_row([last, ROWS], |row| row.get(0))?;
            let Some(to) = self.names else { return Ok(any) };
            let gone = at
                .prepare_cached(
                    "DELETE FROM subject WHERE id > ?1 AND id <= ?2
                       AND NOT EXISTS (SELECT 1 FROM event WHERE event.subject = subject.id)
                       AND NOT EXISTS (SELECT 1 FROM event WHERE definition IS NOT NULL AND event.definition = subject.id)",
                )?
                .execute([last, to])?;
            any |= gone > 0;
            if Instant::now() >= end {
                return Ok(any);
            }
        }
    }
}

impl Sweep {
    /// Goes on through the entities; says whether there are more.
    fn go_on(&mut self, at: &Connection, table: &str, width: i64, end: Instant) -> Result<bool> {
        if self.entity.is_none() && self.cut > self.done {
            self.entity = Some(0);
        }
        let mut next = at.prepare_cached("SELECT id FROM entity WHERE id > ?1 ORDER BY id LIMIT 1")?;
        let mut delete = at.prepare_cached(&format!(
            "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE id >= ?1 AND id < ?2 LIMIT {ROWS})"
        ))?;
        while let Some(last) = self.entity {
            if Instant::now() >= end {
                return Ok(true);
            }
            let Some(entity) = next.query_row([last], |row| row.get::<_, i64>(0)).optional()? else {
                self.entity = None;
                self.done = self.cut;
                break;
            };
            let deleted = delete.execute([block_id(entity, 0, width), block_id(entity, self.cut, width)])?;
            if i64::try_from(deleted).unwrap_or(0) < ROWS {
                self.entity = Some(entity);
                self.emptied |= delete_empty(at, entity)?;
            }
        }
        Ok(false)
    }

    /// Moves the cut on by so much when it is before the floor.
    fn tighten(&mut self, floor: i64, by: i64) -> bool {
        let tighter = self.cut < floor;
        if tighter {
            self.cut += by;
        }
        tighter
    }
}

/// Deletes the oldest events before an id until the time is over, a few at least, and says how many. What was recorded of their
/// time is unknown from then on.
fn delete_events(at: &Connection, before: i64, end: Instant) -> Result<usize> {
    let mut oldest = at.prepare_cached("SELECT id FROM event WHERE id < ?1 ORDER BY id LIMIT ?2")?;
    let mut event = at.prepare_cached("DELETE FROM event WHERE id = ?1")?;
    let mut word = at.prepare_cached("DELETE FROM word WHERE rowid = ?1")?;
    let (mut deleted, mut last) = (0, None);
    loop {
        let ids: Vec<i64> = oldest.query_map([before, ROWS], |row| row.get(0))?.collect::<Result<_>>()?;
        if ids.is_empty() {
            break;
        }
        for id in &ids {
            word.execute([id])?;
            event.execute([id])?;
        }
        deleted += ids.len();
        last = ids.last().copied();
        if Instant::now() >= end {
            break;
        }
    }
    if let Some(last) = last {
        runs::unknown_until(at, Timestamp(last >> ID_BITS))?;
    }
    Ok(deleted)
}

fn delete_gaps(at: &Connection, before: i64) -> Result<()> {
    at.prepare_cached(
        "DELETE FROM gap WHERE (connection, since) IN (SELECT connection, since FROM gap WHERE until < ?1 LIMIT ?2)",
    )?
    .execute(params![before, ROWS])?;
    Ok(())
}

/// Deletes an entity that no numbers are left of.
fn delete_empty(at: &Connection, entity: i64) -> Result<bool> {
    let mut delete = at.prepare_cached(
        "DELETE FROM entity WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM coarse WHERE id >= ?2 AND id < ?3)
           AND NOT EXISTS (SELECT 1 FROM fine WHERE id >= ?2 AND id < ?3)
           AND NOT EXISTS (SELECT 1 FROM fresh WHERE entity = ?1)",
    )?;
    let blocks = [block_id(entity, 0, COARSE_BLOCK), block_id(entity + 1, 0, COARSE_BLOCK)];
    Ok(delete.execute([entity, blocks[0], blocks[1]])? > 0)
}

fn delete_oldest_alert(at: &Connection) -> Result<bool> {
    let mut oldest = at.prepare_cached("SELECT id FROM alert WHERE resolved IS NOT NULL ORDER BY resolved LIMIT 1")?;
    let Some(id) = oldest.query_row([], |row| row.get::<_, i64>(0)).optional()? else { return Ok(false) };
    for table in ["transition WHERE alert", "evidence WHERE alert", "alert WHERE id"] {
        at.execute(&format!("DELETE FROM {table} = ?1"), [id])?;
    }
    Ok(true)
}

fn delete_oldest_audit(at: &Connection) -> Result<bool> {
    let deleted = at.execute("DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY at LIMIT ?1)", [ROWS])?;
    Ok(deleted > 0)
}

/// Bytes of the file that are in use.
fn used(connection: &Connection) -> Result<u64> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = number("page_count")? - number("freelist_count")?;
    Ok((pages * number("page_size")?).cast_unsigned())
}
