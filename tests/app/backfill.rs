//! What happened while a service was away is in the history once, or its gap says what is missing.

use std::time::Duration;

use demo::HttpFault;
use serde_json::Value;

use crate::demo::Demo;
use crate::home::Home;
use crate::recording::{Recording, configuration, history, kept_locks, lock_id, until};

const DEVICES: usize = 4;

struct Away {
    demo: Demo,
    home: Home,
    devices: Vec<String>,
    recording: Recording,
    /// The ids of all lock events so far.
    told: Vec<String>,
}

impl Away {
    fn new() -> Self {
        let demo = Demo::start(0);
        let devices: Vec<String> = demo.service("iotee").subscribe.iter().take(DEVICES).cloned().collect();
        let home = Home::of(&demo);
        let names: Vec<&str> = devices.iter().map(String::as_str).collect();
        home.configure(&configuration(&demo, &["iotee"], &names));
        let recording = Recording::start(&home);
        recording.until_said(&["Recording 1 connection in"]);
        let mut away = Away { demo, home, devices, recording, told: Vec::new() };
        away.until_live(1);
        away.locks(3);
        away.until_kept();
        away
    }

    fn until_live(&self, times: usize) {
        until("the connection to be live", || {
            let live = history(&self.home, &["--kind", "connection.status"]);
            (live.iter().filter(|event| event["data"]["status"] == "live").count() >= times).then_some(())
        });
    }

    /// Uses locks so often.
    fn locks(&mut self, count: usize) {
        for number in 0..count {
            let device = &self.devices[number % DEVICES];
            let iotee = self.demo.control("iotee");
            let id = if number % 2 == 0 { iotee.unlock(device, "keypad") } else { iotee.lock(device, "remote") };
            self.told.push(id.unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The ids that the history has, in the order of their times.
    fn kept(&self) -> Vec<String> {
        kept_locks(&self.home).iter().map(lock_id).collect()
    }

    fn until_kept(&self) {
        let end = std::time::Instant::now() + Duration::from_secs(60);
        while std::time::Instant::now() < end && self.kept().len() < self.told.len() {
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(self.kept(), self.told, "every lock event once, and in their order");
    }

    /// The service goes away, its locks are used meanwhile, and it comes back.
    fn outage(&mut self, count: usize) {
        let iotee = self.demo.control("iotee").clone();
        self.demo.wait(iotee.stop());
        self.locks(count);
        self.demo.wait(iotee.start());
    }

    /// The only gap, once it is known whether it was filled.
    fn gap(&self, is_it: impl Fn(&Value) -> bool) -> Value {
        until("the gap to be told of", || {
            let gaps = history(&self.home, &["--gaps"]);
            assert_eq!(gaps.len(), 1, "{gaps:?}");
            gaps.into_iter().find(|gap| is_it(gap))
        })
    }
}

#[test]
fn what_happened_during_an_outage_is_fetched_and_the_gap_is_filled() {
    let mut away = Away::new();
    away.outage(30);
    away.until_live(2);
    away.until_kept();
    let gap = away.gap(|gap| gap["filled"] == "whole");
    let missed = &kept_locks(&away.home)[3..];
    let time = |event: &Value| event["at"].as_str().unwrap().to_owned();
    assert!(gap["from"].as_str().unwrap() <= time(&missed[0]).as_str(), "{gap} holds {}", missed[0]);
    assert!(gap["to"].as_str().unwrap() >= time(&missed[29]).as_str(), "{gap} holds {}", missed[29]);
    assert!(gap["cause"].as_str().unwrap().len() > 10, "{gap}");

    // A cut network, at once after: what is fetched waits its turn, and is fetched.
    away.demo.control("iotee").reset_all();
    away.locks(10);
    away.until_live(3);
    away.locks(3);
    away.until_kept();
    away.recording.interrupt();
}

#[test]
fn what_cannot_be_had_is_told_with_its_cause_and_nothing_is_there_twice() {
    let faults =
        [(HttpFault::Absent, "404"), (HttpFault::Broken, "500"), (HttpFault::CutBody, ""), (HttpFault::NotJson, "")];
    let cases: Vec<_> = faults
        .into_iter()
        .map(|(fault, word)| {
            std::thread::spawn(move || {
                let mut away = Away::new();
                away.demo.control("iotee").http_fault(fault);
                away.outage(6);
                away.until_live(2);
                let gap = away.gap(|gap| gap["filled"] == "partly" || gap["filled"] == "whole");
                assert_eq!(gap["filled"], "partly", "{fault:?}: {gap}");
                let missing = gap["missing"].as_str().unwrap();
                assert!(missing.contains("lock events") && missing.contains(word), "{fault:?}: {missing}");
                // The stream goes on, and what it tells is kept once.
                away.demo.control("iotee").http_well();
                let (known, lost) = (away.told.len() - 6, away.told.split_off(3));
                assert_eq!((known, lost.len()), (3, 6));
                away.locks(4);
                away.until_kept();
                away.recording.interrupt();
            })
        })
        .collect();
    cases.into_iter().for_each(|case| case.join().unwrap());
}

#[test]
fn a_service_that_says_when_to_come_again_is_asked_again_then() {
    let mut away = Away::new();
    let retry_after = Duration::from_secs(2);
    away.demo.control("iotee").http_fault_times(HttpFault::TooMany { retry_after }, 1);
    away.outage(8);
    away.until_live(2);
    away.until_kept();
    let gap = away.gap(|gap| gap["filled"] == "whole");
    assert!(gap["missing"].is_null(), "{gap}");
    let refused = away.demo.control("iotee").last_requests().iter().filter(|request| request.status == 429).count();
    assert_eq!(refused, 1);
    away.recording.interrupt();
}
