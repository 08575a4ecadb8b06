//! What a shift report tells, as plain data. Times are in milliseconds since 1970 (UTC).

use jiff::tz::TimeZone;

use crate::picture::Picture;

/// Rows of one table that are written; the page says how many are not.
pub const MOST_ROWS: usize = 5_000;
/// Charts that are drawn; the page says how many are not.
pub const MOST_CHARTS: usize = 48;

/// A shift report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The report's name, on top and in the window's bar.
    pub title: String,
    /// The start of the span.
    pub from: i64,
    /// The end of the span.
    pub to: i64,
    /// When it was made.
    pub made_at: i64,
    /// The zone that times are told in; a change of its offset within the span is told.
    pub zone: TimeZone,
    /// Signalbox's own version.
    pub version: String,
    /// The figures on top.
    pub summary: Vec<Figure>,
    /// Alerts of the span.
    pub alerts: Vec<AlertLine>,
    /// Locks and unlocks.
    pub locks: Vec<LockLine>,
    /// Each job definition's results.
    pub jobs: Vec<JobLine>,
    /// Connection gaps.
    pub gaps: Vec<GapLine>,
    /// Charts; whatever theme and size they have, they are drawn to fit the page.
    pub charts: Vec<Picture>,
    /// What was left out and why: `showing 500 of 12,400 lock events`.
    pub notes: Vec<String>,
}

impl Default for Report {
    /// An empty one of no time at all, in UTC.
    fn default() -> Self {
        Report {
            title: String::new(),
            from: 0,
            to: 0,
            made_at: 0,
            zone: TimeZone::UTC,
            version: String::new(),
            summary: Vec::new(),
            alerts: Vec::new(),
            locks: Vec::new(),
            jobs: Vec::new(),
            gaps: Vec::new(),
            charts: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// A figure of the summary.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// The figure, as it is printed.
    pub value: String,
    /// A few words below; may be empty.
    pub note: String,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlertLine {
    /// `critical`, `high`, `medium` or `low`; another word is printed with a neutral sign.
    pub severity: String,
    /// What it says.
    pub title: String,
    /// What it is about.
    pub subject: String,
    /// Where that came from.
    pub connection: String,
    /// When it began to fire.
    pub began: i64,
    /// When it was acknowledged, and the note; the note may be empty.
    pub acknowledged: Option<(i64, String)>,
    /// When it was resolved.
    pub resolved: Option<i64>,
    /// `pending`, `firing`, `acknowledged`, `silenced`, `stale` or `resolved`; another word is printed with a neutral sign.
    pub state: String,
}

/// A lock that was locked or unlocked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LockLine {
    /// When.
    pub at: i64,
    /// Which device.
    pub device: String,
    /// Of which connection.
    pub connection: String,
    /// Whether it was locked, or unlocked.
    pub locked: bool,
    /// By what: `rfid`, `keypad`, `key`, `remote`; never a code.
    pub source: String,
}

/// What became of the jobs of one definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JobLine {
    /// The definition's name.
    pub definition: String,
    /// How many were completed.
    pub completed: u64,
    /// How many failed.
    pub failed: u64,
    /// The median time, in milliseconds.
    pub p50_ms: Option<f64>,
    /// What 95 of 100 were faster than, in milliseconds.
    pub p95_ms: Option<f64>,
    /// The last failure's words.
    pub last_error: Option<String>,
}

/// A span in which a connection was not live.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GapLine {
    /// Which connection.
    pub connection: String,
    /// When it was lost.
    pub from: i64,
    /// When it was live again; `None` while it is not.
    pub to: Option<i64>,
    /// Why it was lost.
    pub cause: String,
    /// Whether what was missed could be fetched afterwards.
    pub filled: bool,
}
