//! Other languages of the system than the usual: none at all, and names of files that are no UTF-8.

use crate::places::{self, PLACES};
use crate::support::{Demo, Desktop, Window};
use serde_json::json;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;

/// WebKit reports "C" as the language then, which is none that `Intl` knows.
#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn every_screen_is_drawn_under_the_c_locale() {
    let desktop = Desktop::start_in("locale-c", "C");
    desktop.show_no_notifications();
    let window = Window::open(&desktop, &["--demo"], &[]);
    window.resize(1280, 800);
    window.wait("five live connections", |window| (window.live_connections() == 5).then_some(()));
    window.tell_outside();
    window.run(
        "window.thrown = []; addEventListener('error', (event) => thrown.push(event.message));
         addEventListener('unhandledrejection', (event) => thrown.push(String(event.reason)))",
        &[],
    );
    for place in PLACES {
        places::go(&window, place);
        assert_eq!(window.run("return window.thrown", &[]), json!([]), "{}", place.name);
        assert!(window.find_css("[data-testid='trouble']").is_none(), "{} reports trouble", place.name);
    }
    window.go("#/overview");
    window.css(".uplot canvas");
    let clock = window.text(&window.test_id("clock"));
    assert!(clock.contains("UTC"), "the zone is printed: {clock}");
}

#[test]
#[ignore = "opens a real window: cargo xtask test"]
fn a_configuration_whose_name_is_no_utf_8_is_read() {
    let desktop = Desktop::start_in("locale-name", "C");
    let demo = Demo::with_devices(5);
    let name = std::ffi::OsString::from_vec(b"caf\xe9.toml".to_vec());
    let path = desktop.home().join(name);
    std::fs::write(&path, demo.devices_configuration(3, "")).expect("a home can be written");
    // WebDriver's arguments are text: the name is in a program of its own.
    let program = desktop.folder().join("signalbox.sh");
    let mut script = format!("#!/bin/sh\nexec '{}' --config '", env!("CARGO_BIN_EXE_signalbox")).into_bytes();
    script.extend(path.into_os_string().into_vec());
    script.extend(b"'\n");
    std::fs::write(&program, script).expect("the test's folder can be written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it is the test's own file");
    let program = program.to_str().expect("a path in UTF-8");
    let window = Window::open_program(&desktop, program, &[], &demo.tokens());
    window.wait("a live connection", |window| (window.live_connections() == 1).then_some(()));
    window.go("#/devices");
    let board = window.text(&window.test_id("lock-board"));
    assert!(board.contains(&demo.service("iotee").subscribe[0]), "{board}");
}
