//! Chart pictures and the shift report: pure functions from plain numbers to SVG, PNG and HTML.
//!
//! A [`Picture`] says what to draw; [`svg`] and [`png`] draw it alike, from one list of shapes (`layout`) that plotters paints
//! (`paint`). Nothing here reads a file, a clock or a font of the system, and nothing that a picture can hold makes it fail: values
//! that cannot be drawn are left out, texts are shortened, sizes are held to [`SMALLEST`] and [`LARGEST`].

mod font;
mod layout;
mod paint;
mod picture;
pub mod report;
mod runs;
mod scale;
mod summary;
mod text;
mod theme;
mod time;

pub use paint::ChartError;
pub use picture::{
    LARGEST, Line, MOST_LINES, MOST_MARKS, MOST_THRESHOLDS, Mark, MarkKind, Picture, SMALLEST, Theme, Threshold,
};

/// Draws a picture as one self-contained `<svg>`, fit to be a file or to stand inside HTML.
///
/// Texts stay text, in Inter where the reader has it; a `<title>` and a `<desc>` say in words what is drawn. The groups carry the
/// classes `ground`, `grid`, `gaps`, `bands`, `lines`, `thresholds`, `marks`, `axes`, `head`, `legend` and `empty`.
pub fn svg(picture: &Picture) -> String {
    paint::svg(&layout::layout(picture), &summary::title(picture), &summary::describe(picture))
}

/// Draws a picture as a PNG of its width and height, in RGB without transparency.
///
/// # Errors
/// Only when the picture could not be painted or encoded, which no content of a picture is known to cause.
pub fn png(picture: &Picture) -> Result<Vec<u8>, ChartError> {
    png_at(picture, 1)
}

/// Draws a picture as a PNG for a dense screen: `density` pixels, 1 to 4, to each of the picture's own, fewer for a large picture.
///
/// # Errors
/// As [`png`].
pub fn png_at(picture: &Picture, density: u32) -> Result<Vec<u8>, ChartError> {
    paint::png(&layout::layout(picture), density)
}
