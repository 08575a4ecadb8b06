//! A connection that is heard for hours holds as much after four hours as after two: rings are full, series have their hour,
//! and what comes with a new name each time (jobs, posts, tasks, alerts) pushes out what is older.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(unsafe_code, reason = "an allocator that counts is one")]

#[path = "../fleet/said.rs"]
#[allow(dead_code, reason = "the other tests tell more kinds")]
mod said;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fleet::alert::AlertBook;
use fleet::rule::{About, Detector, Fact, Standing, in_effect};
use fleet::{Bounds, ConnectionState};
use jiff::tz::TimeZone;
use protocol::event::JobPhase;
use protocol::{Protocol, Timestamp};

use said::{START, Said, Told};

/// Bytes that are allocated now.
static HELD: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: everything is done by the system's allocator; only the sizes are added up.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        HELD.fetch_add(size, Ordering::Relaxed);
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const HOUR: i64 = 3_600;

/// A connection as the monitor holds it: picture, detector, and the book of alerts.
struct Watched {
    name: Arc<str>,
    state: ConnectionState,
    detector: Detector,
    book: AlertBook,
}

impl Watched {
    fn new(bounds: Bounds) -> Self {
        let about = About { name: "depot", tags: &[], protocol: Protocol::Iotee };
        let (name, now) = (Arc::from("depot"), Timestamp(START));
        let rules = in_effect(&[]);
        let mut detector = Detector::new(&rules, &about, TimeZone::UTC);
        detector.standing(Standing::Live, now, &mut Vec::new());
        let mut book = AlertBook::new(now, None, TimeZone::UTC);
        book.rules(&rules, now);
        book.connection_added(&name, now);
        book.live(&name, now);
        book.settled(&name, &[], now);
        Watched { name, state: ConnectionState::new(bounds), detector, book }
    }

    /// One second of a busy fleet.
    fn second(&mut self, second: i64) {
        let received = Timestamp(START + second * 1_000);
        let mut found = Vec::new();
        for said in told(second) {
            said.with(Some(second * 1_000), |event| {
                let applied = self.state.apply(event, received);
                self.detector.event(&Fact::of(event, applied, received), &mut found);
            });
        }
        self.state.frame(500, received);
        self.state.tick(received);
        self.detector.tick(&self.state, received, &mut found);
        for finding in found {
            self.book.find(&self.name, finding, received);
        }
        self.book.tick(received);
        self.book.take_transitions(&mut Vec::new());
        self.book.take_announcements(&mut Vec::new());
        self.book.take_changed(&mut Vec::new());
    }
}

/// What happens in a second: the fleet stays the same, and what it does has a new name each time.
fn told(second: i64) -> Vec<Said> {
    let (s, of) = (second as u64, |many: u64| (second as u64 * 7) % many);
    let job = |phase| Said::Job { job: format!("job-{s}"), definition: format!("definition-{}", of(12)), phase };
    let end = if s % 5 == 0 { JobPhase::Failed } else { JobPhase::Completed };
    let field = |name: &str, value| (name.to_owned(), Told::Number(value));
    let wave = (second as f64 / 60.0).sin();
    let mut told = vec![
        job(JobPhase::Started),
        job(end),
        Said::Statistics { definition: format!("definition-{}", of(12)), name: "open".into(), value: wave },
        Said::Checkpoint { actor: format!("actor-{}", of(20)), name: "total".into(), value: second as f64 },
        Said::Lock {
            device: format!("lock-{}", of(30)),
            locked: s % 2 == 0,
            id: Some(format!("event-{s}")),
            code: None,
        },
        Said::Presence { device: format!("lock-{}", of(30)), online: s % 11 > 0 },
        Said::Host { host: format!("host-{}", of(25)), change: (s % 3) as u8 },
        Said::Agent { agent: format!("agent-{}", of(15)), change: (s % 9) as u8 },
        Said::Post { post: format!("post-{s}"), channel: format!("channel-{}", of(4)), change: 0 },
        Said::Task { task: format!("task-{s}") },
        Said::Notification { id: format!("notice-{s}") },
        Said::Signal { stream: format!("stream-{}", of(3)), id: format!("signal-{}", s / 2), alert: (1 + s % 2) as u8 },
        Said::Live { query: "orders".into(), change: 2 + (s % 3) as u8, node: format!("node-{}", s / 3) },
        Said::Unknown { name: format!("unheard-{s}"), data: format!(r#"{{"number":{s}}}"#) },
        Said::Warning { dropped: s % 4 },
    ];
    told.extend((0..10).map(|lock| Said::Telemetry {
        device: format!("lock-{lock}"),
        fields: vec![field("battery_voltage", 12.0 + wave), field("speed", wave * 40.0), field("lat", 52.0 + wave)],
    }));
    told
}

#[test]
fn nothing_grows_once_rings_are_full_and_series_have_their_hour() {
    // A whole day of jobs and tasks would be longer than a test.
    let bounds = Bounds { jobs: 1_000, tasks: 1_000, recent_notable: 10_000, ..Bounds::default() };
    let before = HELD.load(Ordering::Relaxed);
    let mut watched = Watched::new(bounds);
    let mut held = Vec::new();
    for hour in 0..4 {
        // The most of the hour: tables grow and shrink by their own steps.
        let mut most = 0;
        for second in hour * HOUR..(hour + 1) * HOUR {
            watched.second(second);
            most = most.max(HELD.load(Ordering::Relaxed) - before);
        }
        held.push(most);
    }
    let resolved = watched.book.alerts().count();
    assert!(resolved > 100, "{resolved} alerts: the rules find something");
    assert_eq!(watched.state.recent.len(), 30_000, "both rings are full");
    let (second, last) = (held[1], held[3]);
    // A leak of one small thing a second would be 7,200 of them.
    assert!(last <= second + (128 << 10), "bytes held at most, hour by hour: {held:?}");
}
