//! Fuzzes iotee.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::iotee::Iotee;
use protocol_fuzz::{connection, ride};

fuzz_target!(|input: &[u8]| ride(Iotee::new(&connection("iotee", &["ABC123"])), input));
