//! The proof of an alert, taken at the moment it fires: the numbers of the last hour and the latest events of its subject.

use fleet::ConnectionState;
use fleet::alert::Finding;
use protocol::Timestamp;
use store::history::Evidence;

/// How far back the numbers reach, in ms.
const SPAN: i64 = 60 * 60 * 1_000;
/// The most points of them.
const POINTS: usize = 600;
/// The most events.
const EVENTS: usize = 10;
/// How many events are looked at for those.
const LOOKED: usize = 500;

/// What is known now of what a finding is about.
pub(crate) fn of(state: &ConnectionState, finding: &Finding, now: Timestamp) -> Evidence {
    let from = Timestamp(now.millis() - SPAN);
    let columns =
        finding.field.as_deref().and_then(|field| numbers(state, finding, field, from, now)).unwrap_or_default();
    Evidence {
        field: finding.field.as_deref().map(str::to_owned),
        times: columns.times.iter().map(|seconds| (seconds * 1_000.0) as i64).collect(),
        values: columns.values,
        threshold: finding.threshold,
        from,
        to: now,
        events: events(state, &finding.subject),
    }
}

fn numbers(
    state: &ConnectionState,
    finding: &Finding,
    field: &str,
    from: Timestamp,
    to: Timestamp,
) -> Option<fleet::Columns> {
    let subject = &*finding.subject;
    if let Some(device) = state.devices.get(subject) {
        return Some(state.devices.field(device, field)?.read(from, to, POINTS, &state.gaps));
    }
    let number = match state.jobs.definitions().get(subject) {
        Some(definition) => definition.numbers.get(field)?,
        None => state.actors.rows().iter().find(|actor| actor.id == subject)?.numbers.get(field)?,
    };
    Some(number.series.read(fleet::Unit::Second, from, to, POINTS, &state.gaps))
}

/// The latest events of a subject, the newest first, each as one JSON object.
fn events(state: &ConnectionState, subject: &str) -> Vec<String> {
    let of_subject = state.recent.iter().take(LOOKED).filter(|event| event.subject == subject);
    of_subject
        .take(EVENTS)
        .map(|event| {
            let data = serde_json::from_str::<serde_json::Value>(event.data)
                .unwrap_or_else(|_| serde_json::Value::String(event.data.to_owned()));
            let at = event.at.unwrap_or(event.received);
            serde_json::json!({ "kind": event.kind.name(), "at": at.millis(), "subject": event.subject, "data": data })
                .to_string()
        })
        .collect()
}
