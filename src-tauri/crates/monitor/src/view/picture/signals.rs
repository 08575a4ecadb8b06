//! Signals and standing alerts.

use serde::Serialize;
use ts_rs::TS;

use crate::view::Millis;

/// A signal.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignalRow {
    /// Unique among the signals.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its number within the connection: its JSON is asked for by `event_json`.
    pub number: u32,
    /// The service's id of it; empty where it has none.
    pub id: String,
    /// Its stream.
    pub stream: String,
    /// Its type.
    pub signal_type: String,
    /// What it says in a line.
    pub title: String,
    /// More words.
    pub description: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// From 1, Routine, to 5, Critical.
    pub severity: Option<u8>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Cities of an alert.
    pub cities: Vec<String>,
    /// When.
    pub at: Millis,
    /// Whether its connection is not live.
    pub stale: bool,
    /// Whether it is an alert that may have been cleared while nobody listened: nothing has said since that it stands.
    pub unconfirmed: bool,
}

/// A stream and what came on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StreamRow {
    /// Its name.
    pub stream: String,
    /// How many came.
    pub count: u32,
}

/// The signals screen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignalsPage {
    /// Alerts that are issued and not cleared, the latest first.
    pub standing: Vec<SignalRow>,
    /// The feed, the latest first.
    pub feed: Vec<SignalRow>,
    /// Streams.
    pub streams: Vec<StreamRow>,
}
