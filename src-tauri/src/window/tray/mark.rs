//! The tray's icon, drawn: how bad it is as a shape and a colour, so that neither is needed to tell.

use monitor::Attention;
use monitor::view::picture::Severity;

/// The page's darkest ground, around the mark, so that it is seen on any panel.
const GROUND: [u8; 3] = [0x0b, 0x0d, 0x10];

/// Samples of a pixel, each way.
const SAMPLES: u32 = 4;

/// What the tray shows. Shapes are the page's own for severities; colours are those of `tokens.css`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// ▲
    Critical,
    /// ◆
    High,
    /// ●
    Medium,
    /// ·
    Low,
    /// ◐ Nothing fires, and not all connections are live.
    Stale,
    /// ○
    Quiet,
}

impl Mark {
    pub(super) fn of(attention: Attention) -> Self {
        match attention.worst {
            Some(Severity::Critical) => Mark::Critical,
            Some(Severity::High) => Mark::High,
            Some(Severity::Medium) => Mark::Medium,
            Some(Severity::Low) => Mark::Low,
            None if attention.not_live > 0 => Mark::Stale,
            None => Mark::Quiet,
        }
    }

    /// The mark as a square of RGBA pixels.
    pub(super) fn pixels(self, size: u32) -> Vec<u8> {
        let [red, green, blue] = self.color();
        let mut pixels = Vec::with_capacity((size * size * 4) as usize);
        for pixel in 0..size * size {
            let (mut inner, mut outer) = (0, 0);
            for sample in 0..SAMPLES * SAMPLES {
                let at = |pixel: u32, sample: u32| {
                    let place = pixel as f32 + (sample as f32 + 0.5) / SAMPLES as f32;
                    place / size as f32 * 2.0 - 1.0
                };
                let (x, y) = (at(pixel % size, sample % SAMPLES), at(pixel / size, sample / SAMPLES));
                inner += u32::from(self.covers(x, y));
                outer += u32::from(self.is_near(x, y));
            }
            let all = SAMPLES * SAMPLES;
            let mixed = |color: u8, ground: u8| {
                let inner = inner.min(outer);
                let sum = u32::from(color) * inner + u32::from(ground) * (outer - inner);
                u8::try_from(sum / outer.max(1)).unwrap_or(u8::MAX)
            };
            let [around_red, around_green, around_blue] = GROUND;
            let alpha = u8::try_from(outer * 255 / all).unwrap_or(u8::MAX);
            pixels.extend([mixed(red, around_red), mixed(green, around_green), mixed(blue, around_blue), alpha]);
        }
        pixels
    }

    const fn color(self) -> [u8; 3] {
        match self {
            Mark::Critical => [0xff, 0x7a, 0x45],
            Mark::High | Mark::Stale => [0xe9, 0xa8, 0x20],
            Mark::Medium => [0x56, 0xb4, 0xe9],
            Mark::Low => [0x8a, 0x94, 0xa1],
            Mark::Quiet => [0x35, 0xc7, 0x9a],
        }
    }

    /// Whether the mark covers a point of the square from -1 to 1; y points down.
    fn covers(self, x: f32, y: f32) -> bool {
        let far = x.hypot(y);
        match self {
            Mark::Critical => (-0.75..=0.65).contains(&y) && x.abs() <= (y + 0.75) * 0.57,
            Mark::High => x.abs() + y.abs() <= 0.82,
            Mark::Medium => far <= 0.72,
            Mark::Low => far <= 0.36,
            Mark::Stale => far <= 0.75 && (x <= 0.0 || far >= 0.55),
            Mark::Quiet => (0.5..=0.75).contains(&far),
        }
    }

    /// Whether a point is on the mark or close to it.
    fn is_near(self, x: f32, y: f32) -> bool {
        match self {
            Mark::Stale | Mark::Quiet => x.hypot(y) <= 0.92,
            _ => self.covers(x * 0.8, y * 0.8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Mark; 6] = [Mark::Critical, Mark::High, Mark::Medium, Mark::Low, Mark::Stale, Mark::Quiet];

    #[test]
    fn no_two_marks_have_the_same_shape() {
        // Without colour: how bright each pixel is.
        let shape = |mark: Mark| -> Vec<bool> {
            let pixels = mark.pixels(22);
            pixels.as_chunks::<4>().0.iter().map(|[_, green, _, alpha]| *alpha > 128 && *green > 64).collect()
        };
        for (index, one) in ALL.into_iter().enumerate() {
            for other in &ALL[index + 1..] {
                let (one_shape, other_shape) = (shape(one), shape(*other));
                let differ = one_shape.iter().zip(&other_shape).filter(|(one, other)| one != other).count();
                assert!(differ >= 40, "{one:?} and {other:?} differ in {differ} of 484 pixels");
            }
        }
    }

    #[test]
    fn a_mark_is_whole_and_its_corners_are_clear() {
        for mark in ALL {
            let pixels = mark.pixels(32);
            assert_eq!(pixels.len(), 32 * 32 * 4);
            assert_eq!((pixels[3], pixels[pixels.len() - 1]), (0, 0), "{mark:?}");
        }
    }

    #[test]
    fn the_worst_is_shown_and_a_lost_connection_when_nothing_fires() {
        let of = |worst, not_live| Mark::of(Attention { worst, firing: 1, not_live, muted_until: None });
        assert_eq!(of(Some(Severity::Critical), 3), Mark::Critical);
        assert_eq!(of(None, 1), Mark::Stale);
        assert_eq!(of(None, 0), Mark::Quiet);
    }
}
