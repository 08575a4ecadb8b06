//! What the list of alerts and Overview say of the same.

use monitor::view::{MatcherDraft, ScreenSpec};
use store::history::Place;

use crate::support::{Stage, all, fleet, name, on_a_runtime, plant};

#[test]
fn an_alert_that_is_silenced_is_found_as_such_while_its_connection_is_not_live() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        plant(&fleet, false, 1);
        stage.until("there is an alert", |stage| stage.state("Opened", "PLANTED") == "firing").await;
        let until = stage.monitor.now().millis() + 600_000;
        let draft = MatcherDraft { subject: Some("PLANTED".into()), ..MatcherDraft::default() };
        stage.monitor.silence(&draft, until, "a courier").unwrap();
        fleet.control("iotee").refuse_tokens(true);
        fleet.control("iotee").drop_all();
        stage.until("it is stale", |stage| stage.state("Opened", "PLANTED") == "stale").await;

        let listed = stage.screen(all(&["silenced"]));
        let rows = listed["alerts"]["changed"].as_array().unwrap();
        let subjects: Vec<&str> = rows.iter().map(|row| row["subject"].as_str().unwrap()).collect();
        assert_eq!(subjects, ["PLANTED"]);
        assert_eq!(rows[0]["state"], "stale", "that it may have changed comes first");
        assert_eq!(rows[0]["silencedUntil"], until);
        assert_eq!(listed["counts"]["states"][3], 1, "the filter counts what it lists");
        stage.end().await;
        fleet.shutdown().await;
    });
}

#[test]
fn what_is_wrong_with_a_connection_is_as_bad_on_overview_as_in_the_list() {
    on_a_runtime(async {
        let fleet = fleet().await;
        let stage = Stage::start(&fleet, Place::Memory).await;
        let locks = name(&fleet, "iotee");
        fleet.control("iotee").refuse_tokens(true);
        fleet.control("iotee").drop_all();
        stage.until("it is an alert", |stage| stage.state("Credential needed", &locks) == "firing").await;
        let overview = stage.screen(ScreenSpec::Overview);
        let items = overview["attention"].as_array().unwrap();
        let item = items.iter().find(|item| item["key"] == format!("connection/{locks}")).unwrap();
        assert_eq!(item["severity"], stage.alerts("Credential needed", &locks)[0]["severity"]);
        stage.end().await;
        fleet.shutdown().await;
    });
}
