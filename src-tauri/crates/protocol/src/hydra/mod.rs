//! hydra: intelligence streams: signals, alerts, cyber and others. (The service's "Connecting" page.)
//!
//! The token goes with the upgrade; `connected` greets and names the streams in the token's scope, and that is enough to
//! be live: answers to `subscribe` are read when they come and not waited for. A heartbeat comes every 30 s; three
//! missed ones mean that the connection is dead. Each close code has its own meaning.
//!
//! A newer generation of the service takes the key as the header `x-api-key`, greets nobody, knows no subscribe, wraps
//! messages as `{type, data}` and closes with 1008 on a bad key. It is live with its first message.

mod backfill;
mod signal;
mod streams;
mod wire;

pub use signal::{area, area_of, severity, title};

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::config::{Connection, Protocol};
use crate::event::{EventBody, Notice, StreamEvent};
use crate::fetch::{Fetch, Occasion};
use crate::liveness::Liveness;
use crate::session::{Ask, ClientRequest, Close, Ended, Input, Outgoing, Progress, Session, Sink};
use crate::site::Site;
use crate::text::Text;
use crate::time::Timestamp;
use crate::{asked, ending, unread};

use streams::Streams;
use wire::{Answer, Connected, Envelope, Fault};

/// Three heartbeats of 30 s, and a little for the way.
const SILENCE: Duration = Duration::from_secs(95);
/// How long to stay away when the balance is too low: somebody has to pay first.
const UNPAID: Duration = Duration::from_secs(5 * 60);
/// How long to stay away when there were too many requests.
const TOO_MANY: Duration = Duration::from_secs(30);

/// A session of the intelligence service.
#[derive(Debug)]
pub struct Hydra {
    url: Url,
    site: Site,
    streams: Streams,
    stage: Stage,
    liveness: Liveness,
}

/// How far the attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    /// Open; nothing readable came.
    Open,
    Live,
}

impl Hydra {
    /// Makes the session of a connection; `subscribe` are streams, all of the token's scope when there are none.
    pub fn new(connection: &Connection) -> Self {
        Hydra {
            url: connection.url.clone(),
            site: Site::new(connection),
            streams: Streams::new(connection),
            stage: Stage::Connecting,
            liveness: Liveness::listening(SILENCE),
        }
    }

    fn text(&mut self, frame: &str, out: &mut dyn Sink) {
        let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(frame) else {
            return unread::tagged(out, frame, wire::is_known);
        };
        let kind = envelope.kind.as_str();
        if kind.is_empty() {
            return unread::tagged(out, frame, wire::is_known);
        }
        if wire::is_control(kind) {
            return self.control(&envelope, frame, out);
        }
        if let Some(stream) = envelope.stream.0.clone().or_else(|| wire::stream_of(kind).map(Text::from)) {
            self.live(out);
            self.streams.heard(&stream, out);
            return signal::say(&envelope, stream, frame, out);
        }
        match kind {
            "error" => error(&envelope, frame, out),
            unknown => unread::unknown(out, unknown, frame),
        }
    }

    fn control(&mut self, envelope: &Envelope<'_>, frame: &str, out: &mut dyn Sink) {
        match envelope.kind.as_str() {
            "connected" => {
                let data = envelope.data.and_then(|data| serde_json::from_str::<Connected<'_>>(data.get()).ok());
                let available = data.and_then(|data| data.available);
                self.streams.offered(available.as_ref().map(|list| list.0.iter().map(Text::as_str)), out);
                self.live(out);
            }
            "subscribed" => {
                self.live(out);
                let inner: Option<Answer<'_>> = envelope.data.and_then(|data| serde_json::from_str(data.get()).ok());
                match inner.filter(|answer| !answer.is_empty()).or_else(|| serde_json::from_str(frame).ok()) {
                    Some(answer) => self.streams.answered(&answer, out),
                    None => unread::malformed(out, "subscribed", frame),
                }
            }
            // `heartbeat`, `pong`, and answers to what needs none: they show that the service lives.
            _ => self.live(out),
        }
    }

    fn live(&mut self, out: &mut dyn Sink) {
        if self.stage == Stage::Open {
            self.stage = Stage::Live;
            out.progress(Progress::Live);
        }
    }

    fn ask(&mut self, ask: &Ask, out: &mut dyn Sink) {
        let is_live = self.stage == Stage::Live;
        match ask {
            Ask::Subscribe(stream) => self.streams.subscribe(stream, is_live, out),
            Ask::Unsubscribe(stream) => self.streams.unsubscribe(stream, is_live, out),
            Ask::RunQuery { .. } | Ask::StopQuery { .. } | Ask::CreateLiveQuery(_) | Ask::DestroyLiveQuery(_) => {
                asked::cannot(ask, Protocol::Hydra, out);
            }
        }
    }

    fn forget(&mut self) {
        self.streams.forget();
        self.stage = Stage::Connecting;
        self.liveness.reset();
    }
}

impl Session for Hydra {
    fn connect(&mut self, credential: &SecretString) -> Result<ClientRequest, Ended> {
        self.forget();
        let mut request = ClientRequest {
            url: self.url.clone(),
            secret_query: vec![("token", credential.clone())],
            secret_headers: Vec::new(),
        };
        if !is_jwt(credential.expose_secret()) {
            request.secret_headers.push(("x-api-key", credential.clone()));
        }
        Ok(request)
    }

    fn handle(&mut self, input: Input<'_>, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        match input {
            Input::Text(frame) => {
                self.liveness.heard(now);
                self.text(frame, out);
            }
            Input::Opened => {
                self.liveness.heard(now);
                self.stage = Stage::Open;
                out.progress(Progress::Authenticating);
            }
            Input::Binary(frame) => {
                self.liveness.heard(now);
                unread::first_bytes(out, "binary", frame);
            }
            Input::Pong => self.liveness.heard(now),
            Input::Timeout => return self.liveness.check(now, out),
            Input::Ask(ask) => self.ask(ask, out),
            Input::Probe => self.liveness.probe(now, out),
        }
        Ok(())
    }

    fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        self.liveness.deadline()
    }

    /// Codes: the service's "Close Codes", and RFC 6455 for the others.
    fn closed(&mut self, close: Option<Close<'_>>) -> Ended {
        let words = ending::close_words(close);
        let ended = match close.map(|close| close.code) {
            Some(4001) => Ended::needs_credential(format!("{words}: the token is not valid or has expired")),
            Some(1008) => Ended::needs_credential(format!("{words}: it refused the key")),
            Some(4002) => {
                let cause = format!("{words}: the account's token balance is too low; top it up with the service");
                Ended::retry_after(UNPAID, cause)
            }
            Some(4003) => Ended::retry_after(TOO_MANY, format!("{words}: the rate limit was exceeded")),
            Some(4004) => {
                let words = format!("{words}: a subscription is not in the token's scope");
                if self.streams.drop_out_of_scope(close.map_or("", |close| close.reason)) {
                    Ended::retry(format!("{words}; it goes on without it"))
                } else {
                    Ended::refused(format!("{words}, and no other is wanted; change what it subscribes to"))
                }
            }
            _ => Ended::retry(words),
        };
        self.forget();
        ended
    }

    fn rejected(&mut self, status: u16, retry_after: Option<Duration>) -> Ended {
        self.forget();
        let ended = ending::rejection(status, retry_after);
        match status {
            402 => Ended::retry_after(retry_after.unwrap_or(UNPAID), format!("{}, payment required", ended.cause)),
            429 if retry_after.is_none() => Ended::retry_after(TOO_MANY, ended.cause),
            _ => ended,
        }
    }

    fn fetches(
        &mut self,
        _: Occasion,
        known_until: Option<Timestamp>,
        credential: &SecretString,
        now: Timestamp,
    ) -> Vec<Fetch> {
        let streams = self.streams.names();
        backfill::fetches(&self.site, streams.iter().map(String::as_str), known_until, credential, now)
    }

    fn fetched(&mut self, fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
        backfill::fetched(fetch, body, out)
    }

    fn shutdown(&mut self, out: &mut dyn Sink) {
        if self.stage == Stage::Live {
            self.streams.release(out);
        }
        out.send(Outgoing::Close { code: 1000, reason: "goodbye" });
        self.forget();
    }
}

fn error(envelope: &Envelope<'_>, frame: &str, out: &mut dyn Sink) {
    let inner: Option<Fault<'_>> = envelope.data.and_then(|data| serde_json::from_str(data.get()).ok());
    let outer: Fault<'_> = serde_json::from_str(frame).unwrap_or_default();
    let fault = inner.filter(|fault| fault.message.0.is_some() || fault.code.0.is_some()).unwrap_or(outer);
    let message = fault.message.0.or_else(|| fault.code.0.clone()).unwrap_or_default();
    let notice = Notice { code: fault.code.0, message, subscription: None, request_id: None, dropped: None };
    out.event(&StreamEvent { at: envelope.ts.0, body: EventBody::Error(notice), data: frame });
}

/// Whether a credential has the form of a JWT; what has not may be a key of the newer service.
fn is_jwt(credential: &str) -> bool {
    credential.starts_with("eyJ") && credential.matches('.').count() == 2
}
