//! Finds a connection that died without saying so.

use std::time::{Duration, Instant};

use crate::session::{Ended, Outgoing, Sink};

/// How long a probe may stay without any sign of life.
const PROBE: Duration = Duration::from_secs(5);

/// When something was last heard, and what follows from silence. Every message and pong counts as life.
#[derive(Debug)]
pub struct Liveness {
    silence: Duration,
    pings: bool,
    heard: Option<Instant>,
    answer_by: Option<Instant>,
}

impl Liveness {
    /// The service says something at least every `silence`; when it does not, the connection is dead.
    pub fn listening(silence: Duration) -> Self {
        Liveness { silence, pings: false, heard: None, answer_by: None }
    }

    /// The service may be silent for good: after each `silence` a WebSocket ping is sent, and is to be answered in as long.
    pub fn pinging(silence: Duration) -> Self {
        Liveness { pings: true, ..Liveness::listening(silence) }
    }

    /// Takes note of a sign of life.
    pub fn heard(&mut self, now: Instant) {
        self.heard = Some(now);
        self.answer_by = None;
    }

    /// Forgets the connection.
    pub fn reset(&mut self) {
        self.heard = None;
        self.answer_by = None;
    }

    /// Asks for a sign of life at once, and wants one within 5 s.
    pub fn probe(&mut self, now: Instant, out: &mut dyn Sink) {
        if self.heard.is_none() {
            return;
        }
        let by = now + PROBE;
        if self.answer_by.is_none_or(|other| other > by) {
            self.answer_by = Some(by);
            out.send(Outgoing::Ping);
        }
    }

    /// When [`Liveness::check`] is wanted.
    pub fn deadline(&self) -> Option<(Instant, &'static str)> {
        let silent = self.heard.map(|heard| heard + self.silence);
        match self.answer_by {
            Some(by) if self.pings || silent.is_none_or(|silent| by < silent) => Some((by, "ping unanswered")),
            _ => silent.map(|at| (at, if self.pings { "keepalive ping" } else { "silence" })),
        }
    }

    /// Does what is due.
    pub fn check(&mut self, now: Instant, out: &mut dyn Sink) -> Result<(), Ended> {
        let Some(heard) = self.heard else { return Ok(()) };
        let silent = now.saturating_duration_since(heard).as_secs();
        if self.answer_by.is_some_and(|by| by <= now) {
            return Err(Ended::retry(format!("a ping was not answered; the service has been silent for {silent} s")));
        }
        if self.answer_by.is_some() && self.pings || heard + self.silence > now {
            return Ok(());
        }
        if !self.pings {
            return Err(Ended::retry(format!("the service has been silent for {silent} s")));
        }
        self.answer_by = Some(now + self.silence);
        out.send(Outgoing::Ping);
        Ok(())
    }
}
