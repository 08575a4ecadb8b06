//! What the shell tells the page of the desktop around the window.

use serde::Serialize;
use ts_rs::TS;

/// The desktop as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DesktopState {
    /// Whether the desktop shows a tray, so that the window can be closed to it.
    pub tray: bool,
    /// What the tray says, in words.
    pub says: String,
    /// Whether the system starts Signalbox at login, as the system says itself; null where that cannot be.
    pub starts_at_login: Option<bool>,
    /// Why it cannot be started at login, as a sentence.
    pub login_problem: Option<String>,
    /// The folder that files are saved in where the settings name none; null where the system has none.
    pub downloads: Option<String>,
}
