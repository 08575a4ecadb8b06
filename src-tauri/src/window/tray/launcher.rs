//! The number on the program's icon in docks and task bars, as the LauncherEntry signal that Plasma, Ubuntu's dock, Plank and
//! others hear. Tauri's own badge needs a library of Unity that no desktop has any more.

use std::collections::HashMap;

use tauri::AppHandle;
use zbus::blocking::Connection;
use zbus::zvariant::Value;

/// The program's desktop file, as the packages name it.
const PROGRAM: &str = "application://Signalbox.desktop";

/// The badge. Docks forget it with its connection, so one is kept.
#[derive(Debug, Default)]
pub(in super::super) struct Badge {
    connection: Option<Connection>,
}

impl Badge {
    /// Shows a number, or none for 0. Where nobody hears of it, nothing is shown: the window's title says it too.
    pub(in super::super) fn show(&mut self, _app: &AppHandle, count: u32) {
        if self.try_show(count).is_err() {
            self.connection = None;
        }
    }

    fn try_show(&mut self, count: u32) -> zbus::Result<()> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::session()?,
        };
        let path = format!("/app/signalbox/launcher/{}", std::process::id());
        let properties =
            HashMap::from([("count", Value::from(i64::from(count))), ("count-visible", Value::from(count > 0))]);
        let signal = ("com.canonical.Unity.LauncherEntry", "Update");
        connection.emit_signal(None::<&str>, path, signal.0, signal.1, &(PROGRAM, properties))?;
        self.connection = Some(connection);
        Ok(())
    }
}
