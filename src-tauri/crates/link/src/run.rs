//! The life of a connection over its attempts: connect, be live, end, wait, again.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use protocol::{Ask, Connection, Disposition, Ended, Occasion, Session};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use crate::backoff::Backoff;
use crate::credentials::expiry;
use crate::dial;
use crate::fetch::Asking;
use crate::live::{Finish, Live};
use crate::{Environment, LinkStatus, Receiver};

/// How long a connection must have been live for its failures to be forgotten, so that accept-then-close cannot spin.
pub(crate) const STABLE: Duration = Duration::from_secs(30);

/// What the handle asks of the task. Counters, so that nothing is lost and repeats fold.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Control {
    pub(crate) shutdown: bool,
    pub(crate) retries: u64,
    pub(crate) probes: u64,
}

/// The task's ends of what the outside moves.
#[derive(Debug)]
pub(crate) struct Levers {
    control: watch::Receiver<Control>,
    seen: Control,
    wake: watch::Receiver<u64>,
}

/// What the outside wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Shutdown,
    Retry,
    Probe,
}

impl Levers {
    pub(crate) fn new(control: watch::Receiver<Control>, wake: watch::Receiver<u64>) -> Self {
        Levers { control, seen: Control::default(), wake }
    }

    /// Waits for the next wish. Nothing is lost when this is dropped unfinished.
    pub(crate) async fn wish(&mut self) -> Wish {
        loop {
            let now = *self.control.borrow_and_update();
            if now.shutdown {
                return Wish::Shutdown;
            }
            if now.retries != self.seen.retries {
                self.seen.retries = now.retries;
                return Wish::Retry;
            }
            if now.probes != self.seen.probes {
                self.seen.probes = now.probes;
                return Wish::Probe;
            }
            tokio::select! {
                changed = self.control.changed() => if changed.is_err() {
                    return Wish::Shutdown;
                },
                // The sender lives as long as the environment, which this task holds a clone of.
                Ok(()) = self.wake.changed() => return Wish::Probe,
            }
        }
    }

    /// Waits for the wish to end it, passing over the others.
    async fn shutdown(&mut self) {
        while self.wish().await != Wish::Shutdown {}
    }
}

/// A connection's task.
pub(crate) struct Run<R> {
    session: Box<dyn Session>,
    connection: Connection,
    environment: Environment,
    receiver: R,
    levers: Levers,
    asks: mpsc::Receiver<Ask>,
    backoff: Backoff,
    status: watch::Sender<LinkStatus>,
    /// Whether it was ever live.
    has_lived: bool,
}

impl<R: Receiver> Run<R> {
    pub(crate) fn new(
        session: Box<dyn Session>,
        connection: Connection,
        environment: Environment,
        receiver: R,
        levers: Levers,
        asks: mpsc::Receiver<Ask>,
        status: watch::Sender<LinkStatus>,
    ) -> Self {
        let random = environment.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Run {
            session,
            connection,
            environment,
            receiver,
            levers,
            asks,
            backoff: Backoff::new(random),
            status,
            has_lived: false,
        }
    }

    /// Keeps the connection up until it is shut down.
    pub(crate) async fn run(mut self) {
        loop {
            let credential = self.environment.credentials.generation(&self.connection.credential_source());
            // A fault in a session or a receiver ends one attempt, not the connection: the next one begins afresh.
            let finish = AssertUnwindSafe(self.attempt()).catch_unwind().await.unwrap_or_else(|_| {
                Finish::Ended(Ended::retry("an internal fault ended the connection; the log has its place"))
            });
            let Finish::Ended(ended) = finish else { break };
            if !self.wait(ended, credential).await {
                break;
            }
        }
        self.report(LinkStatus::Stopped);
    }

    /// One attempt, from the credential to the end of the socket.
    async fn attempt(&mut self) -> Finish {
        self.report(LinkStatus::Connecting { attempt: self.backoff.failures() + 1 });
        let opening = dial::open(&mut *self.session, &self.connection, &self.environment);
        let (socket, credential) = tokio::select! {
            biased;
            () = self.levers.shutdown() => return Finish::Shutdown,
            opened = opening => match opened {
                Ok(opened) => opened,
                Err(ended) => return Finish::Ended(ended),
            },
        };
        self.receiver.credential_ends(expiry(&credential));
        let mut live = Live {
            socket,
            session: &mut *self.session,
            receiver: &mut self.receiver,
            report: Report { name: &self.connection.name, status: &self.status },
            clock: &*self.environment.clock,
            credential,
            asking: Asking::new(&self.environment.fetcher, &self.environment.clock, self.connection.ca_file.as_ref()),
            occasion: if self.has_lived { Occasion::Reconnected } else { Occasion::Start },
            state: Default::default(),
        };
        let finish = live.drive(&mut self.levers, &mut self.asks).await;
        self.has_lived |= live.state.has_lived();
        if live.state.live_for(Instant::now()).is_some_and(|time| time >= STABLE) {
            self.backoff.reset();
        }
        finish
    }

    /// Waits until the next attempt is due; `false` when it is not wanted any more. `credential` is the generation of
    /// the credential that the ended attempt used.
    async fn wait(&mut self, ended: Ended, credential: u64) -> bool {
        let Ended { disposition, cause } = ended;
        match disposition {
            Disposition::Retry { after } => self.back_off(after, cause).await,
            Disposition::NeedsCredential => {
                self.report(LinkStatus::NeedsCredential { cause });
                let source = self.connection.credential_source();
                let credentials = self.environment.credentials.clone();
                tokio::select! {
                    wanted = self.retry() => wanted,
                    () = credentials.newer(&source, credential) => true,
                }
            }
            Disposition::Refused => {
                self.report(LinkStatus::Refused { cause });
                self.retry().await
            }
        }
    }

    async fn back_off(&mut self, after: Option<Duration>, cause: String) -> bool {
        let retry_in = self.backoff.next(after);
        let until = protocol::Timestamp(
            self.environment.clock.now().0.saturating_add(i64::try_from(retry_in.as_millis()).unwrap_or(i64::MAX)),
        );
        self.report(LinkStatus::BackingOff { until, retry_in, attempt: self.backoff.failures(), cause });
        let over = sleep(retry_in);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return true,
                wish = self.levers.wish() => match wish {
                    Wish::Shutdown => return false,
                    Wish::Retry => return true,
                    // The computer slept, and with it the wait; a wait that the service itself asked for is kept.
                    Wish::Probe if after.is_none() || self.environment.clock.now() >= until => return true,
                    Wish::Probe => {}
                },
            }
        }
    }

    /// Waits for the operator: `true` to try again, `false` to end.
    async fn retry(&mut self) -> bool {
        loop {
            match self.levers.wish().await {
                Wish::Shutdown => return false,
                Wish::Retry => {
                    self.backoff.reset();
                    return true;
                }
                Wish::Probe => {}
            }
        }
    }

    /// Tells a status between attempts, and gives back the asks that came too late for the attempt they were meant for.
    fn report(&mut self, status: LinkStatus) {
        Report { name: &self.connection.name, status: &self.status }.set(&mut self.receiver, status);
        while let Ok(ask) = self.asks.try_recv() {
            self.receiver.not_asked(ask);
        }
    }
}

/// Where a status goes: the receiver, the handle and the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report<'a> {
    name: &'a str,
    status: &'a watch::Sender<LinkStatus>,
}

impl Report<'_> {
    pub(crate) fn set(self, receiver: &mut impl Receiver, status: LinkStatus) {
        match &status {
            LinkStatus::BackingOff { retry_in, attempt, cause, .. } => {
                tracing::info!(connection = self.name, status = status.name(), ?retry_in, attempt, cause);
            }
            LinkStatus::NeedsCredential { cause } | LinkStatus::Refused { cause } => {
                tracing::warn!(connection = self.name, status = status.name(), cause);
            }
            _ => tracing::info!(connection = self.name, status = status.name()),
        }
        receiver.status(&status);
        self.status.send_replace(status);
    }
}
