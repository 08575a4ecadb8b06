//! The one thread that writes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use super::age::Age;
use super::error::{is_corrupt, is_of_the_disk, words};
use super::files::Files;
use super::pen::{Pen, write_audit};
use super::queue::Work;
use super::records::{AuditRecord, Batch, Samples};
use super::retention::Retention;
use super::runs::{self, Runs};
use super::schema::MigrationError;
use super::shared::Shared;
use super::{HistoryError, series};

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(2);
/// How often the file says that somebody is there.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How often old things are looked for when there are none, and when there are more.
const UPKEEP: Duration = Duration::from_secs(5);
const UPKEEP_BUSY: Duration = Duration::from_millis(50);

/// Writes what the queue has, in one transaction for many records.
pub(super) struct Writer {
    shared: Arc<Shared>,
    files: Files,
    connection: Option<Connection>,
    pen: Pen,
    series: series::Writer,
    age: Age,
    retention: Retention,
    runs: Runs,
    /// Batches that were taken and are not written yet: they stay until they are.
    batches: Vec<Batch>,
    samples: Vec<Samples>,
    again: Instant,
    heartbeat: Instant,
    upkeep: Instant,
    /// Records given up that were said in the history itself.
    said: u64,
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, files: Files, connection: Option<Connection>) -> Self {
        let now = Instant::now();
        Writer {
            shared,
            files,
            connection,
            pen: Pen::default(),
            series: series::Writer::default(),
            age: Age::default(),
            retention: Retention::default(),
            runs: Runs::default(),
            batches: Vec::new(),
            samples: Vec::new(),
            again: now,
            heartbeat: now,
            upkeep: now,
            said: 0,
        }
    }

    /// Runs until the queue is closed and what it had is written, or cannot be.
    pub(super) fn run(mut self) {
        loop {
            let stuck = !self.batches.is_empty() || self.connection.is_none();
            let until = if stuck { self.again } else { self.heartbeat.min(self.upkeep) };
            let Work { batches, samples, flush, last } = self.shared.queue.take(until, stuck);
            self.batches.extend(batches);
            self.samples.extend(samples);
            if flush {
                self.upkeep = Instant::now();
            }
            self.round();
            if last {
                self.round();
                return self.end();
            }
        }
    }

    fn round(&mut self) {
        if self.shared.take_corruption() {
            self.start_anew();
        }
        if self.connection.is_none() {
            self.open();
        }
        self.write_batches();
        self.write_samples();
        self.keep_up();
    }

    /// Writes what is there once more, and gives the rest up.
    fn end(mut self) {
        if let Some(connection) = &self.connection {
            let now = self.shared.now();
            let _ = self.age.note(connection);
            let _ = beat(connection, now);
            let _ = self.runs.beat(connection, now);
            let _ = connection.execute_batch("PRAGMA optimize");
        }
        let rest = std::mem::take(&mut self.batches);
        self.done_with(&rest, rest.iter().map(Batch::entries).sum());
    }

    fn open(&mut self) {
        match self.files.writer() {
            Ok(connection) => {
                self.connection = Some(connection);
                self.shared.reopened();
                self.shared.solved();
                self.pen.forget();
                self.series = series::Writer::default();
            }
            Err(MigrationError::Sqlite(error)) if is_corrupt(&error) => self.start_anew(),
            Err(MigrationError::Sqlite(error)) => self.failed(&words(&error)),
            Err(MigrationError::Refused(error)) => self.failed(error.to_string().trim_end_matches('.')),
        }
    }

    /// Sets the broken file aside and begins another.
    fn start_anew(&mut self) {
        self.connection = None;
        // The other file knows nothing of what was recorded in this one.
        self.runs = Runs::default();
        self.shared.reopened();
        match self.files.set_aside(self.shared.now()) {
            Ok(path) => {
                self.shared.set_aside(path);
                match self.files.writer() {
                    Ok(connection) => {
                        // Where it cannot be noted, what comes next is not written either, and says so.
                        let _ = runs::unknown_until(&connection, self.shared.now());
                        self.connection = Some(connection);
                    }
                    Err(MigrationError::Sqlite(error)) => self.failed(&words(&error)),
                    Err(MigrationError::Refused(error)) => self.failed(error.to_string().trim_end_matches('.')),
                }
                self.pen.forget();
                self.series = series::Writer::default();
            }
            Err(error) => self.failed(&format!("its file is damaged and cannot be set aside ({error}); move it away")),
        }
    }

    fn write_batches(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        if self.batches.is_empty() {
            return;
        }
        let batches = std::mem::take(&mut self.batches);
        match together(connection, &mut self.pen, &batches) {
            Ok(()) => {
                self.shared.repeated(self.pen.again);
                self.shared.solved();
                self.done_with(&batches, 0);
                self.say_what_was_lost();
            }
            Err(error) if is_corrupt(&error) => {
                self.batches = batches;
                self.start_anew();
                self.again = Instant::now();
            }
            Err(error) if is_of_the_disk(&error) => {
                self.batches = batches;
                self.failed(&words(&error));
            }
            // One of them cannot be written. Each by itself, so that only that one is given up.
            Err(_) => self.one_by_one(batches),
        }
    }

    fn one_by_one(&mut self, batches: Vec<Batch>) {
        let mut batches = std::collections::VecDeque::from(batches);
        while let (Some(batch), Some(connection)) = (batches.pop_front(), &mut self.connection) {
            match together(connection, &mut self.pen, std::slice::from_ref(&batch)) {
                Ok(()) => self.done_with(&[batch], 0),
                Err(error) if is_of_the_disk(&error) || is_corrupt(&error) => {
                    batches.push_front(batch);
                    break;
                }
                Err(error) => {
                    self.shared.refused(&error.to_string());
                    let entries = batch.entries();
                    self.done_with(&[batch], entries);
                }
            }
        }
        self.batches = batches.into();
    }

    fn write_samples(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        if self.samples.is_empty() {
            return;
        }
        let samples = std::mem::take(&mut self.samples);
        let number = samples.len();
        match self.series.write(connection, &samples, self.shared.now()) {
            Ok(dropped) => self.shared.queue.count_dropped_samples(dropped),
            Err(error) => {
                self.series = series::Writer::default();
                self.shared.queue.count_dropped_samples(number);
                if is_corrupt(&error) {
                    self.start_anew();
                } else {
                    self.failed(&words(&error));
                }
            }
        }
        self.shared.queue.finish(number, 0, 0, 0);
    }

    /// Old things out, ten-second buckets packed, the heartbeat, the figures: a few milliseconds each time.
    fn keep_up(&mut self) {
        let now = Instant::now();
        let Some(connection) = &mut self.connection else { return };
        let result = (|| {
            if now >= self.heartbeat {
                self.heartbeat = now + HEARTBEAT;
                self.age.reckon(connection, self.shared.now(), now)?;
                self.age.note(connection)?;
                beat(connection, self.shared.now())?;
                self.runs.beat(connection, self.shared.now())?;
                if self.batches.is_empty() {
                    self.shared.solved();
                }
            }
            if now >= self.upkeep {
                let settings = self.shared.settings();
                let time = self.shared.now();
                let more_to_pack = self.series.pack(connection, time)?;
                let age = self.age.reckon(connection, time, now)?;
                let kept = self.retention.round(connection, &settings, age)?;
                if kept.names_deleted {
                    self.pen.forget();
                    self.series = series::Writer::default();
                }
                self.upkeep = now + if more_to_pack || kept.more { UPKEEP_BUSY } else { UPKEEP };
                self.shared.measured(self.files.bytes(), kept.oldest);
            }
            Ok(())
        })();
        match result {
            Ok(()) => {}
            Err(error) if is_corrupt(&error) => self.start_anew(),
            Err(error) => {
                self.upkeep = now + UPKEEP;
                self.failed(&words(&error));
            }
        }
    }

    fn done_with(&self, batches: &[Batch], given_up: usize) {
        let entries = batches.iter().map(Batch::entries).sum();
        let bytes = batches.iter().map(Batch::bytes).sum();
        self.shared.queue.finish(batches.len(), entries, bytes, given_up);
    }

    fn say_what_was_lost(&mut self) {
        let lost = self.shared.queue.counts().not_recorded;
        if let (true, Some(connection)) = (lost > self.said, &self.connection) {
            let record = AuditRecord {
                at: self.shared.now(),
                action: "history.lost".into(),
                subject: "history".into(),
                detail: format!(
                    "{} records were not kept, because the disk took nothing for too long.",
                    lost - self.said
                ),
            };
            if write_audit(connection, &record).is_ok() {
                self.said = lost;
            }
        }
    }

    fn failed(&mut self, why: &str) {
        self.again = Instant::now() + AGAIN;
        self.shared
            .failed(&format!("The history is not written: {why}. What comes meanwhile waits, and is tried again."));
    }
}

fn together(connection: &mut Connection, pen: &mut Pen, batches: &[Batch]) -> rusqlite::Result<()> {
    let result = (|| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        batches.iter().try_for_each(|batch| pen.batch(&transaction, batch))?;
        transaction.commit()
    })();
    if result.is_err() {
        pen.forget();
    }
    result
}

fn beat(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO fact (name, value) VALUES ('alive', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value")?
        .execute([now.millis()])
        .map(drop)
}

/// When a process was last known to run with it.
pub(super) fn last_beat(connection: &Connection) -> Option<Timestamp> {
    connection.query_row("SELECT value FROM fact WHERE name = 'alive'", [], |row| row.get(0)).ok().map(Timestamp)
}

/// Opens the file at the start: what cannot be opened is said in the health, what must not be touched is an error.
pub(super) fn first(files: &mut Files, shared: &Shared) -> Result<Option<Connection>, HistoryError> {
    let broken = match files.writer() {
        Ok(connection) => return Ok(Some(connection)),
        Err(MigrationError::Refused(error)) => return Err(error),
        Err(MigrationError::Sqlite(error)) => error,
    };
    let sentence =
        |why: &str| format!("The history is not written: {why}. What comes meanwhile waits, and is tried again.");
    if !is_corrupt(&broken) {
        shared.failed(&sentence(&words(&broken)));
        return Ok(None);
    }
    match files.set_aside(shared.now()) {
        Ok(path) => shared.set_aside(path),
        Err(error) => {
            shared.failed(&sentence(&format!("its file is damaged and cannot be set aside ({error}); move it away")));
            return Ok(None);
        }
    }
    match files.writer() {
        Ok(connection) => {
            let _ = runs::unknown_until(&connection, shared.now());
            Ok(Some(connection))
        }
        Err(MigrationError::Refused(error)) => Err(error),
        Err(MigrationError::Sqlite(error)) => {
            shared.failed(&sentence(&words(&error)));
            Ok(None)
        }
    }
}
