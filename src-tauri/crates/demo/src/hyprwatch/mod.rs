//! The host service: Phoenix channels, queries that hosts answer in their own time, and host events.

mod frame;
mod query;
mod rest;
mod session;

use std::sync::Arc;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::action::Action;
use crate::load::{Frames, Load};
use crate::wire::{Call, Outbox, Refusal, Shared, Simulated, http};
use crate::world::hosts::{Host, HostEvent, HostEventKind, Hosts};
use crate::world::random::Random;
use crate::world::{Pace, TICK_MS};
use frame::{Incoming, Version};
use query::Step;
use rest::Limit;
pub(crate) use session::Session;

pub(crate) use crate::world::hosts::ORGS;
pub(crate) const PATH: &str = "/api/socket/websocket";

/// The rules and the world of the host service.
pub(crate) struct Hyprwatch {
    shared: Arc<Shared>,
    hosts: Hosts,
    random: Random,
    pace: Pace,
    ticks: u64,
    queries: u64,
    binary: bool,
    limit: Limit,
}

/// What sessions hear of.
pub(crate) enum Event {
    /// Something for all who joined a topic.
    Broadcast { topic: String, event: &'static str, payload: Value, binary: bool },
    /// A query that somebody else ran, its steps to be broadcast to all who joined the topic.
    Query { topic: String, steps: Vec<Step> },
    /// All channels crash.
    Crash,
}

impl Hyprwatch {
    pub(crate) fn new(shared: Arc<Shared>, seed: u64, rate: f64) -> Self {
        Hyprwatch {
            shared,
            hosts: Hosts::new(seed),
            random: Random::of(seed, "answers"),
            pace: Pace::per_second(rate),
            ticks: 0,
            queries: 0,
            binary: false,
            limit: Limit::default(),
        }
    }

    /// Runs a query on the hosts of an organisation: its id, and what happens after how long.
    fn run(&mut self, org: &str, payload: &Value) -> (String, Vec<Step>) {
        self.queries += 1;
        let id = format!("q_{:06}", self.queries);
        let hosts: Vec<&Host> = self.hosts.of(org).collect();
        let steps = query::steps(&id, payload, &hosts, &mut self.random, self.ticks * TICK_MS / 1000);
        (id, steps)
    }

    fn broadcast(&self, happened: HostEvent) -> Event {
        let HostEvent { kind, host } = happened;
        let event = match kind {
            HostEventKind::Online => "host_online",
            HostEventKind::Offline => "host_offline",
            HostEventKind::Enrolled => "host_enrolled",
        };
        let payload = json!({
            "host_id": host.id, "hostname": host.hostname, "platform": host.platform, "os_version": host.os_version,
            "ip_address": host.ip_address,
        });
        Event::Broadcast { topic: format!("org:{}", host.org), event, payload, binary: self.binary }
    }
}

impl Simulated for Hyprwatch {
    type Session = Session;
    type Event = Event;

    fn admit(&mut self, call: &Call<'_>, now: u64) -> Result<Session, Refusal> {
        if call.path != PATH {
            return Err(Refusal { status: StatusCode::NOT_FOUND, reason: "Not Found" });
        }
        let forbidden = Refusal { status: StatusCode::FORBIDDEN, reason: "Forbidden" };
        if !self.shared.gate.admits(call.parameter("token").as_deref()) {
            return Err(forbidden);
        }
        match call.parameter("vsn").as_deref() {
            None | Some("1.0.0") => Ok(Session::new(Version::V1, now)),
            Some("2.0.0") => Ok(Session::new(Version::V2, now)),
            Some(_) => Err(forbidden),
        }
    }

    fn opened(&mut self, _: &mut Session, _: u64, out: &mut Outbox) {
        out.authenticated();
    }

    fn text(&mut self, session: &mut Session, text: &str, now: u64, out: &mut Outbox) {
        session.heard(now);
        // Phoenix lets the connection crash on a message that it cannot read.
        let Some(message) = Incoming::parse(session.version(), text) else {
            return out.close(1011, "");
        };
        session.message(&message, now, &mut |org, payload| self.run(org, payload), out);
    }

    fn http(&mut self, request: &http::Request<'_>, now: u64) -> http::Answer {
        self.answer(request, now)
    }

    fn deadline(session: &Session) -> Option<u64> {
        Some(session.deadline())
    }

    fn timeout(&mut self, session: &mut Session, now: u64, out: &mut Outbox) {
        session.timeout(now, self.binary, out);
    }

    fn step(&mut self, _now: u64, events: &mut Vec<Event>) {
        self.ticks += 1;
        let mut happened = Vec::new();
        self.hosts.step(self.pace.due(), &mut happened);
        events.extend(happened.into_iter().map(|event| self.broadcast(event)));
    }

    fn act(&mut self, action: &Action, _now: u64, events: &mut Vec<Event>) -> Option<String> {
        match action {
            Action::Host { host, online } => {
                let happened = self.hosts.set_online(host, *online)?;
                let id = happened.host.id.clone();
                events.push(self.broadcast(happened));
                Some(id)
            }
            Action::BroadcastQuery { org, sql } if ORGS.contains(&org.as_str()) => {
                let (id, steps) = self.run(org, &json!({ "sql": sql, "target": "all" }));
                events.push(Event::Query { topic: format!("query:{org}"), steps });
                Some(id)
            }
            Action::BinaryPushes(binary) => {
                self.binary = *binary;
                Some("binary".to_owned())
            }
            Action::CrashChannels => {
                events.push(Event::Crash);
                Some("crash".to_owned())
            }
            _ => None,
        }
    }

    fn deliver(session: &mut Session, event: &Event, now: u64, out: &mut Outbox) {
        match event {
            Event::Broadcast { topic, event, payload, binary } => {
                session.broadcast(topic, event, payload, *binary, out)
            }
            Event::Query { topic, steps } => session.schedule(topic, None, steps.clone(), now),
            Event::Crash => session.crash(out),
        }
    }

    fn load(&self, session: &Session, load: &Load) -> Option<Frames> {
        let topic = session.topics().find(|topic| topic.starts_with("org:"))?;
        Some(Frames::hyprwatch(topic, session.version() == Version::V2, load.distinct))
    }
}

#[cfg(test)]
mod tests;
