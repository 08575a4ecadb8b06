//! The HTTP side: the devices as they are, and the lock events of the past (the service's API reference, `/devices` and
//! `/lock-events`).

use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::http::StatusCode;

use super::Iotee;
use super::encode::{self, event_id};
use super::log::LockEvent;
use crate::wire::http::{Answer, Page, Request};
use crate::wire::rfc3339;

const DEFAULT_LIMIT: usize = 100;
const MOST: usize = 1_000;
/// When the service says that all its devices were made.
const CREATED: u64 = 1_764_547_200_000;
/// What a device is, by its place in the list, as its id says.
const KINDS: [&str; 4] = ["Van", "Box truck", "Cargo bike", "Truck"];

impl Iotee {
    pub(super) fn answer(&self, request: &Request<'_>, now: u64) -> Answer {
        if !self.shared.gate.admits(request.call.api_key) {
            return failed(StatusCode::UNAUTHORIZED, "Invalid API key");
        }
        match (request.method, request.call.path) {
            ("GET", "/devices") => self.devices(request, now),
            ("GET", "/lock-events") => {
                self.lock_events(request).unwrap_or_else(|wrong| failed(StatusCode::BAD_REQUEST, &wrong))
            }
            (_, "/devices" | "/lock-events") => failed(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
            _ => failed(StatusCode::NOT_FOUND, "Not found"),
        }
    }

    /// The devices that are named, in the order of the request and without those that do not exist; all when none is named.
    fn devices(&self, request: &Request<'_>, now: u64) -> Answer {
        let named: Vec<String> = request.parameters("hardware_ids").collect();
        let devices: Vec<usize> = if named.is_empty() {
            (0..self.vehicles.len()).collect()
        } else {
            let ids = named.iter().flat_map(|ids| ids.split(','));
            ids.filter_map(|id| self.indices.get(id.trim()).copied()).collect()
        };
        // Those who name what they want get all of it, whatever the default.
        let page = Page::by_offset(request, if named.is_empty() { DEFAULT_LIMIT } else { MOST }, MOST);
        let part = page.of(devices);
        let devices: Vec<Value> = part.items.into_iter().filter_map(|device| self.device(device, now)).collect();
        let pagination =
            json!({ "limit": page.limit, "offset": page.offset, "returned": devices.len(), "total": part.total });
        Answer::ok(&json!({ "devices": devices, "pagination": pagination }))
    }

    fn device(&self, device: usize, now: u64) -> Option<Value> {
        let (online, telemetry) = self.vehicles.state(device)?;
        let mut attributes = "{".to_owned();
        encode::telemetry(&mut attributes, &telemetry);
        attributes.push('}');
        let attributes: Map<String, Value> = serde_json::from_str(&attributes).ok()?;
        let heard = self.heard.get(device).copied().filter(|heard| *heard > 0).unwrap_or(now);
        Some(json!({
            "device_id": (1_000 + device).to_string(),
            "hardware_id": self.vehicles.id(device)?,
            "device_type": "iotee_device",
            "name": format!("{} {}", KINDS[device % KINDS.len()], device + 1),
            "is_online": online,
            "attributes": attributes,
            "created_at": rfc3339(CREATED),
            "updated_at": rfc3339(heard),
        }))
    }

    fn lock_events(&self, request: &Request<'_>) -> Result<Answer, String> {
        let from = request.time("from")?.unwrap_or(0);
        let to = request.time("to")?.unwrap_or(u64::MAX);
        let device = request.parameter("hardware_id").map(|id| self.indices.get(id.as_str()).copied());
        let locked = request.parameter("event").map(|event| event == "lock");
        let source = request.parameter("source");
        let chosen = self.log.between(from, to).filter(|event| {
            device.is_none_or(|device| device == Some(event.device))
                && locked.is_none_or(|locked| locked == event.locked)
                && source.as_ref().is_none_or(|source| source == event.source)
        });
        let page = Page::by_offset(request, DEFAULT_LIMIT, MOST);
        let part = page.of(chosen.collect());
        let events: Vec<Value> = part.items.into_iter().filter_map(|event| self.lock_event(event)).collect();
        let pagination = json!({ "limit": page.limit, "offset": page.offset, "returned": events.len() });
        Ok(Answer::ok(&json!({ "events": events, "pagination": pagination })))
    }

    fn lock_event(&self, event: &LockEvent) -> Option<Value> {
        let mut value = json!({
            "event_id": event_id(event.number),
            "hardware_id": self.vehicles.id(event.device)?,
            "event": if event.locked { "lock" } else { "unlock" },
            "timestamp": rfc3339(event.at),
            "source": event.source,
        });
        if let Some(code) = &event.code {
            value["code"] = code.as_str().into();
        }
        Some(value)
    }
}

fn failed(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": message }))
}
