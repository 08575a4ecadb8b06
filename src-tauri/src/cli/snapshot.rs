//! `signalbox snapshot`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use link::{Credentials, Environment};
use monitor::{Monitor, Nobody};
use store::ConfigFile;
use store::history::Place;

use super::duration::duration;
use crate::failure::Failure;
use crate::stop;

/// Connects what is enabled, and after a time prints the state that it has come to as one JSON object.
///
/// Its keys are connections, devices, hosts, jobs, job_definitions, actors, live_queries, agents, posts, tasks, signals
/// and counters, each by connection and id. Ctrl-C prints it early.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox snapshot
  signalbox snapshot --after 30s | jq '.devices[\"locks-eu\"]'")]
pub(super) struct Snapshot {
    /// How long to gather.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    after: Duration,
}

impl Snapshot {
    pub(super) fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        let file = ConfigFile::new(config)?;
        super::watch::chosen(&file, &[])?;
        let state = super::runtime()?.block_on(async {
            let environment = Environment::system(Credentials::system());
            // What a snapshot sees is nobody's shift: it is kept nowhere.
            let history = crate::history::open(Place::Memory).map_err(Failure::failed)?;
            let monitor = Monitor::start(file, environment, history, Arc::new(Nobody));
            tokio::select! {
                () = tokio::time::sleep(self.after) => {}
                () = stop::asked() => {}
            }
            let state = monitor.snapshot();
            monitor.shutdown().await;
            Ok::<_, Failure>(state)
        })?;
        let mut text = serde_json::to_vec_pretty(&state).map_err(Failure::failed)?;
        text.push(b'\n');
        super::print(&text)
    }
}
