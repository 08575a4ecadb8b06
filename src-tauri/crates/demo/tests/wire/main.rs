//! The simulated services over real loopback sockets, seen by a plain WebSocket client.

#![allow(clippy::unwrap_used)]

mod client;
mod control;
mod fleet;
mod http;
mod load;
mod rest;
mod rules;
mod spoiled;
