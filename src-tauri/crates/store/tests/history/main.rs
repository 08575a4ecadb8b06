//! The history as its users see it: real files, real processes.

mod keeping;
mod kill;
mod support;
