//! The window that is measured.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use demo::load::{Load, LoadServer};
use secrecy::ExposeSecret;

use crate::support::{Demo, Desktop, Window};

/// The size that is measured at.
const SIZE: (u32, u32) = (1280, 800);

/// The program that is measured.
pub fn program() -> PathBuf {
    std::env::var_os("BENCH_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_signalbox").into(), PathBuf::from)
}

/// A program that was built beside the one measured, by its path below that folder.
pub fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_signalbox")).with_file_name("").join(name)
}

/// A desktop on which nothing lies over the window.
pub fn desktop(name: &str) -> Desktop {
    let desktop = Desktop::start(&format!("bench-{name}"));
    desktop.show_no_notifications();
    desktop
}

/// Opens the window on the demo's five services and on what else is configured, and waits until the five are live.
pub fn opened<'a>(desktop: &'a Desktop, demo: &Demo, more: &str, secrets: &[(&str, &str)]) -> Window<'a> {
    std::fs::write(desktop.configuration(), demo.configuration() + more).expect("a home can be written");
    let mut environment = demo.tokens();
    environment.extend(secrets);
    let configuration = desktop.configuration();
    let arguments = ["--config", configuration.to_str().expect("a path in UTF-8")];
    let window = Window::open_program(desktop, text(&program()), &arguments, &environment);
    window.resize(SIZE.0, SIZE.1);
    window.wait("five live connections", |window| (window.live_connections() >= 5).then_some(()));
    window
}

/// Opens the window on the demo and on a sixth connection, `many`, of so many devices that tell so many events a second.
pub fn opened_on_many<'a>(desktop: &'a Desktop, demo: &Demo, devices: usize, rate: u32) -> (Window<'a>, LoadServer) {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let load = Load { bind: address, frames: None, rate: Some(rate), distinct: devices };
    let many = demo.wait(LoadServer::start("iotee", load)).unwrap_or_else(|error| panic!("{error}"));
    let service = many.service();
    let connection = format!(
        "[[connection]]\nname = \"many\"\nprotocol = \"iotee\"\nurl = {:?}\ncredential = {{ env = \"MANY\" }}\nsubscribe = {:?}\n",
        service.url, service.subscribe,
    );
    let window = opened(desktop, demo, &connection, &[("MANY", service.token.expose_secret())]);
    (window, many)
}

/// Waits until there are so many devices, for as long as they may take to tell of themselves; answers how many there are.
pub fn filled(devices: usize, patience: Duration, count: impl Fn() -> u64) -> u64 {
    let begun = Instant::now();
    while count() < devices as u64 && begun.elapsed() < patience {
        sleep(Duration::from_secs(1));
    }
    count()
}

/// Shows the devices as a board, a table or a map.
pub fn show_devices_as(window: &Window, view: &str) {
    window.run("location.hash = '#/devices'", &[]);
    window.test_id("device-view");
    let shown = format!(
        "return [...document.querySelectorAll(\"[data-testid='device-view'] button\")]
            .find((one) => one.textContent.trim() === '{view}')"
    );
    assert!(window.click_script(&shown), "devices can be shown as a {view}");
}

/// A path as the driver wants it.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
