//! The window's colours, light and dark.

use crate::picture::Theme;

/// A colour without transparency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub u8, pub u8, pub u8);

/// The colours that a picture is drawn in: what `ui/src/lib/design/tokens.css` calls them, in its own values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Palette {
    pub surface: Colour,
    pub line: Colour,
    pub ink: Colour,
    pub ink_soft: Colour,
    pub ink_faint: Colour,
    pub accent: Colour,
    pub good: Colour,
    pub info: Colour,
    pub bad: Colour,
    pub quiet: Colour,
    pub grid: Colour,
    pub axis: Colour,
    pub series: [Colour; 6],
}

pub(crate) const LIGHT: Palette = Palette {
    surface: hex(0xff_ff_ff),
    line: hex(0xe1_e5_eb),
    ink: hex(0x14_1a_24),
    ink_soft: hex(0x46_51_62),
    ink_faint: hex(0x59_63_73),
    accent: hex(0x3f_50_c8),
    good: hex(0x00_73_4f),
    info: hex(0x00_64_a3),
    bad: hex(0x92_1e_00),
    quiet: hex(0x5d_68_78),
    grid: hex(0xec_ef_f3),
    axis: hex(0x59_63_73),
    series: [hex(0x00_72_b2), hex(0xb5_7a_00), hex(0x00_91_68), hex(0xb0_56_8a), hex(0xd5_5e_00), hex(0x5d_63_b8)],
};

pub(crate) const DARK: Palette = Palette {
    surface: hex(0x12_15_1a),
    line: hex(0x22_27_2f),
    ink: hex(0xec_ef_f3),
    ink_soft: hex(0xaa_b3_bf),
    ink_faint: hex(0x90_9a_a7),
    accent: hex(0x8e_a2_ff),
    good: hex(0x35_c7_9a),
    info: hex(0x56_b4_e9),
    bad: hex(0xff_7a_45),
    quiet: hex(0x8a_94_a1),
    grid: hex(0x1d_22_29),
    axis: hex(0x90_9a_a7),
    series: [hex(0x56_b4_e9), hex(0xe9_a8_20), hex(0x35_c7_9a), hex(0xd9_8c_b6), hex(0xff_7a_45), hex(0xb9_c0_ff)],
};

impl Theme {
    pub(crate) fn palette(self) -> &'static Palette {
        match self {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

impl Palette {
    /// Every colour with the token that it is, in a fixed order.
    pub(crate) fn tokens(&self) -> [(&'static str, Colour); 18] {
        let [one, two, three, four, five, six] = self.series;
        [
            ("surface", self.surface),
            ("line", self.line),
            ("ink", self.ink),
            ("ink-soft", self.ink_soft),
            ("ink-faint", self.ink_faint),
            ("accent", self.accent),
            ("good", self.good),
            ("info", self.info),
            ("bad", self.bad),
            ("quiet", self.quiet),
            ("chart-grid", self.grid),
            ("chart-axis", self.axis),
            ("chart-1", one),
            ("chart-2", two),
            ("chart-3", three),
            ("chart-4", four),
            ("chart-5", five),
            ("chart-6", six),
        ]
    }
}

impl std::fmt::Display for Colour {
    /// As plotters writes it into an SVG: `#0072B2`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }
}

const fn hex(rgb: u32) -> Colour {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Colour(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_the_windows_tokens() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/lib/design/tokens.css");
        let css = std::fs::read_to_string(path).unwrap();
        let block = |theme: &str| {
            let from = css.find(&format!("[data-theme='{theme}'] {{")).unwrap();
            let text = css.get(from..).unwrap();
            text.get(..text.find("\n}").unwrap()).unwrap().to_owned()
        };
        for (theme, palette) in [("light", LIGHT), ("dark", DARK)] {
            let block = block(theme);
            for (token, colour) in palette.tokens() {
                let value = colour.to_string().to_lowercase();
                assert!(block.contains(&format!("--{token}: {value};")), "{theme}: --{token} is not {value}");
            }
        }
    }

    #[test]
    fn a_light_colour_is_one_dark_colour() {
        for (light, dark) in LIGHT.tokens().into_iter().zip(DARK.tokens()) {
            for (other, other_dark) in LIGHT.tokens().into_iter().zip(DARK.tokens()) {
                assert!(
                    light.1 != other.1 || dark.1 == other_dark.1,
                    "the report turns {} dark in two ways: {} and {}",
                    light.1,
                    light.0,
                    other.0
                );
            }
        }
    }
}
