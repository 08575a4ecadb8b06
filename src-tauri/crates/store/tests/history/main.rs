//! The history as its users see it: real files, real processes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod broken;
#[cfg(target_os = "linux")]
mod disk;
mod keeping;
mod kill;
mod numbers;
mod retention;
mod runs;
mod searching;
mod support;
mod versions;
