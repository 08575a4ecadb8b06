//! The settings that the configuration keeps besides connections and rules.

use std::path::{Path, PathBuf};

use fleet::rule::{Hours, Severity};
use serde::{Deserialize, Serialize};
use url::Url;

/// All settings, a table of the file each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// `[notifications]`
    pub notifications: NotificationSettings,
    /// `[history]`
    pub history: HistoryLimits,
    /// `[window]`
    pub window: WindowSettings,
    /// `[map]`
    pub map: MapSettings,
    /// `[exports]`
    pub exports: ExportSettings,
}

/// What is told natively, and how: `[notifications]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotificationSettings {
    /// The lowest severity that is told.
    pub from: Severity,
    /// Whether it is to be heard.
    pub sound: bool,
    /// Whether it is told natively too while the window is in front.
    pub in_front: bool,
    /// Hours, local time, in which nothing is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<Hours>,
    /// Whether critical alerts are told in quiet hours too.
    pub critical_in_quiet_hours: bool,
    /// The operator's own commands.
    #[serde(rename = "command", skip_serializing_if = "Commands::is_empty")]
    pub commands: Commands,
}

/// An executable with its arguments for each severity; it is given the alert as JSON on its standard input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Commands {
    /// For critical alerts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub critical: Vec<String>,
    /// For high ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub high: Vec<String>,
    /// For medium ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub medium: Vec<String>,
    /// For low ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub low: Vec<String>,
}

/// How much of the past is kept: `[history]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistoryLimits {
    /// Days for which events and alerts are kept.
    pub keep_days: u32,
    /// The most that the file may take, in MiB.
    pub most_mib: u32,
}

/// How the window behaves: `[window]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WindowSettings {
    /// Whether closing the window leaves the program running in the tray. Where there is no tray, closing ends it all the same.
    pub close_to_tray: bool,
}

/// What maps are drawn on: `[map]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MapSettings {
    /// The address of a tile server's pictures with `{z}`, `{x}` and `{y}`; without one only the bundled outline is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiles: Option<String>,
    /// Whom the tile server wants named on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiles_attribution: Option<String>,
}

/// Where what is saved as a file goes: `[exports]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExportSettings {
    /// A folder by its whole path, `~` standing for the home folder; without one the system's folder for downloads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
}

/// The longest address, attribution or path, in bytes.
const LONGEST: usize = 1_000;

impl Default for NotificationSettings {
    fn default() -> Self {
        NotificationSettings {
            from: Severity::Medium,
            sound: false,
            in_front: false,
            quiet_hours: None,
            critical_in_quiet_hours: true,
            commands: Commands::default(),
        }
    }
}

impl Default for HistoryLimits {
    fn default() -> Self {
        HistoryLimits { keep_days: 90, most_mib: 2_048 }
    }
}

impl Default for WindowSettings {
    /// As the system's own programs do: on macOS they stay when their window is closed, elsewhere they end.
    fn default() -> Self {
        WindowSettings { close_to_tray: cfg!(target_os = "macos") }
    }
}

impl Commands {
    /// The command for a severity; empty when there is none.
    pub fn of(&self, severity: Severity) -> &[String] {
        match severity {
            Severity::Critical => &self.critical,
            Severity::High => &self.high,
            Severity::Medium => &self.medium,
            Severity::Low => &self.low,
        }
    }

    fn is_empty(&self) -> bool {
        *self == Commands::default()
    }
}

impl HistoryLimits {
    /// What is wrong with them, as the end of a sentence.
    pub fn validate(&self) -> Result<(), String> {
        if !(1..=3_650).contains(&self.keep_days) {
            return Err(format!("history: keep_days must be 1 to 3650, not {}", self.keep_days));
        }
        if !(16..=1_048_576).contains(&self.most_mib) {
            return Err(format!("history: most_mib must be 16 to 1048576, not {}", self.most_mib));
        }
        Ok(())
    }
}

impl MapSettings {
    /// What is wrong with them, as the end of a sentence.
    pub fn validate(&self) -> Result<(), String> {
        if let Some(tiles) = &self.tiles {
            validate_tiles(tiles)?;
        }
        match &self.tiles_attribution {
            Some(text) if text.len() > LONGEST => Err(format!("map: tiles_attribution is longer than {LONGEST} bytes")),
            Some(_) if self.tiles.is_none() => Err("map: tiles_attribution is set without tiles".into()),
            _ => Ok(()),
        }
    }
}

impl ExportSettings {
    /// The folder, with the home folder in the place of `~`; `None` where none is set, or the home folder is wanted and not known.
    pub fn folder(&self, home: Option<&Path>) -> Option<PathBuf> {
        let folder = self.folder.as_deref()?;
        match folder.strip_prefix('~') {
            Some(rest) => Some(home?.join(rest.trim_start_matches(['/', '\\']))),
            None => Some(PathBuf::from(folder)),
        }
    }

    /// What is wrong with them, as the end of a sentence.
    pub fn validate(&self) -> Result<(), String> {
        let Some(folder) = &self.folder else { return Ok(()) };
        if folder.len() > LONGEST {
            return Err(format!("exports: folder is longer than {LONGEST} bytes"));
        }
        let is_home = folder == "~" || folder.starts_with("~/");
        if is_home || Path::new(folder).is_absolute() {
            Ok(())
        } else {
            Err("exports: folder must be a whole path, as /srv/exports or ~/Exports".into())
        }
    }
}

fn validate_tiles(tiles: &str) -> Result<(), String> {
    if tiles.len() > LONGEST {
        return Err(format!("map: tiles is longer than {LONGEST} bytes"));
    }
    let mut filled = tiles.to_owned();
    for part in ["{z}", "{x}", "{y}"] {
        if tiles.matches(part).count() != 1 {
            return Err(format!(
                "map: tiles must have {part} once, as in https://tiles.example.com/{{z}}/{{x}}/{{y}}.png"
            ));
        }
        filled = filled.replace(part, "0");
    }
    let url = Url::parse(&filled).map_err(|error| format!("map: tiles is not an address: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("map: tiles must begin with https:// or http://".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("map: tiles must not hold a name or password".into());
    }
    // Which server is asked must not hang on where the map is.
    let origin = tiles.split('/').nth(2).unwrap_or_default();
    if origin.contains('{') {
        return Err("map: tiles must have {z}, {x} and {y} after the server's name".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(tiles: &str) -> String {
        let map = MapSettings { tiles: Some(tiles.into()), tiles_attribution: None };
        map.validate().err().unwrap_or_default()
    }

    #[test]
    fn exports_go_to_a_whole_path_or_into_the_home_folder() {
        let exports = |folder: &str| ExportSettings { folder: Some(folder.into()) };
        let home = Path::new("/home/ada");
        for (folder, place) in
            [("/srv/exports", "/srv/exports"), ("~/Exports", "/home/ada/Exports"), ("~", "/home/ada")]
        {
            assert_eq!(exports(folder).validate(), Ok(()), "{folder}");
            assert_eq!(exports(folder).folder(Some(home)), Some(place.into()), "{folder}");
        }
        for folder in ["Exports", "./x", "~bob/x", ""] {
            assert!(exports(folder).validate().is_err(), "{folder}");
        }
        assert_eq!(exports("~/Exports").folder(None), None);
        assert_eq!(ExportSettings::default().folder(Some(home)), None);
    }

    #[test]
    fn tiles_are_an_address_with_a_place_for_each_number() {
        for fine in [
            "https://tiles.example.com/{z}/{x}/{y}.png",
            "http://127.0.0.1:8080/{z}/{y}/{x}@2x.png?key=1",
            "https://tiles.example.com/?zoom={z}&x={x}&y={y}",
        ] {
            assert_eq!(wrong(fine), "", "{fine}");
        }
        for (tiles, part) in [
            ("https://tiles.example.com/{z}/{x}.png", "{y}"),
            ("https://tiles.example.com/{z}/{z}/{x}/{y}.png", "{z} once"),
            ("file:///{z}/{x}/{y}.png", "https://"),
            ("{z}/{x}/{y}.png", "not an address"),
            ("https://me:secret@example.com/{z}/{x}/{y}.png", "name or password"),
            ("https://{x}.example.com/{z}/{y}.png", "after the server's name"),
        ] {
            assert!(wrong(tiles).contains(part), "{tiles}: {}", wrong(tiles));
        }
        assert!(!wrong("https://me:secret@example.com/{z}/{x}/{y}.png").contains("secret"));
    }
}
