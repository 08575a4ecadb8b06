//! The heartbeat that keeps a Phoenix socket alive and finds a dead one.

use std::time::{Duration, Instant};

use super::channel::{Wire, is_ref};
use crate::session::Ended;
use crate::text::Text;

/// How often it is sent, and how long it may stay unanswered. The server gives an idle socket up after 60 s.
const EVERY: Duration = Duration::from_secs(30);

/// How long it may stay unanswered when the connection may be dead.
const PROBE: Duration = Duration::from_secs(10);

/// Where the heartbeat is.
#[derive(Debug)]
pub(super) enum Heartbeat {
    /// No socket is open.
    Off,
    /// The next one is due at this time.
    Due(Instant),
    /// One was sent.
    Sent {
        /// Its ref.
        reference: u64,
        /// When the connection is dead without an answer.
        until: Instant,
        /// When the one after it is due.
        next: Instant,
    },
}

impl Heartbeat {
    /// Begins with an open socket.
    pub fn start(now: Instant) -> Self {
        Heartbeat::Due(now + EVERY)
    }

    /// Sends one at once; the connection is dead when it stays unanswered for 10 s.
    pub fn probe(&mut self, now: Instant, wire: &mut Wire<'_>) {
        match self {
            Heartbeat::Off => {}
            Heartbeat::Due(_) => self.send(now, now + PROBE, wire),
            Heartbeat::Sent { until, .. } => *until = (*until).min(now + PROBE),
        }
    }

    /// Takes a reply on the topic `phoenix`; whether it was the heartbeat's.
    pub fn reply(&mut self, reference: &Text<'_>) -> bool {
        match *self {
            Heartbeat::Sent { reference: sent, next, .. } if is_ref(reference, sent) => {
                *self = Heartbeat::Due(next);
                true
            }
            _ => false,
        }
    }

    /// When it wants to be woken, and why.
    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        match self {
            Heartbeat::Off => None,
            Heartbeat::Due(at) => Some((*at, "heartbeat")),
            Heartbeat::Sent { until, .. } => Some((*until, "heartbeat unanswered")),
        }
    }

    /// Does what is due.
    pub fn timeout(&mut self, now: Instant, wire: &mut Wire<'_>) -> Result<(), Ended> {
        match self {
            Heartbeat::Due(at) if *at <= now => self.send(now, now + EVERY, wire),
            Heartbeat::Sent { until, .. } if *until <= now => {
                return Err(Ended::retry("the service did not answer a heartbeat: the connection is dead"));
            }
            _ => {}
        }
        Ok(())
    }

    fn send(&mut self, now: Instant, until: Instant, wire: &mut Wire<'_>) {
        let reference = wire.push(None, "phoenix", "heartbeat", "{}");
        *self = Heartbeat::Sent { reference, until, next: now + EVERY };
    }
}
