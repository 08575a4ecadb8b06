//! The program as a person or a script uses it, without a window: its own home, real sockets, no desktop.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod backfill;
mod configuration;
mod credentials;
// The window's tests use more of it.
#[allow(dead_code)]
#[path = "../support/demo.rs"]
mod demo;
mod home;
mod kills;
mod past;
mod recording;
mod recovery;
mod restart;
mod secrets;
mod streams;
mod usage;
mod watching;
