//! Standard output, whose reader may have left.

use std::io::{ErrorKind, Write};

use crate::failure::Failure;

/// Prints to standard output. A reader that has left (`| head`) has seen enough: that is no failure.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}
