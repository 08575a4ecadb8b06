//! The shift report as it comes out.
#![allow(clippy::unwrap_used)]

use chart::report::{AlertLine, Figure, GapLine, JobLine, LockLine, MOST_ROWS, Report, html};
use chart::{Line, Picture, Theme};
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;

/// 2026-11-21 05:00 UTC.
const BEGIN: i64 = 1_795_237_200_000;
const CENTRAL_EUROPE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
const MINUTE: i64 = 60_000;
const ODD: &str = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u{0}\u{202e}";

fn of(text: &str) -> Report {
    let text = || text.to_owned();
    Report {
        title: text(),
        from: BEGIN,
        to: BEGIN + 480 * MINUTE,
        made_at: BEGIN + 483 * MINUTE,
        zone: TimeZone::posix(CENTRAL_EUROPE).unwrap(),
        version: "0.1.0".to_owned(),
        summary: vec![Figure { label: text(), value: text(), note: text() }],
        alerts: vec![
            AlertLine {
                severity: "high".to_owned(),
                title: text(),
                subject: text(),
                connection: text(),
                began: BEGIN + 5 * MINUTE,
                acknowledged: Some((BEGIN + 9 * MINUTE, text())),
                resolved: Some(BEGIN + 139 * MINUTE),
                state: "resolved".to_owned(),
            },
            AlertLine {
                severity: text(),
                title: text(),
                subject: String::new(),
                connection: text(),
                began: BEGIN - 1_440 * MINUTE,
                acknowledged: None,
                resolved: None,
                state: text(),
            },
        ],
        locks: vec![
            LockLine { at: BEGIN, device: text(), connection: text(), locked: true, source: text() },
            LockLine { at: BEGIN + MINUTE, device: text(), connection: text(), locked: false, source: String::new() },
        ],
        jobs: vec![
            JobLine {
                definition: text(),
                completed: 48_169,
                failed: 24,
                p50_ms: Some(84.4),
                p95_ms: Some(1_240.0),
                last_error: Some(text()),
            },
            JobLine { definition: text(), p95_ms: Some(f64::NAN), ..JobLine::default() },
        ],
        gaps: vec![
            GapLine { connection: text(), from: BEGIN, to: Some(BEGIN + 45 * MINUTE), cause: text(), filled: true },
            GapLine { connection: text(), from: BEGIN, to: Some(BEGIN + 1), cause: text(), filled: false },
            GapLine { connection: text(), from: BEGIN + 400 * MINUTE, to: None, cause: text(), filled: false },
        ],
        charts: Vec::new(),
        notes: vec![text()],
    }
}

fn picture(title: &str) -> Picture {
    Picture {
        title: title.to_owned(),
        from: BEGIN,
        to: BEGIN + 480 * MINUTE,
        theme: Theme::Dark,
        lines: vec![Line {
            label: title.to_owned(),
            points: vec![(BEGIN, 1.0), (BEGIN + 480 * MINUTE, 2.0)],
            ..Line::default()
        }],
        ..Picture::default()
    }
}

/// What the page shows, without its styles.
fn shown(page: &str) -> &str {
    page.split_once("<main>").unwrap().1
}

#[test]
fn a_report_is_written_as_it_was() {
    let page = html(&of("gate-7"));
    insta::assert_snapshot!("report", shown(&page));
}

#[test]
fn an_empty_report_says_so_in_each_section() {
    let page = html(&Report { from: BEGIN, to: BEGIN + MINUTE, ..Report::default() });
    insta::assert_snapshot!("empty_report", shown(&page));
}

#[test]
fn what_came_from_outside_is_text() {
    let mut report = of(ODD);
    report.charts = vec![picture(ODD)];
    report.version = ODD.to_owned();
    let page = html(&report);
    assert!(page.matches("&lt;script&gt;").count() > 15);
    for word in ["<script", "<img", "\u{202e}", "\u{0}"] {
        assert!(!page.contains(word), "{word:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_leaves_the_page_well_formed(text in any::<String>(), letter in any::<char>()) {
        for text in [text, format!("{letter}<{letter}\"")] {
            let mut report = of(&text);
            report.charts = vec![picture(&text)];
            let page = html(&report);
            let main = page.get(page.find("<main>").unwrap()..page.find("</body>").unwrap()).unwrap();
            // It is written as XML too, so that a strict parser can say whether each element ends where it should.
            let document = roxmltree::Document::parse(main).unwrap();
            let rows = document.descendants().filter(|node| node.has_tag_name("tr")).count();
            prop_assert_eq!(rows, 4 + 2 + 2 + 2 + 3);
        }
    }
}

#[test]
fn a_report_stands_alone() {
    let mut report = of("gate-7");
    report.charts = vec![picture("Battery"), picture("Temperature")];
    let page = html(&report);
    for word in ["<script", "<link", "<img", "@import", "url(", "src=", "@font-face"] {
        assert!(!page.contains(word), "{word}");
    }
    let links: Vec<&str> = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() > 10);
    for link in links {
        let name = link.strip_prefix('#').unwrap();
        assert!(page.contains(&format!("id=\"{name}\"")), "{link} leads nowhere");
    }
    let addresses: Vec<&str> =
        page.split("http").skip(1).filter(|rest| rest.starts_with("://") || rest.starts_with("s://")).collect();
    assert!(addresses.iter().all(|rest| rest.starts_with("://www.w3.org/2000/svg\"")), "only the name of SVG");
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn charts_are_light_with_rules_for_the_dark_and_for_paper() {
    let mut report = of("gate-7");
    report.charts = vec![picture("Battery")];
    let page = html(&report);
    let (styles, body) = page.split_once("</style>").unwrap();
    assert_eq!(body.matches("<figure>").count(), 1);
    assert!(body.contains("stroke=\"#0072B2\"") && !body.contains("stroke=\"#56B4E9\""));
    let dark = styles.rsplit_once("@media screen and (prefers-color-scheme: dark)").unwrap().1;
    for colour in colours(body) {
        assert!(dark.contains(&format!("=\"{colour}\"]")), "{colour} has no dark one");
    }
    assert!(styles.contains("@media print"));
}

/// Each colour that the charts are drawn in.
fn colours(body: &str) -> std::collections::BTreeSet<String> {
    let figures = body.split("<figure>").skip(1).filter_map(|rest| rest.split("</figure>").next());
    let all = figures.flat_map(|figure| figure.split("=\"#").skip(1)).filter_map(|rest| rest.get(..6));
    all.map(|hex| format!("#{hex}")).collect()
}

#[test]
fn a_table_is_held_to_its_rows_and_says_what_is_missing() {
    let lock = LockLine { at: BEGIN, device: "gate-7".to_owned(), ..LockLine::default() };
    let page = html(&Report { locks: vec![lock; MOST_ROWS + 1_234], ..of("gate-7") });
    assert_eq!(shown(&page).matches("<td class=\"main\">gate-7</td>").count(), MOST_ROWS + 6);
    assert!(page.contains("Showing 5,000 of 6,234 lock events."));
}

#[test]
fn over_a_change_of_the_offset_each_time_is_told_on_its_own_clock() {
    // 2026-03-29 01:00 UTC, when 02:00 becomes 03:00.
    let change = 1_774_746_000_000;
    let lock = |at: i64| LockLine { at, device: "gate-7".to_owned(), ..LockLine::default() };
    let (from, to) = (change - 60 * MINUTE, change + 180 * MINUTE);
    let locks = vec![lock(change - 12_000), lock(change + 12_000)];
    let page =
        html(&Report { from, to, made_at: to, locks, charts: vec![], gaps: vec![], alerts: vec![], ..of("gate-7") });
    assert!(page.contains("<time datetime=\"2026-03-29T00:59:48Z\">01:59:48 CET</time>"), "{}", shown(&page));
    assert!(page.contains("<time datetime=\"2026-03-29T01:00:12Z\">03:00:12 CEST</time>"), "{}", shown(&page));
    assert!(page.contains("29 Mar 2026, 01:00 CET – 06:00 CEST"), "{}", shown(&page));
    assert!(page.contains("All times are CET (UTC+1) and CEST (UTC+2)."), "{}", shown(&page));
}

#[test]
fn any_time_and_number_can_be_told() {
    for extreme in [i64::MIN, -1, 0, i64::MAX] {
        let mut report = of("gate-7");
        (report.from, report.to, report.made_at) = (extreme, extreme.wrapping_neg(), extreme);
        report.zone = TimeZone::fixed(Offset::MIN);
        report.alerts[0].began = extreme;
        report.alerts[0].resolved = Some(extreme.wrapping_sub(1));
        report.gaps[0].from = extreme;
        report.jobs[0].completed = u64::MAX;
        report.jobs[0].failed = u64::MAX;
        report.jobs[0].p50_ms = Some(f64::MAX);
        assert!(html(&report).ends_with("</html>\n"));
    }
}
