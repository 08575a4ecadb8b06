//! The judges of `tests/judges`: clients made by others, against the simulated services.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use demo::{DemoFleet, Options};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const PATIENCE: Duration = Duration::from_secs(30);
const ORG: &str = "org_halden";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// A judge at work; it ends with this.
struct Judge {
    name: String,
    _child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    said: Vec<String>,
}

impl Judge {
    /// Starts a script with the address and the token of a service.
    fn start(fleet: &DemoFleet, protocol: &str, subject: &str, script: &str, argument: &str) -> Judge {
        let folder = root().join("tests/judges");
        let python = root().join("target/judges-venv/bin/python");
        let set_up = if script.ends_with(".py") { python.clone() } else { folder.join("node_modules/phoenix") };
        assert!(
            set_up.exists(),
            "The judges are not set up ({} is missing). Run `cargo xtask test`, which installs them.",
            set_up.display()
        );
        let mut command = if script.ends_with(".py") {
            let mut command = Command::new(python);
            command.arg("-u");
            command
        } else {
            Command::new("node")
        };
        let service = fleet.services().iter().find(|service| service.protocol == protocol).unwrap();
        let mut child = command
            .args([script, argument])
            .current_dir(folder)
            .env("ADDRESS", &service.url)
            .env("TOKEN", service.token.expose_secret())
            .env("SUBJECT", subject)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{script} did not start ({error}). Run `cargo xtask test`, which installs Node.")
            });
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Judge { name: format!("{script} {argument}"), _child: child, lines, said: Vec::new() }
    }

    /// Reads on to the first line that is wanted.
    async fn until(&mut self, wanted: impl Fn(&str) -> bool) -> String {
        let reading = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                self.said.push(line.clone());
                if wanted(&line) {
                    return Some(line);
                }
            }
            None
        };
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(Some(line)) => line,
            Ok(None) => panic!("{} ended early. It said:\n{}", self.name, self.said.join("\n")),
            Err(_) => panic!("{} did not say what was waited for. It said:\n{}", self.name, self.said.join("\n")),
        }
    }

    /// Reads on to the first JSON line about `what`, among those passed over too.
    async fn what(&mut self, what: &str) -> Value {
        let about = |line: &str| serde_json::from_str::<Value>(line).is_ok_and(|line| line["what"] == what);
        let line = match self.said.iter().find(|line| about(line)) {
            Some(line) => line.clone(),
            None => self.until(about).await,
        };
        serde_json::from_str(&line).unwrap()
    }
}

async fn quiet() -> DemoFleet {
    DemoFleet::start(Options { rate: 0, ..Options::default() }).await.unwrap()
}

async fn phoenix(version: &str) {
    let fleet = quiet().await;
    let mut judge = Judge::start(&fleet, "hyprwatch", ORG, "phoenix.mjs", version);
    assert!(judge.what("running").await["query_id"].is_string());
    let complete = judge.what("complete").await;
    let results = complete["results"].as_array().unwrap();
    assert_eq!(results.len(), 12, "one result for each host");
    assert_eq!(complete["summary"]["total"], 12);
    let answered: Vec<&Value> = results.iter().filter(|result| result["status"] == "success").collect();
    assert_eq!(complete["summary"]["success"], answered.len());
    assert!(answered.iter().all(|result| result["rows"].as_array().is_some_and(|rows| rows.len() == 3)));
    assert!(answered.iter().all(|result| result["rows"][0]["name"] == "systemd"));
    assert_eq!(judge.what("query_error").await["reason"], "near \"DROP\": syntax error");
    judge.what("left").await;
    assert_eq!(judge.what("heartbeat").await["status"], "ok");
    assert_eq!(judge.what("refused").await["reason"], "unauthorized");
    let host = results[0]["hostname"].as_str().unwrap();
    fleet.control("hyprwatch").host_offline(host).unwrap();
    assert_eq!(judge.what("host_offline").await["payload"]["hostname"], host);
    fleet.control("hyprwatch").crash_channels();
    judge.until(|line| line.contains("joined") && line.contains("org:")).await;
    assert!(
        !judge.said.iter().any(|line| line.contains("socket_error") || line.contains("\"close\"")),
        "{:?}",
        judge.said
    );
}

#[tokio::test]
async fn the_phoenix_client_speaks_v2_with_the_host_service() {
    phoenix("v2").await;
}

#[tokio::test]
async fn the_phoenix_client_speaks_v1_with_the_host_service() {
    phoenix("v1").await;
}

#[tokio::test]
async fn the_javascript_example_of_the_host_service_works() {
    let fleet = quiet().await;
    let mut judge = Judge::start(&fleet, "hyprwatch", ORG, "example.mjs", "hyprwatch");
    judge.until(|line| line == "Joined query channel").await;
    judge.until(|line| line.starts_with("Results from ")).await;
    judge.until(|line| line.starts_with("Query complete:")).await;
}

#[tokio::test]
async fn the_python_example_of_the_host_service_works() {
    let fleet = quiet().await;
    let mut judge = Judge::start(&fleet, "hyprwatch", ORG, "example.py", "hyprwatch");
    // The example joins and waits for what others ask.
    let control = fleet.control("hyprwatch");
    while !control.received().iter().any(|frame| frame.contains("phx_join")) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    control.broadcast_query(ORG, "SELECT * FROM os_version").unwrap();
    let line = judge.until(|line| line.starts_with("Results: ")).await;
    assert!(line.contains("hostname"), "{line}");
}

#[tokio::test]
async fn the_javascript_example_of_the_intelligence_service_works() {
    let fleet = quiet().await;
    let mut judge = Judge::start(&fleet, "hydra", "", "example.mjs", "hydra");
    judge.until(|line| line == "Connected to Hydra stream").await;
    judge.until(|line| line.starts_with("undefined connected")).await;
    fleet.control("hydra").close_all(4002, "Insufficient token balance");
    judge.until(|line| line == "Disconnected: 4002 Insufficient token balance").await;
}

#[tokio::test]
async fn the_python_example_of_the_intelligence_service_works() {
    let fleet = quiet().await;
    let control = fleet.control("hydra");
    // The example reads `stream` of every message; the document's own `connected` has none.
    control.stream_on_control(true);
    let mut judge = Judge::start(&fleet, "hydra", "", "example.py", "hydra");
    judge.until(|line| line.starts_with("[None] subscribed:")).await;
    control.signal(4).unwrap();
    judge.until(|line| line.starts_with("[signals] signal_new: ")).await;
    control.issue_alert().unwrap();
    judge.until(|line| line.starts_with("[alerts] alert_issued: ")).await;
}

#[tokio::test]
async fn the_example_of_the_commerce_service_works() {
    let fleet = quiet().await;
    let mut judge = Judge::start(&fleet, "hantera", "", "example.mjs", "hantera");
    let control = fleet.control("hantera");
    while !control.received().iter().any(|frame| frame.contains("subscribeEvents")) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let id = control.fail_job("export-ledger").unwrap();
    judge.until(|line| line.starts_with("[jobFailed]")).await;
    judge.until(|line| line.contains(&id)).await;
}

#[tokio::test]
async fn the_example_of_the_agents_service_works() {
    let fleet = quiet().await;
    let mut judge = Judge::start(&fleet, "agenthq", "incidents", "example.mjs", "agenthq");
    let control = fleet.control("agenthq");
    while !control.received().iter().any(|frame| frame.contains("subscribe")) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    control.post("incidents").unwrap();
    judge.until(|line| line.starts_with("Event: post.created")).await;
    control.agent_offline("agent-01").unwrap();
    judge.until(|line| line.starts_with("Event: agent.offline")).await;
}

#[tokio::test]
async fn the_example_of_the_device_service_works() {
    let fleet = DemoFleet::start(Options { devices: 5, ..Options::default() }).await.unwrap();
    let mut judge = Judge::start(&fleet, "iotee", "", "example.mjs", "iotee");
    judge.until(|line| line.starts_with("Telemetry: ABC123")).await;
    let control = fleet.control("iotee");
    control.unlock("ABC123", "rfid").unwrap();
    judge.until(|line| line == "Unlocked: ABC123 rfid").await;
    control.lock("ABC123", "keypad").unwrap();
    judge.until(|line| line == "Locked: ABC123 keypad").await;
    control.device_offline("ABC123").unwrap();
    judge.until(|line| line == "Status: ABC123 false").await;
}
