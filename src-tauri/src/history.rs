//! Where the history of a configuration is, and how it is opened.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use link::{Clock, SystemClock};
use store::History;
use store::history::{HistoryError, Place, Settings};

use crate::failure::Failure;

/// The file of a configuration's history: each configuration is a fleet of its own, with a history of its own.
pub(crate) fn path(config: Option<&Path>) -> Result<PathBuf, Failure> {
    let folder = dirs::data_local_dir().ok_or_else(|| {
        Failure::usage("this system names no folder for data, so there is no place for the history; set XDG_DATA_HOME")
    })?;
    let name = match config {
        None => "history.sqlite3".to_owned(),
        Some(config) => format!("history-{:016x}.sqlite3", of_path(config)),
    };
    Ok(folder.join("signalbox").join(name))
}

/// A number for a configuration's file, the same for each way to write its path.
pub(crate) fn of_path(config: &Path) -> u64 {
    let mut hash = DefaultHasher::new();
    std::path::absolute(config).unwrap_or_else(|_| config.to_path_buf()).hash(&mut hash);
    hash.finish()
}

/// Opens a history to write it; where another process does, to read it only.
pub(crate) fn open(place: Place) -> Result<History, HistoryError> {
    match (History::open(place.clone(), Settings::default(), clock()), place) {
        (Err(in_use @ HistoryError::InUse { .. }), Place::Disk(path)) => {
            tracing::warn!("{in_use} What happens now is not recorded here.");
            History::open_read_only(path, clock())
        }
        (opened, _) => opened,
    }
}

/// Opens a history to read it, also while another process writes it.
pub(crate) fn read(config: Option<&Path>) -> Result<History, Failure> {
    let path = path(config)?;
    if !path.exists() {
        return Err(Failure::failed(format!(
            "there is no history yet at {}; the window writes one, and so does `signalbox record`",
            path.display()
        )));
    }
    History::open_read_only(path, clock()).map_err(Failure::failed)
}

/// The system's clock, as the history wants it.
pub(crate) fn clock() -> store::history::Clock {
    Arc::new(|| SystemClock.now())
}
