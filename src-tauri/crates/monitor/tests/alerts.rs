//! Alerts and history as the operator meets them: real sockets to the demo services, a history file, a recording desktop.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use demo::{DemoFleet, Options};
use link::{Credentials, Environment};
use monitor::view::{
    AlertFilter, ConditionDraft, MatcherDraft, RuleDraft, Scope, ScreenSpec, SeriesName, SeriesSpec, Span, ViewSpec,
};
use monitor::{Host, Monitor, Notice, Opens};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use store::history::Place;
use store::{ConfigFile, Configuration, History};

/// What is quick enough for a test: a lock that is open is told at once, a lost connection after a second.
const RULES: &str = r#"
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
const CODE: &str = "MARKED-CODE-7";

/// A desktop that remembers what it was told, and what was taken back.
#[derive(Default)]
struct Recording {
    told: Mutex<Vec<Notice>>,
    withdrawn: Mutex<Vec<String>>,
}

impl Host for Recording {
    fn notify(&self, notice: Notice) {
        self.told.lock().push(notice);
    }

    fn withdraw(&self, key: &str) {
        self.withdrawn.lock().push(key.to_owned());
    }
}

impl Recording {
    /// The notices with this in title or key.
    fn of(&self, what: &str) -> Vec<Notice> {
        let told = self.told.lock();
        told.iter().filter(|notice| notice.title.contains(what) || notice.key.contains(what)).cloned().collect()
    }

    fn took_back(&self, key: &str) -> usize {
        self.withdrawn.lock().iter().filter(|known| *known == key).count()
    }
}

/// A monitor that watches the demo fleet from a configuration file.
struct Stage {
    monitor: Monitor,
    host: Arc<Recording>,
}

impl Stage {
    async fn start(fleet: &DemoFleet, place: Place) -> Stage {
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

    fn live(&self) -> usize {
        let connections = self.monitor.connections();
        connections.iter().filter(|watched| watched.part.lock().status.name() == "live").count()
    }

    async fn until(&self, what: &str, holds: impl Fn(&Stage) -> bool) {
        let mut tries = 0;
        while !holds(self) {
            tries += 1;
            assert!(tries < 800, "not within 40 s: {what}; {:#}", self.screen(all(&[])));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A screen as the page first sees it.
    fn screen(&self, screen: ScreenSpec) -> Value {
        let spec = ViewSpec { have: 0, scope: Scope::All, past: None, screen };
        serde_json::to_value(self.monitor.pull("look", &spec)).unwrap()["screen"].clone()
    }

    /// The alerts of a rule about a subject, whatever their state, the open ones first.
    fn alerts(&self, rule: &str, subject: &str) -> Vec<Value> {
        let listed = self.screen(all(&["pending", "firing", "acknowledged", "silenced", "stale", "resolved"]));
        let rows = listed["alerts"]["changed"].as_array().cloned().unwrap();
        rows.into_iter().filter(|row| row["rule"] == rule && row["subject"] == subject).collect()
    }

    fn state(&self, rule: &str, subject: &str) -> String {
        self.alerts(rule, subject).first().map_or_else(String::new, |row| row["state"].as_str().unwrap().to_owned())
    }

    async fn end(self) {
        self.monitor.shutdown().await;
    }
}

fn all(states: &[&str]) -> ScreenSpec {
    let states = states.iter().map(|state| serde_json::from_value(json!(state)).unwrap()).collect();
    let filter = AlertFilter { states, ..AlertFilter::default() };
    ScreenSpec::Alerts { filter, grouped: false, unfolded: Vec::new(), offset: 0, limit: 500 }
}

async fn fleet() -> DemoFleet {
    DemoFleet::start(Options { devices: 12, rate: 60, ..Options::default() }).await.unwrap()
}

/// A device of the fleet that is locked, and stays so until it is opened here.
fn device(fleet: &DemoFleet, place: usize) -> String {
    let service = fleet.services().iter().find(|service| service.protocol == "iotee").unwrap();
    let device = service.subscribe[place].clone();
    fleet.control("iotee").lock(&device, "remote");
    device
}

fn name(fleet: &DemoFleet, protocol: &str) -> String {
    fleet.services().iter().find(|service| service.protocol == protocol).unwrap().name.to_owned()
}

/// A lock event of a device that only the test knows, so that nothing else moves it.
fn plant(fleet: &DemoFleet, locked: bool, event: u32) {
    let kind = if locked { "device_locked" } else { "device_unlocked" };
    let now = jiff_now();
    fleet.control("iotee").send_text(format!(
        r#"{{"type":"{kind}","hardwareId":"PLANTED","eventId":"e{event}","source":"rfid","code":"{CODE}","timestamp":"{now}"}}"#
    ));
}

fn jiff_now() -> String {
    link::Clock::now(&link::SystemClock).to_string()
}

fn on_a_runtime<F: Future<Output = ()>>(test: F) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test);
}

async fn a_while(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[test]
fn an_alert_is_told_once_and_taken_back_when_it_is_over_known_or_muted() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        let told = |stage: &Stage| stage.host.of("PLANTED is open").len();
        a_while(3_500).await;

        plant(&fleet, false, 1);
        stage.until("it is told", |stage| told(stage) == 1).await;
        let notice = stage.host.of("PLANTED is open").remove(0);
        let Opens::Alert(id) = notice.opens else { panic!("{notice:?}") };
        assert!(notice.body.contains("Opened") && notice.body.contains(&name(&fleet, "iotee")), "{}", notice.body);
        plant(&fleet, true, 2);
        stage.until("it is taken back", |stage| stage.host.took_back(&notice.key) == 1).await;
        assert_eq!(stage.state("Opened", "PLANTED"), "resolved");

        // Acknowledged: taken back, still open, and not told again.
        plant(&fleet, false, 3);
        stage.until("the next one is told", |stage| told(stage) == 2).await;
        let notice = stage.host.of("PLANTED is open").remove(1);
        assert_ne!(notice.key, format!("alert/{id}"), "it is another alert");
        let alert = notice.key.strip_prefix("alert/").unwrap().to_owned();
        assert_eq!(stage.monitor.acknowledge(&[alert], None, "on my way").unwrap(), 1);
        stage.until("it is taken back too", |stage| stage.host.took_back(&notice.key) == 1).await;
        assert_eq!(stage.state("Opened", "PLANTED"), "acknowledged");
        plant(&fleet, true, 4);
        stage.until("it is over", |stage| stage.state("Opened", "PLANTED") == "resolved").await;

        // Muted: nothing at all is told, and then one digest.
        let end = stage.monitor.now().millis() + 3_000;
        stage.monitor.silence(&MatcherDraft::default(), end, "").unwrap();
        let before = stage.host.told.lock().len();
        plant(&fleet, false, 5);
        stage.until("it is listed", |stage| stage.state("Opened", "PLANTED") == "silenced").await;
        assert_eq!(stage.host.told.lock().len(), before);
        stage.until("the mute's digest", |stage| stage.host.of("The mute has ended").len() == 1).await;
        assert!(stage.monitor.now().millis() >= end);
        let digest = stage.host.of("The mute has ended").remove(0);
        assert!(digest.title.contains("still fire") && digest.body.contains("PLANTED is open"), "{digest:?}");
        a_while(1_500).await;
        assert_eq!((told(&stage), stage.host.of("The mute has ended").len()), (2, 1), "not told by itself as well");
        assert_eq!(stage.state("Opened", "PLANTED"), "firing");
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn what_was_not_done_is_not_in_the_audit() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let stage = Stage::start(&fleet, Place::Disk(path.clone())).await;
        assert_eq!(stage.monitor.acknowledge(&["00000000000000aa".into()], None, "nothing").unwrap(), 0);
        let now = stage.monitor.now().millis();
        assert!(stage.monitor.acknowledge(&["00000000000000aa".into()], Some(now - 1), "too late").is_err());
        assert!(stage.monitor.end_silence(77).is_err());
        let id = stage.monitor.silence(&MatcherDraft::default(), now + 60_000, "lunch").unwrap();
        stage.monitor.end_silence(id).unwrap();
        stage.end().await;
        let audit: Vec<String> = past(&path)
            .audit(protocol::Timestamp(0), protocol::Timestamp(i64::MAX))
            .unwrap()
            .into_iter()
            .map(|entry| entry.record.action)
            .filter(|action| action.starts_with("alert") || action.starts_with("silence"))
            .collect();
        assert_eq!(audit, ["silence.end", "silence.add"]);
        fleet.shutdown().await;
    });
}

/// The history of a file, only read.
fn past(path: &Path) -> History {
    History::open_read_only(path.to_owned(), Arc::new(|| link::Clock::now(&link::SystemClock))).unwrap()
}

#[test]
fn a_lost_connection_is_one_alert_and_its_own_are_as_last_heard() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        let locks = name(&fleet, "iotee");
        let open = device(&fleet, 0);
        a_while(3_500).await;
        fleet.control("iotee").unlock(&open, "keypad");
        let title = format!("{open} is open");
        stage.until("it is told", |stage| stage.host.of(&title).len() == 1).await;
        let alert = stage.alerts("Opened", &open)[0]["key"].clone();

        fleet.control("iotee").stop().await;
        stage.until("its alerts are stale", |stage| stage.state("Opened", &open) == "stale").await;
        stage.until("it is an alert itself", |stage| stage.state("Connection not live", &locks) == "firing").await;
        let own = stage.alerts("Connection not live", &locks)[0]["key"].as_str().unwrap().to_owned();
        // One may be the first of all that are lost: that is waited for.
        stage.until("which is told", |stage| stage.host.of(&format!("alert/{own}")).len() == 1).await;
        assert_eq!(stage.host.of("lost its network").len(), 0);

        fleet.control("iotee").start().await;
        stage.until("it is taken back", |stage| stage.host.took_back(&format!("alert/{own}")) == 1).await;
        stage.until("what holds on is as it was", |stage| stage.state("Opened", &open) == "firing").await;
        assert_eq!(stage.alerts("Opened", &open)[0]["key"], alert, "the same alert");
        a_while(1_500).await;
        assert_eq!(stage.host.of(&title).len(), 1, "and not told again");
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn a_lost_network_is_one_notice() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        a_while(2_500).await;
        let protocols = ["iotee", "hantera", "hyprwatch", "hydra", "agenthq"];
        futures_util::future::join_all(protocols.map(|protocol| fleet.control(protocol).stop())).await;
        stage.until("the network is told", |stage| stage.host.of("lost its network").len() == 1).await;
        a_while(2_500).await;
        let own: Vec<String> = protocols.iter().map(|protocol| name(&fleet, protocol)).collect();
        let told_of = |stage: &Stage| -> usize {
            let told = stage.host.told.lock();
            let of_own = |notice: &&Notice| {
                own.iter().any(|name| {
                    notice.body.starts_with("Connection not live on ") && notice.body.contains(name.as_str())
                })
            };
            told.iter().filter(of_own).count()
        };
        assert_eq!(told_of(&stage), 0, "five connections are not five notices");
        assert_eq!(stage.state("Connection not live", &own[0]), "firing", "listed they are");
        for protocol in protocols {
            fleet.control(protocol).start().await;
        }
        stage.until("it is back", |stage| stage.host.took_back("network") == 1).await;
        stage.until("all are live again", |stage| stage.live() == 5).await;
        stage.until("all is over", |stage| stage.state("Connection not live", &own[0]) == "resolved").await;
        assert_eq!((told_of(&stage), stage.host.of("lost its network").len()), (0, 1));
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn the_next_run_knows_what_the_last_one_knew_and_tells_what_came_between_once() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let (old, new) = (device(&fleet, 0), device(&fleet, 1));
        let stage = Stage::start(&fleet, Place::Disk(path.clone())).await;
        a_while(3_000).await;
        fleet.control("iotee").unlock(&old, "keypad");
        stage.until("it is told", |stage| stage.host.of(&format!("{old} is open")).len() == 1).await;
        let alert = stage.alerts("Opened", &old)[0]["key"].as_str().unwrap().to_owned();
        stage.monitor.acknowledge(std::slice::from_ref(&alert), None, "a courier").unwrap();
        stage.end().await;
        // Whoever wrote it has to have let go of it.
        a_while(1_500).await;

        fleet.control("iotee").unlock(&new, "keypad");
        a_while(500).await;
        let stage = Stage::start(&fleet, Place::Disk(path.clone())).await;
        stage.until("the time away is told", |stage| !stage.host.of("digest/away").is_empty()).await;
        let away = stage.screen(ScreenSpec::Overview)["away"].clone();
        let subjects: Vec<&str> =
            away["alerts"].as_array().unwrap().iter().map(|row| row["subject"].as_str().unwrap()).collect();
        assert!(subjects.contains(&&*new) && !subjects.contains(&&*old), "{subjects:?}");
        stage.until("what was known is as it was", |stage| stage.state("Opened", &old) == "acknowledged").await;
        let row = &stage.alerts("Opened", &old)[0];
        assert_eq!((row["key"].as_str(), row["acknowledged"]["note"].as_str()), (Some(&*alert), Some("a courier")));
        a_while(1_500).await;
        let host = &stage.host;
        assert_eq!(
            (
                host.of("digest/away").len(),
                host.of(&format!("{old} is open")).len(),
                host.of(&format!("{new} is open")).len()
            ),
            (1, 0, 0),
            "once, together"
        );

        // A connection that is changed meanwhile goes on with the gap it has: none is left open behind it.
        let locks = name(&fleet, "iotee");
        let draft = stage.monitor.connection_draft(&locks).unwrap();
        stage.monitor.edit_connection(&locks, draft).await.unwrap();
        stage.until("it is live again", |stage| stage.live() == 5).await;
        stage.until("and settled", |stage| stage.state("Opened", &old) == "acknowledged").await;
        a_while(1_000).await;
        let ends = protocol::Timestamp(i64::MAX >> 8);
        let gaps = past(&path).gaps(Some(&locks), protocol::Timestamp(0), ends).unwrap();
        assert!(gaps.len() >= 2 && gaps.iter().all(|gap| gap.to.is_some()), "{gaps:#?}");
        let about = |cause: &str| gaps.iter().filter(|gap| gap.cause.contains(cause)).count();
        assert_eq!((about("was not running"), about("switched off")), (0, 2), "{gaps:#?}");
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn a_rule_of_the_editor_fires_until_it_is_removed_and_all_of_it_can_be_read_again() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let stage = Stage::start(&fleet, Place::Disk(path.clone())).await;
        let from = stage.monitor.now();
        let locks = name(&fleet, "iotee");
        let watched = device(&fleet, 2);
        let draft = RuleDraft {
            name: "Any voltage".into(),
            severity: serde_json::from_value(json!("low")).unwrap(),
            enabled: true,
            connections: vec![locks.clone()],
            tags: Vec::new(),
            subjects: vec![watched.clone()],
            hold: 0,
            group_by: fleet_rule("subject"),
            message: Some("{subject} has {value} V".into()),
            notify: true,
            when: ConditionDraft::Threshold {
                field: "battery_voltage".into(),
                above: Some(0.5),
                below: None,
                clear: None,
            },
        };
        stage.monitor.save_rule(None, &draft).unwrap();
        stage.until("it fires", |stage| stage.state("Any voltage", &watched) == "firing").await;
        let alert = stage.alerts("Any voltage", &watched)[0]["key"].as_str().unwrap().to_owned();

        // Its proof is what the device said until then.
        let page = |stage: &Stage, id: &str| stage.screen(ScreenSpec::Alert { id: id.to_owned() })["page"].clone();
        stage.until("its story is written", |stage| !page(stage, &alert)["evidence"].is_null()).await;
        let story = page(&stage, &alert);
        assert_eq!(story["evidence"]["field"], "battery_voltage");
        assert_eq!(story["evidence"]["threshold"], 0.5);
        assert!(!story["evidence"]["values"].as_array().unwrap().is_empty());

        stage.monitor.remove_rule("Any voltage").unwrap();
        stage.until("it is over", |stage| stage.state("Any voltage", &watched) == "resolved").await;
        stage
            .until("and its story says why", |stage| {
                let story = page(stage, &alert);
                let last = story["timeline"].as_array().and_then(|steps| steps.last().cloned()).unwrap_or_default();
                last["to"] == "resolved"
                    && last["cause"].as_str().is_some_and(|cause| cause.contains("rule was removed"))
            })
            .await;

        plant(&fleet, false, 1);
        stage.until("a code comes", |stage| stage.state("Opened", "PLANTED") == "firing").await;
        let opened = stage.alerts("Opened", "PLANTED")[0]["key"].as_str().unwrap().to_owned();
        stage
            .until("it is proven", |stage| {
                let events = page(stage, &opened)["events"].clone();
                events.as_array().is_some_and(|events| !events.is_empty())
            })
            .await;

        // Numbers, read back as a span that lies before what is in memory.
        let column = |stage: &Stage| {
            let spec = SeriesSpec {
                series: vec![SeriesName::TotalRate],
                span: 2 * 60 * 60,
                until: Some(stage.monitor.now().millis()),
                points: 720,
                scope: Scope::All,
            };
            let bytes = stage.monitor.series(&spec);
            let numbers: Vec<f64> =
                bytes.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect();
            let count = numbers[0] as usize;
            assert_eq!((numbers[1] as usize, numbers.len()), (1, 2 + 2 * count));
            let times = &numbers[2..2 + count];
            let values = &numbers[2 + count..];
            times
                .iter()
                .zip(values)
                .filter(|(_, value)| value.is_finite())
                .map(|(at, value)| (*at, *value))
                .collect::<Vec<_>>()
        };
        stage.until("numbers are written down", |stage| !column(stage).is_empty()).await;
        for (at, value) in column(&stage) {
            assert!(at >= from.millis() as f64 - 20_000.0 && value > 0.0 && value < 10_000.0, "{at}: {value}");
        }

        // Events of the past, by filter.
        let span = Span { from: from.millis() - 60_000, to: stage.monitor.now().millis() };
        let events = |filter: &str| {
            let screen = ScreenSpec::Events { filter: filter.to_owned(), until: None, offset: 0, limit: 500 };
            let spec = ViewSpec { have: 0, scope: Scope::All, past: Some(span), screen };
            let frame = serde_json::to_value(stage.monitor.pull("past", &spec)).unwrap();
            frame["screen"]["events"]["changed"].as_array().cloned().unwrap()
        };
        let planted = events("subject:PLANTED kind:device.unlocked");
        assert_eq!(planted.len(), 1, "{planted:#?}");
        let stored = planted[0]["stored"].as_str().unwrap();
        let data = stage.monitor.stored_event_json(stored).unwrap();
        assert!(data.contains("PLANTED") && data.contains("e1"));
        assert!(events("kind:device.unlocked").len() >= planted.len());
        assert!(events("connection:nobody").is_empty());

        let report = stage.monitor.save_report(1, &Scope::All, folder.path()).unwrap();
        let report = std::fs::read_to_string(report).unwrap();
        assert!(report.contains("PLANTED is open") && report.contains(&format!("{watched} has")));
        assert!(report.contains("rfid"), "the lock events are in it");

        // Nothing of all that holds a secret.
        stage.end().await;
        let mut said = format!("{story}{data}{report}{:?}", stage_free(&path));
        for suffix in ["", "-wal"] {
            let file = folder.path().join(format!("history.db{suffix}"));
            said.push_str(&String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()));
        }
        assert!(said.contains("PLANTED") && !said.contains(CODE), "the code of a card");
        for service in fleet.services() {
            assert!(!said.contains(secrecy::ExposeSecret::expose_secret(&service.token)), "{}", service.name);
        }
        fleet.shutdown().await;
    });
}

/// All alerts of a history with their stories.
fn stage_free(path: &Path) -> Vec<String> {
    let history = past(path);
    let alerts = history.open_alerts(protocol::Timestamp(0)).unwrap();
    alerts.iter().map(|alert| format!("{:?}", history.alert(alert.id).unwrap())).collect()
}

fn fleet_rule<T: serde::de::DeserializeOwned>(word: &str) -> T {
    serde_json::from_value(json!(word)).unwrap()
}

#[test]
fn a_connection_that_is_switched_off_or_removed_leaves_no_alert_open() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        let locks = name(&fleet, "iotee");
        let open = device(&fleet, 3);
        a_while(500).await;
        fleet.control("iotee").unlock(&open, "keypad");
        stage.until("it fires", |stage| stage.state("Opened", &open) == "firing").await;
        stage.monitor.set_enabled(&locks, false).await.unwrap();
        assert_eq!(stage.state("Opened", &open), "resolved");
        let still = |stage: &Stage| {
            let listed = stage.screen(all(&["pending", "firing", "acknowledged", "silenced", "stale"]));
            let rows = listed["alerts"]["changed"].as_array().cloned().unwrap();
            rows.iter().filter(|row| row["connection"] == *locks).count()
        };
        assert_eq!(still(&stage), 0);

        stage.monitor.set_enabled(&locks, true).await.unwrap();
        stage.until("it is found as it is", |stage| stage.state("Opened", &open) == "firing").await;
        stage.monitor.remove_connection(&locks).await.unwrap();
        assert_eq!((stage.state("Opened", &open), still(&stage)), ("resolved".into(), 0));
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn the_demo_fleet_leaves_no_trace_in_a_history_file() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let host = Arc::new(Recording::default());
        let clock: store::history::Clock = Arc::new(|| link::Clock::now(&link::SystemClock));
        let history = History::open(Place::Disk(path.clone()), Default::default(), clock).unwrap();
        let file = ConfigFile::in_memory(RULES.into());
        let monitor = Monitor::start(file, Environment::system(Credentials::system()), history, host.clone());
        let connections = Configuration::parse(&fleet.configuration(), "demo").unwrap().connections;
        let adopted = connections.into_iter().map(|connection| {
            let service = fleet.services().iter().find(|service| service.name == connection.name).unwrap();
            (connection, service.token.clone())
        });
        monitor.adopt(adopted.collect()).await;
        let stage = Stage { monitor, host };
        stage.until("all five are live", |stage| stage.live() == 5).await;
        plant(&fleet, false, 1);
        stage.until("it is told all the same", |stage| stage.host.of("PLANTED is open").len() == 1).await;
        let alert = stage.alerts("Opened", "PLANTED")[0]["key"].as_str().unwrap().to_owned();
        stage
            .until("and has its story", |stage| {
                let page = stage.screen(ScreenSpec::Alert { id: alert.clone() })["page"].clone();
                page["timeline"].as_array().is_some_and(|steps| !steps.is_empty())
                    && page["events"][0]["subject"] == "PLANTED"
            })
            .await;
        fleet.control("hydra").drop_all();
        // Long enough for numbers to be written down.
        a_while(9_500).await;
        stage.end().await;
        let (history, ever) = (past(&path), protocol::Timestamp(i64::MAX >> 8));
        assert_eq!(history.events(&Default::default()).unwrap().events, []);
        assert_eq!(history.open_alerts(protocol::Timestamp(0)).unwrap(), []);
        assert_eq!(history.gaps(None, protocol::Timestamp(0), ever).unwrap(), []);
        for service in fleet.services() {
            assert!(history.series_subjects(service.name).unwrap().is_empty(), "{}", service.name);
        }
        fleet.shutdown().await;
    });
}

/// What the page holds, kept up to date by frames alone, as in `window.rs`.
#[derive(Default)]
struct Page {
    have: u32,
    held: Map<String, Value>,
}

impl Page {
    fn pull(&mut self, monitor: &Monitor, window: &str, screen: ScreenSpec) {
        let spec = ViewSpec { have: self.have, scope: Scope::All, past: None, screen };
        let frame = serde_json::to_value(monitor.pull(window, &spec)).unwrap();
        self.have = u32::try_from(frame["number"].as_u64().unwrap()).unwrap();
        if frame["whole"] == true {
            self.held.clear();
        }
        let Value::Object(screen) = frame["screen"].clone() else { panic!("a screen is an object") };
        for (name, value) in screen {
            match value {
                Value::Null => {
                    self.held.entry(name).or_insert(Value::Null);
                }
                Value::Object(new) if new.contains_key("changed") => {
                    let old = self.held.remove(&name).unwrap_or_default();
                    self.held.insert(name, rows(&old, new));
                }
                value => {
                    self.held.insert(name, value);
                }
            }
        }
    }
}

fn rows(old: &Value, mut new: Map<String, Value>) -> Value {
    let key = |row: &Value| row["key"].as_str().unwrap().to_owned();
    let held = old["rows"].as_array().into_iter().flatten();
    let mut known: HashMap<String, Value> = held.map(|row| (key(row), row.clone())).collect();
    let changed = new.remove("changed").unwrap();
    known.extend(changed.as_array().unwrap().iter().map(|row| (key(row), row.clone())));
    let order = match new.remove("order").unwrap() {
        Value::Null => old["rows"].as_array().into_iter().flatten().map(key).collect(),
        order => serde_json::from_value::<Vec<String>>(order).unwrap(),
    };
    new.insert("rows".into(), order.into_iter().map(|key| known[&key].clone()).collect());
    Value::Object(new)
}

#[test]
fn frames_of_the_alerts_make_up_what_a_snapshot_says() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        plant(&fleet, false, 1);
        stage.until("there is an alert", |stage| !stage.alerts("Opened", "PLANTED").is_empty()).await;
        let alert = stage.alerts("Opened", "PLANTED")[0]["key"].as_str().unwrap().to_owned();
        let grouped = |unfolded: Vec<String>| ScreenSpec::Alerts {
            filter: AlertFilter::default(),
            grouped: true,
            unfolded,
            offset: 0,
            limit: 100,
        };
        let every = all(&["pending", "firing", "acknowledged", "silenced", "stale", "resolved"]);
        let screens = [
            every,
            grouped(Vec::new()),
            grouped(vec!["Opened".into()]),
            ScreenSpec::Alert { id: alert.clone() },
            ScreenSpec::Rules,
        ];
        let mut pages: Vec<(ScreenSpec, Page)> = screens.into_iter().map(|screen| (screen, Page::default())).collect();
        let all_open = fleet.services().iter().find(|service| service.protocol == "iotee").unwrap().subscribe.clone();
        for turn in 0..24 {
            let device = &all_open[turn % all_open.len()];
            match turn % 3 {
                0 => drop(fleet.control("iotee").unlock(device, "keypad")),
                1 => drop(fleet.control("iotee").lock(device, "remote")),
                _ => drop(fleet.control("hantera").fail_job("nightly")),
            }
            match turn {
                8 => drop(stage.monitor.acknowledge(std::slice::from_ref(&alert), None, "seen").unwrap()),
                12 => drop(
                    stage.monitor.silence(&MatcherDraft::default(), stage.monitor.now().millis() + 600, "").unwrap(),
                ),
                16 => stage.monitor.set_rule_enabled("Battery low", false).unwrap(),
                _ => {}
            }
            for (place, (screen, page)) in pages.iter_mut().enumerate() {
                page.pull(&stage.monitor, &format!("w{place}"), screen.clone());
            }
            a_while(90).await;
        }
        stage.monitor.shutdown().await;
        for (place, (screen, mut page)) in pages.into_iter().enumerate() {
            // What time alone brings about may fall between the two looks, not each time.
            for left in (0..10).rev() {
                let mut fresh = Page::default();
                page.pull(&stage.monitor, &format!("w{place}"), screen.clone());
                fresh.pull(&stage.monitor, "fresh", screen.clone());
                assert!(!fresh.held.is_empty());
                if left == 0 {
                    assert_eq!(page.held, fresh.held, "{screen:?}");
                }
                if page.held == fresh.held {
                    break;
                }
                a_while(130).await;
            }
        }
        stage.end().await;
        fleet.shutdown().await;
    });
}
