//! The report's styles: the sheet, and the charts' colours in the dark.

use std::fmt::Write as _;

use crate::theme::{DARK, LIGHT};

const SHEET: &str = include_str!("report.css");

/// The whole sheet. Charts are drawn in the light colours; on a dark screen each of them is put in place of its dark one by rules on the
/// attributes that plotters writes.
pub(super) fn css() -> String {
    let mut out = String::from(SHEET);
    out.push_str("@media screen and (prefers-color-scheme: dark) {\n");
    for ((_, light), (_, dark)) in LIGHT.tokens().into_iter().zip(DARK.tokens()) {
        let _ = writeln!(
            out,
            "  figure [fill=\"{light}\"] {{ fill: {dark} }}\n  figure [stroke=\"{light}\"] {{ stroke: {dark} }}"
        );
    }
    out.push_str("}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_the_windows_tokens() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/lib/design/tokens.css");
        let tokens = std::fs::read_to_string(path).unwrap();
        let of = |css: &str, from: &str| {
            let text = css.get(css.find(from).unwrap()..).unwrap();
            text.get(..text.find('}').unwrap()).unwrap().to_owned()
        };
        for (from, theme) in [(":root {", "[data-theme='light'] {"), ("@media screen", "[data-theme='dark'] {")] {
            let theirs = of(&tokens, theme);
            let ours = of(SHEET, from);
            let ours: Vec<&str> = ours.lines().map(str::trim).filter(|line| line.starts_with("--")).collect();
            assert!(ours.len() > 15, "{ours:?}");
            for line in ours {
                assert!(theirs.contains(line), "{theme} {line}");
            }
        }
    }
}
