//! The title, what it is of and when, and the legend.

use super::{Align, Drawn, Layer, PAD, Paint, Plan, Shape, Text, data};
use crate::font::{Weight, width};
use crate::picture::MOST_LINES;
use crate::text;

const TITLE: f64 = 15.0;
const SUBTITLE: f64 = 12.0;
const SWATCH: f64 = 16.0;
/// More room than the bundled font takes, for readers who see the SVG in a wider one.
const SLACK: f64 = 1.06;

/// Draws title, subtitle and span; answers where the next row begins.
pub(super) fn head(plan: &Plan<'_>, layers: &mut Vec<Layer>) -> f64 {
    let mut layer = Layer::new("head");
    let room = plan.width - 2.0 * PAD;
    let mut top = PAD;
    let title = text::line(&plan.picture.title, 200);
    if !title.is_empty() {
        let title = text::shorten(&title, |text| width(text, TITLE, Weight::Bold) * SLACK <= room);
        layer.shapes.push(Shape::Text(Text {
            text: title,
            at: (PAD, top + 13.0),
            align: Align::Left,
            size: TITLE,
            weight: Weight::Bold,
            colour: plan.palette.ink,
        }));
        top += 20.0;
    }
    if plan.height >= 150.0 {
        let row = second_row(plan, room, top + 13.0);
        if !row.is_empty() {
            top += 19.0;
        }
        layer.shapes.extend(row.into_iter().map(Shape::Text));
    }
    layers.push(layer);
    top + 8.0
}

/// The subtitle at the left and the span at the right; where both do not fit, the zone goes first, then the subtitle is shortened.
fn second_row(plan: &Plan<'_>, room: f64, baseline: f64) -> Vec<Text> {
    let measure = |text: &str| width(text, SUBTITLE, Weight::Regular) * SLACK;
    let subtitle = text::line(&plan.picture.subtitle, 200);
    let wanted = if subtitle.is_empty() { 0.0 } else { measure(&subtitle).min(room * 0.4) + 16.0 };
    let when = plan.wall.span(plan.from, plan.to);
    let with_zone = format!("{when} · {}", plan.wall.zone());
    let when = if measure(&with_zone) + wanted <= room { with_zone } else { when };
    let when = text::shorten(&when, |text| measure(text) <= room);
    let left = room - measure(&when) - 16.0;
    let subtitle = text::shorten(&subtitle, |text| measure(text) <= left);
    let place = |text, at, align, colour| Text { text, at, align, size: SUBTITLE, weight: Weight::Regular, colour };
    let mut row = Vec::new();
    let alone = subtitle.is_empty();
    if !alone {
        row.push(place(subtitle, (PAD, baseline), Align::Left, plan.palette.ink_soft));
    }
    let (at, align) = if alone { (PAD, Align::Left) } else { (plan.width - PAD, Align::Right) };
    row.push(place(when, (at, baseline), align, plan.palette.ink_faint));
    row
}

/// What an entry of the legend shows before its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Line(usize),
    Band,
    Gap,
}

/// Draws the legend where there is something to tell apart and room for it; answers where the next row begins.
pub(super) fn legend(plan: &Plan<'_>, layers: &mut Vec<Layer>, top: f64) -> f64 {
    let entries = entries(plan);
    let only_gaps = entries.iter().all(|(key, _)| *key == Key::Gap);
    if entries.is_empty() || plan.height < if only_gaps { 260.0 } else { 190.0 } {
        return top;
    }
    let not_drawn = plan.picture.lines.len().saturating_sub(MOST_LINES);
    let tail_room = if not_drawn > 0 { 180.0 } else { 60.0 };
    let rows_most = if plan.height >= 260.0 { 2 } else { 1 };
    let right = plan.width - PAD;
    let mut layer = Layer::new("legend");
    let mut keys = Vec::new();
    let (mut x, mut row, mut left_out) = (PAD, 0, 0_usize);
    for (key, label) in entries {
        let label = text::shorten(&label, |text| {
            width(text, SUBTITLE, Weight::Regular) * SLACK <= 220.0_f64.min(right - PAD - SWATCH)
        });
        let swatch = SWATCH + 6.0;
        let wide = swatch + width(&label, SUBTITLE, Weight::Regular) * SLACK;
        // The last row keeps room to say how many are left out.
        let edge = if row + 1 == rows_most { right - tail_room } else { right };
        if left_out > 0 || (x + wide > edge && x > PAD) {
            if row + 1 >= rows_most {
                left_out += 1;
                continue;
            }
            (x, row) = (PAD, row + 1);
        }
        let middle = top + 9.0 + f64::from(row) * 18.0;
        keys.extend(swatch_of(plan, &key, x, middle));
        layer.shapes.push(label_at(plan, label, x + swatch, middle));
        x += wide + 18.0;
    }
    let tail = match (left_out, not_drawn) {
        (0, 0) => None,
        (left_out, 0) => Some(format!("+{left_out} more")),
        (0, not_drawn) => Some(format!("{not_drawn} more not drawn")),
        (left_out, not_drawn) => Some(format!("+{left_out} more, {not_drawn} not drawn")),
    };
    if let Some(tail) = tail {
        let middle = top + 9.0 + f64::from(row) * 18.0;
        let tail = text::shorten(&tail, |text| width(text, SUBTITLE, Weight::Regular) * SLACK <= right - x);
        layer.shapes.push(label_at(plan, tail, x, middle));
    }
    layers.extend(keys);
    layers.push(layer);
    top + f64::from(row + 1) * 18.0 + 10.0
}

fn entries(plan: &Plan<'_>) -> Vec<(Key, String)> {
    let mut fields = Vec::new();
    if plan.lines.iter().any(|line| !line.band.is_empty()) {
        fields.push((Key::Band, "least to greatest".to_owned()));
    }
    if data::gaps_want_a_key(plan) {
        fields.push((Key::Gap, "no data".to_owned()));
    }
    let lines: Vec<_> = plan.lines.iter().filter_map(|line| Some((Key::Line(line.order), name(plan, line)?))).collect();
    // Of many lines the last may be left out, and what a field means must not be.
    if lines.len() > 3 { [fields, lines].concat() } else { [lines, fields].concat() }
}

/// A line's name in the legend; none where the title has said it.
fn name(plan: &Plan<'_>, line: &Drawn<'_>) -> Option<String> {
    let label = text::line(&line.line.label, 80);
    let told = label.is_empty() || label == text::line(&plan.picture.title, 200);
    match (plan.lines.len(), told) {
        (1, true) => None,
        _ if label.is_empty() => Some(format!("line {}", line.order + 1)),
        _ => Some(label),
    }
}

fn swatch_of(plan: &Plan<'_>, key: &Key, x: f64, middle: f64) -> Vec<Layer> {
    let (from, to) = ((x, middle - 5.0), (x + SWATCH, middle + 5.0));
    match key {
        Key::Line(order) => {
            let style = data::style(plan, *order);
            let line = Shape::line((x, middle), (x + SWATCH, middle), 2.0, Paint::solid(style.colour));
            vec![Layer::dashed("legend", style.dashes).with(line)]
        }
        Key::Band => {
            let colour = plan.lines.iter().find(|line| !line.band.is_empty()).map_or(0, |line| line.order);
            let paint = Paint::wash(data::style(plan, colour).colour, 0.25);
            vec![Layer::new("legend").with(Shape::rect(from, to, paint))]
        }
        Key::Gap => vec![data::hatch(plan, "legend", from, to, 4.0)],
    }
}

fn label_at(plan: &Plan<'_>, text: String, x: f64, middle: f64) -> Shape {
    Shape::Text(Text {
        text,
        at: (x, middle + 4.2),
        align: Align::Left,
        size: SUBTITLE,
        weight: Weight::Regular,
        colour: plan.palette.ink_soft,
    })
}
