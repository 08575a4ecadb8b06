//! Charts as pictures: those of the window, and those out of the history.

use chart::{Line, Picture, Theme, Threshold};
use jiff::tz::TimeZone;
use protocol::Timestamp;
use store::History;
use store::history::HistoryError;

use crate::monitor::Monitor;
use crate::view::PictureDraft;

/// A picture's size in pixels.
const SIZE: (u32, u32) = (1_200, 480);

/// A series out of the history.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The connection.
    pub connection: String,
    /// A device, a definition, an actor; empty for the connection's own rates.
    pub subject: String,
    /// The field.
    pub field: String,
}

impl Monitor {
    /// A chart of the window as a picture: the very columns that the window draws.
    pub(super) fn drawn(&self, draft: &PictureDraft) -> Picture {
        let numbers: Vec<f64> = self
            .series(&draft.series)
            .chunks_exact(8)
            .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap_or_default()))
            .collect();
        let count = numbers.first().map_or(0, |count| *count as usize);
        let times = numbers.get(2..2 + count).unwrap_or_default();
        let column = |place: usize| numbers.get(2 + count * (place + 1)..2 + count * (place + 2)).unwrap_or_default();
        let lines = draft.labels.iter().take(draft.series.series.len()).enumerate().map(|(place, label)| Line {
            label: label.clone(),
            // Infinity is a time at which another series has a sample: the line goes on.
            points: times
                .iter()
                .zip(column(place))
                .filter(|(_, value)| !value.is_infinite())
                .map(|(time, value)| (*time as i64, *value))
                .collect(),
            band: None,
            step: false,
        });
        let zone = if draft.utc { TimeZone::UTC } else { self.inner.alarm.zone.clone() };
        let to = draft.series.until.map_or_else(|| self.now(), Timestamp);
        let from = Timestamp(to.millis() - i64::from(draft.series.span) * 1_000);
        Picture {
            title: draft.title.clone(),
            subtitle: String::new(),
            unit: draft.unit.clone(),
            from: from.millis(),
            to: to.millis(),
            lines: lines.collect(),
            thresholds: draft
                .thresholds
                .iter()
                .map(|line| Threshold { value: line.value, label: line.label.clone() })
                .collect(),
            gaps: Vec::new(),
            marks: Vec::new(),
            theme: if draft.dark { Theme::Dark } else { Theme::Light },
            width: SIZE.0,
            height: SIZE.1,
            zone,
        }
    }
}

/// Series of the history in one picture, with the connections' gaps.
pub fn stored_picture(
    history: &History,
    title: &str,
    wanted: &[Wanted],
    (from, to): (Timestamp, Timestamp),
    zone: &TimeZone,
    theme: Theme,
) -> Result<Picture, HistoryError> {
    let mut lines = Vec::new();
    let mut gaps: Vec<(i64, i64)> = Vec::new();
    for one in wanted {
        let points = history.series(&one.connection, &one.subject, &one.field, from, to, SIZE.0 as usize)?;
        let mut line = Line { label: one.label(), points: Vec::new(), band: None, step: false };
        for (second, mean) in points.times.iter().zip(&points.mean) {
            let time = (second * 1_000.0) as i64;
            if let Some((before, _)) = line.points.last()
                && time - before > GAP * points.step.max(1)
            {
                line.points.push((before + points.step, f64::NAN));
            }
            line.points.push((time, *mean));
        }
        lines.push(line);
        let of_connection = history.gaps(Some(&one.connection), from, to)?;
        gaps.extend(of_connection.iter().map(|gap| {
            let end = gap.to.unwrap_or(to);
            (gap.from.millis().max(from.millis()), end.millis().min(to.millis()))
        }));
    }
    gaps.sort_unstable();
    gaps.dedup();
    Ok(Picture {
        title: title.to_owned(),
        subtitle: String::new(),
        unit: None,
        from: from.millis(),
        to: to.millis(),
        lines,
        thresholds: Vec::new(),
        gaps,
        marks: Vec::new(),
        theme,
        width: SIZE.0,
        height: SIZE.1,
        zone: zone.clone(),
    })
}

/// Buckets of the history that may be missing in a line.
const GAP: i64 = 6;

impl Wanted {
    fn label(&self) -> String {
        match self.subject.as_str() {
            "" => format!("{} of {}", self.field.replace('_', " "), self.connection),
            subject => format!("{} of {subject}", self.field),
        }
    }
}
