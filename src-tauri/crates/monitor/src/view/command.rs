//! What the page may ask to be done, and what it is answered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// A file could not be written.
    File,
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

/// What a silence covers, as the page holds it. All that are given must match; nothing given is everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MatcherDraft {
    /// Rules, as a glob.
    pub rule: Option<String>,
    /// Connections, as a glob.
    pub connection: Option<String>,
    /// Subjects, as a glob.
    pub subject: Option<String>,
    /// This severity and those below it.
    pub severity: Option<super::picture::Severity>,
}

/// A chart to save.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PictureDraft {
    /// What it shows, in words.
    pub title: String,
    /// The unit of its values.
    pub unit: Option<String>,
    /// Its series.
    pub series: super::SeriesSpec,
    /// Their names, in the same order.
    pub labels: Vec<String>,
    /// Values drawn across, with a name.
    pub thresholds: Vec<ThresholdDraft>,
    /// `svg` or `png`.
    pub format: PictureFormat,
    /// Whether it is dark.
    pub dark: bool,
    /// Whether its times are in UTC.
    pub utc: bool,
}

/// A value drawn across a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThresholdDraft {
    /// The value.
    pub value: f64,
    /// Its name.
    pub label: String,
}

/// How a picture is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum PictureFormat {
    /// Drawn in lines and text.
    Svg,
    /// Drawn in pixels.
    Png,
}

/// How events are written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum EventsFormat {
    /// One JSON object a line.
    Ndjson,
    /// A table.
    Csv,
}

/// What kind of text is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum TextKind {
    /// A table.
    Csv,
    /// JSON.
    Json,
    /// A configuration.
    Toml,
}

/// A file that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// Where.
    pub place: String,
    /// How many rows it has.
    pub rows: u32,
    /// Whether there were more than fit.
    pub more: bool,
}

/// Something that has a name which was sought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Its connection; empty for a rule.
    pub connection: String,
    /// Its id on its connection; a rule's name.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What else tells it apart.
    pub detail: String,
}

/// What can be found by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FoundKind {
    /// An open alert.
    Alert,
    /// A device.
    Device,
    /// A host.
    Host,
    /// An agent.
    Agent,
    /// A job definition.
    Definition,
    /// A job.
    Job,
    /// A live query.
    LiveQuery,
    /// A rule.
    Rule,
}

/// The settings that the backend keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsDraft {
    /// The lowest severity that is told natively.
    pub notify_from: super::picture::Severity,
    /// Whether notifications are to be heard.
    pub sound: bool,
    /// Whether they are shown too while the window is in front.
    pub in_front: bool,
    /// Hours without notifications, as `22:00-07:00`.
    pub quiet_hours: Option<String>,
    /// Whether critical alerts are told in quiet hours too.
    pub critical_in_quiet_hours: bool,
    /// The operator's own command by severity: critical, high, medium, low. A program and its arguments; empty for none.
    pub commands: [Vec<String>; 4],
    /// Days for which events are kept.
    pub keep_days: u32,
    /// The most that the history may take, in MiB.
    pub most_mib: u32,
    /// Whether closing the window leaves the program running in the tray, where there is one.
    pub close_to_tray: bool,
    /// The address of map tiles with `{z}`, `{x}` and `{y}`; null for the bundled outline alone.
    pub tiles: Option<String>,
    /// Whom the tile server wants named on the map.
    pub tiles_attribution: Option<String>,
    /// The folder that files are saved in, as the operator writes it; null for the system's own.
    pub exports_folder: Option<String>,
}

/// How the history is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryState {
    /// Where it is kept; words where it is kept nowhere.
    pub place: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The oldest event.
    pub oldest: Option<super::Millis>,
    /// What is wrong with it and what to do, as a sentence.
    pub problem: Option<String>,
    /// Samples of telemetry that were not recorded, as the disk could not follow.
    pub dropped_samples: u64,
    /// Events that were not recorded.
    pub dropped_events: u64,
}
