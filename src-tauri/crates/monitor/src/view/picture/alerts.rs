//! Alerts: the list, an alert's page, the rules, and what is muted.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Rows, Severity, Target};
use crate::view::Millis;
use crate::view::RuleDraft;

/// How an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// It may be so; its rule waits a while yet.
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

/// An alert in the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertRow {
    /// Its id, 16 hexadecimal digits.
    pub key: String,
    /// Its rule.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// How it is. One that only a mute of everything keeps from being told fires.
    pub state: AlertState,
    /// Whether it is such a one.
    pub muted: bool,
    /// Since when it is so.
    pub since: Millis,
    /// The connection it is on.
    pub connection: String,
    /// What it is about.
    pub subject: String,
    /// What is wrong, in one line.
    pub title: String,
    /// When its condition began to hold.
    pub began: Millis,
    /// When it fired.
    pub fired: Option<Millis>,
    /// When it was over.
    pub resolved: Option<Millis>,
    /// Who knows.
    pub acknowledged: Option<AcknowledgedRow>,
    /// Until when a silence covers it, other than a mute of everything.
    pub silenced_until: Option<Millis>,
    /// Until when a mute of everything covers it.
    pub muted_until: Option<Millis>,
    /// The last number that was compared.
    pub value: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// How often it happened while it fired.
    pub times: u32,
    /// The key of its group.
    pub group: String,
}

/// That somebody knows of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AcknowledgedRow {
    /// When they said so.
    pub at: Millis,
    /// Until when it counts; until it is resolved when null.
    pub until: Option<Millis>,
    /// What they noted.
    pub note: String,
}

/// Alerts that are listed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertGroup {
    /// Its key, as in the rows.
    pub key: String,
    /// The rule's name, with the connection where that parts the groups.
    pub title: String,
    /// The worst in it.
    pub severity: Severity,
    /// How many match the filter.
    pub total: u32,
    /// Of those, how many fire, or would were not everything muted.
    pub firing: u32,
    /// Of those that fire, how many only a mute of everything keeps from being told.
    pub muted: u32,
    /// How many are in each state: pending, firing, acknowledged, silenced, stale, resolved.
    pub states: [u32; 6],
    /// When the latest of them began.
    pub latest: Millis,
    /// The ids of those that are open, 5,000 at most: for acknowledging all of them.
    pub open: Vec<String>,
}

/// How many alerts there are in scope, whatever the filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertCounts {
    /// By state: pending, firing, acknowledged, silenced, stale, resolved. One that is acknowledged or silenced counts
    /// as such also where it is shown as another, so that their sum may be more than there are.
    pub states: [u32; 6],
    /// Those that are so and not over, by severity: critical, high, medium, low.
    pub severities: [u32; 4],
    /// Of those that fire, how many only a mute of everything keeps from being told.
    pub muted: u32,
    /// Alerts that are not listed, as there are too many.
    pub not_listed: u32,
}

/// A silence that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SilenceRow {
    /// Its number.
    pub id: u64,
    /// What it covers, as words: "everything", "rule Battery low on locks-*".
    pub covers: String,
    /// Whether it covers everything.
    pub everything: bool,
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// What was noted.
    pub note: String,
    /// How many open alerts it covers now.
    pub alerts: u32,
}

/// The alerts screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlertsPicture {
    /// The rows in sight. Grouped: in the order of `groups`, only rows of groups that are unfolded.
    pub alerts: Rows<AlertRow>,
    /// The groups, the worst first; empty when not grouped.
    pub groups: Vec<AlertGroup>,
    /// How many there are.
    pub counts: AlertCounts,
    /// The silences in force.
    pub silences: Vec<SilenceRow>,
    /// The names of the rules that have alerts, for the filter.
    pub rules: Vec<String>,
    /// What could not be read, as a sentence.
    pub problem: Option<String>,
}

/// An alert's page.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertPage {
    /// Its row.
    pub alert: AlertRow,
    /// Its story, the oldest first.
    pub timeline: Vec<TransitionRow>,
    /// The metric at the moment it fired; null where it is about no number.
    pub evidence: Option<EvidenceRow>,
    /// The raw events at the moment it fired, the newest first.
    pub events: Vec<RawEvent>,
    /// Its rule; null when it was removed.
    pub rule: Option<RuleRow>,
    /// Where what it is about is shown.
    pub target: Option<Target>,
    /// Why parts of this page are missing, as a sentence: the history cannot be read.
    pub problem: Option<String>,
}

/// A step of an alert's story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransitionRow {
    /// When.
    pub at: Millis,
    /// From which state; null for the first.
    pub from: Option<AlertState>,
    /// To which state.
    pub to: AlertState,
    /// Why, as a sentence.
    pub cause: String,
}

/// A metric as it was when an alert fired.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceRow {
    /// The field's name.
    pub field: String,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// When it fired.
    pub fired: Millis,
    /// The times of the samples.
    pub times: Vec<Millis>,
    /// Their values; null is a gap.
    pub values: Vec<Option<f64>>,
}

/// An event with its whole JSON text, codes masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RawEvent {
    /// Its kind.
    pub kind: String,
    /// When it happened, or came.
    pub at: Millis,
    /// What it is about.
    pub subject: String,
    /// Its data.
    pub json: String,
}

/// A rule in the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleRow {
    /// Its name.
    pub key: String,
    /// What it does, as a sentence.
    pub sentence: String,
    /// The rule itself.
    pub rule: RuleDraft,
    /// Whether it comes with the program.
    pub built_in: bool,
    /// Whether the configuration has it; a built-in one that was changed can be reset.
    pub configured: bool,
    /// Its alerts that are open.
    pub open: u32,
}

/// The rules screen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RulesPage {
    /// The rules: those that were configured first, then the built-in ones.
    pub rules: Vec<RuleRow>,
}

/// What is known of the time while the program was not running: nothing was watched then.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Away {
    /// From when.
    pub since: Millis,
    /// Until when.
    pub until: Millis,
    /// Alerts that were found to have begun meanwhile, the worst first; 20 at most.
    pub alerts: Vec<AlertRow>,
    /// How many began meanwhile.
    pub began: u32,
    /// Of those, how many are over.
    pub resolved: u32,
    /// Connections whose services told afterwards all that happened meanwhile.
    pub told: Vec<String>,
    /// Connections that were not heard since: what happened there meanwhile is not known.
    pub unheard: Vec<String>,
    /// What of it could not be had of the others, as sentences.
    pub gaps: Vec<String>,
}
