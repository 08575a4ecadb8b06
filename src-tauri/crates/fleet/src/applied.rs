//! What an event did to the picture.

use protocol::Timestamp;

use crate::locks::LockState;

/// What an event did, as far as somebody may want to be told. The names are in the event itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is part of the picture.
    Taken,
    /// It came before; nothing changed.
    Duplicate,
    /// It is older than what is known: kept in histories where there are any, the state did not change.
    Late,
    /// There was no room for what it is about; counted as dropped.
    Refused,
    /// A lock is in another state than before.
    LockChanged {
        /// The state before.
        from: LockState,
        /// The state from here on.
        to: LockState,
        /// Whether a lock event told it, and not a field of telemetry.
        by_event: bool,
    },
    /// A device, a host or an agent came or went; also said of the first time that its presence was told.
    PresenceChanged {
        /// Whether it is there.
        online: bool,
    },
    /// A job ended well.
    JobCompleted,
    /// A job failed.
    JobFailed,
    /// An alert holds from here on.
    AlertIssued,
    /// An alert does not hold any more.
    AlertCleared,
}

/// How far ahead of our clock a service's time may be and still be believed.
const AHEAD: i64 = 24 * 60 * 60 * 1_000;

/// Whether what happened at `at` replaces what is known from `known`. A time that lies more than a day ahead of our
/// clock is not believed against one that does not, else one wrong clock would silence an entity for years.
pub(crate) fn supersedes(at: Timestamp, known: Timestamp, received: Timestamp) -> bool {
    at >= known || (is_ahead(known, received) && !is_ahead(at, received))
}

/// The event's time, or ours when that one is too far ahead to be true.
pub(crate) fn believed(at: Timestamp, received: Timestamp) -> Timestamp {
    if is_ahead(at, received) { received } else { at }
}

fn is_ahead(at: Timestamp, received: Timestamp) -> bool {
    at.millis() > received.millis().saturating_add(AHEAD)
}
