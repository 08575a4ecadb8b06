//! What the five services share: listening, the upgrade, plain HTTP, bounded queues towards the clients, and life that ticks.

#[cfg(test)]
pub(crate) mod bench;
mod clock;
mod connection;
mod gate;
mod head;
pub(crate) mod http;
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
    /// Answers a plain HTTP request.
    fn http(&mut self, request: &http::Request<'_>, now: u64) -> http::Answer;
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

/// The head of a request, as far as a service looks at it.
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

    /// Frames with bytes changed, cut or repeated; whatever a client sends, a service must stay up.
    fn mangled(frames: &[&str], rounds: usize, mut hear: impl FnMut(&str)) {
        let mut random = crate::world::random::Random::of(1, "mangled");
        for _ in 0..rounds {
            let mut bytes = random.pick(frames).as_bytes().to_vec();
            for _ in 0..random.below(4) {
                let at = random.below(bytes.len());
                match random.below(3) {
                    0 => bytes[at] = random.pick(b"\"{}[],:0x\\ \xff"),
                    1 => bytes.truncate(at + 1),
                    _ => bytes.extend_from_within(at..),
                }
            }
            hear(&String::from_utf8_lossy(&bytes));
        }
    }

    fn survives<S: Simulated>(make: impl Fn() -> S, path: &str, query: &str, first: Option<&str>, frames: &[&str]) {
        let dial = || {
            let mut bench = bench::Bench::dial(make(), path, query).unwrap();
            if let Some(first) = first {
                bench.say(first);
            }
            bench
        };
        let mut bench = dial();
        mangled(frames, 600, |text| {
            bench.say(text);
            bench.live(1);
            bench.wait(10);
            if bench.closing().is_some() {
                bench = dial();
            }
        });
    }

    #[test]
    fn no_frame_brings_a_service_down() {
        use bench::{TOKEN, shared};
        let token = format!("token={TOKEN}");
        let query = r#"["1","2","query:org_halden","run",{"sql":"SELECT name, pid FROM processes WHERE name = 'sshd' LIMIT 3","target":"all"}]"#;
        let join = r#"["1","1","query:org_halden","phx_join",{}]"#;
        let hyprwatch = || crate::hyprwatch::Hyprwatch::new(shared(), 1, 20.0);
        survives(hyprwatch, crate::hyprwatch::PATH, &format!("{token}&vsn=2.0.0"), Some(join), &[join, query]);
        let hydra = [r#"{"action":"subscribe","streams":["signals","*"]}"#, r#"{"action":"list"}"#];
        survives(|| crate::hydra::Hydra::new(shared(), 1, 20.0), crate::hydra::PATH, &token, None, &hydra);
        let auth = format!(r#"{{"type":"auth","token":"{TOKEN}"}}"#);
        let hantera = [
            r#"{"type":"subscribeEvents","requestId":"r","subscriptions":[{"id":"a","path":"actors/orders/1","events":["actorCheckpoint"]}]}"#,
            r#"{"type":"createLiveQuery","id":"l","query":{"edge":"orders","filter":"total >= 1 and status == 'x'","orderBy":"total desc"}}"#,
            r#"{"type":"destroyLiveQuery","id":"l"}"#,
        ];
        survives(|| crate::hantera::Hantera::new(shared(), 1, 20.0), crate::hantera::PATH, "", Some(&auth), &hantera);
        let agenthq = [r#"{"type":"subscribe","channel":"general"}"#, r#"{"type":"heartbeat"}"#];
        survives(|| crate::agenthq::AgentHq::new(shared(), 1, 20.0), crate::agenthq::PATH, &token, None, &agenthq);
        let iotee =
            [r#"{"type":"subscribe","hardwareIds":["ABC123","DEF456"]}"#, r#"{"type":"unsubscribe","hardwareIds":[]}"#];
        let make = || crate::iotee::Iotee::new(shared(), 1, 5, 20.0, true);
        survives(make, crate::iotee::PATH, &format!("api_key={TOKEN}"), None, &iotee);
    }
}
