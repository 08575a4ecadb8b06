//! The frames of the alerts, as a page applies them.

use monitor::Monitor;
use monitor::view::{AlertFilter, MatcherDraft, Scope, ScreenSpec, ViewSpec};
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::history::Place;

use crate::support::{Stage, a_while, all, fleet, on_a_runtime, plant};

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
