//! An open alert with what the book knows beside it.

use protocol::Timestamp;

use super::record::Record;
use crate::alert::id::Fnv;
use crate::alert::{Alert, AlertId, AlertState, Announcement, Occasion, Transition};

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) alert: Alert,
    /// It is about the connection itself, and so does not become stale with it.
    pub(super) own: bool,
    /// It says that its connection is not live: the network notice may stand for it.
    pub(super) network: bool,
    pub(super) silenced: bool,
    pub(super) stale: bool,
    /// It is stale while its connection is live: nothing says since that it still holds.
    pub(super) doubted: bool,
    /// It began after what was known before its connection's picture was complete.
    pub(super) fresh: bool,
    pub(super) tell: Tell,
    /// When it was told last.
    pub(super) told_at: Timestamp,
    /// What was told, as a hash of severity and title.
    pub(super) told: u64,
    /// When its last transition was.
    pub(super) moved: Timestamp,
    /// When the last finding about it was.
    pub(super) found: Timestamp,
    /// It was over before then and began again as the same one: it is over later than that.
    pub(super) not_before: Timestamp,
    /// It comes from the history.
    pub(super) restored: bool,
}

/// Whether an alert is told natively.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tell {
    /// It need not be told.
    Known,
    /// It is to be told once nothing stands in the way.
    Owed(As),
    /// It was told by itself.
    Alone,
    /// It was told in a digest.
    Digest,
}

/// How an alert is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    Alone,
    With(Occasion),
}

impl Entry {
    pub(super) fn new(alert: Alert) -> Self {
        Entry {
            own: false,
            network: false,
            silenced: false,
            stale: false,
            doubted: false,
            fresh: false,
            tell: Tell::Known,
            told_at: Timestamp(i64::MIN),
            told: 0,
            moved: Timestamp(i64::MIN),
            found: alert.began,
            not_before: Timestamp(i64::MIN),
            restored: false,
            alert,
        }
    }

    pub(super) fn id(&self) -> AlertId {
        self.alert.id
    }

    pub(super) fn acknowledged(&self) -> bool {
        self.alert.acknowledgement.is_some()
    }

    pub(super) fn is_told(&self) -> bool {
        matches!(self.tell, Tell::Alone | Tell::Digest)
    }

    /// The state that is shown: the first that is so. What is over is over; what has not fired yet is only pending
    /// wherever it comes from; what is not heard of may have changed, but of what is only doubted an operator who knows of it
    /// has the last word; what is silenced is not looked for by anybody.
    fn shown(&self) -> AlertState {
        if self.alert.resolved.is_some() {
            AlertState::Resolved
        } else if self.alert.fired.is_none() {
            AlertState::Pending
        } else if self.stale && !(self.doubted && self.acknowledged()) {
            AlertState::Stale
        } else if self.silenced {
            AlertState::Silenced
        } else if self.acknowledged() {
            AlertState::Acknowledged
        } else {
            AlertState::Firing
        }
    }

    /// Shows what it is from a time of the book's own on. Two transitions of an alert are never of the same time.
    pub(super) fn show(&mut self, now: Timestamp, cause: &str, record: &mut Record) {
        let to = self.shown();
        if to != self.alert.state {
            let at = now.max(Timestamp(self.moved.millis().saturating_add(1)));
            self.move_to(to, at, cause, record);
        }
    }

    /// Notes that somebody did something, also where that does not change what is shown.
    pub(super) fn act(&mut self, now: Timestamp, cause: &str, record: &mut Record) {
        let at = now.max(Timestamp(self.moved.millis().saturating_add(1)));
        self.move_to(self.shown(), at, cause, record);
    }

    /// Goes to a state at the time that a finding gave.
    pub(super) fn move_to(&mut self, to: AlertState, at: Timestamp, cause: &str, record: &mut Record) {
        let from = self.alert.state;
        record.transition(Transition { alert: self.id(), at, from: Some(from), to, cause: cause.to_owned() });
        record.changed.insert(self.id());
        self.moved = self.moved.max(at);
        if from != to {
            record.counts.remove(self.alert.severity, from);
            record.counts.add(self.alert.severity, to);
            self.alert.state = to;
            self.alert.since = at;
        }
    }

    /// Takes back what is shown of it natively.
    pub(super) fn withdraw(&mut self, record: &mut Record) {
        if self.is_told() {
            record.announce(Announcement::Withdraw(self.id()));
            self.tell = Tell::Known;
        }
    }

    pub(super) fn set_told(&mut self, tell: Tell, now: Timestamp) {
        self.tell = tell;
        self.told_at = now;
        self.told = self.telling();
    }

    /// What an operator would read, as a hash.
    pub(super) fn telling(&self) -> u64 {
        let mut hash = Fnv::default();
        hash.bytes(&[self.alert.severity as u8]);
        hash.bytes(self.alert.title.as_bytes());
        hash.0
    }
}

/// An alert's line, or why it is over, as a sentence. It may begin with a name, which stays as it is written.
pub(super) fn line(text: &str) -> String {
    let text = text.trim();
    let mut line = text.strip_prefix("the ").map_or_else(|| text.to_owned(), |rest| format!("The {rest}"));
    if !line.is_empty() && !line.ends_with(['.', '!', '?']) {
        line.push('.');
    }
    line
}

/// A text as a sentence: a capital at its begin, a stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let mut sentence: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    sentence.push_str(letters.as_str());
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}
