//! `signalbox demo`.

use std::fmt::Write;
use std::net::SocketAddr;

use ::demo::{DemoFleet, Options};
use clap::Args;
use secrecy::ExposeSecret;

use crate::failure::Failure;
use crate::stop;

/// Runs the five services, simulated, on loopback, and prints a configuration for them.
///
/// Standard output holds a line for each service, the tokens as `export` lines, and then the configuration.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox demo                           in one terminal; in another paste the export lines, then
  signalbox watch --config demo.toml       with the configuration saved as demo.toml
  signalbox demo --bind 127.0.0.1:9000     on ports 9000 to 9004
  signalbox demo --devices 5000 --rate 30000
  signalbox demo --faults                  misbehave now and then: drops, refusals, broken and giant frames

Ctrl-C ends it.")]
pub(super) struct Demo {
    /// Where to listen: port 0 takes five free ports, a port N takes N to N + 4.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    bind: SocketAddr,

    /// How many devices there are.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    devices: u32,

    /// Events a second, all services together.
    #[arg(long, value_name = "N", default_value_t = 500)]
    rate: u32,

    /// What decides everything that happens: the same seed, the same fleet.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Misbehave by itself now and then.
    #[arg(long)]
    faults: bool,
}

impl Demo {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Demo { bind, devices, rate, seed, faults } = self;
        super::runtime()?.block_on(async {
            let options = Options { bind, devices: devices as usize, rate, seed, faults };
            let fleet = DemoFleet::start(options).await.map_err(Failure::failed)?;
            super::print(introduction(&fleet).as_bytes())?;
            eprintln!("The five services listen; Ctrl-C ends them.");
            stop::asked().await;
            fleet.shutdown().await;
            Ok(())
        })
    }
}

/// What a person, or a script, needs to connect.
fn introduction(fleet: &DemoFleet) -> String {
    let mut text = String::new();
    for service in fleet.services() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# {:<9}  {}", service.protocol, service.url);
    }
    text.push('\n');
    for service in fleet.services() {
        let _ = writeln!(text, "export {}='{}'", service.token_env, service.token.expose_secret());
    }
    text.push('\n');
    text.push_str(fleet.configuration().trim_end());
    text.push('\n');
    text
}
