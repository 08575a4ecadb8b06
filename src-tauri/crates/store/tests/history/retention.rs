//! What is too old or too much goes, little by little, and the rest stays whole.

use std::time::Duration;

use fleet::alert::AlertState;
use protocol::Timestamp;
use store::History;
use store::history::{AlertQuery, Batch, Bucket, EventQuery, EventRecord, Place, Samples, Settings};

use crate::support::*;

const DAY: i64 = 86_400_000;

fn counted(history: &History, text: Option<&str>) -> Vec<i64> {
    let mut query =
        EventQuery { limit: 5_000, oldest_first: true, text: text.map(Into::into), ..EventQuery::default() };
    let mut numbers = Vec::new();
    loop {
        let page = history.events(&query).unwrap();
        numbers.extend(page.events.iter().map(|event| (event.at.unwrap().millis() - T0) / 1_000));
        query.after = page.events.last().map(|event| event.id);
        if !page.more {
            return numbers;
        }
    }
}

#[test]
fn what_is_too_old_goes_and_alerts_stay() {
    let time = Time::new();
    let (_folder, path) = folder();
    let history = History::open(Place::Disk(path.clone()), Settings::default(), time.clock()).unwrap();
    let journal = history.journal();
    // One a minute over two days.
    let events: Vec<EventRecord> = (0..2_880)
        .map(|number| EventRecord { subject: format!("device-{number}"), ..event("a", number * 60) })
        .collect();
    journal.batch(Batch { events, alerts: vec![alert(1)], ..Batch::default() });
    for slot in 0..200 {
        time.set(T0 + slot * 600_000);
        journal.samples(Samples {
            connection: "a".into(),
            subject: "device-1".into(),
            from: Timestamp(T0 + slot * 600_000),
            fields: vec![("x".into(), Bucket::one(1.0))],
        });
        assert!(slot % 20 > 0 || journal.flush(LONG));
    }
    time.set(T0 + 2 * DAY);
    let day = Duration::from_secs(86_400);
    let keep = Settings { keep_events: day, keep_fine: day / 2, keep_coarse: day, ..Settings::default() };
    history.settings(keep);
    until("the first day's events go", || {
        history.journal().flush(LONG);
        counted(&history, None).len() == 1_440
    });
    assert_eq!(counted(&history, None), (1_440..2_880).map(|minute| minute * 60).collect::<Vec<_>>());
    assert_eq!(counted(&history, Some("rfid")).len(), 1_440);
    until("the oldest is told", || history.health().oldest == Some(Timestamp(T0 + DAY)));
    assert_eq!(history.alerts(&AlertQuery::default()).unwrap().total, 1);
    let series =
        |points| history.series("a", "device-1", "x", Timestamp(T0), Timestamp(T0 + 2 * DAY), points).unwrap().times;
    until("numbers go", || series(10_000).first().is_some_and(|time| *time as i64 * 1_000 >= T0 + DAY - 3_600_000));
    assert!(series(10_000).len() > 40, "{}", series(10_000).len());
    // A device that has not been heard since long is forgotten with its last number.
    history.settings(Settings { keep_events: 60 * day, ..keep });
    time.pass_to(&history, T0 + 40 * DAY);
    until("it is forgotten", || history.series_subjects("a").unwrap().is_empty());
    drop((journal, history));

    // The names of what is gone are gone as well.
    let file = rusqlite::Connection::open(&path).unwrap();
    let names: i64 = file.query_row("SELECT count(*) FROM subject", [], |row| row.get(0)).unwrap();
    assert!((1_440..1_500).contains(&names), "{names}");
    file.execute_batch("INSERT INTO word (word, rank) VALUES ('integrity-check', 0)").unwrap();
    let whole: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
}

/// A machine may be started with a wrong clock, and set right a minute later.
#[test]
fn a_clock_that_is_ahead_deletes_nothing() {
    const AHEAD: i64 = T0 + 400 * DAY;
    let (_folder, path) = folder();
    with_events(&path, 60);
    let at = |millis: i64| {
        let time = Time::new();
        time.set(millis);
        let history = History::open(Place::Disk(path.clone()), Settings::default(), time.clock()).unwrap();
        (history, time)
    };
    let all: Vec<i64> = (0..60).collect();
    // The second start finds that somebody was there under the wrong clock.
    for start in ["the first start", "the second"] {
        let (history, _) = at(AHEAD);
        for _ in 0..3 {
            stir(&history);
        }
        assert_eq!(counted(&history, None), all, "{start}");
    }
    let (history, time) = at(T0 + DAY);
    stir(&history);
    stir(&history);
    time.set(AHEAD);
    for _ in 0..3 {
        stir(&history);
    }
    assert_eq!(counted(&history, None), all, "while it runs");
    drop(history);

    // It stayed there for an hour: so long ago it is.
    let file = rusqlite::Connection::open(&path).unwrap();
    assert_eq!(file.execute("UPDATE fact SET value = 3600000 WHERE name = 'doubted'", []).unwrap(), 1);
    drop(file);
    let (history, _) = at(AHEAD);
    until("what is too old goes", || {
        stir(&history);
        counted(&history, None).is_empty()
    });
}

#[test]
fn what_is_too_much_goes_the_oldest_first() {
    let time = Time::new();
    let (_folder, path) = folder();
    let history = History::open(Place::Disk(path.clone()), Settings::default(), time.clock()).unwrap();
    let journal = history.journal();
    let mut resolved = alert(1);
    resolved.state = AlertState::Resolved;
    resolved.resolved = Some(Timestamp(T0));
    journal.batch(Batch { alerts: vec![resolved, alert(2)], ..Batch::default() });
    for thousand in 0..10 {
        let events = (0..1_000)
            .map(|number| {
                let event = event("a", thousand * 1_000 + number);
                EventRecord { data: format!(r#"{{"text":"{}"}}"#, "lorem ipsum ".repeat(20)), ..event }
            })
            .collect();
        journal.batch(Batch { events, ..Batch::default() });
    }
    assert!(journal.flush(LONG));
    time.set(T0 + 20_000_000);
    let file = rusqlite::Connection::open(&path).unwrap();
    let number = |name: &str| file.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap().cast_unsigned();
    let before = number("page_count") * 4096;
    let most = 2 << 20;
    assert!(before > 2 * most, "{before}");
    history.settings(Settings { most_bytes: most, ..Settings::default() });
    until("the oldest go", || {
        history.journal().flush(LONG);
        (number("page_count") - number("freelist_count")) * 4096 <= most
    });
    let left = counted(&history, None);
    assert!(left.len() > 1_000 && left.len() < 6_000, "{}", left.len());
    assert_eq!(*left.last().unwrap(), 9_999, "the newest stay");
    assert!(left.windows(2).all(|pair| pair[1] == pair[0] + 1), "and only the oldest went");
    assert_eq!(counted(&history, Some("ipsum")), left);
    assert_eq!(history.alerts(&AlertQuery::default()).unwrap().total, 2, "alerts go last");
    until("the file is smaller", || std::fs::metadata(&path).unwrap().len() < most + (3 << 20));
    println!("{before} bytes before, {} after, {} events left", std::fs::metadata(&path).unwrap().len(), left.len());
}
