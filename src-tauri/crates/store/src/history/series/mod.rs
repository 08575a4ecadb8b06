//! Numbers over time: the last minutes as they come, older ones packed by entity, and by the minute beside that.

mod block;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, TransactionBehavior, params};

pub(super) use block::{Block, unpack};

use super::records::{Bucket, Samples};
use block::{MOST_FIELDS, pack};

/// Milliseconds of a slot, of a minute, and of the blocks of each.
pub(super) const SLOT: i64 = 10_000;
pub(super) const MINUTE: i64 = 60_000;
pub(super) const FINE_BLOCK: i64 = 600_000;
pub(super) const COARSE_BLOCK: i64 = 3_600_000;
/// Bits of a block's id below its entity.
const BLOCK_BITS: u32 = 24;
/// How long after a block's end samples for it are waited for before it is packed. Later ones are packed with the next.
const GRACE: i64 = 60_000;
/// Samples that are older or newer than so are not believed.
const BELIEVED: std::ops::RangeInclusive<i64> = -2 * 86_400_000..=3_600_000;
/// How long packing may take at once.
const AT_ONCE: Duration = Duration::from_millis(5);
/// Entities that are remembered with their numbers; when there are more, all are looked up anew.
const MOST_ENTITIES: usize = 50_000;

/// The first id of an entity's blocks from a time on.
pub(super) fn block_id(entity: i64, time: i64, width: i64) -> i64 {
    (entity << BLOCK_BITS) | time.div_euclid(width).clamp(0, (1 << BLOCK_BITS) - 1)
}

/// When a block of that id began.
pub(super) fn block_begin(id: i64, width: i64) -> i64 {
    (id & ((1 << BLOCK_BITS) - 1)) * width
}

/// Writes samples, and packs them when their ten minutes are over.
#[derive(Debug, Default)]
pub(super) struct Writer {
    entities: HashMap<Arc<str>, HashMap<Box<str>, i64>>,
    known: usize,
    fields: HashMap<Arc<str>, u64>,
    /// The entity that was packed last and up to which time, while a sweep is under way.
    sweep: Option<(i64, i64)>,
    /// Up to which time all is packed.
    packed: i64,
}

impl Writer {
    /// Writes samples and says how many were not believed.
    pub(super) fn write(&mut self, connection: &mut Connection, samples: &[Samples], now: Timestamp) -> Result<usize> {
        if self.known > MOST_ENTITIES || self.fields.len() > MOST_ENTITIES {
            *self = Writer { sweep: self.sweep, packed: self.packed, ..Writer::default() };
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut dropped = 0;
        for sample in samples {
            let from = sample.from.millis();
            let mut block = Block::new();
            for (field, bucket) in sample.fields.iter().take(MOST_FIELDS).filter(|(_, bucket)| bucket.is_finite()) {
                block.entry(self.field(&transaction, field)?).or_default().insert(0, *bucket);
            }
            if block.is_empty() || !BELIEVED.contains(&from.saturating_sub(now.millis())) {
                dropped += 1;
                continue;
            }
            let entity = self.entity(&transaction, &sample.connection, &sample.subject)?;
            let slot = from.div_euclid(SLOT);
            let mut before = transaction.prepare_cached("SELECT data FROM fresh WHERE entity = ?1 AND slot = ?2")?;
            let before: Option<Vec<u8>> = before.query_row([entity, slot], |row| row.get(0)).optional()?;
            if let Some(before) = before {
                add(&mut block, unpack(&before), 0);
            }
            transaction
                .prepare_cached("INSERT OR REPLACE INTO fresh (entity, slot, data) VALUES (?1, ?2, ?3)")?
                .execute(params![entity, slot, pack(&block)])?;
        }
        transaction.commit()?;
        Ok(dropped)
    }

    /// Packs what is over, for a few milliseconds; says whether there is more.
    pub(super) fn pack(&mut self, connection: &mut Connection, now: Timestamp) -> Result<bool> {
        if self.sweep.is_none() {
            let until = now.millis().saturating_sub(GRACE).div_euclid(FINE_BLOCK) * FINE_BLOCK;
            if until <= self.packed {
                return Ok(false);
            }
            self.sweep = Some((0, until));
        }
        let end = Instant::now() + AT_ONCE;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        while let Some((last, until)) = self.sweep {
            let mut next =
                transaction.prepare_cached("SELECT entity FROM fresh WHERE entity > ?1 ORDER BY entity LIMIT 1")?;
            match next.query_row([last], |row| row.get(0)).optional()? {
                Some(entity) => {
                    pack_entity(&transaction, entity, until / SLOT)?;
                    self.sweep = Some((entity, until));
                }
                None => {
                    self.sweep = None;
                    self.packed = until;
                }
            }
            if Instant::now() >= end {
                break;
            }
        }
        transaction.commit()?;
        Ok(self.sweep.is_some())
    }

    fn entity(&mut self, at: &Connection, connection: &Arc<str>, subject: &str) -> Result<i64> {
        let known = self.entities.entry(connection.clone()).or_default();
        if let Some(id) = known.get(subject) {
            return Ok(*id);
        }
        let found = at
            .prepare_cached("SELECT id FROM entity WHERE connection = ?1 AND subject = ?2")?
            .query_row(params![&**connection, subject], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => at
                .prepare_cached("INSERT INTO entity (connection, subject) VALUES (?1, ?2)")?
                .insert(params![&**connection, subject])?,
        };
        known.insert(subject.into(), id);
        self.known += 1;
        Ok(id)
    }

    fn field(&mut self, at: &Connection, name: &Arc<str>) -> Result<u64> {
        if let Some(id) = self.fields.get(name) {
            return Ok(*id);
        }
        let found = at
            .prepare_cached("SELECT id FROM name WHERE text = ?1")?
            .query_row([&**name], |row| row.get::<_, i64>(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => at.prepare_cached("INSERT INTO name (text) VALUES (?1)")?.insert([&**name])?,
        };
        let id = id.cast_unsigned();
        self.fields.insert(name.clone(), id);
        Ok(id)
    }
}

/// Moves an entity's slots before `until` into its blocks.
fn pack_entity(at: &Connection, entity: i64, until: i64) -> Result<()> {
    let mut blocks: HashMap<i64, Block> = HashMap::new();
    {
        let mut statement = at.prepare_cached("SELECT slot, data FROM fresh WHERE entity = ?1 AND slot < ?2")?;
        let mut rows = statement.query([entity, until])?;
        while let Some(row) = rows.next()? {
            let slot: i64 = row.get(0)?;
            let begin = (slot * SLOT).div_euclid(FINE_BLOCK) * FINE_BLOCK;
            let offset = u32::try_from(slot - begin / SLOT).unwrap_or(0);
            add(blocks.entry(begin).or_default(), unpack(row.get_ref(1)?.as_blob()?), offset);
        }
    }
    for (begin, mut block) in blocks {
        let id = block_id(entity, begin, FINE_BLOCK);
        add(&mut block, read(at, "fine", id)?, 0);
        at.prepare_cached("INSERT OR REPLACE INTO fine (id, data) VALUES (?1, ?2)")?
            .execute(params![id, pack(&block)])?;
        let id = block_id(entity, begin, COARSE_BLOCK);
        let mut hour = read(at, "coarse", id)?;
        let first = u32::try_from((begin - block_begin(id, COARSE_BLOCK)) / MINUTE).unwrap_or(0);
        let ratio = u32::try_from(MINUTE / SLOT).unwrap_or(1);
        for (field, buckets) in &block {
            let minutes = hour.entry(*field).or_default();
            minutes.retain(|minute, _| !(first..first + 10).contains(minute));
            for (slot, bucket) in buckets {
                minutes.entry(first + slot / ratio).and_modify(|minute| minute.merge(*bucket)).or_insert(*bucket);
            }
        }
        at.prepare_cached("INSERT OR REPLACE INTO coarse (id, data) VALUES (?1, ?2)")?
            .execute(params![id, pack(&hour)])?;
    }
    at.prepare_cached("DELETE FROM fresh WHERE entity = ?1 AND slot < ?2")?.execute([entity, until])?;
    Ok(())
}

fn read(at: &Connection, table: &str, id: i64) -> Result<Block> {
    let mut statement = at.prepare_cached(&format!("SELECT data FROM {table} WHERE id = ?1"))?;
    let bytes: Option<Vec<u8>> = statement.query_row([id], |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| unpack(&bytes)).unwrap_or_default())
}

/// Adds the buckets of another block, so many slots later.
fn add(block: &mut Block, other: Block, later: u32) {
    for (field, buckets) in other {
        let known = block.entry(field).or_default();
        for (slot, bucket) in buckets {
            let slot = slot + later;
            known.entry(slot).and_modify(|known: &mut Bucket| known.merge(bucket)).or_insert(bucket);
        }
    }
}
