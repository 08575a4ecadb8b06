//! Fuzzes hantera.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::hantera::Hantera;
use protocol_fuzz::{connection, ride};

fuzz_target!(|input: &[u8]| ride(Hantera::new(&connection("hantera", &["jobs"])), input));
