//! Fuzzes hyprwatch.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::hyprwatch::Hyprwatch;
use protocol_fuzz::{connection, ride};

fuzz_target!(|input: &[u8]| ride(Hyprwatch::new(&connection("hyprwatch", &["org_1"])), input));
