//! `signalbox watch`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use link::{Credentials, Environment};
use monitor::WatchOptions;
use protocol::{Connection, Protocol};
use store::{ConfigFile, Configuration};

use super::duration::duration;
use crate::failure::Failure;
use crate::stop;

/// Connects what is enabled and prints what comes, one JSON object a line.
///
/// Each line is {"connection","kind","subject","at","received_at","data"}: `at` is the service's own time, `subject` the
/// id of what it is about. Logs go to standard error. Ctrl-C ends it cleanly.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox watch
  signalbox watch --connection locks-eu --for 30s
  signalbox watch | jq -r 'select(.kind == \"device.unlocked\") | .subject'
  signalbox watch --run-query hosts \"SELECT name, version FROM os_version\" --for 10s")]
pub(super) struct Watch {
    /// Watch this connection only; may be given several times.
    #[arg(long = "connection", value_name = "NAME")]
    connections: Vec<String>,

    /// End after this long, as 30s or 2m, instead of at Ctrl-C.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    duration: Option<Duration>,

    /// Once the connection NAME (hyprwatch) is live, run SQL on all its hosts.
    #[arg(long, num_args = 2, value_names = ["NAME", "SQL"])]
    run_query: Vec<String>,

    /// Print lock codes as they are; otherwise they are masked.
    #[arg(long)]
    show_codes: bool,
}

impl Watch {
    pub(super) fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        let file = ConfigFile::new(config)?;
        let connections = chosen(&file, &self.connections)?;
        let run_query = match &self.run_query[..] {
            [name, sql] => Some(query(&connections, name, sql)?),
            _ => None,
        };
        let options = WatchOptions { duration: self.duration, run_query, show_codes: self.show_codes };
        super::runtime()?.block_on(async {
            // What comes is printed, not what was: nothing is fetched.
            let environment =
                Environment { fetcher: link::Fetcher::off(), ..Environment::system(Credentials::system()) };
            let watched = monitor::watch(connections, environment, options, std::io::stdout(), stop::asked()).await;
            watched.map_err(|error| Failure::failed(format!("standard output cannot be written: {error}")))
        })
    }
}

fn query(connections: &[Connection], name: &str, sql: &str) -> Result<(String, String), Failure> {
    match connections.iter().find(|connection| connection.name == name) {
        None => Err(Failure::usage(format!("--run-query names \"{name}\", which is not watched"))),
        Some(connection) if connection.protocol != Protocol::Hyprwatch => Err(Failure::usage(format!(
            "--run-query needs a hyprwatch connection; \"{name}\" speaks {}",
            connection.protocol
        ))),
        Some(_) => Ok((name.to_owned(), sql.to_owned())),
    }
}

/// The enabled connections, or of them those that were named.
pub(super) fn chosen(file: &ConfigFile, names: &[String]) -> Result<Vec<Connection>, Failure> {
    let Configuration { connections, .. } = file.load()?;
    let place = file.place();
    if connections.is_empty() {
        return Err(Failure::usage(format!(
            "no connection is configured in {place}; `signalbox connection add --help` shows how, and `signalbox demo` gives something to connect to"
        )));
    }
    for name in names {
        match connections.iter().find(|connection| connection.name == *name) {
            None => return Err(Failure::usage(format!("no connection is named \"{name}\" in {place}"))),
            Some(connection) if !connection.enabled => {
                return Err(Failure::usage(format!("\"{name}\" is switched off in {place}: enabled = false")));
            }
            Some(_) => {}
        }
    }
    let wanted = |connection: &Connection| connection.enabled && (names.is_empty() || names.contains(&connection.name));
    let chosen: Vec<Connection> = connections.into_iter().filter(wanted).collect();
    if chosen.is_empty() {
        return Err(Failure::usage(format!("every connection in {place} is switched off")));
    }
    Ok(chosen)
}
