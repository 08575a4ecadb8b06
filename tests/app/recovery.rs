//! Services that go away and come back, credentials that are refused, and clean ends.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::demo::Demo;
use crate::home::Home;
use crate::recording::until;
use crate::watching::{PATIENCE, Watching, status};

const ALL: [(&str, &str); 5] = [
    ("hyprwatch", "hosts-demo"),
    ("hydra", "signals-demo"),
    ("hantera", "jobs-demo"),
    ("agenthq", "agents-demo"),
    ("iotee", "locks-demo"),
];
const NAMES: [&str; 5] = [ALL[0].1, ALL[1].1, ALL[2].1, ALL[3].1, ALL[4].1];

/// `signalbox demo` as its own process; killed when dropped.
pub struct DemoProcess {
    child: Child,
    /// Standard output up to the end of the configuration.
    introduction: String,
}

impl DemoProcess {
    pub fn start(home: &Home, bind: &str, more: &[&str]) -> Self {
        let arguments = [&["demo", "--bind", bind], more].concat();
        let mut child = home.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // It says on standard error that it listens, once standard output is whole.
        let mut said = String::new();
        BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut said).unwrap();
        let mut introduction = String::new();
        if said.contains("Ctrl-C ends") {
            let mut out = child.stdout.take().unwrap();
            let mut bytes = vec![0; 1 << 20];
            let length = out.read(&mut bytes).unwrap();
            introduction = String::from_utf8(bytes[..length].to_vec()).unwrap();
            std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        } else {
            child.wait().unwrap();
        }
        DemoProcess { child, introduction }
    }

    fn is_up(&self) -> bool {
        !self.introduction.is_empty()
    }

    /// The TOML at the end of what it printed.
    pub fn configuration(&self) -> String {
        self.introduction[self.introduction.find("[[connection]]").unwrap()..].to_owned()
    }

    /// The `export NAME='TOKEN'` lines.
    pub fn exports(&self) -> Vec<(String, String)> {
        let lines = self.introduction.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
        lines.map(|(name, token)| (name.to_owned(), token.trim_matches('\'').to_owned())).collect()
    }

    /// Ctrl-C; answers the exit code.
    pub fn interrupt(&mut self) -> Option<i32> {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for DemoProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A demo process on five neighbouring ports, and their first. They are none that the system gives to whoever asks for any:
/// those may be another's by the time they are wanted again.
fn on_fixed_ports(home: &Home) -> (DemoProcess, String) {
    let begin = std::process::id() % 2_000;
    for turn in 0..50 {
        let first = 20_000 + (begin + turn * 37) % 2_000 * 6;
        let bind = format!("127.0.0.1:{first}");
        let demo = DemoProcess::start(home, &bind, &["--rate", "100"]);
        if demo.is_up() {
            return (demo, bind);
        }
    }
    panic!("no five neighbouring ports are free");
}

#[test]
fn killed_and_restarted_services_are_live_again_by_themselves() {
    let home = Home::new();
    let (demo, bind) = on_fixed_ports(&home);
    let mut watcher = Home::new();
    watcher.configure(&demo.configuration());
    for (name, token) in demo.exports() {
        watcher.set(&name, &token);
    }
    let mut watching = Watching::start(&watcher, &[]);
    watching.until_live(&NAMES);
    demo.kill();
    for name in NAMES {
        watching.has_or_until("a wait before the next attempt", |line| {
            line["connection"] == name && status(line) == "backing_off"
        });
    }
    let waited = watching.lines.iter().rev().find(|line| status(line) == "backing_off").unwrap();
    assert!(waited["data"]["cause"].as_str().is_some_and(|cause| !cause.is_empty()), "{waited}");
    assert!(waited["data"]["retry_in_ms"].is_u64(), "{waited}");

    // The configuration names them, so there are no others to go to.
    let _again = until("the same ports", || {
        let again = DemoProcess::start(&home, &bind, &["--rate", "100"]);
        again.is_up().then_some(again)
    });
    watching.until_live(&NAMES);
    watching.until("an event after it", |line| line["kind"] == "device.telemetry");
    watching.signal("TERM");
    assert_eq!(watching.ended().0, Some(0));
}

#[test]
fn a_refused_token_is_asked_for_and_not_hammered() {
    for (protocol, name) in ALL {
        let demo = Demo::start(0);
        let mut home = Home::of(&demo);
        home.set(demo.service(protocol).token_env, "wrong");
        let mut watching = Watching::start(&home, &[]);
        let others: Vec<&str> = NAMES.into_iter().filter(|other| *other != name).collect();
        let mut refused = None;
        let mut missing = others;
        while refused.is_none() || !missing.is_empty() {
            let line = watching
                .until("a refusal, and the others live", |line| ["needs_credential", "live"].contains(&status(line)));
            match status(&line) {
                "live" => missing.retain(|other| line["connection"] != *other),
                _ => refused = Some(line),
            }
        }
        let refused = refused.unwrap();
        assert_eq!(refused["connection"], name, "{refused}");
        assert!(refused["data"]["cause"].as_str().is_some_and(|cause| cause.len() > 10), "{refused}");
        let dials = demo.control(protocol).dials();
        // Hyprwatch refuses with 403, which its other version is tried for once.
        assert!(dials <= 2, "{protocol}: {dials} dials");
        watching.gather(Duration::from_secs(2));
        assert_eq!(demo.control(protocol).dials(), dials, "{protocol} is dialled again");
    }
}

#[test]
fn what_ends_watch_ends_it_cleanly() {
    let demo = Demo::start(20);
    let home = Home::of(&demo);
    for signal in ["INT", "TERM"] {
        let mut watching = Watching::start(&home, &[]);
        watching.until_live(&NAMES);
        watching.signal(signal);
        let (code, said, lines) = watching.ended();
        assert_eq!((code, said.as_str()), (Some(0), ""), "{signal}");
        assert_eq!(lines.iter().filter(|line| status(line) == "stopped").count(), 5, "{signal}");
        let end = Instant::now() + PATIENCE;
        while ALL.iter().any(|(protocol, _)| demo.control(protocol).connections() > 0) {
            assert!(Instant::now() < end, "the services still have connections");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    // They left before they closed.
    let left = |protocol: &str, word: &str| demo.control(protocol).received().iter().any(|frame| frame.contains(word));
    assert!(left("hyprwatch", "phx_leave") && left("hantera", "unsubscribe") && left("iotee", "unsubscribe"));
}

#[test]
fn a_reader_that_leaves_ends_watch_quietly() {
    let demo = Demo::start(200);
    let home = Home::of(&demo);
    let mut child = home.command(&["watch"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        out.read_line(&mut String::new()).unwrap();
    }
    drop(out);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn a_port_that_is_taken_is_told() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let bind = taken.local_addr().unwrap().to_string();
    let ended = home.run(&["demo", "--bind", &bind]).with_code(1);
    assert!(ended.err.contains(&bind) && ended.err.contains("--bind"), "{ended:?}");
    home.run(&["demo", "--bind", "127.0.0.1:65534"]).with_code(1);
}
