//! What waits to be written: bounded by number and by bytes, with a way to wait for room.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::records::{Batch, Samples, Taken};

/// Records that may wait before the streams do.
const MOST_ENTRIES: usize = 20_000;
/// Bytes that may wait before the streams do.
const MOST_BYTES: usize = 16 << 20;
/// Entities' samples that may wait; what comes then is dropped.
const MOST_SAMPLES: usize = 50_000;
/// Records of one transaction.
const AT_ONCE: usize = 2_000;
/// How long a record waits for others to be written with.
const GATHER: Duration = Duration::from_millis(500);
/// The same for alerts and locks.
const GATHER_URGENT: Duration = Duration::from_millis(50);
/// How long the streams wait for a disk that takes nothing. After that the live picture goes on and what does not fit is
/// counted as not recorded: a service drops a reader that stands still for longer, and then nothing is seen either.
const PATIENCE: Duration = Duration::from_secs(10);

/// The queue between the streams and the writer.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// Wakes the writer.
    work: Condvar,
    /// Wakes those who wait until all is written, and the watch.
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    batches: VecDeque<Batch>,
    samples: VecDeque<Samples>,
    /// Records and bytes that wait or are being written.
    entries: usize,
    bytes: usize,
    /// How many batches and samples were ever taken and done with.
    taken: u64,
    finished: u64,
    /// Since when the oldest waits, and when it is to be written.
    due: Option<Instant>,
    flush: bool,
    closed: bool,
    /// Since when there is no room.
    full: Option<Instant>,
    /// Whether the streams go on all the same.
    given_up: bool,
    wakers: Vec<Waker>,
    counts: Counts,
}

/// What the queue counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) waiting: usize,
    pub(super) waiting_bytes: usize,
    pub(super) not_recorded: u64,
    pub(super) samples_dropped: u64,
}

/// What the writer is to do.
pub(super) struct Work {
    pub(super) batches: Vec<Batch>,
    pub(super) samples: Vec<Samples>,
    /// Somebody waits until all is done.
    pub(super) flush: bool,
    /// Nothing comes after this.
    pub(super) last: bool,
}

impl Queue {
    /// Whether there is room for what must not be lost.
    pub(super) fn room(&self) -> bool {
        self.state.lock().lets_in()
    }

    /// Waits for room.
    pub(super) fn poll_room(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.state.lock();
        if state.lets_in() {
            return Poll::Ready(());
        }
        if !state.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            state.wakers.push(context.waker().clone());
        }
        Poll::Pending
    }

    /// Takes a batch. One that comes when there is no room is taken as well, up to twice the bound (thrice for alerts and
    /// what operators do); past that it is counted as not recorded.
    pub(super) fn push(&self, batch: Batch) {
        let (entries, bytes) = (batch.entries(), batch.bytes());
        if entries == 0 {
            return;
        }
        let mut state = self.state.lock();
        let times = if batch.is_of_alerts() { 3 } else { 2 };
        if state.closed || state.entries >= times * MOST_ENTRIES || state.bytes >= times * MOST_BYTES {
            state.counts.not_recorded += entries as u64;
            return;
        }
        let due = Instant::now() + if batch.is_urgent() { GATHER_URGENT } else { GATHER };
        let sooner = state.due.is_none_or(|before| due < before);
        if sooner {
            state.due = Some(due);
        }
        state.entries += entries;
        state.bytes += bytes;
        state.taken += 1;
        state.batches.push_back(batch);
        let enough = state.batches.len() >= AT_ONCE;
        drop(state);
        // The writer sleeps until what waits is due: it is not woken for each batch.
        if sooner || enough {
            self.work.notify_one();
        }
    }

    /// Takes samples, or drops and counts them.
    pub(super) fn push_samples(&self, samples: Samples) -> Taken {
        let mut state = self.state.lock();
        if state.closed || state.samples.len() >= MOST_SAMPLES {
            state.counts.samples_dropped += 1;
            return Taken::Dropped;
        }
        state.taken += 1;
        state.samples.push_back(samples);
        let begins = state.due.is_none();
        if begins {
            state.due = Some(Instant::now() + GATHER);
        }
        drop(state);
        if begins {
            self.work.notify_one();
        }
        Taken::Yes
    }

    /// Waits until all that was handed over before is written, at most so long. Says whether it is.
    pub(super) fn flush(&self, at_most: Duration) -> bool {
        let end = Instant::now() + at_most;
        let mut state = self.state.lock();
        let target = state.taken;
        while state.finished < target {
            state.flush = true;
            self.work.notify_one();
            if self.done.wait_until(&mut state, end).timed_out() {
                return state.finished >= target;
            }
        }
        true
    }

    /// Lets nothing more in; the writer ends when it has tried to write what is there.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        state.wake();
        drop(state);
        self.work.notify_all();
        self.done.notify_all();
    }

    pub(super) fn counts(&self) -> Counts {
        let state = self.state.lock();
        Counts { waiting: state.entries, waiting_bytes: state.bytes, ..state.counts }
    }

    /// For the writer: waits for work, at most until `until`, and takes it. Samples are left while `only_look` or when
    /// there is enough to do without them.
    pub(super) fn take(&self, until: Instant, only_look: bool) -> Work {
        let mut state = self.state.lock();
        loop {
            let now = Instant::now();
            let due = state.due.is_some_and(|due| due <= now) || state.flush || state.batches.len() >= AT_ONCE;
            if state.closed || now >= until || (due && !only_look) {
                break;
            }
            let next = if only_look { until } else { state.due.map_or(until, |due| due.min(until)) };
            self.work.wait_until(&mut state, next);
        }
        if only_look && !state.closed {
            return Work { batches: Vec::new(), samples: Vec::new(), flush: false, last: false };
        }
        let mut entries = 0;
        let mut batches = Vec::new();
        while let Some(batch) = state.batches.front() {
            entries += batch.entries();
            if entries > AT_ONCE && !batches.is_empty() {
                break;
            }
            batches.extend(state.batches.pop_front());
        }
        let most = state.samples.len().min(AT_ONCE);
        let samples = state.samples.drain(..most).collect();
        let flush = state.flush;
        let empty = state.batches.is_empty() && state.samples.is_empty();
        if empty {
            state.due = None;
            state.flush = false;
        }
        Work { batches, samples, flush, last: state.closed && empty }
    }

    /// For the writer: so many batches and samples are done with, of so many records and bytes.
    pub(super) fn finish(&self, number: usize, entries: usize, bytes: usize, not_recorded: usize) {
        let mut state = self.state.lock();
        state.finished += number as u64;
        state.entries = state.entries.saturating_sub(entries);
        state.bytes = state.bytes.saturating_sub(bytes);
        state.counts.not_recorded += not_recorded as u64;
        if state.has_room() {
            state.full = None;
            state.given_up = false;
            state.wake();
        }
        drop(state);
        self.done.notify_all();
    }

    pub(super) fn count_dropped_samples(&self, number: usize) {
        self.state.lock().counts.samples_dropped += number as u64;
    }

    /// Lets the streams go on when there was no room for too long. It is not the writer who does so: a disk may hang with
    /// it. Returns when the queue is closed.
    pub(super) fn watch(&self) {
        let mut state = self.state.lock();
        while !state.closed {
            let now = Instant::now();
            if state.has_room() {
                state.full = None;
            } else if now.duration_since(*state.full.get_or_insert(now)) >= PATIENCE {
                state.given_up = true;
                state.wake();
            }
            self.done.wait_until(&mut state, now + Duration::from_secs(1));
        }
    }
}

impl State {
    fn has_room(&self) -> bool {
        self.entries < MOST_ENTRIES && self.bytes < MOST_BYTES
    }

    fn lets_in(&self) -> bool {
        self.has_room() || self.given_up || self.closed
    }

    fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }
}
