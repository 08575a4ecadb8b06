//! The report's sections, each a heading with what is below it, or a sentence that says that there is nothing.

use std::fmt::Write as _;

use super::data::{AlertLine, Figure, GapLine, JobLine, LockLine, MOST_CHARTS, MOST_ROWS, Report};
use super::signs::{FILLED, LOCKED, LOST, NOT_FILLED, UNLOCKED, badge, severity, state};
use super::table::{cell, column, count, none, table, two_lines};
use crate::picture::{Picture, Theme};
use crate::text::{escape, line};
use crate::time::{Wall, lasted, machine};

/// The size that a chart is drawn in: it is then as wide as the page.
const CHART: (u32, u32) = (960, 300);
const MOST_FIGURES: usize = 24;
const MOST_NOTES: usize = 200;

/// The report's wall clock: a time says its date where the report is over more than one day, or the time is outside it.
pub(super) struct Times {
    pub wall: Wall,
    from: i64,
    to: i64,
}

impl Times {
    pub(super) fn of(report: &Report) -> Self {
        Times { wall: Wall::new(&report.zone, report.from, report.to), from: report.from, to: report.to }
    }

    fn moment(&self, at: i64) -> String {
        let (day, clock) = (self.wall.civil(at).date(), self.wall.clock(at));
        let ends = [self.from, self.to].map(|end| self.wall.civil(end).date());
        let date = if ends.iter().all(|end| *end == day) {
            String::new()
        } else if ends.iter().any(|end| end.year() != day.year()) {
            format!("<span class=\"date\">{}</span> ", self.wall.date(at))
        } else {
            format!("<span class=\"date\">{}</span> ", day.strftime("%-d %b"))
        };
        format!("<time datetime=\"{}\">{date}{}</time>", machine(at), escape(&clock))
    }
}

/// A section of the page.
pub(super) struct Section {
    pub id: &'static str,
    pub title: &'static str,
    /// How many there are of what it shows.
    pub count: usize,
    pub body: String,
}

pub(super) fn summary(figures: &[Figure]) -> String {
    if figures.is_empty() {
        return String::new();
    }
    let mut out = String::from("<dl class=\"figures\">\n");
    for figure in figures.iter().take(MOST_FIGURES) {
        let _ = writeln!(
            out,
            "<div><dt>{}</dt><dd><b>{}</b>{}</dd></div>",
            escape(&line(&figure.label, 60)),
            escape(&line(&figure.value, 30)),
            note(&figure.note)
        );
    }
    out.push_str("</dl>\n");
    out
}

fn note(text: &str) -> String {
    let text = line(text, 120);
    if text.is_empty() { String::new() } else { format!("<span>{}</span>", escape(&text)) }
}

pub(super) fn alerts(alerts: &[AlertLine], times: &Times) -> Section {
    let columns = [
        column("State", "badges"),
        column("Severity", "badges"),
        column("Alert", "main"),
        column("Connection", "name"),
        column("Began", "time"),
        column("Lasted", "time"),
        column("Acknowledged", "note"),
    ];
    let body = table("Alerts of the span", &columns, alerts, |alert| {
        vec![
            badge(state(&alert.state), &alert.state),
            badge(severity(&alert.severity), &alert.severity),
            two_lines(&alert.title, &alert.subject),
            cell(&alert.connection),
            times.moment(alert.began),
            match alert.resolved {
                Some(at) => lasted(at.saturating_sub(alert.began)),
                None => "not resolved".to_owned(),
            },
            match &alert.acknowledged {
                Some((at, note)) => format!("{}{}", times.moment(*at), self::sub(note)),
                None => none("not acknowledged"),
            },
        ]
    });
    section("alerts", "Alerts", alerts.len(), body, "No alert fired in this span.")
}

fn sub(text: &str) -> String {
    let text = line(text, 600);
    if text.is_empty() { String::new() } else { format!("<span class=\"sub\">{}</span>", escape(&text)) }
}

pub(super) fn locks(locks: &[LockLine], times: &Times) -> Section {
    let columns = [
        column("Time", "time"),
        column("What", "badges"),
        column("Device", "main"),
        column("Connection", "name"),
        column("By", "name"),
    ];
    let body = table("Locks and unlocks of the span", &columns, locks, |lock| {
        let (sign, word) = if lock.locked { (LOCKED, "locked") } else { (UNLOCKED, "unlocked") };
        vec![times.moment(lock.at), badge(sign, word), cell(&lock.device), cell(&lock.connection), cell(&lock.source)]
    });
    section("locks", "Lock activity", locks.len(), body, "No lock was locked or unlocked in this span.")
}

pub(super) fn jobs(jobs: &[JobLine]) -> Section {
    let columns = [
        column("Definition", "main"),
        column("Completed", "number"),
        column("Failed", "number"),
        column("Median", "number"),
        column("95 %", "number"),
        column("Last error", "note"),
    ];
    let body = table("Results of each job definition", &columns, jobs, |job| {
        let failed = if job.failed == 0 {
            "0".to_owned()
        } else {
            let share = job.failed as f64 / (job.failed as f64 + job.completed as f64) * 100.0;
            let share = if share < 1.0 { "&lt; 1".to_owned() } else { format!("{share:.0}") };
            format!("<b class=\"bad\">{}</b><span class=\"sub\">{share} %</span>", count(job.failed))
        };
        vec![
            cell(&job.definition),
            count(job.completed),
            failed,
            duration(job.p50_ms),
            duration(job.p95_ms),
            job.last_error.as_deref().map_or_else(|| none("no error"), cell),
        ]
    });
    section("jobs", "Job results", jobs.len(), body, "No job ended in this span.")
}

fn duration(ms: Option<f64>) -> String {
    match ms.filter(|ms| ms.is_finite() && *ms >= 0.0) {
        None => none("unknown"),
        Some(ms) if ms < 1_000.0 => format!("{ms:.0} ms"),
        Some(ms) if ms < 60_000.0 => format!("{:.1} s", ms / 1_000.0),
        Some(ms) => lasted(ms as i64),
    }
}

pub(super) fn gaps(gaps: &[GapLine], times: &Times) -> Section {
    let columns = [
        column("Connection", "main"),
        column("Lost", "time"),
        column("Live again", "time"),
        column("Lasted", "time"),
        column("What was missed", "badges"),
        column("Cause", "note"),
    ];
    let body = table("Spans in which a connection was not live", &columns, gaps, |gap| {
        let (again, length, missed) = match gap.to {
            Some(to) if gap.filled => (times.moment(to), lasted(to.saturating_sub(gap.from)), badge(FILLED, "fetched")),
            Some(to) => (times.moment(to), lasted(to.saturating_sub(gap.from)), badge(NOT_FILLED, "not fetched")),
            None => (none("not live again"), "still lost".to_owned(), badge(LOST, "still lost")),
        };
        vec![cell(&gap.connection), times.moment(gap.from), again, length, missed, cell(&gap.cause)]
    });
    section("gaps", "Connection gaps", gaps.len(), body, "The history knows of no gap in this span.")
}

pub(super) fn charts(charts: &[Picture]) -> Section {
    let mut body = String::from("<div class=\"charts\">\n");
    for picture in charts.iter().take(MOST_CHARTS) {
        // Drawn light; the page's own styles turn its colours for the dark.
        let picture = Picture { theme: Theme::Light, width: CHART.0, height: CHART.1, ..picture.clone() };
        let _ = writeln!(body, "<figure>{}</figure>", crate::svg(&picture));
    }
    body.push_str("</div>\n");
    section("charts", "Charts", charts.len(), body, "No chart was asked for.")
}

pub(super) fn notes(report: &Report) -> Section {
    let own = shortened(report);
    let told = report.notes.iter().take(MOST_NOTES).chain(&own);
    let mut body = String::from("<ul class=\"notes\">\n");
    for note in told {
        let _ = writeln!(body, "<li>{}</li>", cell(note));
    }
    body.push_str("</ul>\n");
    let nothing = "Nothing: everything that was kept of this span is in it.";
    section("notes", "What this report leaves out", report.notes.len() + own.len(), body, nothing)
}

/// What the page's own bounds leave out.
fn shortened(report: &Report) -> Vec<String> {
    let lengths = [
        ("alerts", report.alerts.len(), MOST_ROWS),
        ("lock events", report.locks.len(), MOST_ROWS),
        ("job definitions", report.jobs.len(), MOST_ROWS),
        ("connection gaps", report.gaps.len(), MOST_ROWS),
        ("charts", report.charts.len(), MOST_CHARTS),
        ("figures", report.summary.len(), MOST_FIGURES),
        ("notes", report.notes.len(), MOST_NOTES),
    ];
    let over = lengths.into_iter().filter(|(_, there, most)| there > most);
    over.map(|(what, there, most)| format!("Showing {} of {} {what}.", count(most as u64), count(there as u64)))
        .collect()
}

fn section(id: &'static str, title: &'static str, count: usize, body: String, nothing: &str) -> Section {
    let body = if count == 0 { format!("<p class=\"nothing\">{}</p>\n", escape(nothing)) } else { body };
    Section { id, title, count, body }
}
