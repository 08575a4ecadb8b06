//! The picture of a notification, in the form that travels over D-Bus.

use png::{BitDepth, ColorType, Decoder, Limits, Transformations};
use serde::{Serialize, Serializer};
use zbus::zvariant::Type;

/// Wider or higher ones are not shown: they would be a burden to the daemon.
const LONGEST: u32 = 2048;

/// Pixels as the `image-data` hint wants them (Desktop Notifications Specification, "Icons and Images"): `(iiibiiay)`.
///
/// Pixels rather than a path: no daemon says when it has read a file, and nothing of an alert is left on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub(super) struct Picture {
    width: i32,
    height: i32,
    /// Bytes from one row to the next.
    row_stride: i32,
    has_alpha: bool,
    bits_per_sample: i32,
    channels: i32,
    #[serde(serialize_with = "as_bytes")]
    pixels: Vec<u8>,
}

impl Picture {
    /// Reads a PNG; `None` when it is broken or too large.
    pub(super) fn of_png(bytes: &[u8]) -> Option<Self> {
        let mut decoder = Decoder::new_with_limits(std::io::Cursor::new(bytes), Limits { bytes: 64 << 20 });
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().ok()?;
        let (width, height) = (reader.info().width, reader.info().height);
        if width > LONGEST || height > LONGEST {
            return None;
        }
        let mut read = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut read).ok()?;
        read.truncate(frame.buffer_size());
        let (has_alpha, pixels) = match (frame.color_type, frame.bit_depth) {
            (ColorType::Rgb, BitDepth::Eight) => (false, read),
            (ColorType::Rgba, BitDepth::Eight) => (true, read),
            (ColorType::Grayscale, BitDepth::Eight) => (false, read.iter().flat_map(|grey| [*grey; 3]).collect()),
            _ => return None,
        };
        let channels = if has_alpha { 4 } else { 3 };
        let (width, height) = (i32::try_from(width).ok()?, i32::try_from(height).ok()?);
        Some(Picture { width, height, row_stride: width * channels, has_alpha, bits_per_sample: 8, channels, pixels })
    }
}

/// All at once: one by one they take a debug build a second.
fn as_bytes<S: Serializer>(pixels: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(pixels)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A PNG of one colour.
    pub(in super::super) fn png(width: u32, height: u32, color: ColorType, pixel: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixel.repeat((width * height) as usize)).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn colours_are_kept_and_grey_becomes_one() {
        let picture = Picture::of_png(&png(3, 2, ColorType::Rgb, &[1, 2, 3])).unwrap();
        assert_eq!((picture.width, picture.height, picture.row_stride, picture.channels), (3, 2, 9, 3));
        assert_eq!(picture.pixels, [1, 2, 3].repeat(6));
        let picture = Picture::of_png(&png(1, 1, ColorType::Rgba, &[1, 2, 3, 4])).unwrap();
        assert_eq!((picture.has_alpha, picture.pixels.as_slice()), (true, [1, 2, 3, 4].as_slice()));
        assert_eq!(Picture::of_png(&png(1, 1, ColorType::Grayscale, &[7])).unwrap().pixels, [7, 7, 7]);
        assert_eq!(Picture::SIGNATURE.to_string(), "(iiibiiay)");
    }

    #[test]
    fn what_is_broken_or_too_large_is_no_picture() {
        let whole = png(64, 64, ColorType::Rgb, &[1, 2, 3]);
        for bytes in [&b""[..], b"not a picture", &whole[..whole.len() / 2]] {
            assert_eq!(Picture::of_png(bytes), None);
        }
        assert_eq!(Picture::of_png(&png(LONGEST + 1, 1, ColorType::Rgb, &[0; 3])), None);
    }
}
