//! A rule as the editor holds it: the same as [`fleet::rule::Rule`] in shapes that a form can hold.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Millis;
use super::picture::Severity;

/// A rule in the editor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleDraft {
    /// Its name.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it is watched for.
    pub enabled: bool,
    /// Connections that it is about, as globs; all when empty.
    pub connections: Vec<String>,
    /// Tags of connections that it is about; all when empty.
    pub tags: Vec<String>,
    /// Subjects that it is about, as globs; all when empty.
    pub subjects: Vec<String>,
    /// For how long it must hold, in seconds.
    pub hold: u32,
    /// `rule`, `connection` or `subject`.
    #[ts(type = "'rule' | 'connection' | 'subject'")]
    pub group_by: fleet::rule::GroupBy,
    /// The alert's line; made from the condition when null.
    pub message: Option<String>,
    /// Whether it is told natively.
    pub notify: bool,
    /// What it watches for.
    pub when: ConditionDraft,
}

/// A condition in the editor. Times are in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum ConditionDraft {
    /// An event happens.
    Event {
        /// Kinds, as `job.failed`.
        kinds: Vec<String>,
        /// Comparisons, as `source == "rfid"`.
        conditions: Vec<String>,
        /// `subject`, `definition` or `connection`.
        #[ts(type = "'subject' | 'definition' | 'connection'")]
        by: fleet::rule::By,
        /// Kinds that end it.
        until: Vec<String>,
        /// When it ends by itself.
        clear_after: u32,
    },
    /// A number is over or under a value.
    Threshold {
        /// The field.
        field: String,
        /// Fires over this.
        above: Option<f64>,
        /// Fires under this.
        below: Option<f64>,
        /// Ends only at this.
        clear: Option<f64>,
    },
    /// Nothing is heard of something.
    Absence {
        /// From what.
        #[ts(type = "'device' | 'host' | 'agent' | 'stream'")]
        of: fleet::rule::Entity,
        /// For how long.
        after: u32,
    },
    /// Events come too often.
    Count {
        /// Kinds.
        kinds: Vec<String>,
        /// Comparisons.
        conditions: Vec<String>,
        /// How many.
        at_least: u32,
        /// Within how long.
        within: u32,
        /// What is counted as one thing.
        #[ts(type = "'subject' | 'definition' | 'connection'")]
        by: fleet::rule::By,
    },
    /// Something is in a state.
    State {
        /// Which.
        #[ts(type = "'unlocked' | 'lock_unknown' | 'device_offline' | 'host_offline' | 'agent_offline'")]
        is: fleet::rule::State,
        /// Hours in which it is as it should be, as `08:00-18:00`.
        outside: Option<String>,
    },
    /// A job runs longer than it usually does.
    SlowJob {
        /// Times its p95.
        times_p95: f64,
        /// Jobs that must be known before.
        after_jobs: u32,
    },
    /// A connection is in trouble.
    Connection {
        /// Which.
        #[ts(type = "'not_live' | 'needs_credential' | 'refused' | 'overflow' | 'credential_ends'")]
        is: fleet::rule::Trouble,
        /// How long before the end of a credential.
        within: u32,
    },
    /// The service itself issued an alert.
    Issued {
        /// From this severity on, 1 to 5; 0 takes all.
        min_severity: u8,
    },
}

/// What a rule says, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleCheck {
    /// What it does, as a sentence; empty when it cannot be.
    pub sentence: String,
    /// What is wrong, as a sentence.
    pub problem: Option<String>,
}

/// How often a rule would have fired.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleTrial {
    /// How often.
    pub fired: u32,
    /// For how many subjects.
    pub subjects: u32,
    /// The latest of them, 20 at most.
    pub examples: Vec<WouldFire>,
    /// From when on the history was looked at; later than asked where it does not reach so far.
    pub from: Millis,
    /// What could not be looked at, as a sentence.
    pub note: Option<String>,
}

/// A time that a rule would have fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WouldFire {
    /// On which connection.
    pub connection: String,
    /// About what.
    pub subject: String,
    /// When.
    pub at: Millis,
    /// When it would have been over; null when it still would hold.
    pub until: Option<Millis>,
}
