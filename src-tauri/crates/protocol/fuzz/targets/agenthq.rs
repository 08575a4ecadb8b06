//! Fuzzes agenthq.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::agenthq::Agenthq;
use protocol_fuzz::{connection, ride};

fuzz_target!(|input: &[u8]| ride(Agenthq::new(&connection("agenthq", &["CHANNEL_ID"])), input));
