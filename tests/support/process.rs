//! A child process that ends with its owner.

use super::until;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running program, ended by its process id when it is dropped, and by the kernel when the test's thread dies first.
pub struct Process {
    name: String,
    child: Child,
    /// What it printed.
    pub log: PathBuf,
}

impl Process {
    /// Starts `program` as `desktop` prepared it, with what it prints going to `<logs>/<name>.log`.
    pub fn start(name: &str, logs: &Path, prepared: &Command) -> Self {
        Self::start_with_input(name, logs, prepared, None)
    }

    /// The same, with a text on its standard input.
    pub fn start_with_input(name: &str, logs: &Path, prepared: &Command, input: Option<&Path>) -> Self {
        let log = logs.join(format!("{name}.log"));
        let out = File::create(&log).unwrap_or_else(|error| panic!("{} cannot be written: {error}", log.display()));
        let err = out.try_clone().expect("a log's handle can be copied");
        let input = input.map_or_else(Stdio::null, |path| File::open(path).expect("the input is there").into());
        // The thread that starts a child is its parent for this: a test's desktop lives on the test's thread.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM"]);
        if std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0) {
            // A folder that is read-only is so for root as well.
            command.args(["--bounding-set", "-dac_override,-dac_read_search"]);
        }
        command.arg(prepared.get_program()).args(prepared.get_args());
        if let Some(folder) = prepared.get_current_dir() {
            command.current_dir(folder);
        }
        command.env_clear().envs(prepared.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.stdin(input).stdout(out).stderr(err);
        let child = command.spawn().unwrap_or_else(|error| {
            panic!("`{name}` would not start ({error}); `cargo xtask test --only e2e` installs what is needed")
        });
        Self { name: name.into(), child, log }
    }

    /// What it has printed so far.
    pub fn printed(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for what it prints to answer; fails the test, with what it did print, when it ends or takes too long.
    pub fn wait_for<T>(&mut self, what: &str, answer: impl Fn(&str) -> Option<T>) -> T {
        let found = until(Duration::from_secs(20), || match answer(&self.printed()) {
            Some(found) => Some(Some(found)),
            None => self.has_ended().then_some(None),
        });
        found.flatten().unwrap_or_else(|| panic!("`{}` never said {what}. It printed:\n{}", self.name, self.printed()))
    }

    /// Tells whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it: asks, waits up to five seconds, then kills.
    pub fn end(&mut self) {
        if self.has_ended() {
            return;
        }
        let asked = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        if asked.is_err() || until(Duration::from_secs(5), || self.has_ended().then_some(())).is_none() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }

    /// The process below this one, at whatever depth, that runs a program.
    pub fn below(&self, program: &Path) -> Option<u32> {
        self.below_where(|exe| exe == program)
    }

    /// The process below this one, at whatever depth, whose program is such a one.
    pub fn below_where(&self, is_it: impl Fn(&Path) -> bool) -> Option<u32> {
        let parent_of = |id: u32| -> Option<u32> {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
        };
        let is_below = |id: u32| std::iter::successors(Some(id), |id| parent_of(*id)).any(|id| id == self.id());
        let runs = |id: &u32| std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|exe| is_it(&exe));
        let entries = std::fs::read_dir("/proc").ok()?.flatten();
        let mut ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        ids.find(|id: &u32| runs(id) && is_below(*id))
    }

    /// Kills it as a crash would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
