//! Numbers over any time, as fine as a chart can show.

use std::collections::BTreeMap;

use protocol::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::history::series::{Block, COARSE_BLOCK, FINE_BLOCK, MINUTE, SLOT, block_begin, block_id, unpack};
use crate::history::{Bucket, History, HistoryError};

/// Points of one answer at most.
const MOST: usize = 20_000;
/// Names of one answer at most.
const MOST_NAMES: i64 = 100_000;
/// Without a sample for so many of its usual distances, and for at least so long, it is a gap.
const GAP_TIMES: i64 = 5;
const GAP_MILLIS: i64 = 90_000;

/// A series read out in columns of one length. NaN in min, max and mean is a gap: no line is to be drawn over it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Points {
    /// When each bucket began: seconds since 1970.
    pub times: Vec<f64>,
    /// The least value of each.
    pub min: Vec<f64>,
    /// The greatest value of each.
    pub max: Vec<f64>,
    /// The mean of each.
    pub mean: Vec<f64>,
    /// How many values each had.
    pub count: Vec<u32>,
    /// How long each is: milliseconds.
    pub step: i64,
}

impl History {
    /// A field of an entity from a time until before another, in about so many points. The fine numbers where they are
    /// kept and wanted, else those by the minute. Empty when nothing is known.
    pub fn series(
        &self,
        connection: &str,
        subject: &str,
        field: &str,
        from: Timestamp,
        to: Timestamp,
        points: usize,
    ) -> std::result::Result<Points, HistoryError> {
        let (from, to) = (from.millis().max(0), to.millis());
        let points = i64::try_from(points.clamp(1, MOST)).unwrap_or(1);
        let wanted = (to.saturating_sub(from)).max(0) / points;
        self.ask(|at| {
            let one_moment = at.unchecked_transaction()?;
            let Some((entity, field)) = known(&one_moment, connection, subject, field)? else {
                return Ok(Points::default());
            };
            let mut buckets = BTreeMap::new();
            let oldest: Option<i64> = one_moment
                .prepare_cached("SELECT min(id) FROM fine WHERE id >= ?1 AND id < ?2")?
                .query_row([block_id(entity, 0, FINE_BLOCK), block_id(entity + 1, 0, FINE_BLOCK)], |row| row.get(0))?;
            let fine_from = oldest.map_or(i64::MAX, |id| block_begin(id, FINE_BLOCK));
            let mut unit = SLOT;
            let mut read = |table: &str, width: i64, slot: i64, from: i64, to: i64| -> Result<()> {
                let mut statement =
                    one_moment.prepare_cached(&format!("SELECT id, data FROM {table} WHERE id BETWEEN ?1 AND ?2"))?;
                let mut rows = statement.query([block_id(entity, from, width), block_id(entity, to, width)])?;
                while let Some(row) = rows.next()? {
                    let begin = block_begin(row.get(0)?, width);
                    unit = unit.max(slot);
                    collect(&mut buckets, unpack(row.get_ref(1)?.as_blob()?), field, begin, slot, from..to);
                }
                Ok(())
            };
            // What is packed is in both; where the minutes end, what is fresh begins.
            let minutes_until = if wanted >= MINUTE { to } else { fine_from.min(to) };
            if from < minutes_until {
                read("coarse", COARSE_BLOCK, MINUTE, from, minutes_until)?;
            }
            if minutes_until < to {
                read("fine", FINE_BLOCK, SLOT, from.max(fine_from), to)?;
            }
            let mut fresh = one_moment
                .prepare_cached("SELECT slot, data FROM fresh WHERE entity = ?1 AND slot BETWEEN ?2 AND ?3")?;
            let mut rows = fresh.query([entity, from.div_euclid(SLOT), to.div_euclid(SLOT)])?;
            while let Some(row) = rows.next()? {
                let begin = row.get::<_, i64>(0)? * SLOT;
                collect(&mut buckets, unpack(row.get_ref(1)?.as_blob()?), field, begin, SLOT, from..to);
            }
            let step = ((wanted + unit - 1) / unit).max(1) * unit;
            let gaps = gaps(&one_moment, connection, from, to)?;
            Ok(columns(buckets, step, &gaps))
        })
    }

    /// The names of the fields of an entity that numbers are kept of, in order.
    pub fn series_names(&self, connection: &str, subject: &str) -> std::result::Result<Vec<String>, HistoryError> {
        self.ask(|at| {
            let Some(entity) = entity(at, connection, subject)? else { return Ok(Vec::new()) };
            let mut fields = std::collections::BTreeSet::new();
            let range = [block_id(entity, 0, FINE_BLOCK), block_id(entity + 1, 0, FINE_BLOCK)];
            // The newest and the oldest of each kind: fields come and go, and those between are in one of them.
            for sql in [
                "SELECT data FROM fine WHERE id >= ?1 AND id < ?2 ORDER BY id DESC LIMIT 6",
                "SELECT data FROM coarse WHERE id >= ?1 AND id < ?2 ORDER BY id DESC LIMIT 24",
                "SELECT data FROM coarse WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 1",
            ] {
                let mut statement = at.prepare_cached(sql)?;
                let mut rows = statement.query(range)?;
                while let Some(row) = rows.next()? {
                    fields.extend(unpack(row.get_ref(0)?.as_blob()?).into_keys());
                }
            }
            let mut statement =
                at.prepare_cached("SELECT data FROM fresh WHERE entity = ?1 ORDER BY slot DESC LIMIT 60")?;
            let mut rows = statement.query([entity])?;
            while let Some(row) = rows.next()? {
                fields.extend(unpack(row.get_ref(0)?.as_blob()?).into_keys());
            }
            let mut name = at.prepare_cached("SELECT text FROM name WHERE id = ?1")?;
            let mut names: Vec<String> = fields
                .into_iter()
                .map(|id| name.query_row([id.cast_signed()], |row| row.get(0)))
                .collect::<Result<_>>()?;
            names.sort_unstable();
            Ok(names)
        })
    }

    /// The subjects of a connection that numbers are kept of, in order; 100,000 at most.
    pub fn series_subjects(&self, connection: &str) -> std::result::Result<Vec<String>, HistoryError> {
        self.ask(|at| {
            let mut statement =
                at.prepare_cached("SELECT subject FROM entity WHERE connection = ?1 ORDER BY subject LIMIT ?2")?;
            statement.query_map(params![connection, MOST_NAMES], |row| row.get(0))?.collect()
        })
    }
}

fn entity(at: &Connection, connection: &str, subject: &str) -> Result<Option<i64>> {
    at.prepare_cached("SELECT id FROM entity WHERE connection = ?1 AND subject = ?2")?
        .query_row([connection, subject], |row| row.get(0))
        .optional()
}

fn known(at: &Connection, connection: &str, subject: &str, field: &str) -> Result<Option<(i64, u64)>> {
    let Some(entity) = entity(at, connection, subject)? else { return Ok(None) };
    let field: Option<i64> =
        at.prepare_cached("SELECT id FROM name WHERE text = ?1")?.query_row([field], |row| row.get(0)).optional()?;
    Ok(field.map(|field| (entity, field.cast_unsigned())))
}

fn gaps(at: &Connection, connection: &str, from: i64, to: i64) -> Result<Vec<(i64, i64)>> {
    let mut statement = at.prepare_cached(
        "SELECT since, coalesce(until, ?3) FROM gap WHERE connection = ?1 AND since < ?3 AND coalesce(until, ?3) >= ?2
         ORDER BY since LIMIT 10000",
    )?;
    statement.query_map(params![connection, from, to], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn collect(
    buckets: &mut BTreeMap<i64, Bucket>,
    mut block: Block,
    field: u64,
    begin: i64,
    slot: i64,
    span: std::ops::Range<i64>,
) {
    for (at, bucket) in block.remove(&field).unwrap_or_default() {
        let time = begin + i64::from(at) * slot;
        if time + slot > span.start && time < span.end {
            buckets.entry(time).and_modify(|known: &mut Bucket| known.merge(bucket)).or_insert(bucket);
        }
    }
}

fn columns(buckets: BTreeMap<i64, Bucket>, step: i64, gaps: &[(i64, i64)]) -> Points {
    let mut distances: Vec<i64> = buckets.keys().zip(buckets.keys().skip(1)).map(|(one, next)| next - one).collect();
    let middle = distances.len() / 2;
    let usual = if distances.is_empty() { step } else { *distances.select_nth_unstable(middle).1 };
    let longest = (usual * GAP_TIMES).max(GAP_MILLIS).max(2 * step);
    let mut points = Points { step, ..Points::default() };
    let mut open: Option<(i64, Bucket)> = None;
    let mut last = None;
    let mut heard = gaps.iter().peekable();
    for (time, bucket) in buckets {
        let begin = time.div_euclid(step) * step;
        while heard.next_if(|(since, _)| last.is_some_and(|last| *since < last)).is_some() {}
        let unheard =
            heard.peek().is_some_and(|(since, until)| last.is_some() && *since < time && until - since > step);
        let gap = last.is_some_and(|last| time - last > longest || unheard);
        match &mut open {
            Some((known, whole)) if *known == begin && !gap => whole.merge(bucket),
            _ => {
                if let Some((known, whole)) = open.take() {
                    points.push(known, whole);
                    if gap {
                        points.push_gap(known + step);
                    }
                }
                open = Some((begin, bucket));
            }
        }
        last = Some(time);
    }
    if let Some((known, whole)) = open {
        points.push(known, whole);
    }
    points
}

impl Points {
    fn push(&mut self, time: i64, bucket: Bucket) {
        self.row(time, [bucket.min, bucket.max, bucket.mean()], bucket.count);
    }

    fn push_gap(&mut self, time: i64) {
        self.row(time, [f64::NAN; 3], 0);
    }

    fn row(&mut self, time: i64, [min, max, mean]: [f64; 3], count: u32) {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of our time fit")]
        self.times.push(time as f64 / 1_000.0);
        self.min.push(min);
        self.max.push(max);
        self.mean.push(mean);
        self.count.push(count);
    }
}
