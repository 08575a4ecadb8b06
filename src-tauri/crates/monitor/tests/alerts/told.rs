//! What the operator is told, once, and what is taken back.

use monitor::view::{AlertFilter, MatcherDraft, ScreenSpec};
use monitor::{Notice, Opens};
use store::history::Place;

use crate::support::{Stage, a_while, all, device, fleet, name, on_a_runtime, plant};

#[test]
fn an_alert_is_told_once_and_taken_back_when_it_is_over_known_or_muted() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        let told = |stage: &Stage| stage.host.of("PLANTED is open").len();
        stage.settled().await;

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
        let end = stage.monitor.now().millis() + 600_000;
        let mute = stage.monitor.silence(&MatcherDraft::default(), end, "").unwrap();
        // What was found before is told by a thread of its own.
        a_while(700).await;
        let before = stage.host.told.lock().len();
        plant(&fleet, false, 5);
        stage.until("it is listed", |stage| stage.state("Opened", "PLANTED") == "firing").await;
        a_while(700).await;
        assert_eq!(stage.host.told.lock().len(), before);
        stage.monitor.end_silence(mute).unwrap();
        stage.until("the mute's digest", |stage| stage.host.of("The mute has ended").len() == 1).await;
        let digest = stage.host.of("The mute has ended").remove(0);
        assert!(digest.title.contains("still fire") && digest.body.contains("PLANTED is open"), "{digest:?}");
        a_while(1_500).await;
        assert_eq!((told(&stage), stage.host.of("The mute has ended").len()), (2, 1), "not told by itself as well");
        assert_eq!(stage.state("Opened", "PLANTED"), "firing");

        // The next one is another digest, and no change of a first that may have been closed.
        let end = stage.monitor.now().millis() + 1_500;
        stage.monitor.silence(&MatcherDraft::default(), end, "").unwrap();
        stage.until("the next mute's digest", |stage| stage.host.of("The mute has ended").len() == 2).await;
        assert!(stage.monitor.now().millis() >= end);
        assert_ne!(stage.host.of("The mute has ended")[1].key, digest.key);
        assert_eq!(stage.host.took_back(&digest.key), 1, "what it named was muted again");
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn a_mute_keeps_an_alert_from_being_told_and_from_nothing_else() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        stage.settled().await;
        stage.monitor.silence(&MatcherDraft::default(), stage.monitor.now().millis() + 600_000, "").unwrap();
        plant(&fleet, false, 1);
        stage.until("it is listed", |stage| stage.state("Opened", "PLANTED") == "firing").await;
        let listed = |state: &str| {
            let screen = stage.screen(all(&[state]));
            screen["alerts"]["changed"].as_array().unwrap().iter().any(|row| row["subject"] == "PLANTED")
        };
        assert!(listed("firing") && !listed("silenced") && !listed("acknowledged"), "a mute ends nothing");
        let row = stage.alerts("Opened", "PLANTED").remove(0);
        assert_eq!(row["muted"], true);
        let counts = stage.screen(all(&[]))["counts"].clone();
        assert_eq!(counts["muted"], counts["states"][1], "all that fires is muted: {counts}");
        let alert = row["key"].as_str().unwrap().to_owned();
        let acknowledged = |stage: &Stage| stage.screen(all(&[]))["counts"]["states"][2].as_u64().unwrap();
        let before = acknowledged(&stage);
        let fires =
            |stage: &Stage| stage.screen(monitor::view::ScreenSpec::Overview)["tiles"]["firing"][0].as_u64().unwrap();
        assert!(fires(&stage) > 0, "a mute keeps it from being told, and not from being counted");
        stage
            .until("tray and badge count it too", |stage| {
                let attention = *stage.host.attention.lock();
                attention.muted_until.is_some() && attention.firing > 0 && attention.worst.is_some()
            })
            .await;
        let filter = AlertFilter { states: vec![monitor::view::picture::AlertState::Firing], ..AlertFilter::default() };
        let grouped = ScreenSpec::Alerts { filter, grouped: true, unfolded: Vec::new(), offset: 0, limit: 500 };
        let groups = stage.screen(grouped)["groups"].clone();
        let is_muted = |group: &serde_json::Value| group["firing"] != 0 && group["muted"] == group["firing"];
        assert!(!groups.as_array().unwrap().is_empty() && groups.as_array().unwrap().iter().all(is_muted), "{groups}");
        assert_eq!(stage.monitor.acknowledge(&[alert], None, "on my way").unwrap(), 1);
        assert_eq!(stage.state("Opened", "PLANTED"), "acknowledged", "a mute is no silence of its own");
        assert!(listed("acknowledged") && !listed("silenced") && !listed("firing"));
        assert_eq!(acknowledged(&stage), before + 1);
        let row = stage.alerts("Opened", "PLANTED").remove(0);
        assert!(row["silencedUntil"].is_null() && row["mutedUntil"].is_number(), "{row}");
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn a_lost_connection_is_one_alert_and_its_own_are_as_last_heard() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        let locks = name(&fleet, "iotee");
        let open = device(&fleet, 0);
        stage.settled().await;
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
        let told_once = |stage: &Stage| {
            let overview = stage.screen(ScreenSpec::Overview);
            let attention = overview["attention"].as_array().cloned().unwrap_or_default();
            let listed = |key: String| attention.iter().any(|item| item["key"] == *key);
            listed(format!("connection/{locks}"))
                && !listed(format!("alert/{own}"))
                && overview["tiles"]["firingConnections"] == 1
        };
        stage.until("Overview tells it of the connection, once", told_once).await;

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
        stage.settled().await;
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
