//! Whether the system starts Signalbox at login. What it says is asked of the system each time and never remembered.

#[cfg_attr(all(unix, not(target_os = "macos")), path = "login/freedesktop.rs")]
#[cfg_attr(not(all(unix, not(target_os = "macos"))), path = "login/elsewhere.rs")]
mod entry;

use std::path::{Path, PathBuf};

use crate::cli::Window as Open;
use crate::history;
use entry::Entry;

/// How Signalbox is started at login: this program, on this configuration, in the tray at first.
#[derive(Debug)]
pub(super) struct Login {
    entry: Result<Entry, String>,
}

impl Login {
    /// The entry for what this window is opened on; a demo has none.
    pub(super) fn of(open: &Open) -> Self {
        Login { entry: if open.demo { Err("The demo is not started at login.".into()) } else { entry(open) } }
    }

    /// Whether the system starts it, or a sentence that says why that cannot be.
    pub(super) fn is_on(&self) -> Result<bool, String> {
        self.entry.as_ref().map_err(String::clone)?.is_on()
    }

    /// Has the system start it, or not.
    pub(super) fn set(&self, on: bool) -> Result<(), String> {
        let entry = self.entry.as_ref().map_err(String::clone)?;
        if on { entry.enable() } else { entry.disable() }
    }
}

fn entry(open: &Open) -> Result<Entry, String> {
    let program = program().map_err(|error| format!("The system does not say where this program is: {error}."))?;
    let mut arguments = vec!["--hidden".to_owned()];
    let mut name = "signalbox".to_owned();
    if let Some(config) = &open.config {
        let config = std::path::absolute(config).unwrap_or_else(|_| config.clone());
        name = format!("signalbox-{:016x}", history::of_path(&config));
        arguments.extend(["--config".to_owned(), text(&config)?]);
    }
    Entry::new(&name, &text(&program)?, &arguments)
}

/// An AppImage is started by its own path: what runs is inside of it.
fn program() -> std::io::Result<PathBuf> {
    match std::env::var_os("APPIMAGE").filter(|path| !path.is_empty()) {
        Some(path) => Ok(path.into()),
        None => std::env::current_exe(),
    }
}

fn text(path: &Path) -> Result<String, String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| format!("{} cannot be started at login: its path is not valid Unicode.", path.display()))
}
