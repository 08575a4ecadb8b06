//! Tries a connection once: what `signalbox connection test` says, and the window's *Test*, step by step.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::{Connection, EventBody, StreamEvent, SubscriptionState};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::dial::{Milestones, Reached};
use crate::{Environment, EventSink, Fetcher, Link, LinkStatus, Receiver};

/// How many refused subscriptions are remembered.
const REFUSED: usize = 64;
/// How much is told of one attempt at most; what does not fit is not looked at any more.
const TOLD: usize = 128;
/// How many attempts it takes at most: a service may accept another version of its protocol at the second.
const ATTEMPTS: u32 = 2;
/// How long after the first event it is looked at what comes.
const AFTER_FIRST: Duration = Duration::from_secs(1);
/// How many entities are told apart, and how many accepted subscriptions.
const APART: usize = 10_000;

/// The steps of a test, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The credential is had from where it is kept.
    Credential,
    /// The host's name becomes an address.
    Resolve,
    /// The host takes the connection.
    Connect,
    /// The stream is encrypted, and the host's certificate trusted.
    Encrypt,
    /// The service speaks WebSocket there.
    Open,
    /// The service accepts the credential.
    SignIn,
    /// The service acknowledges what is subscribed to.
    Subscribe,
    /// The first events come.
    Look,
}

impl Step {
    /// All of them.
    pub const ALL: [Step; 8] = [
        Step::Credential,
        Step::Resolve,
        Step::Connect,
        Step::Encrypt,
        Step::Open,
        Step::SignIn,
        Step::Subscribe,
        Step::Look,
    ];

    /// The one after it; the last is its own.
    fn next(self) -> Step {
        Step::ALL.into_iter().find(|step| *step > self).unwrap_or(Step::Look)
    }
}

/// What came of trying a connection. Displayed, it is a sentence whose subject is the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tested {
    /// The service acknowledged it.
    Live {
        /// How long that took.
        after: Duration,
        /// The subscriptions that it refused, with its reasons.
        refused: Vec<(String, String)>,
        /// What came then.
        look: FirstLook,
    },
    /// It did not get live, or did not stay so.
    Failed {
        /// At which step.
        step: Step,
        /// Why, and what to do.
        cause: String,
    },
}

/// What came in the first moments of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirstLook {
    /// For how long it was looked.
    pub within: Duration,
    /// How long after it was live the first event came.
    pub first_after: Option<Duration>,
    /// How many events came.
    pub events: u64,
    /// How many different entities they were about, by the first word of their kind, as `device`.
    pub entities: Vec<(&'static str, usize)>,
    /// How many messages could not be read.
    pub unread: u64,
    /// How many subscriptions were accepted.
    pub accepted: usize,
}

/// Connects until the connection is live or fails, `within` the given time, and disconnects.
pub async fn probe(connection: Connection, environment: &Environment, within: Duration) -> Tested {
    probe_by_steps(connection, environment, within, Duration::ZERO, |_, _| ()).await
}

/// As [`probe`], and looks for up to `look` at what comes then. `told` is called with each step that is done and a few words on
/// it; a step that is told again begins another attempt. Dropping the future ends the test.
pub async fn probe_by_steps(
    connection: Connection,
    environment: &Environment,
    within: Duration,
    look: Duration,
    told: impl Fn(Step, &str) + Send,
) -> Tested {
    let begun = Instant::now();
    let encrypted = connection.url.scheme() == "wss";
    let (tell, heard) = mpsc::channel(TOLD);
    let tell_reached = tell.clone();
    // It is only tried: nothing is fetched by it.
    let environment = Environment {
        fetcher: Fetcher::off(),
        milestones: Milestones::to(move |reached| drop(tell_reached.try_send(Told::Reached(reached)))),
        ..environment.clone()
    };
    let seen = Arc::new(Mutex::new(Seen::default()));
    let link = Link::spawn(connection, &environment, Watch { tell, seen: seen.clone() });
    // Nothing else may hold a sender, or the end of the link would not be seen.
    drop(environment);
    let mut progress = Progress { heard, told, encrypted, at: None, seen, last: "it did not get live".into() };
    let outcome = timeout_at(begun + within, progress.live()).await;
    let after = begun.elapsed();
    let outcome = outcome.unwrap_or_else(|_| Err(format!("{} (within {} s)", progress.last, within.as_secs())));
    let outcome = match outcome {
        Ok(()) if !look.is_zero() => progress.look(look).await,
        outcome => outcome,
    };
    link.shutdown().await;
    let step = progress.at.map_or(Step::Credential, Step::next);
    match outcome {
        Ok(()) => {
            let (refused, look) = progress.seen();
            Tested::Live { after, refused, look }
        }
        Err(cause) => Tested::Failed { step, cause },
    }
}

/// How far a test is.
struct Progress<F> {
    heard: mpsc::Receiver<Told>,
    told: F,
    encrypted: bool,
    /// The last step that is done.
    at: Option<Step>,
    seen: Arc<Mutex<Seen>>,
    /// What is to be said when the time is over.
    last: String,
}

impl<F: Fn(Step, &str)> Progress<F> {
    /// Waits until it is live.
    async fn live(&mut self) -> Result<(), String> {
        while let Some(heard) = self.heard.recv().await {
            match heard {
                Told::Reached(reached) => self.reached(reached),
                Told::Status(status) => {
                    if self.turned(status)? {
                        return Ok(());
                    }
                }
            }
        }
        Err("the connection's task ended".into())
    }

    /// Watches what comes until a little after the first event, or for `most`.
    async fn look(&mut self, most: Duration) -> Result<(), String> {
        let begun = Instant::now();
        let mut end = begun + most;
        loop {
            let first = self.locked().first;
            if let Some(first) = first {
                end = end.min(first + AFTER_FIRST);
            }
            // Events are not told one by one.
            let tick = (Instant::now() + Duration::from_millis(50)).min(end);
            match timeout_at(tick, self.heard.recv()).await {
                Ok(Some(Told::Status(status))) => drop(self.turned(status)?),
                Ok(Some(Told::Reached(_))) => {}
                Ok(None) => return Err("the connection's task ended".into()),
                Err(_) if Instant::now() >= end => break,
                Err(_) => {}
            }
        }
        self.locked().within = begun.elapsed();
        self.done(Step::Look, "");
        Ok(())
    }

    fn reached(&mut self, reached: Reached) {
        match reached {
            Reached::Credential => self.done(Step::Credential, ""),
            Reached::Resolved(1) => self.done(Step::Resolve, ""),
            Reached::Resolved(count) => self.done(Step::Resolve, &format!("{count} addresses")),
            Reached::Connected(address) => {
                self.done(Step::Connect, &address.to_string());
                if !self.encrypted {
                    self.done(Step::Encrypt, "not encrypted");
                }
            }
            Reached::Encrypted(version) => self.done(Step::Encrypt, &version),
            Reached::Upgraded => self.done(Step::Open, ""),
        }
    }

    /// Takes a change of the status; tells whether it is live.
    fn turned(&mut self, status: LinkStatus) -> Result<bool, String> {
        match status {
            LinkStatus::Live { .. } => {
                self.locked().live = Some(Instant::now());
                if self.at < Some(Step::SignIn) {
                    self.done(Step::SignIn, "");
                }
                self.done(Step::Subscribe, "");
                return Ok(true);
            }
            LinkStatus::Subscribing => {
                self.done(Step::SignIn, "");
                self.last = "the service did not answer the subscription".into();
            }
            LinkStatus::Authenticating => self.last = "the service did not answer the login".into(),
            LinkStatus::NeedsCredential { cause } => {
                // It was sent with the upgrade, and that refused.
                if self.at >= Some(Step::Credential) {
                    self.at = self.at.max(Some(Step::Open));
                }
                return Err(cause);
            }
            LinkStatus::Refused { cause } => return Err(cause),
            LinkStatus::BackingOff { attempt, cause, .. } => {
                if attempt >= ATTEMPTS || self.at >= Some(Step::Subscribe) {
                    return Err(cause);
                }
                self.last = cause;
            }
            LinkStatus::Connecting { .. } | LinkStatus::Stale { .. } | LinkStatus::Stopped => {}
        }
        Ok(false)
    }

    fn done(&mut self, step: Step, words: &str) {
        self.at = Some(step);
        (self.told)(step, words);
    }

    fn seen(&self) -> (Vec<(String, String)>, FirstLook) {
        let mut seen = self.locked();
        let first_after = seen.first.zip(seen.live).map(|(first, live)| first.saturating_duration_since(live));
        let mut entities: Vec<(&'static str, usize)> = Vec::new();
        for (word, _) in &seen.entities {
            match entities.iter_mut().find(|(known, _)| known == word) {
                Some((_, count)) => *count += 1,
                None => entities.push((word, 1)),
            }
        }
        entities.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let Seen { within, events, unread, .. } = *seen;
        let accepted = seen.accepted.len();
        (std::mem::take(&mut seen.refused), FirstLook { within, first_after, events, entities, unread, accepted })
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tested {
    /// Whether the service acknowledged the connection.
    pub const fn is_live(&self) -> bool {
        matches!(self, Tested::Live { .. })
    }
}

impl fmt::Display for Tested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tested::Live { after, refused, .. } => {
                write!(f, "live after {:.1} s", after.as_secs_f64())?;
                for (index, (name, reason)) in refused.iter().enumerate() {
                    f.write_str(if index == 0 { "; refused: " } else { ", " })?;
                    f.write_str(name)?;
                    if !reason.is_empty() {
                        write!(f, " ({reason})")?;
                    }
                }
                Ok(())
            }
            Tested::Failed { cause, .. } => write!(f, "not live: {cause}"),
        }
    }
}

enum Told {
    Status(LinkStatus),
    Reached(Reached),
}

/// What the link's task has seen.
#[derive(Debug, Default)]
struct Seen {
    live: Option<Instant>,
    first: Option<Instant>,
    within: Duration,
    events: u64,
    unread: u64,
    entities: HashSet<(&'static str, String)>,
    accepted: HashSet<String>,
    refused: Vec<(String, String)>,
}

struct Watch {
    tell: mpsc::Sender<Told>,
    seen: Arc<Mutex<Seen>>,
}

impl Receiver for Watch {
    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        drain(&mut *seen);
    }

    /// Statuses of two attempts fit; what does not is not looked at any more.
    fn status(&mut self, status: &LinkStatus) {
        if self.tell.try_send(Told::Status(status.clone())).is_err() {
            tracing::debug!("the test of a connection is over");
        }
    }
}

impl EventSink for Seen {
    fn event(&mut self, event: &StreamEvent<'_>) {
        match event.body {
            EventBody::Unrecognised(_) => self.unread += 1,
            EventBody::Warning(_) | EventBody::Error(_) => {}
            _ => {
                self.first.get_or_insert_with(Instant::now);
                self.events += 1;
                let word = event.kind().name().split('.').next().unwrap_or_default();
                if self.entities.len() < APART {
                    self.entities.insert((word, event.subject().to_owned()));
                }
            }
        }
    }

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        match state {
            SubscriptionState::Accepted if self.accepted.len() < APART => {
                self.accepted.insert(name.to_owned());
            }
            SubscriptionState::Refused(reason) if self.refused.len() < REFUSED => {
                self.refused.push((name.to_owned(), reason.chars().take(200).collect()));
            }
            _ => {}
        }
    }

    fn frame(&mut self, _: usize) {}
}
