//! How a connection is, in the words that a person reads.

use std::fmt;
use std::time::Duration;

use protocol::Timestamp;

/// How a connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkStatus {
    /// It is not wanted: not started, or shut down.
    Stopped,
    /// The credential is asked for, the socket is being opened.
    Connecting {
        /// 1 for the first since it was last stable.
        attempt: u32,
    },
    /// The socket is open and the service has not accepted the credential yet.
    Authenticating,
    /// Accepted; the subscriptions are not acknowledged yet.
    Subscribing,
    /// Acknowledged by the service: what comes is the picture.
    Live {
        /// When it became so.
        since: Timestamp,
    },
    /// It was live and may be dead: nothing has come for 45 s, where every service has something to say each 30 s, or
    /// the computer slept and nothing has come since. The next frame makes it live again; the session's own liveness
    /// deadline ends it.
    Stale {
        /// When the last frame came: the age of the picture.
        since: Timestamp,
    },
    /// The last attempt ended; the next one comes by itself.
    BackingOff {
        /// When the next attempt comes.
        until: Timestamp,
        /// How long that was from when the last one ended.
        retry_in: Duration,
        /// How many attempts have failed in a row.
        attempt: u32,
        /// Why the last one ended.
        cause: String,
    },
    /// There is no credential, or the service refused it. Nothing is tried until the operator gives one or says so.
    NeedsCredential {
        /// What is wrong and what to do.
        cause: String,
    },
    /// The service or the configuration rules this connection out. Nothing is tried until the operator says so.
    Refused {
        /// What is wrong and what to do.
        cause: String,
    },
}

impl LinkStatus {
    /// Its word in `signalbox watch`: `backing_off`, `needs_credential`.
    pub const fn name(&self) -> &'static str {
        match self {
            LinkStatus::Stopped => "stopped",
            LinkStatus::Connecting { .. } => "connecting",
            LinkStatus::Authenticating => "authenticating",
            LinkStatus::Subscribing => "subscribing",
            LinkStatus::Live { .. } => "live",
            LinkStatus::Stale { .. } => "stale",
            LinkStatus::BackingOff { .. } => "backing_off",
            LinkStatus::NeedsCredential { .. } => "needs_credential",
            LinkStatus::Refused { .. } => "refused",
        }
    }

    /// Why it is so, where there is more to say than the name.
    pub fn cause(&self) -> Option<&str> {
        match self {
            LinkStatus::BackingOff { cause, .. }
            | LinkStatus::NeedsCredential { cause }
            | LinkStatus::Refused { cause } => Some(cause),
            _ => None,
        }
    }

    /// Whether the service has acknowledged the connection and its socket is open.
    pub const fn is_open(&self) -> bool {
        matches!(self, LinkStatus::Live { .. } | LinkStatus::Stale { .. })
    }
}

impl fmt::Display for LinkStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('_', " "))?;
        match self.cause() {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}
