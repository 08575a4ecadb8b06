//! Rules: what is to be told to an operator, as they write it (`[[rule]]`), and as it is watched for.

mod check;
mod comparison;
mod defaults;
mod detector;
mod dry_run;
mod fact;
mod glob;
mod hours;
mod message;
mod sentence;
pub mod span;

pub use check::problems;
pub use comparison::{Comparison, Operand, Operator};
pub use defaults::{defaults, in_effect};
pub use detector::{Detector, Doubted, Standing};
pub use dry_run::{Past, WouldFire, dry_run};
pub use fact::{Fact, Values};
pub use glob::Glob;
pub use hours::Hours;

use std::time::Duration;

use protocol::{Kind, Protocol};
use serde::{Deserialize, Serialize};

/// How bad something is. Ordered: `Critical` is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Know of it.
    Low,
    /// Look at it.
    Medium,
    /// Act soon.
    High,
    /// Act at once.
    Critical,
}

/// One rule: one `[[rule]]` of the configuration, or one that is built in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, unique; a rule of the configuration replaces the built-in one of the same name.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it is watched for.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
    /// Connections that it is about, as globs; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<String>,
    /// Tags of connections that it is about; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Subjects that it is about, as globs: ids of devices, hosts, agents, definitions, streams; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// For how long the condition must hold before the alert fires.
    #[serde(default, rename = "for", with = "span", skip_serializing_if = "Duration::is_zero")]
    pub hold: Duration,
    /// What its alerts are listed and announced together by.
    #[serde(default, skip_serializing_if = "is_default")]
    pub group_by: GroupBy,
    /// The alert's line, with `{subject}`, `{name}`, `{connection}`, `{value}`, `{threshold}`, `{count}`, `{for}`, `{source}`,
    /// `{definition}`, `{error}`, `{cause}`; made from the condition when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether it is told natively; it is always listed.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub notify: bool,
    /// What it watches for.
    pub when: Condition,
}

/// What the scope of rules asks of a connection.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its tags.
    pub tags: &'a [String],
    /// What it speaks.
    pub protocol: Protocol,
}

/// What alerts are grouped by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// The rule.
    #[default]
    Rule,
    /// The rule and the connection.
    Connection,
    /// The rule, the connection and the subject: each alert by itself.
    Subject,
}

/// What a rule watches for: `when = { threshold = { field = "battery_voltage", below = 11.5, clear = 11.8 } }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// An event happens.
    Event(EventCondition),
    /// A number is over or under a value.
    Threshold(Threshold),
    /// Nothing is heard of something.
    Absence(Absence),
    /// Events come too often.
    Count(Count),
    /// Something is in a state.
    State(StateCondition),
    /// A job runs longer than it usually does.
    SlowJob(SlowJob),
    /// A connection is in trouble.
    Connection(ConnectionCondition),
    /// The service itself issued an alert that is not cleared (hydra).
    Issued(Issued),
}

/// An event of one of some kinds. It ends with an event of `until` about the same subject, or after `clear_after`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventCondition {
    /// Kinds, as `job.failed`.
    pub kinds: Vec<Kind>,
    /// Comparisons that must all hold of the event's data, as `source == "rfid"` or `severity >= 4`.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Comparison>,
    /// What is counted as one thing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub by: By,
    /// Kinds that end it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub until: Vec<Kind>,
    /// How long after the last such event it ends by itself.
    #[serde(default = "quarter", with = "span")]
    pub clear_after: Duration,
}

/// A number over or under a value, with its own value for the end (hysteresis).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// A field of a device's telemetry, or a number of an actor's checkpoint or a definition's statistics.
    pub field: String,
    /// Fires over this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// Fires under this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// Ends only at this value or beyond; at `above` or `below` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clear: Option<f64>,
}

/// Nothing from something that was heard before, while its connection is live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// From what.
    pub of: Entity,
    /// For how long.
    #[serde(with = "span")]
    pub after: Duration,
}

/// At least so many events within a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Comparisons that must all hold.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Comparison>,
    /// How many.
    pub at_least: u32,
    /// Within how long.
    #[serde(with = "span")]
    pub within: Duration,
    /// What is counted as one thing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub by: By,
}

/// What events are told apart by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The event's own subject.
    #[default]
    Subject,
    /// The job's definition.
    Definition,
    /// The connection as a whole.
    Connection,
}

/// A state that something is in. How long it must last is the rule's `for`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateCondition {
    /// Which.
    pub is: State,
    /// Hours of the day, local time, in which it is as it should be: `"08:00-18:00"`. Outside of them it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Hours>,
}

/// A state of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A device is unlocked.
    Unlocked,
    /// A device's lock is unknown after it was known.
    LockUnknown,
    /// A device is offline.
    DeviceOffline,
    /// A host is offline.
    HostOffline,
    /// An agent is offline.
    AgentOffline,
}

/// A job that runs longer than so many times the 95th percentile of its definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlowJob {
    /// Times its p95.
    pub times_p95: f64,
    /// How many finished jobs of the definition must be known before its p95 counts.
    #[serde(default = "twenty")]
    pub after_jobs: u32,
}

/// A connection's trouble. How long it must last is the rule's `for`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionCondition {
    /// Which.
    pub is: Trouble,
    /// How long before the end of a credential it is told (`credential_ends`).
    #[serde(default = "day", with = "span")]
    pub within: Duration,
}

/// What may be wrong with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It is enabled and not live.
    NotLive,
    /// It needs a credential.
    NeedsCredential,
    /// It was refused for good.
    Refused,
    /// The service says that it dropped something.
    Overflow,
    /// Its credential ends soon.
    CredentialEnds,
}

/// An alert of the service that is issued and not cleared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// From this severity on, 1 to 5; 0 takes those without one too.
    #[serde(default)]
    pub min_severity: u8,
}

/// What may be heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// A device.
    Device,
    /// A host.
    Host,
    /// An agent.
    Agent,
    /// The connection's whole stream.
    Stream,
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
const fn is_yes(value: &bool) -> bool {
    *value
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

const fn quarter() -> Duration {
    Duration::from_secs(15 * 60)
}

const fn day() -> Duration {
    Duration::from_secs(24 * 60 * 60)
}

const fn twenty() -> u32 {
    20
}
