//! The list of events.

use protocol::Kind;
use serde::Serialize;
use ts_rs::TS;

use super::Rows;
use crate::view::Millis;

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
    /// Its kind; `connection.status` for the connection's own transitions.
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
}

/// The kind of a connection's transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ConnectionKind {
    /// Its one kind.
    #[serde(rename = "connection.status")]
    Status,
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
    /// What of the filter was not understood.
    pub problem: Option<String>,
}
