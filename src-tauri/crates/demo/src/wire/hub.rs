//! One service at run time: its rules and world, and the connections that it has.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, watch};

use super::{Clock, Gate, Outbox, Outgoing, Simulated, http};
use crate::load::Load;

/// How many of the clients' frames are remembered.
const REMEMBERED: usize = 1_000;

/// How a connection goes on. The latest word counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fate {
    Lives,
    /// A close frame, then the end.
    Closes(u16, String),
    /// The end of the stream without a close frame.
    Drops,
    /// A TCP reset.
    Resets,
    /// The socket stays, and nothing is read from it or written to it any more.
    Stalls,
}

/// The side of a connection that is the same for every protocol.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) outbox: Mutex<Outbox>,
    pub(crate) ready: Notify,
    pub(crate) fate: watch::Sender<Fate>,
}

/// The side of a service that is the same for every protocol; what a `Control` acts on.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) gate: Gate,
    pub(crate) clock: Clock,
    /// Where the numbers in the ids of events begin: clients remember them for longer than a run, and no two runs may share one.
    pub(crate) first_number: u64,
    pub(crate) wires: Mutex<Vec<Arc<Wire>>>,
    pub(crate) slow_start: Mutex<Duration>,
    pub(crate) http: http::State,
    pub(crate) listening: watch::Sender<bool>,
    pub(crate) bound: watch::Sender<bool>,
    pub(crate) dials: AtomicU64,
    pub(crate) accepted: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) dropped: AtomicU64,
    received: Mutex<VecDeque<String>>,
}

impl Shared {
    /// `started` is in milliseconds since 1970.
    pub(crate) fn new(gate: Gate, clock: Clock, started: u64) -> Self {
        Shared {
            gate,
            clock,
            // Room for a thousand events in every millisecond of the run.
            first_number: started * 1_000,
            wires: Mutex::default(),
            slow_start: Mutex::default(),
            http: http::State::default(),
            listening: watch::Sender::new(true),
            bound: watch::Sender::new(true),
            dials: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            received: Mutex::default(),
        }
    }

    /// Gives every connection the same fate, those of plain HTTP too.
    pub(crate) fn decide(&self, fate: &Fate) {
        self.http.fate.send_replace(fate.clone());
        for wire in self.wires.lock().iter() {
            wire.fate.send_replace(fate.clone());
        }
    }

    /// Queues the same frame to every connection.
    pub(crate) fn push(&self, frame: &Outgoing) {
        for wire in self.wires.lock().iter() {
            wire.outbox.lock().push(frame.clone());
            wire.ready.notify_one();
        }
    }

    pub(crate) fn remember(&self, frame: &str) {
        let mut received = self.received.lock();
        if received.len() == REMEMBERED {
            received.pop_front();
        }
        received.push_back(super::masked(frame));
    }

    pub(crate) fn received(&self) -> Vec<String> {
        self.received.lock().iter().cloned().collect()
    }
}

/// One connection with its protocol's session.
pub(crate) struct Peer<S> {
    pub(crate) wire: Arc<Wire>,
    pub(crate) session: Mutex<S>,
}

/// A service. Locks are taken in this order: `simulated`, `peers`, a peer's `session`, its `outbox`.
pub(crate) struct Hub<S: Simulated> {
    pub(crate) shared: Arc<Shared>,
    pub(crate) simulated: Mutex<S>,
    peers: Mutex<Vec<Arc<Peer<S::Session>>>>,
    pub(crate) load: Option<Load>,
}

impl<S: Simulated> Hub<S> {
    pub(crate) fn new(simulated: S, shared: Arc<Shared>, load: Option<Load>) -> Self {
        Hub { shared, simulated: Mutex::new(simulated), peers: Mutex::default(), load }
    }

    /// Takes a connection in. Its fate is followed from here on, so that none is missed.
    pub(crate) fn join(&self, session: S::Session) -> (Arc<Peer<S::Session>>, watch::Receiver<Fate>) {
        let wire =
            Arc::new(Wire { outbox: Mutex::default(), ready: Notify::new(), fate: watch::Sender::new(Fate::Lives) });
        let fate = wire.fate.subscribe();
        let peer = Arc::new(Peer { wire: wire.clone(), session: Mutex::new(session) });
        self.peers.lock().push(peer.clone());
        self.shared.wires.lock().push(wire);
        (peer, fate)
    }

    pub(crate) fn leave(&self, peer: &Arc<Peer<S::Session>>) {
        self.shared.dropped.fetch_add(peer.wire.outbox.lock().dropped(), Ordering::Relaxed);
        self.peers.lock().retain(|other| !Arc::ptr_eq(other, peer));
        self.shared.wires.lock().retain(|other| !Arc::ptr_eq(other, &peer.wire));
    }

    /// Runs one of the protocol's rules for one connection and wakes its writer.
    pub(crate) fn with<T>(
        &self,
        peer: &Peer<S::Session>,
        rule: impl FnOnce(&mut S, &mut S::Session, u64, &mut Outbox) -> T,
    ) -> T {
        let now = self.shared.clock.now();
        let answer = {
            let mut simulated = self.simulated.lock();
            let mut session = peer.session.lock();
            let mut out = peer.wire.outbox.lock();
            let answer = rule(&mut simulated, &mut session, now, &mut out);
            if out.take_authenticated() {
                self.shared.accepted.fetch_add(1, Ordering::Relaxed);
            }
            answer
        };
        peer.wire.ready.notify_one();
        answer
    }

    /// Lets the world make events and tells every connection that listens. The world stays locked meanwhile, so that what a
    /// client asks for is either before or after all of them.
    pub(crate) fn happen<T>(&self, make: impl FnOnce(&mut S, u64, &mut Vec<S::Event>) -> T) -> T {
        let now = self.shared.clock.now();
        let mut simulated = self.simulated.lock();
        let mut events = Vec::new();
        let answer = make(&mut simulated, now, &mut events);
        for peer in self.peers.lock().iter() {
            {
                let mut session = peer.session.lock();
                let mut out = peer.wire.outbox.lock();
                for event in &events {
                    S::deliver(&mut session, event, now, &mut out);
                }
            }
            peer.wire.ready.notify_one();
        }
        answer
    }
}
