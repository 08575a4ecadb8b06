//! The system's keychain, in environments of its own: the test runs itself in a child process.

use std::process::Command;
use std::time::{Duration, Instant};

use link::{CredentialError, Credentials};
use protocol::CredentialSource;
use secrecy::{ExposeSecret, SecretString};

const CHILD: &str = "SIGNALBOX_KEYCHAIN_CHILD";

/// Runs this binary's `child` test with another session bus and gives what it prints.
fn child_output(bus: Option<&str>) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "keychain::child", "--nocapture"]).env(CHILD, "1").env("RUST_BACKTRACE", "0");
    match bus {
        Some(bus) => command.env("DBUS_SESSION_BUS_ADDRESS", bus),
        None => command.env_remove("DBUS_SESSION_BUS_ADDRESS"),
    };
    // Without a runtime folder no bus is found beside the one named.
    let output = command.env("XDG_RUNTIME_DIR", "/nonexistent").env_remove("DISPLAY").output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Not a test by itself: asks the keychain where [`child_output`] sent it.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let credentials = Credentials::system();
        let source = CredentialSource::Keychain("locks-eu".into());
        let begun = Instant::now();
        println!("fetch: {}", credentials.fetch(&source).await.unwrap_err());
        println!("set: {}", credentials.set("locks-eu", SecretString::from("token".to_owned())).await.unwrap_err());
        println!("bounded: {}", begun.elapsed() < Duration::from_secs(11));
        credentials.keep_for_this_run(source.clone(), SecretString::from("token".to_owned())).unwrap();
        println!("kept: {}", credentials.fetch(&source).await.unwrap().expose_secret() == "token");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn no_session_bus_at_all_is_said_and_the_run_can_keep_it() {
    for bus in [Some("unix:path=/nonexistent/bus"), None] {
        let said = child_output(bus);
        let unreachable = "this computer's keychain cannot be reached; start one (on Linux a Secret Service such as gnome-keyring) and retry, or keep the credential for this run only";
        assert!(said.contains(&format!("fetch: {unreachable}")), "{bus:?}: {said}");
        assert!(said.contains(&format!("set: {unreachable}")), "{bus:?}: {said}");
        assert!(said.contains("bounded: true") && said.contains("kept: true"), "{bus:?}: {said}");
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
    let said = child_output(Some(&format!("unix:path={}", path.display())));
    let silent = "the keychain has not answered for 5 s; unlock it and retry, or keep the credential for this run only";
    assert!(said.contains(&format!("fetch: {silent}")), "{said}");
    assert!(said.contains("bounded: true") && said.contains("kept: true"), "{said}");
}

/// The real keychain: run by the end-to-end tests, inside a session with an unlocked gnome-keyring.
#[tokio::test]
async fn a_credential_is_kept_found_and_deleted_in_the_real_keychain() {
    if std::env::var_os("SIGNALBOX_E2E").is_none() {
        return;
    }
    let credentials = Credentials::system();
    let entry = format!("signalbox-test-{}", std::process::id());
    let source = CredentialSource::Keychain(entry.clone());
    assert_eq!(credentials.fetch(&source).await.unwrap_err(), CredentialError::NotFound(entry.clone()));
    credentials.set(&entry, SecretString::from("first\n".to_owned())).await.unwrap();
    assert_eq!(credentials.fetch(&source).await.unwrap().expose_secret(), "first");
    credentials.set(&entry, SecretString::from("second".to_owned())).await.unwrap();
    // Another process finds it.
    assert_eq!(Credentials::system().fetch(&source).await.unwrap().expose_secret(), "second");
    credentials.delete(&entry).await.unwrap();
    assert_eq!(credentials.fetch(&source).await.unwrap_err(), CredentialError::NotFound(entry));
}
