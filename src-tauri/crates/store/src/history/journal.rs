//! The hand that writes.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use fleet::alert::{Alert, AlertId, Silence, Transition};
use protocol::Timestamp;

use super::records::{AuditRecord, Batch, EventRecord, Evidence, GapRecord, Samples, Taken};
use super::shared::Shared;

/// Hands things over to be kept, without waiting for the disk. Cheap to clone.
///
/// Who hands over events waits for [`Journal::poll_room`] first: then nothing is lost, and a slow disk slows the streams.
/// A disk that takes nothing for ten seconds is given up on: then there is always room, and what does not fit is counted
/// in the health as not recorded until the disk is back.
#[derive(Debug, Clone)]
pub struct Journal {
    shared: Arc<Shared>,
}

impl Journal {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Journal { shared }
    }

    /// Whether there is room for more of what must not be lost.
    pub fn room(&self) -> bool {
        self.shared.queue.room()
    }

    /// Waits for that room.
    pub fn poll_room(&self, context: &mut Context<'_>) -> Poll<()> {
        self.shared.queue.poll_room(context)
    }

    /// Several things that are kept together or not at all.
    pub fn batch(&self, batch: Batch) {
        self.shared.queue.push(batch);
    }

    /// An event. It may be handed over any number of times, and is kept once.
    pub fn event(&self, event: EventRecord) {
        self.batch(Batch { events: vec![event], ..Batch::default() });
    }

    /// An alert as it is, and its changes. Of the alert the last counts; a change may be handed over any number of times.
    pub fn alert(&self, alert: Alert, transitions: Vec<Transition>) {
        self.batch(Batch { alerts: vec![alert], transitions, ..Batch::default() });
    }

    /// The proof of an alert; the first stays.
    pub fn evidence(&self, alert: AlertId, evidence: Evidence) {
        self.batch(Batch { evidence: vec![(alert, evidence)], ..Batch::default() });
    }

    /// A silence that began or changed.
    pub fn silence(&self, silence: Silence) {
        self.batch(Batch { silences: vec![silence], ..Batch::default() });
    }

    /// A silence that was ended before its time.
    pub fn silence_ended(&self, silence: u64, at: Timestamp) {
        self.batch(Batch { ended: vec![(silence, at)], ..Batch::default() });
    }

    /// Something that an operator did.
    pub fn audit(&self, record: AuditRecord) {
        self.batch(Batch { audit: vec![record], ..Batch::default() });
    }

    /// A span in which nothing could be heard: when it begins, and again when it ends or is filled.
    pub fn gap(&self, gap: GapRecord) {
        self.batch(Batch { gaps: vec![gap], ..Batch::default() });
    }

    /// Ten seconds of an entity's numbers; dropped and counted when the disk does not follow.
    pub fn samples(&self, samples: Samples) -> Taken {
        self.shared.queue.push_samples(samples)
    }

    /// Waits until all that was handed over so far is in the file (or given up), at most so long; says whether it is.
    /// Blocks: not for async code.
    pub fn flush(&self, at_most: Duration) -> bool {
        self.shared.queue.flush(at_most)
    }
}
