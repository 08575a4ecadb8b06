//! What leaves the program as a file: chart pictures and the shift report.

mod events;
mod picture;
mod report;

pub use picture::{Wanted, stored_picture};
pub use report::report;

use std::path::{Path, PathBuf};

use protocol::Timestamp;

use crate::monitor::Monitor;
use crate::view::{CommandError, ErrorCode, EventsFormat, PictureDraft, PictureFormat, Saved, Scope, Span, TextKind};

/// How many names are tried for one file.
const NAMES: u32 = 1_000;

impl Monitor {
    /// Saves a chart into a folder; answers where.
    pub fn save_picture(&self, draft: &PictureDraft, folder: &Path) -> Result<String, CommandError> {
        let picture = self.drawn(draft);
        let (bytes, extension) = match draft.format {
            PictureFormat::Svg => (chart::svg(&picture).into_bytes(), "svg"),
            PictureFormat::Png => (chart::png(&picture).map_err(|error| failed(&error))?, "png"),
        };
        let at = self.stamp();
        save(folder, &format!("{} {at}", draft.title), extension, &bytes)
    }

    /// Saves a shift report of the last hours into a folder; answers where.
    pub fn save_report(&self, hours: u32, scope: &Scope, folder: &Path) -> Result<String, CommandError> {
        let to = self.now();
        let from = Timestamp(to.millis() - i64::from(hours.clamp(1, 31 * 24)) * 60 * 60 * 1_000);
        self.inner.history.journal().flush(std::time::Duration::from_secs(1));
        let scoped = crate::view::build::in_scope(scope, self.connections());
        let mut names: Vec<String> = scoped.iter().map(|watched| watched.name().to_owned()).collect();
        if names.is_empty() {
            // None at all: no connection is called that.
            names.push(String::new());
        }
        let html =
            report(&self.inner.history, &names, (from, to), &self.inner.alarm.zone).map_err(|error| failed(&error))?;
        save(folder, &format!("Shift report {}", self.stamp()), "html", html.as_bytes())
    }

    /// Saves the events that a filter lets through, 20,000 at most; answers where, and how many.
    pub fn save_events(
        &self,
        scope: &Scope,
        filter: &str,
        past: Option<Span>,
        format: EventsFormat,
        folder: &Path,
    ) -> Result<Saved, CommandError> {
        let (rows, more) = self.listed(scope, filter, past);
        let extension = match format {
            EventsFormat::Ndjson => "ndjson",
            EventsFormat::Csv => "csv",
        };
        let bytes = self.written(&rows, format)?;
        let place = save(folder, &format!("Events {}", self.stamp()), extension, &bytes)?;
        Ok(Saved { place, rows: u32::try_from(rows.len()).unwrap_or(u32::MAX), more })
    }

    /// Saves a text that the page made, as the rows of a query; answers where.
    pub fn save_text(&self, title: &str, kind: TextKind, text: &str, folder: &Path) -> Result<String, CommandError> {
        let extension = match kind {
            TextKind::Csv => "csv",
            TextKind::Json => "json",
            TextKind::Toml => "toml",
        };
        save(folder, &format!("{title} {}", self.stamp()), extension, text.as_bytes())
    }

    fn stamp(&self) -> String {
        let zoned =
            jiff::Timestamp::from_millisecond(self.now().millis()).map(|at| at.to_zoned(self.inner.alarm.zone.clone()));
        zoned.map(|at| at.strftime("%Y-%m-%d %H.%M.%S").to_string()).unwrap_or_default()
    }
}

/// Writes a file under a name that is not taken yet.
fn save(folder: &Path, name: &str, extension: &str, bytes: &[u8]) -> Result<String, CommandError> {
    use std::io::Write;
    std::fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
    let name: String = name
        .chars()
        .map(|letter| if letter.is_alphanumeric() || " -_.()".contains(letter) { letter } else { '-' })
        .take(100)
        .collect();
    for number in 0..NAMES {
        let file = match number {
            0 => format!("{name}.{extension}"),
            number => format!("{name} ({number}).{extension}"),
        };
        let path: PathBuf = folder.join(file);
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                return match file.write_all(bytes).and_then(|()| file.sync_all()) {
                    Ok(()) => Ok(path.display().to_string()),
                    Err(error) => {
                        // Half a file is no use to anybody.
                        let _ = std::fs::remove_file(&path);
                        Err(refused(&path, &error))
                    }
                };
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused(&path, &error)),
        }
    }
    Err(CommandError {
        code: ErrorCode::File,
        message: format!("{} holds too many files of that name.", folder.display()),
    })
}

fn refused(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError {
        code: ErrorCode::File,
        message: format!("{} could not be written: {error}. Free some space or choose another folder.", path.display()),
    }
}

fn failed(error: &dyn std::fmt::Display) -> CommandError {
    CommandError { code: ErrorCode::Internal, message: format!("{error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten_and_no_name_leaves_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = save(folder.path(), "../a/b: c", "svg", b"1").unwrap();
        let second = save(folder.path(), "../a/b: c", "svg", b"2").unwrap();
        assert_ne!(first, second);
        assert_eq!(std::fs::read(first).unwrap(), b"1");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
