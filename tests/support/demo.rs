//! The demo's services inside the test, so that the test decides what happens.

use demo::{Control, DemoFleet, Options, Service};
use secrecy::ExposeSecret;
use tokio::runtime::Runtime;

/// Alerts are told by the desktop also while the window is in front: that is looked at, and lies over no control of the page.
const TOLD_OUTSIDE: &str = "[notifications]\nin_front = true\n\n";

/// The five services, at work on their own threads until dropped.
pub struct Demo {
    fleet: DemoFleet,
    runtime: Runtime,
}

impl Demo {
    /// Starts the services with this many events a second; at 0 only what the test asks for happens.
    pub fn start(rate: u32) -> Self {
        Self::of(Options { rate, ..Options::default() })
    }

    /// Starts the services with so many devices, all of them locked, to which only what the test asks for happens.
    pub fn with_devices(devices: usize) -> Self {
        let demo = Self::of(Options { devices, rate: 0, ..Options::default() });
        for device in &demo.service("iotee").subscribe {
            demo.control("iotee").lock(device, "key");
        }
        demo
    }

    fn of(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a tokio runtime starts");
        let fleet = runtime.block_on(DemoFleet::start(options));
        Self { fleet: fleet.unwrap_or_else(|error| panic!("{error}")), runtime }
    }

    /// The service of a protocol.
    pub fn service(&self, protocol: &str) -> &Service {
        let found = self.fleet.services().iter().find(|service| service.protocol == protocol);
        found.unwrap_or_else(|| panic!("the demo has no service `{protocol}`"))
    }

    /// The token that a service accepts.
    pub fn token(&self, protocol: &str) -> &str {
        self.service(protocol).token.expose_secret()
    }

    /// The environment variables that the ready configuration reads the tokens from.
    pub fn tokens(&self) -> Vec<(&str, &str)> {
        self.fleet.services().iter().map(|service| (service.token_env, service.token.expose_secret())).collect()
    }

    /// A configuration that connects to all five.
    pub fn configuration(&self) -> String {
        format!("{TOLD_OUTSIDE}{}", self.fleet.configuration())
    }

    /// A configuration that connects to the first `count` devices alone; `more` are further lines of the connection, and what
    /// comes after it.
    pub fn devices_configuration(&self, count: usize, more: &str) -> String {
        let service = self.service("iotee");
        let (name, url, env) = (service.name, &service.url, service.token_env);
        let devices = &service.subscribe[..count];
        format!(
            "{TOLD_OUTSIDE}[[connection]]\nname = {name:?}\nprotocol = \"iotee\"\nurl = {url:?}\n\
             credential = {{ env = {env:?} }}\nsubscribe = {devices:?}\n{more}\n"
        )
    }

    /// The hand on one service.
    pub fn control(&self, protocol: &str) -> &Control {
        self.fleet.control(protocol)
    }

    /// Runs what a control does in its own time to the end.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}
