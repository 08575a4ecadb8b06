//! The line of an alert: a rule's own message with its values, or one made from its condition.

use std::fmt::Write as _;

use protocol::Kind;

use super::{Condition, Entity, Rule, State, Trouble, span};
use crate::table::clip;

/// What a message may name.
pub(super) const PLACEHOLDERS: [&str; 11] =
    ["subject", "name", "connection", "value", "threshold", "count", "for", "source", "definition", "error", "cause"];

/// How long a line may be, in bytes.
const LINE: usize = 600;

/// The values of a message.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Values<'a> {
    pub subject: &'a str,
    pub connection: &'a str,
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub count: u32,
    pub notes: Option<&'a Notes>,
}

/// What the fact that began a finding said, as far as a message may name it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notes {
    pub name: Option<Box<str>>,
    pub source: Option<Box<str>>,
    pub definition: Option<Box<str>>,
    pub error: Option<Box<str>>,
    pub cause: Option<Box<str>>,
    pub title: Option<Box<str>>,
}

/// The names of a message's placeholders; an opening brace without a closing one is text.
pub(super) fn placeholders(message: &str) -> impl Iterator<Item = &str> {
    message.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

/// The line of a rule's alert.
pub(super) fn line(rule: &Rule, values: &Values<'_>) -> String {
    let mut line = match &rule.message {
        Some(message) => filled(message, rule, values),
        None => made(rule, values),
    };
    line.truncate(line.floor_char_boundary(LINE));
    line
}

fn filled(message: &str, rule: &Rule, values: &Values<'_>) -> String {
    let mut out = String::new();
    let mut parts = message.split('{');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => {
                placeholder(name, rule, values, &mut out);
                out.push_str(rest);
            }
            None => {
                out.push('{');
                out.push_str(part);
            }
        }
    }
    out
}

fn placeholder(name: &str, rule: &Rule, values: &Values<'_>, out: &mut String) {
    let notes = values.notes;
    let note = |pick: fn(&Notes) -> &Option<Box<str>>| notes.and_then(|notes| pick(notes).as_deref());
    let text = match name {
        "subject" => Some(values.subject),
        "name" => note(|notes| &notes.name).or(Some(values.subject)),
        "connection" => Some(values.connection),
        "source" => note(|notes| &notes.source),
        "definition" => note(|notes| &notes.definition),
        "error" => note(|notes| &notes.error),
        "cause" => note(|notes| &notes.cause),
        _ => None,
    };
    match (name, text) {
        (_, Some(text)) => out.push_str(text),
        ("value", _) => out.push_str(&values.value.map(number).unwrap_or_default()),
        ("threshold", _) => out.push_str(&values.threshold.map(number).unwrap_or_default()),
        ("count", _) => {
            let _ = write!(out, "{}", values.count);
        }
        ("for", _) => out.push_str(&span::text(lasting(rule))),
        // What was not told is empty; what is not known stands as it was written.
        (name, None) if PLACEHOLDERS.contains(&name) => {}
        (name, None) => {
            let _ = write!(out, "{{{name}}}");
        }
    }
}

/// The time that a rule's condition speaks of.
fn lasting(rule: &Rule) -> std::time::Duration {
    match &rule.when {
        Condition::Absence(absence) => absence.after + rule.hold,
        Condition::Count(count) => count.within,
        _ => rule.hold,
    }
}

fn made(rule: &Rule, values: &Values<'_>) -> String {
    let Values { subject, connection, value, threshold, notes, .. } = *values;
    let note = |pick: fn(&Notes) -> &Option<Box<str>>| notes.and_then(|notes| pick(notes).as_deref());
    let name = note(|notes| &notes.name).unwrap_or(subject);
    let value = value.map(number).unwrap_or_default();
    let threshold = threshold.map(number).unwrap_or_default();
    let with = |line: String, more: Option<&str>| match more.filter(|more| !more.is_empty()) {
        Some(more) => format!("{line}: {}", clip(more, 300)),
        None => line,
    };
    match &rule.when {
        Condition::Event(event) => {
            if event.kinds == [Kind::SignalReceived]
                && let Some(title) = note(|notes| &notes.title)
            {
                return clip(title, 300).to_owned();
            }
            let what = event.kinds.first().copied().map(happened).unwrap_or("an event");
            let more = note(|notes| &notes.error).or_else(|| note(|notes| &notes.title));
            with(format!("{name}: {what}"), more)
        }
        Condition::Threshold(limit) => {
            let side = if limit.below.is_some() { "under" } else { "over" };
            format!("{name}: {} {value}, {side} {threshold}", limit.field)
        }
        Condition::Absence(absence) => {
            let long = span::text(absence.after);
            match absence.of {
                Entity::Stream => format!("{connection}: nothing came for {long}"),
                _ => format!("{name}: nothing heard for {long}"),
            }
        }
        Condition::Count(count) => {
            let what = count.kinds.first().copied().map(happened).unwrap_or("events");
            format!("{name}: {value} × {what} within {}", span::text(count.within))
        }
        Condition::State(state) => {
            let mut line = match state.is {
                State::Unlocked => format!("{name} is unlocked"),
                State::LockUnknown => format!("{name}: its lock is unknown"),
                State::DeviceOffline | State::HostOffline | State::AgentOffline => format!("{name} is offline"),
            };
            if let Some(hours) = state.outside {
                let _ = write!(line, " outside {}", hours.to_string().replace('-', "–"));
            }
            line
        }
        Condition::SlowJob(slow) => {
            let of = note(|notes| &notes.definition).map(|id| format!(" of {id}")).unwrap_or_default();
            format!("{name}: a job{of} runs longer than {} × its p95", number(slow.times_p95))
        }
        Condition::Connection(trouble) => {
            let cause = note(|notes| &notes.cause);
            match trouble.is {
                Trouble::NotLive => with(format!("{connection} is not live"), cause),
                Trouble::NeedsCredential => with(format!("{connection} needs a credential"), cause),
                Trouble::Refused => with(format!("{connection} was refused"), cause),
                Trouble::Overflow => with(format!("{connection}: the service dropped events"), cause),
                Trouble::CredentialEnds => with(format!("{connection}: its credential ends"), cause),
            }
        }
        Condition::Issued(_) => match note(|notes| &notes.title).or(note(|notes| &notes.cause)) {
            Some(title) => clip(title, 300).to_owned(),
            None => format!("{subject} was issued"),
        },
    }
}

/// What an event of a kind says, in words.
pub(super) fn happened(kind: Kind) -> &'static str {
    match kind {
        Kind::DeviceTelemetry => "telemetry came",
        Kind::DevicePresence => "presence changed",
        Kind::DeviceLocked => "locked",
        Kind::DeviceUnlocked => "unlocked",
        Kind::HostOnline => "host came online",
        Kind::HostOffline => "host went offline",
        Kind::HostEnrolled => "host was enrolled",
        Kind::QueryResult => "a query was answered",
        Kind::QueryComplete => "a query is complete",
        Kind::QueryError => "a query failed",
        Kind::JobScheduled => "a job was scheduled",
        Kind::JobStarted => "a job started",
        Kind::JobCompleted => "a job completed",
        Kind::JobFailed => "a job failed",
        Kind::JobStatistics => "job statistics came",
        Kind::ActorCheckpoint => "a checkpoint was made",
        Kind::LiveQueryCreated => "a live query was created",
        Kind::LiveQueryData => "a live query's data came",
        Kind::LiveQueryAdded => "a node was added",
        Kind::LiveQueryUpdated => "a node was updated",
        Kind::LiveQueryRemoved => "a node was removed",
        Kind::LiveQueryDestroyed => "a live query was destroyed",
        Kind::AgentOnline => "agent came online",
        Kind::AgentOffline => "agent went offline",
        Kind::AgentUpdated => "agent was updated",
        Kind::PostCreated => "a post was written",
        Kind::PostUpdated => "a post was edited",
        Kind::TaskCreated => "a task was made",
        Kind::TaskUpdated => "a task was changed",
        Kind::NotificationCreated => "somebody was notified",
        Kind::SignalReceived => "a signal came",
        Kind::StreamWarning => "the service warned",
        Kind::StreamError => "the service answered with an error",
        Kind::StreamUnrecognised => "an unknown message came",
        Kind::ConnectionStatus => "the connection changed",
    }
}

/// A number with at most three decimals, as `11.2`.
pub(super) fn number(number: f64) -> String {
    if number.abs() >= 1e15 {
        return format!("{number:e}");
    }
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
