//! Connections as the operator makes, tests, removes and moves them: real sockets to the demo services, a keychain in memory.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use demo::{DemoFleet, Options};
use link::credentials::{EntryStore, Keychain, KeychainError};
use link::{Credentials, Environment};
use monitor::Monitor;
use monitor::host::Nobody;
use monitor::view::picture::{ConnectionCard, RunRow};
use monitor::view::{
    ConnectionDraft, ImportChoice, ImportState, Keep, Scope, ScreenFrame, ScreenSpec, SeriesName, SeriesSpec,
    SubscribeDraft, TableSpec, TestState, TestStepName, TestStepState, ViewSpec,
};
use parking_lot::Mutex;
use protocol::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use store::history::Place;
use store::{ConfigFile, History};

type Entries = Arc<Mutex<HashMap<String, String>>>;

struct Memory(Entries);

impl EntryStore for Memory {
    fn get(&mut self, entry: &str) -> Result<SecretString, KeychainError> {
        self.0.lock().get(entry).map(|secret| SecretString::from(secret.as_str())).ok_or(KeychainError::NotFound)
    }
    fn set(&mut self, entry: &str, secret: &SecretString) -> Result<(), KeychainError> {
        self.0.lock().insert(entry.to_owned(), secret.expose_secret().to_owned());
        Ok(())
    }
    fn delete(&mut self, entry: &str) -> Result<(), KeychainError> {
        self.0.lock().remove(entry).map(|_| ()).ok_or(KeychainError::NotFound)
    }
}

struct Stage {
    monitor: Monitor,
    entries: Entries,
}

fn stage() -> Stage {
    stage_at(Arc::new(link::SystemClock))
}

fn stage_at(wall: Arc<dyn link::Clock>) -> Stage {
    let entries = Entries::default();
    let store = entries.clone();
    let keychain = Keychain::new(move || Ok(Memory(store.clone())), Duration::from_secs(5));
    let environment = Environment { clock: wall.clone(), ..Environment::system(Credentials::with_keychain(keychain)) };
    let clock: store::history::Clock = Arc::new(move || wall.now());
    let history = History::open(Place::Memory, Default::default(), clock).unwrap();
    let file = ConfigFile::in_memory(String::new());
    Stage { monitor: Monitor::start(file, environment, history, Arc::new(Nobody)), entries }
}

impl Stage {
    async fn until(&self, what: &str, mut ask: impl FnMut(&Stage) -> bool) {
        for _ in 0..600 {
            if ask(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("waited in vain until {what}");
    }

    fn status(&self, name: &str) -> Option<String> {
        self.monitor.watched(name).ok().map(|watched| watched.part.lock().status.name().to_owned())
    }

    /// The connections that the window offers to take back.
    fn removed(&self) -> Vec<String> {
        let screen = ScreenSpec::Connections { open: None };
        let frame = self.monitor.look(&ViewSpec { have: 0, scope: Scope::All, past: None, screen });
        let ScreenFrame::Connections { removed: Some(removed), .. } = frame.screen else { panic!("another screen") };
        removed.into_iter().map(|row| row.name).collect()
    }

    fn secret(&self, entry: &str) -> Option<String> {
        self.entries.lock().get(entry).cloned()
    }

    async fn tested(&self, draft: ConnectionDraft) -> TestState {
        let number = self.monitor.begin_test(draft).unwrap();
        self.until("the test is over", |stage| stage.monitor.test_state(number).unwrap().end.is_some()).await;
        self.monitor.test_state(number).unwrap()
    }
}

fn draft(fleet: &DemoFleet, protocol: &str, name: &str) -> ConnectionDraft {
    let service = fleet.services().iter().find(|service| service.protocol == protocol).unwrap();
    ConnectionDraft {
        name: name.into(),
        protocol: protocol.parse().unwrap(),
        url: service.url.clone(),
        http_url: None,
        enabled: true,
        subscribe: service
            .subscribe
            .iter()
            .take(3)
            .map(|name| SubscribeDraft { name: name.clone(), events: None })
            .collect(),
        live_queries: Vec::new(),
        tags: vec!["eu".into()],
        ca_file: None,
        allow_plaintext: false,
        notify_unlocked: false,
        phoenix_version: None,
        key_in: None,
        keep: Keep::Keychain,
        secret: Some(service.token.expose_secret().to_owned()),
        credential_of: None,
    }
}

fn failed(state: &TestState) -> Option<TestStepName> {
    state.steps.iter().find(|step| step.state == TestStepState::Failed).map(|step| step.step)
}

async fn fleet() -> DemoFleet {
    DemoFleet::start(Options { devices: 20, rate: 200, ..Options::default() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_passes_every_step_of_each_kind_and_keeps_nothing() {
    let (fleet, stage) = (fleet().await, stage());
    for protocol in ["iotee", "hantera", "agenthq", "hyprwatch", "hydra"] {
        let state = stage.tested(draft(&fleet, protocol, "tried")).await;
        assert!(state.end.as_ref().unwrap().live, "{protocol}: {state:?}");
        assert!(state.steps.iter().all(|step| step.state == TestStepState::Done), "{protocol}: {state:?}");
    }
    assert!(stage.entries.lock().is_empty() && stage.monitor.connections().is_empty());
    fleet.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_subscribes_to_nothing_does_not_say_that_it_does() {
    let (fleet, stage) = (fleet().await, stage());
    for (protocol, words, watches) in [
        ("iotee", "hardware ids", false),
        ("hantera", "paths or live queries", false),
        ("agenthq", "channel ids", true),
        ("hyprwatch", "organisation ids", false),
    ] {
        let state = stage.tested(ConnectionDraft { subscribe: Vec::new(), ..draft(&fleet, protocol, "tried") }).await;
        let subscribe = &state.steps[6];
        assert_eq!((subscribe.step, subscribe.state), (TestStepName::Subscribe, TestStepState::Nothing), "{state:?}");
        assert_eq!(subscribe.words, format!("skipped: no {words} yet"));
        let end = state.end.as_ref().unwrap();
        assert!(end.live && end.sentence.ends_with(&format!("watched yet: add {words}.")), "{protocol}: {state:?}");
        assert_eq!(!end.sentence.starts_with("Nothing is watched yet"), watches, "{protocol}: {state:?}");
    }
    // Its token's streams are all asked for.
    let state = stage.tested(ConnectionDraft { subscribe: Vec::new(), ..draft(&fleet, "hydra", "tried") }).await;
    assert!(state.steps.iter().all(|step| step.state == TestStepState::Done), "{state:?}");
    fleet.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_test_names_the_step_it_failed_at() {
    let (fleet, stage) = (fleet().await, stage());
    let tried = |change: fn(&mut ConnectionDraft)| {
        let mut draft = draft(&fleet, "iotee", "tried");
        change(&mut draft);
        draft
    };
    let refused = stage.tested(tried(|draft| draft.secret = Some("marked-and-wrong".into()))).await;
    assert_eq!(failed(&refused), Some(TestStepName::SignIn), "{refused:?}");
    assert!(!format!("{refused:?}").contains("marked-and-wrong"));
    let unset = stage.tested(tried(|draft| draft.keep = Keep::Env("SIGNALBOX_NO_SUCH_VARIABLE".into()))).await;
    assert_eq!(failed(&unset), Some(TestStepName::Credential), "{unset:?}");
    let nobody = stage.tested(tried(|draft| draft.url = "ws://127.0.0.1:9/realtime".into())).await;
    assert_eq!(failed(&nobody), Some(TestStepName::Connect), "{nobody:?}");
    let elsewhere = stage.tested(tried(|draft| draft.url = draft.url.replace("realtime", "nowhere"))).await;
    assert_eq!(failed(&elsewhere), Some(TestStepName::Open), "{elsewhere:?}");
    fleet.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_is_ended_is_not_looked_at_any_more() {
    let (fleet, stage) = (fleet().await, stage());
    let number = stage.monitor.begin_test(draft(&fleet, "iotee", "tried")).unwrap();
    stage.monitor.end_test(number);
    assert!(stage.monitor.test_state(number).is_err());
    stage.until("it left the service", |_| fleet.control("iotee").connections() == 0).await;
    fleet.shutdown().await;
}

/// A wall clock that may be moved on, as it is while a computer sleeps.
#[derive(Default)]
struct Slept(AtomicI64);

impl link::Clock for Slept {
    fn now(&self) -> Timestamp {
        Timestamp(link::SystemClock.now().millis() + self.0.load(Ordering::Relaxed))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_is_final_when_it_was_said_to_be_though_the_computer_slept() {
    let wall = Arc::new(Slept::default());
    let (fleet, stage) = (fleet().await, stage_at(wall.clone()));
    stage.monitor.add_connection(draft(&fleet, "iotee", "locks")).await.unwrap();
    stage.monitor.remove_connection("locks").await.unwrap();
    wall.0.store(4 * 60_000, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(stage.secret("locks").is_some() && stage.removed() == ["locks"], "it can still be taken back");
    wall.0.store(6 * 60_000, Ordering::Relaxed);
    stage.until("its credential is deleted", |stage| stage.secret("locks").is_none()).await;
    assert!(stage.removed().is_empty());
    fleet.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_can_be_taken_back_and_a_copy_has_a_credential_of_its_own() {
    let (fleet, stage) = (fleet().await, stage());
    stage.monitor.add_connection(draft(&fleet, "iotee", "locks")).await.unwrap();
    stage.until("it is live", |stage| stage.status("locks").as_deref() == Some("live")).await;

    let mut copy = stage.monitor.connection_draft("locks").unwrap();
    copy.name = "copy".into();
    stage.monitor.add_connection(copy).await.unwrap();
    assert_eq!(stage.secret("copy"), stage.secret("locks"));
    stage.until("the copy is live", |stage| stage.status("copy").as_deref() == Some("live")).await;

    stage.monitor.remove_connection("locks").await.unwrap();
    assert_eq!(stage.status("locks"), None);
    assert!(stage.secret("locks").is_some(), "it can be taken back");
    assert_eq!(stage.removed(), ["locks"], "and is listed until then");
    stage.monitor.restore_connection("locks").await.unwrap();
    stage.until("it is live again", |stage| stage.status("locks").as_deref() == Some("live")).await;
    assert_eq!(stage.monitor.connections()[0].name(), "locks", "where it was");
    assert!(stage.removed().is_empty());

    // Its name is wanted: the removal is final at once.
    stage.monitor.remove_connection("locks").await.unwrap();
    stage.monitor.add_connection(draft(&fleet, "hydra", "locks")).await.unwrap();
    assert!(stage.monitor.restore_connection("locks").await.is_err());

    // So it is at the end of the program.
    stage.monitor.remove_connection("copy").await.unwrap();
    stage.monitor.shutdown().await;
    assert_eq!(stage.secret("copy"), None);
    assert!(!stage.monitor.export_connections(None, false).unwrap().contains("copy"));
    fleet.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_is_imported_without_a_secret_being_sent_anywhere() {
    let (fleet, from, to) = (fleet().await, stage(), stage());
    for (protocol, name) in [("iotee", "locks"), ("hydra", "signals")] {
        from.monitor.add_connection(draft(&fleet, protocol, name)).await.unwrap();
    }
    let text = from.monitor.export_connections(None, true).unwrap();
    for service in fleet.services() {
        assert!(!text.contains(service.token.expose_secret()), "the token of {} is exported", service.name);
    }
    assert!(!from.monitor.export_connections(Some(&["locks".into()]), false).unwrap().contains("signals"));

    // Somebody's own connection of the same name, and a credential that is there already.
    to.monitor.add_connection(draft(&fleet, "agenthq", "locks")).await.unwrap();
    to.entries.lock().insert("signals".into(), "marked".into());
    let plan = to.monitor.plan_import(&text).unwrap();
    let states: Vec<_> = plan.connections.iter().map(|row| (row.name.as_str(), row.state)).collect();
    assert_eq!(states, [("locks", ImportState::Differs), ("signals", ImportState::New)]);
    assert_eq!(plan.connections[0].free_name, "locks-2");
    let into = |name: &str, into: &str| ImportChoice { name: name.into(), into: into.into() };
    let choices = [into("locks", "locks-2"), into("signals", "signals")];
    let imported = to.monitor.import(&text, &choices, true).await.unwrap();
    assert_eq!((imported.added.len(), imported.replaced.len()), (2, 0));
    assert_eq!((imported.missing, imported.off), (vec!["locks-2".to_owned()], vec!["signals".to_owned()]));
    assert_eq!(to.status("signals").as_deref(), Some("stopped"), "a credential that is here is sent nowhere");
    to.until("the other asks for its own", |stage| stage.status("locks-2").as_deref() == Some("needs_credential"))
        .await;
    assert_eq!(to.monitor.connection_draft("locks-2").unwrap().tags, ["eu"]);

    let broken = to.monitor.plan_import("[[connection]]\nname = \n").unwrap().problem.unwrap();
    assert_eq!(broken.line, 2);
    fleet.shutdown().await;
}

impl Stage {
    /// How many hosts are listed, how many of them as of old, and the latest runs.
    fn hosts(&self) -> (usize, usize, Vec<RunRow>) {
        let table = TableSpec { offset: 0, limit: 500, sort: None, filter: String::new(), held: None };
        let screen = ScreenSpec::Hosts { table, run: None };
        let frame = self.monitor.look(&ViewSpec { have: 0, scope: Scope::All, past: None, screen });
        let ScreenFrame::Hosts { hosts, runs: Some(runs), .. } = frame.screen else { panic!("another screen") };
        (hosts.changed.len(), hosts.changed.iter().filter(|row| row.stale).count(), runs)
    }

    /// The card of a connection.
    fn card(&self, name: &str) -> ConnectionCard {
        let screen = ScreenSpec::Connections { open: None };
        let frame = self.monitor.look(&ViewSpec { have: 0, scope: Scope::All, past: None, screen });
        let ScreenFrame::Connections { cards: Some(cards), .. } = frame.screen else { panic!("another screen") };
        cards.into_iter().find(|card| card.chip.name == name).unwrap()
    }

    /// The seconds of the last minute for which a connection's rate is known.
    fn drawn(&self, name: &str) -> Vec<i64> {
        let series = vec![SeriesName::Rate { connection: name.into() }];
        let spec = SeriesSpec { series, span: 60, until: None, points: 60, scope: Scope::All };
        let bytes = self.monitor.series(&spec);
        let numbers: Vec<f64> =
            bytes.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect();
        let (times, values) = numbers[2..].split_at(numbers[0] as usize);
        times.iter().zip(values).filter(|(_, value)| value.is_finite()).map(|(time, _)| *time as i64).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_goes_off_and_on_keeps_what_was_known_of_it() {
    let (fleet, stage) = (fleet().await, stage());
    let draft = draft(&fleet, "hyprwatch", "hosts");
    let org = draft.subscribe[0].name.clone();
    stage.monitor.add_connection(draft).await.unwrap();
    stage
        .until("hosts are known", |stage| stage.status("hosts").as_deref() == Some("live") && stage.hosts().0 > 0)
        .await;
    for sql in ["SELECT * FROM no_such_table", "SELECT * FROM uptime"] {
        stage.monitor.run_query("hosts", &org, sql, "all").unwrap();
        stage.until("it is over", |stage| stage.hosts().2[0].ended_at.is_some()).await;
    }
    let ((known, stale, runs), card) = (stage.hosts(), stage.card("hosts"));
    assert_eq!((stale, runs.len()), (0, 2));
    assert!(runs[0].rows > 0 && runs[1].error.is_some() && card.events > 0 && card.chip.last_event_at.is_some());

    stage.monitor.set_enabled("hosts", false).await.unwrap();
    assert_eq!(stage.hosts(), (known, known, runs.clone()), "what was known is shown as of old");
    let off = stage.card("hosts");
    assert!(off.events >= card.events && off.chip.last_event_at >= card.chip.last_event_at, "{off:?}");
    assert_eq!((off.disconnects, off.chip.cause), (0, None), "it was not lost");

    stage.monitor.set_enabled("hosts", true).await.unwrap();
    stage.until("it is live again", |stage| stage.status("hosts").as_deref() == Some("live")).await;
    stage.until("its hosts are confirmed", |stage| stage.hosts().1 == 0).await;
    assert_eq!(stage.hosts().2, runs);
    assert!(stage.card("hosts").chip.last_event_at >= off.chip.last_event_at);

    // Another service is another picture; its log goes on.
    let watched = stage.monitor.watched("hosts").unwrap();
    let lines = watched.part.lock().log.len();
    let mut elsewhere = stage.monitor.connection_draft("hosts").unwrap();
    elsewhere.enabled = false;
    elsewhere.url = "ws://127.0.0.1:9/socket".into();
    stage.monitor.edit_connection("hosts", elsewhere).await.unwrap();
    assert_eq!(stage.hosts().0, 0);
    assert!(stage.monitor.watched("hosts").unwrap().part.lock().log.len() > lines);
    fleet.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_was_off_at_the_start_says_so() {
    let (fleet, stage) = (fleet().await, stage());
    stage.monitor.add_connection(ConnectionDraft { enabled: false, ..draft(&fleet, "iotee", "locks") }).await.unwrap();
    let chip = stage.card("locks").chip;
    assert_eq!(chip.cause.as_deref(), Some("it has not been on since Signalbox started"));
    fleet.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_connection_drew_and_told_is_there_again_when_its_removal_is_taken_back() {
    let (fleet, stage) = (fleet().await, stage());
    stage.monitor.add_connection(draft(&fleet, "iotee", "locks")).await.unwrap();
    stage.until("something is drawn", |stage| stage.drawn("locks").len() >= 3).await;
    let (before, lines) = (stage.drawn("locks"), stage.monitor.watched("locks").unwrap().part.lock().log.len());
    let card = stage.card("locks");

    stage.monitor.remove_connection("locks").await.unwrap();
    stage.monitor.restore_connection("locks").await.unwrap();
    let after = stage.drawn("locks");
    assert!(before.iter().all(|second| after.contains(second)), "{before:?} was drawn, and now {after:?}");
    assert!(stage.card("locks").events >= card.events);
    assert!(stage.monitor.watched("locks").unwrap().part.lock().log.len() > lines, "its log goes on");
    stage.until("it is live again", |stage| stage.status("locks").as_deref() == Some("live")).await;
    fleet.shutdown().await;
}
