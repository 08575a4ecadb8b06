//! `signalbox connection import`.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use protocol::Connection;
use store::transfer::{self, Standing};
use store::{ConfigFile, Configuration};

use crate::cli::print;
use crate::failure::Failure;

/// The longest text that is read, in bytes.
const LONGEST: u64 = 4 << 20;

/// Adds the connections of an exported text, or of another configuration, to this one.
///
/// One whose name is there already is left as it is. Those that are added are switched off: a text from elsewhere must not send a
/// credential of this computer to an address before somebody has looked at it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox connection import connections.toml
  ssh other signalbox connection export | signalbox connection import - --enabled")]
pub(super) struct Import {
    /// The file; - is standard input.
    file: PathBuf,

    /// Replace the connections that have the same names.
    #[arg(long)]
    replace: bool,

    /// Switch them on as the text says; for a text that is trusted.
    #[arg(long)]
    enabled: bool,

    /// Take over its rules too, in the place of those with the same names.
    #[arg(long)]
    rules: bool,
}

impl Import {
    pub(super) fn run(self, file: &ConfigFile) -> Result<(), Failure> {
        let text = self.text()?;
        let incoming = Configuration::parse(&text, &self.file.display().to_string())?;
        let there = file.load()?;
        if incoming.connections.is_empty() && incoming.rules.is_empty() {
            return Err(Failure::usage(format!("{} holds no connection and no rule", self.file.display())));
        }
        for connection in incoming.connections {
            let name = connection.name.clone();
            let known = there.connection(&name);
            let done = match (Standing::of(&connection, known), known) {
                (Standing::Same, _) => "is there already as it is".to_owned(),
                (Standing::Differs(keys), _) if !self.replace => {
                    format!("is there already and differs in {}; --replace replaces it", keys.join(", "))
                }
                (Standing::Differs(_), Some(known)) => {
                    file.replace(&name, &self.considered(connection, Some(known)))?;
                    "was replaced".to_owned()
                }
                _ => {
                    let connection = self.considered(connection, None);
                    file.add(&connection)?;
                    format!("was added{}", if connection.enabled { "" } else { ", switched off" })
                }
            };
            print(format!("\"{name}\" {done}.\n").as_bytes())?;
        }
        if self.rules {
            for rule in &incoming.rules {
                file.put_rule(Some(&rule.name), rule)?;
                print(format!("The rule \"{}\" was taken over.\n", rule.name).as_bytes())?;
            }
        }
        Ok(())
    }

    fn considered(&self, connection: Connection, known: Option<&Connection>) -> Connection {
        let enabled = match known {
            Some(known) if transfer::reaches_the_same(known, &connection) => known.enabled,
            _ => self.enabled && connection.enabled,
        };
        Connection { enabled, ..connection }
    }

    fn text(&self) -> Result<String, Failure> {
        let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", self.file.display()));
        let mut text = String::new();
        if self.file.as_os_str() == "-" {
            std::io::stdin().lock().take(LONGEST).read_to_string(&mut text).map_err(failed)?;
        } else {
            std::fs::File::open(&self.file).map_err(failed)?.take(LONGEST).read_to_string(&mut text).map_err(failed)?;
        }
        Ok(text)
    }
}
