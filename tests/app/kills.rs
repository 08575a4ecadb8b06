//! `signalbox record` killed again and again while locks are used and jobs end: nothing is lost and nothing is there twice.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::demo::Demo;
use crate::home::Home;
use crate::recording::{Recording, configuration, history, kept_locks, lock_id, log_of, until};

/// How many run side by side, and how often each is killed.
const WORLDS: u64 = 2;
const KILLS: u32 = 105;

const DEVICES: usize = 8;
const DEFINITIONS: [&str; 3] = ["send-receipt", "export-ledger", "capture-payment"];

const RULE: &str = r#"
[[rule]]
name = "opened"
severity = "high"
when = { event = { kinds = ["device.unlocked"], until = ["device.locked"], clear_after = "1d" } }
"#;

/// What was found in one world.
#[derive(Debug, Default)]
struct Found {
    locks: usize,
    jobs: usize,
    alerts: usize,
    transitions: usize,
    lost: Vec<String>,
    doubled: Vec<String>,
    wrong: Vec<String>,
    /// Alerts whose count of repetitions is another: a replay may count one again. It is told, and held to nothing.
    miscounted: usize,
}

#[test]
fn two_hundred_kills_lose_nothing_and_double_nothing() {
    let begun = Instant::now();
    let worlds: Vec<_> = (1..=WORLDS).map(|seed| std::thread::spawn(move || world(seed))).collect();
    let mut all = Found::default();
    for world in worlds {
        let found = world.join().unwrap();
        all.locks += found.locks;
        all.jobs += found.jobs;
        all.alerts += found.alerts;
        all.transitions += found.transitions;
        all.lost.extend(found.lost);
        all.doubled.extend(found.doubled);
        all.wrong.extend(found.wrong);
        all.miscounted += found.miscounted;
    }
    println!(
        "{} kills in {:.0?}: {} lock events, {} job results, {} alerts with {} transitions; {} lost, {} doubled, {} wrong; {} alerts count their repetitions otherwise",
        WORLDS * u64::from(KILLS),
        begun.elapsed(),
        all.locks,
        all.jobs,
        all.alerts,
        all.transitions,
        all.lost.len(),
        all.doubled.len(),
        all.wrong.len(),
        all.miscounted
    );
    let shown = |list: &[String]| list.iter().take(20).cloned().collect::<Vec<_>>().join("\n  ");
    assert!(all.lost.is_empty(), "lost:\n  {}", shown(&all.lost));
    assert!(all.doubled.is_empty(), "doubled:\n  {}", shown(&all.doubled));
    assert!(all.wrong.is_empty(), "wrong:\n  {}", shown(&all.wrong));
    assert!(all.locks > 500 && all.jobs > 500 && all.alerts > 100, "too little happened to prove anything");
}

fn world(seed: u64) -> Found {
    let demo = Demo::start(0);
    let devices: Vec<String> = demo.service("iotee").subscribe.iter().take(DEVICES).cloned().collect();
    let names: Vec<&str> = devices.iter().map(String::as_str).collect();
    let mut home = Home::of(&demo);
    home.set("TZ", "UTC");
    home.configure(&(configuration(&demo, &["iotee", "hantera"], &names) + RULE));
    // What happened before it first listened is not its to know.
    let first = Recording::start(&home);
    until("both connections", || (accepted(&demo).0 > 0 && accepted(&demo).1 > 0).then_some(()));
    std::thread::sleep(Duration::from_secs(1));
    first.kill();

    let over = AtomicBool::new(false);
    let mut random = Random(seed);
    let (lock_ids, job_ids) = std::thread::scope(|scope| {
        let traffic = scope.spawn(|| happen(&demo, &names, seed, &over));
        for kill in 0..KILLS {
            let dials = accepted(&demo);
            let recording = Recording::start(&home);
            if kill % 5 == 0 {
                // Also while it opens its history and connects.
                pause(&mut random, 0, 300);
            } else {
                until("both connections", || {
                    (accepted(&demo).0 > dials.0 && accepted(&demo).1 > dials.1).then_some(())
                });
                pause(&mut random, 150, 600);
            }
            recording.kill();
            pause(&mut random, 0, 150);
        }
        over.store(true, Ordering::Relaxed);
        traffic.join().unwrap()
    });
    let logs: BTreeMap<&str, Vec<Value>> = names.iter().map(|device| (*device, log_of(&demo, device))).collect();
    let logged: usize = logs.values().map(Vec::len).sum();
    assert_eq!(logged, lock_ids.len(), "the service's log has what was asked for");

    let last = Recording::start(&home);
    // What is missing for ever is told below, so this waits no longer than is fair.
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end && (kept_locks(&home).len() < logged || jobs(&home).len() < job_ids.len()) {
        std::thread::sleep(Duration::from_millis(300));
    }
    std::thread::sleep(Duration::from_secs(3));
    last.interrupt();
    compare(&home, &logs, &job_ids)
}

/// Lets locks be used and jobs end, until it is over; answers the ids of both, with the jobs' kinds.
fn happen(demo: &Demo, devices: &[&str], seed: u64, over: &AtomicBool) -> (Vec<String>, HashMap<String, &'static str>) {
    let mut random = Random(seed + 1_000);
    let (mut locks, mut jobs) = (Vec::new(), HashMap::new());
    while !over.load(Ordering::Relaxed) {
        let device = devices[random.below(devices.len() as u64) as usize];
        let iotee = demo.control("iotee");
        locks.push(match random.below(2) {
            0 => iotee.unlock(device, "remote").unwrap(),
            _ => iotee.lock(device, "remote").unwrap(),
        });
        let definition = DEFINITIONS[random.below(3) as usize];
        let hantera = demo.control("hantera");
        let (job, kind) = match random.below(4) {
            0 => (hantera.fail_job(definition).unwrap(), "job.failed"),
            _ => (hantera.complete_job(definition).unwrap(), "job.completed"),
        };
        jobs.insert(job, kind);
        // Two events of one lock are never in the same millisecond.
        pause(&mut random, 10, 60);
    }
    (locks, jobs)
}

fn compare(home: &Home, logs: &BTreeMap<&str, Vec<Value>>, job_ids: &HashMap<String, &'static str>) -> Found {
    let mut found = Found::default();
    let mut kept: HashMap<String, Vec<Value>> = HashMap::new();
    for event in kept_locks(home) {
        kept.entry(lock_id(&event)).or_default().push(event);
    }
    for (device, log) in logs {
        for told in log {
            found.locks += 1;
            let id = told["event_id"].as_str().unwrap();
            let kind = if told["event"] == "lock" { "device.locked" } else { "device.unlocked" };
            match kept.remove(id).as_deref() {
                None => found.lost.push(format!("the lock event {id} of {device} at {}", told["timestamp"])),
                Some([one]) => {
                    if one["kind"] != kind || one["subject"] != **device || one["at"] != told["timestamp"] {
                        found.wrong.push(format!("{told} is kept as {one}"));
                    }
                }
                Some(several) => found.doubled.push(format!("the lock event {id}: {several:?}")),
            }
        }
    }
    found.wrong.extend(kept.keys().map(|id| format!("the lock event {id} is in no log")));

    let mut results: HashMap<String, Vec<Value>> = HashMap::new();
    for event in jobs(home) {
        results.entry(event["subject"].as_str().unwrap().to_owned()).or_default().push(event);
    }
    for (job, kind) in job_ids {
        found.jobs += 1;
        match results.get(job).map(Vec::as_slice) {
            None => found.lost.push(format!("the end of job {job}")),
            Some([one]) if one["kind"] == *kind => {}
            Some([one]) => found.wrong.push(format!("job {job}, {kind}, is kept as {one}")),
            Some(several) => found.doubled.push(format!("the end of job {job}: {several:?}")),
        }
    }

    let alerts: Vec<Value> =
        history(home, &["--alerts"]).into_iter().filter(|alert| alert["rule"] == "opened").collect();
    for (device, log) in logs {
        let of_device: Vec<&Value> = alerts.iter().filter(|alert| alert["subject"] == **device).collect();
        compare_alerts(device, &reference(log), &of_device, &mut found);
    }
    found
}

/// One alert as it must be: when it began, when it was over, how often it happened.
#[derive(Debug, PartialEq, Eq)]
struct Must {
    began: String,
    resolved: Option<String>,
    times: u64,
}

/// What the rule must find, from the service's own log alone.
fn reference(log: &[Value]) -> Vec<Must> {
    let mut alerts: Vec<Must> = Vec::new();
    for event in log {
        let at = event["timestamp"].as_str().unwrap().to_owned();
        let open = alerts.last_mut().filter(|alert| alert.resolved.is_none());
        match (event["event"].as_str().unwrap(), open) {
            ("unlock", Some(open)) => open.times += 1,
            ("unlock", None) => alerts.push(Must { began: at, resolved: None, times: 1 }),
            (_, Some(open)) => open.resolved = Some(at),
            (_, None) => {}
        }
    }
    alerts
}

fn compare_alerts(device: &str, must: &[Must], alerts: &[&Value], found: &mut Found) {
    found.alerts += must.len();
    let mut by_beginning: HashMap<&str, Vec<&Value>> = HashMap::new();
    for alert in alerts {
        by_beginning.entry(alert["began"].as_str().unwrap()).or_default().push(alert);
        path(alert, found);
    }
    for one in must {
        match by_beginning.remove(one.began.as_str()).as_deref() {
            None => found.lost.push(format!("the alert of {device} that began at {}", one.began)),
            Some([alert]) => {
                if alert["resolved"].as_str() != one.resolved.as_deref() {
                    found.wrong.push(format!("{device}: must be {one:?}, is {alert}"));
                }
                found.miscounted += usize::from(alert["times"].as_u64() != Some(one.times));
            }
            Some(several) => found.doubled.push(format!("an alert of {device}: {several:?}")),
        }
    }
    found
        .wrong
        .extend(by_beginning.values().flatten().map(|alert| format!("{device}: there is no reason for {alert}")));
}

/// Each change begins where the one before ended, from nothing over firing to where the alert is.
fn path(alert: &Value, found: &mut Found) {
    let changes = alert["transitions"].as_array().unwrap();
    found.transitions += changes.len();
    let mut at: Option<&str> = None;
    for change in changes {
        if change["from"].as_str() != at {
            found.wrong.push(format!("a change from {} when it was {at:?}: {alert}", change["from"]));
            return;
        }
        at = change["to"].as_str();
    }
    if at != alert["state"].as_str() {
        found.wrong.push(format!("its changes end with {at:?}: {alert}"));
    }
    let to = |state: &str| changes.iter().filter(|change| change["to"] == state).count();
    let begun = changes.iter().filter(|change| change["from"].is_null()).count();
    if begun != 1 || to("resolved") != usize::from(!alert["resolved"].is_null()) {
        found.doubled.push(format!("a beginning or an end: {alert}"));
    }
}

/// The ends of jobs that the history has.
fn jobs(home: &Home) -> Vec<Value> {
    history(home, &["--kind", "job.completed", "--kind", "job.failed"])
}

fn accepted(demo: &Demo) -> (u64, u64) {
    (demo.control("iotee").accepted(), demo.control("hantera").accepted())
}

fn pause(random: &mut Random, least: u64, most: u64) {
    std::thread::sleep(Duration::from_millis(least + random.below(most - least)));
}

/// Numbers without order, the same for the same seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
