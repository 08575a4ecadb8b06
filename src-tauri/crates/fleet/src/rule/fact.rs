//! One thing that a rule may be about: an event of a stream, or a row of the history, in the same shape.

use std::borrow::Cow;
use std::fmt;

use protocol::event::{AlertChange, QueryAnswer};
use protocol::{EventBody, Field, Kind, StreamEvent, Timestamp};

use super::{Comparison, Glob, Operand, Operator};
use crate::applied::{Applied, believed};
use crate::locks::LockState;

/// An event as rules see it. Its `Debug` does not show the data, as that may hold a lock's code.
#[derive(Clone)]
pub struct Fact<'a> {
    /// What kind of event.
    pub kind: Kind,
    /// What it is about.
    pub subject: &'a str,
    /// When it happened, by the service's clock.
    pub at: Option<Timestamp>,
    /// When it came, by our clock.
    pub received: Timestamp,
    /// What it did to the picture.
    pub applied: Applied,
    /// The JSON text of its data. Of lock events the codes in it are never compared and never shown.
    pub data: &'a str,
    /// Its numbers and fields.
    pub values: Values<'a>,
    /// The job's definition.
    pub definition: Option<&'a str>,
    /// How a lock was moved, the stream of a signal, the code of a warning.
    pub source: Option<&'a str>,
    /// What the service says of a failure.
    pub error: Option<&'a str>,
    /// The title of a signal, a post, a task or a notification.
    pub title: Option<&'a str>,
    /// The name of an agent or a host.
    pub name: Option<&'a str>,
    /// The type of a signal, a post, a notification or an actor.
    pub of_type: Option<&'a str>,
    /// The whole of a signal, for where it is.
    signal: Option<&'a protocol::event::Signal<'a>>,
    /// A signal's severity, 1 to 5.
    pub severity: Option<u8>,
    /// Whether it issues or clears an alert of the service.
    pub alert: Option<AlertChange>,
    /// How long a job ran, in milliseconds.
    pub elapsed_ms: Option<f64>,
    /// How many events the service dropped.
    pub dropped: Option<u64>,
    /// It comes from the history: what is not typed is in the data.
    stored: bool,
}

/// The named values of a fact.
#[derive(Debug, Clone)]
pub enum Values<'a> {
    /// None besides the data.
    None,
    /// Fields of a device.
    Fields(&'a [Field<'a>]),
    /// Numbers of an actor's checkpoint or a definition's statistics, by dotted path.
    Numbers(Cow<'a, [(String, f64)]>),
}

impl<'a> Fact<'a> {
    /// The fact of an event, after the picture took it.
    #[inline]
    pub fn of(event: &'a StreamEvent<'_>, applied: Applied, received: Timestamp) -> Self {
        let bare = Fact {
            kind: event.kind(),
            subject: event.subject(),
            at: event.at,
            received,
            applied,
            data: event.data,
            values: Values::None,
            definition: None,
            source: None,
            error: None,
            title: None,
            name: None,
            of_type: None,
            signal: None,
            severity: None,
            alert: None,
            elapsed_ms: None,
            dropped: None,
            stored: false,
        };
        match &event.body {
            EventBody::Telemetry(told) => Fact { values: Values::Fields(told.fields), ..bare },
            EventBody::Presence(told) => Fact { values: Values::Fields(told.fields), ..bare },
            _ => bare.told(&event.body),
        }
    }

    fn told(self, body: &'a EventBody<'_>) -> Self {
        match body {
            EventBody::Lock(told) => Fact { source: told.source.as_deref(), ..self },
            EventBody::Host(told) => Fact { name: told.hostname.as_deref(), ..self },
            EventBody::Query(told) => match &told.answer {
                QueryAnswer::Result { hostname, error, .. } => {
                    Fact { name: hostname.as_deref(), error: error.as_deref(), ..self }
                }
                QueryAnswer::Complete { .. } => self,
                QueryAnswer::Error { message } => Fact { error: Some(message), ..self },
            },
            EventBody::Job(told) => Fact {
                definition: told.definition.as_deref(),
                error: told.error.as_deref(),
                elapsed_ms: told.elapsed_ms,
                ..self
            },
            EventBody::JobStatistics(told) => Fact {
                definition: Some(&told.definition),
                values: Values::Numbers(Cow::Borrowed(told.numbers)),
                ..self
            },
            EventBody::Checkpoint(told) => {
                Fact { of_type: Some(&told.actor_type), values: Values::Numbers(Cow::Borrowed(told.numbers)), ..self }
            }
            EventBody::Agent(told) => Fact { name: told.name.as_deref(), ..self },
            EventBody::Post(told) => Fact { title: told.title.as_deref(), of_type: told.post_type.as_deref(), ..self },
            EventBody::Task(told) => Fact { title: told.title.as_deref(), ..self },
            EventBody::Notification(told) => {
                Fact { title: told.title.as_deref(), of_type: told.notification_type.as_deref(), ..self }
            }
            EventBody::Signal(told) => Fact {
                source: Some(&told.stream),
                title: told.title.as_deref().or(told.description.as_deref()),
                of_type: Some(&told.signal_type),
                signal: Some(told),
                severity: told.severity,
                alert: told.alert,
                ..self
            },
            EventBody::Warning(told) | EventBody::Error(told) => {
                Fact { source: told.code.as_deref(), error: Some(&told.message), dropped: told.dropped, ..self }
            }
            EventBody::Telemetry(_) | EventBody::Presence(_) | EventBody::LiveQuery(_) | EventBody::Unrecognised(_) => {
                self
            }
        }
    }

    /// The fact of a row of the history. What it did is derived from its kind, and what the row does not keep by itself
    /// is read from its data when a rule asks for it.
    pub fn stored(
        kind: Kind,
        subject: &'a str,
        definition: Option<&'a str>,
        at: Option<Timestamp>,
        received: Timestamp,
        data: &'a str,
    ) -> Self {
        let tree = || serde_json::from_str::<serde_json::Value>(data).unwrap_or_default();
        let lock = |to| Applied::LockChanged { from: LockState::Unknown, to, by_event: true };
        let mut fact = Fact {
            kind,
            subject,
            at,
            received,
            applied: Applied::Taken,
            data,
            values: Values::None,
            definition,
            source: None,
            error: None,
            title: None,
            name: None,
            of_type: None,
            signal: None,
            severity: None,
            alert: None,
            elapsed_ms: None,
            dropped: None,
            stored: true,
        };
        match kind {
            Kind::DeviceLocked => fact.applied = lock(LockState::Locked),
            Kind::DeviceUnlocked => fact.applied = lock(LockState::Unlocked),
            Kind::DevicePresence => {
                if let Some(online) = at_path(&tree(), "is_online").and_then(serde_json::Value::as_bool) {
                    fact.applied = Applied::PresenceChanged { online };
                }
            }
            Kind::HostOnline | Kind::AgentOnline => fact.applied = Applied::PresenceChanged { online: true },
            Kind::HostOffline | Kind::AgentOffline => fact.applied = Applied::PresenceChanged { online: false },
            Kind::JobCompleted | Kind::JobFailed => {
                fact.applied = if kind == Kind::JobFailed { Applied::JobFailed } else { Applied::JobCompleted };
                fact.elapsed_ms = at_path(&tree(), "elapsedMs").and_then(serde_json::Value::as_f64);
            }
            Kind::JobStatistics | Kind::ActorCheckpoint => fact.values = Values::Numbers(numbers(&tree()).into()),
            Kind::SignalReceived => {
                let tree = tree();
                fact.severity = at_path(&tree, "severity").and_then(severity);
                fact.alert = match at_path(&tree, "type").and_then(serde_json::Value::as_str) {
                    Some("alert_issued") => Some(AlertChange::Issued),
                    Some("alert_cleared") => Some(AlertChange::Cleared),
                    _ => None,
                };
                match fact.alert {
                    Some(AlertChange::Issued) => fact.applied = Applied::AlertIssued,
                    Some(AlertChange::Cleared) => fact.applied = Applied::AlertCleared,
                    None => {}
                }
            }
            Kind::StreamWarning => fact.dropped = at_path(&tree(), "dropped").and_then(serde_json::Value::as_u64),
            _ => {}
        }
        fact
    }

    /// The fact of one number of the history's series: a device's field, or a number of an actor or a definition by kind.
    pub fn sample(kind: Kind, subject: &'a str, field: &str, at: Timestamp, value: f64) -> Self {
        let values = Values::Numbers(Cow::Owned(vec![(field.to_owned(), value)]));
        Fact { values, ..Fact::stored(Kind::DeviceTelemetry, subject, None, Some(at), at, "") }.of_kind(kind)
    }

    fn of_kind(self, kind: Kind) -> Self {
        Fact { kind, ..self }
    }

    /// When it happened: the service's time where it is believed, else ours.
    #[inline]
    pub fn time(&self) -> Timestamp {
        believed(self.at.unwrap_or(self.received), self.received)
    }

    /// A text by its name, typed or from the data.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        let typed = match name {
            "definition" => self.definition,
            "source" => self.source,
            "error" => self.error,
            "title" => self.title,
            "name" => self.name,
            "type" => self.of_type,
            _ => None,
        };
        if typed.is_some() || !self.stored {
            return typed.map(Cow::Borrowed);
        }
        if (name, self.kind) == ("title", Kind::SignalReceived) {
            // As of one that is live: not every stream calls it a title.
            return protocol::hydra::title(self.data).map(Cow::Owned);
        }
        let name = match (name, self.kind) {
            ("name", Kind::HostOnline | Kind::HostOffline | Kind::HostEnrolled) => "hostname",
            ("source", Kind::SignalReceived) => "stream",
            (name, _) => name,
        };
        match self.json(name)? {
            serde_json::Value::String(text) => Some(Cow::Owned(text)),
            _ => None,
        }
    }

    /// Where a signal is, in words.
    pub(super) fn area(&self) -> Option<String> {
        if self.stored {
            return (self.kind == Kind::SignalReceived).then(|| protocol::hydra::area_of(self.data)).flatten();
        }
        let signal = self.signal?;
        protocol::hydra::area(signal.cities.iter().map(|city| city.as_str()), 0, signal.place)
    }

    /// Whether a comparison holds of it. What is not there satisfies none but `!=`.
    pub(super) fn satisfies(&self, comparison: &Comparison) -> bool {
        let found = self.found(&comparison.field);
        let Some(found) = found else { return comparison.operator == Operator::NotEqual };
        match (&found, &comparison.value) {
            (Found::Number(found), Operand::Number(value)) => match comparison.operator {
                Operator::Equal => found == value,
                Operator::NotEqual => found != value,
                Operator::Less => found < value,
                Operator::LessOrEqual => found <= value,
                Operator::Greater => found > value,
                Operator::GreaterOrEqual => found >= value,
                Operator::Matches => false,
            },
            (Found::Text(found), Operand::Text(value)) => match comparison.operator {
                Operator::Equal => found == value,
                Operator::NotEqual => found != value,
                Operator::Matches => Glob::new(value).is_ok_and(|glob| glob.covers(found)),
                _ => false,
            },
            (Found::Bool(found), Operand::Bool(value)) => match comparison.operator {
                Operator::Equal => found == value,
                Operator::NotEqual => found != value,
                _ => false,
            },
            _ => comparison.operator == Operator::NotEqual,
        }
    }

    fn found(&self, field: &str) -> Option<Found<'_>> {
        match field {
            "severity" if self.severity.is_some() => return self.severity.map(|n| Found::Number(f64::from(n))),
            "alert" if self.kind == Kind::SignalReceived => {
                return self.alert.map(|change| {
                    Found::Text(Cow::Borrowed(match change {
                        AlertChange::Issued => "issued",
                        AlertChange::Cleared => "cleared",
                    }))
                });
            }
            "subject" => return Some(Found::Text(Cow::Borrowed(self.subject))),
            "definition" | "source" | "error" | "title" | "name" | "type" => {
                if let Some(text) = self.text(field) {
                    return Some(Found::Text(text));
                }
            }
            _ => {}
        }
        match &self.values {
            Values::None => {}
            Values::Fields(fields) => {
                if let Some(found) = fields.iter().find(|known| known.name.as_str() == field) {
                    return match &found.value {
                        protocol::Value::Number(number) => Some(Found::Number(*number)),
                        protocol::Value::Bool(truth) => Some(Found::Bool(*truth)),
                        protocol::Value::Text(text) => Some(Found::Text(Cow::Borrowed(text))),
                        protocol::Value::Null | protocol::Value::Json(_) => None,
                    };
                }
            }
            Values::Numbers(numbers) => {
                if let Some((_, number)) = numbers.iter().find(|(name, _)| name == field) {
                    return Some(Found::Number(*number));
                }
            }
        }
        match self.json(field)? {
            serde_json::Value::Number(number) => number.as_f64().map(Found::Number),
            serde_json::Value::Bool(truth) => Some(Found::Bool(truth)),
            serde_json::Value::String(text) => Some(Found::Text(Cow::Owned(text))),
            _ => None,
        }
    }

    fn json(&self, path: &str) -> Option<serde_json::Value> {
        // A rule must not be a way to ask for somebody's code.
        let secret = matches!(self.kind, Kind::DeviceLocked | Kind::DeviceUnlocked | Kind::StreamUnrecognised);
        let last = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
        if self.data.is_empty() || (secret && (last.ends_with("code") || last == "pin")) {
            return None;
        }
        let tree: serde_json::Value = serde_json::from_str(self.data).ok()?;
        at_path(&tree, path).filter(|found| !(secret && found.is_object())).cloned()
    }
}

impl fmt::Debug for Fact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fact { kind, subject, at, received, applied, .. } = self;
        f.debug_struct("Fact")
            .field("kind", kind)
            .field("subject", subject)
            .field("at", at)
            .field("received", received)
            .field("applied", applied)
            .finish_non_exhaustive()
    }
}

enum Found<'f> {
    Number(f64),
    Bool(bool),
    Text(Cow<'f, str>),
}

/// What stands at a dotted path, of the whole or of what an envelope wraps.
fn at_path<'t>(tree: &'t serde_json::Value, path: &str) -> Option<&'t serde_json::Value> {
    let walk = |from: &'t serde_json::Value| path.split('.').try_fold(from, |node, key| node.get(key));
    walk(tree).or_else(|| ["data", "payload"].into_iter().find_map(|envelope| walk(tree.get(envelope)?)))
}

/// A severity as a number from 1 to 5 or its word.
fn severity(value: &serde_json::Value) -> Option<u8> {
    match value {
        serde_json::Value::String(text) => protocol::hydra::severity(text),
        other => protocol::hydra::severity(&other.to_string()),
    }
}

/// Every number of a tree by its dotted path, at most as many as an entity keeps.
fn numbers(tree: &serde_json::Value) -> Vec<(String, f64)> {
    fn walk(node: &serde_json::Value, path: &str, depth: usize, out: &mut Vec<(String, f64)>) {
        if out.len() >= 256 || depth > 8 {
            return;
        }
        match node {
            serde_json::Value::Number(number) => out.extend(number.as_f64().map(|number| (path.to_owned(), number))),
            serde_json::Value::Object(object) => {
                for (key, value) in object {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    walk(value, &path, depth + 1, out);
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    walk(tree, "", 0, &mut out);
    out
}
