//! `signalbox connection list`.

use std::fmt::Write;

use clap::Args;
use protocol::CredentialSource;
use store::ConfigFile;

use crate::cli::print;
use crate::failure::Failure;

/// Lists what is configured: name, protocol, address, and where the credential comes from.
#[derive(Debug, Args)]
pub(super) struct List {}

impl List {
    pub(super) fn run(&self, file: &ConfigFile) -> Result<(), Failure> {
        let connections = file.load()?.connections;
        if connections.is_empty() {
            eprintln!("No connection is configured in {}; `signalbox connection add --help` shows how.", file.place());
        }
        let width = connections.iter().map(|connection| connection.name.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for connection in connections {
            let credential = match connection.credential_source() {
                CredentialSource::Keychain(_) => "keychain".to_owned(),
                CredentialSource::Env(variable) => format!("env {variable}"),
                CredentialSource::Command(command) => {
                    format!("command {}", command.first().map_or("", String::as_str))
                }
            };
            let off = if connection.enabled { "" } else { "  (off)" };
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{:<width$}  {:<9}  {}  {credential}{off}",
                connection.name,
                connection.protocol.name(),
                connection.url
            );
        }
        print(text.as_bytes())
    }
}
