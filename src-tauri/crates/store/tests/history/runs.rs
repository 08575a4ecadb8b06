//! The history knows when it was recorded: a time that nobody saw is told from one in which nothing happened.

use std::time::Duration;

use protocol::Timestamp;
use store::History;
use store::history::{Place, Run, Settings};

use crate::support::*;

const HOUR: i64 = 3_600_000;

fn run(from: i64, to: i64) -> Run {
    Run { from: Timestamp(T0 + from), to: Timestamp(T0 + to) }
}

fn all(history: &History) -> Vec<Run> {
    history.runs(Timestamp(0), Timestamp(i64::MAX)).unwrap()
}

/// A process that runs from a time to another.
fn runs(path: &std::path::Path, from: i64, to: i64) -> History {
    let time = Time::new();
    time.set(T0 + from);
    let history = History::open(Place::Disk(path.to_owned()), Settings::default(), time.clock()).unwrap();
    history.journal().event(event("a", 1));
    assert!(history.journal().flush(LONG));
    until("it says that it is there", || all(&history).last().is_some_and(|last| last.from == Timestamp(T0 + from)));
    time.set(T0 + to);
    history
}

#[test]
fn each_run_is_known_from_its_beginning_to_its_end() {
    let (_folder, path) = folder();
    let history = open(&path);
    until("the first run", || all(&history) == [run(0, 0)]);
    drop(history);
    drop(runs(&path, HOUR, HOUR + 30_000));
    let last = runs(&path, 3 * HOUR, 3 * HOUR);
    assert_eq!(all(&last), [run(0, 0), run(HOUR, HOUR + 30_000), run(3 * HOUR, 3 * HOUR)]);
    assert_eq!(last.runs_unknown_until().unwrap(), None, "it was recorded from the file's beginning on");
    let asked = |from: i64, to: i64| last.runs(Timestamp(T0 + from), Timestamp(T0 + to)).unwrap();
    assert_eq!(asked(HOUR + 20_000, 2 * HOUR), [run(HOUR, HOUR + 30_000)]);
    assert_eq!(asked(2 * HOUR, 3 * HOUR), []);
}

#[test]
fn a_machine_that_slept_recorded_nothing_meanwhile() {
    let (_folder, path) = folder();
    // The last word comes an hour after the one before.
    drop(runs(&path, 0, HOUR));
    let later = runs(&path, 2 * HOUR, 2 * HOUR);
    assert_eq!(all(&later), [run(0, 0), run(HOUR, HOUR), run(2 * HOUR, 2 * HOUR)]);
}

#[test]
fn runs_go_with_the_events_of_their_time() {
    let (_folder, path) = folder();
    drop(runs(&path, 0, 30_000));
    let later = runs(&path, 20 * HOUR, 20 * HOUR);
    later.settings(Settings { keep_events: Duration::from_secs(10 * 3_600), ..Settings::default() });
    until("the run that is too old is gone", || all(&later).len() == 1);
    assert_eq!(later.runs_unknown_until().unwrap(), Some(Timestamp(T0 + 30_000)));
}

/// The run goes on, and yet what was recorded in its first hours is not known any more.
#[test]
fn of_the_time_of_events_that_were_deleted_it_is_unknown_what_was_recorded() {
    let (_folder, path) = folder();
    let time = Time::new();
    let history = History::open(Place::Disk(path), Settings::default(), time.clock()).unwrap();
    for hour in 0..10 {
        time.set(T0 + hour * HOUR);
        history.journal().event(event("a", hour * 3_600));
    }
    assert!(history.journal().flush(LONG));
    assert_eq!(history.runs_unknown_until().unwrap(), None);
    let half = Settings { keep_events: Duration::from_secs(4 * 3_600 + 60), ..Settings::default() };
    history.settings(half);
    let unknown = || history.runs_unknown_until().unwrap();
    until("what is too old is gone", || unknown() == Some(Timestamp(T0 + 4 * HOUR)));
    // So it is of what is too much.
    history.settings(Settings { most_bytes: 1, ..half });
    until("what is too much is gone", || unknown() == Some(Timestamp(T0 + 9 * HOUR)));
}
