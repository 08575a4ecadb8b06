//! What every protocol's session is: the contract between the wire and the rest.

use std::time::{Duration, Instant};

use secrecy::SecretString;
use url::Url;

use crate::event::StreamEvent;
use crate::fetch::{Fetch, Occasion};
use crate::time::Timestamp;

/// One connection's protocol state. It lives over all attempts: [`Session::connect`] forgets what belonged to the last
/// attempt and keeps what was learned (a wire version that was accepted, a subscription that is out of scope).
pub trait Session: Send {
    /// Begins an attempt: the upgrade request to make, with the credential where this protocol carries it.
    ///
    /// A protocol that sends its credential as a message (hantera) keeps it until that message is sent, and no longer.
    fn connect(&mut self, credential: &SecretString) -> Result<ClientRequest, Ended>;

    /// Takes one input at the time `now`. An error ends the attempt; its [`Disposition`] says what follows.
    ///
    /// Frames that cannot be read and messages that are not known are events ([`crate::EventBody::Unrecognised`]),
    /// never errors.
    fn handle(&mut self, input: Input<'_>, now: Instant, out: &mut dyn Sink) -> Result<(), Ended>;

    /// The next time that [`Input::Timeout`] is wanted, and why the session wakes then.
    fn poll_timeout(&self) -> Option<(Instant, &'static str)>;

    /// What a close of the connection means; `None` when the socket ended without a close frame.
    fn closed(&mut self, close: Option<Close<'_>>) -> Ended;

    /// What an HTTP answer other than 101 to the upgrade means. `retry_after` is the server's own `Retry-After`.
    fn rejected(&mut self, status: u16, retry_after: Option<Duration>) -> Ended;

    /// Says goodbye: unsubscribes or leaves, then sends [`Outgoing::Close`] with 1000.
    fn shutdown(&mut self, out: &mut dyn Sink);

    /// What to fetch over HTTP now that the connection is live. Everything that happened until `known_until` is known;
    /// `None` when nothing is. `now` is the time of day.
    fn fetches(
        &mut self,
        occasion: Occasion,
        known_until: Option<Timestamp>,
        credential: &SecretString,
        now: Timestamp,
    ) -> Vec<Fetch> {
        let _ = (occasion, known_until, credential, now);
        Vec::new()
    }

    /// Reads an answer's body: its events go to `out`, oldest first. Answers the next page to fetch, where there is one.
    /// An error is a clause about the service, as "it answered with something else than a list".
    fn fetched(&mut self, fetch: &Fetch, body: &[u8], out: &mut dyn Sink) -> Result<Option<Fetch>, String> {
        let _ = (fetch, body, out);
        Ok(None)
    }

    /// How large a message of this service may be.
    fn limits(&self) -> Limits {
        Limits::default()
    }
}

/// What happens to a session.
#[derive(Debug)]
pub enum Input<'a> {
    /// The upgrade was accepted.
    Opened,
    /// A text message came.
    Text(&'a str),
    /// A binary message came.
    Binary(&'a [u8]),
    /// A WebSocket pong came. Pings are answered below this layer.
    Pong,
    /// The time that [`Session::poll_timeout`] named is reached.
    Timeout,
    /// The operator asks for something.
    Ask(&'a Ask),
    /// The connection may be dead (the computer slept): prove it alive soon or end it.
    Probe,
}

/// What an operator may ask of a connection while it is live. Each is answered by events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Runs SQL on hosts (hyprwatch); answered by query events that carry `run`.
    RunQuery {
        /// The caller's own number for this run.
        run: u64,
        /// The org to ask; the first one of the connection when `None`.
        org: Option<String>,
        /// The SQL text, as the operator wrote it.
        sql: String,
        /// `all`, or what the service understands as a target.
        target: String,
    },
    /// Ends a run before it is complete (hyprwatch): what still comes of it is nobody's.
    StopQuery {
        /// The caller's own number of the run.
        run: u64,
    },
    /// Adds a subscription until the connection is closed: an org, stream, path, channel or hardware id.
    Subscribe(String),
    /// Ends a subscription.
    Unsubscribe(String),
    /// Creates a live query (hantera).
    CreateLiveQuery(crate::config::LiveQuery),
    /// Destroys a live query (hantera).
    DestroyLiveQuery(String),
}

/// Where a session puts what it has to say, in order.
pub trait Sink {
    /// An event of the stream; it borrows from the frame and is gone when this returns.
    fn event(&mut self, event: &StreamEvent<'_>);
    /// A frame to send.
    fn send(&mut self, outgoing: Outgoing);
    /// The attempt got further.
    fn progress(&mut self, progress: Progress);
    /// A subscription changed. `name` is the operator's word for it, as in the configuration.
    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>);
    /// The service said that it dropped something: it is to be fetched ([`Occasion::Overflow`]).
    fn missed(&mut self);
}

/// How far an attempt is. A session reports `Live` only when the service has acknowledged it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The socket is open and the service has not accepted the credential yet.
    Authenticating,
    /// Accepted; the subscriptions are not acknowledged yet.
    Subscribing,
    /// Acknowledged: what comes from here on is the picture.
    Live,
}

/// What is known of one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionState<'a> {
    /// Asked for, not answered.
    Requested,
    /// The service acknowledged it.
    Accepted,
    /// The service refused it, in its own words where it gave any.
    Refused(&'a str),
    /// It ended: unsubscribed, left, destroyed.
    Ended,
}

/// A frame that a session wants sent.
#[derive(Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// A text message.
    Text(String),
    /// A text message that holds a credential: it is never shown, logged or recorded.
    Secret(SecretText),
    /// A WebSocket ping.
    Ping,
    /// A close frame; nothing is sent after it.
    Close {
        /// The WebSocket close code.
        code: u16,
        /// A short reason.
        reason: &'static str,
    },
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Outgoing::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Outgoing::Secret(_) => f.write_str("Secret"),
            Outgoing::Ping => f.write_str("Ping"),
            Outgoing::Close { code, reason } => {
                f.debug_struct("Close").field("code", code).field("reason", reason).finish()
            }
        }
    }
}

/// A text that holds a credential; only the link that writes it to the socket reads it.
#[derive(Clone)]
pub struct SecretText(SecretString);

impl SecretText {
    /// Wraps a text that must not be shown.
    pub fn new(text: String) -> Self {
        SecretText(SecretString::from(text))
    }

    /// The text itself, for the socket.
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for SecretText {}

/// The upgrade request of an attempt. The URL holds no secret and may be shown; the link adds what is secret.
#[derive(Debug, Clone)]
pub struct ClientRequest {
    /// The URL without its credential.
    pub url: Url,
    /// Query parameters whose values are secret.
    pub secret_query: Vec<(&'static str, SecretString)>,
    /// Headers whose values are secret.
    pub secret_headers: Vec<(&'static str, SecretString)>,
}

/// A close frame of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close<'a> {
    /// The close code.
    pub code: u16,
    /// The service's reason; often empty.
    pub reason: &'a str,
}

/// Why an attempt ended and what follows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Ended {
    /// What follows.
    pub disposition: Disposition,
    /// What happened, as the end of a sentence whose subject is the connection: "the service closed with 1001, going away".
    /// It holds no secret.
    pub cause: String,
}

/// What an ended attempt asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Try again: after the given time at the earliest, or by the usual backoff.
    Retry {
        /// The service's or protocol's own minimum wait.
        after: Option<Duration>,
    },
    /// The credential was refused: stop and ask the operator.
    NeedsCredential,
    /// The service will not have this connection for another reason, which only a change of the configuration mends: stop.
    Refused,
}

impl Ended {
    /// Ends the attempt; the usual backoff follows.
    pub fn retry(cause: impl Into<String>) -> Self {
        Ended { disposition: Disposition::Retry { after: None }, cause: cause.into() }
    }

    /// Ends the attempt; the next one comes after `after` at the earliest.
    pub fn retry_after(after: Duration, cause: impl Into<String>) -> Self {
        Ended { disposition: Disposition::Retry { after: Some(after) }, cause: cause.into() }
    }

    /// Ends the attempt because the credential was refused.
    pub fn needs_credential(cause: impl Into<String>) -> Self {
        Ended { disposition: Disposition::NeedsCredential, cause: cause.into() }
    }

    /// Ends the attempt for good, until the configuration changes.
    pub fn refused(cause: impl Into<String>) -> Self {
        Ended { disposition: Disposition::Refused, cause: cause.into() }
    }
}

/// Size limits of incoming messages, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest whole message.
    pub message: usize,
    /// The largest single frame.
    pub frame: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { message: 4 << 20, frame: 4 << 20 }
    }
}
