//! The intelligence service: streams that a token's scope allows, and the close codes of its document.

mod encode;
mod log;
mod rest;

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::action::Action;
use crate::load::{Frames, Load};
use crate::wire::{Call, Outbox, Refusal, Shared, Simulated, http};
use crate::world::Pace;
use crate::world::intelligence::{Intelligence, Report};
use log::StreamLog;

pub(crate) const PATH: &str = "/stream";
/// The streams of the token's scope.
pub(crate) const IN_SCOPE: [&str; 5] = ["signals", "alerts", "cyber", "earthquakes", "aircraft"];
/// Streams that exist and need another token.
const OUT_OF_SCOPE: [&str; 4] = ["vessels", "airspace", "markets", "social"];

const HEARTBEAT_MS: u64 = 30_000;
/// More frames than this from a client in ten seconds are too many (close code 4003).
const FRAMES_IN_WINDOW: u32 = 100;
const WINDOW_MS: u64 = 10_000;

/// The rules and the world of the intelligence service.
pub(crate) struct Hydra {
    shared: Arc<Shared>,
    world: Intelligence,
    pace: Pace,
    sessions: u64,
    stream_on_control: bool,
    log: StreamLog,
}

pub(crate) struct Session {
    admitted: bool,
    number: u64,
    active: Vec<&'static str>,
    heartbeat_at: u64,
    window_ends: u64,
    in_window: u32,
}

/// One frame on a stream.
pub(crate) struct Event {
    stream: &'static str,
    text: Utf8Bytes,
}

impl Hydra {
    pub(crate) fn new(shared: Arc<Shared>, seed: u64, rate: f64) -> Self {
        Hydra {
            world: Intelligence::new(seed, shared.first_number),
            shared,
            pace: Pace::per_second(rate),
            sessions: 0,
            stream_on_control: false,
            log: StreamLog::default(),
        }
    }

    fn control(&self, kind: &str, now: u64, data: Value) -> String {
        let mut message = Map::new();
        if self.stream_on_control {
            message.insert("stream".to_owned(), Value::Null);
        }
        message.insert("type".to_owned(), kind.into());
        message.insert("ts".to_owned(), now.into());
        message.insert("data".to_owned(), data);
        Value::Object(message).to_string()
    }

    fn subscribe(&self, session: &mut Session, asked: &[&str], now: u64, out: &mut Outbox) {
        let mut subscribed = Vec::new();
        let mut rejected = Map::new();
        for &stream in asked {
            match IN_SCOPE.into_iter().find(|known| *known == stream) {
                Some(known) => {
                    subscribed.push(known);
                    if !session.active.contains(&known) {
                        session.active.push(known);
                    }
                }
                None if OUT_OF_SCOPE.contains(&stream) => {
                    rejected.insert(stream.to_owned(), "Not in the scope of the JWT".into());
                }
                None => {
                    rejected.insert(stream.to_owned(), "Unknown stream".into());
                }
            }
        }
        if subscribed.is_empty() && !rejected.is_empty() {
            return out.close(4004, "Subscription not in JWT scope");
        }
        let data = json!({
            "subscribed": subscribed,
            "rejected": rejected.keys().collect::<Vec<_>>(),
            "rejectedReason": rejected,
            "active": session.active,
        });
        out.answer(self.control("subscribed", now, data));
    }

    fn event(&mut self, report: &Report, now: u64) -> Event {
        let encode::Frame { stream, kind, text } = encode::report(report, now);
        let text = Utf8Bytes::from(text);
        self.log.note(stream, kind, now, text.clone());
        Event { stream, text }
    }
}

impl Simulated for Hydra {
    type Session = Session;
    type Event = Event;

    fn admit(&mut self, call: &Call<'_>, now: u64) -> Result<Session, Refusal> {
        if call.path != PATH {
            return Err(Refusal { status: StatusCode::NOT_FOUND, reason: "Not Found" });
        }
        self.sessions += 1;
        Ok(Session {
            admitted: self.shared.gate.admits(call.parameter("token").as_deref()),
            number: self.sessions,
            active: Vec::new(),
            heartbeat_at: now + HEARTBEAT_MS,
            window_ends: now + WINDOW_MS,
            in_window: 0,
        })
    }

    fn opened(&mut self, session: &mut Session, now: u64, out: &mut Outbox) {
        if !session.admitted {
            return out.close(4001, "Invalid or expired JWT");
        }
        out.authenticated();
        let data = json!({
            "sessionId": format!("sess-{:06x}", session.number),
            "address": "0x71C7656EC7ab88b098defB751B7401B5f6d8976F",
            "availableStreams": IN_SCOPE,
            "serverTime": now,
        });
        out.answer(self.control("connected", now, data));
    }

    fn text(&mut self, session: &mut Session, text: &str, now: u64, out: &mut Outbox) {
        if !session.admitted {
            return;
        }
        if now >= session.window_ends {
            session.window_ends = now + WINDOW_MS;
            session.in_window = 0;
        }
        session.in_window += 1;
        if session.in_window > FRAMES_IN_WINDOW {
            return out.close(4003, "Rate limit exceeded");
        }
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let streams = frame.get("streams").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut asked: Vec<&str> = streams.iter().filter_map(Value::as_str).collect();
        if asked.contains(&"*") {
            asked = IN_SCOPE.to_vec();
        }
        match frame.get("action").and_then(Value::as_str) {
            Some("subscribe") => self.subscribe(session, &asked, now, out),
            Some("unsubscribe") => {
                session.active.retain(|stream| !asked.contains(stream));
                let data = json!({ "unsubscribed": asked, "active": session.active });
                out.answer(self.control("unsubscribed", now, data));
            }
            Some("list") => {
                let data = json!({ "active": session.active, "available": IN_SCOPE });
                out.answer(self.control("subscriptions", now, data));
            }
            Some("ping") => out.answer(self.control("pong", now, Value::Null)),
            _ => out.answer(self.control("error", now, json!({ "message": "Unknown action" }))),
        }
    }

    fn http(&mut self, request: &http::Request<'_>, now: u64) -> http::Answer {
        self.answer(request, now)
    }

    fn deadline(session: &Session) -> Option<u64> {
        session.admitted.then_some(session.heartbeat_at)
    }

    fn timeout(&mut self, session: &mut Session, now: u64, out: &mut Outbox) {
        if now >= session.heartbeat_at {
            session.heartbeat_at = now + HEARTBEAT_MS;
            out.answer(self.control("heartbeat", now, Value::Null));
        }
    }

    fn step(&mut self, now: u64, events: &mut Vec<Event>) {
        let mut reports = Vec::new();
        self.world.step(self.pace.due(), &mut reports);
        events.extend(reports.iter().map(|report| self.event(report, now)));
    }

    fn act(&mut self, action: &Action, now: u64, events: &mut Vec<Event>) -> Option<String> {
        let report = match action {
            Action::IssueAlert => self.world.issue(),
            Action::ClearAlert { alert } => self.world.clear(alert)?,
            Action::Signal { severity } => self.world.signal(*severity),
            Action::StreamOnControl(present) => {
                self.stream_on_control = *present;
                return Some("stream_on_control".to_owned());
            }
            _ => return None,
        };
        events.push(self.event(&report, now));
        match report {
            Report::AlertIssued { id, .. } | Report::AlertCleared { id } => Some(id),
            Report::Signal(signal) => Some(signal.id),
            _ => None,
        }
    }

    fn deliver(session: &mut Session, event: &Event, _now: u64, out: &mut Outbox) {
        if session.active.contains(&event.stream) {
            out.offer(event.text.clone());
        }
    }

    fn load(&self, session: &Session, load: &Load) -> Option<Frames> {
        session.active.contains(&"signals").then(|| Frames::hydra(load.distinct))
    }
}

#[cfg(test)]
mod tests;
