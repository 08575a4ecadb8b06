//! A connection's states in the words that an operator reads.

use link::LinkStatus;
use protocol::{Connection, CredentialSource};

use crate::view::picture::Status;

/// The state as the page names it.
pub fn status(status: &LinkStatus) -> Status {
    match status {
        LinkStatus::Stopped => Status::Stopped,
        LinkStatus::Connecting { .. } => Status::Connecting,
        LinkStatus::Authenticating => Status::Authenticating,
        LinkStatus::Subscribing => Status::Subscribing,
        LinkStatus::Live { .. } => Status::Live,
        LinkStatus::Stale { .. } => Status::Stale,
        LinkStatus::BackingOff { .. } => Status::BackingOff,
        LinkStatus::NeedsCredential { .. } => Status::NeedsCredential,
        LinkStatus::Refused { .. } => Status::Refused,
    }
}

/// A transition as a line of the connection's log.
pub fn transition(connection: &str, status: &LinkStatus) -> String {
    match status {
        LinkStatus::Stopped => "Stopped.".into(),
        LinkStatus::Connecting { attempt: 0 | 1 } => "Connecting.".into(),
        LinkStatus::Connecting { attempt } => format!("Connecting, attempt {attempt}."),
        LinkStatus::Authenticating => "Connected; the service checks the credential.".into(),
        LinkStatus::Subscribing => "Accepted; subscribing.".into(),
        LinkStatus::Live { .. } => "Live.".into(),
        LinkStatus::Stale { .. } => "Nothing has come for a while: what is shown may be old.".into(),
        LinkStatus::BackingOff { retry_in, attempt, cause, .. } => {
            format!(
                "Waiting {} s after attempt {attempt}: {}.",
                retry_in.as_secs_f64().ceil(),
                cause.trim_end_matches('.')
            )
        }
        LinkStatus::NeedsCredential { cause } => {
            format!("{connection} needs a credential: {}.", cause.trim_end_matches('.'))
        }
        LinkStatus::Refused { cause } => format!("Refused: {}.", cause.trim_end_matches('.')),
    }
}

/// Where a connection's credential is kept.
pub fn credential(connection: &Connection) -> String {
    match connection.credential_source() {
        CredentialSource::Keychain(entry) => format!("in the keychain, as \"{entry}\""),
        CredentialSource::Env(name) => format!("in the environment variable {name}"),
        CredentialSource::Command(command) => {
            format!("printed by the command {}", command.first().map_or("", String::as_str))
        }
    }
}
