//! The whole picture under random events: against a naive model, against its bounds, and against leaks of codes. Alerts as
//! an operator is told of them, as stories.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alert_basics;
mod alert_desk;
mod alert_hushed;
mod alert_model;
mod alert_random;
mod alert_stale;
mod bounds;
mod model;
mod rule_checks;
mod rule_clock;
mod rule_doubt;
mod rule_model;
mod rule_stories;
mod rules;
mod said;
mod story;
