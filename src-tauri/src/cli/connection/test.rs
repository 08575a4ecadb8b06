//! `signalbox connection test`.

use std::time::Duration;

use clap::Args;
use link::{Credentials, Environment, probe};
use store::ConfigFile;

use crate::cli::duration::duration;
use crate::cli::{print, runtime};
use crate::failure::Failure;

/// Connects once, says in a sentence what happened, and disconnects. The exit code is 0 only when it became live.
#[derive(Debug, Args)]
pub(super) struct Test {
    /// The connection's name.
    name: String,

    /// How long it may take.
    #[arg(long, value_name = "DURATION", default_value = "15s", value_parser = duration)]
    within: Duration,
}

impl Test {
    pub(super) fn run(self, file: &ConfigFile) -> Result<(), Failure> {
        let connection = super::named(file, &self.name)?;
        let tested = runtime()?.block_on(async {
            let environment = Environment::system(Credentials::system());
            probe(connection, &environment, self.within).await
        });
        let sentence = format!("\"{}\" is {tested}", self.name);
        if !tested.is_live() {
            return Err(Failure::failed(sentence));
        }
        print(format!("{sentence}.\n").as_bytes())
    }
}
