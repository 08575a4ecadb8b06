//! A home of its own for the program: no file, variable or session bus of whoever runs the tests gets in.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::demo::Demo;

/// An empty home folder, gone when dropped.
pub struct Home {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// How a command ended and what it printed.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Self {
        let home = Home { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        for folder in ["config", "state", "run", "data"] {
            std::fs::create_dir(home.path().join(folder)).unwrap();
        }
        home
    }

    /// A home that is configured for the demo's services, with their tokens in the environment.
    pub fn of(demo: &Demo) -> Self {
        let mut home = Home::new();
        home.configure(&demo.configuration());
        for (name, token) in demo.tokens() {
            home.set(name, token);
        }
        home
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the program looks for its configuration here.
    pub fn configuration(&self) -> PathBuf {
        self.path().join("config/signalbox/config.toml")
    }

    pub fn configure(&self, text: &str) {
        std::fs::create_dir_all(self.configuration().parent().unwrap()).unwrap();
        std::fs::write(self.configuration(), text).unwrap();
    }

    /// Sets an environment variable for all commands from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// The program with these arguments, not yet started.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signalbox"));
        command.args(arguments).env_clear().current_dir(self.path()).stdin(Stdio::null());
        for (name, folder) in [
            ("HOME", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            command.env(name, self.path().join(folder));
        }
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).envs(self.variables.iter().cloned());
        command
    }

    /// Runs the program to its end.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    /// The same with something piped in.
    pub fn run_with_input<S: AsRef<OsStr>>(&self, arguments: &[S], input: &str) -> Ended {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // It may end without reading: then nobody takes this.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ended::of(child.wait_with_output().unwrap())
    }

    /// What is in every file below this home, with the files' names.
    pub fn all_that_is_kept(&self) -> String {
        let mut text = String::new();
        let mut folders = vec![self.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(path);
                } else {
                    text.push_str(&format!("{}\n", path.display()));
                    text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()));
                }
            }
        }
        text
    }
}

impl Ended {
    fn of(output: Output) -> Self {
        Ended {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Fails the test, with all that was printed, unless it ended with this code.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "it printed:\n{}\nand said:\n{}", self.out, self.err);
        self
    }
}
