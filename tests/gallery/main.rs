//! Compares a picture of every component with the one that was accepted last.

#[path = "../support/mod.rs"]
mod support;
