//! The window: the only code that names tauri.

mod blank;
mod commands;
mod crash;
mod desktop;
mod exports;
mod geometry;
mod login;
mod page;
mod presence;
mod reveal;
mod shell;
#[cfg(target_os = "linux")]
mod sleep;
mod tiles;
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
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};

use crate::cli::Window as Open;
use crate::failure::Failure;
use crate::notification::{Action, Notifications};
use crate::{history, log, stop};
use crash::Deaths;
use desktop::Desktop;
use exports::Exports;
use geometry::Geometries;
use login::Login;
use presence::{Presence, raise};
use shell::Shell;
use tray::{Choice, Tray};

const LABEL: &str = "main";

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
    #[cfg(target_os = "macos")]
    {
        builder =
            builder.on_web_content_process_terminate(|page| crash::died(page.app_handle(), "the system ended it"));
    }
    builder = builder.register_asynchronous_uri_scheme_protocol(tiles::SCHEME, |context, request, responder| {
        tiles::answer(context.app_handle(), &request, responder);
    });
    // A second instance ends in there, before anything is connected.
    let app = built(builder.invoke_handler(commands::handler()))?;
    let place = match open.demo {
        true => Place::Memory,
        false => Place::Disk(history::path(open.config.as_deref())?),
    };
    let presence = Presence::default();
    if let Some(screen) = &open.screen {
        presence.lead_to(screen);
    }
    app.manage(presence);
    app.manage(Deaths::default());
    app.manage(Exports::default());
    app.manage(Login::of(&open));
    app.manage(Geometries::read(geometry_path(&open)));
    // The page's process starts while the history is opened; nothing of it is heard before the loop runs below.
    if !open.hidden {
        page::open(app.handle())
            .map_err(|error| Failure::failed(format!("the window could not be opened: {error}")))?;
    }
    app.manage(shell(app.handle(), file, place)?);
    if open.hidden {
        presence::begin_hidden(app.handle());
    }
    tauri::async_runtime::spawn(begin(app.handle().clone(), open.demo));
    let code = app.run_return(|app, event| match event {
        RunEvent::WindowEvent { event, .. } => match event {
            WindowEvent::CloseRequested { api, .. } => presence::close_requested(app, &api),
            WindowEvent::Moved(_) | WindowEvent::Resized(_) => app.state::<Geometries>().changed(app),
            WindowEvent::Focused(is_focused) => desktop::focused(app, is_focused),
            WindowEvent::Destroyed => desktop::focused(app, false),
            _ => {}
        },
        RunEvent::ExitRequested { code, api, .. } => presence::exit_requested(app, code, &api),
        // A click on the icon in macOS's dock.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => raise(app),
        RunEvent::Exit => tauri::async_runtime::block_on(app.state::<Shell>().end()),
        _ => {}
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
    let host = Arc::new(desktop.clone());
    let monitor = tauri::async_runtime::block_on(async {
        let environment = Environment::system(Credentials::system());
        #[cfg(target_os = "linux")]
        sleep::listen(environment.wake.clone());
        Monitor::start(file, environment, history, host)
    });
    if let Some(problem) = monitor.about().problem {
        // The page says it too; this is for who started the window from a terminal.
        eprintln!("signalbox: {problem}");
        tracing::error!("{problem}");
    }
    Ok(Shell::new(monitor, desktop))
}

/// Notifications and tray, and what is done where the operator clicks on them.
fn desktop(app: &AppHandle) -> std::io::Result<Desktop> {
    let (acted, shown, chosen) = (app.clone(), app.clone(), app.clone());
    let on_action = move |action| match action {
        Action::Acknowledge(id) => with_monitor(&acted, |monitor| monitor.acknowledge_ids(&[id], None, "").map(drop)),
        Action::Open(id) => {
            with_monitor(&acted, |monitor| {
                monitor.go(id.map_or(Target::Alerts, |id| Target::Alert { id: id.to_string() }));
                Ok(())
            });
            raise(&acted);
        }
    };
    let notifications = Notifications::start(on_action, move || desktop::tells_itself(&shown))?;
    let tray = Tray::start(app, move |choice| match choice {
        Choice::Open => raise(&chosen),
        Choice::Quit => presence::quit_requested(&chosen),
        Choice::MuteFor(span) => with_monitor(&chosen, |monitor| monitor.mute_for(span)),
        Choice::MuteUntilTomorrow => with_monitor(&chosen, Monitor::mute_until_tomorrow),
        Choice::Unmute => with_monitor(&chosen, |monitor| {
            monitor.unmute();
            Ok(())
        }),
    })?;
    Ok(Desktop { app: app.clone(), notifications, tray })
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

/// One window per configuration: a second start brings the first one to the front.
fn single_instance(open: &Open) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut plugin = tauri_plugin_single_instance::Builder::new().callback(|app, arguments, _| {
        if let Some(screen) = crate::cli::screen_of(arguments) {
            presence::lead(app, &screen);
        }
        raise(app);
    });
    if let Some(path) = &open.config {
        plugin = plugin.dbus_id(format!("app.signalbox.desktop.config{:016x}", history::of_path(path)));
    }
    plugin.build()
}

/// Where a configuration's window is remembered; nowhere for a demo, of which nothing is written.
fn geometry_path(open: &Open) -> Option<PathBuf> {
    let folder = dirs::state_dir().or_else(dirs::data_local_dir).filter(|_| !open.demo)?.join("signalbox");
    Some(match &open.config {
        None => folder.join("window.json"),
        Some(config) => folder.join(format!("window-{:016x}.json", history::of_path(config))),
    })
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
