//! The bar of connections and their cards.

use protocol::Protocol;
use serde::Serialize;
use ts_rs::TS;

use crate::view::Millis;

/// One of a connection's states, as `signalbox watch` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not wanted.
    Stopped,
    /// Dialling, or in the upgrade.
    Connecting,
    /// The credential is not accepted yet.
    Authenticating,
    /// The subscriptions are not acknowledged yet.
    Subscribing,
    /// Acknowledged.
    Live,
    /// Open, and its liveness in doubt.
    Stale,
    /// Waiting for the next attempt.
    BackingOff,
    /// The credential was refused or is missing.
    NeedsCredential,
    /// The service will not have it.
    Refused,
}

/// A connection in the bar at the bottom, and at the head of its card.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Chip {
    /// The connection's name.
    pub name: String,
    /// Its protocol.
    #[ts(type = "Protocol")]
    pub protocol: Protocol,
    /// Its tags, by which a scope names it.
    pub tags: Vec<String>,
    /// Its state.
    pub status: Status,
    /// Since when it is in that state.
    pub since: Millis,
    /// Why it is not live, as the end of a sentence.
    pub cause: Option<String>,
    /// When the next attempt comes.
    pub retry_at: Option<Millis>,
    /// How many attempts were made since it was last live for long.
    pub attempt: u32,
    /// Events a second over the last five seconds.
    pub rate: f64,
    /// When the last event came.
    pub last_event_at: Option<Millis>,
    /// Events that the service said it dropped, and that did not fit here.
    pub dropped: u64,
}

/// A subscription on a connection's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionRow {
    /// The operator's word for it.
    pub name: String,
    /// `requested`, `accepted`, `refused`, `ended`.
    pub state: String,
    /// Why it was refused.
    pub reason: Option<String>,
}

/// A line of a connection's own log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogRow {
    /// When.
    pub at: Millis,
    /// A sentence.
    pub text: String,
    /// The state it came to.
    pub status: Status,
}

/// The screen of the connections.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionsPicture {
    /// The cards; what is wrong first.
    pub cards: Vec<ConnectionCard>,
    /// More on the one that is open.
    pub detail: Option<ConnectionDetail>,
    /// Those that were removed and can be taken back, the latest first.
    pub removed: Vec<RemovedRow>,
}

/// A connection that was removed and can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemovedRow {
    /// Its name.
    pub name: String,
    /// Its protocol.
    #[ts(type = "Protocol")]
    pub protocol: Protocol,
    /// Whether it is of the demo fleet: then nothing of it is deleted, as nothing was written.
    pub demo: bool,
    /// When its settings and its credential are deleted.
    pub until: Millis,
}

/// A connection's card.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionCard {
    /// Its chip.
    pub chip: Chip,
    /// Its address, without a secret.
    pub url: String,
    /// Whether it is wanted.
    pub enabled: bool,
    /// Whether it is of the demo fleet, and in no file.
    pub demo: bool,
    /// Where its credential is kept, in words.
    pub credential: String,
    /// When its credential ends, by the credential's own word.
    pub credential_ends: Option<Millis>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether an unlocked device is announced.
    pub notify_unlocked: bool,
    /// Subscriptions that the service accepted.
    pub accepted: u32,
    /// Subscriptions that it refused.
    pub refused: u32,
    /// Subscriptions in all.
    pub subscription_count: u32,
    /// Bytes a second.
    pub bytes_rate: f64,
    /// How late the last events came, in ms: the median of their times against ours, below zero where the service's clock is
    /// ahead; null while none carried a time.
    pub lag: Option<i32>,
    /// Events since start.
    pub events: u64,
    /// How often it was lost since start.
    pub disconnects: u64,
    /// Messages of unknown type.
    pub unrecognised: u64,
    /// Messages that could not be read.
    pub malformed: u64,
    /// Events told twice by the service.
    pub duplicates: u64,
    /// What did not make it into the picture, by its cause.
    pub drops: Vec<DropRow>,
}

/// What did not make it into the picture for one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DropRow {
    /// What, in words that follow its count.
    pub words: String,
    /// How often.
    pub count: u64,
}

/// What an open card tells besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionDetail {
    /// Whose it is.
    pub name: String,
    /// The address of its HTTP side, where it is not the same host's.
    pub http_url: Option<String>,
    /// Its own authorities.
    pub ca_file: Option<String>,
    /// Its subscriptions, those refused first; cut at 500.
    pub subscriptions: Vec<SubscriptionRow>,
    /// The types of messages that are not known, the first 20.
    pub unknown: Vec<UnknownRow>,
    /// Its own log, the latest first.
    pub log: Vec<LogRow>,
}

/// A type of message that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnknownRow {
    /// The type, by the service's word.
    pub name: String,
    /// How often it came.
    pub count: u64,
}
