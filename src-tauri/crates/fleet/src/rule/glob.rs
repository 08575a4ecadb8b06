//! Globs over names: `*` stands for any text, `?` for one character.

use wildmatch::WildMatch;

/// How long a glob may be, in bytes.
const LENGTH: usize = 256;

/// A glob over a name: `*` stands for any text, `?` for one character, everything else for itself, capitals too.
#[derive(Debug, Clone, PartialEq)]
pub struct Glob(WildMatch);

impl Glob {
    /// Reads a glob. The error is a sentence's end. Brackets and braces are refused: elsewhere they stand for choices,
    /// and a glob that quietly covers nothing is worse than one that is refused.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a glob is empty; write * for everything".into());
        }
        if text.len() > LENGTH {
            return Err(format!("a glob is longer than {LENGTH} bytes"));
        }
        if let Some(letter) = text.chars().find(|letter| "[]{}".contains(*letter)) {
            return Err(format!("\"{text}\" has a {letter}; a glob knows * and ? only, write several globs instead"));
        }
        Ok(Glob(WildMatch::new(text)))
    }

    /// Whether it covers a name.
    pub fn covers(&self, name: &str) -> bool {
        self.0.matches(name)
    }
}

/// Several globs, of which one must match; none of them covers everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Globs {
    list: Vec<Glob>,
    /// Some were written and not all can be read: then those cover nothing, and never everything.
    written: bool,
}

impl Globs {
    /// Takes those that can be read; the others are told by [`super::Rule::validate`].
    pub(crate) fn new(texts: &[String]) -> Self {
        let list = texts.iter().filter_map(|text| Glob::new(text).ok()).collect();
        Globs { list, written: !texts.is_empty() }
    }

    pub(crate) fn cover(&self, name: &str) -> bool {
        !self.written || self.list.iter().any(|glob| glob.covers(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (glob, name, covers) in [
            ("locks-*", "locks-north", true),
            ("locks-*", "Locks-north", false),
            ("*/nightly", "jobs/eu/nightly", true),
            ("truck-?2", "truck-12", true),
            ("truck-?2", "truck-2", false),
            ("*", "", true),
            ("*a*a*a*a*b", &"a".repeat(2_000), false),
        ] {
            assert_eq!(Glob::new(glob).unwrap().covers(name), covers, "{glob} {name}");
        }
        for wrong in ["", "{a,b}", "truck-[0-9]", &"x".repeat(300)] {
            assert!(Glob::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn none_covers_all_and_an_unreadable_one_nothing() {
        assert!(Globs::new(&[]).cover("x"));
        assert!(!Globs::new(&["[x]".into()]).cover("x"));
        assert!(Globs::new(&["[x]".into(), "x".into()]).cover("x"));
    }
}
