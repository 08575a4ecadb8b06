//! Signalbox, the desktop application: its command line, its window and its notifications.
//!
//! [`main`] reads the command line and runs one subcommand, or opens the window when there is none. Everything that does
//! something with connections is in the crates below; here is what a person types and what they are shown. The window
//! and the notifications are behind the feature `desktop`, and only `window` names tauri.

mod cli;
mod failure;
mod history;
mod log;
#[cfg(feature = "desktop")]
mod notification;
mod stop;
#[cfg(feature = "desktop")]
mod window;

use std::process::ExitCode;

/// Does what the command line asks. Exit codes: 0 fine, 1 failed, 2 usage or configuration.
pub fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("signalbox: {failure}");
            failure.exit_code()
        }
    }
}
