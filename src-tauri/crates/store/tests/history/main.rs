//! The history as its users see it: real files, real processes.

mod broken;
mod keeping;
mod kill;
mod numbers;
mod retention;
mod searching;
mod support;
