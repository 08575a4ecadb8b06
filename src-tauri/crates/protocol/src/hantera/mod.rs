//! hantera: jobs, actors and live queries. (The service's "WebSocket" and "WebSocket API Reference" pages.)
//!
//! `auth` is the first message and carries the token; `authenticated` answers. Then every subscription and live query is
//! a request of its own with its own `requestId`, so that one bad path refuses itself and not the others. The connection
//! is live when each of them is answered, or 10 s later with the unanswered ones shown as refused. The service pings
//! every 30 s; 60 s without any message means that it is gone.
//!
//! An older generation of the service, at an address that ends in `/events`, takes `subscribe` and names one
//! `subscriptionId` in each event; it is spoken where the address says so and read everywhere.

mod backfill;
mod event;
mod live_query;
mod numbers;
mod path;
mod wanted;
mod wire;

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::config::{Connection, Protocol};
use crate::event::{EventBody, Notice, StreamEvent};
use crate::fetch::{Fetch, Occasion};
use crate::liveness::Liveness;
use crate::session::{Ask, ClientRequest, Close, Ended, Input, Outgoing, Progress, SecretText, Session, Sink};
use crate::site::Site;
use crate::text::Text;
use crate::time::Timestamp;
use crate::{asked, ending, unread};

use wanted::Wanted;
use wire::{Message, Request};

/// How long an answer may take; the service gives authentication as long.
const ANSWER: Duration = Duration::from_secs(10);
/// How long the service may be silent: twice the time between its pings.
const SILENCE: Duration = Duration::from_secs(60);

/// The least time between two renewals of the live queries: overflows come in swarms.
const RENEWALS: Duration = Duration::from_secs(10);
/// How old what an overflow dropped may be, in milliseconds.
const QUEUED: i64 = 10 * 60 * 1_000;

/// A session of the job service.
#[derive(Debug)]
pub struct Hantera {
    url: Url,
    site: Site,
    /// The credential between [`Session::connect`] and the `auth` message.
    token: Option<SecretString>,
    wanted: Wanted,
    stage: Stage,
    liveness: Liveness,
    /// When the live queries were last begun anew after an overflow, and when they will be.
    renewed: Option<Instant>,
    renew_at: Option<Instant>,
}

/// How far the attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    /// `auth` is sent.
    Authenticating {
        until: Instant,
    },
    /// Accepted; the requests are being answered.
    Subscribing,
    Live,
}

impl Hantera {
    /// Makes the session of a connection; `subscribe` are paths.
    pub fn new(connection: &Connection) -> Self {
        Hantera {
            url: connection.url.clone(),
            site: Site::new(connection),
            token: None,
            wanted: Wanted::new(connection),
            stage: Stage::Connecting,
            liveness: Liveness::listening(SILENCE),
            renewed: None,
            renew_at: None,
        }
    }

    fn opened(&mut self, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        self.liveness.heard(now);
        let Some(token) = self.token.take() else {
            return Err(Ended::retry("the connection was opened without a token to send"));
        };
        out.progress(Progress::Authenticating);
        self.stage = Stage::Authenticating { until: now + ANSWER };
        if let Ok(text) = serde_json::to_string(&Request::Auth { token: bare(token.expose_secret()) }) {
            out.send(Outgoing::Secret(SecretText::new(text)));
        }
        Ok(())
    }

    fn text(&mut self, frame: &str, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        let Ok(message) = serde_json::from_str::<Message<'_>>(frame) else {
            unread::tagged(out, frame, wire::is_known);
            return Ok(());
        };
        match message.kind.as_str() {
            "event" => {
                let ours = || {
                    let id = message.subscription_ids.0.first().or(message.subscription_id.0.as_ref())?;
                    self.wanted.path(id)
                };
                let path = message.path.0.as_deref().or_else(ours).unwrap_or("");
                event::say(&message, path, frame, out);
            }
            "ping" => send(&Request::Pong, out),
            "authenticated" => self.authenticated(now, out),
            "subscribedEvents" | "subscribed" => {
                self.wanted.confirmed(&message, out);
                self.live_when_answered(out);
            }
            // What was unsubscribed was said to have ended when it was asked for.
            "unsubscribedEvents" | "unsubscribed" => {}
            "liveQueryCreated" => {
                live_query::say(&message, frame, out);
                self.wanted.created(&message, out);
                self.live_when_answered(out);
            }
            "liveQueryDestroyed" => {
                live_query::say(&message, frame, out);
                self.wanted.destroyed(&message, out);
            }
            "liveQueryData" | "liveQueryAddedNode" | "liveQueryUpdatedNode" | "liveQueryRemovedNode" => {
                live_query::say(&message, frame, out);
            }
            "warning" => self.warning(message, frame, now, out),
            "error" => return self.error(message, frame, out),
            "" => unread::tagged(out, frame, wire::is_known),
            unknown => unread::unknown(out, unknown, frame),
        }
        Ok(())
    }

    fn authenticated(&mut self, now: Instant, out: &mut dyn Sink) {
        if !matches!(self.stage, Stage::Authenticating { .. }) {
            return;
        }
        self.stage = Stage::Subscribing;
        if !self.wanted.is_empty() {
            out.progress(Progress::Subscribing);
        }
        self.wanted.request_all(now + ANSWER, out);
        self.live_when_answered(out);
    }

    fn live_when_answered(&mut self, out: &mut dyn Sink) {
        if self.stage == Stage::Subscribing && self.wanted.is_answered() {
            self.stage = Stage::Live;
            out.progress(Progress::Live);
        }
    }

    fn warning(&mut self, message: Message<'_>, frame: &str, now: Instant, out: &mut dyn Sink) {
        let id = message.subscription_id.0.or_else(|| message.subscription_ids.0.into_iter().next());
        let words = message.message.0.unwrap_or_default();
        let is_overflow = message.code.0.as_deref() == Some("QUEUE_OVERFLOW");
        let notice = Notice {
            dropped: if is_overflow { first_number(&words) } else { None },
            code: message.code.0,
            message: words,
            subscription: id.map(|id| self.wanted.name(&id).map(|name| Text(name.to_owned().into())).unwrap_or(id)),
            request_id: message.request_id.0,
        };
        out.event(&StreamEvent { at: message.timestamp.0, body: EventBody::Warning(notice), data: frame });
        if is_overflow {
            out.missed();
            self.renew_at.get_or_insert(self.renewed.map_or(now, |renewed| now.max(renewed + RENEWALS)));
            self.renew(now, out);
        }
    }

    /// Destroys the live queries and creates them again, when it is time to: what they missed they do not get otherwise.
    fn renew(&mut self, now: Instant, out: &mut dyn Sink) {
        if self.renew_at.is_some_and(|at| at <= now) {
            self.renew_at = None;
            self.renewed = Some(now);
            self.wanted.renew(now + ANSWER, out);
        }
    }

    fn error(&mut self, message: Message<'_>, frame: &str, out: &mut dyn Sink) -> Result<(), Ended> {
        let code = message.code.0.as_deref().unwrap_or("");
        let words = message.message.0.as_deref().unwrap_or("");
        if code == "AUTH_FAILED" {
            let cause = format!("the service refused the token with AUTH_FAILED{}", ending::quoted(words));
            return Err(Ended::needs_credential(cause));
        }
        let said = if words.is_empty() { code } else { words };
        let refused = self.wanted.refused(&message, said, out);
        let notice = Notice {
            message: Text::from(said),
            code: message.code.0.clone(),
            subscription: refused.map(|name| Text(name.into())).or_else(|| message.subscription_id.0.clone()),
            request_id: message.request_id.0.clone(),
            dropped: None,
        };
        out.event(&StreamEvent { at: message.timestamp.0, body: EventBody::Error(notice), data: frame });
        self.live_when_answered(out);
        Ok(())
    }

    fn timeout(&mut self, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        if let Stage::Authenticating { until } = self.stage
            && until <= now
        {
            return Err(Ended::retry("the service did not answer the authentication within 10 s"));
        }
        self.wanted.expire(now, out);
        self.renew(now, out);
        self.live_when_answered(out);
        self.liveness.check(now, out)
    }

    fn ask(&mut self, ask: &Ask, now: Instant, out: &mut dyn Sink) {
        let until = matches!(self.stage, Stage::Subscribing | Stage::Live).then_some(now + ANSWER);
        match ask {
            Ask::Subscribe(path) => self.wanted.subscribe(path, until, out),
            Ask::Unsubscribe(path) => self.wanted.unsubscribe(path, until.is_some(), out),
            Ask::CreateLiveQuery(query) => self.wanted.create(query, until, out),
            Ask::DestroyLiveQuery(id) => self.wanted.destroy(id, until.is_some(), out),
            Ask::RunQuery { .. } | Ask::StopQuery { .. } => asked::cannot(ask, Protocol::Hantera, out),
        }
        // Asking may have ended the last unanswered request.
        self.live_when_answered(out);
    }

    fn forget(&mut self) {
        self.token = None;
        self.stage = Stage::Connecting;
        self.wanted.forget();
        self.liveness.reset();
        (self.renewed, self.renew_at) = (None, None);
    }
}

impl Session for Hantera {
    fn connect(&mut self, credential: &SecretString) -> Result<ClientRequest, Ended> {
        self.forget();
        if bare(credential.expose_secret()).is_empty() {
            return Err(Ended::needs_credential("the token is empty"));
        }
        self.token = Some(credential.clone());
        Ok(ClientRequest { url: self.url.clone(), secret_query: Vec::new(), secret_headers: Vec::new() })
    }

    fn handle(&mut self, input: Input<'_>, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        match input {
            Input::Text(frame) => {
                self.liveness.heard(now);
                return self.text(frame, now, out);
            }
            Input::Opened => return self.opened(now, out),
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
        let authentication = match self.stage {
            Stage::Authenticating { until } => Some((until, "authentication")),
            _ => None,
        };
        let answer = self.wanted.deadline().map(|at| (at, "answer to a request"));
        let renewal = self.renew_at.map(|at| (at, "live queries anew"));
        [authentication, answer, renewal, self.liveness.deadline()].into_iter().flatten().min()
    }

    fn closed(&mut self, close: Option<Close<'_>>) -> Ended {
        let before =
            if matches!(self.stage, Stage::Authenticating { .. }) { ", before it accepted the token" } else { "" };
        self.forget();
        Ended::retry(format!("{}{before}", ending::close_words(close)))
    }

    fn rejected(&mut self, status: u16, retry_after: Option<Duration>) -> Ended {
        self.forget();
        ending::rejection(status, retry_after)
    }

    fn fetches(
        &mut self,
        occasion: Occasion,
        known_until: Option<Timestamp>,
        credential: &SecretString,
        now: Timestamp,
    ) -> Vec<Fetch> {
        // What an overflow dropped may be of any time that the queue held: the receiver heard the stream all along.
        let known_until = match occasion {
            Occasion::Overflow => known_until.map(|known| known.min(Timestamp(now.0.saturating_sub(QUEUED)))),
            _ => known_until,
        };
        backfill::fetches(&self.site, known_until, bare(credential.expose_secret()), now)
    }

    fn fetched(&mut self, fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
        backfill::fetched(fetch, body, out)
    }

    fn shutdown(&mut self, out: &mut dyn Sink) {
        if matches!(self.stage, Stage::Subscribing | Stage::Live) {
            self.wanted.release(out);
        }
        out.send(Outgoing::Close { code: 1000, reason: "goodbye" });
        self.forget();
    }
}

/// The token without the prefix that HTTP headers have. ("Send the token without the Bearer prefix.")
fn bare(token: &str) -> &str {
    let token = token.trim();
    match token.get(..7) {
        Some(prefix) if prefix.eq_ignore_ascii_case("bearer ") => token.get(7..).unwrap_or("").trim(),
        _ => token,
    }
}

/// The first whole number of a text: `5` of "5 events dropped for …".
fn first_number(text: &str) -> Option<u64> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let digits = text.get(from..)?;
    digits.get(..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()))?.parse().ok()
}

fn send(request: &Request<'_>, out: &mut dyn Sink) {
    // Strings always serialise.
    if let Ok(text) = serde_json::to_string(request) {
        out.send(Outgoing::Text(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_without_its_prefix() {
        assert_eq!(bare(" Bearer abc "), "abc");
        assert_eq!(bare("abc"), "abc");
        assert_eq!(bare("bearer"), "bearer");
        assert_eq!(bare("ééééé"), "ééééé");
    }

    #[test]
    fn the_count_of_an_overflow_is_the_first_number_of_its_text() {
        assert_eq!(first_number("5 events dropped for subscription 'my-jobs-2'"), Some(5));
        assert_eq!(first_number("dropped: 120"), Some(120));
        assert_eq!(first_number("some were dropped"), None);
        assert_eq!(first_number("99999999999999999999999 events"), None);
    }
}
