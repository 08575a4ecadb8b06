//! A monitor on the demo fleet, with a desktop that remembers.

use demo::{DemoFleet, Options};
use link::{Credentials, Environment};
use monitor::view::{AlertFilter, Scope, ScreenSpec, ViewSpec};
use monitor::{Attention, Host, Monitor, Notice};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::history::Place;
use store::{ConfigFile, Configuration, History};

/// What is quick enough for a test: a lock that is open is told at once, a lost connection after a second.
pub const RULES: &str = r#"
[[rule]]
name = "Opened"
severity = "critical"
message = "{subject} is open"
[rule.when.state]
is = "unlocked"

[[rule]]
name = "Connection not live"
severity = "high"
for = "1s"
[rule.when.connection]
is = "not_live"
"#;

/// What a planted card's code is: it must be nowhere.
pub const CODE: &str = "MARKED-CODE-7";

/// A desktop that remembers what it was told, and what was taken back.
#[derive(Default)]
pub struct Recording {
    pub told: Mutex<Vec<Notice>>,
    pub withdrawn: Mutex<Vec<String>>,
    pub attention: Mutex<Attention>,
}

impl Host for Recording {
    fn notify(&self, notice: Notice) {
        self.told.lock().push(notice);
    }

    fn withdraw(&self, key: &str) {
        self.withdrawn.lock().push(key.to_owned());
    }

    fn attention(&self, attention: Attention) {
        *self.attention.lock() = attention;
    }
}

impl Recording {
    /// The notices with this in title or key.
    pub fn of(&self, what: &str) -> Vec<Notice> {
        let told = self.told.lock();
        told.iter().filter(|notice| notice.title.contains(what) || notice.key.contains(what)).cloned().collect()
    }

    pub fn took_back(&self, key: &str) -> usize {
        self.withdrawn.lock().iter().filter(|known| *known == key).count()
    }
}

/// A monitor that watches the demo fleet from a configuration file.
pub struct Stage {
    pub monitor: Monitor,
    pub host: Arc<Recording>,
}

impl Stage {
    pub async fn start(fleet: &DemoFleet, place: Place) -> Stage {
        let credentials = Credentials::system();
        let text = format!("{}{RULES}", fleet.configuration());
        for connection in Configuration::parse(&text, "demo").unwrap().connections {
            let service = fleet.services().iter().find(|service| service.name == connection.name).unwrap();
            credentials.keep_for_this_run(connection.credential_source(), service.token.clone()).unwrap();
        }
        let host = Arc::new(Recording::default());
        let clock: store::history::Clock = Arc::new(|| link::Clock::now(&link::SystemClock));
        let history = History::open(place, Default::default(), clock).unwrap();
        let environment = Environment::system(credentials);
        let monitor = Monitor::start(ConfigFile::in_memory(text), environment, history, host.clone());
        let stage = Stage { monitor, host };
        stage.until("all five are live", |stage| stage.live() == 5).await;
        stage
    }

    pub fn live(&self) -> usize {
        let connections = self.monitor.connections();
        connections.iter().filter(|watched| watched.part.lock().status.name() == "live").count()
    }

    /// Waits until all pictures are complete: until then, what is so is listed and not told.
    pub async fn settled(&self) {
        let settled =
            |stage: &Stage| stage.monitor.connections().iter().all(|watched| watched.part.lock().is_settled());
        self.until("all pictures are complete", settled).await;
        // The book learns it a moment later.
        a_while(200).await;
    }

    pub async fn until(&self, what: &str, holds: impl Fn(&Stage) -> bool) {
        let mut tries = 0;
        while !holds(self) {
            tries += 1;
            assert!(tries < 800, "not within 40 s: {what}; {:#}", self.screen(all(&[])));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A screen as the page first sees it.
    pub fn screen(&self, screen: ScreenSpec) -> Value {
        let spec = ViewSpec { have: 0, scope: Scope::All, past: None, screen };
        serde_json::to_value(self.monitor.pull("look", &spec)).unwrap()["screen"].clone()
    }

    /// The alerts of a rule about a subject, whatever their state, the open ones first.
    pub fn alerts(&self, rule: &str, subject: &str) -> Vec<Value> {
        let listed = self.screen(all(&["pending", "firing", "acknowledged", "silenced", "stale", "resolved"]));
        let rows = listed["alerts"]["changed"].as_array().cloned().unwrap();
        rows.into_iter().filter(|row| row["rule"] == rule && row["subject"] == subject).collect()
    }

    pub fn state(&self, rule: &str, subject: &str) -> String {
        self.alerts(rule, subject).first().map_or_else(String::new, |row| row["state"].as_str().unwrap().to_owned())
    }

    pub async fn end(self) {
        self.monitor.shutdown().await;
    }
}

pub fn all(states: &[&str]) -> ScreenSpec {
    let states = states.iter().map(|state| serde_json::from_value(json!(state)).unwrap()).collect();
    let filter = AlertFilter { states, ..AlertFilter::default() };
    ScreenSpec::Alerts { filter, grouped: false, unfolded: Vec::new(), offset: 0, limit: 500 }
}

pub async fn fleet() -> DemoFleet {
    DemoFleet::start(Options { devices: 12, rate: 60, ..Options::default() }).await.unwrap()
}

/// A device of the fleet that is locked, and stays so until it is opened here.
pub fn device(fleet: &DemoFleet, place: usize) -> String {
    let service = fleet.services().iter().find(|service| service.protocol == "iotee").unwrap();
    let device = service.subscribe[place].clone();
    fleet.control("iotee").lock(&device, "remote");
    device
}

pub fn name(fleet: &DemoFleet, protocol: &str) -> String {
    fleet.services().iter().find(|service| service.protocol == protocol).unwrap().name.to_owned()
}

/// A lock event of a device that only the test knows, so that nothing else moves it.
pub fn plant(fleet: &DemoFleet, locked: bool, event: u32) {
    let kind = if locked { "device_locked" } else { "device_unlocked" };
    let now = jiff_now();
    fleet.control("iotee").send_text(format!(
        r#"{{"type":"{kind}","hardwareId":"PLANTED","eventId":"e{event}","source":"rfid","code":"{CODE}","timestamp":"{now}"}}"#
    ));
}

fn jiff_now() -> String {
    link::Clock::now(&link::SystemClock).to_string()
}

pub fn on_a_runtime<F: Future<Output = ()>>(test: F) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test);
}

pub async fn a_while(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// The history of a file, only read.
pub fn past(path: &Path) -> History {
    History::open_read_only(path.to_owned(), Arc::new(|| link::Clock::now(&link::SystemClock))).unwrap()
}
