//! The simulated services over real loopback sockets, seen by a plain WebSocket client.

mod client;
mod control;
mod fleet;
mod load;
mod rules;
