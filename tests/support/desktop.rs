//! A desktop that nobody else sees: display, session bus, window frame, keychain, notifications.

use super::process::Process;
use super::{PATIENCE, until};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One test's desktop. What it started ends with it, the last first.
pub struct Desktop {
    processes: Vec<Process>,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    /// Sockets live here, for their paths must be short.
    _runtime: tempfile::TempDir,
}

/// How the notification daemon of these desktops is set up: what is shown stays until it is closed, and of a notification's menu
/// the action named here is chosen.
const DUNSTRC: &str = "[global]
dmenu = /usr/bin/grep -m1 Acknowledge
[urgency_low]
timeout = 0
[urgency_normal]
timeout = 0
[urgency_critical]
timeout = 0
";

/// A session bus that starts no program by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A notification that the notification daemon has shown.
#[derive(Debug)]
pub struct Notification {
    pub summary: String,
    pub body: String,
}

impl Desktop {
    /// Starts a desktop for the named test, in `en_US.UTF-8`, with an unlocked keychain.
    pub fn start(test: &str) -> Self {
        Self::start_in(test, "en_US.UTF-8")
    }

    /// Starts a desktop whose programs run under another `LANG`.
    pub fn start_in(test: &str, lang: &str) -> Self {
        let mut desktop = Self::bare(test, lang);
        desktop.start_keychain();
        desktop
    }

    /// Starts a desktop on which nobody has unlocked the keychain: the bus starts it on demand, and it asks for a password
    /// that nobody types.
    pub fn start_with_locked_keychain(test: &str) -> Self {
        Self::bare(test, "en_US.UTF-8")
    }

    /// Starts a desktop on which no program shows notifications.
    pub fn start_without_notifications(test: &str) -> Self {
        let mut desktop = Self::silent(test, "en_US.UTF-8");
        // The session's usual bus would start a daemon when one is asked for.
        desktop.start_bus(Some(BUS));
        desktop.start_program("openbox", &[]);
        desktop.start_keychain();
        desktop
    }

    fn bare(test: &str, lang: &str) -> Self {
        let mut desktop = Self::silent(test, lang);
        desktop.start_bus(None);
        desktop.start_program("openbox", &[]);
        desktop.start_notifications();
        desktop
    }

    fn silent(test: &str, lang: &str) -> Self {
        let folder = target().join("e2e").join(test);
        let _ = std::fs::remove_dir_all(&folder);
        let home = folder.join("home");
        std::fs::create_dir_all(&home).expect("target/e2e can be written");
        let runtime = tempfile::Builder::new().prefix("signalbox-e2e-").tempdir().expect("a folder for sockets");
        let environment = environment(&home, runtime.path(), lang);
        let mut desktop = Self { processes: Vec::new(), environment, folder, _runtime: runtime };
        desktop.start_display();
        desktop
    }

    /// A command that runs on this desktop and sees nothing of the one outside.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment.iter().cloned()).current_dir(self.home());
        command
    }

    /// What a variable of the environment is on this desktop.
    pub fn variable(&self, name: &str) -> &str {
        let found = self.environment.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("{name} is not set here"))
    }

    /// Runs a short program to its end and returns what it printed; the test fails when it does.
    pub fn output(&self, program: &str, args: &[&str]) -> String {
        let output = self.command(program).args(args).output().unwrap_or_else(|error| panic!("`{program}`: {error}"));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{program} {}` failed: {errors}", args.join(" "));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Where this test's logs and pictures are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The home of this desktop's user.
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// The configuration file of the tests that write their own.
    pub fn configuration(&self) -> PathBuf {
        self.home().join("signalbox.toml")
    }

    /// Takes a picture of the whole screen, window frames included.
    pub fn picture(&self, name: &str) -> PathBuf {
        let path = self.folder.join(format!("{name}.png"));
        let _ = self.command("import").args(["-window", "root"]).arg(&path).output();
        path
    }

    /// Looks a secret up in the keychain, as another program would: service `signalbox`, and the given user.
    pub fn secret_of(&self, user: &str) -> Option<String> {
        let output = self.command("secret-tool").args(["lookup", "service", "signalbox", "username", user]).output();
        let output = output.unwrap_or_else(|error| panic!("`secret-tool`: {error}"));
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The notifications shown so far, the newest first, those still on the screen included.
    pub fn notifications(&self) -> Vec<Notification> {
        // What is still on the screen is not in the history, so it is put there first.
        self.output("dunstctl", &["close-all"]);
        let history = self.output("dunstctl", &["history"]);
        let history: Value = serde_json::from_str(&history).expect("dunst's history is JSON");
        let text = |shown: &Value, name: &str| shown[name]["data"].as_str().unwrap_or_default().to_owned();
        let shown = history["data"][0].as_array().cloned().unwrap_or_default();
        shown.iter().map(|shown| Notification { summary: text(shown, "summary"), body: text(shown, "body") }).collect()
    }

    /// How many notifications are on the screen.
    pub fn displayed(&self) -> usize {
        let count = self.output("dunstctl", &["count", "displayed"]);
        count.trim().parse().unwrap_or_else(|error| panic!("dunst counts {count:?}: {error}"))
    }

    /// Chooses *Acknowledge* of the menu of what is on the screen.
    pub fn choose_acknowledge(&self) {
        self.output("dunstctl", &["context"]);
    }

    /// Clicks on the notification that came last.
    pub fn click_notification(&self) {
        self.output("dunstctl", &["action"]);
    }

    /// What was asked of the notification daemon since the desktop began: the texts of all calls of `Notify`, oldest first, each
    /// with the names of its hints.
    pub fn told(&self) -> Vec<String> {
        let log = std::fs::read(self.folder.join("notify.log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        log.split("method call").filter(|call| call.contains("member=Notify")).map(str::to_owned).collect()
    }

    /// Asks the programs that start from here on for less motion, as a person does in the desktop's settings.
    pub fn ask_for_less_motion(&self) {
        self.set_gtk("gtk-enable-animations=0");
    }

    fn set_gtk(&self, line: &str) {
        let folder = self.home().join(".config/gtk-3.0");
        std::fs::create_dir_all(&folder).expect("a home can be written");
        std::fs::write(folder.join("settings.ini"), format!("[Settings]\n{line}\n")).expect("a home can be written");
    }

    /// Shows no notifications from here on: they would lie over the window.
    pub fn show_no_notifications(&self) {
        self.output("dunstctl", &["set-paused", "true"]);
    }

    /// The files of this desktop, its logs and its home among them, that hold a text. The keychain's own files are left out.
    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        search(&self.folder, text.as_bytes(), &mut found);
        found.retain(|path| !path.starts_with(self.home().join(".local/share/keyrings")));
        found
    }

    fn start_display(&mut self) {
        let mut command = self.command("Xvfb");
        // It picks a free display itself, and says which.
        command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]);
        let mut display = Process::start("xvfb", &self.folder, &command);
        let number = display.wait_for("its display", |printed| {
            printed.lines().find_map(|line| line.trim().parse::<u32>().ok()).filter(|_| printed.ends_with('\n'))
        });
        self.processes.push(display);
        self.set("DISPLAY", format!(":{number}"));
    }

    fn start_bus(&mut self, settings: Option<&str>) {
        let mut command = self.command("dbus-daemon");
        command.args(["--nofork", "--nopidfile", "--print-address"]);
        if let Some(settings) = settings {
            let path = self.folder.join("bus.conf");
            std::fs::write(&path, settings).expect("target/e2e can be written");
            command.arg("--config-file").arg(path);
        } else {
            command.arg("--session");
        }
        let mut bus = Process::start("dbus", &self.folder, &command);
        let address = bus.wait_for("its address", |printed| {
            printed.lines().find(|line| line.starts_with("unix:")).map(str::to_owned)
        });
        self.processes.push(bus);
        self.set("DBUS_SESSION_BUS_ADDRESS", address);
    }

    /// Starts one more bus, for what is told on the system's, and answers its address.
    pub fn start_another_bus(&mut self, name: &str) -> String {
        let path = self.folder.join(format!("{name}.conf"));
        std::fs::write(&path, BUS).expect("target/e2e can be written");
        let mut command = self.command("dbus-daemon");
        command.args(["--nofork", "--nopidfile", "--print-address", "--config-file"]).arg(path);
        let mut bus = Process::start(name, &self.folder, &command);
        let address = bus.wait_for("its address", |printed| {
            printed.lines().find(|line| line.starts_with("unix:")).map(str::to_owned)
        });
        self.processes.push(bus);
        address
    }

    fn start_keychain(&mut self) {
        let password = self.folder.join("keychain-password");
        std::fs::write(&password, "only for this test").expect("target/e2e can be written");
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--unlock", "--components=secrets", "--foreground"]);
        let keychain = Process::start_with_input("keychain", &self.folder, &command, Some(&password));
        self.processes.push(keychain);
        self.wait_for_bus_name("org.freedesktop.secrets");
    }

    fn start_notifications(&mut self) {
        let settings = self.folder.join("dunstrc");
        std::fs::write(&settings, DUNSTRC).expect("target/e2e can be written");
        self.start_program("dunst", &["-config", settings.to_str().expect("a path in UTF-8")]);
        self.wait_for_bus_name("org.freedesktop.Notifications");
        let mut command = self.command("dbus-monitor");
        command.args(["--session", "interface='org.freedesktop.Notifications',member='Notify'"]);
        let mut listener = Process::start("notify", &self.folder, &command);
        // The bus tells a monitor first that it has lost its name.
        listener.wait_for("that it listens", |printed| printed.contains("NameLost").then_some(()));
        self.processes.push(listener);
    }

    fn start_program(&mut self, program: &str, args: &[&str]) {
        let mut command = self.command(program);
        command.args(args);
        let process = Process::start(program, &self.folder, &command);
        self.processes.push(process);
    }

    fn wait_for_bus_name(&self, name: &str) {
        let owned = until(PATIENCE, || {
            let ask = ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"];
            let mut command = self.command("dbus-send");
            command.args(ask).arg("org.freedesktop.DBus.NameHasOwner").arg(format!("string:{name}"));
            let answer = command.output().expect("`dbus-send` runs");
            String::from_utf8_lossy(&answer.stdout).contains("boolean true").then_some(())
        });
        assert!(owned.is_some(), "nobody owns {name} on this desktop's bus; see the logs in {}", self.folder.display());
    }

    fn set(&mut self, name: &str, value: String) {
        self.environment.push((name.into(), value));
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        while let Some(mut process) = self.processes.pop() {
            process.end();
        }
    }
}

/// The `target` folder that this test was built into.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("cargo's tmp folder is in target").to_path_buf()
}

fn environment(home: &Path, runtime: &Path, lang: &str) -> Vec<(String, String)> {
    let inside = |below: &str| home.join(below).display().to_string();
    let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".into());
    [
        ("PATH", path),
        ("LANG", lang.to_owned()),
        // The host's zone is none of a story's.
        ("TZ", "UTC".into()),
        ("HOME", home.display().to_string()),
        ("XDG_CONFIG_HOME", inside(".config")),
        ("XDG_DATA_HOME", inside(".local/share")),
        ("XDG_STATE_HOME", inside(".local/state")),
        ("XDG_CACHE_HOME", inside(".cache")),
        ("XDG_RUNTIME_DIR", runtime.display().to_string()),
        ("XDG_SESSION_TYPE", "x11".into()),
        ("GDK_BACKEND", "x11".into()),
        // GTK's settings and its accessibility bus would look for more daemons than are here.
        ("GSETTINGS_BACKEND", "memory".into()),
        ("NO_AT_BRIDGE", "1".into()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn search(folder: &Path, text: &[u8], found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let kind = entry.file_type().expect("an entry has a type");
        if kind.is_dir() {
            search(&entry.path(), text, found);
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            if bytes.windows(text.len()).any(|window| window == text) {
                found.push(entry.path());
            }
        }
    }
}
