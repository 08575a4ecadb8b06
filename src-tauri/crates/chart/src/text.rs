//! Texts from outside, made fit to be drawn and to stand in markup.

/// Puts a text on one line of at most `most` characters: what is no letter in XML, turns the writing around or breaks lines becomes a
/// space, spaces are joined, and what is cut off is shown by an ellipsis.
pub(crate) fn line(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split(|c: char| c.is_whitespace() || is_unfit(c)).filter(|word| !word.is_empty()) {
        if count > 0 {
            out.push(' ');
            count += 1;
        }
        for letter in word.chars() {
            if count >= most {
                cut_last(&mut out);
                return out;
            }
            out.push(letter);
            count += 1;
        }
    }
    out
}

/// Escapes a text for an element or an attribute in quotes, in HTML and XML alike.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Shortens a line until `fits` is content, with an ellipsis; empty when not even one letter fits.
pub(crate) fn shorten(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let short = |letters: usize| {
        let end = ends.get(letters).copied().unwrap_or(text.len());
        format!("{}…", text.get(..end).unwrap_or_default().trim_end())
    };
    let longest = (1..=ends.len()).collect::<Vec<_>>().partition_point(|&letters| fits(&short(letters)));
    if longest == 0 { String::new() } else { short(longest) }
}

fn cut_last(out: &mut String) {
    out.pop();
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('…');
}

fn is_unfit(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || matches!(letter as u32 & 0xffff, 0xfffe | 0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_control_characters_and_an_end() {
        assert_eq!(line("  front\n\tdoor \u{1b}[31m\0\u{202e}x ", 40), "front door [31m x");
        assert_eq!(line("abcdef", 4), "abc…");
        assert_eq!(line("abcd", 4), "abcd");
        assert_eq!(line("\u{ffff}\u{1fffe}", 4), "");
    }

    #[test]
    fn a_text_is_shortened_to_what_fits() {
        let within = |most: usize| move |text: &str| text.chars().count() <= most;
        assert_eq!(shorten("battery", within(7)), "battery");
        assert_eq!(shorten("battery", within(5)), "batt…");
        assert_eq!(shorten("battery", within(1)), "");
        assert_eq!(shorten("日本語の題", within(3)), "日本…");
    }
}
