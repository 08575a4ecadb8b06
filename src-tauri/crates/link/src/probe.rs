//! Tries a connection once: what `signalbox connection test` says.

use std::fmt;
use std::time::Duration;

use protocol::{Connection, StreamEvent, SubscriptionState};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::{Environment, EventSink, Fetcher, Link, LinkStatus, Receiver};

/// How many refused subscriptions are remembered.
const REFUSED: usize = 64;
/// How many attempts it takes at most: a service may accept another version of its protocol at the second.
const ATTEMPTS: u32 = 2;

/// What came of trying a connection. Displayed, it is a sentence whose subject is the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tested {
    /// The service acknowledged it.
    Live {
        /// How long that took.
        after: Duration,
        /// The subscriptions that it refused, with its reasons.
        refused: Vec<(String, String)>,
    },
    /// It did not get live.
    Failed {
        /// Why, and what to do.
        cause: String,
    },
}

/// Connects until the connection is live or fails, `within` the given time, and disconnects.
pub async fn probe(connection: Connection, environment: &Environment, within: Duration) -> Tested {
    let begun = Instant::now();
    let (told, mut tell) = mpsc::channel(REFUSED + 16);
    // It is only tried: nothing is fetched by it.
    let environment = Environment { fetcher: Fetcher::off(), ..environment.clone() };
    let link = Link::spawn(connection, &environment, Watch { told });
    let mut refused = Vec::new();
    let mut last = String::from("it did not get live");
    let watch = async {
        while let Some(told) = tell.recv().await {
            match told {
                Told::Refused(name, reason) => refused.push((name, reason)),
                Told::Status(LinkStatus::Live { .. }) => return Ok(()),
                Told::Status(LinkStatus::BackingOff { attempt, cause, .. }) => {
                    if attempt >= ATTEMPTS {
                        return Err(cause);
                    }
                    last = cause;
                }
                Told::Status(LinkStatus::NeedsCredential { cause } | LinkStatus::Refused { cause }) => {
                    return Err(cause);
                }
                Told::Status(LinkStatus::Authenticating) => last = "the service did not answer the login".into(),
                Told::Status(LinkStatus::Subscribing) => last = "the service did not answer the subscription".into(),
                Told::Status(_) => {}
            }
        }
        Err("the connection's task ended".into())
    };
    let outcome = timeout_at(begun + within, watch).await;
    let after = begun.elapsed();
    link.shutdown().await;
    match outcome {
        Ok(Ok(())) => Tested::Live { after, refused },
        Ok(Err(cause)) => Tested::Failed { cause },
        Err(_) => Tested::Failed { cause: format!("{last} (within {} s)", within.as_secs()) },
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
            Tested::Live { after, refused } => {
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
            Tested::Failed { cause } => write!(f, "not live: {cause}"),
        }
    }
}

enum Told {
    Status(LinkStatus),
    Refused(String, String),
}

struct Watch {
    told: mpsc::Sender<Told>,
}

impl Watch {
    /// Statuses of two attempts fit; what does not is not looked at any more.
    fn tell(&self, told: Told) {
        if self.told.try_send(told).is_err() {
            tracing::debug!("the test of a connection is over");
        }
    }
}

impl Receiver for Watch {
    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        drain(self);
    }

    fn status(&mut self, status: &LinkStatus) {
        self.tell(Told::Status(status.clone()));
    }
}

impl EventSink for Watch {
    fn event(&mut self, _: &StreamEvent<'_>) {}

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        if let SubscriptionState::Refused(reason) = state
            && self.told.capacity() > 16
        {
            self.tell(Told::Refused(name.to_owned(), reason.chars().take(200).collect()));
        }
    }

    fn frame(&mut self, _: usize) {}
}
