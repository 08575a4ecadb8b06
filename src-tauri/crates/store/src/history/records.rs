//! What is handed to the history, one record for each thing that is kept.

use std::sync::Arc;
use std::time::Duration;

use fleet::alert::{Alert, AlertId, Silence, Transition};
use protocol::{Kind, Timestamp};

/// How much is kept, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Events, gaps.
    pub keep_events: Duration,
    /// Numbers by ten seconds.
    pub keep_fine: Duration,
    /// Numbers by the minute.
    pub keep_coarse: Duration,
    /// Bytes that all of it may take; past that the oldest numbers go first, then the oldest events.
    pub most_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        const DAY: u64 = 24 * 60 * 60;
        Settings {
            keep_events: Duration::from_secs(90 * DAY),
            keep_fine: Duration::from_secs(2 * DAY),
            keep_coarse: Duration::from_secs(30 * DAY),
            most_bytes: 2 << 30,
        }
    }
}

/// One event to keep. Codes and other secrets are masked by whoever makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRecord {
    /// The connection it came over.
    pub connection: Arc<str>,
    /// Its kind.
    pub kind: Kind,
    /// The device, host, job, agent or stream it is about.
    pub subject: String,
    /// The job's definition.
    pub definition: Option<String>,
    /// Its own time, where it has one that is believed.
    pub at: Option<Timestamp>,
    /// When it was heard.
    pub received: Timestamp,
    /// The service's own JSON, masked. Past 256 KiB only its beginning is kept, and that it was cut.
    pub data: String,
    /// The service's own name of it. Two events of a connection with the same one are the same event.
    pub identity: Option<String>,
    /// What tells it apart where the service has no name for it, as `subject|kind|time`. The same holds for it.
    pub tuple: Option<String>,
}

/// Several things that are kept together or not at all.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Events.
    pub events: Vec<EventRecord>,
    /// Alerts as they are at the end.
    pub alerts: Vec<Alert>,
    /// Their changes.
    pub transitions: Vec<Transition>,
    /// The proof of those that fired.
    pub evidence: Vec<(AlertId, Evidence)>,
    /// Silences that began or changed.
    pub silences: Vec<Silence>,
    /// Silences that ended before their time, and when.
    pub ended: Vec<(u64, Timestamp)>,
    /// What the operator did.
    pub audit: Vec<AuditRecord>,
    /// Spans in which nothing could be heard.
    pub gaps: Vec<GapRecord>,
}

/// The proof of an alert: what was known when it fired, kept as long as the alert.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// The field whose numbers these are.
    pub field: Option<String>,
    /// When; milliseconds since 1970.
    pub times: Vec<i64>,
    /// What; as many as there are times. NaN is a gap.
    pub values: Vec<f64>,
    /// What was compared with.
    pub threshold: Option<f64>,
    /// The span that is shown: from.
    pub from: Timestamp,
    /// The span that is shown: to.
    pub to: Timestamp,
    /// The events that made it fire, each as JSON, masked.
    pub events: Vec<String>,
}

/// Something that an operator did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// When.
    pub at: Timestamp,
    /// What, as `alert.acknowledge`, `silence.add`, `rule.change`.
    pub action: String,
    /// To what.
    pub subject: String,
    /// In words; no secrets.
    pub detail: String,
}

/// A span in which a connection could not be heard. One with the same connection and beginning replaces the one before:
/// it is written open when it begins, and again when it ends or is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRecord {
    /// Whose.
    pub connection: Arc<str>,
    /// Since when.
    pub from: Timestamp,
    /// Until when; it lasts while `None`.
    pub to: Option<Timestamp>,
    /// Why, as a sentence.
    pub cause: String,
    /// Whether what was missed was fetched later.
    pub filled: Filled,
}

/// Whether a gap's events are there all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filled {
    /// Not fetched, or not yet.
    No,
    /// A part; what is missing, as a sentence.
    Partly(String),
    /// All that matters.
    Whole,
}

/// The numbers of one entity over ten seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// The connection.
    pub connection: Arc<str>,
    /// The device, host or stream.
    pub subject: Box<str>,
    /// When the ten seconds began; is cut to whole ten seconds.
    pub from: Timestamp,
    /// Each field's name and what it was.
    pub fields: Vec<(Arc<str>, Bucket)>,
}

/// What a number was over a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// The sum of all.
    pub sum: f64,
    /// How many.
    pub count: u32,
}

/// Whether samples were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// They wait to be written.
    Yes,
    /// The disk does not follow; they are dropped and counted.
    Dropped,
}

impl Bucket {
    /// One value.
    pub fn one(value: f64) -> Self {
        Bucket { min: value, max: value, sum: value, count: 1 }
    }

    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.merge(Bucket::one(value));
    }

    /// Adds all values of another.
    pub fn merge(&mut self, other: Bucket) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum += other.sum;
        self.count = self.count.saturating_add(other.count);
    }

    /// The mean of all.
    pub fn mean(self) -> f64 {
        self.sum / f64::from(self.count.max(1))
    }

    /// Whether all of it are numbers that can be drawn.
    pub(super) fn is_finite(self) -> bool {
        self.count > 0 && self.min.is_finite() && self.max.is_finite() && self.sum.is_finite()
    }
}

impl Batch {
    /// How many things.
    pub(super) fn entries(&self) -> usize {
        self.events.len()
            + self.alerts.len()
            + self.transitions.len()
            + self.evidence.len()
            + self.silences.len()
            + self.ended.len()
            + self.audit.len()
            + self.gaps.len()
    }

    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let evidence = |evidence: &Evidence| {
            evidence.times.len() * 16 + evidence.events.iter().map(|event| event.len() + 24).sum::<usize>()
        };
        let text = |event: &EventRecord| {
            let short = |text: &Option<String>| text.as_ref().map_or(0, String::len);
            event.data.len()
                + event.subject.len()
                + short(&event.definition)
                + short(&event.identity)
                + short(&event.tuple)
        };
        self.events.iter().map(text).sum::<usize>()
            + self.evidence.iter().map(|(_, proof)| evidence(proof)).sum::<usize>()
            + self.transitions.iter().map(|transition| transition.cause.len()).sum::<usize>()
            + self.audit.iter().map(|record| record.detail.len() + record.subject.len()).sum::<usize>()
            + self.entries() * 200
    }

    /// Whether somebody waits for it: alerts and locks.
    pub(super) fn is_urgent(&self) -> bool {
        !self.alerts.is_empty()
            || !self.transitions.is_empty()
            || !self.silences.is_empty()
            || !self.ended.is_empty()
            || self.events.iter().any(|event| matches!(event.kind, Kind::DeviceLocked | Kind::DeviceUnlocked))
    }

    /// Whether it is about alerts and what operators do: the last to be given up.
    pub(super) fn is_of_alerts(&self) -> bool {
        self.events.is_empty() && self.entries() > 0
    }
}
