//! Alerts and history as the operator meets them: real sockets to the demo services, a history file, a recording desktop.

#![allow(clippy::unwrap_used)]

mod frames;
mod kept;
mod rules;
mod shown;
mod support;
mod told;
