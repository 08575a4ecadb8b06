//! The agents' service, in its documented wire form and in the one that the public server speaks.

mod encode;
mod log;
mod rest;

use std::sync::Arc;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::action::Action;
use crate::load::{Frames, Load};
use crate::wire::{Call, Outbox, Refusal, Shared, Simulated, http, rfc3339};
use crate::world::Pace;
use crate::world::agents::{AgentEvent, Agents};
use log::Log;

pub(crate) use crate::world::agents::CHANNELS;
pub(crate) const PATH: &str = "/ws";

/// What the public server drops unread after an upgrade with an API key, in milliseconds.
const DEAF_MS: u64 = 250;
const SUBSCRIPTIONS: usize = 1_000;

/// The form of the frames, both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// As the service's document says: `{"type": …, "channel": …}`; a subscription is not answered.
    #[default]
    Documented,
    /// As the public server does: `{"event": …, "data": …}`; a subscription is answered, what comes in the first quarter of a
    /// second is lost, and frames of the documented form are ignored in silence.
    Real,
}

/// The rules and the world of the agents' service.
pub(crate) struct AgentHq {
    shared: Arc<Shared>,
    world: Agents,
    pace: Pace,
    dialect: Dialect,
    log: Log,
}

pub(crate) struct Session {
    admitted: bool,
    dialect: Dialect,
    hears_from: u64,
    channels: Vec<String>,
}

/// An event in both forms; `channel` when only its subscribers hear of it.
pub(crate) struct Event {
    channel: Option<&'static str>,
    documented: Utf8Bytes,
    real: Utf8Bytes,
}

impl AgentHq {
    pub(crate) fn new(shared: Arc<Shared>, seed: u64, rate: f64) -> Self {
        AgentHq {
            world: Agents::new(seed, shared.first_number),
            shared,
            pace: Pace::per_second(rate),
            dialect: Dialect::default(),
            log: Log::default(),
        }
    }

    fn publish(&mut self, made: &[AgentEvent], now: u64, events: &mut Vec<Event>) {
        for event in made {
            let (name, channel, data) = encode::event(event, self.log.created(event, now), now);
            self.log.note(event, &data, now);
            events.push(Event {
                channel,
                documented: json!({ "type": name, "data": data }).to_string().into(),
                real: json!({ "event": name, "data": data }).to_string().into(),
            });
        }
    }
}

impl Simulated for AgentHq {
    type Session = Session;
    type Event = Event;

    fn admit(&mut self, call: &Call<'_>, now: u64) -> Result<Session, Refusal> {
        if call.path != PATH {
            return Err(Refusal { status: StatusCode::NOT_FOUND, reason: "Not Found" });
        }
        let deaf = if self.dialect == Dialect::Real { DEAF_MS } else { 0 };
        Ok(Session {
            admitted: self.shared.gate.admits(call.parameter("token").as_deref()),
            dialect: self.dialect,
            hears_from: now + deaf,
            channels: Vec::new(),
        })
    }

    fn opened(&mut self, session: &mut Session, _now: u64, out: &mut Outbox) {
        if session.admitted {
            out.authenticated();
        } else {
            out.close(4001, "Invalid authentication");
        }
    }

    fn text(&mut self, session: &mut Session, text: &str, now: u64, out: &mut Outbox) {
        if !session.admitted || now < session.hears_from {
            return;
        }
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let field = |name: &str| frame.get(name).and_then(Value::as_str);
        let (kind, channel) = match session.dialect {
            Dialect::Documented => (field("type"), field("channel")),
            Dialect::Real => (field("event"), frame.pointer("/data/channel").and_then(Value::as_str)),
        };
        match (kind, channel) {
            (Some("subscribe"), Some(channel)) => {
                if !session.channels.iter().any(|known| known == channel) && session.channels.len() < SUBSCRIPTIONS {
                    session.channels.push(channel.to_owned());
                }
                if session.dialect == Dialect::Real {
                    out.answer(json!({ "event": "subscribed", "data": { "channel": channel } }).to_string());
                }
            }
            (Some("unsubscribe"), Some(channel)) => {
                session.channels.retain(|known| known != channel);
                if session.dialect == Dialect::Real {
                    out.answer(json!({ "event": "unsubscribed", "data": { "channel": channel } }).to_string());
                }
            }
            (Some("heartbeat"), _) => out.answer(
                match session.dialect {
                    Dialect::Documented => json!({ "type": "heartbeat_ack", "timestamp": rfc3339(now) }),
                    Dialect::Real => json!({ "event": "heartbeat_ack", "data": { "timestamp": rfc3339(now) } }),
                }
                .to_string(),
            ),
            _ => {}
        }
    }

    fn http(&mut self, request: &http::Request<'_>, now: u64) -> http::Answer {
        self.answer(request, now)
    }

    fn deadline(_: &Session) -> Option<u64> {
        None
    }

    fn timeout(&mut self, _: &mut Session, _: u64, _: &mut Outbox) {}

    fn step(&mut self, now: u64, events: &mut Vec<Event>) {
        let mut made = Vec::new();
        self.world.step(self.pace.due(), &mut made);
        self.publish(&made, now, events);
    }

    fn act(&mut self, action: &Action, now: u64, events: &mut Vec<Event>) -> Option<String> {
        let mut made = Vec::new();
        let id = match action {
            Action::Agent { agent, online } => {
                made.push(self.world.set_online(agent, *online)?);
                agent.clone()
            }
            Action::Post { channel } => self.world.post(channel, &mut made)?,
            Action::Speak(dialect) => {
                self.dialect = *dialect;
                format!("{dialect:?}")
            }
            _ => return None,
        };
        self.publish(&made, now, events);
        Some(id)
    }

    fn deliver(session: &mut Session, event: &Event, _now: u64, out: &mut Outbox) {
        let listens = event.channel.is_none_or(|channel| session.channels.iter().any(|known| known == channel));
        if session.admitted && listens {
            out.offer(match session.dialect {
                Dialect::Documented => event.documented.clone(),
                Dialect::Real => event.real.clone(),
            });
        }
    }

    fn load(&self, session: &Session, load: &Load) -> Option<Frames> {
        let key = if session.dialect == Dialect::Real { "event" } else { "type" };
        session.channels.first().map(|channel| Frames::agenthq(channel, key, load.distinct))
    }
}

#[cfg(test)]
mod tests;
