//! A process that writes is killed at any moment, hundreds of times: what it said is written is there, once, and what was
//! handed over together is there whole or not at all.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Duration;

use fleet::alert::AlertState;
use protocol::Kind;
use store::history::{AlertQuery, Batch, EventQuery, EventRecord};

use crate::support::*;

const KILLS: u64 = 220;
/// Events of a batch: nine locks and the result of a job.
const EVENTS: i64 = 10;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_doubled_over_hundreds_of_kills() {
    let (_folder, path) = folder();
    let mut dice = Dice::new(7);
    let mut acknowledged = -1;
    for kill in 0..KILLS {
        let mut child = again("kill::writer_to_be_killed", &path)
            .env("SEED", kill.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // Some are killed while they open the file, most while they write, and many of these once they wrote something.
        if kill % 10 != 0 {
            assert!(lines.any(|line| line == "open"), "the writer ended before it began");
        }
        if kill % 3 == 1 {
            acknowledged = acknowledged.max(lines.find_map(|line| batch(&line)).expect("the writer writes"));
        }
        std::thread::sleep(Duration::from_micros(dice.below(40_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged = lines.filter_map(|line| batch(&line)).fold(acknowledged, i64::max);
    }

    let history = open(&path);
    assert_eq!(history.health().set_aside, None);
    let mut events: BTreeMap<i64, u32> = BTreeMap::new();
    let mut query = EventQuery { limit: 5_000, oldest_first: true, ..EventQuery::default() };
    loop {
        let page = history.events(&query).unwrap();
        for event in &page.events {
            *events.entry((event.at.unwrap().millis() - T0) / 1_000).or_default() += 1;
        }
        query.after = page.events.last().map(|event| event.id);
        if !page.more {
            break;
        }
    }
    let batches = i64::try_from(events.len()).unwrap() / EVENTS;
    assert!(batches > acknowledged, "{batches} batches are there, {acknowledged} was acknowledged");
    let sent: BTreeMap<i64, u32> = (0..batches * EVENTS).map(|number| (number, 1)).collect();
    assert_eq!(events, sent, "each event once, none missing, and no batch in part");
    assert_eq!(usize::try_from(batches).unwrap(), history.alerts(&AlertQuery::default()).unwrap().total);
    for batch in 0..batches {
        let story = history.alert(alert(batch.cast_unsigned()).id).unwrap();
        assert_eq!(story.transitions.len(), 2, "the alert of batch {batch}");
    }
    println!("{KILLS} kills, {batches} batches there, {acknowledged} acknowledged");
}

/// The batch up to which a line of the writer says that all is written.
fn batch(line: &str) -> Option<i64> {
    line.strip_prefix("ack ")?.parse().ok()
}

#[test]
#[ignore = "a part of the test above, in a process of its own"]
fn writer_to_be_killed() {
    let Some(path) = path_of_child() else { return };
    let mut dice = Dice::new(std::env::var("SEED").unwrap().parse().unwrap());
    let history = open(&path);
    let journal = history.journal();
    let mut out = std::io::stdout();
    out.write_all(b"\nopen\n").unwrap();
    // As a backfill does: from a while before what is known, so that much comes again.
    let known = history.last_event("locks").unwrap().map_or(0, |last| (last.millis() - T0) / 1_000 / EVENTS);
    let mut next = (known - 5).max(0);
    loop {
        for _ in 0..=dice.below(20) {
            journal.batch(numbered(next));
            next += 1;
        }
        if dice.below(3) > 0 {
            assert!(journal.flush(LONG));
            out.write_all(format!("ack {}\n", next - 1).as_bytes()).unwrap();
        }
    }
}

fn numbered(batch: i64) -> Batch {
    let mut events: Vec<EventRecord> = (0..EVENTS).map(|number| event("locks", batch * EVENTS + number)).collect();
    if let Some(job) = events.last_mut() {
        job.kind = Kind::JobFailed;
        job.definition = Some("nightly".into());
    }
    let alert = alert(batch.cast_unsigned());
    let transitions = vec![
        transition(&alert, T0, None, AlertState::Pending),
        transition(&alert, T0 + 60_000, Some(AlertState::Pending), AlertState::Firing),
    ];
    Batch { events, alerts: vec![alert], transitions, ..Batch::default() }
}
