//! What the book has to say since it was last asked: transitions, announcements, and which alerts changed.

use std::collections::BTreeSet;

use crate::alert::{Alert, AlertId, Announcement, Transition};

use super::counts::Counts;

/// How many transitions, announcements and changed alerts wait to be taken at most.
const WAITING: usize = 200_000;

#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) transitions: Vec<Transition>,
    pub(super) announcements: Vec<Announcement>,
    /// Alerts of the book that changed.
    pub(super) changed: BTreeSet<AlertId>,
    /// Alerts that changed and are not in the book any more.
    pub(super) gone: Vec<Alert>,
    pub(super) counts: Counts,
    pub(super) left_out: LeftOut,
}

/// What the book did not take, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Alerts for which there was no room.
    pub alerts: u64,
    /// Findings of a rule or connection that is not there any more, or of an alert that is over already: a replay.
    pub findings: u64,
    /// Transitions, announcements and changes that nobody took in time.
    pub untaken: u64,
}

impl Record {
    pub(super) fn transition(&mut self, transition: Transition) {
        if self.transitions.len() < WAITING {
            self.transitions.push(transition);
        } else {
            self.left_out.untaken += 1;
        }
    }

    pub(super) fn announce(&mut self, announcement: Announcement) {
        if self.announcements.len() < WAITING {
            self.announcements.push(announcement);
        } else {
            self.left_out.untaken += 1;
        }
    }

    pub(super) fn gone(&mut self, alert: Alert) {
        if self.gone.len() < WAITING {
            self.gone.push(alert);
        } else {
            self.left_out.untaken += 1;
        }
    }
}
