//! How many notifications are shown: a few at once, and of a storm the rest as one line.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use monitor::view::picture::Severity;
use monitor::{Notice, Opens};

/// How many are shown within [`SPAN`].
const MOST: usize = 5;
const SPAN: Duration = Duration::from_secs(10);

/// Digests that follow each other within this time are of one storm: the later one replaces the earlier and counts on.
const STORM: Duration = Duration::from_secs(60);

/// How many titles of those held back are named.
const NAMED: usize = 3;

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// One notice as it came.
    One(Notice),
    /// Many in one line.
    Digest {
        /// How many in this storm.
        count: u32,
        /// A few titles of the last ones.
        titles: Vec<String>,
        /// The worst of the last ones.
        severity: Severity,
    },
}

/// Lets the first few notices of a span through and holds back the rest.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// When the last ones were shown, oldest first.
    shown: VecDeque<Instant>,
    held: Held,
    /// When the last digest was shown, and its count.
    digest: Option<(Instant, u32)>,
}

/// What waits for the next digest.
#[derive(Debug, Default)]
struct Held {
    count: u32,
    /// The first one, to be shown as it is when it stays the only one.
    first: Option<Notice>,
    titles: Vec<String>,
    worst: Option<Severity>,
}

impl Gate {
    /// The notice, when it may be shown now; otherwise it goes into the next digest.
    pub(super) fn pass(&mut self, notice: Notice, now: Instant) -> Option<Notice> {
        // While some are held back, their digest comes first.
        if self.held.count == 0 && self.has_room(now) {
            self.shown.push_back(now);
            return Some(notice);
        }
        let held = &mut self.held;
        // The worst is the least: severities count down.
        held.worst = Some(held.worst.map_or(notice.severity, |worst| worst.min(notice.severity)));
        if held.titles.len() < NAMED && !held.titles.contains(&notice.title) {
            held.titles.push(notice.title.clone());
        }
        if held.count == 0 {
            held.first = Some(notice);
        }
        held.count = held.count.saturating_add(1);
        None
    }

    /// Counts notices of which nothing is known, for the queue was full.
    pub(super) fn hold_back(&mut self, count: u32) {
        self.held.count = self.held.count.saturating_add(count);
    }

    /// When the next digest is due, if any is.
    pub(super) fn deadline(&self) -> Option<Instant> {
        if self.held.count == 0 {
            return None;
        }
        let room = self.shown.front().filter(|_| self.shown.len() >= MOST);
        let last = self.digest.as_ref().map(|(last, _)| last);
        room.max(last).map(|last| *last + SPAN)
    }

    /// What was held back, once it is due.
    pub(super) fn digest(&mut self, now: Instant) -> Option<Shown> {
        if self.held.count == 0 || !self.has_room(now) || self.deadline().is_some_and(|due| now < due) {
            return None;
        }
        self.shown.push_back(now);
        let Held { count, first, titles, worst } = std::mem::take(&mut self.held);
        if let (1, Some(notice)) = (count, first) {
            return Some(Shown::One(notice));
        }
        let before =
            self.digest.filter(|(last, _)| now.saturating_duration_since(*last) < STORM).map_or(0, |(_, count)| count);
        let count = before.saturating_add(count);
        self.digest = Some((now, count));
        Some(Shown::Digest { count, titles, severity: worst.unwrap_or(Severity::Medium) })
    }

    fn has_room(&mut self, now: Instant) -> bool {
        while self.shown.front().is_some_and(|shown| now.saturating_duration_since(*shown) >= SPAN) {
            self.shown.pop_front();
        }
        self.shown.len() < MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(number: u32, severity: Severity) -> Notice {
        Notice {
            key: format!("k{number}"),
            severity,
            title: format!("door {number} unlocked"),
            body: String::new(),
            opens: Opens::Nothing,
            picture: None,
            sound: false,
        }
    }

    #[test]
    fn a_storm_is_a_few_and_one_line_for_the_rest() {
        let start = Instant::now();
        let mut gate = Gate::default();
        let shown = (0..42).filter(|number| gate.pass(notice(*number, Severity::High), start).is_some()).count();
        assert_eq!(shown, MOST);
        assert_eq!(gate.digest(start), None, "no room yet");
        assert_eq!(gate.deadline(), Some(start + SPAN));
        let Some(Shown::Digest { count, titles, severity }) = gate.digest(start + SPAN) else { panic!("no digest") };
        assert_eq!((count, severity), (37, Severity::High));
        assert_eq!(titles, ["door 5 unlocked", "door 6 unlocked", "door 7 unlocked"]);
        assert_eq!(gate.deadline(), None);
        assert_eq!(gate.digest(start + SPAN), None, "told once");
    }

    #[test]
    fn a_storm_without_end_shows_no_more_than_the_most_in_any_span_and_counts_all() {
        let start = Instant::now();
        let mut gate = Gate::default();
        let mut shown = Vec::new();
        let (mut single, mut digests) = (0, Vec::new());
        for step in 0..6000 {
            let now = start + Duration::from_millis(step * 10);
            if gate.pass(notice(step as u32, Severity::High), now).is_some() {
                shown.push(now);
                single += 1;
            }
            match gate.digest(now) {
                Some(Shown::Digest { count, .. }) => {
                    shown.push(now);
                    digests.push((now, count));
                }
                Some(Shown::One(_)) => panic!("a single one of a storm waited"),
                None => {}
            }
        }
        for (index, first) in shown.iter().enumerate() {
            let within = shown[index..].iter().take_while(|later| later.duration_since(*first) < SPAN).count();
            assert!(within <= MOST, "{within} within one span");
        }
        assert!(digests.windows(2).all(|pair| pair[1].0 - pair[0].0 >= SPAN && pair[1].1 > pair[0].1), "{digests:?}");
        let told = digests.last().expect("a minute of storm has digests").1;
        assert_eq!(single + told + gate.held.count, 6000, "every one is told or counted");
    }

    #[test]
    fn one_that_was_held_back_alone_is_shown_as_it_is() {
        let start = Instant::now();
        let mut gate = Gate::default();
        for number in 0..=MOST as u32 {
            gate.pass(notice(number, Severity::High), start);
        }
        let Some(Shown::One(notice)) = gate.digest(start + SPAN) else { panic!("not shown") };
        assert_eq!(notice.title, "door 5 unlocked");
    }

    #[test]
    fn a_storm_after_a_quiet_time_is_counted_anew() {
        let start = Instant::now();
        let mut gate = Gate::default();
        for storm in 0..2 {
            let begin = start + (STORM + SPAN) * 2 * storm;
            for number in 0..20 {
                gate.pass(notice(number, Severity::High), begin);
            }
            assert!(matches!(gate.digest(begin + SPAN), Some(Shown::Digest { count: 15, .. })), "storm {storm}");
        }
    }

    #[test]
    fn the_worst_of_those_held_back_is_the_digests() {
        let start = Instant::now();
        let mut gate = Gate::default();
        for number in 0..10 {
            gate.pass(notice(number, if number == 7 { Severity::Critical } else { Severity::High }), start);
        }
        gate.hold_back(3);
        assert!(matches!(
            gate.digest(start + SPAN),
            Some(Shown::Digest { count: 8, severity: Severity::Critical, .. })
        ));
    }

    #[test]
    fn what_found_the_queue_full_is_told_at_once_when_there_is_room() {
        let mut gate = Gate::default();
        gate.hold_back(9);
        assert!(matches!(gate.digest(Instant::now()), Some(Shown::Digest { count: 9, .. })));
    }
}
