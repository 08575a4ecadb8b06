//! Installs what a command needs and finds it there the next time.

use crate::task::{Task, on_path, output_of};
use crate::{Failure, root};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Debian's packages that compiling the window needs.
const TO_BUILD: &[&str] = &[
    "build-essential",
    "libayatana-appindicator3-dev",
    "libdbus-1-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "pkg-config",
];

/// Debian's packages that testing in a real window, with a real keychain and real notifications, needs.
const TO_TEST: &[&str] = &[
    "dbus",
    "dbus-x11",
    "dunst",
    "fonts-dejavu-core",
    "gnome-keyring",
    "imagemagick",
    "libsecret-tools",
    "openbox",
    "python3",
    "python3-venv",
    "webkit2gtk-driver",
    "xauth",
    "xdotool",
    "xvfb",
];

/// What to look for where there is no dpkg: a pkg-config module or a program, and its packages elsewhere.
const MODULES: &[(&str, &str)] = &[
    ("webkit2gtk-4.1", "webkit2gtk4.1-devel on Fedora, webkit2gtk-4.1 on Arch"),
    ("ayatana-appindicator3-0.1", "libayatana-appindicator-gtk3-devel on Fedora, libayatana-appindicator on Arch"),
    ("librsvg-2.0", "librsvg2-devel on Fedora, librsvg on Arch"),
];
const PROGRAMS: &[(&str, &str)] = &[
    ("WebKitWebDriver", "webkitgtk's driver: webkit2gtk-driver on Fedora, in webkit2gtk-4.1 on Arch"),
    ("Xvfb", "xorg-x11-server-Xvfb on Fedora, xorg-server-xvfb on Arch"),
    ("dbus-daemon", "dbus-daemon on Fedora, dbus on Arch"),
    ("dunst", "dunst"),
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("import", "ImageMagick on Fedora, imagemagick on Arch"),
    ("openbox", "openbox"),
    ("secret-tool", "libsecret"),
    ("setpriv", "util-linux"),
    ("xdotool", "xdotool"),
];

/// The WebDriver server for Tauri windows; 3.x is not out of its trials.
const DRIVER_VERSION: &str = "2.1.0";

/// The oldest Node that the page's tools run on.
const NODE: u32 = 20;

/// Installs the system packages that compiling Signalbox needs.
pub fn build_packages() -> Result<(), Failure> {
    system_packages(TO_BUILD, MODULES, &[])
}

/// Installs the system packages that every level of tests needs.
pub fn test_packages() -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        return Err(Failure::new(
            "The tests in the real window need Linux with Xvfb and WebKitGTK. Use `cargo xtask test --skip-e2e` here.",
        ));
    }
    system_packages(&[TO_BUILD, TO_TEST].concat(), MODULES, PROGRAMS)
}

/// Installs the page's packages (npm), when its lock file changed since the last time.
pub fn page_packages() -> Result<(), Failure> {
    npm_ci("ui", "install the page's packages")
}

/// Installs the packages of the independent clients that judge the demo services (npm and pip).
pub fn judge_packages() -> Result<(), Failure> {
    npm_ci("tests/judges", "install the JavaScript judges' packages")?;
    let venv = judges_venv();
    let wanted = root().join("tests/judges/requirements.txt");
    let stamp = venv.join("installed-requirements.txt");
    if same(&wanted, &stamp) {
        return Ok(());
    }
    Task::new("make a Python environment for the judges", "python3")
        .args([Path::new("-m"), Path::new("venv"), &venv])
        .or_else_do("Install Python 3 with its venv module (python3-venv on Debian).")
        .run()?;
    Task::new("install the Python judges' packages", venv.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .args([&wanted])
        .or_else_do("Is the network there? PyPI must be reachable.")
        .run()?;
    write_stamp(&wanted, &stamp)
}

/// The Python environment of the judges.
pub fn judges_venv() -> PathBuf {
    root().join("target/judges-venv")
}

/// Installs tauri-driver below `target/`, so that nothing outside the checkout changes.
pub fn window_driver() -> Result<(), Failure> {
    let stamp = root().join("target/tools").join(format!("tauri-driver-{DRIVER_VERSION}"));
    if stamp.is_file() && driver().is_file() {
        return Ok(());
    }
    Task::cargo("install tauri-driver, which steers the window in the tests")
        .args(["install", "tauri-driver", "--locked", "--force", "--version", DRIVER_VERSION, "--root"])
        .args([root().join("target/tools")])
        .or_else_do("Is the network there? crates.io must be reachable.")
        .run()?;
    std::fs::write(&stamp, "").map_err(|error| Failure::new(format!("Could not write {}: {error}.", stamp.display())))
}

/// Where `window_driver` puts the program.
pub fn driver() -> PathBuf {
    root().join("target/tools/bin/tauri-driver")
}

/// Builds the page into `ui/dist`, when something of it changed since the last time.
pub fn page() -> Result<(), Failure> {
    let built = std::fs::metadata(root().join("ui/dist/index.html")).and_then(|index| index.modified());
    if let (Ok(built), Some(changed)) = (built, newest(&root().join("ui")))
        && changed < built
    {
        println!("── the page in ui/dist is up to date");
        return Ok(());
    }
    npm("build the page").args(["run", "build"]).within("ui").run()
}

/// A task of npm, with its own chatter off.
pub fn npm(what: &str) -> Task {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Task::new(what, program).env("npm_config_update_notifier", "false").env("NO_UPDATE_NOTIFIER", "1")
}

fn system_packages(debian: &[&str], modules: &[(&str, &str)], programs: &[(&str, &str)]) -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !on_path("dpkg-query") || !on_path("apt-get") {
        return missing_elsewhere(modules, programs);
    }
    let missing: Vec<&str> = debian.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("Install them by hand: apt-get install {}", missing.join(" "));
    apt("bring the list of system packages up to date", &["update"], &by_hand)?;
    let what = format!("install {} system packages ({})", missing.len(), missing.join(" "));
    apt(&what, &[&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat(), &by_hand)
}

fn apt(what: &str, args: &[&str], by_hand: &str) -> Result<(), Failure> {
    let root = output_of("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !root && !on_path("sudo") {
        return Err(Failure::new(format!("Could not {what}: you are not root and there is no sudo. {by_hand}")));
    }
    let task = if root {
        Task::new(what, "env")
    } else if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        Task::new(what, "sudo").args(["env"]).interactive()
    } else {
        Task::new(what, "sudo").args(["--non-interactive", "env"])
    };
    task.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]).args(args).or_else_do(by_hand).run()
}

fn installed(package: &str) -> bool {
    output_of("dpkg-query", &["--show", "--showformat=${db:Status-Status}", package])
        .is_some_and(|status| status == "installed")
}

fn missing_elsewhere(modules: &[(&str, &str)], programs: &[(&str, &str)]) -> Result<(), Failure> {
    let module_there = |name: &str| output_of("pkg-config", &["--exists", name]).is_some();
    let missing: Vec<String> = modules
        .iter()
        .filter(|(name, _)| !module_there(name))
        .chain(programs.iter().filter(|(name, _)| !on_path(name)))
        .map(|(name, packages)| format!("  {name} ({packages})"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "These are missing, and only Debian's and Ubuntu's packages can be installed from here. Install them, then run \
         the same command again:\n{}",
        missing.join("\n")
    )))
}

fn npm_ci(folder: &str, what: &str) -> Result<(), Failure> {
    let folder_path = root().join(folder);
    let lock = folder_path.join("package-lock.json");
    let stamp = folder_path.join("node_modules/.installed-package-lock.json");
    if same(&lock, &stamp) {
        return Ok(());
    }
    node_is_there()?;
    npm(what)
        .args(["ci", "--no-audit", "--no-fund", "--no-progress"])
        .within(folder)
        .or_else_do("Is the network there? The npm registry must be reachable.")
        .run()?;
    write_stamp(&lock, &stamp)
}

fn node_is_there() -> Result<(), Failure> {
    let found = output_of("node", &["--version"]).unwrap_or_default();
    let major = found.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE && (on_path("npm") || cfg!(windows)) => Ok(()),
        _ => Err(Failure::new(format!(
            "Node {NODE} or newer with npm is needed; {} here. Install it from nodejs.org or your system's packages.",
            if found.is_empty() { "there is none".into() } else { format!("{} is", found.trim()) }
        ))),
    }
}

/// Tells whether both files are there with the same content.
fn same(wanted: &Path, stamp: &Path) -> bool {
    matches!((std::fs::read(wanted), std::fs::read(stamp)), (Ok(wanted), Ok(stamp)) if wanted == stamp)
}

fn write_stamp(wanted: &Path, stamp: &Path) -> Result<(), Failure> {
    std::fs::copy(wanted, stamp)
        .map(|_| ())
        .map_err(|error| Failure::new(format!("Could not note what was installed in {}: {error}.", stamp.display())))
}

/// When anything in the folder last changed: each entry's time, and for folders, where a removed file leaves its mark, all
/// below. The folder's own time does not count, for building `ui/dist` changes that of `ui`.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let counted = entries.filter(|entry| entry.file_name() != "node_modules" && entry.file_name() != "dist");
    counted
        .flat_map(|entry| {
            let own = entry.metadata().and_then(|data| data.modified()).ok();
            let below = if entry.path().is_dir() { newest(&entry.path()) } else { None };
            [own, below]
        })
        .flatten()
        .max()
}
