//! What ingest costs without rules and history: a link whose events go into the picture of the connection, and nowhere else.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fleet::{Bounds, ConnectionState};
use link::{Environment, EventSink, Link, LinkStatus, Origin, Receiver};
use protocol::{Connection, Purpose, StreamEvent, SubscriptionState, Timestamp};

/// One connection that is only applied.
pub struct Bare {
    link: Link,
    state: Arc<Mutex<ConnectionState>>,
    ticks: tokio::task::JoinHandle<()>,
}

impl Bare {
    /// Connects. Must be called on a tokio runtime.
    pub fn connect(connection: Connection, environment: &Environment) -> Self {
        let state = Arc::new(Mutex::new(ConnectionState::new(Bounds::default())));
        let clock = environment.clock.clone();
        let (ticked, at) = (state.clone(), clock.clone());
        // The rates are closed each second, as the monitor does.
        let ticks = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_secs(1));
            loop {
                ticks.tick().await;
                lock(&ticked).tick(at.now());
            }
        });
        let link = Link::spawn(connection, environment, Applied { state: state.clone(), clock, open: false });
        Bare { link, state, ticks }
    }

    /// Events applied so far.
    pub fn events(&self) -> u64 {
        lock(&self.state).counters.events
    }

    /// Ends it.
    pub async fn shutdown(self) {
        self.ticks.abort();
        self.link.shutdown().await;
    }
}

struct Applied {
    state: Arc<Mutex<ConnectionState>>,
    clock: Arc<dyn link::Clock>,
    open: bool,
}

impl Receiver for Applied {
    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        let received = self.clock.now();
        drain(&mut Applying { state: &mut lock(&self.state), origin: Origin::Stream, received });
    }

    fn status(&mut self, status: &LinkStatus) {
        if status.is_open() && !self.open {
            lock(&self.state).reconnected(self.clock.now());
        }
        self.open = status.is_open();
    }
}

struct Applying<'a> {
    state: &'a mut ConnectionState,
    origin: Origin,
    received: Timestamp,
}

impl EventSink for Applying<'_> {
    fn event(&mut self, event: &StreamEvent<'_>) {
        match self.origin {
            Origin::Stream => self.state.apply(event, self.received),
            Origin::Fetched(purpose) => self.state.apply_fetched(event, purpose == Purpose::Missed, self.received),
        };
    }

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        self.state.subscription(name, state, self.received);
    }

    fn frame(&mut self, bytes: usize) {
        self.state.frame(bytes, self.received);
    }

    fn origin(&mut self, origin: Origin) {
        self.origin = origin;
    }
}

fn lock(state: &Mutex<ConnectionState>) -> std::sync::MutexGuard<'_, ConnectionState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
