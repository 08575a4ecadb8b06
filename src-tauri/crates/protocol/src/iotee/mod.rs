//! iotee: devices, their telemetry and their locks. (The service's "Connect to live device updates over WebSocket" page.)
//!
//! The key goes with the upgrade; `connected` greets; `subscribe` names hardware ids and is answered by `subscribed` with
//! those that were accepted. The connection is live when every subscribe was answered. The service documents no
//! keepalive, so WebSocket pings find a dead connection.

mod backfill;
mod payload;
mod plain;
mod wire;

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use url::Url;

use crate::config::{Connection, KeyIn, Protocol};
use crate::event::{EventBody, Lock, Notice, Presence, StreamEvent, Telemetry};
use crate::fetch::{Fetch, Occasion};
use crate::liveness::Liveness;
use crate::session::{
    Ask, ClientRequest, Close, Ended, Input, Limits, Outgoing, Progress, Session, Sink, SubscriptionState,
};
use crate::site::Site;
use crate::text::Text;
use crate::time::Timestamp;
use crate::value::{Field, Value};
use crate::{asked, ending, unread};

use wire::Message;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);
/// How long the service may be silent before it is pinged, and then again before it is given up.
const SILENCE: Duration = Duration::from_secs(20);
/// How many hardware ids one subscribe names: many devices are asked for in parts, one after the other.
const CHUNK: usize = 500;

/// A session of the device service.
#[derive(Debug)]
pub struct Iotee {
    url: Url,
    site: Site,
    key_in: KeyIn,
    /// What the operator wants, in order, each once.
    wanted: Vec<String>,
    /// Of those, what this attempt's service refused.
    refused: HashSet<String>,
    stage: Stage,
    /// Ids to subscribe to that were not asked for yet.
    waiting: VecDeque<String>,
    /// The part that was asked for and not answered.
    asked: Option<Asked>,
    liveness: Liveness,
}

/// How far the attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    /// Open; `connected` is due.
    Greeting {
        until: Instant,
    },
    /// Greeted; the subscribes are being answered.
    Subscribing,
    Live,
}

#[derive(Debug)]
struct Asked {
    ids: Vec<String>,
    until: Instant,
}

impl Iotee {
    /// Makes the session of a connection; `subscribe` are hardware ids.
    pub fn new(connection: &Connection) -> Self {
        let mut seen = HashSet::new();
        let names = connection.subscribe.iter().map(crate::config::Subscribe::name);
        let wanted = names.filter(|name| seen.insert(*name)).map(str::to_owned).collect();
        Iotee {
            url: connection.url.clone(),
            site: Site::new(connection),
            key_in: connection.key_in.unwrap_or(KeyIn::Header),
            wanted,
            refused: HashSet::new(),
            stage: Stage::Connecting,
            waiting: VecDeque::new(),
            asked: None,
            liveness: Liveness::pinging(SILENCE),
        }
    }

    fn text(&mut self, frame: &str, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        if plain::say(frame, out) {
            return Ok(());
        }
        let Ok(message) = serde_json::from_str::<Message<'_>>(frame) else {
            unread::tagged(out, frame, wire::is_known);
            return Ok(());
        };
        match message.kind.as_str() {
            "device_data" => telemetry(message, frame, out),
            "device_status" => presence(message, frame, out),
            "device_unlocked" => lock(false, message, frame, out),
            "device_locked" => lock(true, message, frame, out),
            "connected" => self.greeted(now, out),
            "subscribed" => {
                let accepted: HashSet<&str> = message.hardware_ids.0.iter().map(Text::as_str).collect();
                self.answered(&accepted, None, now, out);
            }
            "unsubscribed" => {
                for id in &message.hardware_ids.0 {
                    out.subscription(id, SubscriptionState::Ended);
                }
            }
            "error" => self.error(message, frame, now, out),
            "" => unread::tagged(out, frame, wire::is_known),
            unknown => unread::unknown(out, unknown, frame),
        }
        Ok(())
    }

    fn greeted(&mut self, now: Instant, out: &mut dyn Sink) {
        if !matches!(self.stage, Stage::Greeting { .. }) {
            return;
        }
        self.stage = Stage::Subscribing;
        self.waiting = self.wanted.iter().cloned().collect();
        if !self.waiting.is_empty() {
            out.progress(Progress::Subscribing);
        }
        self.ask_next(now, out);
    }

    /// Asks for the next part, or is live when there is none.
    fn ask_next(&mut self, now: Instant, out: &mut dyn Sink) {
        if self.asked.is_some() {
            return;
        }
        let ids: Vec<String> = self.waiting.drain(..self.waiting.len().min(CHUNK)).collect();
        if ids.is_empty() {
            if self.stage == Stage::Subscribing {
                self.stage = Stage::Live;
                out.progress(Progress::Live);
            }
            return;
        }
        for id in &ids {
            out.subscription(id, SubscriptionState::Requested);
        }
        send("subscribe", &ids, out);
        self.asked = Some(Asked { ids, until: now + ANSWER });
    }

    /// Takes the answer to the part that was asked for: those of it that are not accepted are refused.
    fn answered(&mut self, accepted: &HashSet<&str>, refusal: Option<&str>, now: Instant, out: &mut dyn Sink) {
        let Some(asked) = self.asked.take() else {
            // A late or repeated answer: what it accepts is subscribed.
            for id in self.wanted.iter().filter(|id| accepted.contains(id.as_str())) {
                out.subscription(id, SubscriptionState::Accepted);
            }
            return;
        };
        let words = refusal.unwrap_or("the service did not accept this device: unknown, or outside the key's scope");
        for id in &asked.ids {
            let is_accepted = accepted.contains(id.as_str());
            if is_accepted {
                self.refused.remove(id);
            } else {
                self.refused.insert(id.clone());
            }
            out.subscription(
                id,
                if is_accepted { SubscriptionState::Accepted } else { SubscriptionState::Refused(words) },
            );
        }
        self.ask_next(now, out);
    }

    fn error(&mut self, message: Message<'_>, frame: &str, now: Instant, out: &mut dyn Sink) {
        let words = message.message.0.unwrap_or_else(|| Text::from("an error without words"));
        let refusal = format!("the service answered with an error{}", ending::quoted(&words));
        let notice =
            Notice { code: message.code.0, message: words, subscription: None, request_id: None, dropped: None };
        out.event(&StreamEvent { at: message.timestamp.0, body: EventBody::Error(notice), data: frame });
        // Errors name no request; while one is open they are its answer.
        if self.asked.is_some() {
            self.answered(&HashSet::new(), Some(&refusal), now, out);
        }
    }

    fn timeout(&mut self, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        if let Stage::Greeting { until } = self.stage
            && until <= now
        {
            return Err(Ended::retry("the service did not greet within 10 s"));
        }
        if self.asked.as_ref().is_some_and(|asked| asked.until <= now) {
            if self.stage != Stage::Live {
                return Err(Ended::retry("the service did not answer a subscribe within 10 s"));
            }
            self.answered(&HashSet::new(), Some("the service did not answer within 10 s"), now, out);
        }
        self.liveness.check(now, out)
    }

    fn ask(&mut self, ask: &Ask, now: Instant, out: &mut dyn Sink) {
        match ask {
            Ask::Subscribe(id) => {
                if !self.wanted.contains(id) {
                    self.wanted.push(id.clone());
                }
                if matches!(self.stage, Stage::Subscribing | Stage::Live) {
                    self.waiting.push_back(id.clone());
                    self.ask_next(now, out);
                }
            }
            Ask::Unsubscribe(id) => {
                self.wanted.retain(|wanted| wanted != id);
                self.refused.remove(id);
                self.waiting.retain(|waiting| waiting != id);
                if matches!(self.stage, Stage::Subscribing | Stage::Live) {
                    send("unsubscribe", std::slice::from_ref(id), out);
                } else {
                    out.subscription(id, SubscriptionState::Ended);
                }
            }
            Ask::RunQuery { .. } | Ask::StopQuery { .. } | Ask::CreateLiveQuery(_) | Ask::DestroyLiveQuery(_) => {
                asked::cannot(ask, Protocol::Iotee, out);
            }
        }
    }

    fn forget(&mut self) {
        self.stage = Stage::Connecting;
        self.waiting.clear();
        self.refused.clear();
        self.asked = None;
        self.liveness.reset();
    }
}

impl Session for Iotee {
    fn connect(&mut self, credential: &SecretString) -> Result<ClientRequest, Ended> {
        self.forget();
        let mut request = ClientRequest { url: self.url.clone(), secret_query: Vec::new(), secret_headers: Vec::new() };
        match self.key_in {
            KeyIn::Header => request.secret_headers.push(("X-API-Key", credential.clone())),
            KeyIn::Query => request.secret_query.push(("api_key", credential.clone())),
        }
        Ok(request)
    }

    fn handle(&mut self, input: Input<'_>, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        match input {
            Input::Text(frame) => {
                self.liveness.heard(now);
                return self.text(frame, now, out);
            }
            Input::Opened => {
                self.liveness.heard(now);
                self.stage = Stage::Greeting { until: now + ANSWER };
                out.progress(Progress::Authenticating);
            }
            Input::Binary(frame) => {
                self.liveness.heard(now);
                unread::first_bytes(out, "binary", frame);
            }
            Input::Pong => self.liveness.heard(now),
            Input::Timeout => return self.timeout(now, out),
            Input::Ask(ask) => self.ask(ask, now, out),
            Input::Probe => self.liveness.probe(now, out),
        }
        Ok(())
    }

    fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let greeting = match self.stage {
            Stage::Greeting { until } => Some((until, "greeting")),
            _ => None,
        };
        let answer = self.asked.as_ref().map(|asked| (asked.until, "answer to subscribe"));
        [greeting, answer, self.liveness.deadline()].into_iter().flatten().min()
    }

    fn closed(&mut self, close: Option<Close<'_>>) -> Ended {
        self.forget();
        Ended::retry(ending::close_words(close))
    }

    fn rejected(&mut self, status: u16, retry_after: Option<Duration>) -> Ended {
        self.forget();
        ending::rejection(status, retry_after)
    }

    fn shutdown(&mut self, out: &mut dyn Sink) {
        if matches!(self.stage, Stage::Subscribing | Stage::Live) {
            for part in self.wanted.chunks(CHUNK) {
                send("unsubscribe", part, out);
            }
        }
        out.send(Outgoing::Close { code: 1000, reason: "goodbye" });
        self.forget();
    }

    fn fetches(
        &mut self,
        _: Occasion,
        known_until: Option<Timestamp>,
        credential: &SecretString,
        now: Timestamp,
    ) -> Vec<Fetch> {
        let ids = self.wanted.iter().map(String::as_str).filter(|id| !self.refused.contains(*id));
        backfill::fetches(&self.site, ids, known_until, credential, now)
    }

    fn fetched(&mut self, fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
        backfill::fetched(fetch, body, out)
    }

    fn limits(&self) -> Limits {
        Limits { message: 1 << 20, frame: 1 << 20 }
    }
}

fn telemetry(message: Message<'_>, frame: &str, out: &mut dyn Sink) {
    let (json, at, answered) =
        (message.payload, message.timestamp.0.or(message.updated_at.0), message.last_responded_at);
    let (Some(device), Some(fields)) = (message.hardware_id.or(message.device_id.0), read(json)) else {
        return unread::malformed(out, "device_data", frame);
    };
    let last_responded_at = answered.0.or_else(|| payload::last_responded_at(&fields));
    let body = EventBody::Telemetry(Telemetry { device, fields: &fields, last_responded_at });
    out.event(&StreamEvent { at, body, data: json.map_or("{}", |json| json.get()) });
}

fn presence(message: Message<'_>, frame: &str, out: &mut dyn Sink) {
    let (json, at) = (message.payload, message.timestamp.0.or(message.updated_at.0));
    let (Some(device), Some(mut fields)) = (message.hardware_id.or(message.device_id.0), read(json)) else {
        return unread::malformed(out, "device_status", frame);
    };
    let mut online = None;
    fields.retain(|Field { name, value }| {
        let is_presence = name.as_str() == "is_online";
        if is_presence {
            online = match value {
                Value::Bool(truth) => Some(*truth),
                Value::Number(number) if *number == 1.0 => Some(true),
                Value::Number(number) if *number == 0.0 => Some(false),
                _ => None,
            };
        }
        !is_presence
    });
    let body = EventBody::Presence(Presence { device, online, fields: &fields });
    out.event(&StreamEvent { at, body, data: json.map_or("{}", |json| json.get()) });
}

fn lock(locked: bool, message: Message<'_>, frame: &str, out: &mut dyn Sink) {
    let Some(device) = message.hardware_id.or(message.device_id.0) else {
        return unread::malformed(out, &message.kind, frame);
    };
    let (event_id, source, code) = (message.event_id.0, message.source.0, message.code.0);
    let body = EventBody::Lock(Lock { device, locked, event_id, source, code });
    out.event(&StreamEvent { at: message.timestamp.0.or(message.updated_at.0), body, data: frame });
}

/// Reads the fields of a payload; an absent one has none.
fn read(json: Option<&serde_json::value::RawValue>) -> Option<payload::Fields<'_>> {
    json.map_or_else(|| Some(payload::Fields::new()), |json| payload::fields(json.get()))
}

fn send(kind: &'static str, hardware_ids: &[String], out: &mut dyn Sink) {
    // Strings always serialise.
    if let Ok(text) = serde_json::to_string(&wire::Request { kind, hardware_ids }) {
        out.send(Outgoing::Text(text));
    }
}
