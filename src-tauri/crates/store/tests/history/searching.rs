//! Events are found by time, source, subject and words, page by page, and no text is too odd to search for.

use protocol::{Kind, Timestamp};
use store::History;
use store::history::{Batch, EventQuery, EventRecord};

use crate::support::*;

/// A thousand events: two connections, three kinds, ten subjects, a word in every tenth.
fn thousand(history: &History) -> Vec<EventRecord> {
    let events: Vec<EventRecord> = (0..1_000)
        .map(|number| EventRecord {
            kind: [Kind::DeviceUnlocked, Kind::DeviceLocked, Kind::JobFailed][usize::try_from(number % 3).unwrap()],
            data: format!(
                r#"{{"source":"{}","note":"Tür {number}"}}"#,
                if number % 10 == 0 { "keypad" } else { "rfid" }
            ),
            ..event(if number % 4 == 0 { "a" } else { "b" }, number)
        })
        .collect();
    // Handed over in an order that is not that of their times.
    let (late, early) = events.split_at(500);
    for part in [early, late] {
        history.journal().batch(Batch { events: part.to_vec(), ..Batch::default() });
    }
    assert!(history.journal().flush(LONG));
    events
}

fn times(history: &History, query: &EventQuery) -> Vec<i64> {
    let mut query = query.clone();
    let mut times = Vec::new();
    loop {
        let page = history.events(&query).unwrap();
        assert!(page.events.len() <= query.limit);
        times.extend(page.events.iter().map(|event| event.at.unwrap().millis()));
        query.after = page.events.last().map(|event| event.id);
        if !page.more {
            return times;
        }
    }
}

#[test]
fn each_question_gives_what_a_look_at_every_event_gives() {
    let (_folder, path) = folder();
    let history = open(&path);
    let events = thousand(&history);
    let base = EventQuery { limit: 37, ..EventQuery::default() };
    let mut asked = 0;
    for connections in [vec![], vec!["a".to_owned()], vec!["a".into(), "b".into(), "none".into()]] {
        for kinds in [vec![], vec![Kind::JobFailed], vec![Kind::DeviceLocked, Kind::DeviceUnlocked]] {
            for subject in [None, Some("device-3"), Some("device-*"), Some("*[1-3]"), Some("device-?")] {
                for text in [None, Some("KEYP*"), Some("tür rfid")] {
                    for span in [(None, None), (Some(T0 + 100_000), Some(T0 + 900_000))] {
                        for oldest_first in [false, true] {
                            let query = EventQuery {
                                connections: connections.clone(),
                                kinds: kinds.clone(),
                                subject: subject.map(Into::into),
                                text: text.map(Into::into),
                                from: span.0.map(Timestamp),
                                to: span.1.map(Timestamp),
                                oldest_first,
                                ..base.clone()
                            };
                            let mut expected: Vec<i64> = events
                                .iter()
                                .filter(|event| {
                                    let at = event.at.unwrap().millis();
                                    (connections.is_empty()
                                        || connections.iter().any(|name| **name == *event.connection))
                                        && (kinds.is_empty() || kinds.contains(&event.kind))
                                        && match subject {
                                            None | Some("device-*" | "device-?") => true,
                                            Some("*[1-3]") => false,
                                            Some(name) => name == event.subject,
                                        }
                                        && match text {
                                            None => true,
                                            Some("KEYP*") => event.data.contains("keypad"),
                                            Some(_) => event.data.contains("rfid"),
                                        }
                                        && span.0.is_none_or(|from| at >= from)
                                        && span.1.is_none_or(|to| at < to)
                                })
                                .map(|event| event.at.unwrap().millis())
                                .collect();
                            if !oldest_first {
                                expected.reverse();
                            }
                            assert_eq!(times(&history, &query), expected, "{query:?}");
                            asked += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(asked, 3 * 3 * 5 * 3 * 2 * 2);
}

#[test]
fn no_text_is_an_error() {
    let (_folder, path) = folder();
    let history = open(&path);
    thousand(&history);
    for text in [
        "\"",
        "\"\"",
        "'",
        "keypad\"",
        "(",
        ")",
        "NOT",
        "AND",
        "OR keypad",
        "NEAR(",
        "*",
        "keypad*",
        "^keypad",
        "text:keypad",
        "- keypad",
        "{a b}: c",
        "+",
        "a + b",
        "\u{0}",
        "keypad\u{0}",
        "💡",
        "%",
        "_",
        "'; DROP TABLE event; --",
        "\\",
        "0x00",
        "é́́",
        "ــ",
        "𝕜𝕖𝕪",
        &"word ".repeat(1_000),
        &"x".repeat(100_000),
        &"(".repeat(10_000),
    ] {
        for subject in [None, Some(text)] {
            let query = EventQuery {
                text: Some(text.into()),
                subject: subject.map(Into::into),
                limit: 5,
                ..EventQuery::default()
            };
            if let Err(error) = history.events(&query) {
                panic!("{text:?}: {error}");
            }
        }
    }
    for text in ["keypad\"", "text:keypad", "- keypad", "keypad\u{0}"] {
        let query = EventQuery { text: Some(text.into()), limit: 5, ..EventQuery::default() };
        let found = history.events(&query).unwrap().events.len();
        assert!(found == 5 || text.starts_with("text"), "{text:?}: {found}");
    }
}

#[test]
fn nothing_but_what_was_handed_over_is_in_the_files() {
    let (folder, path) = folder();
    // What must not be there is masked by the caller; what is in the process besides is no business of the file.
    let planted = String::from("planted-secret-8f1c");
    let history = open(&path);
    let masked = EventRecord { data: r#"{"code":"•••","source":"keypad"}"#.into(), ..event("a", 1) };
    history.journal().event(masked);
    assert!(history.journal().flush(LONG));
    drop(history);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(planted.len()).any(|part| part == planted.as_bytes()));
    }
    // Names by which events are known are kept as sixteen bytes only: a service may put what it likes into them.
    let bytes = std::fs::read(&path).unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("keypad") && !has("id-1") && !has("unlocked|1"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_report_counts_by_hour_and_by_definition() {
    let (_folder, path) = folder();
    let history = open(&path);
    let hour = T0 / 3_600_000 * 3_600_000;
    let job = |kind: Kind, job: i64, at: i64| EventRecord {
        kind,
        subject: format!("job-{job}"),
        definition: Some("nightly".into()),
        at: Some(Timestamp(hour + at)),
        received: Timestamp(hour + at),
        identity: Some(format!("{job}-{}", kind.name())),
        tuple: None,
        ..event("jobs", job)
    };
    let journal = history.journal();
    for number in 0..10 {
        journal.event(job(Kind::JobStarted, number, number * 1_000));
        let end = if number < 3 { Kind::JobFailed } else { Kind::JobCompleted };
        journal.event(job(end, number, 3_600_000 + number * 2_000));
    }
    journal.event(job(Kind::JobCompleted, 99, 3_700_000));
    assert!(journal.flush(LONG));
    let hours = history.hours(Timestamp(hour), Timestamp(hour + 2 * 3_600_000)).unwrap();
    let counts: Vec<_> = hours.iter().map(|count| (count.hour.millis() - hour, count.kind, count.count)).collect();
    assert_eq!(
        counts,
        [(0, Kind::JobStarted, 10), (3_600_000, Kind::JobCompleted, 8), (3_600_000, Kind::JobFailed, 3)]
    );
    let definitions = history.definitions(Timestamp(hour), Timestamp(hour + 2 * 3_600_000)).unwrap();
    assert_eq!(definitions.len(), 1);
    let nightly = &definitions[0];
    assert_eq!((nightly.definition.as_str(), nightly.completed, nightly.failed), ("nightly", 8, 3));
    assert_eq!(nightly.mean_millis, Some(3_604_500.0));
    assert_eq!(nightly.longest_millis, Some(3_609_000));
}
