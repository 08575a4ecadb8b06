//! Shows a saved file in the system's file manager.

use std::io;
use std::path::Path;
use std::process::Command;

/// Opens the folder of a file with the file chosen, or the folder alone where the file manager cannot do that.
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
    start(Command::new(opener).arg(folder))
}

#[cfg(all(unix, not(target_os = "macos")))]
fn chosen(file: &Path) -> bool {
    /// A file manager that starts takes a moment; one that hangs is not waited for.
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
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
    start(Command::new("open").arg("-R").arg(file)).is_ok()
}

#[cfg(windows)]
fn chosen(file: &Path) -> bool {
    let mut choice = std::ffi::OsString::from("/select,");
    choice.push(file);
    start(Command::new("explorer").arg(choice)).is_ok()
}

/// Starts a program and waits for it on a thread of its own, so that none is left behind.
fn start(command: &mut Command) -> io::Result<()> {
    let mut child = command.spawn()?;
    std::thread::spawn(move || {
        let _ = child.wait();
    });
    Ok(())
}
