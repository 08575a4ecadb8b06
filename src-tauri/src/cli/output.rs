//! Where results go: standard output, whose reader may have left, and files.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

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

/// Refuses a file that is there already, before the work for it is done.
pub(super) fn check(path: &Path, force: bool) -> Result<(), Failure> {
    if path.exists() && !force { Err(taken(path)) } else { Ok(()) }
}

/// Writes a file that is not there yet, or with `force` in the place of one, and says so.
pub(super) fn save(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => taken(path),
        _ => Failure::failed(format!("the file {} could not be written: {error}", path.display())),
    };
    let mut options = File::options();
    let options = if force { options.create(true).truncate(true) } else { options.create_new(true) };
    let mut file = options.write(true).open(path).map_err(refused)?;
    if let Err(error) = file.write_all(bytes).and_then(|()| file.sync_all()) {
        // Half a file is no use to anybody.
        let _ = std::fs::remove_file(path);
        return Err(refused(error));
    }
    print(format!("Wrote {}.\n", path.display()).as_bytes())
}

fn taken(path: &Path) -> Failure {
    Failure::usage(format!(
        "the file {} is there already; choose another name, or overwrite it with --force",
        path.display()
    ))
}
