//! The list of events.

use protocol::Kind;
use serde::Serialize;
use ts_rs::TS;

use super::Rows;
use crate::view::{Millis, Span};

/// An event in a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventRow {
    /// `connection/number`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its number within the connection.
    pub number: u32,
    /// Its id in the history, where it comes from there: its JSON is asked for by `stored_event_json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub stored: Option<String>,
    /// Its kind; `connection.status` for the connection's own transitions, `recording.off` for a time that was not recorded: from
    /// `receivedAt` to `at`.
    #[ts(type = "string")]
    pub kind: EventKind,
    /// When it happened, by the service.
    pub at: Option<Millis>,
    /// When it came.
    pub received_at: Millis,
    /// What it is about.
    pub subject: String,
    /// The beginning of its data.
    pub summary: String,
}

/// A kind of event as the window lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum EventKind {
    /// An event of a stream.
    Stream(Kind),
    /// A connection's transition.
    Connection(ConnectionKind),
    /// A time of which nothing was recorded.
    Recording(RecordingKind),
}

/// The kind of a connection's transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ConnectionKind {
    /// Its one kind.
    #[serde(rename = "connection.status")]
    Status,
}

/// The kind of a row that is no event: it stands between those before and after a time of which nothing was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum RecordingKind {
    /// Its one kind.
    #[serde(rename = "recording.off")]
    Off,
}

/// How much of a past span was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// The times in which it was, the oldest first, to ten seconds; of many the latest few.
    pub spans: Vec<Span>,
    /// How many there are.
    pub count: u32,
    /// For how long it was not, in ms, as far as that is known.
    pub off: Millis,
    /// Until when within the span that is unknown; null where it is known of all of it.
    pub unknown_until: Option<Millis>,
}

/// The events screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventsPicture {
    /// The rows in sight, the newest first.
    pub events: Rows<EventRow>,
    /// How many came after the held moment.
    pub newer: u32,
    /// Events that are too old to be kept here.
    pub forgotten: u64,
    /// Whether the history holds more of a past span than was looked at.
    pub more: bool,
    /// How much of a past span was recorded; `None` where all of it was.
    pub recorded: Option<Recorded>,
    /// What of the filter was not understood.
    pub problem: Option<String>,
}
