//! Draws a few charts as SVG and PNG and writes a report, for a look: `cargo run -p chart --example gallery -- FOLDER`.

use std::path::Path;

use chart::report::{self, AlertLine, Figure, GapLine, JobLine, LockLine, Report};
use chart::{Line, Mark, MarkKind, Picture, Theme, Threshold};
use jiff::tz::TimeZone;

const MINUTE: i64 = 60_000;
/// 2026-11-21 05:00 UTC.
const BEGIN: i64 = 1_795_237_200_000;
const END: i64 = BEGIN + 8 * 60 * MINUTE;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("Say which folder to write to: gallery FOLDER")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (name, picture) in pictures() {
        for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let picture = Picture { theme, ..picture.clone() };
            std::fs::write(folder.join(format!("{name}-{word}.svg")), chart::svg(&picture))?;
            std::fs::write(folder.join(format!("{name}-{word}.png")), chart::png(&picture)?)?;
        }
    }
    std::fs::write(folder.join("report.html"), report::html(&full()))?;
    let empty =
        Report { title: "Night shift, north".to_owned(), from: BEGIN, to: END, made_at: END, ..Report::default() };
    std::fs::write(folder.join("report-empty.html"), report::html(&empty))?;
    Ok(())
}

/// That of Central Europe.
fn zone() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC)
}

fn full() -> Report {
    let base = Picture { from: BEGIN, to: END, zone: zone(), ..Picture::default() };
    let figure = |label: &str, value: &str, note: &str| Figure {
        label: label.to_owned(),
        value: value.to_owned(),
        note: note.to_owned(),
    };
    let alert = |severity: &str,
                 state: &str,
                 title: &str,
                 subject: &str,
                 minute: i64,
                 acknowledged: Option<&str>,
                 resolved: Option<i64>| AlertLine {
        severity: severity.to_owned(),
        state: state.to_owned(),
        title: title.to_owned(),
        subject: subject.to_owned(),
        connection: "locks-emea".to_owned(),
        began: BEGIN + minute * MINUTE + 4_200,
        acknowledged: acknowledged.map(|note| (BEGIN + (minute + 7) * MINUTE, note.to_owned())),
        resolved: resolved.map(|minute| BEGIN + minute * MINUTE),
    };
    Report {
        title: "Morning shift, north yard".to_owned(),
        from: BEGIN,
        to: END,
        made_at: END + 3 * MINUTE,
        zone: zone(),
        version: "0.1.0".to_owned(),
        summary: vec![
            figure("Alerts fired", "7", "2 still firing"),
            figure("Acknowledged within", "6 min", "median of 4"),
            figure("Locks and unlocks", "12,400", "38 unlocked by remote"),
            figure("Jobs completed", "48,211", "31 failed, 0.06 %"),
            figure("Connections live", "4 of 5", "hydra lost 12:41"),
            figure("Without data", "1 h 12 min", "over 3 gaps, 2 fetched"),
        ],
        alerts: vec![
            alert("critical", "firing", "Unlocked for over 15 minutes", "gate-7, north yard", 446, None, None),
            alert(
                "high",
                "acknowledged",
                "Battery low",
                "gate-7, north yard: 18 %, threshold 20 %",
                410,
                Some("On my way with a spare. Do not page again before 15:00."),
                None,
            ),
            alert("medium", "silenced", "Host offline", "db-3.north.example.net", 122, None, None),
            alert(
                "low",
                "resolved",
                "Five failures of nightly-rollup in ten minutes",
                "nightly-rollup",
                60,
                Some(""),
                Some(131),
            ),
            alert("high", "stale", "Agent gone", "agent-42", -130, None, None),
            alert("severe", "pending", "A <b>word</b> of another service & its \"quotes\"", "x", 30, None, Some(31)),
        ],
        locks: (0..14)
            .map(|n| LockLine {
                at: BEGIN + n * 31 * MINUTE + 17_000,
                device: format!("gate-{}", n % 5 + 1),
                connection: "locks-emea".to_owned(),
                locked: n % 3 != 0,
                source: ["rfid", "keypad", "remote", "key"]
                    .get(n as usize % 4)
                    .map_or_else(String::new, |word| (*word).to_owned()),
            })
            .collect(),
        jobs: vec![
            JobLine {
                definition: "nightly-rollup".to_owned(),
                completed: 42,
                failed: 7,
                p50_ms: Some(61_240.0),
                p95_ms: Some(190_100.0),
                last_error: Some(
                    "connection to warehouse refused: the server closed the stream after 30 s without an answer"
                        .to_owned(),
                ),
            },
            JobLine {
                definition: "send-invoice".to_owned(),
                completed: 48_169,
                failed: 24,
                p50_ms: Some(84.0),
                p95_ms: Some(1_240.0),
                last_error: Some("SMTP 451".to_owned()),
            },
            JobLine {
                definition: "reindex".to_owned(),
                completed: 3,
                failed: 0,
                p50_ms: None,
                p95_ms: None,
                last_error: None,
            },
        ],
        gaps: vec![
            GapLine {
                connection: "locks-emea".to_owned(),
                from: BEGIN + 150 * MINUTE,
                to: Some(BEGIN + 195 * MINUTE),
                cause: "The service closed the connection (1012, service restart).".to_owned(),
                filled: true,
            },
            GapLine {
                connection: "hyprwatch".to_owned(),
                from: BEGIN + 200 * MINUTE,
                to: Some(BEGIN + 203 * MINUTE),
                cause: "The network of this computer was down.".to_owned(),
                filled: false,
            },
            GapLine {
                connection: "hydra".to_owned(),
                from: BEGIN + 401 * MINUTE,
                to: None,
                cause: "The token ended; it needs a new one.".to_owned(),
                filled: false,
            },
        ],
        charts: vec![
            battery(&base),
            jobs(&base),
            locks(&base),
            Picture { title: "Battery".to_owned(), subtitle: "gate-9, which was silent".to_owned(), ..base.clone() },
        ],
        notes: vec![
            "Lock activity shows 14 of 12,400 events; `signalbox history --kind lock` has all of them.".to_owned(),
            "Codes of locks are never in a report.".to_owned(),
        ],
    }
}

fn pictures() -> Vec<(&'static str, Picture)> {
    let base = Picture { from: BEGIN, to: END, zone: zone(), ..Picture::default() };
    vec![
        ("battery", battery(&base)),
        ("jobs", jobs(&base)),
        ("locks", locks(&base)),
        ("empty", Picture { title: "Battery".to_owned(), subtitle: "gate-7".to_owned(), ..base.clone() }),
        ("busy", busy(&base)),
        ("notification", Picture { width: 420, height: 200, ..battery(&base) }),
        ("tiny", Picture { width: 240, height: 110, ..battery(&base) }),
        ("foreign", foreign(&base)),
        ("dense", dense(&base)),
    ]
}

fn battery(base: &Picture) -> Picture {
    let mut points = wave(BEGIN, END, MINUTE, |t| 94.0 - 78.0 * t + 1.5 * (t * 60.0).sin());
    for point in points.iter_mut().filter(|(at, _)| (BEGIN + 150 * MINUTE..BEGIN + 195 * MINUTE).contains(at)) {
        point.1 = f64::NAN;
    }
    Picture {
        title: "Battery".to_owned(),
        subtitle: "gate-7, north yard · locks-emea".to_owned(),
        unit: Some("%".to_owned()),
        lines: vec![Line { label: "Battery".to_owned(), points, band: None, step: false }],
        thresholds: vec![
            Threshold { value: 20.0, label: "low below".to_owned() },
            Threshold { value: 25.0, label: "clears above".to_owned() },
        ],
        gaps: vec![(BEGIN + 150 * MINUTE, BEGIN + 195 * MINUTE)],
        marks: vec![
            Mark { at: BEGIN + 446 * MINUTE, label: "fired".to_owned(), kind: MarkKind::Fired },
            Mark { at: BEGIN + 455 * MINUTE, label: "acknowledged".to_owned(), kind: MarkKind::Acknowledged },
        ],
        ..base.clone()
    }
}

fn jobs(base: &Picture) -> Picture {
    let mut seed = 7_u64;
    let points = wave(BEGIN, END, 2 * MINUTE, |t| 900.0 + 500.0 * (t * 9.0).sin() + noise(&mut seed) * 260.0);
    let band = points.iter().map(|&(at, value)| (at, value * 0.62, value * 1.5 + 90.0)).collect();
    Picture {
        title: "Duration of nightly-rollup".to_owned(),
        subtitle: "hantera production".to_owned(),
        unit: Some("ms".to_owned()),
        lines: vec![Line { label: "median".to_owned(), points, band: Some(band), step: false }],
        thresholds: vec![Threshold { value: 2_000.0, label: "slow above".to_owned() }],
        marks: vec![
            Mark { at: BEGIN + 60 * MINUTE, label: "fired".to_owned(), kind: MarkKind::Fired },
            Mark {
                at: BEGIN + 100 * MINUTE,
                label: "acknowledged by M. Lindqvist".to_owned(),
                kind: MarkKind::Acknowledged,
            },
            Mark { at: BEGIN + 260 * MINUTE, label: "resolved".to_owned(), kind: MarkKind::Resolved },
            Mark { at: BEGIN + 300 * MINUTE, label: "deployed 4.2".to_owned(), kind: MarkKind::Other },
        ],
        ..base.clone()
    }
}

fn locks(base: &Picture) -> Picture {
    let state = |offset: i64| Line {
        label: format!("gate-{}", offset + 1),
        points: (0..30)
            .map(|n| {
                (BEGIN + n * 16 * MINUTE + offset * 3 * MINUTE, ((n + offset) % 5 / 3) as f64 + offset as f64 * 2.0)
            })
            .collect(),
        band: None,
        step: true,
    };
    Picture {
        title: "Locked".to_owned(),
        subtitle: "three gates, each on its own step".to_owned(),
        lines: (0..3).map(state).collect(),
        ..base.clone()
    }
}

fn busy(base: &Picture) -> Picture {
    let line = |n: i64| Line {
        label: format!("host-{n:02}.example.net"),
        points: wave(BEGIN - 60 * MINUTE, END + 60 * MINUTE, 3 * MINUTE, |t| {
            1e6 * (n as f64 + 1.4 + (t * 11.0 + n as f64).sin())
        }),
        band: None,
        step: false,
    };
    Picture {
        title: "Bytes received by each host of the north region, over the last night, in the long words of somebody with much to say".to_owned(),
        subtitle: "hyprwatch".to_owned(),
        unit: Some("bytes per second".to_owned()),
        from: BEGIN - 16 * 60 * MINUTE,
        lines: (0..14).map(line).collect(),
        gaps: (0..4).map(|n| (BEGIN - (200 * n + 9) * MINUTE, BEGIN - 200 * n * MINUTE)).collect(),
        height: 420,
        ..base.clone()
    }
}

fn foreign(base: &Picture) -> Picture {
    Picture {
        title: "Ворота № 3 — Θερμοκρασία ≥ 20 °C".to_owned(),
        subtitle: "倉庫の温度 · مستودع".to_owned(),
        unit: Some("°C".to_owned()),
        lines: vec![Line {
            label: "température".to_owned(),
            points: wave(BEGIN, END, MINUTE, |t| 4.0 * (t * 20.0).sin() - 1.0),
            band: None,
            step: false,
        }],
        thresholds: vec![Threshold { value: 0.0, label: "мороз".to_owned() }],
        ..base.clone()
    }
}

fn dense(base: &Picture) -> Picture {
    let mut seed = 3_u64;
    let points = wave(BEGIN, END, 288, |t| 40.0 + 20.0 * (t * 6.0).sin() + noise(&mut seed) * 14.0);
    Picture {
        title: "100,000 samples".to_owned(),
        subtitle: "least and greatest of each pixel stay".to_owned(),
        unit: Some("/s".to_owned()),
        lines: vec![Line { label: "events".to_owned(), points, band: None, step: false }],
        ..base.clone()
    }
}

/// Samples of a function of the part of the span that has passed.
fn wave(from: i64, to: i64, each: i64, mut value: impl FnMut(f64) -> f64) -> Vec<(i64, f64)> {
    let span = (to - from) as f64;
    (0..=(to - from) / each).map(|n| (from + n * each, value((n * each) as f64 / span))).collect()
}

/// From −1 to 1, the same each time.
fn noise(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as f64 / f64::from(1_u32 << 30) - 1.0
}
