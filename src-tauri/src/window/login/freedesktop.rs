//! Start at login as a desktop entry in the user's folder `autostart` (XDG Desktop Application Autostart Specification).

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The file that the desktop reads.
#[derive(Debug)]
pub(super) struct Entry {
    path: PathBuf,
    command: Vec<String>,
}

impl Entry {
    pub(super) fn new(name: &str, program: &str, arguments: &[String]) -> Result<Self, String> {
        let folder = dirs::config_dir().ok_or("This system names no folder for what is started at login.")?;
        Ok(Self::at(&folder.join("autostart").join(format!("{name}.desktop")), program, arguments))
    }

    fn at(path: &Path, program: &str, arguments: &[String]) -> Self {
        let command = std::iter::once(program.to_owned()).chain(arguments.iter().cloned()).collect();
        Entry { path: path.to_path_buf(), command }
    }

    /// Whether the file is there, and nobody has switched it off in it, as desktops' own settings do.
    pub(super) fn is_on(&self) -> Result<bool, String> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(is_on(&text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(format!("{} could not be read: {error}.", self.path.display())),
        }
    }

    pub(super) fn enable(&self) -> Result<(), String> {
        let write = || {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&self.path, text(&self.command))
        };
        write().map_err(|error| format!("{} could not be written: {error}.", self.path.display()))
    }

    pub(super) fn disable(&self) -> Result<(), String> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(format!("{} could not be removed: {error}.", self.path.display()))
            }
            _ => Ok(()),
        }
    }
}

fn text(command: &[String]) -> String {
    let command: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    format!(
        "[Desktop Entry]\nType=Application\nName=Signalbox\nComment=Watches your fleets from the tray\nExec={}\nIcon=signalbox\n\
         Terminal=false\nX-GNOME-Autostart-enabled=true\n",
        command.join(" ")
    )
}

/// A word of `Exec`: quoted as its own rules want it, then escaped as every value of the file is.
fn quoted(word: &str) -> String {
    let mut text = String::from("\"");
    for letter in word.chars() {
        match letter {
            '"' | '`' | '$' => text.extend(["\\\\", letter.encode_utf8(&mut [0; 4])]),
            '\\' => text.push_str("\\\\\\\\"),
            '%' => text.push_str("%%"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            _ => text.push(letter),
        }
    }
    text.push('"');
    text
}

fn is_on(text: &str) -> bool {
    let lines = text.lines().map(str::trim).skip_while(|line| *line != "[Desktop Entry]").skip(1);
    let entries = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('='));
    let mut can_start = false;
    for (key, value) in entries {
        match (key.trim(), value.trim()) {
            ("Hidden", "true") | ("X-GNOME-Autostart-enabled", "false") => return false,
            ("Exec", command) => can_start = !command.is_empty(),
            _ => {}
        }
    }
    can_start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(folder: &Path) -> Entry {
        let arguments = ["--hidden", "--config", "/home/an na/100%/it's $x.toml"].map(str::to_owned);
        Entry::at(&folder.join("autostart").join("signalbox.desktop"), "/opt/signal box/signalbox", &arguments)
    }

    #[test]
    fn the_file_is_the_only_state() {
        let folder = tempfile::tempdir().unwrap();
        let entry = entry(folder.path());
        assert_eq!(entry.is_on(), Ok(false));
        entry.disable().unwrap();
        entry.enable().unwrap();
        assert_eq!(entry.is_on(), Ok(true));
        let written = fs::read_to_string(&entry.path).unwrap();
        let exec = written.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
        assert_eq!(exec, r#""/opt/signal box/signalbox" "--hidden" "--config" "/home/an na/100%%/it's \\$x.toml""#);
        // What a desktop's own settings write when it is switched off there.
        fs::write(&entry.path, written.replace("enabled=true", "enabled=false")).unwrap();
        assert_eq!(entry.is_on(), Ok(false));
        fs::write(&entry.path, format!("{written}Hidden=true\n")).unwrap();
        assert_eq!(entry.is_on(), Ok(false));
        entry.enable().unwrap();
        assert_eq!(entry.is_on(), Ok(true));
        entry.disable().unwrap();
        assert!(!entry.path.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_said() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("autostart"), "a file where the folder should be").unwrap();
        let error = entry(folder.path()).enable().unwrap_err();
        assert!(error.contains("could not be written"), "{error}");
    }
}
