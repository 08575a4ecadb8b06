//! Writes records as rows, within the transaction that its caller began.

use std::collections::HashMap;

use fleet::alert::{Alert, Silence, Transition};
use protocol::{Kind, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result, params};

use super::records::{AuditRecord, Batch, EventRecord, Evidence, Filled, GapRecord};
use super::words;

/// Names that are remembered with their numbers; when there are more, all are looked up anew.
const MOST_NAMES: usize = 50_000;
/// Bytes of one event's data that are kept whole.
const MOST_DATA: usize = 256 << 10;
/// Bytes of every other text.
const MOST_TEXT: usize = 4 << 10;
/// Bits of an event's id below its milliseconds.
pub(super) const ID_BITS: u32 = 6;
/// How far an event's own time may be from ours to be its place in the order: ten years before, one day after.
const BELIEVED: std::ops::RangeInclusive<i64> = -10 * 365 * 86_400_000..=86_400_000;

/// Writes rows, and knows the numbers of names and the last id.
#[derive(Debug, Default)]
pub(super) struct Pen {
    names: HashMap<Box<str>, i64>,
    subjects: HashMap<Box<str>, i64>,
    sources: HashMap<(i64, Kind), i64>,
    /// The time that was last given a place, and the place.
    last: Option<(i64, i64)>,
    /// Events that were there already.
    pub(super) again: u64,
}

impl Pen {
    /// Forgets what it knows: after a transaction that was not committed, or names that were deleted.
    pub(super) fn forget(&mut self) {
        *self = Pen { again: self.again, ..Pen::default() };
    }

    /// Writes all of a batch.
    pub(super) fn batch(&mut self, at: &Connection, batch: &Batch) -> Result<()> {
        if self.names.len() + self.subjects.len() > MOST_NAMES {
            self.forget();
        }
        batch.events.iter().try_for_each(|event| self.event(at, event))?;
        batch.alerts.iter().try_for_each(|alert| write_alert(at, alert))?;
        batch.transitions.iter().try_for_each(|transition| write_transition(at, transition))?;
        batch.evidence.iter().try_for_each(|(alert, evidence)| write_evidence(at, alert.0, evidence))?;
        batch.silences.iter().try_for_each(|silence| write_silence(at, silence))?;
        batch.ended.iter().try_for_each(|(silence, when)| end_silence(at, *silence, *when))?;
        batch.audit.iter().try_for_each(|record| write_audit(at, record))?;
        batch.gaps.iter().try_for_each(|gap| write_gap(at, gap))
    }

    fn event(&mut self, at: &Connection, event: &EventRecord) -> Result<()> {
        let identity = event.identity.as_deref().map(|text| fingerprint("identity", &event.connection, text));
        let tuple = event.tuple.as_deref().map(|text| fingerprint("tuple", &event.connection, text));
        if self.is_known(at, identity.as_ref(), tuple.as_ref())? {
            self.again += 1;
            return Ok(());
        }
        let connection = self.name(at, &event.connection)?;
        let source = self.source(at, connection, event.kind)?;
        let subject = self.subject(at, cut(&event.subject))?;
        let definition = event.definition.as_deref().map(|text| self.subject(at, cut(text))).transpose()?;
        let received = event.received.millis().clamp(0, i64::MAX >> (ID_BITS + 1));
        let time = match event.at.map(Timestamp::millis) {
            Some(own) if BELIEVED.contains(&own.saturating_sub(received)) => own.max(0),
            _ => received,
        };
        let id = self.place(at, time)?;
        let order = id >> ID_BITS;
        let data = whole_or_cut(&event.data);
        at.prepare_cached(
            "INSERT INTO event (id, source, subject, definition, own, received, identity, tuple, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            id,
            source,
            subject,
            definition,
            event.at.map(|own| own.millis().saturating_sub(order)),
            received - order,
            identity,
            tuple,
            data,
        ])?;
        let words = words::of_event(event.kind, cut(&event.subject), event.definition.as_deref().map(cut), &data);
        at.prepare_cached("INSERT INTO word (rowid, text) VALUES (?1, ?2)")?.execute(params![id, words])?;
        Ok(())
    }

    /// Whether the event is there. What is known of it by one of its names only learns the other, so that it is known by
    /// either from then on.
    fn is_known(&mut self, at: &Connection, identity: Option<&[u8; 16]>, tuple: Option<&[u8; 16]>) -> Result<bool> {
        let mut by_identity =
            at.prepare_cached("SELECT id, tuple IS NULL FROM event WHERE identity IS NOT NULL AND identity = ?1")?;
        let mut by_tuple =
            at.prepare_cached("SELECT id, identity IS NULL FROM event WHERE tuple IS NOT NULL AND tuple = ?1")?;
        type Found = Option<(i64, bool)>;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let one: Found = identity.map(|key| by_identity.query_row([key], read).optional()).transpose()?.flatten();
        let two: Found = tuple.map(|key| by_tuple.query_row([key], read).optional()).transpose()?.flatten();
        match (one, two) {
            (None, None) => return Ok(false),
            (Some((id, true)), None) if tuple.is_some() => {
                at.prepare_cached("UPDATE event SET tuple = ?2 WHERE id = ?1")?.execute(params![id, tuple])?;
            }
            (None, Some((id, true))) if identity.is_some() => {
                at.prepare_cached("UPDATE event SET identity = ?2 WHERE id = ?1")?.execute(params![id, identity])?;
            }
            _ => {}
        }
        Ok(true)
    }

    /// A free id for an event of that time; when its millisecond is full, in one of the next.
    fn place(&mut self, at: &Connection, time: i64) -> Result<i64> {
        let mut id = match self.last {
            Some((last, id)) if last == time => id + 1,
            _ => time << ID_BITS,
        };
        let mut taken = at.prepare_cached("SELECT 1 FROM event WHERE id = ?1")?;
        let mut last = at.prepare_cached("SELECT max(id) FROM event WHERE id BETWEEN ?1 AND ?2")?;
        while taken.exists([id])? {
            let end = id | ((1 << ID_BITS) - 1);
            id = last.query_row([id, end], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(id) + 1;
        }
        self.last = Some((time, id));
        Ok(id)
    }

    fn name(&mut self, at: &Connection, text: &str) -> Result<i64> {
        interned(
            &mut self.names,
            at,
            text,
            "SELECT id FROM name WHERE text = ?1",
            "INSERT INTO name (text) VALUES (?1)",
        )
    }

    fn subject(&mut self, at: &Connection, text: &str) -> Result<i64> {
        const FIND: &str = "SELECT id FROM subject WHERE text = ?1";
        interned(&mut self.subjects, at, text, FIND, "INSERT INTO subject (text) VALUES (?1)")
    }

    fn source(&mut self, at: &Connection, connection: i64, kind: Kind) -> Result<i64> {
        if let Some(id) = self.sources.get(&(connection, kind)) {
            return Ok(*id);
        }
        let name = self.name(at, kind.name())?;
        let found = at
            .prepare_cached("SELECT id FROM source WHERE connection = ?1 AND kind = ?2")?
            .query_row([connection, name], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => at
                .prepare_cached("INSERT INTO source (connection, kind) VALUES (?1, ?2)")?
                .insert([connection, name])?,
        };
        self.sources.insert((connection, kind), id);
        Ok(id)
    }
}

fn interned(known: &mut HashMap<Box<str>, i64>, at: &Connection, text: &str, find: &str, add: &str) -> Result<i64> {
    if let Some(id) = known.get(text) {
        return Ok(*id);
    }
    let found = at.prepare_cached(find)?.query_row([text], |row| row.get(0)).optional()?;
    let id = match found {
        Some(id) => id,
        None => at.prepare_cached(add)?.insert([text])?,
    };
    known.insert(text.into(), id);
    Ok(id)
}

/// Writes an alert as it is; the last that is written counts.
fn write_alert(at: &Connection, alert: &Alert) -> Result<()> {
    let acknowledgement = alert.acknowledgement.as_ref().and_then(|known| serde_json::to_string(known).ok());
    at.prepare_cached(
        "INSERT INTO alert (id, rule, connection, subject, severity, grouping, title, state, since, began, fired, resolved,
           acknowledgement, value, threshold, field, times, notify)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
         ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, grouping = excluded.grouping, title = excluded.title,
           state = excluded.state, since = excluded.since, fired = excluded.fired, resolved = excluded.resolved,
           acknowledgement = excluded.acknowledgement, value = excluded.value, threshold = excluded.threshold,
           field = excluded.field, times = excluded.times, notify = excluded.notify",
    )?
    .execute(params![
        alert.id.0.cast_signed(),
        cut(&alert.rule),
        &*alert.connection,
        cut(&alert.subject),
        alert.severity as i64,
        cut(&alert.group),
        cut(&alert.title),
        state_name(alert.state),
        alert.since.millis(),
        alert.began.millis(),
        alert.fired.map(Timestamp::millis),
        alert.resolved.map(Timestamp::millis),
        acknowledgement,
        alert.value,
        alert.threshold,
        alert.field.as_deref().map(cut),
        alert.times,
        alert.notify,
    ])?;
    Ok(())
}

fn write_transition(at: &Connection, transition: &Transition) -> Result<()> {
    at.prepare_cached(
        "INSERT OR IGNORE INTO transition (alert, at, was, became, cause, entry)
         VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(entry), 0) + 1 FROM transition WHERE alert = ?1))",
    )?
    .execute(params![
        transition.alert.0.cast_signed(),
        transition.at.millis(),
        transition.from.map(state_name),
        state_name(transition.to),
        cut(&transition.cause),
    ])?;
    Ok(())
}

/// Writes the proof of an alert; the first that is written stays, as it is what was known when it fired.
fn write_evidence(at: &Connection, alert: u64, evidence: &Evidence) -> Result<()> {
    let times: Vec<u8> = evidence.times.iter().flat_map(|time| time.to_le_bytes()).collect();
    let values: Vec<u8> = evidence.values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let events: Vec<_> = evidence.events.iter().map(|event| whole_or_cut(event)).collect();
    let events = serde_json::to_string(&events).unwrap_or_else(|_| "[]".into());
    at.prepare_cached(
        "INSERT OR IGNORE INTO evidence (alert, field, times, samples, threshold, since, until, events)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        alert.cast_signed(),
        evidence.field.as_deref().map(cut),
        times,
        values,
        evidence.threshold,
        evidence.from.millis(),
        evidence.to.millis(),
        events,
    ])?;
    Ok(())
}

fn write_silence(at: &Connection, silence: &Silence) -> Result<()> {
    let matcher = serde_json::to_string(&silence.matcher).unwrap_or_else(|_| "{}".into());
    at.prepare_cached(
        "INSERT INTO silence (id, matcher, since, until, note) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET matcher = excluded.matcher, since = excluded.since, until = excluded.until,
           note = excluded.note",
    )?
    .execute(params![
        silence.id.cast_signed(),
        matcher,
        silence.from.millis(),
        silence.until.millis(),
        cut(&silence.note)
    ])?;
    Ok(())
}

fn end_silence(at: &Connection, silence: u64, when: Timestamp) -> Result<()> {
    at.prepare_cached("UPDATE silence SET ended = ?2 WHERE id = ?1 AND ended IS NULL")?
        .execute(params![silence.cast_signed(), when.millis()])?;
    Ok(())
}

pub(super) fn write_audit(at: &Connection, record: &AuditRecord) -> Result<()> {
    at.prepare_cached("INSERT INTO audit (at, action, subject, detail) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        record.at.millis(),
        cut(&record.action),
        cut(&record.subject),
        cut(&record.detail)
    ])?;
    Ok(())
}

fn write_gap(at: &Connection, gap: &GapRecord) -> Result<()> {
    let (filled, missing) = match &gap.filled {
        Filled::No => (0, None),
        Filled::Partly(missing) => (1, Some(cut(missing))),
        Filled::Whole => (2, None),
    };
    at.prepare_cached(
        "INSERT INTO gap (connection, since, until, cause, filled, missing) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (connection, since) DO UPDATE SET until = excluded.until, cause = excluded.cause,
           filled = excluded.filled, missing = excluded.missing",
    )?
    .execute(params![
        &*gap.connection,
        gap.from.millis(),
        gap.to.map(Timestamp::millis),
        cut(&gap.cause),
        filled,
        missing
    ])?;
    Ok(())
}

/// The state's name, as it is in the file for ever.
pub(super) fn state_name(state: fleet::alert::AlertState) -> &'static str {
    use fleet::alert::AlertState::*;
    match state {
        Pending => "pending",
        Firing => "firing",
        Acknowledged => "acknowledged",
        Silenced => "silenced",
        Stale => "stale",
        Resolved => "resolved",
    }
}

/// Sixteen bytes for a text of a connection: FNV-1a with 128 bits. Of ten million, two are alike by chance once in 10^24.
fn fingerprint(role: &str, connection: &str, text: &str) -> [u8; 16] {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in role.bytes().chain([0]).chain(connection.bytes()).chain([0]).chain(text.bytes()) {
        hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    }
    hash.to_be_bytes()
}

fn cut(text: &str) -> &str {
    beginning(text, MOST_TEXT)
}

fn beginning(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

fn whole_or_cut(data: &str) -> std::borrow::Cow<'_, str> {
    if data.len() <= MOST_DATA {
        return data.into();
    }
    serde_json::json!({ "beginning": beginning(data, MOST_TEXT), "cut_from_bytes": data.len() }).to_string().into()
}
