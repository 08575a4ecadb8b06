//! Which files were saved in this run: these are shown in the file manager when the page asks for it, and no other place is.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// How many are remembered; of older ones no word stands in the window any more.
const MOST: usize = 256;

/// The places of the files that were saved, wherever exports went then.
#[derive(Debug, Default)]
pub(super) struct Exports(Mutex<VecDeque<PathBuf>>);

impl Exports {
    /// Remembers where a file was saved.
    pub(super) fn saved(&self, place: &str) {
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
