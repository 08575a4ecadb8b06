//! Developer commands: `cargo xtask help` lists them.
//!
//! Each command sets up what it needs first, so that a fresh clone needs Rust, Node and a C compiler and nothing else.
//! It has no dependencies on purpose: everybody waits for it to compile.

mod app;
mod rooms;
mod setup;
mod steps;
mod summary;
mod task;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  demo [ARG]...     build Signalbox for release and open its window on the demo fleet
  run [ARG]...      build and start Signalbox as it is being worked on
  test [--only STEP]... [--skip-e2e]
                    every check and every level of tests, the real window among them
  check             formatting, lints, types and the rules between the rooms
  fmt               format the Rust code and the page, and write the page's types from the Rust ones
  bench [PART]...   measure the release build and print one table; `bench window [PART]...` its real window
  bundle            make the .deb and the .rpm
  pictures          take the pictures in docs/pictures from the real window

Each command first installs what it needs: system packages by apt on Debian and Ubuntu (it says what is missing
elsewhere), the page's packages by npm, and the tests' tools under target/. The second time it finds them there.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let result = match command {
        "demo" => app::demo(rest),
        "run" => app::run(rest),
        "bench" => app::bench(rest),
        "bundle" => no_arguments(command, rest).and_then(|()| app::bundle()),
        "pictures" => no_arguments(command, rest).and_then(|()| app::pictures()),
        "fmt" => no_arguments(command, rest).and_then(|()| app::format()),
        "check" => no_arguments(command, rest).and_then(|()| steps::check()),
        "test" => steps::test(rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => Err(Failure::usage(format!("There is no command `{unknown}`.\n\n{HELP}"))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.text.is_empty() {
                eprintln!("\n{}", failure.text);
            }
            ExitCode::from(failure.code)
        }
    }
}

/// Tells why a command could not do its work, in sentences that end with what to do next.
#[derive(Debug)]
pub struct Failure {
    text: String,
    code: u8,
}

impl Failure {
    /// A failure of the work itself (exit code 1).
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 1 }
    }

    /// A failure of which everything has been said, for an output whose last line is read by machines.
    pub fn said() -> Self {
        Self::new("")
    }

    /// A command line that cannot be understood (exit code 2).
    pub fn usage(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 2 }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn no_arguments(command: &str, rest: &[String]) -> Result<(), Failure> {
    match rest.first() {
        None => Ok(()),
        Some(extra) => {
            Err(Failure::usage(format!("`cargo xtask {command}` takes no arguments; it was given `{extra}`.")))
        }
    }
}

/// The root of the checkout, whatever folder the command was typed in.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(3).unwrap_or(own).to_path_buf()
}
