//! What the page asks for: a screen, the part of it that is in sight, and the spans of its charts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Millis;

/// What the page shows and wants a frame of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ViewSpec {
    /// The number of the last frame that the page has applied; 0 asks for everything.
    pub have: u32,
    /// Which connections count.
    pub scope: Scope,
    /// A past span, out of the history, instead of what is live: for events, alerts, lock events and failures.
    pub past: Option<Span>,
    /// The screen in sight.
    pub screen: ScreenSpec,
}

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Its first moment.
    pub from: Millis,
    /// Its last moment.
    pub to: Millis,
}

/// Which connections a screen is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind", content = "name")]
pub enum Scope {
    /// All of them.
    All,
    /// One, by name.
    Connection(String),
    /// Those with a tag.
    Tag(String),
}

/// The screen in sight, with what is chosen on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "screen")]
pub enum ScreenSpec {
    /// Tiles, needs attention, the latest events.
    Overview,
    /// The list of alerts.
    Alerts {
        /// What is to be listed.
        filter: AlertFilter,
        /// Whether they are grouped.
        grouped: bool,
        /// Groups whose rows are shown.
        unfolded: Vec<String>,
        /// Rows to pass over.
        offset: u32,
        /// The most rows wanted; 500 at the most are given.
        limit: u32,
    },
    /// One alert.
    Alert {
        /// Its id.
        id: String,
    },
    /// The rules.
    Rules,
    /// The table or board of devices.
    Devices {
        /// The part in sight.
        table: TableSpec,
        /// Fields wanted as columns; all other fields are left out of the rows.
        columns: Vec<String>,
    },
    /// One device.
    Device {
        /// Its connection.
        connection: String,
        /// Its hardware id.
        id: String,
    },
    /// Definitions, running jobs, failures, actors, live queries.
    Jobs {
        /// Words that an actor's type or id must hold; all when empty.
        #[serde(default)]
        actors: String,
    },
    /// One job's story.
    Job {
        /// Its connection.
        connection: String,
        /// Its id.
        id: String,
    },
    /// A job definition: its jobs, and how they fail.
    Definition {
        /// Its connection.
        connection: String,
        /// Its id.
        id: String,
    },
    /// An actor and its checkpoints.
    Actor {
        /// Its connection.
        connection: String,
        /// `type/id`.
        id: String,
    },
    /// A live query's table.
    LiveQuery {
        /// Its connection.
        connection: String,
        /// Its id.
        id: String,
        /// The part in sight; `filter` and `sort` are by the columns of the data.
        table: TableSpec,
    },
    /// Presence, posts of a channel, tasks.
    Agents {
        /// The channel whose posts are shown; the liveliest one when null.
        channel: Option<String>,
        /// Words to find in the posts of all channels; the posts of the one channel when empty.
        #[serde(default)]
        find: String,
    },
    /// Hosts, and the run in the console.
    Hosts {
        /// The hosts in sight.
        table: TableSpec,
        /// The run whose rows are shown.
        run: Option<RunSpec>,
    },
    /// Feed and standing alerts.
    Signals {
        /// Only this stream.
        stream: Option<String>,
        /// From 1; 0 shows those without a severity too.
        min_severity: u8,
        /// The most rows wanted.
        limit: u32,
    },
    /// All events.
    Events {
        /// Words and `kind:`, `connection:`, `subject:` terms; all must hold.
        filter: String,
        /// Rows that came after this time are counted, not listed: the list holds still.
        until: Option<Millis>,
        /// Rows to pass over.
        offset: u32,
        /// The most rows wanted.
        limit: u32,
    },
    /// The cards of all connections.
    Connections {
        /// The one that is open.
        open: Option<String>,
    },
    /// Nothing but what every frame has.
    Nothing,
}

/// Which alerts are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertFilter {
    /// In one of these states, acknowledged or silenced also where it is shown as another; when empty in any but pending and
    /// resolved, of a past span in any but pending.
    pub states: Vec<super::picture::AlertState>,
    /// Of one of these severities; any when empty.
    pub severities: Vec<super::picture::Severity>,
    /// Of this rule.
    pub rule: Option<String>,
    /// Words that the title, subject, rule or connection must hold.
    pub text: String,
}

/// The part of a table in sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableSpec {
    /// Rows to pass over.
    pub offset: u32,
    /// The most rows wanted; 500 at the most are given.
    pub limit: u32,
    /// The column to sort by; the table's own order when null.
    pub sort: Option<Sort>,
    /// Words that a row must hold, `online:yes|no`, `lock:locked|unlocked|unknown`, and comparisons as `battery_voltage<11.5`.
    pub filter: String,
    /// Rows that keep their places, so that what is pointed at is what is clicked.
    #[serde(default)]
    pub held: Option<HeldRows>,
}

/// Rows that keep the places in which they are shown: they are told as they are now, even if the order or the filter
/// would have them elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldRows {
    /// Rows before the first of them.
    pub offset: u32,
    /// Their keys, in their order; 500 at the most are held.
    pub keys: Vec<String>,
}

/// An order of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Sort {
    /// The column's name.
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

/// A query run whose rows are in sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunSpec {
    /// The connection it runs on.
    pub connection: String,
    /// Its number.
    pub run: u32,
    /// Rows to pass over.
    pub offset: u32,
    /// The most rows wanted.
    pub limit: u32,
    /// The column to sort by, `·host` for the host's name; in the order they came when null.
    #[serde(default)]
    pub sort: Option<Sort>,
    /// Words that a row must hold, and comparisons as `resident_size>1000000`.
    #[serde(default)]
    pub filter: String,
}

/// Which series a chart wants, and how wide it is.
///
/// The answer is binary, little endian 64-bit floats: the number of points n, the number of series, n times in
/// milliseconds since 1970, then n values of each series in the order asked. NaN is a gap: no line is drawn over it.
/// Infinity is a time at which this series has no sample and the line goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SeriesSpec {
    /// The series, in the order wanted.
    pub series: Vec<SeriesName>,
    /// How far back, in seconds.
    pub span: u32,
    /// The end of the span; now when null.
    pub until: Option<Millis>,
    /// The most points wanted: about the chart's width in pixels.
    pub points: u32,
    /// Which connections the fleet-wide series count.
    pub scope: Scope,
}

/// What is counted by the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Count {
    /// Locks.
    Locks,
    /// Unlocks.
    Unlocks,
    /// Jobs completed.
    JobsCompleted,
    /// Jobs failed.
    JobsFailed,
}

/// A series by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum SeriesName {
    /// Events a second of one connection.
    Rate {
        /// Its name.
        connection: String,
    },
    /// Events a second of all connections in scope.
    TotalRate,
    /// A numeric field of a device.
    Field {
        /// Its connection.
        connection: String,
        /// Its hardware id.
        device: String,
        /// The field's name.
        field: String,
    },
    /// A number of a job definition's statistics.
    Statistic {
        /// Its connection.
        connection: String,
        /// The definition's id.
        definition: String,
        /// The number's dotted path.
        number: String,
    },
    /// How many jobs of a definition failed in each bin, as they were told one by one.
    Failures {
        /// Its connection.
        connection: String,
        /// The definition's id.
        definition: String,
    },
    /// Locks a minute.
    Locks,
    /// Unlocks a minute.
    Unlocks,
    /// Jobs completed a minute.
    JobsCompleted,
    /// Jobs failed a minute.
    JobsFailed,
    /// Seconds of each minute that were heard, of the connections that tell what is counted: 60 where a count is whole, their
    /// mean where there are several. NaN where that is not known.
    Heard {
        /// What is counted.
        of: Count,
    },
    /// Jobs that run.
    JobsRunning,
    /// Devices online.
    DevicesOnline,
    /// Devices unlocked.
    DevicesUnlocked,
    /// Agents online or busy.
    AgentsOnline,
    /// Hosts online.
    HostsOnline,
    /// Signals a minute.
    Signals,
}
