//! The page around the sections.

use std::fmt::Write as _;

use super::data::Report;
use super::sections::{self, Section, Times};
use super::signs::SYMBOLS;
use super::style;
use super::table::count;
use crate::text::{escape, line};
use crate::time::lasted;

/// Forbids whatever is not in the file, and scripts even if they were.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Signalbox's own sign, as `icons/signalbox-small.svg` has it.
const SIGN: &str = "<svg class=\"sign\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><rect width=\"32\" height=\"32\" rx=\"7\" fill=\"#131824\"/>\
    <path d=\"M21 15.2L6.8 7.4 9.6 2.6 21 8.8z\" fill=\"#34d399\"/><path d=\"M4 18h17v6H4z\" fill=\"#ff6b3d\"/>\
    <path d=\"M22 4h4v22h2v2h-8v-2h2z\" fill=\"#e9edf5\"/></svg>";

pub(super) fn page(report: &Report) -> String {
    let times = Times::of(report);
    let title = line(&report.title, 160);
    let title = if title.is_empty() { "Shift report".to_owned() } else { title };
    let sections = [
        sections::alerts(&report.alerts, &times),
        sections::charts(&report.charts),
        sections::locks(&report.locks, &times),
        sections::jobs(&report.jobs),
        sections::gaps(&report.gaps, &times),
        sections::notes(report),
    ];
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    let _ = writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    let _ = writeln!(out, "<meta name=\"generator\" content=\"Signalbox {}\">", escape(&line(&report.version, 40)));
    let _ = writeln!(out, "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>", escape(&title), style::css());
    out.push_str(SYMBOLS);
    out.push_str("<main>\n");
    out.push_str(&head(report, &times, &title));
    out.push_str(&sections::summary(&report.summary));
    out.push_str(&contents(&sections));
    for section in &sections {
        let _ = write!(
            out,
            "<section id=\"{0}\" aria-labelledby=\"h-{0}\">\n<h2 id=\"h-{0}\">{1}{2}</h2>\n{3}</section>\n",
            section.id,
            escape(section.title),
            tally(section),
            section.body
        );
    }
    out.push_str(&foot(report, &times));
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn head(report: &Report, times: &Times, title: &str) -> String {
    let length = lasted(report.to.saturating_sub(report.from));
    format!(
        "<header>\n<p class=\"brand\">{SIGN}<span>Signalbox</span></p>\n<h1>{}</h1>\n\
         <p class=\"span\">{} <span class=\"length\">{}</span> <span class=\"zone\">{}</span></p>\n</header>\n",
        escape(title),
        escape(&times.wall.span(report.from, report.to)),
        escape(&length),
        escape(&times.wall.zone())
    )
}

fn contents(sections: &[Section]) -> String {
    let mut out = String::from("<nav aria-label=\"Contents\"><ul>\n");
    for section in sections {
        let _ = writeln!(out, "<li><a href=\"#{}\">{}{}</a></li>", section.id, escape(section.title), tally(section));
    }
    out.push_str("</ul></nav>\n");
    out
}

fn tally(section: &Section) -> String {
    format!(" <span class=\"tally\">{}</span>", count(section.count as u64))
}

fn foot(report: &Report, times: &Times) -> String {
    format!(
        "<footer><p>Made by Signalbox {} on {}, {}. All times are {}.</p></footer>\n",
        escape(&line(&report.version, 40)),
        escape(&times.wall.date(report.made_at)),
        escape(&times.wall.clock(report.made_at)),
        escape(&times.wall.zone())
    )
}
