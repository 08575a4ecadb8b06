//! A picture in memory, and how two of them are compared.

use std::io::Cursor;
use std::path::Path;

/// How far the mean of a channel over a tile may be off. The antialiasing of letters averages out; another colour does not.
const MEAN: f64 = 3.0;

/// The same in a few tiles, for the edges of drawn shapes are not smoothed alike at every run: a mark of another colour is further off.
const MEAN_OF_FEW: f64 = 14.0;

/// How many tiles those may be: a few, and a share of all.
const FEW_TILES: usize = 24;
const SHARE_OF_TILES: usize = 200;

/// The side of such a tile.
const TILE: usize = 8;

/// How far one channel of one pixel may be off before the pixel is another one.
const PIXEL: u8 = 72;

/// How many pixels may be others: a hundredth of a per cent, and a few. A box of 20 pixels that is shifted by one has more.
const FEW: usize = 6;
const SHARE: usize = 10_000;

/// Pixels of three bytes, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[u8; 3]>,
}

/// What a comparison found.
#[derive(Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another size: width and height, as accepted and as it is.
    Size { accepted: (usize, usize), now: (usize, usize) },
    /// So many pixels are others, and so many tiles have another colour.
    Content { pixels: usize, tiles: usize },
}

impl Picture {
    /// Reads a PNG of eight bits a channel.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
        let mut reader = decoder.read_info().map_err(|error| error.to_string())?;
        let mut data = vec![0; reader.output_buffer_size().ok_or("the picture is too large")?];
        let info = reader.next_frame(&mut data).map_err(|error| error.to_string())?;
        let channels = info.color_type.samples();
        if channels < 3 {
            return Err("the picture has no colours".into());
        }
        let (width, height) = (info.width as usize, info.height as usize);
        let rows = data.chunks(info.line_size).take(height);
        let pixels = rows.flat_map(|row| row.chunks_exact(channels).take(width)).map(|p| [p[0], p[1], p[2]]).collect();
        Ok(Self { width, height, pixels })
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::decode(&bytes).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &Path) {
        let folder = path.parent().expect("a picture is in a folder");
        std::fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let file = std::fs::File::create(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut encoder = png::Encoder::new(file, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().expect("a header is written");
        writer.write_image_data(self.pixels.as_flattened()).expect("pixels are written");
    }

    /// Takes pixels of three bytes, row by row.
    pub fn of(width: usize, height: usize, bytes: &[u8]) -> Self {
        let (pixels, rest) = bytes.as_chunks::<3>();
        assert!(pixels.len() == width * height && rest.is_empty(), "{} bytes for {width} by {height}", bytes.len());
        Self { width, height, pixels: pixels.to_vec() }
    }

    /// A part of it.
    pub fn cut(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let rows = self.pixels.chunks(self.width).skip(top).take(height);
        Self { width, height, pixels: rows.flat_map(|row| &row[left..left + width]).copied().collect() }
    }

    /// Compares this picture, the accepted one, with what is drawn by now.
    pub fn differs(&self, now: &Self) -> Option<Difference> {
        let (accepted_size, now_size) = ((self.width, self.height), (now.width, now.height));
        if accepted_size != now_size {
            return Some(Difference::Size { accepted: accepted_size, now: now_size });
        }
        let pixels = self.pixels.iter().zip(&now.pixels).filter(|(a, b)| is_another(a, b)).count();
        let off: Vec<f64> = self.tiles().map(|tile| self.mean_off(now, tile)).collect();
        let tiles = off.iter().filter(|off| **off > MEAN).count();
        let most = FEW + self.pixels.len() / SHARE;
        let is_another_colour =
            tiles > FEW_TILES + off.len() / SHARE_OF_TILES || off.iter().any(|off| *off > MEAN_OF_FEW);
        (pixels > most || is_another_colour).then_some(Difference::Content { pixels, tiles })
    }

    /// What is drawn by now in grey, with what differs in red.
    pub fn marked(&self, now: &Self) -> Self {
        let grey = |p: &[u8; 3]| [0, 1, 2].map(|_| 128 + (p.iter().map(|c| u16::from(*c)).sum::<u16>() / 6) as u8);
        let mut marked = Self { width: now.width, height: now.height, pixels: now.pixels.iter().map(grey).collect() };
        for y in 0..now.height {
            for x in 0..now.width {
                let tile = (x / TILE * TILE, y / TILE * TILE);
                let accepted = (x < self.width && y < self.height).then(|| self.pixels[y * self.width + x]);
                let here = now.pixels[y * now.width + x];
                let is_same = accepted.is_some_and(|accepted| !is_another(&accepted, &here));
                let same_size = (self.width, self.height) == (now.width, now.height);
                if !is_same || same_size && self.mean_off(now, tile) > MEAN && accepted != Some(here) {
                    marked.pixels[y * now.width + x] = [226, 0, 26];
                }
            }
        }
        marked
    }

    fn tiles(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (width, height) = (self.width, self.height);
        (0..height).step_by(TILE).flat_map(move |y| (0..width).step_by(TILE).map(move |x| (x, y)))
    }

    /// How far the mean of the tile's furthest channel is off.
    fn mean_off(&self, now: &Self, tile: (usize, usize)) -> f64 {
        let (ours, theirs) = (self.mean(tile), now.mean(tile));
        ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    fn mean(&self, (left, top): (usize, usize)) -> [f64; 3] {
        let mut sum = [0.0; 3];
        let mut count = 0.0;
        for y in top..(top + TILE).min(self.height) {
            for pixel in &self.pixels[y * self.width + left..y * self.width + (left + TILE).min(self.width)] {
                for (sum, channel) in sum.iter_mut().zip(pixel) {
                    *sum += f64::from(*channel);
                }
                count += 1.0;
            }
        }
        sum.map(|sum| sum / count)
    }
}

fn is_another(a: &[u8; 3], b: &[u8; 3]) -> bool {
    a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > PIXEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUND: [u8; 3] = [18, 21, 26];
    const INK: [u8; 3] = [236, 239, 243];

    /// A box with an edge on a ground, at so many pixels from the left.
    fn with_box(left: usize, edge: [u8; 3]) -> Picture {
        let (width, height) = (120, 60);
        let is_edge = |x: usize, y: usize| {
            let inside = (left..left + 40).contains(&x) && (10..40).contains(&y);
            inside && (x == left || x == left + 39 || y == 10 || y == 39)
        };
        let pixel = |at: usize| if is_edge(at % width, at / width) { edge } else { GROUND };
        Picture { width, height, pixels: (0..width * height).map(pixel).collect() }
    }

    #[test]
    fn a_picture_is_like_itself_and_survives_a_file() {
        let picture = with_box(10, INK);
        let path = std::env::temp_dir().join(format!("signalbox-picture-{}.png", std::process::id()));
        picture.write(&path);
        let read = Picture::read(&path).expect("it is there");
        let _ = std::fs::remove_file(&path);
        assert!(read == picture);
        assert_eq!(picture.differs(&read), None);
    }

    #[test]
    fn letters_that_are_smoothed_otherwise_are_the_same() {
        let picture = with_box(10, INK);
        let mut other = picture.clone();
        // A little lighter here and darker there, as another release of the font's engine has it.
        for (at, pixel) in other.pixels.iter_mut().enumerate().filter(|(_, pixel)| **pixel == INK) {
            *pixel = pixel.map(|channel| if at % 2 == 0 { channel - 12 } else { channel.saturating_add(12) });
        }
        assert!(other != picture);
        assert_eq!(picture.differs(&other), None);
    }

    #[test]
    fn another_colour_and_a_shifted_box_are_seen() {
        let picture = with_box(10, INK);
        assert!(
            matches!(picture.differs(&with_box(11, INK)), Some(Difference::Content { .. })),
            "one pixel to the right"
        );
        assert!(
            matches!(picture.differs(&with_box(10, [150, 160, 170])), Some(Difference::Content { .. })),
            "a fainter ink"
        );
        let mark = |colour: [u8; 3]| {
            let mut marked = picture.clone();
            (0..10).for_each(|y| marked.pixels[(20 + y) * 120 + 70..][..10].fill(colour));
            marked
        };
        let (warn, bad) = (mark([233, 168, 32]), mark([255, 122, 69]));
        assert!(matches!(warn.differs(&bad), Some(Difference::Content { .. })), "a small mark of another colour");
        let mut ground = picture.clone();
        ground.pixels.iter_mut().filter(|pixel| **pixel == GROUND).for_each(|pixel| *pixel = [22, 25, 30]);
        assert!(
            matches!(picture.differs(&ground), Some(Difference::Content { .. })),
            "a ground that is a little lighter"
        );
        let marked = picture.marked(&with_box(11, INK));
        assert!(marked.pixels.contains(&[226, 0, 26]));
    }

    #[test]
    fn another_size_is_another_picture() {
        let small = Picture { width: 1, height: 2, pixels: vec![INK; 2] };
        let large = Picture { width: 2, height: 1, pixels: vec![INK; 2] };
        assert_eq!(small.differs(&large), Some(Difference::Size { accepted: (1, 2), now: (2, 1) }));
        assert!(small.marked(&large).pixels.contains(&[226, 0, 26]));
    }
}
