//! Five wire protocols as pure state machines: frames and the time go in; events, frames to send and the next deadline
//! come out. Nothing here opens a socket, reads a clock or waits, so every protocol is tested by transcript, fuzzed and
//! replayed.
//!
//! Start at [`Session`], which all five implement, and [`StreamEvent`], which is all they say.

mod asked;
pub mod config;
mod ending;
pub mod event;
pub mod fetch;
pub mod identity;
mod liveness;
mod loose;
mod object;
pub mod session;
mod site;
pub mod text;
pub mod time;
mod unread;
pub mod value;

pub mod agenthq;
pub mod hantera;
pub mod hydra;
pub mod hyprwatch;
pub mod iotee;

pub use config::{Connection, CredentialSource, Protocol};
pub use event::{EventBody, Kind, StreamEvent};
pub use fetch::{Fetch, Occasion, Purpose};
pub use identity::{Identity, identity};
pub use session::{
    Ask, ClientRequest, Close, Disposition, Ended, Input, Limits, Outgoing, Progress, Session, Sink, SubscriptionState,
};
pub use text::Text;
pub use time::Timestamp;
pub use value::{Field, Value};

/// Makes the session of a configured connection; it lives as long as the connection and over all its attempts.
pub fn session(connection: &Connection) -> Box<dyn Session> {
    match connection.protocol {
        Protocol::Hyprwatch => Box::new(hyprwatch::Hyprwatch::new(connection)),
        Protocol::Hydra => Box::new(hydra::Hydra::new(connection)),
        Protocol::Hantera => Box::new(hantera::Hantera::new(connection)),
        Protocol::Agenthq => Box::new(agenthq::Agenthq::new(connection)),
        Protocol::Iotee => Box::new(iotee::Iotee::new(connection)),
    }
}
