//! What may go wrong with the history, as sentences.

use std::path::PathBuf;

/// Why the history, or an answer out of it, cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Another process writes it.
    #[error(
        "the history {} is in use by another Signalbox; close that one, or read it without writing.", path.display()
    )]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A newer program made it. It was left as it is.
    #[error(
        "the history {} was written by a newer Signalbox (its version is {found}, this program knows {known}); update Signalbox, or move the file away to begin another.",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's version.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// It is a database of something else. It was left as it is.
    #[error("{} is a database, but no history of Signalbox; it was left as it is. Move it away, or choose another place.", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// There is none to read, or it cannot be read.
    #[error("the history cannot be read: {0}.")]
    Unavailable(String),
    /// Nothing is kept under that name or number.
    #[error("{0} is not in the history.")]
    NotFound(String),
}

/// The words for what SQLite says, as the end of a sentence, with what to do.
pub(super) fn words(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode::*;
    match error.sqlite_error_code() {
        Some(DiskFull) => "the disk is full; make room on it".into(),
        Some(ReadOnly | PermissionDenied) => "its file or folder may not be written; give yourself the right to".into(),
        Some(CannotOpen) => "its file cannot be opened; look whether the folder exists and may be written".into(),
        Some(SystemIoFailure) => format!("the disk fails ({error}); look at it"),
        Some(DatabaseCorrupt | NotADatabase) => "its file is damaged".into(),
        Some(DatabaseBusy | DatabaseLocked) => "another program holds its file; close that program".into(),
        _ => error.to_string(),
    }
}

/// Whether the file itself is broken, so that no new try can help.
pub(super) fn is_corrupt(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// Whether the disk, and not what was to be written, is the reason: a later try may do.
pub(super) fn is_of_the_disk(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::*;
    matches!(
        error.sqlite_error_code(),
        Some(
            DiskFull
                | ReadOnly
                | PermissionDenied
                | CannotOpen
                | SystemIoFailure
                | DatabaseBusy
                | DatabaseLocked
                | FileLockingProtocolFailed
                | OutOfMemory
                | NoLargeFileSupport
        )
    )
}
