//! Paints a drawing with plotters: as SVG, or as pixels that become a PNG.

use std::fmt::Write as _;

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBAColor, ShapeStyle, TextStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};

use crate::font::{SIZE_OF_EM, font};
use crate::layout::{Align, Drawing, Layer, Paint, Shape, Text};
use crate::text::escape;

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// plotters could not draw a shape.
    #[error("The picture could not be painted: {0}. Save it as SVG instead.")]
    Paint(String),
    /// The pixels could not be written as PNG.
    #[error("The picture could not be encoded as PNG: {0}. Save it as SVG instead.")]
    Encode(#[from] png::EncodingError),
}

/// plotters places everything on whole numbers: an SVG is drawn on tenths of a pixel.
const FINE: f64 = 10.0;
/// What a PNG may be drawn on before it is brought down to its size, in pixels.
const MOST_PIXELS: u64 = 12_000_000;
/// Where plotters' SVG puts the baseline of a text below its anchor, in ems (`dy`).
const BASELINE: f64 = 0.76;
/// Where plotters' bitmap puts it: half a size.
const BITMAP_BASELINE: f64 = SIZE_OF_EM / 2.0;

pub(crate) fn svg(drawing: &Drawing, title: &str, description: &str) -> String {
    let (width, height) = (drawing.width, drawing.height);
    let size = ((f64::from(width) * FINE) as u32, (f64::from(height) * FINE) as u32);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         stroke-linecap=\"butt\" stroke-linejoin=\"round\">\n<title>{}</title>\n<desc>{}</desc>\n",
        size.0,
        size.1,
        escape(title),
        escape(description)
    );
    for layer in drawing.layers.iter().filter(|layer| !layer.shapes.is_empty()) {
        let _ = write!(out, "<g class=\"{}\"", layer.class);
        if !layer.dashes.is_empty() {
            let dashes: Vec<String> = layer.dashes.iter().map(|length| format!("{}", length * FINE)).collect();
            let _ = write!(out, " stroke-dasharray=\"{}\"", dashes.join(" "));
        }
        let _ = writeln!(out, ">\n{}</g>", group(layer, size));
    }
    out.push_str("</svg>\n");
    out
}

/// A layer's shapes as plotters writes them, without the `<svg>` that it puts around.
fn group(layer: &Layer, size: (u32, u32)) -> String {
    let mut written = String::new();
    let mut backend = SVGBackend::with_string(&mut written, size);
    for shape in &layer.shapes {
        // It writes into a string, which cannot fail.
        let _ = draw(&mut backend, shape, FINE);
    }
    drop(backend);
    let inner = written.split_once('\n').map_or("", |(_, rest)| rest);
    let mut out = String::with_capacity(inner.len());
    for line in inner.trim_end().trim_end_matches("</svg>").lines() {
        out.push_str(line);
        // plotters puts a text's content on a line of its own; the breaks would be spaces in it.
        if line.starts_with('<') && !line.starts_with("<text ") {
            out.push('\n');
        }
    }
    out
}

/// `density` pixels of the PNG to each of the drawing, from 1 to 4, and fewer where that would be too many.
pub(crate) fn png(drawing: &Drawing, density: u32) -> Result<Vec<u8>, ChartError> {
    let within = |factor: &u32| {
        let pixels = u64::from(drawing.width) * u64::from(drawing.height);
        pixels * u64::from(*factor) * u64::from(*factor) <= MOST_PIXELS
    };
    let density = (2..=density.min(4)).rev().find(within).unwrap_or(1);
    let smooth = [3, 2].into_iter().find(|smooth| within(&(smooth * density))).unwrap_or(1);
    let factor = density * smooth;
    let size = (drawing.width * factor, drawing.height * factor);
    let mut buffer = vec![0_u8; size.0 as usize * size.1 as usize * 3];
    let mut raster = Raster(BitMapBackend::with_buffer(&mut buffer, size));
    let scale = f64::from(factor);
    for layer in &drawing.layers {
        for shape in &layer.shapes {
            let drawn = match shape {
                Shape::Path { points, paint, width } if !layer.dashes.is_empty() => {
                    dashes(points, layer.dashes).into_iter().try_for_each(|points| {
                        draw(&mut raster, &Shape::Path { points, paint: *paint, width: *width }, scale)
                    })
                }
                _ => draw(&mut raster, shape, scale),
            };
            drawn.map_err(|error| ChartError::Paint(error.to_string()))?;
        }
    }
    drop(raster);
    encode(&shrunk(&buffer, size.0 as usize, smooth as usize), drawing.width * density, drawing.height * density)
}

fn encode(rgb: &[u8], width: u32, height: u32) -> Result<Vec<u8>, ChartError> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    writer.finish()?;
    Ok(out)
}

/// Each square of `factor` × `factor` pixels as one of their mean colour: smooth edges, which plotters' own bitmap has not.
fn shrunk(rgb: &[u8], width: usize, factor: usize) -> Vec<u8> {
    if factor == 1 {
        return rgb.to_vec();
    }
    let narrow = width / factor;
    let mut out = Vec::with_capacity(rgb.len() / (factor * factor));
    let mut sums = vec![0_u32; narrow * 3];
    let count = u32::try_from(factor * factor).unwrap_or(1);
    for rows in rgb.chunks_exact(width * 3 * factor) {
        sums.fill(0);
        for row in rows.chunks_exact(width * 3) {
            for (block, sum) in row.chunks_exact(3 * factor).zip(sums.chunks_exact_mut(3)) {
                for pixel in block.chunks_exact(3) {
                    for (part, sum) in pixel.iter().zip(sum.iter_mut()) {
                        *sum += u32::from(*part);
                    }
                }
            }
        }
        out.extend(sums.iter().map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)));
    }
    out
}

/// Draws one shape, `scale` units to the pixel.
fn draw<B: DrawingBackend>(backend: &mut B, shape: &Shape, scale: f64) -> Result<(), DrawingErrorKind<B::ErrorType>> {
    let place = |at: &(f64, f64)| ((at.0 * scale).round() as i32, (at.1 * scale).round() as i32);
    match shape {
        Shape::Rect { from, to, paint } => {
            backend.draw_rect(place(from), place(to), &ShapeStyle::from(colour(*paint)).filled(), true)
        }
        Shape::Path { points, paint, width } => {
            let style = ShapeStyle::from(colour(*paint)).stroke_width((width * scale).round().max(1.0) as u32);
            backend.draw_path(points.iter().map(place), &style)
        }
        Shape::Area { points, paint } => backend.fill_polygon(points.iter().map(place), &colour(*paint).filled()),
        Shape::Disc { at, radius, paint } => {
            backend.draw_circle(place(at), (radius * scale).round() as u32, &colour(*paint).filled(), true)
        }
        Shape::Text(text) => backend.draw_text(&text.text, &style(text, scale), anchor(text, scale)),
    }
}

fn anchor(text: &Text, scale: f64) -> (i32, i32) {
    let (x, baseline) = text.at;
    ((x * scale).round() as i32, ((baseline - text.size * BASELINE) * scale).round() as i32)
}

fn style(text: &Text, scale: f64) -> TextStyle<'static> {
    let side = match text.align {
        Align::Left => HPos::Left,
        Align::Middle => HPos::Center,
        Align::Right => HPos::Right,
    };
    TextStyle {
        font: font(text.size * scale, text.weight),
        color: colour(Paint::solid(text.colour)).to_backend_color(),
        pos: Pos::new(side, VPos::Top),
    }
}

fn colour(paint: Paint) -> RGBAColor {
    RGBAColor(paint.colour.0, paint.colour.1, paint.colour.2, paint.cover)
}

/// A path as the pieces that a pattern of drawn and left out lengths leaves of it.
fn dashes(points: &[(f64, f64)], pattern: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut lengths = pattern.iter().copied().filter(|length| *length > 0.0).cycle();
    let (Some(first), Some(mut left)) = (points.first(), lengths.next()) else { return Vec::new() };
    let mut pieces = Vec::new();
    let (mut drawn, mut piece) = (true, vec![*first]);
    for (from, to) in points.iter().zip(points.iter().skip(1)) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let mut gone = 0.0;
        while length - gone > left {
            gone += left;
            let part = gone / length;
            let at = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            if drawn {
                piece.push(at);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![at];
            }
            drawn = !drawn;
            left = lengths.next().unwrap_or(left);
        }
        left -= length - gone;
        if drawn {
            piece.push(*to);
        }
    }
    if drawn && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

/// plotters' bitmap with two things mended: a path is drawn piece by piece, since its own outline of a whole path throws spikes at
/// sharp turns, and a text's baseline is where the SVG has it.
struct Raster<'a>(BitMapBackend<'a>);

impl DrawingBackend for Raster<'_> {
    type ErrorType = <BitMapBackend<'static> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.0.present()
    }

    fn draw_pixel(
        &mut self,
        point: BackendCoord,
        color: BackendColor,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.0.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        let width = style.stroke_width();
        let mut before: Option<BackendCoord> = None;
        let mut inner = false;
        for point in path {
            if let Some(from) = before.filter(|from| *from != point) {
                if inner && width > 2 && style.color().alpha >= 1.0 {
                    let joint = RGBAColor(style.color().rgb.0, style.color().rgb.1, style.color().rgb.2, 1.0);
                    self.0.draw_circle(from, width / 2, &joint.filled(), true)?;
                }
                self.0.draw_line(from, point, style)?;
                inner = true;
            }
            before = Some(point);
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        pos: BackendCoord,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        let em = style.size() / SIZE_OF_EM;
        let lower = (em * (BASELINE - BITMAP_BASELINE)).round() as i32;
        self.0.draw_text(text, style, (pos.0, pos.1 + lower))
    }
}
