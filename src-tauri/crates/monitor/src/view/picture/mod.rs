//! What the window shows, in types: the whole of a screen as it is at one moment.

mod agents;
mod alerts;
mod connections;
mod devices;
mod events;
mod hosts;
mod jobs;
mod overview;
mod signals;

pub use agents::*;
pub use alerts::*;
pub use connections::*;
pub use devices::*;
pub use events::*;
pub use hosts::*;
pub use jobs::*;
pub use overview::*;
pub use signals::*;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A row with a key that stays the same while the row's entity does.
pub trait Row: Clone + PartialEq + Serialize {
    /// The key, unique among the rows of one list.
    fn key(&self) -> &str;
}

/// A window into a longer list.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows<T> {
    /// How many there are in scope.
    pub total: u32,
    /// How many the filter lets through.
    pub matching: u32,
    /// How many come before the first row here.
    pub offset: u32,
    /// Whether some stand elsewhere than in their order, as they are held.
    pub moved: bool,
    /// The rows in sight, in order.
    pub rows: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Rows { total: 0, matching: 0, offset: 0, moved: false, rows: Vec::new() }
    }
}

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Act at once.
    Critical,
    /// Act soon.
    High,
    /// Look at it.
    Medium,
    /// Know of it.
    Low,
}

impl Severity {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
        }
    }
}

impl From<fleet::rule::Severity> for Severity {
    fn from(severity: fleet::rule::Severity) -> Self {
        match severity {
            fleet::rule::Severity::Critical => Severity::Critical,
            fleet::rule::Severity::High => Severity::High,
            fleet::rule::Severity::Medium => Severity::Medium,
            fleet::rule::Severity::Low => Severity::Low,
        }
    }
}

impl From<Severity> for fleet::rule::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Critical => fleet::rule::Severity::Critical,
            Severity::High => fleet::rule::Severity::High,
            Severity::Medium => fleet::rule::Severity::Medium,
            Severity::Low => fleet::rule::Severity::Low,
        }
    }
}

/// A place in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "screen")]
pub enum Target {
    /// A connection's card.
    Connection {
        /// Its name.
        name: String,
    },
    /// A device's page.
    Device {
        /// Its connection.
        connection: String,
        /// Its hardware id.
        id: String,
    },
    /// A job's page.
    Job {
        /// Its connection.
        connection: String,
        /// Its id.
        id: String,
    },
    /// A job definition's page.
    Definition {
        /// Its connection.
        connection: String,
        /// Its id.
        id: String,
    },
    /// The hosts that a filter lets through.
    Hosts {
        /// The filter.
        filter: String,
    },
    /// The agents, and what of them holds some words.
    Agents {
        /// The words.
        filter: String,
    },
    /// The signals.
    Signals,
    /// The list of alerts.
    Alerts,
    /// An alert's page.
    Alert {
        /// Its id.
        id: String,
    },
}

/// A value of an open map.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// A string, or the JSON text of a structure.
    Text(String),
    /// Null.
    Null,
}

macro_rules! keyed {
    ($($row:ident),*) => { $(impl Row for $row { fn key(&self) -> &str { &self.key } })* };
}
keyed!(AlertRow, DeviceRow, HostRow, EventRow, NodeRow, ResultRow);
