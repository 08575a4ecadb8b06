//! Moments that matter: an upright line, a sign that tells its kind by its shape, and a label where there is room.

use super::{Align, Frame, Layer, Paint, Plan, SMALL, Shape, Text};
use crate::font::{Weight, width};
use crate::picture::{MOST_MARKS, Mark, MarkKind};
use crate::text;
use crate::theme::Colour;

const ROW: f64 = 19.0;
const SIGN: f64 = 4.5;
/// Between a sign and its label.
const BESIDE: f64 = SIGN + 5.0;
/// A picture lower than this has no second row of labels.
const LOWEST_WITH_TWO: f64 = 260.0;

/// The marks of a picture with their places across it.
pub(super) struct Placed<'a> {
    marks: Vec<PlacedMark<'a>>,
    rows: u8,
}

struct PlacedMark<'a> {
    mark: &'a Mark,
    /// Where its line is.
    x: f64,
    /// Where its sign is: beside the line when another's sign is there.
    sign: f64,
    label: Option<Label>,
}

struct Label {
    text: String,
    x: f64,
    align: Align,
    /// Whether it stands over the row of signs.
    over: bool,
}

impl Placed<'_> {
    /// The height of the rows that signs and labels stand in, above the plot.
    pub(super) fn height(&self) -> f64 {
        f64::from(self.rows) * ROW + if self.rows > 0 { 3.0 } else { 0.0 }
    }
}

/// Places the marks; of the frame only its sides are read.
pub(super) fn place<'a>(plan: &Plan<'a>, frame: &Frame<'_>) -> Placed<'a> {
    let inside = plan.picture.marks.iter().filter(|mark| (plan.from..=plan.to).contains(&mark.at));
    let mut within: Vec<_> = inside.take(MOST_MARKS).collect();
    within.sort_by_key(|mark| mark.at);
    let mut marks = signs(plan, frame, &within);
    let starts: Vec<f64> = marks.iter().map(|mark| mark.sign).collect();
    let (mut taken, mut over_taken) = (frame.left, frame.left);
    for (index, mark) in marks.iter_mut().enumerate() {
        let text = text::line(&mark.mark.label, 60);
        let next = starts.get(index + 1).map_or(frame.right + 8.0, |next| next - SIGN);
        let wide = width(&text, SMALL, Weight::Regular) * 1.06;
        taken = f64::max(taken, mark.sign + SIGN);
        if text.is_empty() {
            continue;
        }
        let before =
            index.checked_sub(1).and_then(|before| starts.get(before)).map_or(frame.left, |before| before + BESIDE);
        let over = (mark.sign - SIGN).min(frame.right - wide);
        mark.label = if mark.sign + BESIDE + wide <= next - 4.0 {
            taken = mark.sign + BESIDE + wide;
            Some(Label { text, x: mark.sign + BESIDE, align: Align::Left, over: false })
        } else if index == 0 && mark.sign - BESIDE - wide >= before {
            Some(Label { text, x: mark.sign - BESIDE, align: Align::Right, over: false })
        } else if over >= over_taken && plan.height >= LOWEST_WITH_TWO {
            over_taken = over + wide + 12.0;
            Some(Label { text, x: over, align: Align::Left, over: true })
        } else {
            None
        };
    }
    let two = marks.iter().any(|mark| mark.label.as_ref().is_some_and(|label| label.over));
    let rows = u8::from(!marks.is_empty()) + u8::from(two);
    Placed { marks, rows }
}

/// Signs that would cover each other are moved apart, to the right, or from the right edge back.
fn signs<'a>(plan: &Plan<'a>, frame: &Frame<'_>, within: &[&'a Mark]) -> Vec<PlacedMark<'a>> {
    let apart = SIGN * 2.0 + 4.0;
    let mut marks: Vec<PlacedMark<'a>> = Vec::with_capacity(within.len());
    for mark in within {
        let x = frame.x((i128::from(mark.at) - i128::from(plan.from)) as f64);
        let after = marks.last().map_or(x, |before| before.sign + apart);
        marks.push(PlacedMark { mark, x, sign: x.max(after), label: None });
    }
    let mut most = frame.right;
    for mark in marks.iter_mut().rev() {
        mark.sign = mark.sign.min(most);
        most = mark.sign - apart;
    }
    marks
}

pub(super) fn draw(plan: &Plan<'_>, frame: &Frame<'_>, placed: &Placed<'_>, layers: &mut Vec<Layer>) {
    let middle = frame.top - 3.0 - ROW / 2.0;
    let mut layer = Layer::new("marks");
    for mark in &placed.marks {
        let colour = colour(plan, mark.mark.kind);
        let foot = vec![(mark.sign, middle + SIGN), (mark.x, frame.top), (mark.x, frame.bottom)];
        layer.shapes.push(Shape::Path { points: foot, paint: Paint::wash(colour, 0.85), width: 1.0 });
        layer.shapes.push(sign_of(mark.mark.kind, (mark.sign, middle), colour));
        if let Some(label) = &mark.label {
            let lower = if label.over { 3.9 - ROW + 2.0 } else { 3.9 };
            layer.shapes.push(Shape::Text(Text {
                text: label.text.clone(),
                at: (label.x, middle + lower),
                align: label.align,
                size: SMALL,
                weight: Weight::Regular,
                colour: plan.palette.ink_soft,
            }));
        }
    }
    layers.push(layer);
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
