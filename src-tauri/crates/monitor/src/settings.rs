//! The settings that the backend keeps, and how the history is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use fleet::alert::Matcher;
use store::{Commands, ExportSettings, HistoryLimits, MapSettings, NotificationSettings, Settings, WindowSettings};

use crate::monitor::{Monitor, invalid};
use crate::view::{CommandError, HistoryState, MatcherDraft, SettingsDraft};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Monitor {
    /// The settings as they are.
    pub fn settings(&self) -> SettingsDraft {
        let Settings { notifications: told, history: limits, window, map, exports } = self.inner.alarm.settings();
        SettingsDraft {
            notify_from: told.from.into(),
            sound: told.sound,
            in_front: told.in_front,
            quiet_hours: told.quiet_hours.map(|hours| hours.to_string()),
            critical_in_quiet_hours: told.critical_in_quiet_hours,
            commands: [
                told.commands.critical.clone(),
                told.commands.high.clone(),
                told.commands.medium.clone(),
                told.commands.low.clone(),
            ],
            keep_days: limits.keep_days,
            most_mib: limits.most_mib,
            close_to_tray: window.close_to_tray,
            tiles: map.tiles,
            tiles_attribution: map.tiles_attribution,
            exports_folder: exports.folder,
        }
    }

    /// Checks and keeps settings; they count from now on.
    pub fn save_settings(&self, draft: SettingsDraft) -> Result<(), CommandError> {
        let hours = filled(&draft.quiet_hours);
        let [critical, high, medium, low] = draft.commands;
        let told = NotificationSettings {
            from: draft.notify_from.into(),
            sound: draft.sound,
            in_front: draft.in_front,
            quiet_hours: hours
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|error: String| invalid(format!("{error}.")))?,
            critical_in_quiet_hours: draft.critical_in_quiet_hours,
            commands: Commands { critical, high, medium, low },
        };
        let limits = HistoryLimits { keep_days: draft.keep_days, most_mib: draft.most_mib };
        limits.validate().map_err(|error| invalid(format!("{error}.")))?;
        let map = MapSettings { tiles: filled(&draft.tiles), tiles_attribution: filled(&draft.tiles_attribution) };
        map.validate().map_err(|error| invalid(format!("{error}.")))?;
        let exports = ExportSettings { folder: filled(&draft.exports_folder) };
        exports.validate().map_err(|error| invalid(format!("{error}.")))?;
        let window = WindowSettings { close_to_tray: draft.close_to_tray };
        let settings = Settings { notifications: told, history: limits, window, map, exports };
        let _in_the_order_of_the_file = self.inner.editing.lock();
        let kept = self.inner.file.set_settings(&settings);
        self.note(kept)?;
        self.inner.alarm.set_settings(settings, self.now());
        Ok(())
    }

    /// Where the operator wants files saved; `None` where the settings name no folder.
    pub fn exports_folder(&self, home: Option<&Path>) -> Option<PathBuf> {
        self.inner.alarm.settings().exports.folder(home)
    }

    /// How the history is.
    pub fn history_state(&self) -> HistoryState {
        let health = self.inner.history.health();
        HistoryState {
            place: health
                .path
                .map_or_else(|| "in memory, until the program ends".into(), |path| path.display().to_string()),
            bytes: health.bytes,
            oldest: health.oldest.map(|at| at.millis()),
            problem: health.problem.map(|problem| problem.sentence),
            dropped_samples: health.samples_dropped,
            dropped_events: health.not_recorded,
        }
    }
}

/// What the store is told of the limits that an operator sets.
pub(crate) fn history_settings(limits: &HistoryLimits) -> store::history::Settings {
    store::history::Settings {
        keep_events: DAY * limits.keep_days,
        most_bytes: u64::from(limits.most_mib) << 20,
        ..store::history::Settings::default()
    }
}

/// What a silence covers, from what the page says.
pub(crate) fn matcher(draft: &MatcherDraft) -> Matcher {
    Matcher {
        rule: filled(&draft.rule),
        connection: filled(&draft.connection),
        subject: filled(&draft.subject),
        severity: draft.severity.map(Into::into),
    }
}

/// A text without the spaces around it; `None` where nothing is left.
fn filled(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
