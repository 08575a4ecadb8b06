//! How jobs ended, by the minute: counts that go on when the jobs themselves are not kept any more.

use std::collections::VecDeque;

use protocol::Timestamp;

const MINUTE: i64 = 60_000;
/// Minutes in which something ended that are kept: two hours and some.
const KEPT: usize = 130;

/// How many jobs ended well and badly in each of the latest minutes.
#[derive(Debug, Clone, Default)]
pub struct Ends {
    /// The oldest first.
    minutes: VecDeque<Minute>,
    /// The latest minute that was given up.
    given_up: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Minute {
    number: i64,
    completed: u32,
    failed: u32,
}

impl Ends {
    /// How many ended between two minutes, the first included and the last not: all, and of these those that failed.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> (u32, u32) {
        let (from, to) = (minute(from), minute(to));
        let within = self.minutes.iter().filter(|one| from <= one.number && one.number < to);
        within.fold((0, 0), |(jobs, failed), one| {
            (jobs.saturating_add(one.completed).saturating_add(one.failed), failed.saturating_add(one.failed))
        })
    }

    /// Since when all ends that were told are counted; `None` where none was given up.
    pub fn since(&self) -> Option<Timestamp> {
        self.given_up.map(|number| Timestamp(number.saturating_add(1).saturating_mul(MINUTE)))
    }

    /// Counts one more or one less. None is counted later than it was told: the latest minutes are kept, and those that a
    /// service's clock puts into the future would leave no room for those that come.
    pub(crate) fn count(&mut self, at: Timestamp, failed: bool, by: i64) {
        let number = minute(at);
        let place = self.minutes.partition_point(|one| one.number < number);
        if self.minutes.get(place).is_none_or(|one| one.number != number) {
            if by < 0 {
                return;
            }
            // What is older than all that is kept would be given up at once.
            if place == 0 && self.minutes.len() >= KEPT {
                self.given_up = self.given_up.max(Some(number));
                return;
            }
            self.minutes.insert(place, Minute { number, completed: 0, failed: 0 });
        }
        let Some(one) = self.minutes.get_mut(place) else { return };
        let cell = if failed { &mut one.failed } else { &mut one.completed };
        *cell = u32::try_from(i64::from(*cell).saturating_add(by).max(0)).unwrap_or(u32::MAX);
        if self.minutes.len() > KEPT {
            let gone = self.minutes.pop_front().map(|one| one.number);
            self.given_up = self.given_up.max(gone);
        }
    }
}

fn minute(at: Timestamp) -> i64 {
    at.millis().div_euclid(MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(minute: i64) -> Timestamp {
        Timestamp(minute * MINUTE + 7)
    }

    #[test]
    fn what_is_counted_is_as_many_as_ended_in_whatever_order_they_are_told() {
        let mut ends = Ends::default();
        for (minute, failed) in [(5, true), (3, false), (5, false), (4, true), (3, false)] {
            ends.count(at(minute), failed, 1);
        }
        assert_eq!(ends.between(at(3), at(6)), (5, 2));
        assert_eq!(ends.between(at(4), at(5)), (1, 1));
        ends.count(at(4), true, -1);
        ends.count(at(9), true, -1);
        assert_eq!((ends.between(at(0), at(10)), ends.since()), ((4, 1), None));
    }

    #[test]
    fn it_is_bounded_and_says_since_when_all_is_counted() {
        let mut ends = Ends::default();
        for minute in 0..=KEPT as i64 {
            ends.count(at(minute), false, 1);
        }
        assert_eq!(ends.minutes.len(), KEPT);
        assert_eq!(ends.since(), Some(Timestamp(MINUTE)));
        ends.count(at(-5), true, 1);
        assert_eq!((ends.minutes.len(), ends.since()), (KEPT, Some(Timestamp(MINUTE))));
        assert_eq!(ends.between(at(-10), at(1_000)), (KEPT as u32, 0));
    }
}
