//! The line of an alert: a rule's own message with its values, or one made from its condition.

use std::fmt::Write as _;

use protocol::Kind;

use super::sentence::words;
use super::{By, Condition, Entity, Rule, State, Trouble, span};
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
    pub of_type: Option<Box<str>>,
    /// Where a signal is.
    pub area: Option<Box<str>>,
    /// A signal's, 1 to 5.
    pub severity: Option<u8>,
    /// Of the event that it was.
    pub kind: Option<Kind>,
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
            let kind = notes.and_then(|notes| notes.kind).or_else(|| event.kinds.first().copied());
            if kind == Some(Kind::SignalReceived)
                && let Some(notes) = notes
            {
                return signal(subject, notes);
            }
            let more = note(|notes| &notes.error).or_else(|| note(|notes| &notes.title));
            with(sentence(kind, event.by, name), more)
        }
        Condition::Threshold(limit) => {
            let side = if limit.below.is_some() { "below" } else { "above" };
            format!("{name}: {} is {value}, {side} {threshold}", limit.field)
        }
        Condition::Absence(absence) => {
            let long = words(absence.after);
            match absence.of {
                Entity::Stream => format!("No events from connection {connection} for {long}"),
                Entity::Device => format!("Device {name} has sent nothing for {long}"),
                Entity::Host => format!("Host {name} has sent nothing for {long}"),
                Entity::Agent => format!("Agent {name} has sent nothing for {long}"),
            }
        }
        Condition::Count(count) => {
            let line = sentence(count.kinds.first().copied(), count.by, name);
            format!("{line} {value} times within {}", words(count.within))
        }
        Condition::State(state) => {
            let mut line = match state.is {
                State::Unlocked => format!("{name} is unlocked"),
                State::LockUnknown => format!("Lock state of {name} is unknown"),
                State::DeviceOffline => format!("Device {name} is offline"),
                State::HostOffline => format!("Host {name} is offline"),
                State::AgentOffline => format!("Agent {name} is offline"),
            };
            if let Some(hours) = state.outside {
                let _ = write!(line, " outside {}", hours.to_string().replace('-', "–"));
            }
            line
        }
        Condition::SlowJob(slow) => {
            let of = note(|notes| &notes.definition).map(|id| format!(" of {id}")).unwrap_or_default();
            format!("Job {name}{of} has run longer than {} × its usual time (p95)", number(slow.times_p95))
        }
        Condition::Connection(trouble) => {
            let cause = note(|notes| &notes.cause);
            match trouble.is {
                Trouble::NotLive => with(format!("Connection {connection} is not live"), cause),
                Trouble::NeedsCredential => with(format!("Connection {connection} needs a credential"), cause),
                Trouble::Refused => with(format!("Connection {connection} was refused"), cause),
                Trouble::Overflow => with(format!("The service of connection {connection} dropped events"), cause),
                Trouble::CredentialEnds => with(format!("The credential of connection {connection} expires"), cause),
            }
        }
        Condition::Issued(_) => match note(|notes| &notes.title).or(note(|notes| &notes.cause)) {
            Some(title) => placed(clip(title, 300), note(|notes| &notes.area)),
            None => placed(&format!("Alert {subject} was issued"), note(|notes| &notes.area)),
        },
    }
}

/// What is said with where it is: "Tsunami: Haifa and Acre".
fn placed(title: &str, area: Option<&str>) -> String {
    match area.filter(|area| !title.contains(area)) {
        Some(area) => format!("{title}: {}", clip(area, 200)),
        None => title.to_owned(),
    }
}

/// A signal in its own words: "Storm: 38.9° N, 25.1° E (stream signals, service severity 4 of 5)". Without a title it is told by
/// its type and its id.
fn signal(subject: &str, notes: &Notes) -> String {
    let line = match (&notes.title, &notes.of_type) {
        (Some(title), _) => clip(title, 300).to_owned(),
        (None, of_type) => {
            let of_type = of_type.as_deref().unwrap_or("signal");
            format!("{} {subject}", capital(&of_type.replace(['_', '-'], " "))).trim_end().to_owned()
        }
    };
    let line = placed(&line, notes.area.as_deref());
    // How bad it is here, the rule says.
    let severity = notes.severity.map(|severity| format!("service severity {severity} of 5"));
    let stream = notes.source.as_ref().map(|stream| format!("stream {stream}"));
    let more: Vec<String> = [stream, severity].into_iter().flatten().collect();
    if more.is_empty() { line } else { format!("{line} ({})", more.join(", ")) }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What an event of a kind says of whom it is about: "Job sync failed".
fn sentence(kind: Option<Kind>, by: By, name: &str) -> String {
    let Some(kind) = kind else { return format!("{name}: an event") };
    if by == By::Connection {
        return format!("{} on {name}", capital(happened(kind)));
    }
    let (noun, verb) = match kind {
        Kind::DeviceTelemetry => ("", "sent telemetry"),
        Kind::DevicePresence => ("", "went online or offline"),
        Kind::DeviceLocked => ("", "was locked"),
        Kind::DeviceUnlocked => ("", "was unlocked"),
        Kind::HostOnline => ("Host", "came online"),
        Kind::HostOffline => ("Host", "went offline"),
        Kind::HostEnrolled => ("Host", "was enrolled"),
        Kind::QueryResult => ("Query", "was answered"),
        Kind::QueryComplete => ("Query", "is complete"),
        Kind::QueryError => ("Query", "failed"),
        Kind::JobScheduled => ("Job", "was scheduled"),
        Kind::JobStarted => ("Job", "started"),
        Kind::JobCompleted => ("Job", "completed"),
        Kind::JobFailed => ("Job", "failed"),
        Kind::ActorCheckpoint => ("Actor", "made a checkpoint"),
        Kind::LiveQueryCreated => ("Live query", "was created"),
        Kind::LiveQueryDestroyed => ("Live query", "was destroyed"),
        Kind::AgentOnline => ("Agent", "came online"),
        Kind::AgentOffline => ("Agent", "went offline"),
        Kind::AgentUpdated => ("Agent", "was updated"),
        Kind::TaskCreated => ("Task", "was created"),
        Kind::TaskUpdated => ("Task", "was updated"),
        kind => return format!("{name}: {}", happened(kind)),
    };
    let line = format!("{noun} {name} {verb}");
    line.trim_start().to_owned()
}

/// What an event of a kind says, in words.
pub(super) fn happened(kind: Kind) -> &'static str {
    match kind {
        Kind::DeviceTelemetry => "telemetry was received",
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
        Kind::JobStatistics => "job statistics were received",
        Kind::ActorCheckpoint => "a checkpoint was made",
        Kind::LiveQueryCreated => "a live query was created",
        Kind::LiveQueryData => "a live query sent data",
        Kind::LiveQueryAdded => "a node was added",
        Kind::LiveQueryUpdated => "a node was updated",
        Kind::LiveQueryRemoved => "a node was removed",
        Kind::LiveQueryDestroyed => "a live query was destroyed",
        Kind::AgentOnline => "agent came online",
        Kind::AgentOffline => "agent went offline",
        Kind::AgentUpdated => "agent was updated",
        Kind::PostCreated => "a post was written",
        Kind::PostUpdated => "a post was edited",
        Kind::TaskCreated => "a task was created",
        Kind::TaskUpdated => "a task was updated",
        Kind::NotificationCreated => "somebody was notified",
        Kind::SignalReceived => "a signal was received",
        Kind::StreamWarning => "the service sent a warning",
        Kind::StreamError => "the service sent an error",
        Kind::StreamUnrecognised => "an unknown message was received",
        Kind::ConnectionStatus => "the connection changed its state",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_told_in_its_own_words() {
        let text = |text: &str| Some(text.into());
        let pulse =
            Notes { of_type: text("threat_pulse"), source: text("cyber"), severity: Some(4), ..Notes::default() };
        assert_eq!(signal("pulse-7", &pulse), "Threat pulse pulse-7 (stream cyber, service severity 4 of 5)");
        let storm = Notes { title: text("Storm"), area: text("38.9° N, 25.1° E"), ..pulse };
        assert_eq!(signal("s", &storm), "Storm: 38.9° N, 25.1° E (stream cyber, service severity 4 of 5)");
        assert_eq!(signal("s", &Notes { title: text("Storm"), ..Notes::default() }), "Storm");
        assert_eq!(signal("", &Notes::default()), "Signal");
    }

    #[test]
    fn what_is_said_names_where_it_is_once() {
        assert_eq!(placed("Tsunami", Some("Haifa and Acre")), "Tsunami: Haifa and Acre");
        assert_eq!(placed("Tsunami in Haifa", Some("Haifa")), "Tsunami in Haifa");
        assert_eq!(placed("Tsunami", None), "Tsunami");
    }

    #[test]
    fn an_event_is_a_sentence_about_its_subject_or_its_connection() {
        assert_eq!(sentence(Some(Kind::JobFailed), By::Definition, "sync"), "Job sync failed");
        assert_eq!(sentence(Some(Kind::JobFailed), By::Connection, "depot"), "A job failed on depot");
        assert_eq!(sentence(Some(Kind::DeviceUnlocked), By::Subject, "VH1"), "VH1 was unlocked");
    }
}
