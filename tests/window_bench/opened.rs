//! The window that is measured.

use std::path::{Path, PathBuf};

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

/// A path as the driver wants it.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
