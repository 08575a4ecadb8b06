//! `signalbox connection export`.

use clap::Args;
use store::{ConfigFile, transfer};

use crate::cli::print;
use crate::failure::Failure;

/// Prints connections as the text of a configuration, for another computer. No credential is in it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox connection export > connections.toml
  signalbox connection export locks-eu jobs --rules > fleet.toml")]
pub(super) struct Export {
    /// Their names; all when none is given.
    names: Vec<String>,

    /// Print the configured rules too.
    #[arg(long)]
    rules: bool,
}

impl Export {
    pub(super) fn run(self, file: &ConfigFile) -> Result<(), Failure> {
        for name in &self.names {
            super::named(file, name)?;
        }
        let configuration = file.load()?;
        let wanted = |name: &String| self.names.is_empty() || self.names.contains(name);
        let connections: Vec<_> =
            configuration.connections.into_iter().filter(|connection| wanted(&connection.name)).collect();
        let rules = if self.rules { configuration.rules } else { Vec::new() };
        print(transfer::written(&connections, &rules)?.as_bytes())
    }
}
