//! Alerts: what a rule found, from the moment it may be so until it is over, and what is told of it.

mod book;
mod id;

pub use book::{AlertBook, Counts, LeftOut, Refused};

use std::fmt;
use std::str::FromStr;

use protocol::Timestamp;
use serde::{Deserialize, Serialize};

use crate::rule::Severity;

/// What a detector found about one subject of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule's name.
    pub rule: std::sync::Arc<str>,
    /// The subject: a device, host, job, definition, agent, stream; the connection's name for its own troubles.
    pub subject: Box<str>,
    /// What changed.
    pub change: Change,
    /// When it happened: the event's own time where it has one that is believed, else ours.
    pub at: Timestamp,
    /// The line to show, made from the rule's message.
    pub title: String,
    /// The number that was compared, where there is one.
    pub value: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// The name of the field whose series is the evidence.
    pub field: Option<Box<str>>,
}

/// How a condition changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It holds from here on; it fires if it still holds when the rule's `for` is over. Not told where that is zero.
    Pending,
    /// It has held for long enough, since this time.
    Fires {
        /// Since when it held.
        since: Timestamp,
    },
    /// It fires already, and happened again or has another value.
    Again,
    /// It fires already, and the service says so after a break in which it may have ended.
    Confirmed,
    /// It does not hold any more, pending or firing. The cause is the end of a sentence: "ABC123 was locked".
    Ends {
        /// Why.
        cause: String,
    },
}

/// Names one alert for ever: made from rule, connection, subject and when it began, so that a replay names the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertId(pub u64);

/// How an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// Its condition holds, not yet for as long as its rule wants.
    Pending,
    /// It is so, and nobody has said that they know.
    Firing,
    /// Somebody knows.
    Acknowledged,
    /// A silence covers it.
    Silenced,
    /// Its connection is not live, or has not said since whether it still holds: it was so when last heard.
    Stale,
    /// It is over.
    Resolved,
}

/// One alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Its name.
    pub id: AlertId,
    /// Its rule's name.
    pub rule: std::sync::Arc<str>,
    /// The connection it is on.
    pub connection: std::sync::Arc<str>,
    /// What it is about.
    pub subject: Box<str>,
    /// How bad.
    pub severity: Severity,
    /// Alerts with the same key are listed and announced together.
    pub group: std::sync::Arc<str>,
    /// The line to show.
    pub title: String,
    /// How it is.
    pub state: AlertState,
    /// Since when it is so.
    pub since: Timestamp,
    /// When its condition began to hold.
    pub began: Timestamp,
    /// When it fired.
    pub fired: Option<Timestamp>,
    /// When it was over.
    pub resolved: Option<Timestamp>,
    /// Who knows, until when.
    pub acknowledgement: Option<Acknowledgement>,
    /// The last number that was compared.
    pub value: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// The field whose series is the evidence.
    pub field: Option<Box<str>>,
    /// How often it happened while it fired, 1 at first.
    pub times: u32,
    /// Whether its rule wants it told natively.
    pub notify: bool,
}

/// That somebody knows of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// When they said so.
    pub at: Timestamp,
    /// Until when it counts; until it is resolved when `None`.
    pub until: Option<Timestamp>,
    /// What they noted.
    pub note: String,
}

/// A change of an alert's state, for the record. `(alert, at, to)` is unique, also when it is made again from a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// Which alert.
    pub alert: AlertId,
    /// When.
    pub at: Timestamp,
    /// From which state; `None` for the first.
    pub from: Option<AlertState>,
    /// To which state.
    pub to: AlertState,
    /// Why, as a sentence: "The battery is at 11.2 V, under 11.5 V.", "Acknowledged until resolved: calling the driver."
    pub cause: String,
}

/// Alerts that are not to be told: all that match, until a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Its number, unique for ever.
    pub id: u64,
    /// What it covers. All that are given must match, as globs; an empty matcher covers everything, which is what *mute all* is.
    pub matcher: Matcher,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What was noted.
    pub note: String,
}

impl Silence {
    /// Whether it covers everything.
    pub fn is_mute(&self) -> bool {
        self.matcher == Matcher::default()
    }
}

/// What a silence covers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matcher {
    /// Rules, as a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Connections, as a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// Subjects, as a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// This severity and those below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
}

/// What is to be told natively.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Announcement {
    /// An alert fires.
    Fires(AlertId),
    /// One that was told changed: it replaces what is shown.
    Changed(AlertId),
    /// One that was told is over, acknowledged or silenced: what is shown is withdrawn.
    Withdraw(AlertId),
    /// Several at once, in one line.
    Digest {
        /// Why now.
        occasion: Occasion,
        /// Which; the worst first.
        alerts: Vec<AlertId>,
        /// Of these, how many are over already (only [`Occasion::Away`]).
        resolved: u32,
    },
    /// All connections were lost at once: it is this computer's network.
    NetworkLost {
        /// Since when.
        since: Timestamp,
        /// How many connections.
        connections: u32,
    },
    /// The network is back.
    NetworkBack,
}

/// Why several alerts are told at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// They began while the program was not running, or the computer slept.
    Away,
    /// A mute of everything ended and they still fire.
    MuteEnded,
    /// A silence ended and they still fire.
    SilenceEnded,
    /// Quiet hours ended and they still fire.
    QuietEnded,
}

impl fmt::Display for AlertId {
    /// Sixteen hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for AlertId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(AlertId)
    }
}
