//! A running `signalbox watch`, read line by line.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::home::Home;

/// Longer than anything here takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// `signalbox watch` until it is ended; killed when dropped.
pub struct Watching {
    child: Child,
    coming: Receiver<Value>,
    /// All that has come so far.
    pub lines: Vec<Value>,
}

impl Watching {
    pub fn start(home: &Home, arguments: &[&str]) -> Self {
        let mut command = home.command(&[&["watch"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, coming) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"));
                if tell.send(value).is_err() {
                    return;
                }
            }
        });
        Watching { child, coming, lines: Vec::new() }
    }

    /// Waits for a line that `is_it`, and answers it; what came before is kept in `lines`.
    #[track_caller]
    pub fn until(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        while let Ok(line) = self.coming.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.lines.push(line.clone());
            if is_it(&line) {
                return line;
            }
        }
        let last: Vec<String> =
            self.lines.iter().rev().take(30).map(|line| line.to_string().chars().take(300).collect()).collect();
        panic!("no line came that is {what}; the last ones, newest first:\n{}", last.join("\n"));
    }

    /// The same, where it may have come before.
    #[track_caller]
    pub fn has_or_until(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let has = self.lines.iter().find(|line| is_it(line)).cloned();
        has.unwrap_or_else(|| self.until(what, is_it))
    }

    /// Waits until each of these connections is live, in any order.
    #[track_caller]
    pub fn until_live(&mut self, names: &[&str]) {
        let mut missing: Vec<&str> = names.to_vec();
        while !missing.is_empty() {
            let line = self.until(&format!("a connection of {missing:?} becoming live"), |line| status(line) == "live");
            missing.retain(|name| line["connection"] != *name);
        }
    }

    /// What has come in this time.
    pub fn gather(&mut self, time: Duration) -> &[Value] {
        let end = Instant::now() + time;
        while let Ok(line) = self.coming.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.lines.push(line);
        }
        &self.lines
    }

    /// Sends a signal by name, as INT or TERM.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end; answers exit code and what it said on standard error.
    pub fn ended(mut self) -> (Option<i32>, String, Vec<Value>) {
        let end = Instant::now() + PATIENCE;
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < end, "watch did not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        self.gather(Duration::from_millis(300));
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said, std::mem::take(&mut self.lines))
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status of a `connection.status` line; empty of any other.
pub fn status(line: &Value) -> &str {
    line["data"]["status"].as_str().filter(|_| line["kind"] == "connection.status").unwrap_or_default()
}
