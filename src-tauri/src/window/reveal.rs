//! Shows a saved file in the system's file manager.

use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

/// A file manager that starts takes a moment, and one that hangs is not waited for. Who cannot open anything ends sooner.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens the folder of a file with the file chosen, or the folder alone where the file manager cannot do that. It may take
/// some seconds. An error says that nothing was opened.
pub(super) fn reveal(file: &Path) -> io::Result<()> {
    let folder = file.parent().ok_or_else(|| io::Error::other("it lies in no folder"))?;
    if chosen(file) {
        return Ok(());
    }
    #[cfg(target_os = "macos")]
    let opener = "open";
    #[cfg(windows)]
    let opener = "explorer";
    #[cfg(all(unix, not(target_os = "macos")))]
    let opener = "xdg-open";
    start(Command::new(opener).arg(folder), PATIENCE)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn chosen(file: &Path) -> bool {
    const NAME: &str = "org.freedesktop.FileManager1";
    let Ok(address) = tauri::Url::from_file_path(file) else { return false };
    let shown = zbus::blocking::connection::Builder::session()
        .map(|builder| builder.method_timeout(PATIENCE))
        .and_then(zbus::blocking::connection::Builder::build)
        .and_then(|bus| {
            let items = (vec![address.as_str()], "");
            bus.call_method(Some(NAME), "/org/freedesktop/FileManager1", Some(NAME), "ShowItems", &items)
        });
    shown.inspect_err(|error| tracing::debug!("no file manager shows a file: {error}")).is_ok()
}

#[cfg(target_os = "macos")]
fn chosen(file: &Path) -> bool {
    start(Command::new("open").arg("-R").arg(file), PATIENCE).is_ok()
}

#[cfg(windows)]
fn chosen(file: &Path) -> bool {
    let mut choice = std::ffi::OsString::from("/select,");
    choice.push(file);
    start(Command::new("explorer").arg(choice), PATIENCE).is_ok()
}

/// Starts a program and waits a while for it: one that ends by then with a failure opened nothing. The rest is waited for on
/// a thread of its own, so that none is left behind.
fn start(command: &mut Command, patience: Duration) -> io::Result<()> {
    let mut child = command.spawn()?;
    let (ended, end) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = ended.send(child.wait());
    });
    let Ok(status) = end.recv_timeout(patience) else { return Ok(()) };
    let status = status?;
    // Explorer ends with 1 whatever it did.
    if status.success() || cfg!(windows) {
        return Ok(());
    }
    let name = command.get_program().display();
    Err(io::Error::other(match status.code() {
        Some(3) if cfg!(all(unix, not(target_os = "macos"))) => format!("{name} found no program that shows folders"),
        Some(code) => format!("{name} failed with exit code {code}"),
        None => format!("{name} was ended"),
    }))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(script: &str, patience: Duration) -> Result<(), String> {
        start(Command::new("sh").args(["-c", script]), patience).map_err(|error| error.to_string())
    }

    #[test]
    fn an_opener_that_fails_is_said_and_one_that_stays_is_not_waited_for() {
        assert_eq!(run("exit 0", PATIENCE), Ok(()));
        assert_eq!(run("exit 4", PATIENCE), Err("sh failed with exit code 4".into()));
        assert!(run("exit 3", PATIENCE).is_err());
        assert_eq!(run("sleep 1; exit 4", Duration::ZERO), Ok(()));
        assert!(start(&mut Command::new("there-is-no-such-opener"), PATIENCE).is_err());
    }
}
