//! The five services together.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::agenthq::AgentHq;
use crate::hantera::Hantera;
use crate::hydra::Hydra;
use crate::hyprwatch::Hyprwatch;
use crate::iotee::Iotee;
use crate::load::Load;
use crate::wire::{Clock, Gate, Hub, Shared, Simulated, listen, live};
use crate::world::Shares;
use crate::{Control, agenthq, configuration, credential, faults, hantera, hydra, hyprwatch, iotee};

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen. Port 0 takes five free ports; a port `N` takes `N` to `N + 4`.
    pub bind: SocketAddr,
    /// The number of devices.
    pub devices: usize,
    /// Events per second, all services together. At 0 nothing happens but what a [`Control`] asks for.
    pub rate: u32,
    /// What decides everything that happens.
    pub seed: u64,
    /// Whether the services misbehave by themselves now and then.
    pub faults: bool,
}

impl Default for Options {
    /// 200 devices, 500 events a second, seed 1, no faults, on free loopback ports.
    fn default() -> Self {
        Options { bind: SocketAddr::from(([127, 0, 0, 1], 0)), devices: 200, rate: 500, seed: 1, faults: false }
    }
}

/// Why the fleet or a load server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address could not be listened on.
    #[error(
        "The simulated service {name} cannot listen on {address}: {source}. Choose another address with --bind, or port 0."
    )]
    Bind {
        /// The service's name.
        name: &'static str,
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// There are not five ports from this one on.
    #[error("Five ports from {0} on are needed, and the last port is 65535. Choose a lower one, or 0 for free ones.")]
    Port(u16),
    /// There is no such protocol.
    #[error("There is no protocol {0:?}: choose hyprwatch, hydra, hantera, agenthq or iotee.")]
    Protocol(String),
}

/// One running service, as a client needs to know it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Service {
    /// The protocol's name in the configuration.
    pub protocol: &'static str,
    /// A name for a connection to it.
    pub name: &'static str,
    /// Where it is, without any secret.
    pub url: String,
    /// Where its HTTP side is: the same address, without a path.
    pub http: String,
    /// The environment variable that the ready configuration reads the token from.
    pub token_env: &'static str,
    /// The only token that it accepts.
    pub token: SecretString,
    /// What there is to subscribe to, in the words of the configuration's `subscribe`.
    pub subscribe: Vec<String>,
}

/// The five services on loopback. They stop when it is dropped.
#[derive(Debug)]
pub struct DemoFleet {
    services: Vec<Service>,
    controls: Vec<(&'static str, Control)>,
    _tasks: JoinSet<()>,
}

impl DemoFleet {
    /// Starts the five services; they accept connections when this returns.
    ///
    /// # Errors
    /// A port that is taken, or a first port too high for five.
    pub async fn start(options: Options) -> Result<DemoFleet, StartError> {
        let port = options.bind.port();
        if port > u16::MAX - 4 {
            return Err(StartError::Port(port));
        }
        let mut fleet = DemoFleet { services: Vec::new(), controls: Vec::new(), _tasks: JoinSet::new() };
        let shares = Shares::of(options.rate);
        let Options { seed, devices, faults, .. } = options;
        for (index, &kind) in KINDS.iter().enumerate() {
            let mut address = options.bind;
            if port != 0 {
                address.set_port(port + index as u16);
            }
            let station = Station::bind(kind, address, seed).await?;
            fleet.add(match kind.protocol {
                "hyprwatch" => {
                    station.run(|shared| Hyprwatch::new(shared, seed, shares.hyprwatch), hyprwatch_orgs, None)
                }
                "hydra" => station.run(|shared| Hydra::new(shared, seed, shares.hydra), hydra_streams, None),
                "hantera" => station.run(|shared| Hantera::new(shared, seed, shares.hantera), hantera_paths, None),
                "agenthq" => station.run(|shared| AgentHq::new(shared, seed, shares.agenthq), agenthq_channels, None),
                _ => station.run(
                    |shared| Iotee::new(shared, seed, devices, shares.iotee, faults),
                    Iotee::device_ids,
                    None,
                ),
            });
        }
        if faults {
            fleet._tasks.spawn(faults::misbehave(fleet.controls.clone(), seed));
        }
        Ok(fleet)
    }

    fn add(&mut self, (service, control, tasks): Started) {
        self.controls.push((service.protocol, control));
        self.services.push(service);
        for task in tasks {
            self._tasks.spawn(task);
        }
    }

    /// The services: hyprwatch, hydra, hantera, agenthq, iotee.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// A configuration that connects to all five and subscribes to everything, with the tokens by environment variable.
    pub fn configuration(&self) -> String {
        configuration::toml(&self.services)
    }

    /// The control of one service.
    ///
    /// # Panics
    /// When there is no such protocol: that is a mistake in the test that asks.
    pub fn control(&self, protocol: &str) -> &Control {
        match self.controls.iter().find(|(name, _)| *name == protocol) {
            Some((_, control)) => control,
            None => panic!("there is no simulated service for the protocol {protocol:?}"),
        }
    }

    /// Stops all services: clients get a close frame with 1001, and a second to answer it.
    pub async fn shutdown(self) {
        for (_, control) in &self.controls {
            control.close_all(1001, "The demo fleet shuts down");
        }
        let gone = async {
            while self.controls.iter().any(|(_, control)| control.connections() > 0) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // Those who do not answer are dropped with the tasks.
        let _ = tokio::time::timeout(Duration::from_secs(1), gone).await;
    }
}

/// What is fixed about each service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) protocol: &'static str,
    name: &'static str,
    path: &'static str,
    token_env: &'static str,
}

pub(crate) const KINDS: [Kind; 5] = [
    Kind { protocol: "hyprwatch", name: "hosts-demo", path: hyprwatch::PATH, token_env: "SIGNALBOX_DEMO_HYPRWATCH" },
    Kind { protocol: "hydra", name: "signals-demo", path: hydra::PATH, token_env: "SIGNALBOX_DEMO_HYDRA" },
    Kind { protocol: "hantera", name: "jobs-demo", path: hantera::PATH, token_env: "SIGNALBOX_DEMO_HANTERA" },
    Kind { protocol: "agenthq", name: "agents-demo", path: agenthq::PATH, token_env: "SIGNALBOX_DEMO_AGENTHQ" },
    Kind { protocol: "iotee", name: "locks-demo", path: iotee::PATH, token_env: "SIGNALBOX_DEMO_IOTEE" },
];

type Task = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;
pub(crate) type Started = (Service, Control, Vec<Task>);

/// A bound port on its way to become a service.
pub(crate) struct Station {
    kind: Kind,
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
    token: SecretString,
}

impl Station {
    pub(crate) async fn bind(kind: Kind, address: SocketAddr, seed: u64) -> Result<Self, StartError> {
        let refused = |source| StartError::Bind { name: kind.name, address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let clock = Clock::start();
        let now = clock.now();
        let token = credential::token(kind.protocol, seed, now);
        let shared = Arc::new(Shared::new(Gate::new(token.clone()), clock, now));
        Ok(Station { kind, listener, address, shared, token })
    }

    pub(crate) fn run<S: Simulated>(
        self,
        make: impl FnOnce(Arc<Shared>) -> S,
        subscribe: impl FnOnce(&S) -> Vec<String>,
        load: Option<Load>,
    ) -> Started {
        let simulated = make(self.shared.clone());
        let service = Service {
            protocol: self.kind.protocol,
            name: self.kind.name,
            url: format!("ws://{}{}", self.address, self.kind.path),
            http: format!("http://{}", self.address),
            token_env: self.kind.token_env,
            token: self.token,
            subscribe: subscribe(&simulated),
        };
        let hub = Arc::new(Hub::new(simulated, self.shared.clone(), load));
        let acting = hub.clone();
        let act = move |actions: &mut dyn Iterator<Item = crate::Action>| {
            acting.happen(|simulated, now, events| {
                actions.filter_map(|action| simulated.act(&action, now, events)).collect()
            })
        };
        let control = Control::new(self.kind.protocol, self.shared, Arc::new(act));
        let tasks: Vec<Task> = vec![Box::pin(listen(hub.clone(), self.listener, self.address)), Box::pin(live(hub))];
        (service, control, tasks)
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub(crate) fn hyprwatch_orgs(_: &Hyprwatch) -> Vec<String> {
    owned(&hyprwatch::ORGS)
}

pub(crate) fn hydra_streams(_: &Hydra) -> Vec<String> {
    owned(&hydra::IN_SCOPE)
}

pub(crate) fn hantera_paths(_: &Hantera) -> Vec<String> {
    owned(&["jobs", "job-definitions", "actors"])
}

pub(crate) fn agenthq_channels(_: &AgentHq) -> Vec<String> {
    owned(&agenthq::CHANNELS)
}
