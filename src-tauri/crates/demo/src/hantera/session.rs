//! One client of the commerce service.

use serde_json::{Value, json};

use super::encode::Resource;
use super::graph::Change;
use super::live_query::LiveQuery;
use super::paths::Path;
use super::{PING_MS, error};
use crate::wire::Outbox;

/// A client may have so many subscriptions and live queries.
const SUBSCRIPTIONS: usize = 1_000;
const LIVE_QUERIES: usize = 16;

/// Makes the nodes of an edge; `None` when there is no such edge.
type Nodes<'a> = dyn Fn(&str) -> Option<Vec<Value>> + 'a;

pub(crate) struct Session {
    stage: Stage,
    subscriptions: Vec<Subscription>,
    live_queries: Vec<LiveQuery>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Unauthenticated {
        until: u64,
    },
    /// The next ping is due.
    Quiet {
        ping_at: u64,
    },
    /// A ping waits for its pong.
    Pinged {
        until: u64,
    },
    Over,
}

struct Subscription {
    id: String,
    /// The id as JSON.
    quoted: String,
    path: Path,
    events: Vec<&'static str>,
    dropped: u64,
}

impl Session {
    pub(crate) fn new(until: u64) -> Self {
        Session { stage: Stage::Unauthenticated { until }, subscriptions: Vec::new(), live_queries: Vec::new() }
    }

    pub(crate) fn subscription_ids(&self) -> Vec<&str> {
        self.subscriptions.iter().map(|subscription| subscription.id.as_str()).collect()
    }

    pub(crate) fn deadline(&self) -> Option<u64> {
        match self.stage {
            Stage::Unauthenticated { until } | Stage::Pinged { until } => Some(until),
            Stage::Quiet { ping_at } => Some(ping_at),
            Stage::Over => None,
        }
    }

    pub(crate) fn timeout(&mut self, now: u64, out: &mut Outbox) {
        match self.stage {
            Stage::Unauthenticated { until } if now >= until => {
                out.answer(error("AUTH_FAILED", "Authentication was not completed within 10 seconds", None));
                self.end(out, "Authentication timeout");
            }
            Stage::Quiet { ping_at } if now >= ping_at => {
                out.answer(r#"{"type":"ping"}"#);
                self.stage = Stage::Pinged { until: now + PING_MS };
            }
            Stage::Pinged { until } if now >= until => self.end(out, "No pong within 30 seconds"),
            _ => {}
        }
    }

    fn end(&mut self, out: &mut Outbox, reason: &str) {
        self.stage = Stage::Over;
        out.close(1008, reason);
    }

    pub(crate) fn text(
        &mut self,
        text: &str,
        now: u64,
        admits: &dyn Fn(Option<&str>) -> bool,
        nodes: &Nodes<'_>,
        out: &mut Outbox,
    ) {
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let kind = frame.get("type").and_then(Value::as_str);
        let request = frame.get("requestId").and_then(Value::as_str);
        match (self.stage, kind) {
            (Stage::Over, _) => {}
            (Stage::Unauthenticated { .. }, Some("auth")) if admits(frame.get("token").and_then(Value::as_str)) => {
                self.stage = Stage::Quiet { ping_at: now + PING_MS };
                out.authenticated();
                out.answer(r#"{"type":"authenticated"}"#);
            }
            (Stage::Unauthenticated { .. }, other) => {
                let message =
                    if other == Some("auth") { "The token was refused" } else { "The first message must be auth" };
                out.answer(error("AUTH_FAILED", message, request));
                self.end(out, "Authentication failed");
            }
            (_, Some("pong")) => self.stage = Stage::Quiet { ping_at: now + PING_MS },
            (_, Some("subscribeEvents")) => self.subscribe(&frame, request, out),
            (_, Some("unsubscribeEvents")) => self.unsubscribe(&frame),
            (_, Some("createLiveQuery")) => self.create(&frame, request, nodes, out),
            (_, Some("destroyLiveQuery")) => self.destroy(&frame, request, out),
            (_, Some(other)) => {
                out.answer(error("INVALID_MESSAGE", &format!("Unknown message type: {other}"), request));
            }
            (_, None) => out.answer(error("INVALID_MESSAGE", "Expected a JSON object with a type", request)),
        }
    }

    fn subscribe(&mut self, frame: &Value, request: Option<&str>, out: &mut Outbox) {
        let Some(asked) = frame.get("subscriptions").and_then(Value::as_array) else {
            return out.answer(error("INVALID_MESSAGE", "subscriptions must be an array", request));
        };
        let mut confirmed = Vec::new();
        for one in asked {
            match Subscription::parse(one) {
                Err((code, message)) => out.answer(error(code, &message, request)),
                Ok(subscription) if self.subscriptions.iter().any(|known| known.id == subscription.id) => {
                    let message = format!("The subscription id '{}' is taken", subscription.id);
                    out.answer(error("DUPLICATE_ID", &message, request));
                }
                Ok(_) if self.subscriptions.len() >= SUBSCRIPTIONS => {
                    out.answer(error("LIMIT_EXCEEDED", "Too many subscriptions", request));
                }
                Ok(subscription) => {
                    confirmed
                        .push(json!({ "id": subscription.id, "path": one["path"], "events": subscription.events }));
                    self.subscriptions.push(subscription);
                }
            }
        }
        if !confirmed.is_empty() {
            let mut answer = json!({ "type": "subscribedEvents", "subscriptions": confirmed });
            if let Some(request) = request {
                answer["requestId"] = request.into();
            }
            out.answer(answer.to_string());
        }
    }

    /// Ends subscriptions. The service's document shows no answer to it.
    fn unsubscribe(&mut self, frame: &Value) {
        let ids = frame.get("ids").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        self.subscriptions.retain(|subscription| !ids.iter().any(|id| *id == subscription.id));
    }

    fn create(&mut self, frame: &Value, request: Option<&str>, nodes: &Nodes<'_>, out: &mut Outbox) {
        let refuse = |code, message: &str, out: &mut Outbox| out.answer(error(code, message, request));
        let Some(id) = frame.get("id").and_then(Value::as_str) else {
            return refuse("INVALID_MESSAGE", "id is required", out);
        };
        if self.live_queries.iter().any(|known| known.id == id) {
            return refuse("DUPLICATE_ID", &format!("The live query id '{id}' is taken"), out);
        }
        if self.live_queries.len() >= LIVE_QUERIES {
            return refuse("LIMIT_EXCEEDED", "Too many live queries", out);
        }
        let mut query = match LiveQuery::parse(id, frame.get("query").unwrap_or(&Value::Null)) {
            Ok(query) => query,
            Err(message) => return refuse("INVALID_QUERY", &message, out),
        };
        match nodes(query.edge()) {
            Some(nodes) => {
                query.load(nodes, out);
                self.live_queries.push(query);
            }
            None => refuse("INVALID_QUERY", &format!("Unknown edge: {}", query.edge()), out),
        }
    }

    fn destroy(&mut self, frame: &Value, request: Option<&str>, out: &mut Outbox) {
        let id = frame.get("id").and_then(Value::as_str).unwrap_or_default();
        let before = self.live_queries.len();
        self.live_queries.retain(|query| query.id != id);
        if self.live_queries.len() < before {
            out.answer(json!({ "type": "liveQueryDestroyed", "id": id }).to_string());
        } else {
            out.answer(error("NOT_FOUND", &format!("There is no live query '{id}'"), request));
        }
    }

    /// Sends an event once, with all the subscriptions that it is for, and what was dropped before it when there is room again.
    pub(crate) fn deliver(&mut self, resource: &Resource, out: &mut Outbox) {
        if out.has_room() {
            for subscription in self.subscriptions.iter_mut().filter(|subscription| subscription.dropped > 0) {
                out.answer(overflow(&subscription.id, std::mem::take(&mut subscription.dropped)));
            }
        }
        let wants = |subscription: &Subscription| {
            subscription.events.contains(&resource.event_type) && resource.matches(&subscription.path)
        };
        let mut ids = String::new();
        for subscription in self.subscriptions.iter().filter(|subscription| wants(subscription)) {
            if !ids.is_empty() {
                ids.push(',');
            }
            ids.push_str(&subscription.quoted);
        }
        if !ids.is_empty() && !out.offer(resource.frame(&ids).into()) {
            for subscription in self.subscriptions.iter_mut().filter(|subscription| wants(subscription)) {
                subscription.dropped += 1;
            }
        }
    }

    pub(crate) fn track(&mut self, change: &Change, out: &mut Outbox) {
        for query in &mut self.live_queries {
            query.track(change, out);
        }
    }

    pub(crate) fn warn_all(&mut self, count: u64, out: &mut Outbox) {
        for subscription in &self.subscriptions {
            out.answer(overflow(&subscription.id, count));
        }
    }
}

impl Subscription {
    fn parse(one: &Value) -> Result<Subscription, (&'static str, String)> {
        let text = |name: &str| one.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let missing = |name: &str| ("INVALID_MESSAGE", format!("A subscription needs {name}"));
        let id = text("id").ok_or_else(|| missing("id"))?;
        let path = text("path").ok_or_else(|| missing("path"))?;
        let wanted = one.get("events").and_then(Value::as_array).ok_or_else(|| missing("events"))?;
        let parsed = Path::parse(path).ok_or_else(|| ("INVALID_PATH", format!("Unknown resource path: {path}")))?;
        let mut events = Vec::new();
        for event in wanted {
            let known = parsed.events().iter().find(|known| **known == *event);
            events.push(*known.ok_or_else(|| ("INVALID_EVENT", format!("The path {path} has no event {event}")))?);
        }
        Ok(Subscription { id: id.to_owned(), quoted: json!(id).to_string(), path: parsed, events, dropped: 0 })
    }
}

fn overflow(id: &str, count: u64) -> String {
    json!({
        "type": "warning",
        "code": "QUEUE_OVERFLOW",
        "message": format!("{count} events dropped for subscription '{id}' due to slow consumption"),
        "subscriptionId": id,
    })
    .to_string()
}
