//! Where credentials come from: the system's keychain, the environment, a command, or this run's memory.
//!
//! They are asked for anew at each attempt, held as [`SecretString`], and named in no error.

mod command;
mod expiry;
mod keychain;

use std::sync::Arc;
use std::time::Duration;

use protocol::CredentialSource;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;

pub(crate) use expiry::expiry;
pub use keychain::{EntryStore, Keychain, KeychainError};

/// How many sources may be remembered for this run.
const REMEMBERED: usize = 1024;
/// The longest credential, in bytes. A token of a few kilobytes is usual.
const LONGEST: usize = 64 << 10;

/// Fetches and keeps credentials. Clones share.
#[derive(Clone)]
pub struct Credentials {
    keychain: Keychain,
    /// What is kept for this run only, and how often each source was set by this process.
    kept: Arc<watch::Sender<Vec<Kept>>>,
}

struct Kept {
    source: CredentialSource,
    secret: Option<SecretString>,
    generation: u64,
}

/// Why there is no credential, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// The keychain has no such entry.
    #[error(
        "no credential is kept in the keychain for \"{0}\"; add one in Connections or with `signalbox connection set-credential`"
    )]
    NotFound(String),
    /// The environment variable is not set, or not text.
    #[error("the environment variable {0} holds no credential; set it before Signalbox starts")]
    NotInEnvironment(String),
    /// The command gave none.
    #[error("{0}")]
    Command(#[from] command::CommandError),
    /// The source answered with nothing.
    #[error("{0} holds an empty credential; set it again")]
    Empty(String),
    /// It is longer than any credential.
    #[error("{0} holds more than 64 KiB, which is no credential; set it again")]
    TooLong(String),
    /// The keychain could not be asked.
    #[error("{0}")]
    Keychain(#[from] KeychainError),
    /// Too many are kept in memory.
    #[error("1024 credentials are kept for this run already; keep this one in the keychain")]
    MemoryFull,
}

impl Credentials {
    /// Credentials with the system's keychain.
    pub fn system() -> Self {
        Credentials::with_keychain(Keychain::system())
    }

    /// Credentials with another keychain.
    pub fn with_keychain(keychain: Keychain) -> Self {
        Credentials { keychain, kept: Arc::new(watch::Sender::new(Vec::new())) }
    }

    /// Fetches the credential of a source. What is kept for this run is preferred.
    pub async fn fetch(&self, source: &CredentialSource) -> Result<SecretString, CredentialError> {
        if let Some(secret) = self.remembered(source) {
            return Ok(secret);
        }
        let secret = match source {
            CredentialSource::Keychain(entry) => {
                let secret = self.keychain.get(entry).await.map_err(|error| match error {
                    KeychainError::NotFound => CredentialError::NotFound(entry.clone()),
                    error => error.into(),
                })?;
                Zeroizing::new(secret.expose_secret().to_owned())
            }
            CredentialSource::Env(name) => {
                Zeroizing::new(std::env::var(name).map_err(|_| CredentialError::NotInEnvironment(name.clone()))?)
            }
            CredentialSource::Command(command) => command::first_line(command, Duration::from_secs(10)).await?,
        };
        checked(&secret, source)
    }

    /// Keeps a credential in the keychain. What was kept for this run in its place is forgotten.
    pub async fn set(&self, entry: &str, secret: SecretString) -> Result<(), CredentialError> {
        let source = CredentialSource::Keychain(entry.to_owned());
        let secret = checked(secret.expose_secret(), &source)?;
        self.keychain.set(entry, secret).await?;
        self.remember(source, None)
    }

    /// Deletes a credential from the keychain and from this run's memory.
    pub async fn delete(&self, entry: &str) -> Result<(), CredentialError> {
        self.remember(CredentialSource::Keychain(entry.to_owned()), None)?;
        match self.keychain.delete(entry).await {
            Ok(()) => Ok(()),
            Err(KeychainError::NotFound) => Err(CredentialError::NotFound(entry.to_owned())),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a credential in memory for this run only, in the place of its source: for a computer whose keychain is
    /// absent, locked or silent.
    pub fn keep_for_this_run(&self, source: CredentialSource, secret: SecretString) -> Result<(), CredentialError> {
        let secret = checked(secret.expose_secret(), &source)?;
        self.remember(source, Some(secret))
    }

    /// How often this process has set the credential of a source; see [`Credentials::newer`].
    pub(crate) fn generation(&self, source: &CredentialSource) -> u64 {
        generation(&self.kept.borrow(), source)
    }

    /// Waits until this process sets a credential of the source after `generation`.
    pub(crate) async fn newer(&self, source: &CredentialSource, after: u64) {
        let mut kept = self.kept.subscribe();
        // The sender is this value's own, so the wait cannot end for want of one.
        let _ = kept.wait_for(|kept| generation(kept, source) != after).await;
    }

    fn remembered(&self, source: &CredentialSource) -> Option<SecretString> {
        self.kept.borrow().iter().find(|kept| kept.source == *source)?.secret.clone()
    }

    fn remember(&self, source: CredentialSource, secret: Option<SecretString>) -> Result<(), CredentialError> {
        let mut outcome = Ok(());
        self.kept.send_modify(|all| {
            let full = all.len() >= REMEMBERED;
            match all.iter_mut().find(|kept| kept.source == source) {
                Some(kept) => {
                    kept.secret = secret;
                    kept.generation += 1;
                }
                None if full && secret.is_some() => outcome = Err(CredentialError::MemoryFull),
                None if full => {}
                None => all.push(Kept { source, secret, generation: 1 }),
            }
        });
        outcome
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

fn generation(kept: &[Kept], source: &CredentialSource) -> u64 {
    kept.iter().find(|kept| kept.source == *source).map_or(0, |kept| kept.generation)
}

/// Cuts the line break that files and pipes leave at the end, and refuses what cannot be a credential.
fn checked(secret: &str, source: &CredentialSource) -> Result<SecretString, CredentialError> {
    let secret = secret.trim_end_matches(['\r', '\n']);
    if secret.trim().is_empty() {
        return Err(CredentialError::Empty(named(source)));
    }
    if secret.len() > LONGEST {
        return Err(CredentialError::TooLong(named(source)));
    }
    Ok(SecretString::from(secret))
}

/// A source in words. Of a command only the program: its arguments may be anything.
fn named(source: &CredentialSource) -> String {
    match source {
        CredentialSource::Keychain(entry) => format!("the keychain's entry \"{entry}\""),
        CredentialSource::Env(name) => format!("the environment variable {name}"),
        CredentialSource::Command(command) => {
            format!("the output of {}", command.first().map_or("the command", String::as_str))
        }
    }
}

#[cfg(test)]
mod tests;
