//! What the history keeps of it, and what it does not.

use link::{Credentials, Environment};
use monitor::Monitor;
use monitor::view::{MatcherDraft, ScreenSpec};
use std::sync::Arc;
use store::history::Place;
use store::{ConfigFile, Configuration, History};

use crate::support::{RULES, Recording, Stage, a_while, device, fleet, name, on_a_runtime, past, plant};

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

#[test]
fn the_next_run_knows_what_the_last_one_knew_and_tells_what_came_between_once() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let (old, new) = (device(&fleet, 0), device(&fleet, 1));
        let stage = Stage::start(&fleet, Place::Disk(path.clone())).await;
        stage.settled().await;
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
        stage.until("the time away is told", |stage| !stage.host.of("While you were away").is_empty()).await;
        let away = stage.screen(ScreenSpec::Overview)["away"].clone();
        let subjects: Vec<&str> =
            away["alerts"].as_array().unwrap().iter().map(|row| row["subject"].as_str().unwrap()).collect();
        assert!(subjects.contains(&&*new) && !subjects.contains(&&*old), "{subjects:?}");
        let named = |stage: &Stage, list: &str| stage.screen(ScreenSpec::Overview)["away"][list].to_string();
        assert!(named(&stage, "told").contains(&name(&fleet, "iotee")), "its service tells what was missed");
        stage.until("all were heard since", |stage| named(stage, "unheard") == "[]").await;
        stage.until("what was known is as it was", |stage| stage.state("Opened", &old) == "acknowledged").await;
        let row = &stage.alerts("Opened", &old)[0];
        assert_eq!((row["key"].as_str(), row["acknowledged"]["note"].as_str()), (Some(&*alert), Some("a courier")));
        a_while(1_500).await;
        let host = &stage.host;
        assert_eq!(
            (
                host.of("While you were away").len(),
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
        stage.settled().await;
        let ends = protocol::Timestamp(i64::MAX >> 8);
        let kept = || past(&path).gaps(Some(&locks), protocol::Timestamp(0), ends).unwrap();
        let closed = |_: &Stage| {
            let gaps = kept();
            gaps.len() >= 2 && gaps.iter().all(|gap| gap.to.is_some())
        };
        stage.until("all gaps are closed on the disk", closed).await;
        let gaps = kept();
        let about = |cause: &str| gaps.iter().filter(|gap| gap.cause.contains(cause)).count();
        assert_eq!((about("was not running"), about("switched off")), (0, 2), "{gaps:#?}");
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn an_alert_that_the_service_does_not_repeat_stays_stale_after_a_start() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Disk(folder.path().join("history.db"));
        let signals = name(&fleet, "hydra");
        let hydra = fleet.control("hydra");
        // The service forgets them: they are in no answer of it.
        let says = |what: &str, id: &str| {
            let now = link::Clock::now(&link::SystemClock).millis();
            hydra.send_text(format!(
                r#"{{"stream":"alerts","type":"alert_{what}","ts":{now},"data":{{"id":"{id}","title":"Storm"}}}}"#
            ));
        };
        let rule = "Alert issued";
        let stage = Stage::start(&fleet, place.clone()).await;
        stage.settled().await;
        for id in ["PLANTED-1", "PLANTED-2"] {
            says("issued", id);
            stage.until("it fires", |stage| stage.state(rule, id) == "firing").await;
        }
        // A break of which all is known.
        hydra.drop_all();
        stage.until("it is stale", |stage| stage.state(rule, "PLANTED-1") == "stale").await;
        stage.until("it goes on", |stage| stage.state(rule, "PLANTED-1") == "firing").await;
        stage.end().await;
        a_while(1_500).await;

        let stage = Stage::start(&fleet, place).await;
        let story = |stage: &Stage| {
            let id = stage.alerts(rule, "PLANTED-1")[0]["key"].as_str().unwrap().to_owned();
            stage.screen(ScreenSpec::Alert { id })["page"]["timeline"].to_string()
        };
        stage
            .until("it is said why", |stage| story(stage).contains("has not said since whether this still holds"))
            .await;
        a_while(2_000).await;
        assert_eq!(stage.state(rule, "PLANTED-1"), "stale");
        let gaps = stage.screen(ScreenSpec::Overview)["away"]["gaps"].to_string();
        let line = format!("{signals}: The service does not tell whether alerts from before still hold.");
        assert!(gaps.contains(&line), "{gaps}");
        says("issued", "PLANTED-1");
        says("cleared", "PLANTED-2");
        stage.until("it holds", |stage| stage.state(rule, "PLANTED-1") == "firing").await;
        stage.until("it is over", |stage| stage.state(rule, "PLANTED-2") == "resolved").await;
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
