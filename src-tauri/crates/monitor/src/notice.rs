//! What is told natively, and in which words.

use fleet::{Applied, LockState};
use link::LinkStatus;
use protocol::{Connection, EventBody, StreamEvent};

use crate::host::{Notice, Opens};
use crate::view::picture::Severity;

/// The notice of an event, where the operator asked for one or a job failed.
pub fn of_event(connection: &Connection, event: &StreamEvent<'_>, applied: Applied) -> Option<Notice> {
    let name = &connection.name;
    match (&event.body, applied) {
        // A lock that was unknown and is told open by telemetry was open before: that is no news.
        (_, Applied::LockChanged { from: LockState::Unknown, by_event: false, .. }) => None,
        (body, Applied::LockChanged { to: LockState::Unlocked, .. }) if connection.notify_unlocked => {
            let device = event.subject();
            let by = match body {
                EventBody::Lock(lock) => lock.source.as_deref().map(|source| format!(" by {source}")),
                _ => None,
            };
            Some(Notice {
                key: format!("lock/{name}/{device}"),
                severity: Severity::High,
                title: format!("{device} unlocked"),
                body: format!("Unlocked{} on {name}.", by.unwrap_or_default()),
                opens: Opens::Nothing,
                picture: None,
                sound: false,
            })
        }
        (EventBody::Job(job), Applied::JobFailed) => {
            let what = job.definition.as_deref().unwrap_or(&job.job);
            let why = job.error.as_deref().map(|error| format!(" {}", first_line(error))).unwrap_or_default();
            Some(Notice {
                key: format!("job/{name}/{}", job.job),
                severity: Severity::High,
                title: format!("{what} failed"),
                body: format!("A job failed on {name}.{why}"),
                opens: Opens::Nothing,
                picture: None,
                sound: false,
            })
        }
        _ => None,
    }
}

/// The notice of a transition that only the operator can mend.
pub fn of_status(connection: &str, status: &LinkStatus) -> Option<Notice> {
    let LinkStatus::NeedsCredential { cause } = status else { return None };
    Some(Notice {
        key: format!("connection/{connection}"),
        severity: Severity::Critical,
        title: format!("{connection} needs a credential"),
        body: format!("{}.", cause.trim_end_matches('.')),
        opens: Opens::Nothing,
        picture: None,
        sound: false,
    })
}

fn first_line(text: &str) -> &str {
    let line = text.lines().next().unwrap_or("");
    &line[..line.floor_char_boundary(200)]
}
