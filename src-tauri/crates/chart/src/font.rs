//! The bundled font: registered with plotters once, and measured.

use std::sync::Once;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

/// The font's name for plotters, which writes it into an SVG as it stands: so it is a whole CSS list of families.
pub(crate) const FAMILY: &str = "Inter, Inter Variable, system-ui, sans-serif";

/// plotters divides a size by this before it writes it as the `font-size` of an SVG.
pub(crate) const SIZE_OF_EM: f64 = 1.24;

static REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
static SEMI_BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

/// How heavy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// The font in a size, in pixels to the em.
pub(crate) fn font(em: f64, weight: Weight) -> FontDesc<'static> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Both are constants and a test measures them. Were one unreadable, texts would measure nothing and nothing else would break.
        let _ = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let _ = register_font(FAMILY, FontStyle::Bold, SEMI_BOLD);
    });
    let style = match weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    FontDesc::new(FontFamily::Name(FAMILY), em * SIZE_OF_EM, style)
}

/// How wide a text is in pixels, as the bundled font draws it; letters of scripts that it has not count one em each.
pub(crate) fn width(text: &str, em: f64, weight: Weight) -> f64 {
    const FINE: f64 = 16.0;
    let (own, foreign): (String, String) = text.chars().partition(|&letter| letter < '\u{1100}');
    let drawn = font(em * FINE, weight).box_size(&own).map_or(0.0, |(wide, _)| f64::from(wide) / FINE);
    drawn + foreign.chars().count() as f64 * em
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_are_readable_and_have_their_own_widths() {
        let regular = width("Battery 100 %", 12.0, Weight::Regular);
        let bold = width("Battery 100 %", 12.0, Weight::Bold);
        assert!((60.0..100.0).contains(&regular), "{regular}");
        assert!(bold > regular, "{bold} > {regular}");
        assert!((width("日本", 12.0, Weight::Regular) - 24.0).abs() < 0.01);
    }
}
