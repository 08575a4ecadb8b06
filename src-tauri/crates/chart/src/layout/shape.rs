//! The shapes that a picture is made of.

use crate::font::Weight;
use crate::theme::Colour;

/// A picture as shapes, the hindmost first. All lengths are in pixels from the upper left.
#[derive(Debug)]
pub(crate) struct Drawing {
    pub width: u32,
    pub height: u32,
    pub layers: Vec<Layer>,
}

/// Shapes that belong together; a group with a class in an SVG.
#[derive(Debug)]
pub(crate) struct Layer {
    pub class: &'static str,
    /// How its paths are broken: drawn and left out in turn; whole when empty.
    pub dashes: &'static [f64],
    pub shapes: Vec<Shape>,
}

#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Rect { from: (f64, f64), to: (f64, f64), paint: Paint },
    Path { points: Vec<(f64, f64)>, paint: Paint, width: f64 },
    Area { points: Vec<(f64, f64)>, paint: Paint },
    Disc { at: (f64, f64), radius: f64, paint: Paint },
    Text(Text),
}

/// A line of text: `at` is on its baseline.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub text: String,
    pub at: (f64, f64),
    pub align: Align,
    /// In pixels to the em.
    pub size: f64,
    pub weight: Weight,
    pub colour: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Middle,
    Right,
}

/// A colour with how much it covers, from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    pub colour: Colour,
    pub cover: f64,
}

impl Paint {
    pub(crate) fn solid(colour: Colour) -> Self {
        Paint { colour, cover: 1.0 }
    }

    pub(crate) fn wash(colour: Colour, cover: f64) -> Self {
        Paint { colour, cover }
    }
}

impl Layer {
    pub(crate) fn new(class: &'static str) -> Self {
        Layer { class, dashes: &[], shapes: Vec::new() }
    }

    pub(crate) fn dashed(class: &'static str, dashes: &'static [f64]) -> Self {
        Layer { class, dashes, shapes: Vec::new() }
    }

    pub(crate) fn with(mut self, shape: Shape) -> Self {
        self.shapes.push(shape);
        self
    }
}

impl Shape {
    pub(crate) fn rect(from: (f64, f64), to: (f64, f64), paint: Paint) -> Self {
        Shape::Rect { from, to, paint }
    }

    /// A straight line.
    pub(crate) fn line(from: (f64, f64), to: (f64, f64), width: f64, paint: Paint) -> Self {
        Shape::Path { points: vec![from, to], paint, width }
    }
}
