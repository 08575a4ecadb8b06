//! Runs another program as one step that a person can follow.

use crate::Failure;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a step may say nothing before a line tells that it is still at work.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// One program to run: what it is for, how to start it, and what to do when it fails.
pub struct Task {
    what: String,
    command: Command,
    advice: String,
}

impl Task {
    /// A task that runs `program` in the checkout's root. `what` completes the sentence "going to …".
    pub fn new(what: impl Into<String>, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(crate::root()).stdin(Stdio::null());
        Self { what: what.into(), command, advice: "Its output above says why.".into() }
    }

    /// A task for the cargo that runs this program.
    pub fn cargo(what: impl Into<String>) -> Self {
        Self::new(what, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// Adds arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Runs it in a folder of the checkout.
    pub fn within(mut self, folder: &str) -> Self {
        self.command.current_dir(crate::root().join(folder));
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Leaves the terminal's input to the program, for one that a person talks to.
    pub fn interactive(mut self) -> Self {
        self.command.stdin(Stdio::inherit());
        self
    }

    /// Says what the reader should do when it fails.
    pub fn or_else_do(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }

    /// Runs it to its end with its output on the terminal.
    pub fn run(mut self) -> Result<(), Failure> {
        let started = self.announce();
        let mut child = self.spawn()?;
        let mut said = Instant::now();
        let status = loop {
            match child.try_wait().map_err(|e| self.lost(&e))? {
                Some(status) => break status,
                None => thread::sleep(Duration::from_millis(50)),
            }
            if said.elapsed() >= HEARTBEAT {
                println!("   … {} ({} so far)", self.what, seconds(started.elapsed()));
                said = Instant::now();
            }
        };
        self.finish(status, started)
    }

    /// Runs it in the terminal's foreground until it ends, without heartbeats: for Signalbox itself.
    pub fn run_in_foreground(mut self) -> Result<(), Failure> {
        let started = self.announce();
        let status = self.spawn()?.wait().map_err(|e| self.lost(&e))?;
        self.finish(status, started)
    }

    /// Runs it with its output on the terminal and in `log`, and gives each line of it to `line`, without colours.
    pub fn run_logged(mut self, log: &Path, mut line: impl FnMut(&str)) -> Result<(), Failure> {
        let started = self.announce();
        if std::io::stdout().is_terminal() {
            self.command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        }
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut file = create(log)?;
        let mut child = self.spawn()?;
        let (send, chunks) = mpsc::sync_channel::<Vec<u8>>(64);
        forward(child.stdout.take(), send.clone());
        forward(child.stderr.take(), send);
        let mut pending = Vec::new();
        loop {
            match chunks.recv_timeout(HEARTBEAT) {
                Ok(chunk) => {
                    // A terminal or a log that went away must not end the tests.
                    let _ = std::io::stdout().write_all(&chunk);
                    let _ = file.write_all(&chunk);
                    pending.extend_from_slice(&chunk);
                    while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
                        let rest = pending.split_off(end + 1);
                        line(&without_colours(&String::from_utf8_lossy(&pending)));
                        pending = rest;
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    println!("   … {} ({} so far)", self.what, seconds(started.elapsed()));
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = child.wait().map_err(|e| self.lost(&e))?;
        self.finish(status, started)
    }

    fn announce(&self) -> Instant {
        println!("── {}", self.what);
        Instant::now()
    }

    fn spawn(&mut self) -> Result<Child, Failure> {
        self.command.spawn().map_err(|error| {
            let program = self.command.get_program().to_string_lossy();
            Failure::new(format!("Could not {}: `{program}` would not start ({error}). {}", self.what, self.advice))
        })
    }

    fn lost(&self, error: &std::io::Error) -> Failure {
        Failure::new(format!("Could not {}: waiting for it failed ({error}).", self.what))
    }

    fn finish(&self, status: ExitStatus, started: Instant) -> Result<(), Failure> {
        if status.success() {
            println!("   done in {}", seconds(started.elapsed()));
            return Ok(());
        }
        Err(Failure::new(format!("Could not {} ({status}). {}", self.what, self.advice)))
    }
}

/// What a program prints on its standard output, or nothing when it is absent or fails.
pub fn output_of(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).current_dir(crate::root()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Tells whether a program can be found on the PATH.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// A duration as people say it: `0.4 s`, `12 s`, `3 min 05 s`.
pub fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    match whole {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{whole} s"),
        _ => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

fn create(log: &Path) -> Result<File, Failure> {
    let made = log.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| File::create(log));
    made.map_err(|error| Failure::new(format!("Could not write {}: {error}.", log.display())))
}

fn forward(source: Option<impl Read + Send + 'static>, chunks: mpsc::SyncSender<Vec<u8>>) {
    let Some(mut source) = source else { return };
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = source.read(&mut buffer) {
            if chunks.send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
}

/// The text without terminal colours (`ESC [ … letter`).
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(char);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_off() {
        assert_eq!(without_colours("\u{1b}[32m  Tests \u{1b}[39m\u{1b}[1m3 passed\u{1b}[22m"), "  Tests 3 passed");
    }

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(12)), "12 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }
}
