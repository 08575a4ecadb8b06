//! Moments that matter: an upright line, a sign that tells its kind by its shape, and a label where there is room.

use super::{Align, Frame, Layer, Paint, Plan, SMALL, Shape, Text};
use crate::font::{Weight, width};
use crate::picture::{MOST_MARKS, Mark, MarkKind};
use crate::text;
use crate::theme::Colour;

/// The height of the row that signs and labels stand in, above the plot.
pub(super) const LANE: f64 = 22.0;
const SIGN: f64 = 4.5;

pub(super) fn any(plan: &Plan<'_>) -> bool {
    !within(plan).is_empty()
}

fn within<'a>(plan: &Plan<'a>) -> Vec<&'a Mark> {
    let inside = plan.picture.marks.iter().filter(|mark| (plan.from..=plan.to).contains(&mark.at));
    let mut marks: Vec<_> = inside.take(MOST_MARKS).collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

pub(super) fn draw(plan: &Plan<'_>, frame: &Frame<'_>, top: f64, layers: &mut Vec<Layer>) {
    let marks = within(plan);
    if marks.is_empty() {
        return;
    }
    let middle = (top + LANE / 2.0 - 3.0).min(frame.top - SIGN);
    let places = places(plan, frame, &marks);
    let mut layer = Layer::new("marks");
    for (index, (mark, &(x, sign))) in marks.iter().zip(&places).enumerate() {
        let colour = colour(plan, mark.kind);
        let foot = [(sign, middle + SIGN), (x, frame.top), (x, frame.bottom)];
        layer.shapes.push(Shape::Path { points: foot.to_vec(), paint: Paint::wash(colour, 0.85), width: 1.0 });
        layer.shapes.push(sign_of(mark.kind, (sign, middle), colour));
        let next = places.get(index + 1).map_or(frame.right + 8.0, |&(_, next)| next - SIGN);
        let before = index.checked_sub(1).and_then(|before| places.get(before)).map(|&(_, before)| before);
        layer.shapes.extend(label(plan, mark, (sign, middle), next, before.map_or(Some(frame.left), |_| None)));
    }
    layers.push(layer);
}

/// Where each mark's line and sign are: signs that would cover each other are moved apart, to the right, or from the right edge back.
fn places(plan: &Plan<'_>, frame: &Frame<'_>, marks: &[&Mark]) -> Vec<(f64, f64)> {
    let apart = SIGN * 2.0 + 4.0;
    let mut places: Vec<(f64, f64)> = Vec::with_capacity(marks.len());
    for mark in marks {
        let x = frame.x((i128::from(mark.at) - i128::from(plan.from)) as f64);
        let after = places.last().map_or(x, |&(_, before)| before + apart);
        places.push((x, x.max(after)));
    }
    let mut most = frame.right;
    for place in places.iter_mut().rev() {
        place.1 = place.1.min(most);
        most = place.1 - apart;
    }
    places
}

/// The label at the right of its sign; the first one may stand at the left of it.
fn label(plan: &Plan<'_>, mark: &Mark, (x, y): (f64, f64), next: f64, left_edge: Option<f64>) -> Option<Shape> {
    let text = text::line(&mark.label, 60);
    let wide = width(&text, SMALL, Weight::Regular) * 1.06;
    let right = x + SIGN + 5.0;
    let (x, align) = if right + wide <= next - 4.0 {
        (right, Align::Left)
    } else if left_edge.is_some_and(|edge| x - SIGN - 5.0 - wide >= edge) {
        (x - SIGN - 5.0, Align::Right)
    } else {
        return None;
    };
    let colour = plan.palette.ink_soft;
    (!text.is_empty()).then_some(Shape::Text(Text {
        text,
        at: (x, y + 3.9),
        align,
        size: SMALL,
        weight: Weight::Regular,
        colour,
    }))
}

fn colour(plan: &Plan<'_>, kind: MarkKind) -> Colour {
    match kind {
        MarkKind::Fired => plan.palette.bad,
        MarkKind::Acknowledged => plan.palette.info,
        MarkKind::Resolved => plan.palette.good,
        MarkKind::Other => plan.palette.accent,
    }
}

fn sign_of(kind: MarkKind, (x, y): (f64, f64), colour: Colour) -> Shape {
    let paint = Paint::solid(colour);
    let r = SIGN;
    match kind {
        MarkKind::Fired => {
            Shape::Area { points: vec![(x, y - r), (x + r * 1.15, y + r), (x - r * 1.15, y + r)], paint }
        }
        MarkKind::Acknowledged => Shape::rect((x - r * 0.9, y - r * 0.9), (x + r * 0.9, y + r * 0.9), paint),
        MarkKind::Resolved => Shape::Disc { at: (x, y), radius: r, paint },
        MarkKind::Other => Shape::Area { points: vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)], paint },
    }
}
