//! What the history is asked from the command line: events, alerts, gaps, rules over it, charts and reports.

use std::time::Duration;

use serde_json::Value;

use crate::demo::Demo;
use crate::home::Home;
use crate::recording::{Recording, configuration, history, lock_id, log_of, until};

const RULE: &str = r#"
[[rule]]
name = "opened"
severity = "high"
message = "{subject} was opened by {source}"
when = { event = { kinds = ["device.unlocked"], until = ["device.locked"], clear_after = "1d" } }
"#;

/// A history of half a minute, long enough for numbers to be in it, and whoever writes it still at it.
fn recorded() -> (Demo, Home, Vec<String>, Recording) {
    let demo = Demo::start(200);
    let devices: Vec<String> = demo.service("iotee").subscribe.iter().take(6).cloned().collect();
    let names: Vec<&str> = devices.iter().map(String::as_str).collect();
    let mut home = Home::of(&demo);
    home.set("TZ", "UTC");
    let all = ["hyprwatch", "hydra", "hantera", "agenthq", "iotee"];
    home.configure(&(configuration(&demo, &all, &names) + RULE));
    let recording = Recording::start(&home);
    recording.until_said(&["Recording 5 connections in"]);
    until("the connections", || (demo.control("iotee").accepted() > 0).then_some(()));
    std::thread::sleep(Duration::from_secs(2));
    for device in &devices {
        demo.control("iotee").unlock(device, "keypad").unwrap();
        demo.control("iotee").lock(device, "rfid").unwrap();
        std::thread::sleep(Duration::from_millis(5));
        demo.control("iotee").unlock(device, "remote").unwrap();
    }
    demo.control("hantera").fail_job("export-ledger").unwrap();
    std::thread::sleep(Duration::from_secs(28));
    (demo, home, devices, recording)
}

#[test]
fn the_past_is_printed_drawn_and_reported_while_it_is_written() {
    let (demo, home, devices, recording) = recorded();
    events(&home, &devices);
    tables(&home, &devices);
    alerts_gaps_and_audit(&home, &devices);
    rules_over_the_past(&home);
    charts(&home, &devices[0]);
    report(&home);
    secrets(&demo, &home, &devices, &recording);
    recording.interrupt();
    // Ended cleanly, it is still all there, and the codes still are not.
    assert!(!history(&home, &["--alerts"]).is_empty());
    no_code(&demo, &home, &devices);
}

fn events(home: &Home, devices: &[String]) {
    let all = history(home, &[]);
    assert!(all.len() > 100, "{}", all.len());
    let sorted = all.is_sorted_by_key(|event| event["id"].as_i64().unwrap());
    assert!(sorted, "the oldest first");
    for key in ["connection", "kind", "subject", "at", "received_at", "data"] {
        assert!(all.iter().all(|event| event.get(key).is_some()), "{key}");
    }
    let kinds: std::collections::BTreeSet<&str> = all.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    for kind in ["device.unlocked", "job.completed", "job.failed", "signal.received", "connection.status"] {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
    assert!(!kinds.contains("device.telemetry"), "numbers are kept as numbers");

    let unlocked = history(home, &["--kind", "device.unlocked", "--subject", &devices[0]]);
    assert!(unlocked.len() >= 2 && unlocked.iter().all(|event| event["subject"] == *devices[0]), "{unlocked:?}");
    let latest = history(home, &["--kind", "device.unlocked", "--subject", &devices[0], "--limit", "1"]);
    assert_eq!(latest, unlocked[unlocked.len() - 1..], "the latest, not the first");
    let globbed = history(home, &["--connection", "locks-demo", "--subject", &format!("{}*", &devices[1][..3])]);
    assert!(globbed.iter().any(|event| event["subject"] == *devices[1]), "{globbed:?}");
    let found = history(home, &["--text", "unlocked remo*"]);
    assert!(found.len() >= devices.len(), "{found:?}");
    assert!(found.iter().all(|event| event["data"]["source"] == "remote"), "{found:?}");
    let id = lock_id(&unlocked[0]);
    assert_eq!(history(home, &["--text", &id]).len(), 1, "{id}");

    let nothing = home.run(&["history", "--since", "1h", "--until", "59m"]).with_code(0);
    assert!(nothing.out.is_empty() && nothing.err.starts_with("Nothing in the history matches from "), "{nothing:?}");
    let backwards = home.run(&["history", "--since", "1m", "--until", "2m"]).with_code(2).err;
    assert!(backwards.contains("nothing between them"), "{backwards}");
    let wrong = home.run(&["history", "--kind", "device.unlock"]).with_code(2).err;
    assert!(wrong.contains("device.unlocked"), "{wrong}");
    let when = home.run(&["history", "--since", "noon"]).with_code(2).err;
    assert!(when.contains("2026-03-01T08:00:00Z") && when.contains("2h"), "{when}");
}

fn tables(home: &Home, devices: &[String]) {
    let table =
        home.run(&["history", "--since", "1h", "--kind", "device.unlocked", "--format", "csv"]).with_code(0).out;
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("id,connection,kind,subject,at,received_at,data"));
    let first = lines.next().unwrap();
    assert!(first.contains(",locks-demo,device.unlocked,") && first.contains("\"{\"\"type\"\":"), "{first}");
    assert_eq!(table.lines().count() - 1, history(home, &["--kind", "device.unlocked"]).len());
    let table = home.run(&["history", "--since", "1h", "--alerts", "--format", "csv"]).with_code(0).out;
    assert!(table.starts_with("id,rule,connection,subject,severity,state,title,began,"), "{table}");
    assert!(table.contains(&format!("opened,locks-demo,{},high,", devices[0])), "{table}");
}

fn alerts_gaps_and_audit(home: &Home, devices: &[String]) {
    let alerts = history(home, &["--alerts", "--subject", &devices[0]]);
    let opened: Vec<&Value> = alerts.iter().filter(|alert| alert["rule"] == "opened").collect();
    assert!(opened.len() >= 2, "{alerts:?}");
    assert_eq!(opened[0]["title"], format!("{} was opened by keypad", devices[0]));
    assert_eq!(opened[0]["state"], "resolved");
    let changes: Vec<&Value> =
        opened[0]["transitions"].as_array().unwrap().iter().map(|change| &change["to"]).collect();
    assert_eq!(changes, ["firing", "resolved"]);
    let latest = history(home, &["--alerts", "--limit", "1"]);
    assert_eq!(latest.len(), 1);
    assert_eq!(latest[0], history(home, &["--alerts"])[history(home, &["--alerts"]).len() - 1]);
    let none = home.run(&["history", "--gaps"]).with_code(0);
    assert!(none.out.is_empty() && none.err.contains("Nothing in the history matches"), "{none:?}");
    home.run(&["history", "--audit"]).with_code(0);
}

fn rules_over_the_past(home: &Home) {
    let listed = home.run(&["rules", "list"]).with_code(0).out;
    let line = listed.lines().find(|line| line.starts_with("opened")).unwrap();
    assert!(line.contains(" high ") && line.contains(" on ") && line.contains(" yours "), "{line}");
    assert!(listed.contains(" built-in "), "{listed}");
    let checked = home.run(&["rules", "check"]).with_code(0).out;
    assert!(checked.starts_with("opened: Tells, as high, ") && checked.contains("1 rule in "), "{checked}");

    let tried = home.run(&["rules", "test", "opened", "--since", "1h"]).with_code(0).out;
    assert!(tried.starts_with("opened: would have fired ") && tried.contains(" on locks-demo"), "{tried}");
    let fired: Value =
        serde_json::from_str(&home.run(&["rules", "test", "opened", "--format", "json"]).with_code(0).out).unwrap();
    let alerts = history(home, &["--alerts"]);
    let opened = alerts.iter().filter(|alert| alert["rule"] == "opened").count() as u64;
    // It is at work meanwhile: what it says may be one or two behind.
    assert!(fired["fired"].as_u64().unwrap().abs_diff(opened) <= 2, "{fired} where there were {opened}");
    let all = home.run(&["rules", "test", "--all", "--format", "json"]).with_code(0).out;
    assert!(all.lines().count() > 10 && all.lines().all(|line| line.starts_with('{')), "{all}");
    let unknown = home.run(&["rules", "test", "opend"]).with_code(2).err;
    assert!(unknown.contains("did you mean \"opened\"?"), "{unknown}");
}

fn charts(home: &Home, device: &str) {
    let series = format!("locks-demo/{device}/battery_voltage");
    let drawn = home.run(&["chart", "--series", &series, "--since", "10m", "-o", "battery.svg"]).with_code(0);
    assert_eq!(drawn.out, "Wrote battery.svg.\n");
    let svg = std::fs::read_to_string(home.path().join("battery.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("battery voltage of ") && svg.contains(device), "{svg}");
    let again = home.run(&["chart", "--series", &series, "-o", "battery.svg"]).with_code(2).err;
    assert!(again.contains("battery.svg is there already") && again.contains("--force"), "{again}");
    let titled = ["--title", "Van <4>", "--utc", "--dark", "--force"];
    home.run(&[&["chart", "--series", &series, "-o", "battery.svg"], &titled[..]].concat()).with_code(0);
    let other = std::fs::read_to_string(home.path().join("battery.svg")).unwrap();
    assert!(other != svg && other.contains("Van &lt;4&gt;"), "{other}");

    home.run(&["chart", "--series", "locks-demo/events", "--series", "jobs-demo/events", "-o", "both.png"])
        .with_code(0);
    let png = std::fs::read(home.path().join("both.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() > 2_000, "{} bytes", png.len());

    let wrong = |series: &str| {
        let ended = home.run(&["chart", "--series", series, "-o", "no.svg"]).with_code(2);
        assert!(!home.path().join("no.svg").exists());
        ended.err
    };
    let said = wrong(&format!("locks-demo/{device}/batery"));
    assert!(said.contains("has no \"batery\"") && said.contains("there is \"battery_voltage\""), "{said}");
    let said = wrong(&format!("locks-demo/{device}/"));
    assert!(said.contains("\"battery_voltage\", ") && said.contains("\"speed\""), "{said}");
    let said = wrong(&format!("lock-demo/{device}/speed"));
    assert!(said.contains("\"lock-demo\"") && said.contains("there is \"locks-demo\""), "{said}");
    let said = wrong(&format!("locks-demo/{}/speed", &device[..device.len() - 1]));
    assert!(said.contains(device), "{said}");
    assert!(wrong("speed").contains("CONNECTION/SUBJECT/FIELD"));
    let before = ["--since", "2h", "--until", "1h"];
    let ended = home.run(&[&["chart", "--series", &series, "-o", "no.svg"], &before[..]].concat()).with_code(1);
    assert!(ended.err.contains("no numbers from "), "{ended:?}");
}

fn report(home: &Home) {
    home.run(&["report", "--since", "1h", "-o", "report.html"]).with_code(0);
    let html = std::fs::read_to_string(home.path().join("report.html")).unwrap();
    for word in ["Shift report", "export-ledger", "was opened by", "<svg", "Events a second"] {
        assert!(html.contains(word), "{word} is not in the report");
    }
    for outside in ["src=\"http", "href=\"http", "@import", "<script"] {
        assert!(!html.contains(outside), "the report needs nothing else: {outside}");
    }
    let again = home.run(&["report", "-o", "report.html"]).with_code(2).err;
    assert!(again.contains("--force"), "{again}");
    home.run(&["report", "-o", "locks.html", "--connection", "locks-demo", "--utc"]).with_code(0);
    let html = std::fs::read_to_string(home.path().join("locks.html")).unwrap();
    assert!(!html.contains("export-ledger"), "only what was asked for");
    let said = home.run(&["report", "-o", "x.html", "--connection", "lock-demo"]).with_code(2).err;
    assert!(said.contains("there is \"locks-demo\""), "{said}");
}

/// No token and no code is in any file, the history's own among them, or in anything that was said.
fn secrets(demo: &Demo, home: &Home, devices: &[String], recording: &Recording) {
    let kept = home.all_that_is_kept();
    assert!(kept.contains("history.sqlite3") && kept.contains("device.unlocked"), "the history is looked at");
    let said = recording.said().join("\n");
    let printed = home.run(&["history", "--since", "1h"]).with_code(0).out;
    for (name, token) in demo.tokens() {
        for text in [&kept, &said, &printed] {
            assert!(!text.contains(token), "the token of {name} is somewhere");
        }
    }
    no_code(demo, home, devices);
}

fn no_code(demo: &Demo, home: &Home, devices: &[String]) {
    let kept = home.all_that_is_kept();
    let printed = home.run(&["history", "--since", "1h"]).with_code(0).out;
    let mut codes = 0;
    for event in devices.iter().flat_map(|device| log_of(demo, device)) {
        let Some(code) = event["code"].as_str() else { continue };
        codes += 1;
        // As a value, and as a word of the index.
        for text in [&kept, &printed] {
            assert!(!text.contains(&format!("\"{code}\"")), "a code of {}", event["hardware_id"]);
        }
        let found = history_of_code(home, code);
        assert!(
            found.iter().all(|event| event["kind"] != "device.unlocked" && event["kind"] != "device.locked"),
            "{found:?}"
        );
    }
    assert!(codes >= 2 * devices.len(), "{codes} codes were looked for");
}

fn history_of_code(home: &Home, code: &str) -> Vec<Value> {
    let out = home.run(&["history", "--since", "1h", "--connection", "locks-demo", "--text", code]).with_code(0).out;
    let all = out.lines().map(|line| serde_json::from_str(line).unwrap());
    // A word that begins so may be an event's own number.
    all.filter(|event: &Value| !lock_id(event).contains(code)).collect()
}

#[test]
fn without_a_history_it_is_said_where_one_would_be() {
    let home = Home::new();
    let commands: [&[&str]; 4] = [
        &["history"],
        &["rules", "test", "--all"],
        &["chart", "--series", "a/b/c", "-o", "x.svg"],
        &["report", "-o", "x.html"],
    ];
    for command in commands {
        let said = home.run(command).with_code(1).err;
        assert!(
            said.contains("There is no history yet at ") && said.contains("signalbox record"),
            "{command:?}: {said}"
        );
        assert!(said.contains("history.sqlite3"), "{command:?}: {said}");
    }
    assert!(
        !home.path().join("x.svg").exists() && !home.path().join("data/signalbox").exists(),
        "looking writes nothing"
    );
}

#[test]
fn a_wrong_rule_is_told_with_its_place() {
    let home = Home::new();
    let checked = home.run(&["rules", "check"]).with_code(0).out;
    assert!(checked.contains("no rules of its own"), "{checked}");
    std::fs::write(home.path().join("draft.toml"), format!("# a draft\n{RULE}{RULE}")).unwrap();
    let said = home.run(&["rules", "check", "draft.toml"]).with_code(2).err;
    assert!(said.contains("raft.toml, line 9, column 1") && said.contains("\"opened\" is already"), "{said}");
    std::fs::write(home.path().join("draft.toml"), RULE.replace("device.unlocked", "device.exploded")).unwrap();
    let said = home.run(&["rules", "check", "draft.toml"]).with_code(2).err;
    assert!(said.contains("line 6") && said.contains("device.exploded"), "{said}");
    let said = home.run(&["rules", "check", "nowhere.toml"]).with_code(2).err;
    assert!(said.contains("nowhere.toml"), "{said}");
}

#[test]
fn recording_needs_something_to_record() {
    let home = Home::new();
    let said = home.run(&["record", "--for", "1s"]).with_code(2).err;
    assert!(said.contains("signalbox connection add"), "{said}");
}
