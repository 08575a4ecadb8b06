//! The app without a window: real sockets to the demo services, a recording desktop, and a page that applies frames as
//! the real one does.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use demo::{DemoFleet, Options};
use link::{Credentials, Environment};
use monitor::view::{HeldRows, RunSpec, Scope, ScreenSpec, Sort, TableSpec, ViewSpec};
use monitor::{Host, Monitor, Notice};
use parking_lot::Mutex;
use serde_json::{Map, Value};
use store::history::Place;
use store::{ConfigFile, Configuration, History};

/// A desktop that remembers what it was told.
#[derive(Default)]
struct Recording(Mutex<Vec<Notice>>);

impl Host for Recording {
    fn notify(&self, notice: Notice) {
        self.0.lock().push(notice);
    }
}

struct Stage {
    fleet: DemoFleet,
    monitor: Monitor,
    host: Arc<Recording>,
}

/// A monitor on a demo fleet, with all five connections live.
async fn stage() -> Stage {
    let fleet = DemoFleet::start(Options { devices: 40, rate: 300, ..Options::default() }).await.unwrap();
    let host = Arc::new(Recording::default());
    let file = ConfigFile::in_memory(String::new());
    let clock: store::history::Clock = Arc::new(|| link::Clock::now(&link::SystemClock));
    let history = History::open(Place::Memory, Default::default(), clock).unwrap();
    let monitor = Monitor::start(file, Environment::system(Credentials::system()), history, host.clone());
    let connections = Configuration::parse(&fleet.configuration(), "demo").unwrap().connections;
    let adopted = connections.into_iter().map(|mut connection| {
        connection.notify_unlocked = true;
        let service = fleet.services().iter().find(|service| service.name == connection.name).unwrap();
        (connection, service.token.clone())
    });
    monitor.adopt(adopted.collect()).await;
    let stage = Stage { fleet, monitor, host };
    stage.until("all five are live", |stage| stage.statuses().values().all(|status| status == "live")).await;
    stage
}

impl Stage {
    fn statuses(&self) -> HashMap<String, String> {
        let parts = self.monitor.connections().into_iter();
        parts.map(|watched| (watched.name().to_owned(), watched.part.lock().status.name().to_owned())).collect()
    }

    /// The connection that speaks a protocol.
    fn name(&self, protocol: &str) -> String {
        self.fleet.services().iter().find(|service| service.protocol == protocol).unwrap().name.to_owned()
    }

    async fn until(&self, what: &str, holds: impl Fn(&Stage) -> bool) {
        let mut tries = 0;
        while !holds(self) {
            tries += 1;
            assert!(tries < 600, "not within 30 s: {what}; {:?}", self.statuses());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn end(self) {
        self.monitor.shutdown().await;
        self.fleet.shutdown().await;
    }
}

/// What the page holds, kept up to date by frames alone.
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
        let Value::Object(frame) = frame else { panic!("a frame is an object") };
        merge(&mut self.held, frame);
        self.held.remove("now");
        self.held.remove("number");
        self.held.remove("whole");
    }
}

/// Null is unchanged, rows go by key, the screen is merged member by member, all else is replaced.
fn merge(held: &mut Map<String, Value>, frame: Map<String, Value>) {
    for (name, value) in frame {
        match value {
            Value::Null => {
                held.entry(name).or_insert(Value::Null);
            }
            Value::Object(new) if new.contains_key("changed") => {
                let old = held.remove(&name).unwrap_or_default();
                held.insert(name, rows(&old, new));
            }
            Value::Object(new) if name == "screen" || name == "run" => {
                let mut inner = match held.remove(&name) {
                    Some(Value::Object(inner)) if inner.get("screen") == new.get("screen") => inner,
                    _ => Map::new(),
                };
                merge(&mut inner, new);
                held.insert(name, Value::Object(inner));
            }
            value => {
                held.insert(name, value);
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

fn table() -> TableSpec {
    TableSpec { offset: 0, limit: 50, sort: None, filter: String::new(), held: None }
}

fn screens() -> Vec<ScreenSpec> {
    vec![
        ScreenSpec::Overview,
        ScreenSpec::Devices { table: table(), columns: vec!["battery_voltage".into(), "speed".into()] },
        ScreenSpec::Jobs { actors: String::new() },
        ScreenSpec::Agents { channel: None, find: String::new() },
        ScreenSpec::Hosts { table: table(), run: None },
        ScreenSpec::Signals { stream: None, min_severity: 0, limit: 50 },
        ScreenSpec::Events { filter: String::new(), until: None, offset: 0, limit: 100 },
        ScreenSpec::Connections { open: None },
    ]
}

fn on_a_runtime<F: Future<Output = ()>>(test: F) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test);
}

#[test]
fn a_snapshot_followed_by_frames_equals_a_later_snapshot() {
    on_a_runtime(async {
        let stage = stage().await;
        let mut pages: Vec<(ScreenSpec, Page)> =
            screens().into_iter().map(|screen| (screen, Page::default())).collect();
        for _ in 0..20 {
            for (place, (screen, page)) in pages.iter_mut().enumerate() {
                page.pull(&stage.monitor, &format!("w{place}"), screen.clone());
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        // Nothing moves once every link is down, so that both are of the same moment.
        stage.monitor.shutdown().await;
        for (place, (screen, mut page)) in pages.into_iter().enumerate() {
            let mut fresh = Page::default();
            page.pull(&stage.monitor, &format!("w{place}"), screen.clone());
            fresh.pull(&stage.monitor, "fresh", screen);
            assert_eq!(page.held, fresh.held);
        }
        stage.end().await;
    });
}

#[test]
fn every_screen_fills_from_the_five_services() {
    on_a_runtime(async {
        let stage = stage().await;
        let filled = |screen: ScreenSpec, at: &'static str| {
            let stage = &stage;
            async move {
                stage
                    .until(at, |stage| {
                        let mut page = Page::default();
                        page.pull(&stage.monitor, "fill", screen.clone());
                        let found = Value::Object(page.held).pointer(at).cloned().unwrap_or_default();
                        found.as_array().is_some_and(|list| !list.is_empty())
                    })
                    .await;
            }
        };
        let mut screens = screens().into_iter();
        let mut next = || screens.next().unwrap();
        filled(next(), "/screen/latest/rows").await;
        filled(next(), "/screen/devices/rows").await;
        let jobs = next();
        filled(jobs.clone(), "/screen/page/definitions").await;
        filled(jobs.clone(), "/screen/page/actors").await;
        filled(jobs, "/screen/page/liveQueries").await;
        let agents = next();
        filled(agents.clone(), "/screen/page/agents").await;
        filled(agents, "/screen/page/posts").await;
        filled(next(), "/screen/hosts/rows").await;
        filled(next(), "/screen/page/feed").await;
        filled(next(), "/screen/events/rows").await;
        filled(next(), "/screen/cards").await;
        stage.end().await;
    });
}

#[test]
fn a_service_that_goes_away_is_shown_stale_and_comes_back_while_the_others_stay_live() {
    on_a_runtime(async {
        let stage = stage().await;
        let locks = stage.name("iotee");
        stage
            .until("a device is known", |stage| stage.monitor.snapshot()["devices"][&locks].as_object().is_some())
            .await;
        stage.fleet.control("iotee").stop().await;
        stage.until("it is seen", |stage| stage.statuses()[&locks] == "backing_off").await;
        let mut page = Page::default();
        page.pull(&stage.monitor, "w", ScreenSpec::Devices { table: table(), columns: vec![] });
        let held = Value::Object(page.held);
        let devices = held.pointer("/screen/devices/rows").and_then(Value::as_array).unwrap();
        assert!(!devices.is_empty() && devices.iter().all(|row| row["stale"] == true));
        assert_eq!(held["rail"]["notLive"], 1);
        assert_eq!(stage.statuses().values().filter(|status| *status == "live").count(), 4);
        stage.fleet.control("iotee").start().await;
        stage.until("it is live again", |stage| stage.statuses()[&locks] == "live").await;
        stage.end().await;
    });
}

#[test]
fn the_operator_is_told_of_an_unlocked_device_a_failed_job_and_a_refused_credential() {
    on_a_runtime(async {
        let stage = stage().await;
        let device = stage
            .monitor
            .connections()
            .iter()
            .find(|watched| watched.name() == stage.name("iotee"))
            .unwrap()
            .connection
            .subscribe[0]
            .name()
            .to_owned();
        // Until its first picture is complete, what is so is listed and not told.
        let settled =
            |stage: &Stage| stage.monitor.connections().iter().all(|watched| watched.part.lock().is_settled());
        stage.until("all pictures are complete", settled).await;
        // The book learns it a moment later.
        tokio::time::sleep(Duration::from_millis(200)).await;
        stage.fleet.control("iotee").lock(&device, "remote");
        stage.fleet.control("iotee").unlock(&device, "keypad");
        let told =
            |stage: &Stage, title: &str| stage.host.0.lock().iter().any(|notice| notice.title.starts_with(title));
        stage.until("the unlock is told", |stage| told(stage, &format!("{device} unlocked"))).await;
        let notice =
            stage.host.0.lock().iter().find(|notice| notice.title == format!("{device} unlocked")).cloned().unwrap();
        assert!(notice.body.contains(&stage.name("iotee")), "{}", notice.body);
        assert!(matches!(notice.opens, monitor::Opens::Alert(_)));

        stage.fleet.control("hydra").refuse_tokens(true);
        stage.fleet.control("hydra").drop_all();
        let signals = stage.name("hydra");
        stage
            .until("the refusal is told", |stage| told(stage, &format!("Connection {signals} needs a credential")))
            .await;
        assert_eq!(stage.statuses()[&signals], "needs_credential");
        let dials = stage.fleet.control("hydra").dials();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(stage.fleet.control("hydra").dials(), dials, "a refused credential is not tried again");
        stage.end().await;
    });
}

#[test]
fn what_is_pointed_at_keeps_its_place_whatever_the_order_and_the_filter_are() {
    on_a_runtime(async {
        let stage = stage().await;
        let live = |stage: &Stage| {
            let state = |protocol| stage.monitor.watched(&stage.name(protocol)).unwrap();
            let (devices, hosts) = (state("iotee"), state("hyprwatch"));
            devices.part.lock().state.devices.len() == devices.connection.subscribe.len()
                && hosts.part.lock().state.hosts.rows().len() > 2
        };
        stage.until("every device and some hosts are known", live).await;
        let mut page = Page::default();
        let mut keys = |monitor: &Monitor, table: TableSpec| {
            page.pull(monitor, "w", ScreenSpec::Devices { table, columns: Vec::new() });
            let rows = page.held["screen"]["devices"]["rows"].as_array().unwrap();
            rows.iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let hold = |keys: &[String]| Some(HeldRows { offset: 0, keys: keys.to_vec() });
        let sorted = keys(&stage.monitor, table());
        assert!(sorted.len() > 6 && sorted.is_sorted(), "{sorted:?}");
        let held: Vec<String> = [3, 0, 5].map(|at: usize| sorted[at].clone()).to_vec();
        let rest = sorted.iter().filter(|key| !held.contains(key)).cloned();
        let expected: Vec<String> = held.iter().cloned().chain(rest).collect();
        assert_eq!(keys(&stage.monitor, TableSpec { held: hold(&held), ..table() }), expected);
        // Of what has passed the filter no longer, the row in hand is shown as it is.
        let one = TableSpec { held: hold(&held), filter: "no-such-device".into(), ..table() };
        assert_eq!(keys(&stage.monitor, one), held);
        assert_eq!(keys(&stage.monitor, table()), sorted, "let go, it is in order again");

        let hosts = |table: TableSpec| {
            let mut page = Page::default();
            page.pull(&stage.monitor, "hosts", ScreenSpec::Hosts { table, run: None });
            let rows = page.held["screen"]["hosts"]["rows"].as_array().unwrap().clone();
            rows.iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let sorted = hosts(table());
        assert_eq!(
            hosts(TableSpec { held: hold(&sorted[2..3]), ..table() })[..2],
            [sorted[2].clone(), sorted[0].clone()]
        );
        stage.end().await;
    });
}

#[test]
fn rows_of_a_query_arrive_host_by_host() {
    on_a_runtime(async {
        let stage = stage().await;
        let hosts = stage.name("hyprwatch");
        let watched = stage.monitor.watched(&hosts).unwrap();
        let org = watched.connection.subscribe[0].name().to_owned();
        let number = stage.monitor.run_query(&hosts, &org, "SELECT * FROM os_version", "all").unwrap();
        let ended = |stage: &Stage| {
            let part = stage.monitor.watched(&hosts).unwrap();
            let part = part.part.lock();
            part.state.queries.get(u64::from(number)).is_some_and(|run| run.ended.is_some())
        };
        stage.until("the run ends", ended).await;
        let run =
            RunSpec { connection: hosts.clone(), run: number, offset: 0, limit: 50, sort: None, filter: String::new() };
        let mut page = Page::default();
        page.pull(&stage.monitor, "w", ScreenSpec::Hosts { table: table(), run: Some(run) });
        let held = Value::Object(page.held);
        assert!(
            held.pointer("/screen/run/rows/rows").and_then(Value::as_array).is_some_and(|rows| !rows.is_empty()),
            "{held:#}"
        );
        assert!(
            held.pointer("/screen/run/columns").and_then(Value::as_array).is_some_and(|columns| !columns.is_empty())
        );
        assert!(
            held.pointer("/screen/run/outcomes").and_then(Value::as_array).is_some_and(|outcomes| outcomes.len() > 1)
        );
        let shown = |sort: Option<Sort>, filter: &str| {
            let filter = filter.to_owned();
            let run = RunSpec { connection: hosts.clone(), run: number, offset: 0, limit: 50, sort, filter };
            let mut page = Page::default();
            page.pull(&stage.monitor, "ordered", ScreenSpec::Hosts { table: table(), run: Some(run) });
            let held = Value::Object(page.held);
            let rows = held.pointer("/screen/run/rows/rows").and_then(Value::as_array).cloned().unwrap_or_default();
            rows.iter().map(|row| row["hostname"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let down = shown(Some(Sort { column: "·host".into(), descending: true }), "");
        let up = shown(Some(Sort { column: "·host".into(), descending: false }), "");
        assert!(down.is_sorted_by(|a, b| a >= b) && up.is_sorted() && up.first() != down.first(), "{up:?} {down:?}");
        let one = shown(None, &format!("host={}", up[0]));
        assert!(!one.is_empty() && one.iter().all(|host| *host == up[0]), "{one:?}");
        assert!(shown(None, "nobody-says-this").is_empty());
        assert!(stage.monitor.stop_query(&hosts, number).is_err(), "what is over cannot be stopped");
        stage.end().await;
    });
}

#[test]
fn a_definition_that_fails_says_since_when_how_often_and_why() {
    on_a_runtime(async {
        let stage = stage().await;
        let jobs = stage.name("hantera");
        let control = stage.fleet.control("hantera");
        let failed = std::cell::RefCell::new(Vec::new());
        let page = |screen: ScreenSpec| {
            let mut page = Page::default();
            page.pull(&stage.monitor, "story", screen);
            Value::Object(page.held)
        };
        let definition = || ScreenSpec::Definition { connection: jobs.clone(), id: "sync-inventory".into() };
        let row = |held: &Value| held.pointer("/screen/page/definition").cloned().unwrap_or_default();
        // The fleet goes on: another one may complete at any moment.
        let seen = std::cell::RefCell::new(Value::Null);
        let failing = |_: &Stage| {
            let held = page(definition());
            let failing = row(&held)["failedInRow"].as_u64() >= Some(3);
            if failing {
                *seen.borrow_mut() = held;
            } else {
                *failed.borrow_mut() = control.fail_jobs("sync-inventory", 3);
            }
            failing
        };
        stage.until("three failures in a row", failing).await;
        let held = seen.take();
        assert!(row(&held)["failingSince"].is_i64() && row(&held)["lastError"].is_string(), "{held:#}");
        let lately = row(&held)["lately"].clone();
        assert!(
            lately["failed"].as_u64() >= Some(3) && lately["jobs"].as_u64() >= lately["failed"].as_u64(),
            "{lately}"
        );
        // What fires about it is told with it, wherever it is shown.
        let told = |held: &Value| row(held)["alert"]["rule"] == "Jobs keep failing";
        stage
            .until("the alert about it", |_| {
                control.fail_jobs("sync-inventory", 3);
                told(&page(definition()))
            })
            .await;
        let listed = page(ScreenSpec::Jobs { actors: String::new() });
        let rows = listed.pointer("/screen/page/definitions").and_then(Value::as_array).cloned().unwrap_or_default();
        let alert = rows.iter().find(|row| row["id"] == "sync-inventory").map(|row| row["alert"].clone());
        let alert = alert.unwrap_or_default();
        assert_eq!((&alert["severity"], &alert["state"]), (&"critical".into(), &"firing".into()), "{alert}");
        let errors = held.pointer("/screen/page/errors").and_then(Value::as_array).cloned().unwrap_or_default();
        let counted: u64 = errors.iter().filter_map(|error| error["count"].as_u64()).sum();
        assert!(counted >= 3, "{errors:?}");
        let job = page(ScreenSpec::Job { connection: jobs.clone(), id: failed.borrow()[0].clone() });
        assert_eq!(job.pointer("/screen/page/job/state"), Some(&Value::from("failed")));
        assert_eq!(job.pointer("/screen/page/story/definition/id"), Some(&Value::from("sync-inventory")));
        let told = job.pointer("/screen/page/events").and_then(Value::as_array).cloned().unwrap_or_default();
        assert!(told.iter().any(|event| event["kind"] == "job.failed"), "{told:?}");
        stage.end().await;
    });
}

#[test]
fn a_query_whose_connection_ends_is_told_as_failed() {
    on_a_runtime(async {
        let stage = stage().await;
        let hosts = stage.name("hyprwatch");
        stage.fleet.control("hyprwatch").stall_all();
        let org = stage.monitor.watched(&hosts).unwrap().connection.subscribe[0].name().to_owned();
        let run = stage.monitor.run_query(&hosts, &org, "SELECT * FROM uptime", "all").unwrap();
        stage.monitor.shutdown().await;
        let watched = stage.monitor.watched(&hosts).unwrap();
        let error = watched.part.lock().state.queries.get(u64::from(run)).unwrap().error.clone().unwrap();
        assert!(error.contains("the connection ended before"), "{error}");
        stage.end().await;
    });
}

#[test]
fn no_secret_is_in_a_frame_or_a_snapshot() {
    on_a_runtime(async {
        let stage = stage().await;
        let locks = stage.name("iotee");
        let planted = r#"{"type":"device_unlocked","hardwareId":"PLANTED","eventId":"e1","source":"rfid","code":"MARKED-CODE-7","timestamp":"2025-12-17T10:30:00.000Z"}"#;
        stage.fleet.control("iotee").send_text(planted);
        stage.until("it came", |stage| !stage.monitor.snapshot()["devices"][&locks]["PLANTED"].is_null()).await;
        let mut said = stage.monitor.snapshot().to_string();
        for screen in screens() {
            let mut page = Page::default();
            page.pull(&stage.monitor, "s", screen);
            said.push_str(&Value::Object(page.held).to_string());
        }
        assert!(said.contains("PLANTED"));
        assert!(!said.contains("MARKED-CODE-7"));
        for service in stage.fleet.services() {
            assert!(!said.contains(secrecy::ExposeSecret::expose_secret(&service.token)), "{}", service.name);
        }
        let watched = stage.monitor.watched(&locks).unwrap();
        let number =
            watched.part.lock().state.devices.get("PLANTED").unwrap().locking().history().next().unwrap().sequence;
        let revealed = stage.monitor.reveal_code(&locks, "PLANTED", u32::try_from(number).unwrap()).unwrap();
        assert_eq!(revealed, "MARKED-CODE-7");
        stage.end().await;
    });
}
