//! A running `signalbox record`, and what the history says after.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::demo::Demo;
use crate::home::Home;
use crate::watching::PATIENCE;

/// `signalbox record` until it is ended; killed when dropped.
pub struct Recording {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Recording {
    pub fn start(home: &Home) -> Self {
        let mut child = home.command(&["record"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let said = Arc::new(Mutex::new(Vec::new()));
        let lines = said.clone();
        let reader = std::thread::spawn(move || {
            err.lines().map_while(Result::ok).for_each(|line| lines.lock().unwrap().push(line));
        });
        Recording { child, said, reader: Some(reader) }
    }

    /// What it said so far.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// Waits until it has said a line that holds each of these.
    #[track_caller]
    pub fn until_said(&self, parts: &[&str]) -> String {
        let is_it = |line: &&String| parts.iter().all(|part| line.contains(part));
        until(&format!("a line with {parts:?}"), || self.said().iter().find(is_it).cloned())
    }

    /// Ends it as Ctrl-C does; answers all that it said.
    #[track_caller]
    pub fn interrupt(mut self) -> Vec<String> {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        let code = until("its end", || self.child.try_wait().unwrap()).code();
        self.reader.take().unwrap().join().unwrap();
        let said = self.said();
        assert_eq!(code, Some(0), "it said:\n{}", said.join("\n"));
        said
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let said = self.said();
        assert!(!said.iter().any(|line| line.contains("panicked")), "{}", said.join("\n"));
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until there is an answer.
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The demo's configuration, of these connections only, and with fewer devices than there are.
pub fn configuration(demo: &Demo, protocols: &[&str], devices: &[&str]) -> String {
    let mut text = String::new();
    for protocol in protocols {
        let service = demo.service(protocol);
        let subscribe: Vec<&str> = if *protocol == "iotee" {
            devices.to_vec()
        } else {
            service.subscribe.iter().map(String::as_str).collect()
        };
        text.push_str(&format!(
            "[[connection]]\nname = {:?}\nprotocol = {protocol:?}\nurl = {:?}\ncredential = {{ env = {:?} }}\nsubscribe = {subscribe:?}\n\n",
            service.name, service.url, service.token_env
        ));
    }
    text
}

/// What `signalbox history` prints with these arguments, for the last hour.
#[track_caller]
pub fn history(home: &Home, arguments: &[&str]) -> Vec<Value> {
    let out = home.run(&[&["history", "--since", "1h"], arguments].concat()).with_code(0).out;
    out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"))).collect()
}

/// The lock events that the history has.
#[track_caller]
pub fn kept_locks(home: &Home) -> Vec<Value> {
    history(home, &["--kind", "device.locked", "--kind", "device.unlocked"])
}

/// The service's own id of a lock event, however it came.
pub fn lock_id(event: &Value) -> String {
    let data = &event["data"];
    let id = data["eventId"].as_str().or(data["event_id"].as_str());
    id.unwrap_or_else(|| panic!("a lock event without an id: {event}")).to_owned()
}

/// What the service's own log says of a device's lock, the oldest first.
pub fn log_of(demo: &Demo, device: &str) -> Vec<Value> {
    let service = demo.service("iotee");
    let mut events = Vec::new();
    loop {
        let url = format!("{}/lock-events?hardware_id={device}&limit=1000&offset={}", service.http, events.len());
        let mut answer = ureq::get(&url).header("X-API-Key", demo.token("iotee")).call().unwrap();
        let page: Value = answer.body_mut().read_json().unwrap();
        let page = page["events"].as_array().unwrap();
        events.extend(page.iter().cloned());
        if page.is_empty() {
            return events;
        }
    }
}
