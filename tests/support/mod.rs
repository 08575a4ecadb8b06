//! A private desktop and a real window on it, for the tests that use Signalbox as a person does.
//!
//! Everything that a test starts here is its own: display, session bus, keychain, notification daemon, home. It ends with the
//! test, by process id, and its logs and pictures stay in `target/e2e/<test>`.

// Each test program uses a part of this.
#![allow(dead_code, unused_imports)]

mod demo;
mod desktop;
mod process;
mod tiles;
mod tray;
mod webdriver;
mod window;

pub use demo::Demo;
pub use desktop::{Desktop, target};
pub use process::Process;
pub use tiles::TileServer;
pub use tray::Tray;
pub use webdriver::Element;
pub use window::Window;

use std::time::{Duration, Instant};

/// How long a person would wait for anything on these screens before calling it broken.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until there is an answer; none when the time is over.
pub fn until<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + patience;
    loop {
        match ask() {
            Some(answer) => return Some(answer),
            None if Instant::now() >= end => return None,
            None => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}
