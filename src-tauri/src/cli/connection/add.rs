//! `signalbox connection add`.

use std::path::PathBuf;

use clap::Args;
use link::Credentials;
use protocol::{Connection, CredentialSource, Protocol, config::Subscribe};
use secrecy::SecretString;
use store::{ConfigFile, Configuration};
use url::Url;

use crate::cli::{print, runtime, secret};
use crate::failure::Failure;

/// Adds a connection to the configuration, and its credential to the keychain.
///
/// The credential is asked for without showing it, or read from standard input when something is piped in.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox connection add locks-eu --protocol iotee --url wss://api.example.com/realtime --subscribe ABC123
  pass show hydra | signalbox connection add signals --protocol hydra --url wss://api.example.com/stream --subscribe alerts
  signalbox connection add jobs --protocol hantera --url wss://core.example.com/ws --subscribe jobs --credential-env HANTERA_TOKEN

What to subscribe to, by protocol:
  hyprwatch  org ids            hydra    streams      hantera  paths, as jobs, jobs/{id}, job-definitions, actors/orders
  agenthq    channel ids        iotee    hardware ids")]
pub(super) struct Add {
    /// A name for it that no other connection has.
    name: String,

    /// What it speaks: hyprwatch, hydra, hantera, agenthq or iotee.
    #[arg(long, value_name = "PROTOCOL")]
    protocol: Protocol,

    /// The service's WebSocket address, without the credential.
    #[arg(long, value_name = "URL")]
    url: Url,

    /// What to subscribe to; may be given several times.
    #[arg(long, value_name = "WHAT")]
    subscribe: Vec<String>,

    /// Read the credential from this environment variable at every start, and keep it nowhere.
    #[arg(long, value_name = "VAR", conflicts_with = "credential_command")]
    credential_env: Option<String>,

    /// Run this to get the credential, as "pass show iotee"; it is split at spaces.
    #[arg(long, value_name = "COMMAND")]
    credential_command: Option<String>,

    /// Ask for no credential; `signalbox connection set-credential` gives it later.
    #[arg(long, conflicts_with_all = ["credential_env", "credential_command"])]
    without_credential: bool,

    /// A PEM file of authorities to trust besides the system's.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Where its HTTP side is, if not at the same host: what was missed is fetched there.
    #[arg(long, value_name = "URL")]
    http_url: Option<Url>,

    /// Allow ws:// to an address that is not loopback. The credential then travels unencrypted.
    #[arg(long)]
    allow_plaintext: bool,

    /// Show a native notification when one of its devices is unlocked.
    #[arg(long)]
    notify_unlocked: bool,

    /// A word to scope the window by; may be given several times.
    #[arg(long = "tag", value_name = "WORD")]
    tags: Vec<String>,

    /// Add it switched off.
    #[arg(long)]
    disabled: bool,
}

impl Add {
    pub(super) fn run(self, file: &ConfigFile) -> Result<(), Failure> {
        let without_credential = self.without_credential;
        let connection = self.connection()?;
        // What cannot be added is said before a secret is asked for.
        check(&connection, &file.load()?, file)?;
        let credential = match connection.credential_source() {
            CredentialSource::Keychain(entry) if !without_credential => {
                secret::read_if_any(&connection.name)?.map(|secret| (entry, secret))
            }
            _ => None,
        };
        file.add(&connection)?;
        print(format!("Added \"{}\" to {}.\n", connection.name, file.place()).as_bytes())?;
        match credential {
            Some((entry, secret)) => keep(&connection.name, &entry, secret),
            None => {
                advise(&connection);
                Ok(())
            }
        }
    }

    fn connection(self) -> Result<Connection, Failure> {
        let command = self.credential_command.map(|command| command.split_whitespace().map(str::to_owned).collect());
        let connection = Connection {
            name: self.name,
            protocol: self.protocol,
            url: self.url,
            http_url: self.http_url,
            credential: self.credential_env.map(CredentialSource::Env).or(command.map(CredentialSource::Command)),
            enabled: !self.disabled,
            ca_file: self.ca_file.map(|path| std::path::absolute(&path).unwrap_or(path)),
            subscribe: self.subscribe.into_iter().map(Subscribe::All).collect(),
            live_queries: Vec::new(),
            allow_plaintext: self.allow_plaintext,
            notify_unlocked: self.notify_unlocked,
            tags: self.tags,
            phoenix_version: None,
            key_in: None,
        };
        connection.validate().map_err(Failure::usage)?;
        Ok(connection)
    }
}

fn check(connection: &Connection, configuration: &Configuration, file: &ConfigFile) -> Result<(), Failure> {
    match configuration.connection(&connection.name) {
        None => Ok(()),
        Some(_) => Err(Failure::usage(format!(
            "a connection named \"{}\" is in {} already; choose another name, or remove it first",
            connection.name,
            file.place()
        ))),
    }
}

fn keep(name: &str, entry: &str, secret: SecretString) -> Result<(), Failure> {
    runtime()?.block_on(Credentials::system().set(entry, secret)).map_err(|error| {
        Failure::failed(format!(
            "its credential was not kept: {error}. Then `signalbox connection set-credential {name}`"
        ))
    })?;
    print(format!("Its credential is in the keychain. `signalbox connection test {name}` tries it.\n").as_bytes())
}

/// Says where the credential is to come from, when none was given.
fn advise(connection: &Connection) {
    let name = &connection.name;
    match connection.credential_source() {
        CredentialSource::Keychain(_) => {
            eprintln!("It has no credential yet: `signalbox connection set-credential {name}` gives it one.");
        }
        CredentialSource::Env(variable) => eprintln!("Its credential is read from {variable} at every start."),
        CredentialSource::Command(_) => eprintln!("Its credential is asked of the command at every attempt."),
    }
}
