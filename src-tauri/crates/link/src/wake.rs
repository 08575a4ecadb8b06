//! Finds out that the computer slept, so that sockets which died meanwhile are not believed for minutes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::Clock;

/// How often the clocks are compared.
const EVERY: Duration = Duration::from_secs(1);
/// How far they may drift apart between two comparisons.
const JUMP: Duration = Duration::from_secs(5);

/// Tells all links that share it to prove themselves alive. Clones share.
#[derive(Debug, Clone)]
pub struct Wake {
    woken: Arc<watch::Sender<u64>>,
}

impl Wake {
    /// Makes one that only [`Wake::now`] triggers.
    pub fn manual() -> Self {
        Wake { woken: Arc::new(watch::Sender::new(0)) }
    }

    /// Makes one that is triggered when the wall clock and the monotonic clock move apart by more than 5 s between two
    /// looks, or a look comes more than 5 s late. Systems differ in which of their clocks runs on during sleep; this
    /// sees both kinds. It watches on the current tokio runtime until its last clone is dropped.
    pub fn watching(clock: Arc<dyn Clock>) -> Self {
        let wake = Wake::manual();
        let woken = Arc::downgrade(&wake.woken);
        tokio::spawn(async move {
            let mut ticks = interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let (mut wall, mut monotonic) = (clock.now(), Instant::now());
            loop {
                ticks.tick().await;
                let Some(woken) = woken.upgrade() else { return };
                let by_wall = Duration::from_millis((clock.now().0 - wall.0).unsigned_abs());
                let by_monotonic = monotonic.elapsed();
                (wall, monotonic) = (clock.now(), Instant::now());
                if by_wall.abs_diff(by_monotonic) > JUMP || by_monotonic > EVERY + JUMP {
                    tracing::info!(jump_s = by_wall.as_secs(), "the clock jumped; every connection is probed");
                    woken.send_modify(|count| *count += 1);
                }
            }
        });
        wake
    }

    /// Tells all links now.
    pub fn now(&self) {
        self.woken.send_modify(|count| *count += 1);
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.woken.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use protocol::Timestamp;
    use tokio::time::sleep;

    use super::*;

    /// The paused time plus an offset that a test moves.
    struct Moved {
        start: Instant,
        offset: AtomicI64,
    }

    impl Clock for Moved {
        fn now(&self) -> Timestamp {
            Timestamp(self.start.elapsed().as_millis() as i64 + self.offset.load(Ordering::Relaxed))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_jump_of_the_wall_clock_wakes_and_its_ordinary_course_does_not() {
        let clock = Arc::new(Moved { start: Instant::now(), offset: AtomicI64::new(0) });
        let wake = Wake::watching(clock.clone());
        let mut woken = wake.subscribe();
        sleep(Duration::from_secs(600)).await;
        assert!(!woken.has_changed().unwrap());
        clock.offset.fetch_add(4_000, Ordering::Relaxed);
        sleep(Duration::from_secs(2)).await;
        assert!(!woken.has_changed().unwrap(), "a small correction is no sleep");
        clock.offset.fetch_add(60_000, Ordering::Relaxed);
        sleep(Duration::from_secs(2)).await;
        assert!(woken.has_changed().unwrap());
        woken.mark_unchanged();
        sleep(Duration::from_secs(60)).await;
        assert!(!woken.has_changed().unwrap(), "one sleep wakes once");
    }
}
