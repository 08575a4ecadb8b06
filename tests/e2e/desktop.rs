//! Signalbox as a guest of the desktop: tray, window place, login, sleep, and the end of its page.

use crate::support::{Demo, Desktop, PATIENCE, Process, Tray, Window, until};
use std::path::PathBuf;
use zbus::blocking::connection::Builder;

/// Each device that is unlocked is told of at once, and the window closes to the tray.
const TO_TRAY: &str = "notify_unlocked = true\n\n[window]\nclose_to_tray = true\n";

/// Longer than the page takes to tell where it is, also on a machine that is busy.
const TOLD: std::time::Duration = std::time::Duration::from_secs(3);

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn closed_to_the_tray_it_goes_on_and_comes_back_where_it_was() {
    let desktop = Desktop::start("desktop-tray");
    let tray = Tray::start(&desktop);
    let demo = Demo::with_devices(50);
    let [first, second] = [0, 1].map(|at| demo.service("iotee").subscribe[at].clone());
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, TO_TRAY));
    window.go(&format!("#/devices/{first}"));
    window.wait_for_text("1 of 3");
    close(&desktop);
    window.wait("the page's process to end", |window| window.page_process().is_none().then_some(()));
    assert!(window.runs() && !window.is_on_the_screen());
    window.wait("to be told where it went", |_| (desktop.told().len() == 1).then_some(()));
    assert!(desktop.told()[0].contains("goes on in the tray"), "{:?}", desktop.told());
    desktop.picture("closed");

    demo.control("iotee").unlock(&first, "rfid");
    window.wait("the alert of what happens meanwhile", |_| (desktop.told().len() == 2).then_some(()));
    assert!(desktop.told()[1].contains(&format!("{first} unlocked")), "{:?}", desktop.told());
    window.wait("the tray to say so", |_| tray.says().contains("1 high alert").then_some(()));
    assert!(window.page_process().is_none(), "an alert alone opens no window");

    tray.click();
    window.turn_to_new();
    window.wait_for_text("1 of 3");
    assert_eq!(window.run("return location.hash", &[]), format!("#/devices/{first}"));
    window.wait("it to know what happened", |window| window.page_text().contains("Unlocked").then_some(()));
    window.wait("it to be on the screen", |window| window.is_on_the_screen().then_some(()));
    window.picture("back");

    close(&desktop);
    window.wait("the page's process to end again", |window| window.page_process().is_none().then_some(()));
    assert_eq!(desktop.told().len(), 2, "where it goes is told once");
    let again =
        ["--config", desktop.configuration().to_str().expect("a path in UTF-8"), "--open", "events"].map(str::to_owned);
    let again: Vec<&str> = again.iter().map(String::as_str).collect();
    desktop.output(env!("CARGO_BIN_EXE_signalbox"), &again);
    window.turn_to_new();
    window.test_id("screen-events");

    // A click on what is told while it is away leads to that alert.
    close(&desktop);
    window.wait("the page's process to end once more", |window| window.page_process().is_none().then_some(()));
    // Those that are on the screen would be clicked first.
    desktop.notifications();
    demo.control("iotee").unlock(&second, "keypad");
    window.wait("the second alert", |_| (desktop.told().len() == 3).then_some(()));
    desktop.click_notification();
    window.turn_to_new();
    window.test_id("screen-alert");
    window.wait("that alert", |window| window.page_text().contains(&second).then_some(()));
    window.picture("alert");

    tray.choose("Quit");
    window.wait("it to quit", |window| (!window.runs()).then_some(()));
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn where_there_is_no_tray_closing_quits() {
    let desktop = Desktop::start("desktop-no-tray");
    let demo = Demo::with_devices(50);
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, TO_TRAY));
    window.go("#/settings");
    window.wait_for_text("This desktop shows no tray now");
    window.picture("settings");
    close(&desktop);
    window.wait("it to quit", |window| (!window.runs()).then_some(()));
    assert!(desktop.told().is_empty(), "{:?}", desktop.told());
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn what_is_not_saved_is_asked_about_by_the_window_s_button_and_by_the_tray() {
    let desktop = Desktop::start("desktop-unsaved");
    let tray = Tray::start(&desktop);
    let demo = Demo::with_devices(50);
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, ""));
    window.go("#/settings");
    window.fill(&window.test_id("exports-folder"), "~/Exports");
    window.test_id("settings-unsaved");
    std::thread::sleep(TOLD);

    // As the button of its frame does.
    let id = the_window(&desktop);
    window.wait("to be asked", |window| {
        // The window manager may not have taken the key: being asked twice is being asked once.
        desktop.output("xdotool", &["windowactivate", "--sync", &id, "key", "--clearmodifiers", "alt+F4"]);
        std::thread::sleep(TOLD);
        window.page_text().contains("Leave without saving?").then_some(())
    });
    window.picture("asked");
    // Longer than a page may take to take it up.
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert!(window.runs() && window.is_on_the_screen());
    window.click_role("button", "Cancel");
    window.click_test_id("settings-save");
    window.wait("it to be saved", |window| window.find_css("[data-testid='settings-unsaved']").is_none().then_some(()));
    let written = std::fs::read_to_string(desktop.configuration()).expect("the configuration is there");
    assert!(written.contains("[exports]\nfolder = \"~/Exports\""), "{written}");

    window.fill(&window.test_id("exports-folder"), "~/Elsewhere");
    window.test_id("settings-unsaved");
    std::thread::sleep(TOLD);
    tray.choose("Quit");
    window.wait_for_text("Leave without saving?");
    // The window is gone before a click is answered: the page does it a moment later.
    window.run("setTimeout(() => document.querySelector(\"[data-testid='confirm-do']\").click(), 300)", &[]);
    window.wait("it to quit", |window| (!window.runs()).then_some(()));
    let written = std::fs::read_to_string(desktop.configuration()).expect("the configuration is there");
    assert!(!written.contains("Elsewhere"), "{written}");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn started_hidden_it_waits_in_the_tray_and_opens_where_there_is_none() {
    let desktop = Desktop::start("desktop-hidden");
    let demo = Demo::with_devices(50);
    let path = configured(&desktop, &demo, "");
    let tray = Tray::start(&desktop);
    let mut hidden = start(&desktop, &demo, "hidden", &path, &["--hidden"]);
    until(PATIENCE, || tray.says().contains("Nothing needs you").then_some(())).expect("it is in the tray");
    until(PATIENCE, || (demo.control("iotee").connections() == 1).then_some(())).expect("it is connected");
    assert!(windows(&desktop).is_empty(), "no window");
    tray.choose("Open Signalbox");
    until(PATIENCE, || (windows(&desktop).len() == 1).then_some(())).expect("its window opens");
    tray.choose("Quit");
    until(PATIENCE, || hidden.has_ended().then_some(())).expect("it quits");
    drop(tray);

    let mut nowhere = start(&desktop, &demo, "nowhere", &path, &["--hidden"]);
    until(PATIENCE * 2, || (windows(&desktop).len() == 1).then_some(()))
        .expect("a window, as nothing else leads to it");
    nowhere.end();
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn the_window_comes_back_where_it_was_and_only_onto_a_screen() {
    let desktop = Desktop::start("desktop-place");
    let demo = Demo::with_devices(50);
    let path = configured(&desktop, &demo, "");
    let mut first = start(&desktop, &demo, "first", &path, &[]);
    let window = the_window(&desktop);
    desktop.output("xdotool", &["windowsize", "--sync", &window, "1000", "640"]);
    desktop.output("xdotool", &["windowmove", "--sync", &window, "137", "93"]);
    std::thread::sleep(TOLD);
    let was = place(&desktop, &window);
    desktop.output("xdotool", &["windowactivate", "--sync", &window, "key", "--clearmodifiers", "ctrl+q"]);
    until(PATIENCE, || first.has_ended().then_some(())).expect("Ctrl Q quits");

    let mut second = start(&desktop, &demo, "second", &path, &[]);
    let window = the_window(&desktop);
    let back = until(PATIENCE, || (place(&desktop, &window) == was).then_some(()));
    assert!(back.is_some(), "it is at {:?} and was at {was:?}", place(&desktop, &window));
    desktop.picture("back");
    second.end();

    // The same on a screen that is gone: its size stays, and it is where it can be reached.
    let state = desktop.home().join(".local/state/signalbox");
    let kept = std::fs::read_dir(&state).expect("the state folder").flatten();
    let kept: Vec<PathBuf> =
        kept.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    let [kept] = kept.as_slice() else { panic!("one window is remembered: {kept:?}") };
    let text = std::fs::read_to_string(kept).expect("a window's place");
    let mut away: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    away["window"]["x"] = 5_000.into();
    std::fs::write(kept, away.to_string()).expect("the state folder can be written");
    let mut third = start(&desktop, &demo, "third", &path, &[]);
    let window = the_window(&desktop);
    let [x, _, width, height] = place(&desktop, &window);
    assert!(x < 1440, "it is out of reach at {x}");
    assert_eq!([width, height], [was[2], was[3]]);
    third.end();
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn start_at_login_is_what_the_desktop_reads() {
    let desktop = Desktop::start("desktop-login");
    let demo = Demo::with_devices(50);
    let window = Window::watching(&desktop, &demo, &demo.devices_configuration(3, ""));
    let folder = desktop.home().join(".config/autostart");
    let entries =
        || std::fs::read_dir(&folder).map(|all| all.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    window.go("#/settings");
    let switch = "label:has([data-testid='start-at-login'])";
    let is_on =
        |window: &Window| window.run("return document.querySelector('[data-testid=start-at-login]').checked", &[]);
    window.click(&window.css(switch));
    let written: Vec<PathBuf> = window.wait("the entry", |_| Some(entries()).filter(|found: &Vec<_>| found.len() == 1));
    let text = std::fs::read_to_string(&written[0]).expect("the entry can be read");
    let (program, config) = (env!("CARGO_BIN_EXE_signalbox"), desktop.configuration());
    assert!(text.contains(&format!("Exec=\"{program}\" \"--hidden\" \"--config\" \"{}\"", config.display())), "{text}");
    window.wait("the switch to be on", |window| (is_on(window) == true).then_some(()));
    window.picture("on");

    // Switched off in the desktop's own settings, it is seen here.
    std::fs::write(&written[0], text.replace("enabled=true", "enabled=false")).expect("the entry can be written");
    window.wait("the switch to follow", |window| (is_on(window) == false).then_some(()));
    window.click(&window.css(switch));
    window.wait("the switch to be on again", |window| (is_on(window) == true).then_some(()));
    window.click(&window.css(switch));
    window.wait("the entry to be gone", |_| Some(entries()).filter(Vec::is_empty));
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_page_whose_process_dies_comes_back_where_it_was() {
    let desktop = Desktop::start("desktop-crash");
    let demo = Demo::with_devices(50);
    let path = configured(&desktop, &demo, "");
    // Without a driver: one that steers a page ends with the page's process.
    let mut running = start(&desktop, &demo, "running", &path, &["--open", "connections"]);
    let window = the_window(&desktop);
    let page = || running.below_where(|program| program.ends_with("WebKitWebProcess"));
    let first = until(PATIENCE, page).expect("a page has a process");
    let mut seen = Vec::new();
    let settled = until(PATIENCE, || {
        let before = std::mem::replace(&mut seen, rail(&desktop, &window));
        (colours(&seen) > 8 && before == seen).then_some(())
    });
    assert!(settled.is_some(), "the page is painted");
    desktop.output("kill", &["-KILL", &first.to_string()]);
    let log = desktop.home().join(".local/state/signalbox/signalbox.log");
    let told = || std::fs::read_to_string(&log).unwrap_or_default().matches("the page's process has died").count();
    until(PATIENCE, || (told() == 1).then_some(())).expect("a line in the log");
    until(PATIENCE, || page().filter(|id| *id != first)).expect("another process");
    // The rail marks the screen that is shown.
    let back = until(PATIENCE, || (rail(&desktop, &window) == seen).then_some(()));
    desktop.picture("back");
    assert!(back.is_some(), "another screen, or none; see {}", desktop.folder().display());
    assert_eq!(demo.control("iotee").accepted(), 1, "the connection knows nothing of it");
    running.end();
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn waking_makes_every_connection_prove_itself() {
    let mut desktop = Desktop::start("desktop-sleep");
    let demo = Demo::with_devices(50);
    let path = configured(&desktop, &demo, "");
    let address = desktop.start_another_bus("system");
    let logind = Builder::address(address.as_str())
        .and_then(|builder| builder.name("org.freedesktop.login1"))
        .and_then(Builder::build);
    let logind = logind.expect("a bus");
    let mut command = command(&desktop, &demo, &path, &[]);
    command.env("DBUS_SYSTEM_BUS_ADDRESS", &address);
    let mut running = Process::start("sleeper", desktop.folder(), &command);
    until(PATIENCE, || (demo.control("iotee").connections() == 1).then_some(())).expect("it is connected");
    the_window(&desktop);
    let log = desktop.home().join(".local/state/signalbox/signalbox.log");
    let said = |what: &str| std::fs::read_to_string(&log).unwrap_or_default().contains(what);
    let tell = |sleeps: bool| {
        let (path, manager) = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager");
        logind.emit_signal(None::<&str>, path, manager, "PrepareForSleep", &sleeps).expect("a signal");
    };
    tell(true);
    until(PATIENCE, || said("the computer goes to sleep").then_some(())).expect("sleep is heard of");
    // What died meanwhile says nothing by itself.
    demo.control("iotee").stall_all();
    // What was on its way would be taken for a sign of life.
    std::thread::sleep(std::time::Duration::from_millis(500));
    tell(false);
    until(PATIENCE, || said("every connection is probed").then_some(())).expect("waking is heard of");
    assert!(said("slept from "), "how long it slept");
    until(PATIENCE, || (demo.control("iotee").dials() == 2).then_some(())).expect("it connects anew");
    running.end();
}

/// Closes the window by its key, after the page has told where it is.
fn close(desktop: &Desktop) {
    let window = the_window(desktop);
    desktop.output("xdotool", &["windowactivate", "--sync", &window, "key", "--clearmodifiers", "ctrl+w"]);
}

/// Writes a configuration of three devices.
fn configured(desktop: &Desktop, demo: &Demo, more: &str) -> PathBuf {
    std::fs::write(desktop.configuration(), demo.devices_configuration(3, more)).expect("a home can be written");
    desktop.configuration()
}

fn command(desktop: &Desktop, demo: &Demo, configuration: &std::path::Path, args: &[&str]) -> std::process::Command {
    let mut command = desktop.command(env!("CARGO_BIN_EXE_signalbox"));
    command.arg("--config").arg(configuration).args(args).envs(demo.tokens());
    command
}

/// Starts Signalbox without a driver.
fn start(desktop: &Desktop, demo: &Demo, name: &str, configuration: &std::path::Path, args: &[&str]) -> Process {
    Process::start(name, desktop.folder(), &command(desktop, demo, configuration, args))
}

/// The windows on the screen.
fn windows(desktop: &Desktop) -> Vec<String> {
    let search = ["search", "--onlyvisible", "--name", "^(\\([0-9]+\\) )?Signalbox$"];
    let found = desktop.command("xdotool").args(search).output().expect("`xdotool` runs");
    String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect()
}

/// Waits for the window, until it has its frame.
fn the_window(desktop: &Desktop) -> String {
    let found = until(PATIENCE, || windows(desktop).pop()).expect("a window opens");
    std::thread::sleep(TOLD);
    found
}

/// What is painted at the window's left edge: the rail, with the screen marked that is shown.
fn rail(desktop: &Desktop, window: &str) -> Vec<u8> {
    let mut command = desktop.command("import");
    let taken = command.args(["-window", window, "-crop", "180x400+0+50", "-depth", "8", "rgb:-"]).output();
    taken.expect("`import` runs").stdout
}

fn colours(pixels: &[u8]) -> usize {
    pixels.as_chunks::<3>().0.iter().collect::<std::collections::HashSet<_>>().len()
}

/// A window's left, top, width and height.
fn place(desktop: &Desktop, window: &str) -> [i32; 4] {
    let told = desktop.output("xdotool", &["getwindowgeometry", "--shell", window]);
    let of = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name} in {told}"));
        line.parse().unwrap_or_else(|error| panic!("{line}: {error}"))
    };
    [of("X="), of("Y="), of("WIDTH="), of("HEIGHT=")]
}
