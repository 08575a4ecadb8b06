//! While no window looks, what comes slowly is read a few times a second and not as it comes: waking for each event costs far
//! more than the event does. All connections are read at the same beat, so that the processor wakes once for all of them, and
//! what they bring is written to the disk together.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use protocol::Timestamp;
use tokio::time::{Instant, Sleep, sleep};

/// How long events wait for others in the socket's buffer, at most. Nobody sees it: a notification comes that much later.
const WAIT: Duration = Duration::from_millis(500);
/// A stream that brings so many frames at a beat is not slow: it is read on.
const MANY: usize = 320;
/// After so long without a pull, in ms, no window looks; a page that is slow pulls each half second.
const AWAY: i64 = 2_000;

/// When a window looked last, and the beat at which connections are read while none does.
#[derive(Debug)]
pub(crate) struct Looked {
    last: AtomicI64,
    begun: Instant,
}

impl Default for Looked {
    fn default() -> Self {
        Looked { last: AtomicI64::new(i64::MIN), begun: Instant::now() }
    }
}

impl Looked {
    /// A window looks.
    pub(crate) fn note(&self, now: Timestamp) {
        self.last.store(now.millis(), Ordering::Relaxed);
    }

    /// Whether one did lately.
    pub(crate) fn lately(&self, now: Timestamp) -> bool {
        // After a clock that went back until the next pull nobody looks: that is a part of a second.
        (0..AWAY).contains(&now.millis().saturating_sub(self.last.load(Ordering::Relaxed)))
    }
}

/// How long it is to the next beat, so long after the first.
fn to_next_beat(since: Duration) -> Duration {
    let beat = WAIT.as_nanos();
    let left = beat - since.as_nanos() % beat;
    Duration::from_nanos(u64::try_from(left).unwrap_or(u64::MAX))
}

/// The pace at which one connection is read.
pub(super) struct Gather {
    looked: Arc<Looked>,
    waits: Option<Pin<Box<Sleep>>>,
    /// What is read next may have waited.
    waited: bool,
}

impl Gather {
    pub(super) fn new(looked: Arc<Looked>) -> Self {
        Gather { looked, waits: None, waited: false }
    }

    /// Whether what is read now may have waited here.
    pub(super) fn waited(&self) -> bool {
        self.waited
    }

    /// Ready when the next batch may be read.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(waits) = &mut self.waits {
            std::task::ready!(waits.as_mut().poll(cx));
            self.waits = None;
            self.waited = true;
        }
        Poll::Ready(())
    }

    /// A batch of so many frames was read, all that there were or not.
    pub(super) fn read(&mut self, frames: usize, is_all: bool, now: Timestamp) {
        self.waited = false;
        if is_all && frames < MANY && !self.looked.lately(now) {
            self.waits = Some(Box::pin(sleep(to_next_beat(self.looked.begun.elapsed()))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn all_connections_are_read_at_one_beat() {
        for (since, left) in [(0, 500), (1, 499), (499, 1), (500, 500), (3_600_123, 377)] {
            assert_eq!(to_next_beat(Duration::from_millis(since)), Duration::from_millis(left), "{since} ms");
        }
    }

    #[tokio::test]
    async fn what_comes_slowly_waits_while_nobody_looks() {
        let looked = Arc::new(Looked::default());
        let mut gather = Gather::new(looked.clone());
        let ready = |gather: &mut Gather| gather.poll(&mut Context::from_waker(std::task::Waker::noop())).is_ready();
        assert!(ready(&mut gather), "nothing was read yet");
        gather.read(MANY, true, NOW);
        assert!(ready(&mut gather), "a flood is read on");
        gather.read(64, false, NOW);
        assert!(ready(&mut gather) && !gather.waited(), "what is left of a batch is read on");
        gather.read(1, true, NOW);
        assert!(!ready(&mut gather), "one event waits for others");
        sleep(WAIT * 2).await;
        assert!(ready(&mut gather) && gather.waited());
        looked.note(NOW);
        gather.read(1, true, Timestamp(NOW.millis() + AWAY - 1));
        assert!(ready(&mut gather) && !gather.waited(), "a window looks");
        gather.read(1, true, Timestamp(NOW.millis() + AWAY));
        assert!(!ready(&mut gather), "it does not any more");
    }
}
