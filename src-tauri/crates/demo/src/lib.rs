//! Simulated services that speak the five protocols on loopback, for the demo, the tests and the load.
//!
//! [`DemoFleet`] runs all five over one believable world that a seed decides; a [`Control`] for each makes it misbehave and
//! scripts what happens. Each answers plain HTTP beside its WebSocket, with the past that a client missed.
//! [`load::LoadServer`] pours encoded frames as fast as a client reads them. The wire is written from the services' own
//! documents, apart from the client's side of it, so that the two check each other.

mod action;
mod agenthq;
mod configuration;
mod control;
mod credential;
mod faults;
mod fleet;
mod hantera;
mod hydra;
mod hyprwatch;
mod iotee;
pub mod load;
mod wire;
mod world;

pub use agenthq::Dialect;
pub use control::Control;
pub use credential::{OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET};
pub use fleet::{DemoFleet, Options, Service, StartError};
pub use wire::http::{HttpFault, HttpRequest};

pub(crate) use action::Action;
