//! What is drawn within the plot: gaps, bands, lines, thresholds, or that there is nothing.

use super::{Align, Drawn, Frame, Layer, Paint, Plan, SMALL, Shape, Text};
use crate::font::{Weight, width};
use crate::runs::Sample;
use crate::theme::Colour;

const STROKE: f64 = 1.75;
/// How wide a gap is that has room for its words.
const WORDED: f64 = 60.0;
/// The window's own dashes, so that lines are told apart without their colours; twelve lines are twelve pairs.
const DASHES: [&[f64]; 12] = [
    &[],
    &[6.0, 3.0],
    &[2.0, 3.0],
    &[9.0, 3.0, 2.0, 3.0],
    &[],
    &[4.0, 2.0],
    &[6.0, 3.0],
    &[],
    &[9.0, 3.0, 2.0, 3.0],
    &[2.0, 3.0],
    &[4.0, 2.0],
    &[],
];

/// A line's own colour and dashes.
pub(super) struct Style {
    pub colour: Colour,
    pub dashes: &'static [f64],
}

pub(super) fn style(plan: &Plan<'_>, order: usize) -> Style {
    let [first, ..] = plan.palette.series;
    let colour = plan.palette.series.get(order % plan.palette.series.len()).copied().unwrap_or(first);
    Style { colour, dashes: DASHES.get(order % DASHES.len()).copied().unwrap_or_default() }
}

/// Draws spans without data as hatched fields, with a word where it fits.
pub(super) fn gaps(plan: &Plan<'_>, frame: &Frame<'_>, layers: &mut Vec<Layer>) {
    let mut words = Layer::new("gaps");
    let mut drawn_to = f64::MIN;
    for &(from, to) in &plan.gaps {
        let place = |at: i64| frame.x((i128::from(at) - i128::from(plan.from)) as f64);
        // A gap is seen, however short; of many within one pixel the first is drawn.
        let (left, right) = (place(from), place(to).max(place(from) + 1.0));
        if right <= drawn_to + 0.5 {
            continue;
        }
        drawn_to = right;
        layers.push(hatch(plan, "gaps", (left, frame.top), (right, frame.bottom), 8.0));
        if right - left > WORDED {
            let middle = (left + right) / 2.0;
            let foot = frame.bottom - 8.0;
            backing(plan, &mut words, "no data", (middle, foot), Align::Middle, plan.palette.ink_soft);
        }
    }
    layers.push(words);
}

/// Whether the legend must say what the hatching means: no gap has room for the words.
pub(super) fn gaps_want_a_key(plan: &Plan<'_>) -> bool {
    let widest = plan.gaps.iter().map(|(from, to)| to - from).max().unwrap_or(0);
    let span = (i128::from(plan.to) - i128::from(plan.from)) as f64;
    widest > 0 && (plan.width - 90.0) * widest as f64 / span < WORDED
}

/// A field of slanting lines on a pale wash.
pub(super) fn hatch(plan: &Plan<'_>, class: &'static str, from: (f64, f64), to: (f64, f64), apart: f64) -> Layer {
    let mut layer = Layer::new(class).with(Shape::rect(from, to, Paint::wash(plan.palette.quiet, 0.10)));
    let (wide, high) = (to.0 - from.0, to.1 - from.1);
    if wide < 3.0 {
        return layer.with(Shape::rect(from, to, Paint::wash(plan.palette.quiet, 0.30)));
    }
    // Each begins at the lower or left edge and goes up to the right. All start from one grid, so that fields beside each other agree.
    let mut start = ((from.0 - high) / apart).ceil() * apart;
    while start < to.0 {
        let begin = (start.max(from.0), to.1 - (from.0 - start).max(0.0));
        let rise = (to.0 - begin.0).min(begin.1 - from.1);
        if rise > 0.5 && wide > 0.0 {
            let end = (begin.0 + rise, begin.1 - rise);
            layer.shapes.push(Shape::line(begin, end, 1.0, Paint::wash(plan.palette.quiet, 0.28)));
        }
        start += apart;
    }
    layer
}

/// Draws the fields between least and greatest values.
pub(super) fn bands(plan: &Plan<'_>, frame: &Frame<'_>, layers: &mut Vec<Layer>) {
    let mut layer = Layer::new("bands");
    for line in &plan.lines {
        let paint = Paint::wash(style(plan, line.order).colour, 0.18);
        for run in &line.band {
            let upper = outline(frame, run, line.line.step, |sample| sample.high);
            let lower = outline(frame, run, line.line.step, |sample| sample.low);
            if run.len() == 1 {
                let ends = upper.first().zip(lower.first());
                layer.shapes.extend(ends.map(|(top, bottom)| Shape::line(*top, *bottom, 3.0, paint)));
                continue;
            }
            let points = upper.into_iter().chain(lower.into_iter().rev()).collect();
            layer.shapes.push(Shape::Area { points, paint });
        }
    }
    layers.push(layer);
}

/// Draws the lines; a line alone stands on a pale field, and a sample alone is a dot.
pub(super) fn lines(plan: &Plan<'_>, frame: &Frame<'_>, layers: &mut Vec<Layer>) {
    if let [only] = plan.lines.as_slice()
        && only.band.is_empty()
    {
        layers.push(field(plan, frame, only));
    }
    for line in &plan.lines {
        let style = style(plan, line.order);
        let paint = Paint::solid(style.colour);
        let mut layer = Layer::dashed("lines", style.dashes);
        for run in &line.runs {
            let points = outline(frame, run, line.line.step, |sample| sample.low);
            match points.as_slice() {
                [only] => layer.shapes.push(Shape::Disc { at: *only, radius: 2.5, paint }),
                _ => layer.shapes.push(Shape::Path { points, paint, width: STROKE }),
            }
        }
        layers.push(layer);
    }
}

/// The field between a line and zero, or the edge that is nearer to zero.
fn field(plan: &Plan<'_>, frame: &Frame<'_>, line: &Drawn<'_>) -> Layer {
    let mut layer = Layer::new("bands");
    let paint = Paint::wash(style(plan, line.order).colour, 0.12);
    for run in line.runs.iter().filter(|run| run.len() > 1) {
        let mut points = outline(frame, run, line.line.step, |sample| sample.low);
        if let (Some(&(first, _)), Some(&(last, _))) = (points.first(), points.last()) {
            points.extend([(last, frame.y(0.0)), (first, frame.y(0.0))]);
            layer.shapes.push(Shape::Area { points, paint });
        }
    }
    layer
}

/// The points of a run; with `step` each value holds until the next.
fn outline(frame: &Frame<'_>, run: &[Sample], step: bool, value: impl Fn(&Sample) -> f64) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(run.len());
    for sample in run {
        let point = (frame.x(sample.at), frame.y(value(sample)));
        if let Some(&(_, before)) = points.last().filter(|before| step && before.1 != point.1) {
            points.push((point.0, before));
        }
        points.push(point);
    }
    points
}

/// A small bold label on the surface's own colour, readable over whatever is drawn there.
pub(super) fn backing(plan: &Plan<'_>, layer: &mut Layer, label: &str, at: (f64, f64), align: Align, colour: Colour) {
    let wide = width(label, SMALL, Weight::Bold);
    let left = match align {
        Align::Left => at.0,
        Align::Middle => at.0 - wide / 2.0,
        Align::Right => at.0 - wide,
    };
    let field = ((left - 4.0, at.1 - 11.0), (left + wide + 4.0, at.1 + 3.5));
    layer.shapes.push(Shape::rect(field.0, field.1, Paint::wash(plan.palette.surface, 0.86)));
    let text = label.to_owned();
    layer.shapes.push(Shape::Text(Text { text, at, align, size: SMALL, weight: Weight::Bold, colour }));
}

/// Says that there is nothing to draw: a broken line with the words in its middle.
pub(super) fn empty(plan: &Plan<'_>, frame: &Frame<'_>, layers: &mut Vec<Layer>) {
    const WORDS: &str = "No samples in this span";
    let size = if frame.right - frame.left < 220.0 { SMALL } else { 14.0 };
    let (x, y) = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
    let half = width(WORDS, size, Weight::Bold) * 0.53 + 12.0;
    let paint = Paint::wash(plan.palette.quiet, 0.55);
    let mut dashed = Layer::dashed("empty", &[2.0, 6.0]);
    for (from, to) in [(frame.left, x - half), (x + half, frame.right)] {
        if to - from > 8.0 {
            dashed.shapes.push(Shape::line((from, y), (to, y), 1.5, paint));
        }
    }
    layers.push(dashed);
    let mut words = Layer::new("empty");
    if !plan.gaps.is_empty() {
        let field = Paint::wash(plan.palette.surface, 0.86);
        words.shapes.push(Shape::rect((x - half, y - size), (x + half, y + size), field));
    }
    words.shapes.push(Shape::Text(Text {
        text: WORDS.to_owned(),
        at: (x, y + size * 0.36),
        align: Align::Middle,
        size,
        weight: Weight::Bold,
        colour: plan.palette.ink_soft,
    }));
    layers.push(words);
}
