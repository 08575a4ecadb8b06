//! A rule from the editor to its removal, and all that can be read of what it found.

use monitor::view::{ConditionDraft, RuleDraft, Scope, ScreenSpec, SeriesName, SeriesSpec, Span, ViewSpec};
use serde_json::json;
use std::path::Path;
use store::history::Place;

use crate::support::{CODE, Stage, device, fleet, name, on_a_runtime, past, plant};

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
            let rows = frame["screen"]["events"]["changed"].as_array().cloned().unwrap();
            // That nothing was recorded before is said whatever is looked for.
            rows.into_iter().filter(|row| row["kind"] != "recording.off").collect::<Vec<_>>()
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
