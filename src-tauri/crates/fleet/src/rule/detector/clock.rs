//! Time as timers count it: only while it can be told that it passes.

use protocol::Timestamp;

/// The longest step between two readings that counts. Ticks come once a second: a longer one is a computer that slept
/// or a clock that was set.
const LEAP: i64 = 60_000;

/// Two sums of the time that passed, in milliseconds: `live` while the connection was live, `steady` always.
///
/// A step forward of more than a minute counts as nothing, so that it cannot make everything due at once; what it would
/// have added is `lost`. A step back of at most a minute is waited for; after a longer one the count goes on from the new
/// time at once, so that nothing waits for an hour to come again.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    last: Option<i64>,
    live: Sum,
    steady: Sum,
    pub running: bool,
    pub jumps: u64,
}

/// What passed, and what did not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub now: i64,
    pub lost: i64,
}

impl Clock {
    #[inline]
    pub fn advance(&mut self, now: Timestamp) {
        let now = now.millis();
        let Some(last) = self.last else {
            self.last = Some(now);
            return;
        };
        let step = now.saturating_sub(last);
        if (-LEAP..=0).contains(&step) {
            return;
        }
        self.last = Some(now);
        if step > LEAP {
            self.jumps += 1;
            self.live.lost += step;
            self.steady.lost += step;
        } else if step < 0 {
            self.jumps += 1;
        } else {
            self.steady.now += step;
            if self.running {
                self.live.now += step;
            } else {
                self.live.lost += step;
            }
        }
    }

    #[inline]
    pub fn read(&self, steady: bool) -> Sum {
        if steady { self.steady } else { self.live }
    }
}
