//! How long to wait before the next attempt.

use std::time::Duration;

/// The shortest wait, and the first ceiling.
pub(crate) const SHORTEST: Duration = Duration::from_millis(500);
/// The last ceiling.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);

/// Exponential backoff with full jitter: each wait is drawn evenly between [`SHORTEST`] and a ceiling that doubles with
/// each failure up to [`LONGEST`].
#[derive(Debug)]
pub(crate) struct Backoff {
    failures: u32,
    random: fastrand::Rng,
}

impl Backoff {
    pub(crate) fn new(random: fastrand::Rng) -> Self {
        Backoff { failures: 0, random }
    }

    /// How many attempts have failed since it was last stable.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    /// Counts a failure and draws the wait after it, which is never shorter than `least`.
    pub(crate) fn next(&mut self, least: Option<Duration>) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let wait = SHORTEST + (ceiling(self.failures) - SHORTEST).mul_f64(self.random.f64());
        wait.max(least.unwrap_or_default())
    }

    /// Begins again at the shortest: the connection has proved stable, or the operator asks for an attempt.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// 1 s after the first failure, then 2, 4 … 60 s.
fn ceiling(failures: u32) -> Duration {
    SHORTEST.saturating_mul(1 << failures.min(10)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_between_the_shortest_and_a_doubling_ceiling() {
        for seed in 0..200 {
            let mut backoff = Backoff::new(fastrand::Rng::with_seed(seed));
            for failure in 1..40 {
                let wait = backoff.next(None);
                let ceiling = [1, 2, 4, 8, 16, 32].get(failure - 1).map_or(LONGEST, |s| Duration::from_secs(*s));
                assert!(wait >= SHORTEST && wait <= ceiling, "failure {failure} of seed {seed} waits {wait:?}");
            }
        }
    }

    #[test]
    fn jitter_is_full() {
        let mut backoff = Backoff::new(fastrand::Rng::with_seed(7));
        (0..10).for_each(|_| _ = backoff.next(None));
        let waits: Vec<_> = (0..400).map(|_| backoff.next(None)).collect();
        assert!(waits.iter().any(|wait| *wait < Duration::from_secs(6)));
        assert!(waits.iter().any(|wait| *wait > Duration::from_secs(54)));
        let mean = waits.iter().sum::<Duration>() / 400;
        assert!(mean > Duration::from_secs(26) && mean < Duration::from_secs(34), "mean {mean:?}");
    }

    #[test]
    fn the_least_wait_is_kept_and_reset_begins_again() {
        let mut backoff = Backoff::new(fastrand::Rng::with_seed(1));
        assert_eq!(backoff.next(Some(Duration::from_secs(300))), Duration::from_secs(300));
        backoff.reset();
        assert!(backoff.next(None) <= Duration::from_secs(1));
        assert_eq!(backoff.failures(), 1);
    }
}
