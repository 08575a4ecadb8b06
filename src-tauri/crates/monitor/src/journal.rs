//! What of the streams goes into the history.

use std::sync::Arc;

use fleet::Applied;
use link::LinkStatus;
use protocol::{EventBody, Kind, StreamEvent, Timestamp};
use store::history::EventRecord;

use crate::words;

/// Whether events of a kind are written down. Numbers are kept as samples; rows of queries belong to whoever asked.
pub fn is_kept(kind: Kind) -> bool {
    let of_queries = matches!(
        kind,
        Kind::QueryResult
            | Kind::LiveQueryCreated
            | Kind::LiveQueryAdded
            | Kind::LiveQueryUpdated
            | Kind::LiveQueryRemoved
            | Kind::LiveQueryDestroyed
    );
    !kind.is_bulk() && !of_queries
}

/// An event as the history keeps it, its codes masked.
pub fn record(connection: &Arc<str>, event: &StreamEvent<'_>, received: Timestamp) -> EventRecord {
    let identity = protocol::identity(event);
    EventRecord {
        connection: connection.clone(),
        kind: event.kind(),
        subject: event.subject().to_owned(),
        definition: definition(event).map(str::to_owned),
        at: event.at,
        received,
        data: fleet::masked(event).into_owned(),
        identity: identity.id.map(|id| id.to_string()),
        tuple: identity.tuple,
    }
}

/// What an event's subject is one of: a job's definition, an actor's type, a post's channel, a signal's stream.
fn definition<'a>(event: &'a StreamEvent<'_>) -> Option<&'a str> {
    match &event.body {
        EventBody::Job(job) => job.definition.as_deref(),
        EventBody::Checkpoint(checkpoint) => Some(&checkpoint.actor_type),
        _ => None,
    }
}

/// A connection's transition as the history keeps it.
pub fn transition(connection: &Arc<str>, status: &LinkStatus, now: Timestamp) -> EventRecord {
    let text = words::transition(connection, status);
    EventRecord {
        connection: connection.clone(),
        kind: Kind::ConnectionStatus,
        subject: connection.to_string(),
        definition: None,
        at: Some(now),
        received: now,
        data: serde_json::json!({ "status": status.name(), "text": text }).to_string(),
        identity: None,
        tuple: None,
    }
}

/// Whether an event is one that was there before, so that nothing needs to be written.
pub fn is_known(applied: Applied) -> bool {
    matches!(applied, Applied::Duplicate)
}
