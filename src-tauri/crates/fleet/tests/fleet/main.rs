//! The whole picture under random events: against a naive model, against its bounds, and against leaks of codes. Alerts as
//! an operator is told of them, as stories.

mod alert_basics;
mod alert_desk;
mod alert_hushed;
mod alert_stale;
mod bounds;
mod model;
mod rules;
mod said;
