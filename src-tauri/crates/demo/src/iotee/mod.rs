//! The device service: telemetry, presence and lock events of the devices that a client subscribed to.

mod encode;
mod log;
mod rest;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::action::Action;
use crate::load::{Frames, Load};
use crate::wire::{Call, Outbox, Refusal, Shared, Simulated, http, rfc3339};
use crate::world::random::Random;
use crate::world::vehicles::{VehicleEventKind, Vehicles};
use crate::world::{Pace, vehicles};
use encode::Encoder;
use log::LockLog;

/// The service's path.
pub(crate) const PATH: &str = "/realtime";

/// The rules and the world of the device service.
pub(crate) struct Iotee {
    shared: Arc<Shared>,
    vehicles: Vehicles,
    indices: HashMap<Box<str>, usize>,
    pace: Pace,
    encoder: Encoder,
    duplicates: Option<Random>,
    connections: u64,
    log: LockLog,
    /// When each device was last heard of, in milliseconds since 1970; 0 when never.
    heard: Vec<u64>,
    /// The device that uses its lock next when a test asks for many.
    next: usize,
}

/// What one client subscribed to.
pub(crate) struct Session {
    connection: u64,
    /// By device index.
    subscribed: Vec<bool>,
}

/// One encoded frame about a device.
pub(crate) struct Event {
    device: usize,
    text: Utf8Bytes,
}

impl Iotee {
    /// Makes the service with `devices` vehicles; with `faults` some lock events are sent twice.
    pub(crate) fn new(shared: Arc<Shared>, seed: u64, devices: usize, rate: f64, faults: bool) -> Self {
        let vehicles = Vehicles::new(seed, shared.first_number, devices, rate);
        Iotee {
            shared,
            indices: vehicles.ids().enumerate().map(|(index, id)| (id.into(), index)).collect(),
            heard: vec![0; vehicles.len()],
            vehicles,
            pace: Pace::per_second(rate),
            encoder: Encoder::default(),
            duplicates: faults.then(|| Random::of(seed, "duplicates")),
            connections: 0,
            log: LockLog::default(),
            next: 0,
        }
    }

    /// The ids of all devices, in the order in which they report.
    pub(crate) fn device_ids(&self) -> Vec<String> {
        self.vehicles.ids().map(str::to_owned).collect()
    }

    /// Finds the devices of a request, those that exist: as their ids, and marked in `chosen`.
    fn chosen(&self, ids: &[Value], mut mark: impl FnMut(usize)) -> Vec<Value> {
        let known = ids.iter().filter(|id| match id.as_str().and_then(|id| self.indices.get(id)) {
            Some(&index) => {
                mark(index);
                true
            }
            None => false,
        });
        known.cloned().collect()
    }
}

impl Simulated for Iotee {
    type Session = Session;
    type Event = Event;

    fn admit(&mut self, call: &Call<'_>, _now: u64) -> Result<Session, Refusal> {
        if call.path != PATH {
            return Err(Refusal { status: StatusCode::NOT_FOUND, reason: "Not Found" });
        }
        let by_query = call.parameter("api_key");
        if !self.shared.gate.admits(call.api_key.or(by_query.as_deref())) {
            return Err(Refusal { status: StatusCode::UNAUTHORIZED, reason: "Unauthorized" });
        }
        self.connections += 1;
        Ok(Session { connection: self.connections, subscribed: vec![false; self.vehicles.len()] })
    }

    fn opened(&mut self, session: &mut Session, now: u64, out: &mut Outbox) {
        out.authenticated();
        let id = format!("conn-{now}-{}", session.connection);
        out.answer(json!({ "type": "connected", "connectionId": id }).to_string());
    }

    fn text(&mut self, session: &mut Session, text: &str, _now: u64, out: &mut Outbox) {
        let error = |message: &str| json!({ "type": "error", "message": message }).to_string();
        let Ok(frame) = serde_json::from_str::<Value>(text) else {
            return out.answer(error("Invalid JSON"));
        };
        let (wanted, answer) = match frame.get("type").and_then(Value::as_str) {
            Some("subscribe") => (true, "subscribed"),
            Some("unsubscribe") => (false, "unsubscribed"),
            Some(other) => return out.answer(error(&format!("Unknown message type: {other}"))),
            None => return out.answer(error("type is required")),
        };
        let Some(ids) = frame.get("hardwareIds").and_then(Value::as_array) else {
            return out.answer(error("hardwareIds must be an array"));
        };
        let known = self.chosen(ids, |index| session.subscribed[index] = wanted);
        out.answer(json!({ "type": answer, "hardwareIds": known }).to_string());
    }

    fn http(&mut self, request: &http::Request<'_>, now: u64) -> http::Answer {
        self.answer(request, now)
    }

    fn deadline(_: &Session) -> Option<u64> {
        None
    }

    fn timeout(&mut self, _: &mut Session, _: u64, _: &mut Outbox) {}

    fn step(&mut self, now: u64, events: &mut Vec<Event>) {
        let count = self.pace.due();
        if count == 0 {
            return;
        }
        let stamp = rfc3339(now);
        let mut encoder = std::mem::take(&mut self.encoder);
        let (duplicates, log, heard) = (&mut self.duplicates, &mut self.log, &mut self.heard);
        self.vehicles.step(count, |id, event| {
            heard[event.device] = now;
            encoder.encode(id, &event, &stamp);
            if log.note(&event, now) && duplicates.as_mut().is_some_and(|random| random.chance(0.1)) {
                encoder.encode(id, &event, &stamp);
            }
        });
        encoder.finish(|device, text| events.push(Event { device, text }));
        self.encoder = encoder;
    }

    fn act(&mut self, action: &Action, now: u64, events: &mut Vec<Event>) -> Option<String> {
        let event = match action {
            Action::UseLock { device, locked, source } => {
                let source = vehicles::SOURCES.into_iter().find(|known| known == source)?;
                self.vehicles.use_lock(*self.indices.get(device.as_str())?, Some(*locked), source)?
            }
            Action::UseNextLock => {
                let (device, source) = (self.next, vehicles::SOURCES[self.next % vehicles::SOURCES.len()]);
                self.next = (self.next + 1) % self.vehicles.len().max(1);
                self.vehicles.use_lock(device, None, source)?
            }
            Action::Device { device, online } => {
                self.vehicles.set_online(*self.indices.get(device.as_str())?, *online)?
            }
            Action::NthDevice { index, online } => self.vehicles.set_online(*index, *online)?,
            _ => return None,
        };
        let id = self.vehicles.id(event.device)?;
        self.heard[event.device] = now;
        self.log.note(&event, now);
        self.encoder.encode(id, &event, &rfc3339(now));
        self.encoder.finish(|device, text| events.push(Event { device, text }));
        Some(match event.kind {
            VehicleEventKind::Lock { number, .. } => encode::event_id(number),
            _ => id.to_owned(),
        })
    }

    fn deliver(session: &mut Session, event: &Event, _now: u64, out: &mut Outbox) {
        if session.subscribed[event.device] {
            out.offer(event.text.clone());
        }
    }

    /// Clients subscribe to large fleets in parts: the pouring begins with the last of the devices.
    fn load(&self, session: &Session, _load: &Load) -> Option<Frames> {
        let complete = session.subscribed.iter().all(|wanted| *wanted);
        complete.then(|| Frames::iotee(&self.vehicles.ids().collect::<Vec<_>>()))
    }
}

#[cfg(test)]
mod tests;
