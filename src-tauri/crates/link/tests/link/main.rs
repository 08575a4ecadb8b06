//! The connections as a whole: under paused time over streams in memory, and over real sockets and TLS.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backfill;
mod fetching;
mod https;
mod keychain;
mod life;
mod limits;
mod network;
mod secrets;
mod support;
mod tiles;
mod tls;
