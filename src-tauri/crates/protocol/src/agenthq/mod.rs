//! stub, to be replaced
use crate::{ClientRequest, Close, Connection, Ended, Input, Session, Sink};
use secrecy::SecretString;
use std::time::{Duration, Instant};

/// The session.
#[derive(Debug)]
pub struct Agenthq {}
impl Agenthq {
    /// Makes the session.
    pub fn new(_connection: &Connection) -> Self {
        Agenthq {}
    }
}
impl Session for Agenthq {
    fn connect(&mut self, _credential: &SecretString) -> Result<ClientRequest, Ended> {
        Err(Ended::refused("not written yet"))
    }
    fn handle(&mut self, _input: Input<'_>, _now: Instant, _out: &mut dyn Sink) -> Result<(), Ended> {
        Ok(())
    }
    fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        None
    }
    fn closed(&mut self, _close: Option<Close<'_>>) -> Ended {
        Ended::retry("closed")
    }
    fn rejected(&mut self, _status: u16, _retry_after: Option<Duration>) -> Ended {
        Ended::retry("rejected")
    }
    fn shutdown(&mut self, _out: &mut dyn Sink) {}
}
