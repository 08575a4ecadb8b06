//! Numbers over time: what is read is what was handed over, in ten seconds, in minutes, and in what a chart shows.

use std::path::Path;
use std::sync::Arc;

use protocol::Timestamp;
use store::History;
use store::history::{Bucket, Filled, GapRecord, Place, Points, Samples, Settings, Taken};

use crate::support::*;

const SLOT: i64 = 10_000;
/// A whole hour.
const BEGIN: i64 = T0 / 3_600_000 * 3_600_000;

fn sample(subject: &str, slot: i64, fields: &[(&str, Bucket)]) -> Samples {
    Samples {
        connection: "locks".into(),
        subject: subject.into(),
        from: Timestamp(BEGIN + slot * SLOT + 3),
        fields: fields.iter().map(|(name, bucket)| (Arc::from(*name), *bucket)).collect(),
    }
}

/// A voltage that falls, with a little noise.
fn voltage(slot: i64) -> Bucket {
    let mut bucket = Bucket::one(12.6 - (slot / 60) as f64 / 100.0);
    bucket.add(bucket.min - (slot % 7) as f64 / 100.0);
    bucket
}

fn ask(history: &History, from: i64, to: i64, points: usize) -> Points {
    let [from, to] = [from, to].map(|slot| Timestamp(BEGIN + slot * SLOT));
    history.series("locks", "d1", "voltage", from, to, points).unwrap()
}

/// The same from the samples themselves.
fn expected(from: i64, to: i64, step: i64) -> Vec<(i64, Bucket)> {
    let mut buckets: Vec<(i64, Bucket)> = Vec::new();
    for slot in from..to {
        let begin = slot / step * step;
        match buckets.last_mut() {
            Some((last, bucket)) if *last == begin => bucket.merge(voltage(slot)),
            _ => buckets.push((begin, voltage(slot))),
        }
    }
    buckets
}

fn assert_same(points: &Points, expected: &[(i64, Bucket)]) {
    assert_eq!(points.times.len(), expected.len());
    for (at, (slot, bucket)) in expected.iter().enumerate() {
        assert_eq!(points.times[at], (BEGIN + slot * SLOT) as f64 / 1_000.0);
        assert!((points.min[at] - bucket.min).abs() < 1e-9, "{at}: {} {}", points.min[at], bucket.min);
        assert!((points.max[at] - bucket.max).abs() < 1e-9);
        assert!((points.mean[at] - bucket.mean()).abs() < 1e-4, "{at}: {} {}", points.mean[at], bucket.mean());
        assert_eq!(points.count[at], bucket.count);
    }
}

/// Waits until all before a slot is packed.
fn packed(history: &History, path: &Path, before: i64) {
    let file = rusqlite::Connection::open(path).unwrap();
    let before = (BEGIN + before * SLOT) / SLOT;
    until("packing", || {
        history.journal().samples(sample("other", 0, &[("x", Bucket::one(1.0))]));
        history.journal().flush(LONG);
        let left: i64 = file
            .query_row(
                "SELECT count(*) FROM fresh JOIN entity ON id = entity WHERE subject = 'd1' AND slot < ?1",
                [before],
                |row| row.get(0),
            )
            .unwrap();
        left == 0
    });
}

#[test]
fn numbers_are_read_at_every_width_before_and_after_they_are_packed() {
    let time = Time::new();
    let (_folder, path) = folder();
    let history = History::open(Place::Disk(path.clone()), Settings::default(), time.clock()).unwrap();
    let journal = history.journal();
    const SLOTS: i64 = 3 * 360;
    for slot in 0..SLOTS {
        time.set(BEGIN + slot * SLOT);
        let fields = [("voltage", voltage(slot)), ("satellites", Bucket::one(7.0))];
        assert_eq!(journal.samples(sample("d1", slot, &fields)), Taken::Yes);
    }
    assert!(journal.flush(LONG));
    for after in [false, true] {
        if after {
            time.set(BEGIN + SLOTS * SLOT + 3_600_000);
            packed(&history, &path, SLOTS);
        }
        assert_same(&ask(&history, 0, SLOTS, 10_000), &expected(0, SLOTS, 1));
        assert_same(&ask(&history, 100, 200, 100), &expected(100, 200, 1));
        assert_same(&ask(&history, 0, SLOTS, SLOTS as usize / 3), &expected(0, SLOTS, 3));
        assert_same(&ask(&history, 0, SLOTS, SLOTS as usize / 6), &expected(0, SLOTS, 6));
        assert_same(&ask(&history, 0, SLOTS, 18), &expected(0, SLOTS, 60));
    }
    let file = rusqlite::Connection::open(&path).unwrap();
    let bytes: i64 =
        file.query_row("SELECT sum(length(data)) FROM fine WHERE id >> 24 = 1", [], |row| row.get(0)).unwrap();
    println!("{:.2} bytes for a sample of ten seconds", bytes as f64 / SLOTS as f64 / 2.0);
    assert_eq!(history.series_names("locks", "d1").unwrap(), ["satellites", "voltage"]);
    assert_eq!(history.series_subjects("locks").unwrap(), ["d1", "other"]);
    assert_eq!(
        history.series("locks", "d1", "nothing", Timestamp(0), Timestamp(T0 * 2), 10).unwrap(),
        Points::default()
    );
}

#[test]
fn a_sample_that_comes_late_joins_its_minute() {
    let time = Time::new();
    let (_folder, path) = folder();
    let history = History::open(Place::Disk(path.clone()), Settings::default(), time.clock()).unwrap();
    let journal = history.journal();
    journal.samples(sample("d1", 0, &[("voltage", Bucket::one(5.0))]));
    journal.samples(sample("d1", 2, &[("voltage", Bucket::one(7.0))]));
    time.set(BEGIN + 700_000);
    packed(&history, &path, 60);
    journal.samples(sample("d1", 1, &[("voltage", Bucket::one(1.0))]));
    journal.samples(sample("d1", 2, &[("voltage", Bucket::one(9.0))]));
    assert!(journal.flush(LONG));
    time.set(BEGIN + 1_400_000);
    packed(&history, &path, 60);
    let fine = ask(&history, 0, 3, 3);
    assert_eq!((fine.min, fine.max, fine.count), (vec![5.0, 1.0, 7.0], vec![5.0, 1.0, 9.0], vec![1, 1, 2]));
    let minute = ask(&history, 0, 6, 1);
    assert_eq!((minute.min, minute.max, minute.count), (vec![1.0], vec![9.0], vec![4]));
    // A mean is kept to a part in 65,535 of what lies between least and greatest.
    assert!((minute.mean[0] - 5.5).abs() < 8.0 / 65_535.0);
}

#[test]
fn a_gap_stays_a_gap() {
    let time = Time::new();
    let (_folder, path) = folder();
    let history = History::open(Place::Disk(path.clone()), Settings::default(), time.clock()).unwrap();
    let journal = history.journal();
    for slot in (0..30).chain(60..90) {
        time.set(BEGIN + slot * SLOT);
        journal.samples(sample("d1", slot, &[("voltage", Bucket::one(5.0))]));
    }
    // A short one that only the connection knows of.
    journal.gap(GapRecord {
        connection: "locks".into(),
        from: Timestamp(BEGIN + 75 * SLOT + 1_000),
        to: Some(Timestamp(BEGIN + 77 * SLOT + 1_000)),
        cause: "The service closed.".into(),
        filled: Filled::No,
    });
    assert!(journal.flush(LONG));
    let points = ask(&history, 0, 90, 1_000);
    let gaps: Vec<i64> = points
        .times
        .iter()
        .zip(&points.mean)
        .filter(|(_, mean)| mean.is_nan())
        .map(|(time, _)| (*time as i64 * 1_000 - BEGIN) / SLOT)
        .collect();
    assert_eq!(gaps, [30, 76]);
    assert!(points.times.is_sorted());
    assert_eq!(points.times.len(), 62);
}

#[test]
fn what_cannot_be_is_dropped_and_counted() {
    let time = Time::new();
    let (_folder, path) = folder();
    let history = History::open(Place::Disk(path.clone()), Settings::default(), time.clock()).unwrap();
    let journal = history.journal();
    journal.samples(sample("d1", 0, &[("voltage", Bucket::one(f64::NAN))]));
    journal.samples(sample("d1", 1_000_000, &[("voltage", Bucket::one(1.0))]));
    journal.samples(sample("d1", -1_000_000, &[("voltage", Bucket::one(1.0))]));
    journal.samples(sample("d1", 0, &[]));
    assert!(journal.flush(LONG));
    assert_eq!(history.health().samples_dropped, 4);
    assert!(ask(&history, -2_000_000, 2_000_000, 10).times.is_empty());
}
