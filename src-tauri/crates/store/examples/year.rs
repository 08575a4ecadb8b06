//! Makes a history of a year with so many events, then measures what a window asks of it.
//!
//! `cargo run --release -p store --example year -- 10000000 [FILE]`

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Context;
use std::time::{Duration, Instant};

use protocol::{Kind, Timestamp};
use store::History;
use store::history::{Batch, Bucket, EventQuery, EventRecord, Place, Samples, Settings};

const DAY: i64 = 86_400_000;
const YEAR: i64 = 365 * DAY;
const END: i64 = 1_798_000_000_000;
const LONG: Duration = Duration::from_secs(3_600);

fn main() {
    let mut args = std::env::args().skip(1);
    let count: i64 = args.next().and_then(|count| count.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a folder");
    let path = args.next().map_or_else(|| folder.path().join("history.sqlite3"), PathBuf::from);
    let all = Settings { keep_events: Duration::from_secs(400 * 86_400), most_bytes: u64::MAX, ..Settings::default() };
    let now = Arc::new(AtomicI64::new(END));
    let open = || {
        let now = now.clone();
        let clock = Arc::new(move || Timestamp(now.load(Ordering::Relaxed)));
        History::open(Place::Disk(path.clone()), all, clock).expect("a history")
    };

    let history = open();
    let begin = Instant::now();
    events(&history, count);
    assert!(history.journal().flush(LONG));
    let took = begin.elapsed();
    drop(history);
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    println!(
        "{count} events in {took:.1?}, {:.0} a second, {} bytes each",
        count as f64 / took.as_secs_f64(),
        bytes as i64 / count.max(1)
    );

    let begin = Instant::now();
    let history = open();
    println!("open: {:.1?}", begin.elapsed());
    let last_day =
        EventQuery { from: Some(Timestamp(END - DAY)), to: Some(Timestamp(END)), limit: 200, ..EventQuery::default() };
    ask(&history, "the last day, first page", &last_day);
    ask(&history, "the last day, whole (up to 10,000)", &EventQuery { limit: 10_000, ..last_day.clone() });
    ask(
        &history,
        "a day in the middle",
        &EventQuery {
            from: Some(Timestamp(END - YEAR / 2)),
            to: Some(Timestamp(END - YEAR / 2 + DAY)),
            ..last_day.clone()
        },
    );
    let ever = EventQuery { limit: 200, ..EventQuery::default() };
    ask(&history, "ever, one connection", &EventQuery { connections: vec!["connection-3".into()], ..ever.clone() });
    ask(&history, "ever, a rare kind", &EventQuery { kinds: vec![Kind::StreamWarning], ..ever.clone() });
    ask(&history, "ever, one device", &EventQuery { subject: Some("device-77".into()), ..ever.clone() });
    ask(&history, "ever, devices by glob", &EventQuery { subject: Some("device-7*".into()), ..ever.clone() });
    ask(&history, "ever, a common word", &EventQuery { text: Some("rfid".into()), ..ever.clone() });
    ask(&history, "ever, a common beginning", &EventQuery { text: Some("rfi*".into()), ..ever.clone() });
    ask(&history, "ever, a rare word", &EventQuery { text: Some("zeppelin".into()), ..ever.clone() });
    ask(
        &history,
        "ever, a word and a device",
        &EventQuery { text: Some("rfid".into()), subject: Some("device-77".into()), ..ever },
    );
    let begin = Instant::now();
    let last = history.last_event("connection-3").expect("an answer");
    println!("last event of a connection: {:.1?} ({last:?})", begin.elapsed());
    let begin = Instant::now();
    let hours = history.hours(Timestamp(END - DAY), Timestamp(END)).expect("an answer").len();
    println!("counts of the last day: {:.1?} ({hours} rows)", begin.elapsed());

    numbers(&history);
    now.fetch_add(3_600_000, Ordering::Relaxed);
    sizes(&path);
}

fn ask(history: &History, name: &str, query: &EventQuery) {
    let begin = Instant::now();
    let page = history.events(query).expect("an answer");
    println!("{name}: {:.1?} ({} events)", begin.elapsed(), page.events.len());
}

fn events(history: &History, count: i64) {
    let journal = history.journal();
    let mut dice = 0x9e37_79b9_7f4a_7c15u64;
    let mut roll = |below: u64| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice >> 20) % below
    };
    let mut batch = Batch::default();
    for number in 0..count {
        let at = Timestamp(
            END - YEAR + i64::try_from(i128::from(YEAR) * i128::from(number) / i128::from(count)).unwrap_or(0),
        );
        let device = roll(5_000);
        let kind = match roll(1_000) {
            0 => Kind::StreamWarning,
            1..100 => Kind::JobCompleted,
            100..120 => Kind::JobFailed,
            odd if odd % 2 == 0 => Kind::DeviceLocked,
            _ => Kind::DeviceUnlocked,
        };
        let is_job = matches!(kind, Kind::JobCompleted | Kind::JobFailed);
        let uuid = format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            roll(1 << 32),
            roll(1 << 16),
            roll(1 << 12),
            roll(1 << 12),
            roll(1 << 44)
        );
        let word = if roll(1_000_000) == 0 { "zeppelin" } else { "rfid" };
        batch.events.push(EventRecord {
            connection: format!("connection-{}", device % 8).into(),
            kind,
            subject: if is_job { uuid.clone() } else { format!("device-{device}") },
            definition: is_job.then(|| format!("definition-{}", roll(40))),
            at: Some(at),
            received: Timestamp(at.millis() + 35),
            data: format!(r#"{{"id":"{uuid}","hardwareId":"device-{device}","source":"{word}","success":true,"code":"•••","batteryVoltage":{:.2},"createdAt":"{at}"}}"#, 11.0 + roll(200) as f64 / 100.0),
            identity: Some(uuid),
            tuple: Some(format!("{device}|{}|{}", kind.name(), at.millis())),
        });
        if batch.events.len() == 1_000 || number + 1 == count {
            while !journal.room() {
                let mut context = Context::from_waker(std::task::Waker::noop());
                let _ = journal.poll_room(&mut context);
                std::thread::sleep(Duration::from_millis(1));
            }
            journal.batch(std::mem::take(&mut batch));
        }
    }
}

/// A hundred devices with five numbers each, for two hours before the end.
fn numbers(history: &History) {
    let journal = history.journal();
    let names: [Arc<str>; 5] = ["battery_voltage", "temperature", "latitude", "satellites", "signal"].map(Arc::from);
    let begin = Instant::now();
    for slot in 0..720i64 {
        for device in 0..100i64 {
            let wave = ((slot * 7 + device * 13) % 100) as f64;
            let values = [
                12.6 - (slot / 20) as f64 / 100.0,
                20.0 + wave / 10.0,
                59.334_591 + wave / 1e6,
                7.0,
                -60.0 - wave / 4.0,
            ];
            let fields = names.iter().cloned().zip(values.map(|value| {
                let mut bucket = Bucket::one((value * 1e6).round() / 1e6);
                if device % 2 == 0 {
                    bucket.add((value * 1e2).round() / 1e2);
                }
                bucket
            }));
            journal.samples(Samples {
                connection: "connection-1".into(),
                subject: format!("device-{device}").into(),
                from: Timestamp(END - 7_800_000 + slot * 10_000),
                fields: fields.collect(),
            });
        }
        if slot % 60 == 59 {
            assert!(journal.flush(LONG));
        }
    }
    assert!(journal.flush(LONG));
    println!("{} samples of one field: {:.1?}", 720 * 100 * 5, begin.elapsed());
    let from = Timestamp(END - 7_800_000);
    let begin = Instant::now();
    let points =
        history.series("connection-1", "device-7", "temperature", from, Timestamp(END), 1_000).expect("an answer");
    println!("two hours of a field: {:.1?} ({} points)", begin.elapsed(), points.times.len());
}

/// Waits until the numbers are packed and says how large they are.
fn sizes(path: &Path) {
    let file = rusqlite::Connection::open(path).expect("the file");
    let number = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    while number("SELECT count(*) FROM fresh") > 0 {
        std::thread::sleep(Duration::from_millis(100));
    }
    let samples = (720 * 100 * 5) as f64;
    let (fine, coarse) =
        (number("SELECT sum(length(data) + 10) FROM fine"), number("SELECT sum(length(data) + 10) FROM coarse"));
    println!(
        "{:.2} bytes for ten seconds of a field, {:.2} for its minute",
        fine as f64 / samples,
        coarse as f64 / samples * 6.0
    );
}
