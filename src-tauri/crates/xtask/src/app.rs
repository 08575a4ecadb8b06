//! Commands about the program itself: start it, measure it, bundle it, take its picture.

use crate::task::Task;
use crate::{Failure, root, setup};
use std::path::Path;

/// Builds Signalbox for release and opens its window on the embedded demo fleet.
pub fn demo(arguments: &[String]) -> Result<(), Failure> {
    display_is_there("`target/release/signalbox demo` runs the demo's services")?;
    prepare()?;
    Task::cargo("build Signalbox for release (some minutes the first time)")
        .args(["build", "--release", "--locked", "--package", "signalbox"])
        .run()?;
    let program = root().join("target/release").join(if cfg!(windows) { "signalbox.exe" } else { "signalbox" });
    Task::new("open Signalbox on the demo fleet (closing its window ends it)", program)
        .args(["--demo"])
        .args(arguments)
        .interactive()
        .run_in_foreground()
}

/// Builds Signalbox for development and starts it with the given arguments.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    prepare()?;
    let arguments = arguments.strip_prefix(&["--".to_owned()][..]).unwrap_or(arguments);
    Task::cargo("build and start Signalbox")
        .args(["run", "--package", "signalbox", "--"])
        .args(arguments)
        .interactive()
        .run_in_foreground()
}

/// Measures the release build and prints one table; with `window` first, what can be seen and felt of its real window.
pub fn bench(arguments: &[String]) -> Result<(), Failure> {
    prepare()?;
    if let Some((window, parts)) = arguments.split_first()
        && window == "window"
    {
        return bench_window(parts);
    }
    setup::judge_packages()?;
    Task::cargo("measure the release build (nothing else should be running)")
        .args(["run", "--release", "--locked", "--package", "bench", "--"])
        .args(arguments)
        .run_in_foreground()
}

/// Measures the real window: all parts, or those that are named.
fn bench_window(parts: &[String]) -> Result<(), Failure> {
    setup::test_packages()?;
    setup::window_driver()?;
    if parts.is_empty() || parts.iter().any(|part| part == "start") {
        Task::cargo("build what the start of the window is measured against")
            .args(["build", "--release", "--locked", "--package", "signalbox", "--example", "empty_window"])
            .run()?;
        Task::cargo("build what makes a history of seven days")
            .args(["build", "--release", "--locked", "--package", "bench"])
            .run()?;
    }
    Task::cargo("measure the release build's window (nothing else should be running)")
        .args(["test", "--release", "--locked", "--package", "signalbox", "--test", "window_bench", "--"])
        .args(parts)
        .env("SIGNALBOX_TAURI_DRIVER", setup::driver())
        .run_in_foreground()
}

/// Makes the .deb and the .rpm below `target/release/bundle`.
pub fn bundle() -> Result<(), Failure> {
    prepare()?;
    Task::new("bundle Signalbox", root().join("ui/node_modules/.bin/tauri"))
        .args(["build", "--bundles", "deb,rpm"])
        .or_else_do("Bundles for Linux can be made on Linux only.")
        .run()?;
    for kind in ["deb", "rpm"] {
        for made in made_bundles(&root().join("target/release/bundle").join(kind), kind) {
            println!("{made}");
        }
    }
    Ok(())
}

/// Takes the pictures in `docs/pictures` from the real window.
pub fn pictures() -> Result<(), Failure> {
    prepare()?;
    setup::test_packages()?;
    setup::window_driver()?;
    Task::cargo("take the pictures of every screen, dark and light")
        .args(["test", "--locked", "--package", "signalbox", "--test", "pictures"])
        .env("SIGNALBOX_TAURI_DRIVER", setup::driver())
        .or_else_do("The logs of the window are in target/e2e.")
        .run_in_foreground()
}

/// Formats the Rust code and the page, and writes the page's types anew from the Rust ones.
pub fn format() -> Result<(), Failure> {
    Task::cargo("format the Rust code").args(["fmt", "--all"]).run()?;
    setup::page_packages()?;
    Task::cargo("write the page's types from the Rust ones")
        .args(["test", "--quiet", "--package", "monitor", "--lib", "typescript"])
        .env("WRITE_TYPES", "1")
        .run()?;
    setup::npm("format the page").args(["run", "format"]).within("ui").run()
}

fn prepare() -> Result<(), Failure> {
    setup::build_packages()?;
    setup::page_packages()?;
    setup::page()
}

/// Fails early where no window can open, before minutes of building.
fn display_is_there(without: &str) -> Result<(), Failure> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY") {
        return Ok(());
    }
    Err(Failure::new(format!(
        "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.\n\
         Run this in a desktop session, over `ssh -X`, or in a virtual one: `xvfb-run cargo xtask demo`.\n\
         Without a display, {without}, and `signalbox watch` prints what comes."
    )))
}

fn made_bundles(folder: &Path, kind: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|found| found == kind))
        .map(|path| path.display().to_string())
        .collect()
}
