//! The system's keychain, in environments of its own: the tests run themselves as child processes.

use std::process::Command;

use link::{CredentialError, Credentials};
use protocol::CredentialSource;
use secrecy::{ExposeSecret, SecretString};

/// Which story the child tells.
const CHILD: &str = "SIGNALBOX_KEYCHAIN_CHILD";

const UNREACHABLE: &str = "this computer's keychain cannot be reached; start one (on Linux a Secret Service such as gnome-keyring) and retry, or keep the credential for this run only";
const SILENT: &str =
    "the keychain has not answered for 5 s; unlock it and retry, or keep the credential for this run only";
const LOCKED: &str = "the keychain is locked; unlock it and retry, or keep the credential for this run only";

/// Not a test by itself: asks the keychain of the environment that it was sent to, and prints the answers.
#[test]
fn child() {
    let Some(story) = std::env::var_os(CHILD) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if story == "works" {
        runtime.block_on(works())
    } else {
        runtime.block_on(fails())
    }
    println!("told");
}

async fn fails() {
    let credentials = Credentials::system();
    let source = CredentialSource::Keychain("locks-eu".into());
    println!("fetch: {}", credentials.fetch(&source).await.unwrap_err());
    println!("set: {}", credentials.set("locks-eu", SecretString::from("token".to_owned())).await.unwrap_err());
    credentials.keep_for_this_run(source.clone(), SecretString::from("token".to_owned())).unwrap();
    assert_eq!(credentials.fetch(&source).await.unwrap().expose_secret(), "token");
}

async fn works() {
    let credentials = Credentials::system();
    let source = CredentialSource::Keychain("locks-eu".into());
    assert_eq!(credentials.fetch(&source).await.unwrap_err(), CredentialError::NotFound("locks-eu".into()));
    credentials.set("locks-eu", SecretString::from("first\n".to_owned())).await.unwrap();
    assert_eq!(credentials.fetch(&source).await.unwrap().expose_secret(), "first");
    credentials.set("locks-eu", SecretString::from("second".to_owned())).await.unwrap();
    // Another process would find it as this does.
    assert_eq!(Credentials::system().fetch(&source).await.unwrap().expose_secret(), "second");
    credentials.delete("locks-eu").await.unwrap();
    assert_eq!(credentials.fetch(&source).await.unwrap_err(), CredentialError::NotFound("locks-eu".into()));
}

/// Runs [`child`] by `command` without a display or a runtime folder, where a bus might be found beside the one named.
#[cfg(target_os = "linux")]
fn told(mut command: Command, story: &str) -> String {
    command.env(CHILD, story).env("RUST_BACKTRACE", "0").env_remove("DISPLAY");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("\ntold\n"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[cfg(target_os = "linux")]
fn with_bus(bus: Option<&str>) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "keychain::child", "--nocapture"]).env("XDG_RUNTIME_DIR", "/nonexistent");
    match bus {
        Some(bus) => command.env("DBUS_SESSION_BUS_ADDRESS", bus),
        None => command.env_remove("DBUS_SESSION_BUS_ADDRESS"),
    };
    told(command, "fails")
}

/// Runs [`child`] in a session of its own, after `first`; only where the end-to-end tests say that its programs are
/// installed.
#[cfg(target_os = "linux")]
fn in_session(options: &[&str], first: &str, story: &str) -> Option<String> {
    std::env::var_os("SIGNALBOX_E2E")?;
    let home = tempfile::tempdir().unwrap();
    let exe = std::env::current_exe().unwrap();
    let script = format!("{first}\n'{}' --exact keychain::child --nocapture", exe.display());
    let mut command = Command::new("dbus-run-session");
    command.args(options).args(["--", "sh", "-c", &script]);
    command.env("HOME", home.path()).env("XDG_RUNTIME_DIR", home.path()).env_remove("XDG_DATA_HOME");
    Some(told(command, story))
}

#[cfg(target_os = "linux")]
#[test]
fn no_session_bus_at_all_is_said_and_the_run_can_keep_it() {
    for bus in [Some("unix:path=/nonexistent/bus"), None] {
        let said = with_bus(bus);
        assert!(said.contains(&format!("fetch: {UNREACHABLE}\nset: {UNREACHABLE}\n")), "{bus:?}: {said}");
    }
}

/// A bus that accepts and never says a word: every call must end by the bound.
#[cfg(target_os = "linux")]
#[test]
fn a_bus_that_never_answers_is_given_up_after_5_s() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || {
        let streams: Vec<_> = listener.incoming().take(16).collect();
        drop(streams);
    });
    let said = with_bus(Some(&format!("unix:path={}", path.display())));
    assert!(said.contains(&format!("fetch: {SILENT}\nset: {SILENT}\n")), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_credential_is_kept_found_and_deleted_in_the_real_keychain() {
    in_session(&[], "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null", "works");
}

#[cfg(target_os = "linux")]
#[test]
fn a_locked_keychain_is_said() {
    let first = "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        printf token | secret-tool store --label=test service signalbox username locks-eu
        secret-tool lock --collection=login";
    if let Some(said) = in_session(&[], first, "fails") {
        assert!(said.contains(&format!("fetch: {LOCKED}\nset: {LOCKED}\n")), "{said}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_session_without_a_secret_service_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus.conf");
    let policy = r#"<allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/>"#;
    let config = format!(
        r#"<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">{policy}</policy></busconfig>"#
    );
    std::fs::write(&path, config).unwrap();
    if let Some(said) = in_session(&["--config-file", path.to_str().unwrap()], "true", "fails") {
        assert!(said.contains(&format!("fetch: {UNREACHABLE}\nset: {UNREACHABLE}\n")), "{said}");
    }
}
