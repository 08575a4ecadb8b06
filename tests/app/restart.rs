//! What an ended `signalbox record` leaves for the next one.

use std::time::Duration;

use serde_json::Value;

use crate::demo::Demo;
use crate::home::Home;
use crate::recording::{Recording, configuration, history, kept_locks, until};

const DEVICES: [&str; 4] = ["ABC123", "DEF456", "GHI789", "JKL012"];

const RULE: &str = r#"
[[rule]]
name = "opened"
severity = "high"
when = { event = { kinds = ["device.unlocked"], until = ["device.locked"], clear_after = "1d" } }

[notifications]
command = { high = ["/bin/sh", "page.sh"] }
"#;

/// A home whose pager writes each alert that it is given as a line.
fn home(demo: &Demo) -> (Home, Vec<String>) {
    let home = Home::of(demo);
    let known = &demo.service("iotee").subscribe;
    let devices: Vec<String> = known.iter().take(DEVICES.len()).cloned().collect();
    let names: Vec<&str> = devices.iter().map(String::as_str).collect();
    home.configure(&(configuration(demo, &["iotee"], &names) + RULE));
    std::fs::write(home.path().join("page.sh"), "cat >> pages.json; echo >> pages.json\n").unwrap();
    (home, devices)
}

/// The subjects that the pager was told of.
fn paged(home: &Home) -> Vec<String> {
    let text = std::fs::read_to_string(home.path().join("pages.json")).unwrap_or_default();
    let alerts = text.lines().filter(|line| !line.trim().is_empty());
    let alerts =
        alerts.map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    alerts
        .filter(|alert| alert["rule"] == "opened")
        .map(|alert| alert["subject"].as_str().unwrap().to_owned())
        .collect()
}

fn opened(home: &Home, subject: &str) -> Vec<Value> {
    let alerts = history(home, &["--alerts", "--subject", subject]);
    alerts.into_iter().filter(|alert| alert["rule"] == "opened").collect()
}

#[test]
fn open_alerts_go_on_and_what_began_meanwhile_is_one_digest() {
    let demo = Demo::start(0);
    let (home, devices) = home(&demo);
    let (before, during, other, probe) = (&devices[0], &devices[1], &devices[2], &devices[3]);
    let paged = |home: &Home| paged(home).into_iter().filter(|subject| subject != probe).collect::<Vec<_>>();
    let kept_locks = |home: &Home| kept_locks(home).into_iter().filter(|event| event["subject"] != **probe).count();
    let iotee = demo.control("iotee");

    let first = Recording::start(&home);
    until("the connection", || (iotee.accepted() > 0).then_some(()));
    // Until its first picture is complete, what is so is listed and not told.
    until("what happens to be told", || {
        iotee.unlock(probe, "remote").unwrap();
        std::thread::sleep(Duration::from_millis(500));
        iotee.lock(probe, "remote").unwrap();
        first.said().iter().any(|line| line.contains("high firing:") && line.contains(probe.as_str())).then_some(())
    });
    first.until_said(&["high resolved:", probe]);
    iotee.unlock(before, "remote").unwrap();
    first.until_said(&["high firing:", before]);
    until("the page", || (paged(&home) == [before.clone()]).then_some(()));
    first.interrupt();
    let open = opened(&home, before);
    assert_eq!((open.len(), &open[0]["state"]), (1, &Value::from("stale")), "its connection is not live: {open:?}");
    assert_eq!(kept_locks(&home), 1);

    std::thread::sleep(Duration::from_millis(50));
    iotee.unlock(during, "remote").unwrap();
    iotee.unlock(other, "remote").unwrap();
    std::thread::sleep(Duration::from_millis(50));

    let second = Recording::start(&home);
    let digest = second.until_said(&["While you were away"]);
    assert!(
        digest.contains("2 alerts") && digest.contains(during.as_str()) && digest.contains(other.as_str()),
        "{digest}"
    );
    // Longer than anything that would be told late.
    std::thread::sleep(Duration::from_secs(3));
    let digests = second.said().iter().filter(|line| line.contains("While you were away")).count();
    assert_eq!(digests, 1, "{:?}", second.said());
    assert_eq!(paged(&home), [before.as_str()], "what is in the digest, and what was told before, pages nobody");
    assert_eq!(kept_locks(&home), 3, "what happened meanwhile is in the history, once");
    let still = opened(&home, before);
    assert_eq!((still.len(), &still[0]["id"], &still[0]["state"]), (1, &open[0]["id"], &Value::from("firing")));
    let new =
        second.said().iter().filter(|line| line.contains("high firing:") && line.contains("is live again")).count();
    assert_eq!(new, 1, "it is the same one again and no new one: {:?}", second.said());

    iotee.lock(before, "remote").unwrap();
    second.until_said(&["high resolved:", before]);
    second.interrupt();
    let over = opened(&home, before);
    assert_eq!((over.len(), &over[0]["id"], &over[0]["state"]), (1, &open[0]["id"], &Value::from("resolved")));
    let gaps = history(&home, &["--gaps"]);
    assert_eq!(
        gaps.iter().filter(|gap| gap["filled"] == "whole").count(),
        1,
        "the time between is a gap that was filled: {gaps:?}"
    );
}

#[test]
fn a_history_in_use_is_read_and_not_written_by_another() {
    let demo = Demo::start(0);
    let (home, _) = home(&demo);
    let first = Recording::start(&home);
    first.until_said(&["Recording 1 connection in"]);
    let second = home.run(&["record", "--for", "5s"]).with_code(1);
    assert!(second.err.contains("in use by another Signalbox"), "{}", second.err);
    assert!(!first.interrupt().is_empty());
}
