//! Thresholds: dashed lines, each with its label and value where that covers the least.

use super::{Align, Frame, Layer, Paint, Plan, SMALL, Shape, data};
use crate::font::{Weight, width};
use crate::scale::{number, with_unit};
use crate::text;

/// A plot lower than this has its thresholds unlabelled: a label would cover what it is about.
const LOWEST_LABELLED: f64 = 48.0;

/// Where a label may stand.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: f64,
    baseline: f64,
    align: Align,
    left: f64,
    right: f64,
}

pub(super) fn draw(plan: &Plan<'_>, frame: &Frame<'_>, layers: &mut Vec<Layer>) {
    let mut dashed = Layer::dashed("thresholds", &[6.0, 4.0]);
    let mut labels = Layer::new("thresholds");
    let mut taken: Vec<Place> = Vec::new();
    for threshold in plan.thresholds() {
        let y = frame.y(threshold.value);
        let line = Shape::line((frame.left, y), (frame.right, y), 1.25, Paint::solid(plan.palette.bad));
        dashed.shapes.push(line);
        let label = label(plan, frame, threshold.value, &threshold.label);
        if label.is_empty() || frame.bottom - frame.top < LOWEST_LABELLED {
            continue;
        }
        let within = |place: &Place| place.baseline - 11.0 >= frame.top - 2.0 && place.baseline + 3.0 <= frame.bottom;
        let free = |place: &Place| !taken.iter().any(|other| place.overlaps(other));
        let open = places(frame, y, width(&label, SMALL, Weight::Bold)).into_iter().filter(within).filter(free);
        if let Some(place) = open.min_by_key(|place| covered(plan, frame, place)) {
            data::backing(plan, &mut labels, &label, (place.x, place.baseline), place.align, plan.palette.bad);
            taken.push(place);
        }
    }
    layers.push(dashed);
    layers.push(labels);
}

fn label(plan: &Plan<'_>, frame: &Frame<'_>, value: f64, label: &str) -> String {
    let unit = plan.picture.unit.as_deref().map(|unit| text::line(unit, 12)).unwrap_or_default();
    let label = text::line(&format!("{label} {}", with_unit(&number(value), &unit)), 80);
    let room = (frame.right - frame.left) * 0.45;
    text::shorten(&label, |text| width(text, SMALL, Weight::Bold) <= room)
}

/// Over and under the line, at the right and at the left, the best first.
fn places(frame: &Frame<'_>, y: f64, wide: f64) -> [Place; 4] {
    let (left, right) = (frame.left + 6.0, frame.right - 6.0);
    let at_right = |baseline| Place { x: right, baseline, align: Align::Right, left: right - wide, right };
    let at_left = |baseline| Place { x: left, baseline, align: Align::Left, left, right: left + wide };
    [at_right(y - 6.0), at_right(y + 14.0), at_left(y - 6.0), at_left(y + 14.0)]
}

/// How much a label would cover: other thresholds weigh most, then marks, then samples.
fn covered(plan: &Plan<'_>, frame: &Frame<'_>, place: &Place) -> usize {
    let beside = |x: f64| x > place.left - 4.0 && x < place.right + 4.0;
    let behind = |y: f64| y > place.baseline - 12.0 && y < place.baseline + 4.0;
    let place_of = |at: i64| frame.x((i128::from(at) - i128::from(plan.from)) as f64);
    let others = plan.thresholds().filter(|other| behind(frame.y(other.value))).count();
    let marks = plan.picture.marks.iter().filter(|mark| (plan.from..=plan.to).contains(&mark.at));
    let marks = marks.filter(|mark| beside(place_of(mark.at))).count();
    let samples = plan.lines.iter().flat_map(|line| line.runs.iter().flatten());
    let touched = samples.filter(|sample| beside(frame.x(sample.at)) && behind(frame.y(sample.low))).count();
    others.min(9) * 100 + marks.min(9) * 10 + touched.min(9)
}

impl Place {
    fn overlaps(&self, other: &Place) -> bool {
        self.left < other.right + 8.0 && other.left < self.right + 8.0 && (self.baseline - other.baseline).abs() < 15.0
    }
}
