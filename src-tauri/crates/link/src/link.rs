//! The handle of a connection's task.

use std::sync::Arc;
use std::time::Duration;

use protocol::{Ask, Connection, Session};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::dial::{Connector, Milestones, Network};
use crate::fetch::Https;
use crate::run::{Control, Levers, Run};
use crate::{Clock, Credentials, DialLimiter, Fetcher, LinkStatus, Receiver, SystemClock, Wake};

/// How many asks may wait for the connection's task.
const ASKS: usize = 64;
/// How long a shutdown may take: the goodbye's own bound and a little for the task to come round.
const SHUTDOWN: Duration = Duration::from_millis(2_500);

/// What all links of a process share.
#[derive(Clone)]
pub struct Environment {
    /// Where credentials come from.
    pub credentials: Credentials,
    /// Paces the dials.
    pub dial: DialLimiter,
    /// Finds out that the computer slept.
    pub wake: Wake,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Opens the sockets.
    pub connector: Arc<dyn Connector>,
    /// Fetches what the sessions ask for beside their streams.
    pub fetcher: Fetcher,
    /// Who is told how far the opening of a socket is.
    pub milestones: Milestones,
    /// Seeds the jitter, for runs that must repeat; drawn anew for each link when `None`.
    pub seed: Option<u64>,
}

impl Environment {
    /// The real one: system clock, network, wake detection. Needs a tokio runtime.
    pub fn system(credentials: Credentials) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let network = Arc::new(Network::default());
        Environment {
            credentials,
            dial: DialLimiter::default(),
            wake: Wake::watching(clock.clone()),
            clock,
            connector: network.clone(),
            fetcher: Fetcher::over(Arc::new(Https::over(network))),
            milestones: Milestones::default(),
            seed: None,
        }
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// A connection that keeps itself up. Dropping it shuts the connection down in the background.
#[derive(Debug)]
pub struct Link {
    control: watch::Sender<Control>,
    asks: mpsc::Sender<Ask>,
    status: watch::Receiver<LinkStatus>,
    task: JoinHandle<()>,
}

/// Why an ask was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// The connection is not live.
    #[error("the connection is not live ({0}); ask again when it is")]
    NotLive(LinkStatus),
    /// Too many asks are waiting.
    #[error("the connection has {ASKS} requests waiting already; try again in a moment")]
    Busy,
}

impl Link {
    /// Starts a connection's task on the current tokio runtime; it speaks the connection's own protocol.
    pub fn spawn(connection: Connection, environment: &Environment, receiver: impl Receiver) -> Link {
        let session = protocol::session(&connection);
        Link::spawn_session(session, connection, environment, receiver)
    }

    /// As [`Link::spawn`], speaking by the given session.
    pub fn spawn_session(
        session: Box<dyn Session>,
        connection: Connection,
        environment: &Environment,
        receiver: impl Receiver,
    ) -> Link {
        let (control, control_seen) = watch::channel(Control::default());
        let (asks, asked) = mpsc::channel(ASKS);
        let (status_set, status) = watch::channel(LinkStatus::Stopped);
        let levers = Levers::new(control_seen, environment.wake.subscribe());
        let run = Run::new(session, connection, environment.clone(), receiver, levers, asked, status_set);
        Link { control, asks, status, task: tokio::spawn(run.run()) }
    }

    /// The connection's status, as last told to its receiver.
    pub fn status(&self) -> LinkStatus {
        self.status.borrow().clone()
    }

    /// A watch on the connection's status. Quick successions are seen as their last.
    pub fn watch_status(&self) -> watch::Receiver<LinkStatus> {
        self.status.clone()
    }

    /// Hands an ask to the session; its answer comes as events.
    pub fn ask(&self, ask: Ask) -> Result<(), NotAsked> {
        let status = self.status();
        if !status.is_open() {
            return Err(NotAsked::NotLive(status));
        }
        self.asks.try_send(ask).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotAsked::Busy,
            mpsc::error::TrySendError::Closed(_) => NotAsked::NotLive(LinkStatus::Stopped),
        })
    }

    /// Tries at once where it is waiting: in a backoff, for a credential, or after a refusal.
    pub fn retry_now(&self) {
        self.control.send_modify(|control| control.retries += 1);
    }

    /// Lets an open connection prove itself alive, as after a sleep of the computer.
    pub fn probe(&self) {
        self.control.send_modify(|control| control.probes += 1);
    }

    /// Ends the connection: leaves or unsubscribes, closes with 1000, and waits for it, 2 s at most.
    pub async fn shutdown(mut self) {
        self.control.send_modify(|control| control.shutdown = true);
        if tokio::time::timeout(SHUTDOWN, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
