//! `signalbox snapshot`: the reduced state as one JSON object.

use std::sync::Arc;

use protocol::Protocol;
use serde_json::{Map, Value, json};

use crate::watched::{Part, Watched};

/// The state's parts, each an object by connection.
const PARTS: [&str; 11] = [
    "devices",
    "hosts",
    "jobs",
    "job_definitions",
    "actors",
    "live_queries",
    "agents",
    "posts",
    "tasks",
    "signals",
    "counters",
];

/// `connections` by name, and each of the other parts by connection.
pub fn of(connections: &[Arc<Watched>]) -> Value {
    let mut whole: Map<String, Value> = PARTS.iter().map(|part| ((*part).to_owned(), json!({}))).collect();
    let mut statuses = Map::new();
    for watched in connections {
        let part = watched.part.lock();
        statuses.insert(
            watched.name().to_owned(),
            json!({
                "protocol": watched.connection.protocol,
                "status": part.status.name(),
                "since": part.since.to_string(),
                "cause": part.status.cause(),
                "subscriptions": subscriptions(&part),
            }),
        );
        let Value::Object(state) = part.state.snapshot() else { continue };
        for (name, value) in state {
            if let Some(Value::Object(by_connection)) = whole.get_mut(&name)
                && !is_empty(&value)
                && (name != "signals" || watched.connection.protocol == Protocol::Hydra)
            {
                by_connection.insert(watched.name().to_owned(), value);
            }
        }
    }
    whole.insert("connections".into(), Value::Object(statuses));
    Value::Object(whole)
}

fn subscriptions(part: &Part) -> Value {
    let rows = part.state.subscriptions.rows().iter();
    let named =
        rows.map(|row| (row.name.to_string(), json!({ "state": row.state.name(), "reason": row.refusal.as_deref() })));
    Value::Object(named.collect())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}
