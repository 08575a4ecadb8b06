//! The whole picture under random events: against a naive model, against its bounds, and against leaks of codes.

mod bounds;
mod model;
mod rules;
mod said;
