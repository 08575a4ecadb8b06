//! The two axes and the grid.

use super::{Align, Frame, Layer, PAD, Paint, Plan, SMALL, Shape, Text};
use crate::font::{Weight, width};
use crate::scale::{Scale, with_unit};
use crate::text;

/// Each mark of the upright axis with its label, a short unit in it.
pub(super) fn value_labels(plan: &Plan<'_>, scale: Option<&Scale>) -> Vec<(f64, String)> {
    let Some(scale) = scale else { return Vec::new() };
    let unit = short_unit(plan).unwrap_or_default();
    scale.marks().into_iter().map(|mark| (mark, with_unit(&scale.label(mark), &unit))).collect()
}

/// A unit that is too long to stand in each label: it gets a row of its own.
pub(super) fn long_unit(plan: &Plan<'_>) -> Option<String> {
    unit(plan).filter(|unit| unit.chars().count() > 3)
}

fn short_unit(plan: &Plan<'_>) -> Option<String> {
    unit(plan).filter(|unit| unit.chars().count() <= 3)
}

fn unit(plan: &Plan<'_>) -> Option<String> {
    plan.picture.unit.as_deref().map(|unit| text::line(unit, 40)).filter(|unit| !unit.is_empty())
}

/// Draws the grid, both axes' labels and a long unit.
pub(super) fn draw(
    plan: &Plan<'_>,
    frame: &Frame<'_>,
    labels: &[(f64, String)],
    unit_baseline: f64,
    layers: &mut Vec<Layer>,
) {
    let mut grid = Layer::new("grid");
    let mut axes = Layer::new("axes");
    values(plan, frame, labels, &mut grid, &mut axes);
    if let Some(unit) = long_unit(plan).filter(|_| !labels.is_empty()) {
        axes.shapes.push(Shape::Text(Text {
            text: text::shorten(&unit, |text| width(text, SMALL, Weight::Regular) <= frame.right - PAD),
            at: (PAD, unit_baseline),
            align: Align::Left,
            size: SMALL,
            weight: Weight::Regular,
            colour: plan.palette.ink_faint,
        }));
    }
    times(plan, frame, &mut grid, &mut axes);
    let base =
        Shape::line((frame.left, frame.bottom), (frame.right, frame.bottom), 1.0, Paint::solid(plan.palette.line));
    grid.shapes.push(base);
    layers.push(grid);
    layers.push(axes);
}

fn values(plan: &Plan<'_>, frame: &Frame<'_>, labels: &[(f64, String)], grid: &mut Layer, axes: &mut Layer) {
    // A low picture has no room for every label: each second, third… is written, and always the lowest.
    let apart = (frame.bottom - frame.top) / (labels.len().saturating_sub(1).max(1) as f64);
    let each = (15.0 / apart.max(0.1)).ceil().max(1.0) as usize;
    for (value, label) in labels.iter().step_by(each) {
        let y = frame.y(*value);
        if y < frame.bottom - 0.5 {
            grid.shapes.push(Shape::line((frame.left, y), (frame.right, y), 1.0, Paint::solid(plan.palette.grid)));
        }
        axes.shapes.push(Shape::Text(Text {
            text: label.clone(),
            at: (frame.left - 8.0, y + 3.9),
            align: Align::Right,
            size: SMALL,
            weight: Weight::Regular,
            colour: plan.palette.axis,
        }));
    }
}

fn times(plan: &Plan<'_>, frame: &Frame<'_>, grid: &mut Layer, axes: &mut Layer) {
    let most = ((frame.right - frame.left) / 76.0) as usize;
    let mut taken = f64::MIN;
    for tick in plan.wall.ticks(plan.from, plan.to, most.max(1)) {
        let x = frame.x((i128::from(tick.at) - i128::from(plan.from)) as f64);
        if tick.major {
            grid.shapes.push(Shape::line((x, frame.top), (x, frame.bottom), 1.0, Paint::solid(plan.palette.grid)));
        }
        let foot = Shape::line((x, frame.bottom), (x, frame.bottom + 4.0), 1.0, Paint::solid(plan.palette.line));
        grid.shapes.push(foot);
        let (weight, colour) =
            if tick.major { (Weight::Bold, plan.palette.ink_soft) } else { (Weight::Regular, plan.palette.axis) };
        let half = width(&tick.label, SMALL, weight) / 2.0;
        let middle = x.clamp(PAD.min(frame.left) + half, (plan.width - 4.0 - half).max(PAD + half));
        if middle - half < taken + 8.0 {
            continue;
        }
        taken = middle + half;
        axes.shapes.push(Shape::Text(Text {
            text: tick.label,
            at: (middle, frame.bottom + 17.0),
            align: Align::Middle,
            size: SMALL,
            weight,
            colour,
        }));
    }
}
