//! What the page may ask to be done, and what it is answered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A connection as the add and edit dialogs hold it. The secret goes one way: from the page into the keychain.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionDraft {
    /// Its name.
    pub name: String,
    /// `hyprwatch`, `hydra`, `hantera`, `agenthq` or `iotee`.
    #[ts(type = "Protocol")]
    pub protocol: protocol::Protocol,
    /// Its address.
    pub url: String,
    /// What to subscribe to.
    pub subscribe: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// A PEM file of authorities to trust.
    pub ca_file: Option<String>,
    /// Whether `ws://` beyond loopback is allowed.
    pub allow_plaintext: bool,
    /// Whether an unlocked device is announced.
    pub notify_unlocked: bool,
    /// Where the credential is kept.
    pub keep: Keep,
    /// The credential, where it is to be kept by us.
    pub secret: Option<String>,
}

impl std::fmt::Debug for ConnectionDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionDraft")
            .field("name", &self.name)
            .field("protocol", &self.protocol)
            .finish_non_exhaustive()
    }
}

/// Where a credential is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "in", content = "what")]
pub enum Keep {
    /// In the system's keychain.
    Keychain,
    /// In memory, until the program ends.
    ThisRun,
    /// In an environment variable.
    Env(String),
    /// A command prints it.
    Command(Vec<String>),
}

/// What a test of a connection came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tested {
    /// Whether it became live.
    pub live: bool,
    /// What happened, as a sentence.
    pub sentence: String,
}

/// An error as the page gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommandError {
    /// What kind.
    pub code: ErrorCode,
    /// A sentence for the operator.
    pub message: String,
}

/// Kinds of errors, each with its own title and action on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// What was entered cannot be.
    Invalid,
    /// There is no such thing, or no more.
    NotFound,
    /// The connection is not live.
    NotLive,
    /// The keychain did not do it.
    Keychain,
    /// The configuration file could not be read or written.
    Configuration,
    /// Anything else; a fault of ours.
    Internal,
}

/// What the program is and where it keeps things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// Its version.
    pub version: String,
    /// The configuration file.
    pub configuration: String,
    /// What is wrong with the configuration file, with line and column; null when it is well.
    pub problem: Option<String>,
    /// The time zone's name, as `Europe/Amsterdam`.
    pub time_zone: String,
}
