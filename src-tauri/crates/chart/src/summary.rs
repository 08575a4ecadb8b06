//! What a picture shows, in words, for those who do not see it.

use std::fmt::Write as _;

use crate::layout::{gaps_within, span};
use crate::picture::{MOST_LINES, MOST_MARKS, MOST_THRESHOLDS, Picture};
use crate::scale::{number, with_unit};
use crate::text::line;
use crate::time::{Wall, lasted};

/// Gaps that are told one by one.
const MOST_GAPS: usize = 5;

pub(crate) fn title(picture: &Picture) -> String {
    let (title, subtitle) = (line(&picture.title, 200), line(&picture.subtitle, 200));
    match (title.is_empty(), subtitle.is_empty()) {
        (false, false) => format!("{title}, {subtitle}"),
        (false, true) => title,
        (true, false) => subtitle,
        (true, true) => "Chart".to_owned(),
    }
}

/// The span, then each line's least, greatest and last value, then thresholds, gaps and marks.
pub(crate) fn describe(picture: &Picture) -> String {
    let (from, to) = span(picture);
    let wall = Wall::new(&picture.zone, from, to);
    let unit = picture.unit.as_deref().map(|unit| line(unit, 40)).unwrap_or_default();
    let value = |value: f64| with_unit(&number(value), &unit);
    let mut out = format!("Line chart, {}, {}.", wall.span(from, to), wall.zone());
    for (index, each) in picture.lines.iter().take(MOST_LINES).enumerate() {
        let label = line(&each.label, 80);
        let label = if label.is_empty() { format!("Line {}", index + 1) } else { label };
        let inside = || each.points.iter().filter(|(at, value)| (from..=to).contains(at) && value.is_finite());
        let ends = inside().fold(None, |ends: Option<(f64, f64)>, &(_, value)| {
            Some(ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let last = inside().max_by_key(|(at, _)| *at);
        let _ = match (ends, last) {
            (Some((low, high)), Some((_, last))) => {
                write!(out, " {label}: from {} to {}, last {}.", value(low), value(high), value(*last))
            }
            _ => write!(out, " {label}: no samples in this span."),
        };
    }
    if picture.lines.is_empty() {
        out.push_str(" No samples in this span.");
    }
    for threshold in picture.thresholds.iter().filter(|threshold| threshold.value.is_finite()).take(MOST_THRESHOLDS) {
        let _ = write!(out, " Threshold {} {}.", line(&threshold.label, 80), value(threshold.value));
    }
    let gaps = gaps_within(&picture.gaps, from, to);
    for &(begin, end) in gaps.iter().take(MOST_GAPS) {
        let _ = write!(out, " No data: {} ({}).", wall.span(begin, end), lasted(end - begin));
    }
    if gaps.len() > MOST_GAPS {
        let _ = write!(out, " {} more spans without data.", gaps.len() - MOST_GAPS);
    }
    let marks = picture.marks.iter().filter(|mark| (from..=to).contains(&mark.at)).take(MOST_MARKS);
    for mark in marks {
        let _ = write!(out, " {} at {}.", line(&mark.label, 60), wall.clock(mark.at));
    }
    out
}
