use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

/// A store that keeps, hangs and panics by its entries' names. What hangs does so until it is released.
struct Odd(Vec<(String, SecretString)>, Arc<AtomicBool>);

impl EntryStore for Odd {
    fn get(&mut self, entry: &str) -> Result<SecretString, KeychainError> {
        match entry {
            "hangs" => {
                while !self.1.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
            "slow" => std::thread::sleep(Duration::from_millis(150)),
            "panics" => panic!("the store's own fault"),
            "breaks" => return Err(KeychainError::Unavailable),
            _ => {}
        }
        let found = self.0.iter().find(|(name, _)| name == entry);
        found.map(|(_, secret)| secret.clone()).ok_or(KeychainError::NotFound)
    }

    fn set(&mut self, entry: &str, secret: &SecretString) -> Result<(), KeychainError> {
        self.0.push((entry.to_owned(), secret.clone()));
        Ok(())
    }

    fn delete(&mut self, entry: &str) -> Result<(), KeychainError> {
        let before = self.0.len();
        self.0.retain(|(name, _)| name != entry);
        if self.0.len() < before { Ok(()) } else { Err(KeychainError::NotFound) }
    }
}

/// It, with a bound that no answer reaches however loaded the machine is, and how often it was opened.
fn odd() -> (Credentials, Arc<AtomicUsize>) {
    odd_within(Duration::from_secs(60), &Arc::default())
}

fn odd_within(bound: Duration, released: &Arc<AtomicBool>) -> (Credentials, Arc<AtomicUsize>) {
    let opened = Arc::new(AtomicUsize::new(0));
    let (count, released) = (opened.clone(), released.clone());
    let open = move || {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(Odd(vec![("ok".into(), secret("token")), ("slow".into(), secret("token"))], released.clone()))
    };
    (Credentials::with_keychain(Keychain::new(open, bound)), opened)
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn entry(name: &str) -> CredentialSource {
    CredentialSource::Keychain(name.to_owned())
}

async fn fetched(credentials: &Credentials, source: &CredentialSource) -> String {
    credentials.fetch(source).await.unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn what_is_not_kept_is_named_with_what_to_do() {
    let (credentials, _) = odd();
    let error = credentials.fetch(&entry("locks-eu")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no credential is kept in the keychain for \"locks-eu\"; add one in Connections or with `signalbox connection set-credential`"
    );
}

#[tokio::test]
async fn entries_are_set_fetched_and_deleted() {
    let (credentials, opened) = odd();
    credentials.set("a", secret("token\r\n")).await.unwrap();
    assert_eq!(fetched(&credentials, &entry("a")).await, "token");
    credentials.delete("a").await.unwrap();
    assert_eq!(credentials.fetch(&entry("a")).await.unwrap_err(), CredentialError::NotFound("a".into()));
    assert_eq!(opened.load(Ordering::SeqCst), 1, "the store is opened once");
    let empty = credentials.set("a", secret(" \n")).await.unwrap_err();
    assert_eq!(empty.to_string(), "the keychain's entry \"a\" holds an empty credential; set it again");
}

#[tokio::test]
async fn a_call_that_hangs_hangs_no_other() {
    let released = Arc::default();
    let (credentials, opened) = odd_within(Duration::from_millis(1500), &released);
    for round in 1..=4 {
        let error = credentials.fetch(&entry("hangs")).await.unwrap_err();
        assert_eq!(error, CredentialError::Keychain(KeychainError::TimedOut(1)));
        if round < 4 {
            assert_eq!(fetched(&credentials, &entry("ok")).await, "token", "another thread takes its place");
        }
    }
    // Four hang: no fifth is started until one of them comes back.
    let error = credentials.fetch(&entry("ok")).await.unwrap_err();
    assert_eq!(error, CredentialError::Keychain(KeychainError::TimedOut(1)));
    assert!(opened.load(Ordering::SeqCst) <= 4);
    released.store(true, Ordering::SeqCst);
    // It is for the threads to come back; until one has, there is an answer at once that says so.
    while credentials.fetch(&entry("ok")).await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(fetched(&credentials, &entry("ok")).await, "token");
}

#[tokio::test]
async fn waiting_behind_answered_calls_is_not_hanging() {
    let (credentials, _) = odd_within(Duration::from_secs(2), &Arc::default());
    let calls = (0..20).map(|_| {
        let credentials = credentials.clone();
        tokio::spawn(async move { fetched(&credentials, &entry("slow")).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), "token", "3 s in all, with a bound of 2 s for each");
    }
}

#[tokio::test]
async fn a_store_that_panics_or_breaks_is_opened_anew() {
    let (credentials, opened) = odd();
    for (count, fault) in [(1, "panics"), (2, "breaks")] {
        let error = credentials.fetch(&entry(fault)).await.unwrap_err();
        assert_eq!(error, CredentialError::Keychain(KeychainError::Unavailable));
        assert_eq!(opened.load(Ordering::SeqCst), count);
        assert_eq!(fetched(&credentials, &entry("ok")).await, "token");
        assert_eq!(opened.load(Ordering::SeqCst), count + 1);
    }
}

#[tokio::test]
async fn what_is_kept_for_this_run_goes_first_and_ends_with_a_stored_one() {
    let (credentials, _) = odd();
    credentials.keep_for_this_run(entry("ok"), secret("other")).unwrap();
    assert_eq!(fetched(&credentials, &entry("ok")).await, "other");
    let after = credentials.generation(&entry("ok"));
    let (waiting, source) = (credentials.clone(), entry("ok"));
    let newer = tokio::spawn(async move { waiting.newer(&source, after).await });
    credentials.delete("ok").await.unwrap();
    newer.await.unwrap();
    credentials.set("ok", secret("third")).await.unwrap();
    assert_eq!(fetched(&credentials, &entry("ok")).await, "third");
}

#[tokio::test]
async fn environment_and_command_are_read_at_each_fetch() {
    let (credentials, _) = odd();
    // Cargo sets this one for every test.
    let named = CredentialSource::Env("CARGO_PKG_NAME".into());
    assert_eq!(fetched(&credentials, &named).await, "link");
    let error = credentials.fetch(&CredentialSource::Env("SIGNALBOX_NO_SUCH".into())).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the environment variable SIGNALBOX_NO_SUCH holds no credential; set it before Signalbox starts"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let command = CredentialSource::Command(vec!["cat".into(), path.display().to_string()]);
    std::fs::write(&path, "first\n").unwrap();
    assert_eq!(fetched(&credentials, &command).await, "first");
    std::fs::write(&path, "second\n").unwrap();
    assert_eq!(fetched(&credentials, &command).await, "second");
    std::fs::write(&path, "\n").unwrap();
    let error = credentials.fetch(&command).await.unwrap_err();
    assert_eq!(error.to_string(), "the output of cat holds an empty credential; set it again");
}

#[test]
fn debug_shows_no_secret() {
    let (credentials, _) = odd();
    credentials.keep_for_this_run(entry("ok"), secret("planted")).unwrap();
    assert!(!format!("{credentials:?}").contains("planted"));
    assert!(!format!("{:?}", CredentialError::Empty("x".into())).contains("planted"));
}
