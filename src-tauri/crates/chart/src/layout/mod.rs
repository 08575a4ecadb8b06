//! Where everything of a picture goes: a list of shapes in pixels, which `paint` draws as SVG or PNG.

mod axes;
mod data;
mod head;
mod marks;
mod shape;
mod thresholds;

use crate::font::Weight;
use crate::picture::{LARGEST, Line, MOST_LINES, Picture, SMALLEST};
use crate::runs::{Sample, Window, runs};
use crate::scale::Scale;
use crate::theme::Palette;
use crate::time::{Wall, clamp};
pub(crate) use shape::{Align, Drawing, Layer, Paint, Shape, Text};

/// Between the picture's edge and what is drawn.
const PAD: f64 = 16.0;
/// What an axis is labelled in, in pixels to the em.
const SMALL: f64 = 11.0;

/// What all parts of a picture are laid out from.
struct Plan<'a> {
    picture: &'a Picture,
    palette: &'static Palette,
    wall: Wall,
    width: f64,
    height: f64,
    from: i64,
    to: i64,
    /// Gaps within the span, in order, none touching another.
    gaps: Vec<(i64, i64)>,
    lines: Vec<Drawn<'a>>,
}

/// A line as it is drawn.
struct Drawn<'a> {
    line: &'a Line,
    /// Which colour and dashes are its own.
    order: usize,
    runs: Vec<Vec<Sample>>,
    band: Vec<Vec<Sample>>,
}

/// The plot's place, and how times and values are placed in it.
#[derive(Debug, Clone, Copy)]
struct Frame<'a> {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    span: f64,
    scale: Option<&'a Scale>,
}

/// Lays a picture out.
pub(crate) fn layout(picture: &Picture) -> Drawing {
    let plan = Plan::new(picture);
    let mut layers = vec![Layer::new("ground").with(Shape::rect(
        (0.0, 0.0),
        (plan.width, plan.height),
        Paint::solid(plan.palette.surface),
    ))];

    let percent = picture.unit.as_deref() == Some("%");
    let scale = Scale::over(plan.values(), (plan.height / 56.0) as usize, percent);
    let mut top = head::head(&plan, &mut layers);
    top = head::legend(&plan, &mut layers, top);
    let labels = axes::value_labels(&plan, scale.as_ref());
    if axes::long_unit(&plan).is_some() && scale.is_some() {
        top += 20.0;
    }
    let bottom = plan.height - 30.0;
    let widest = labels.iter().map(|(_, label)| crate::font::width(label, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let left = if labels.is_empty() { PAD } else { (PAD + widest * 1.04 + 8.0).min(plan.width / 2.0) };
    let mut frame = Frame {
        left,
        top,
        right: (plan.width - PAD).max(left + 8.0),
        bottom,
        span: (i128::from(plan.to) - i128::from(plan.from)) as f64,
        scale: scale.as_ref(),
    };
    let marks = marks::place(&plan, &frame);
    frame.top = (top + marks.height()).min(bottom - 24.0);

    axes::draw(&plan, &frame, &labels, top - 12.0, &mut layers);
    data::gaps(&plan, &frame, &mut layers);
    if scale.is_some() && plan.has_samples() {
        data::bands(&plan, &frame, &mut layers);
        data::lines(&plan, &frame, &mut layers);
        thresholds::draw(&plan, &frame, &mut layers);
    } else {
        data::empty(&plan, &frame, &mut layers);
    }
    marks::draw(&plan, &frame, &marks, &mut layers);
    Drawing { width: plan.width as u32, height: plan.height as u32, layers }
}

/// The span that is drawn: in order, within what can be printed, and never nothing.
pub(crate) fn span(picture: &Picture) -> (i64, i64) {
    let (from, to) = (clamp(picture.from), clamp(picture.to));
    match from.cmp(&to) {
        std::cmp::Ordering::Less => (from, to),
        std::cmp::Ordering::Equal => (from - 30_000, to + 30_000),
        std::cmp::Ordering::Greater => (to, from),
    }
}

/// The gaps within a span, in order, those that touch as one.
pub(crate) fn gaps_within(gaps: &[(i64, i64)], from: i64, to: i64) -> Vec<(i64, i64)> {
    let mut within: Vec<(i64, i64)> =
        gaps.iter().map(|&(begin, end)| (begin.max(from), end.min(to))).filter(|(begin, end)| begin < end).collect();
    within.sort_unstable();
    within.dedup_by(|next, before| {
        let touch = next.0 <= before.1;
        if touch {
            before.1 = before.1.max(next.1);
        }
        touch
    });
    within
}

impl<'a> Plan<'a> {
    fn new(picture: &'a Picture) -> Self {
        let (from, to) = span(picture);
        let width = picture.width.clamp(SMALLEST.0, LARGEST.0);
        let height = picture.height.clamp(SMALLEST.1, LARGEST.1);
        let gaps = gaps_within(&picture.gaps, from, to);
        let lines = picture.lines.iter().take(MOST_LINES).enumerate().map(|(order, line)| {
            let window = Window { from, to, columns: width as usize, gaps: &gaps, step: line.step };
            let points = line.points.iter().map(|&(at, value)| (at, value, value));
            let band = line.band.as_deref().unwrap_or_default();
            Drawn { line, order, runs: runs(points, window), band: runs(band.iter().copied(), window) }
        });
        Plan {
            picture,
            palette: picture.theme.palette(),
            wall: Wall::new(&picture.zone, from, to),
            width: f64::from(width),
            height: f64::from(height),
            from,
            to,
            lines: lines.collect(),
            gaps,
        }
    }

    fn has_samples(&self) -> bool {
        self.lines.iter().any(|line| !line.runs.is_empty() || !line.band.is_empty())
    }

    /// Everything that the scale is over; nothing without samples.
    fn values(&self) -> impl Iterator<Item = f64> {
        let samples = self.lines.iter().flat_map(|line| line.runs.iter().chain(&line.band).flatten());
        let thresholds = self.thresholds().filter(|_| self.has_samples()).map(|threshold| threshold.value);
        samples.flat_map(|sample| [sample.low, sample.high]).chain(thresholds)
    }

    fn thresholds(&self) -> impl Iterator<Item = &crate::picture::Threshold> {
        let finite = self.picture.thresholds.iter().filter(|threshold| threshold.value.is_finite());
        finite.take(crate::picture::MOST_THRESHOLDS)
    }
}

impl Frame<'_> {
    /// Where a time is, in milliseconds since the span's start.
    fn x(&self, at: f64) -> f64 {
        self.left + (at / self.span).clamp(0.0, 1.0) * (self.right - self.left)
    }

    fn y(&self, value: f64) -> f64 {
        let part = self.scale.map_or(0.0, |scale| scale.part(value));
        self.bottom - part * (self.bottom - self.top)
    }
}
