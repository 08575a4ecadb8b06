//! How late events come: the service's time of an event against ours when it came.

use protocol::Timestamp;

/// How many of the last events count.
const LAST: usize = 64;

/// The last differences of one connection.
#[derive(Debug)]
pub struct Lag {
    /// In ms, in a ring.
    last: [i32; LAST],
    count: usize,
}

impl Default for Lag {
    fn default() -> Self {
        Lag { last: [0; LAST], count: 0 }
    }
}

impl Lag {
    /// Takes note of an event of the stream.
    #[inline]
    pub fn note(&mut self, at: Timestamp, received: Timestamp) {
        let lag = received.millis().saturating_sub(at.millis());
        let most = i64::from(i32::MAX);
        // Within the bounds of an i32 after the clamp.
        self.last[self.count % LAST] = i32::try_from(lag.clamp(-most, most)).unwrap_or(0);
        self.count += 1;
    }

    /// Forgets all: another attempt has its own.
    pub fn forget(&mut self) {
        self.count = 0;
    }

    /// The median in ms, below zero where the service's clock is ahead of ours; `None` while no event carried a time.
    pub fn median(&self) -> Option<i32> {
        let mut last = self.last[..self.count.min(LAST)].to_vec();
        let middle = last.len().checked_sub(1)? / 2;
        Some(*last.select_nth_unstable(middle).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_the_last_events() {
        let mut lag = Lag::default();
        assert_eq!(lag.median(), None);
        let now = Timestamp(1_765_967_400_000);
        for late in [40, -10, 90_000] {
            lag.note(Timestamp(now.millis() - late), now);
        }
        assert_eq!(lag.median(), Some(40));
        for _ in 0..LAST {
            lag.note(Timestamp(i64::MAX), now);
        }
        assert_eq!(lag.median(), Some(-i32::MAX), "a time that is none is no overflow");
        lag.forget();
        assert_eq!(lag.median(), None);
    }
}
