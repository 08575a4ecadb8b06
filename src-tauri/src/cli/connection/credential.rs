//! `signalbox connection set-credential`.

use clap::Args;
use link::Credentials;
use protocol::CredentialSource;
use store::ConfigFile;

use crate::cli::{print, runtime, secret};
use crate::failure::Failure;

/// Keeps a connection's credential in the keychain; one that is there already is replaced.
///
/// It is asked for without showing it, or read from standard input when something is piped in.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox connection set-credential locks-eu
  pass show iotee | signalbox connection set-credential locks-eu")]
pub(super) struct SetCredential {
    /// The connection's name.
    name: String,
}

impl SetCredential {
    pub(super) fn run(self, file: &ConfigFile) -> Result<(), Failure> {
        let name = self.name;
        let entry = match super::named(file, &name)?.credential_source() {
            CredentialSource::Keychain(entry) => entry,
            CredentialSource::Env(variable) => {
                return Err(Failure::usage(format!(
                    "\"{name}\" reads its credential from the environment variable {variable}; set it there, or take that line out of {}",
                    file.place()
                )));
            }
            CredentialSource::Command(_) => {
                return Err(Failure::usage(format!(
                    "\"{name}\" asks a command for its credential; set it there, or take that line out of {}",
                    file.place()
                )));
            }
        };
        let secret = secret::read(&name)?;
        runtime()?
            .block_on(Credentials::system().set(&entry, secret))
            .map_err(|error| Failure::failed(format!("the credential was not kept: {error}")))?;
        print(format!("The credential of \"{name}\" is in the keychain.\n").as_bytes())
    }
}
