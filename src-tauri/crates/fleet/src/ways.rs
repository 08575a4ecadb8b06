//! The ways in which the jobs of a definition fail: counts that go on when the jobs themselves are not kept any more.

use std::hash::{DefaultHasher, Hasher};

use compact_str::CompactString;
use protocol::Timestamp;

use crate::table::clip;

/// Ways kept of a definition. Of more, the one is given up that was seen least, and of alike the one that was seen longest ago.
const KEPT: usize = 32;
/// Bytes kept of what a service says of a failure.
const WORDS: usize = 1024;

/// How the jobs of a definition fail, in no order that means anything.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    rows: Vec<Way>,
    given_up: bool,
}

/// Failures of which the words differ in their numbers alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What the service said the last time; `None` where it gave no reason.
    pub error: Option<Box<str>>,
    /// How often, of all that were told.
    pub count: u64,
    /// The first time.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
    /// The job that failed so last.
    pub job: CompactString,
    /// Whether other ways were given up before its first time: it may have been one of them.
    pub maybe_before: bool,
    /// A hash of the words without their numbers.
    likeness: u64,
}

impl Ways {
    /// The ways that are kept.
    pub fn rows(&self) -> &[Way] {
        &self.rows
    }

    /// Whether ways were given up, so that there were more than are kept.
    pub fn are_more(&self) -> bool {
        self.given_up
    }

    /// Counts a failure.
    pub(crate) fn count(&mut self, job: &str, error: Option<&str>, at: Timestamp) {
        let error = error.map(|error| clip(error, WORDS));
        let likeness = likeness(error);
        if let Some(place) = self.place(error, likeness) {
            let way = &mut self.rows[place];
            way.count = way.count.saturating_add(1);
            way.first = way.first.min(at);
            if at >= way.last {
                way.last = at;
                way.job = job.into();
                if way.error.as_deref() != error {
                    way.error = error.map(Into::into);
                }
            }
            return;
        }
        if self.rows.len() >= KEPT
            && let Some(least) = (0..self.rows.len()).min_by_key(|&at| (self.rows[at].count, self.rows[at].last))
        {
            self.rows.swap_remove(least);
            self.given_up = true;
        }
        let maybe_before = self.given_up;
        self.rows.push(Way {
            error: error.map(Into::into),
            count: 1,
            first: at,
            last: at,
            job: job.into(),
            maybe_before,
            likeness,
        });
    }

    fn place(&self, error: Option<&str>, likeness: u64) -> Option<usize> {
        self.rows.iter().position(|way| way.likeness == likeness && is_alike(way.error.as_deref(), error))
    }

    /// Takes a failure back, of which it was told that it was none, or at another time. When others were stays as it is.
    pub(crate) fn take_back(&mut self, error: Option<&str>) {
        let error = error.map(|error| clip(error, WORDS));
        let Some(place) = self.place(error, likeness(error)) else { return };
        self.rows[place].count -= 1;
        if self.rows[place].count == 0 {
            self.rows.swap_remove(place);
        }
    }
}

/// The same of errors that differ in their numbers alone, and seldom of others.
fn likeness(error: Option<&str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u8(u8::from(error.is_some()));
    error.into_iter().flat_map(without_numbers).for_each(|byte| hasher.write_u8(byte));
    hasher.finish()
}

/// Whether two errors differ in their numbers alone.
fn is_alike(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => without_numbers(one).eq(without_numbers(other)),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// A text with a `#` for each number.
fn without_numbers(text: &str) -> impl Iterator<Item = u8> {
    let mut was_digit = false;
    text.bytes().filter_map(move |byte| {
        let follows = std::mem::replace(&mut was_digit, byte.is_ascii_digit()) && was_digit;
        (!follows).then_some(if was_digit { b'#' } else { byte })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        String::from_utf8(without_numbers(text).collect()).unwrap()
    }

    #[test]
    fn what_differs_in_its_numbers_is_one_way_to_fail() {
        assert_eq!(plain("order 104233: HTTP 502"), "order #: HTTP #");
        assert_eq!(plain("no number, ü"), "no number, ü");
        let mut ways = Ways::default();
        for (second, error) in [(5, Some("HTTP 502")), (3, Some("HTTP 7")), (9, None), (4, Some("HTTP x")), (7, None)] {
            ways.count(&format!("job-{second}"), error, Timestamp(second));
        }
        let told = |way: &Way| {
            (way.error.as_deref().map(str::to_owned), way.count, way.first.0, way.last.0, way.job.to_string())
        };
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(
            ways.rows().iter().map(told).collect::<Vec<_>>(),
            [
                (said("HTTP 502"), 2, 3, 5, "job-5".into()),
                (None, 2, 7, 9, "job-9".into()),
                (said("HTTP x"), 1, 4, 4, "job-4".into()),
            ]
        );
        ways.take_back(Some("HTTP 1"));
        ways.take_back(Some("HTTP x"));
        ways.take_back(Some("never told"));
        assert_eq!(ways.rows().iter().map(|way| way.count).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn of_too_many_the_rarest_is_given_up_and_one_that_comes_then_may_have_been_before() {
        let mut ways = Ways::default();
        let error = |number: usize| "x".repeat(number + 1);
        for number in 0..KEPT {
            ways.count("a", Some(&error(number)), Timestamp(number as i64));
        }
        ways.count("a", Some(&error(0)), Timestamp(100));
        assert!(!ways.are_more() && ways.rows().iter().all(|way| !way.maybe_before));
        ways.count("a", Some("another"), Timestamp(101));
        assert!(ways.are_more());
        assert_eq!(ways.rows().len(), KEPT);
        let find = |text: &str| ways.rows().iter().find(|way| way.error.as_deref() == Some(text));
        assert_eq!(find(&error(0)).map(|way| (way.count, way.maybe_before)), Some((2, false)));
        assert!(find(&error(1)).is_none(), "it was seen once, longest ago");
        assert!(find("another").is_some_and(|way| way.maybe_before));
    }
}
