//! The lock events of the past, for those who missed them.

use std::collections::VecDeque;

use crate::world::vehicles::{VehicleEvent, VehicleEventKind};

/// How many lock events are remembered.
const REMEMBERED: usize = 50_000;

/// Lock events in the order of time.
#[derive(Debug, Default)]
pub(crate) struct LockLog(VecDeque<LockEvent>);

/// A lock event as it was sent, or would have been had anybody listened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LockEvent {
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    pub(crate) device: usize,
    pub(crate) locked: bool,
    pub(crate) source: &'static str,
    pub(crate) code: Option<String>,
    pub(crate) number: u64,
}

impl LockLog {
    /// Remembers the event when it is one of a lock, and says whether it is.
    pub(crate) fn note(&mut self, event: &VehicleEvent, at: u64) -> bool {
        let VehicleEventKind::Lock { locked, source, code, number } = &event.kind else { return false };
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(LockEvent {
            at,
            device: event.device,
            locked: *locked,
            source,
            code: code.clone(),
            number: *number,
        });
        true
    }

    /// The events from one time to another, both included.
    pub(crate) fn between(&self, from: u64, to: u64) -> impl Iterator<Item = &LockEvent> {
        let begin = self.0.partition_point(|event| event.at < from);
        self.0.range(begin..).take_while(move |event| event.at <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten_and_times_include_their_ends() {
        let mut log = LockLog::default();
        for number in 0..REMEMBERED as u64 + 10 {
            let kind = VehicleEventKind::Lock { locked: true, source: "key", code: None, number };
            assert!(log.note(&VehicleEvent { device: 0, kind }, number / 2));
        }
        let kind = VehicleEventKind::Presence { online: true };
        assert!(!log.note(&VehicleEvent { device: 0, kind }, 0));
        let all: Vec<u64> = log.between(0, u64::MAX).map(|event| event.number).collect();
        assert_eq!((all.len(), all[0]), (REMEMBERED, 10));
        let some: Vec<u64> = log.between(50, 51).map(|event| event.number).collect();
        assert_eq!(some, [100, 101, 102, 103]);
    }
}
