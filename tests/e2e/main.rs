//! Whole stories in the real window, with a real keychain and a real notification daemon.
//!
//! `cargo xtask test` installs what they need and runs them; in a plain `cargo test` they are ignored. Each has a desktop of its
//! own (`tests/support`), and leaves its logs and its last picture in `target/e2e`.

mod accessibility;
mod add_each_kind;
mod alerts;
mod charts;
mod connections;
mod demo_fleet;
mod desktop;
mod devices;
mod events;
mod history;
mod keyboard;
mod live_query;
mod locale;
mod map;
mod places;
mod reading;
mod sql_console;
mod zoom;

#[path = "../support/mod.rs"]
mod support;
