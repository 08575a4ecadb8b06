//! What the five services share: listening, the upgrade, bounded queues towards the clients, and life that ticks.

#[cfg(test)]
pub(crate) mod bench;
mod clock;
mod connection;
mod gate;
mod hub;
mod life;
mod listener;
mod outbox;

pub(crate) use clock::{Clock, rfc3339};
pub(crate) use gate::{Gate, masked};
pub(crate) use hub::{Fate, Hub, Shared};
pub(crate) use life::live;
pub(crate) use listener::listen;
pub(crate) use outbox::{Outbox, Outgoing};

use tokio_tungstenite::tungstenite::http::StatusCode;

/// One service's rules and world. Pure: the time is an argument, in milliseconds since 1970; frames to send go into the outbox.
pub(crate) trait Simulated: Sized + Send + 'static {
    /// What the service remembers of one connection.
    type Session: Send + 'static;
    /// Something that happened, encoded as far as it is the same for all who hear of it.
    type Event: Send + 'static;

    /// Answers an upgrade.
    fn admit(&mut self, call: &Call<'_>, now: u64) -> Result<Self::Session, Refusal>;
    /// The upgrade was answered: what the service says first.
    fn opened(&mut self, session: &mut Self::Session, now: u64, out: &mut Outbox);
    /// A text frame came.
    fn text(&mut self, session: &mut Self::Session, text: &str, now: u64, out: &mut Outbox);
    /// When the session wants to be woken.
    fn deadline(session: &Self::Session) -> Option<u64>;
    /// That time has come.
    fn timeout(&mut self, session: &mut Self::Session, now: u64, out: &mut Outbox);
    /// One tick of life.
    fn step(&mut self, now: u64, events: &mut Vec<Self::Event>);
    /// Something that a test or the fault driver wants to happen now. Answers the id of what happened, or `None` when
    /// there is no such subject in this service.
    fn act(&mut self, action: &crate::Action, now: u64, events: &mut Vec<Self::Event>) -> Option<String>;
    /// Tells a session what happened, if it listens to it.
    fn deliver(session: &mut Self::Session, event: &Self::Event, now: u64, out: &mut Outbox);
    /// The frames of the load server for a session that has subscribed; `None` while it has not.
    fn load(&self, session: &Self::Session, load: &crate::load::Load) -> Option<crate::load::Frames>;
}

/// The head of an upgrade request, as far as a service looks at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// The header `X-API-Key`.
    pub(crate) api_key: Option<&'a str>,
}

impl Call<'_> {
    /// One parameter of the query, percent-decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then(|| percent_decoded(value))
        })
    }
}

/// A refused upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) reason: &'static str,
}

fn percent_decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = tail
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_and_decoded() {
        let call = Call { path: "/", query: "vsn=2.0.0&token=a%2Bb%zz%4", api_key: None };
        assert_eq!(call.parameter("token").as_deref(), Some("a+b%zz%4"));
        assert_eq!(call.parameter("vsn").as_deref(), Some("2.0.0"));
        assert_eq!(call.parameter("toke"), None);
    }
}
