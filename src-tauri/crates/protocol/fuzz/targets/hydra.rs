//! Fuzzes hydra.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::hydra::Hydra;
use protocol_fuzz::{connection, ride};

fuzz_target!(|input: &[u8]| ride(Hydra::new(&connection("hydra", &["signals"])), input));
