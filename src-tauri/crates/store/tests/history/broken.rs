//! Files that are broken, of another program or of a later one.

use std::fs;
use std::path::{Path, PathBuf};

use protocol::Timestamp;
use store::History;
use store::history::{EventQuery, HistoryError};

use crate::support::*;

fn set_aside(path: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|file| {
            file.to_string_lossy().contains(".corrupt-") && file.extension().is_some_and(|end| end == "sqlite3")
        })
        .collect()
}

#[test]
fn a_broken_file_is_set_aside_as_it_is_and_another_begun() {
    type Break = fn(&mut Vec<u8>);
    let ways: [(&str, Break); 5] = [
        ("overwritten", |bytes| bytes[100..].iter_mut().for_each(|byte| *byte = 0xa5)),
        ("another file", |bytes| *bytes = b"these are the minutes of a meeting, and long enough to be ".repeat(100)),
        ("cut in half", |bytes| bytes.truncate(bytes.len() / 2 / 4096 * 4096)),
        ("cut to a part of a page", |bytes| bytes.truncate(5_000)),
        ("its first page gone", |bytes| bytes[..4096].fill(0)),
    ];
    for (name, breaks) in ways {
        let (_folder, path) = folder();
        with_events(&path, 500);
        let mut bytes = fs::read(&path).unwrap();
        breaks(&mut bytes);
        fs::write(&path, &bytes).unwrap();
        let history = open(&path);
        let _ = numbers(&history);
        history.journal().event(event("a", 700));
        // A page in the middle is found when it is met.
        until(name, || history.health().set_aside.is_some());
        history.journal().event(event("a", 701));
        assert!(history.journal().flush(LONG), "{name}");
        assert_eq!(numbers(&history).unwrap(), [700, 701], "{name}");
        assert_eq!(history.runs_unknown_until().unwrap(), Some(Timestamp(T0)), "{name}: that went with it");
        let aside = set_aside(&path);
        assert_eq!(aside, [history.health().set_aside.unwrap()], "{name}");
        assert_eq!(fs::read(&aside[0]).unwrap(), bytes, "{name}: it is as it was found");
        assert_eq!(history.health().problem, None, "{name}");
    }
}

#[test]
fn a_page_that_is_broken_in_the_middle_is_found_when_it_is_read() {
    let (_folder, path) = folder();
    with_events(&path, 3_000);
    let mut bytes = fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    // Not the first pages, which have the schema and the roots that are looked at when it is opened.
    bytes[pages / 2 * 4096..(pages / 2 + 40) * 4096].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let history = open(&path);
    let error = loop {
        match numbers(&history) {
            Ok(_) if set_aside(&path).is_empty() => {
                let search = EventQuery { text: Some("rfid".into()), ..EventQuery::default() };
                if let Err(error) = history.events(&search) {
                    break error;
                }
            }
            Ok(_) => panic!("set aside without a word"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("damaged"), "{error}");
    history.journal().event(event("a", 1));
    until("a new file", || history.health().set_aside.is_some());
    until("reading the new one", || numbers(&history).is_ok_and(|numbers| numbers == [1]));
}

#[test]
fn what_is_not_ours_or_of_tomorrow_is_left_alone() {
    let (_folder, path) = folder();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE recipe (text TEXT); INSERT INTO recipe VALUES ('soup')").unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    assert!(matches!(try_open(&path), Err(HistoryError::Foreign { .. })));
    assert_eq!(fs::read(&path).unwrap()[100..], before[100..]);

    let (_folder, path) = folder();
    with_events(&path, 3);
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let error = try_open(&path).unwrap_err();
    assert!(error.to_string().contains("its version is 99"), "{error}");
    let reading = History::open_read_only(path.clone(), Time::new().clock());
    assert!(matches!(reading, Err(HistoryError::Newer { found: 99, .. })));
    assert!(set_aside(&path).is_empty());
}
