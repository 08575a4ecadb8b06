//! How many notifications are shown: a few at once, and of a storm the rest as one line.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use monitor::Notice;
use monitor::view::picture::Severity;

/// How many are shown within [`SPAN`].
const MOST: usize = 5;
const SPAN: Duration = Duration::from_secs(10);

/// How many titles of those held back are named.
const NAMED: usize = 3;

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// One notice as it came.
    One(Notice),
    /// Many in one line.
    Digest {
        /// How many.
        count: u32,
        /// The first few titles.
        titles: Vec<String>,
        /// The worst of them.
        severity: Severity,
    },
}

/// Lets the first few notices of a span through and holds back the rest.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// When the last ones were shown, oldest first.
    shown: VecDeque<Instant>,
    held: u32,
    titles: Vec<String>,
    worst: Option<Severity>,
}

impl Gate {
    /// The notice, when it may be shown now; otherwise it goes into the next digest.
    pub(super) fn pass(&mut self, notice: Notice, now: Instant) -> Option<Notice> {
        // While some are held back, the digest comes first.
        if self.held == 0 && self.has_room(now) {
            self.shown.push_back(now);
            return Some(notice);
        }
        self.held += 1;
        // The worst is the least: severities count down.
        self.worst = Some(self.worst.map_or(notice.severity, |worst| worst.min(notice.severity)));
        if self.titles.len() < NAMED && !self.titles.contains(&notice.title) {
            self.titles.push(notice.title);
        }
        None
    }

    /// Counts notices of which nothing is known, for the queue was full.
    pub(super) fn hold_back(&mut self, count: u32) {
        self.held = self.held.saturating_add(count);
    }

    /// When the next digest is due, if any is.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let oldest = self.shown.front().filter(|_| self.held > 0)?;
        Some(*oldest + SPAN)
    }

    /// What was held back, once there is room for it.
    pub(super) fn digest(&mut self, now: Instant) -> Option<Shown> {
        if self.held == 0 || !self.has_room(now) {
            return None;
        }
        self.shown.push_back(now);
        let severity = self.worst.take().unwrap_or(Severity::Medium);
        Some(Shown::Digest {
            count: std::mem::take(&mut self.held),
            titles: std::mem::take(&mut self.titles),
            severity,
        })
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
        Notice { key: format!("k{number}"), severity, title: format!("door {number} unlocked"), body: String::new() }
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
    fn a_storm_without_end_shows_no_more_than_the_most_in_any_span() {
        let start = Instant::now();
        let mut gate = Gate::default();
        let mut shown = Vec::new();
        let mut told = 0;
        for step in 0..6000 {
            let now = start + Duration::from_millis(step * 10);
            if gate.pass(notice(step as u32, Severity::High), now).is_some() {
                shown.push(now);
                told += 1;
            }
            if let Some(Shown::Digest { count, .. }) = gate.digest(now) {
                shown.push(now);
                told += count;
            }
        }
        for (index, first) in shown.iter().enumerate() {
            let within = shown[index..].iter().take_while(|later| later.duration_since(*first) < SPAN).count();
            assert!(within <= MOST, "{within} within one span");
        }
        assert_eq!(told + gate.held, 6000, "every one is told or counted");
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
