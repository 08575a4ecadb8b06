//! The window: the only code that names tauri.

mod blank;
mod commands;
mod desktop;
mod shell;
mod tray;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use link::{Credentials, Environment};
use monitor::Monitor;
use monitor::view::CommandError;
use monitor::view::picture::Target;
use store::ConfigFile;
use store::history::Place;
use tauri::utils::config::Color;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, RunEvent, Url, WebviewUrl, WebviewWindowBuilder};

use crate::failure::Failure;
use crate::notification::{Action, Notifications};
use crate::{history, log, stop};
use desktop::Desktop;
use shell::Shell;
use tray::{Choice, Tray};

const LABEL: &str = "main";

/// The page's darkest ground (`--ground` of `tokens.css`), so that the window is dark before the page has painted.
const GROUND: Color = Color(0x0b, 0x0d, 0x10, 0xff);

/// What the window is opened on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Open {
    /// The configuration file; the system's own place for it when `None`.
    pub(crate) config: Option<PathBuf>,
    /// The embedded demo fleet instead of any configuration.
    pub(crate) demo: bool,
}

/// Opens the window and returns when it is closed and its connections are down.
pub(crate) fn open(open: Open, filter: Option<&str>) -> Result<(), Failure> {
    blank::avoid();
    log::to_file(filter)?;
    display_is_there()?;
    let file = match open.demo {
        true => ConfigFile::in_memory(String::new()),
        false => ConfigFile::new(open.config.clone())?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::failed)?;
    tauri::async_runtime::set(runtime.handle().clone());

    let mut builder = tauri::Builder::default();
    // A demo is thrown away when it is closed: any number of them may be open.
    if !open.demo {
        builder = builder.plugin(single_instance(&open));
    }
    // A second instance ends in there, before anything is connected.
    let app = built(builder.invoke_handler(commands::handler()))?;
    let place = match open.demo {
        true => Place::Memory,
        false => Place::Disk(history::path(open.config.as_deref())?),
    };
    app.manage(shell(app.handle(), file, place)?);
    show(app.handle()).map_err(|error| Failure::failed(format!("the window could not be opened: {error}")))?;
    tauri::async_runtime::spawn(begin(app.handle().clone(), open.demo));
    let code = app.run_return(|app, event| {
        if matches!(event, RunEvent::Exit) {
            tauri::async_runtime::block_on(app.state::<Shell>().end());
        }
    });
    // What hangs, as a keychain that never answers, does not keep the program.
    runtime.shutdown_background();
    match code {
        0 => Ok(()),
        code => Err(Failure::failed(format!("the window ended with {code}"))),
    }
}

/// Connects to the demo fleet if that is wanted, and ends the window when the program is asked to end.
async fn begin(app: AppHandle, demo: bool) {
    if demo && let Err(error) = app.state::<Shell>().start_demo().await {
        tracing::error!("the demo fleet did not start: {}", error.message);
    }
    stop::asked().await;
    app.exit(0);
}

/// The monitor with its desktop; it connects at once what is configured.
fn shell(app: &AppHandle, file: ConfigFile, place: Place) -> Result<Shell, Failure> {
    let history = history::open(place).map_err(Failure::failed)?;
    let desktop = desktop(app).map_err(Failure::failed)?;
    let notifications = desktop.notifications.clone();
    let host = Arc::new(desktop);
    let monitor = tauri::async_runtime::block_on(async {
        let environment = Environment::system(Credentials::system());
        Monitor::start(file, environment, history, host)
    });
    if let Some(problem) = monitor.about().problem {
        // The page says it too; this is for who started the window from a terminal.
        eprintln!("signalbox: {problem}");
        tracing::error!("{problem}");
    }
    Ok(Shell::new(monitor, notifications))
}

/// Notifications and tray, and what is done where the operator clicks on them.
fn desktop(app: &AppHandle) -> std::io::Result<Desktop> {
    let (acted, chosen) = (app.clone(), app.clone());
    let notifications = Notifications::start(move |action| match action {
        Action::Acknowledge(id) => with_monitor(&acted, |monitor| monitor.acknowledge_ids(&[id], None, "").map(drop)),
        Action::Open(id) => {
            with_monitor(&acted, |monitor| {
                monitor.go(id.map_or(Target::Alerts, |id| Target::Alert { id: id.to_string() }));
                Ok(())
            });
            raise(&acted);
        }
    })?;
    let tray = Tray::start(app, move |choice| match choice {
        Choice::Open => raise(&chosen),
        Choice::Quit => chosen.exit(0),
        Choice::MuteFor(span) => with_monitor(&chosen, |monitor| monitor.mute_for(span)),
        Choice::MuteUntilTomorrow => with_monitor(&chosen, Monitor::mute_until_tomorrow),
        Choice::Unmute => with_monitor(&chosen, |monitor| {
            monitor.unmute();
            Ok(())
        }),
    })?;
    Ok(Desktop { notifications, tray })
}

/// Does what a click outside of the window asks; what cannot be done is in the log, as there is nobody to read it here.
fn with_monitor(app: &AppHandle, act: impl FnOnce(&Monitor) -> Result<(), CommandError>) {
    // A click can come before the monitor is there.
    if let Some(shell) = app.try_state::<Shell>()
        && let Err(error) = act(&shell.monitor)
    {
        tracing::warn!("{}", error.message);
    }
}

/// Brings the window to the front.
fn raise(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // The window manager may refuse any of these; then the window stays where it is.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Builds the application. GTK's binding panics where its display does not answer: that is said in a sentence too.
fn built(builder: tauri::Builder<tauri::Wry>) -> Result<tauri::App, Failure> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let built = catch_unwind(AssertUnwindSafe(|| builder.build(tauri::generate_context!())));
    std::panic::set_hook(hook);
    let why = match built {
        Ok(Ok(app)) => return Ok(app),
        Ok(Err(error)) => error.to_string(),
        Err(panic) => match panic.downcast_ref::<String>() {
            Some(why) if !why.contains("gtk") => why.clone(),
            _ => "the display does not answer; look at DISPLAY or WAYLAND_DISPLAY".into(),
        },
    };
    Err(Failure::failed(format!("the window could not be opened: {why}")))
}

fn show(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Signalbox")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 600.0)
        .background_color(GROUND)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Whether an address is the page itself; nothing else is ever loaded into the window.
fn is_ours(address: &Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && address.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

/// One window per configuration: a second start brings the first one to the front.
fn single_instance(open: &Open) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut plugin = tauri_plugin_single_instance::Builder::new().callback(|app, _, _| raise(app));
    if let Some(path) = &open.config {
        plugin = plugin.dbus_id(format!("app.signalbox.desktop.config{:016x}", history::of_path(path)));
    }
    plugin.build()
}

/// Says in a sentence what GTK would say with a panic.
fn display_is_there() -> Result<(), Failure> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return Err(Failure::failed(
            "there is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.\n\
             Without one, `signalbox watch` prints what comes, and `signalbox --help` lists all that works.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_itself_is_loaded() {
        assert!(is_ours(&"tauri://localhost/index.html".parse().unwrap()));
        for address in
            ["https://example.com/", "http://localhost/", "tauri://elsewhere/", "data:text/html,x", "file:///etc"]
        {
            assert!(!is_ours(&address.parse().unwrap()), "{address}");
        }
    }
}
