//! What a picture shows, as plain data.

use jiff::tz::TimeZone;

/// The least width and height of a picture, in pixels; less is drawn as this.
pub const SMALLEST: (u32, u32) = (160, 96);
/// The greatest width and height of a picture, in pixels; more is drawn as this.
pub const LARGEST: (u32, u32) = (4096, 4096);
/// Lines that are drawn; the legend counts the others.
pub const MOST_LINES: usize = 12;
/// Thresholds that are drawn.
pub const MOST_THRESHOLDS: usize = 16;
/// Marks that are drawn.
pub const MOST_MARKS: usize = 64;

/// A chart over a span of time. Times are in milliseconds since 1970 (UTC).
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// What is shown, in a few words; also the title for screen readers.
    pub title: String,
    /// Where it comes from: a device, a connection; may be empty.
    pub subtitle: String,
    /// The unit of the values: `%`, `ms`.
    pub unit: Option<String>,
    /// The start of the span.
    pub from: i64,
    /// The end of the span. One before `from` is swapped with it; an equal one widens the span to a minute.
    pub to: i64,
    /// The lines, in the order of their colours; the first [`MOST_LINES`] are drawn.
    pub lines: Vec<Line>,
    /// Dashed horizontal lines; the first [`MOST_THRESHOLDS`] are drawn.
    pub thresholds: Vec<Threshold>,
    /// Spans without data, hatched. A line never crosses one; samples within one, which were fetched later, are drawn over it.
    pub gaps: Vec<(i64, i64)>,
    /// Moments, drawn as upright lines with a sign of their kind; the first [`MOST_MARKS`] within the span are drawn.
    pub marks: Vec<Mark>,
    /// Light or dark.
    pub theme: Theme,
    /// In pixels, held to [`SMALLEST`] and [`LARGEST`].
    pub width: u32,
    /// In pixels, held to [`SMALLEST`] and [`LARGEST`].
    pub height: u32,
    /// The zone that times are told in; a change of its offset within the span is told.
    pub zone: TimeZone,
}

/// One line of a picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Its name in the legend.
    pub label: String,
    /// Time and value. NaN is a gap that the line does not cross; an infinite value is no sample, and the line goes on.
    pub points: Vec<(i64, f64)>,
    /// Time, least and greatest value, drawn as a pale band behind the line.
    pub band: Option<Vec<(i64, f64, f64)>>,
    /// Whether a value holds until the next sample, as a state does: the last until a gap, a NaN or the span's end, and one from before
    /// the span from its start.
    pub step: bool,
}

/// A value that matters, drawn dashed.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Where it is drawn; a value that is not finite is not.
    pub value: f64,
    /// What is printed on it, before its value.
    pub label: String,
}

/// A moment that matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When it was.
    pub at: i64,
    /// What is printed beside it, where there is room.
    pub label: String,
    /// Its sign and colour.
    pub kind: MarkKind,
}

/// What a mark stands for: each has a sign of its own, so that its colour is never needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// An alert fired: a triangle.
    Fired,
    /// Somebody acknowledged it: a square.
    Acknowledged,
    /// It was resolved: a disc.
    Resolved,
    /// Anything else: a diamond.
    Other,
}

/// The ground that a picture is drawn on; its colours are the window's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    Light,
    /// Light on near-black.
    Dark,
}

impl Default for Picture {
    /// An empty light picture of 960 × 320 over the first minute of 1970, in UTC.
    fn default() -> Self {
        Picture {
            title: String::new(),
            subtitle: String::new(),
            unit: None,
            from: 0,
            to: 60_000,
            lines: Vec::new(),
            thresholds: Vec::new(),
            gaps: Vec::new(),
            marks: Vec::new(),
            theme: Theme::Light,
            width: 960,
            height: 320,
            zone: TimeZone::UTC,
        }
    }
}
