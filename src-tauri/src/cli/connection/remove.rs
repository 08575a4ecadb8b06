//! `signalbox connection remove`.

use clap::Args;
use link::{CredentialError, Credentials};
use protocol::CredentialSource;
use store::ConfigFile;

use crate::cli::{print, runtime};
use crate::failure::Failure;

/// Removes a connection from the configuration, and its credential from the keychain.
#[derive(Debug, Args)]
pub(super) struct Remove {
    /// The connection's name.
    name: String,
}

impl Remove {
    pub(super) fn run(self, file: &ConfigFile) -> Result<(), Failure> {
        let name = self.name;
        let source = super::named(file, &name)?.credential_source();
        let left = file.remove(&name)?;
        print(format!("Removed \"{name}\" from {}.\n", file.place()).as_bytes())?;
        let CredentialSource::Keychain(entry) = &source else { return Ok(()) };
        if left.connections.iter().any(|other| other.credential_source() == source) {
            eprintln!("Its credential stays in the keychain: another connection uses it.");
            return Ok(());
        }
        match runtime()?.block_on(Credentials::system().delete(entry)) {
            Ok(()) => print(b"Its credential was deleted from the keychain.\n"),
            Err(CredentialError::NotFound(_)) => Ok(()),
            Err(error) => {
                Err(Failure::failed(format!("its credential, if it had one, may still be in the keychain: {error}")))
            }
        }
    }
}
