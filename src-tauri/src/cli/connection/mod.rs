//! `signalbox connection`: what is configured, and the credentials of it.

mod add;
mod credential;
mod export;
mod import;
mod list;
mod remove;
mod test;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use store::ConfigFile;

use crate::failure::Failure;

/// Adds, lists, tests and removes connections, and keeps their credentials in the keychain.
#[derive(Debug, Args)]
pub(super) struct Connection {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Box<add::Add>),
    List(list::List),
    Test(test::Test),
    Remove(remove::Remove),
    SetCredential(credential::SetCredential),
    Export(export::Export),
    Import(import::Import),
}

impl Connection {
    pub(super) fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        let file = ConfigFile::new(config)?;
        match self.command {
            Command::Add(add) => add.run(&file),
            Command::List(list) => list.run(&file),
            Command::Test(test) => test.run(&file),
            Command::Remove(remove) => remove.run(&file),
            Command::SetCredential(set) => set.run(&file),
            Command::Export(export) => export.run(&file),
            Command::Import(import) => import.run(&file),
        }
    }
}

/// The configured connection of that name.
fn named(file: &ConfigFile, name: &str) -> Result<protocol::Connection, Failure> {
    let configuration = file.load()?;
    configuration.connection(name).cloned().ok_or_else(|| {
        Failure::usage(format!(
            "no connection is named \"{name}\" in {}; `signalbox connection list` shows them",
            file.place()
        ))
    })
}
