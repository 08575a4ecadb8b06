//! Where files are saved, and which were in this run: these are shown in the file manager when the page asks for it, and no other
//! place is.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use monitor::Monitor;
use monitor::view::{CommandError, ErrorCode};
use tauri::{AppHandle, Manager};

use super::commands::{Answer, long};
use super::shell::Shell;

/// How many are remembered; of older ones no word stands in the window any more.
const MOST: usize = 256;

/// The places of the files that were saved, wherever exports went then.
#[derive(Debug, Default)]
pub(super) struct Exports(Mutex<VecDeque<PathBuf>>);

impl Exports {
    /// Remembers where a file was saved.
    fn saved(&self, place: &str) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() == MOST {
            places.pop_front();
        }
        places.push_back(PathBuf::from(place));
    }

    /// Whether a file was saved there.
    pub(super) fn knows(&self, place: &Path) -> bool {
        let places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places.iter().any(|known| known == place)
    }
}

/// Has something saved in the folder of the settings, or else in the system's, and remembers its place.
pub(super) async fn save<T: Send + 'static>(
    app: &AppHandle,
    save: impl FnOnce(&Monitor, &Path) -> Answer<T> + Send + 'static,
    place: fn(&T) -> &str,
) -> Answer<T> {
    let monitor = app.state::<Shell>().monitor.clone();
    let folder = match monitor.exports_folder(app.path().home_dir().ok().as_deref()) {
        Some(folder) => folder,
        None => downloads(app)?,
    };
    let saved = long(move || save(&monitor, &folder)).await?;
    app.state::<Exports>().saved(place(&saved));
    Ok(saved)
}

/// The system's folder for downloads; where it names none that which usually is, or the home folder.
pub(super) fn downloads(app: &AppHandle) -> Answer<PathBuf> {
    if let Ok(named) = app.path().download_dir() {
        return Ok(named);
    }
    let home = app.path().home_dir().map_err(|error| CommandError {
        code: ErrorCode::Internal,
        message: format!("This system names no folder to save files in: {error}. Name one in Settings, Exports."),
    })?;
    let usual = home.join("Downloads");
    Ok(if usual.is_dir() { usual } else { home })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_known_wherever_it_went_and_nothing_else_is() {
        let exports = Exports::default();
        exports.saved("/home/op/Downloads/chart.png");
        exports.saved("/srv/exports/chart.png");
        assert!(exports.knows(Path::new("/home/op/Downloads/chart.png")));
        assert!(exports.knows(Path::new("/srv/exports/chart.png")));
        assert!(!exports.knows(Path::new("/srv/exports/other.png")));
        for n in 0..MOST {
            exports.saved(&format!("/srv/exports/{n}.png"));
        }
        assert!(!exports.knows(Path::new("/srv/exports/chart.png")), "as many are remembered as there is room for");
        assert_eq!(exports.0.lock().unwrap().len(), MOST);
    }
}
