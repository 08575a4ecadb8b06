//! The filter line: words, `key:value` and comparisons, all of which must hold; with a `-` before it, one must not.

/// A parsed filter line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// The terms that must hold.
    pub terms: Vec<Term>,
    /// The terms of which none may hold.
    pub excluded: Vec<Term>,
    /// The first term that was not understood, as a sentence with its place.
    pub problem: Option<String>,
}

/// One term of a filter line.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// A word that must occur, in lower case.
    Word(String),
    /// `key:value`, the value in lower case.
    Is(String, String),
    /// A comparison of a numeric field.
    Compare(String, Comparison, f64),
    /// `field=text`, the text in lower case.
    Same(String, String),
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `=`
    Equal,
}

/// Operators, the longer ones first.
const OPERATORS: [(&str, Comparison); 5] = [
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
    ("=", Comparison::Equal),
];

impl Filter {
    /// Parses a line. `keys` are the words that may stand before a colon; a colon after any other word is text.
    pub fn parse(line: &str, keys: &[&str]) -> Self {
        let mut filter = Filter::default();
        for (place, token) in tokens(line) {
            // A hyphen alone, or before a number, is text.
            let negated = token.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_alphabetic()));
            match term(negated.unwrap_or(&token), keys) {
                Ok(term) if negated.is_some() => filter.excluded.push(term),
                Ok(term) => filter.terms.push(term),
                Err(problem) => {
                    filter.problem.get_or_insert_with(|| format!("{problem} (character {place})."));
                }
            }
        }
        filter
    }

    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.excluded.is_empty()
    }

    /// Whether all terms hold and none that is excluded, by what `holds` says of each.
    pub fn matches(&self, mut holds: impl FnMut(&Term) -> bool) -> bool {
        self.terms.iter().all(&mut holds) && !self.excluded.iter().any(holds)
    }
}

impl Comparison {
    /// Whether `left` compares so to `right`.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
            Comparison::Equal => (left - right).abs() < f64::EPSILON,
        }
    }
}

/// Whether `text` holds `word`, which is in lower case, in any case.
pub fn contains(text: &str, word: &str) -> bool {
    if text.is_ascii() {
        let (text, word) = (text.as_bytes(), word.as_bytes());
        return word.is_empty() || text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    }
    text.to_lowercase().contains(word)
}

/// Whether `text` is `wanted`, which is in lower case, in any case.
pub fn same(text: &str, wanted: &str) -> bool {
    text.eq_ignore_ascii_case(wanted) || text.to_lowercase() == wanted
}

fn term(token: &str, keys: &[&str]) -> Result<Term, String> {
    if let Some((key, value)) = token.split_once(':')
        && keys.contains(&key)
    {
        if value.is_empty() {
            return Err(format!("{key}: wants a word after the colon"));
        }
        return Ok(Term::Is(key.to_owned(), value.to_lowercase()));
    }
    for (operator, comparison) in OPERATORS {
        if let Some((field, number)) = token.split_once(operator)
            && !field.is_empty()
        {
            return match number.parse() {
                Ok(number) => Ok(Term::Compare(field.to_owned(), comparison, number)),
                Err(_) if number.is_empty() => Err(format!("{field}{operator} wants a value after it")),
                Err(_) if comparison == Comparison::Equal => Ok(Term::Same(field.to_owned(), number.to_lowercase())),
                Err(_) => Err(format!("{field}{operator} wants a number, not \"{number}\"")),
            };
        }
    }
    Ok(Term::Word(token.to_lowercase()))
}

/// Splits at spaces, each part with the number of its first character from 1; quotes hold words together.
fn tokens(line: &str) -> Vec<(usize, String)> {
    let (mut tokens, mut token, mut quoted, mut begin) = (Vec::new(), String::new(), false, 1);
    for (place, c) in line.chars().enumerate() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !token.is_empty() {
                    tokens.push((begin, std::mem::take(&mut token)));
                }
                begin = place + 2;
            }
            c => token.push(c),
        }
    }
    if !token.is_empty() {
        tokens.push((begin, token));
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keys_and_comparisons_are_told_apart() {
        let filter = Filter::parse("kind:device.Unlocked battery_voltage<=11.5 \"some Text\" at:noon", &["kind"]);
        assert_eq!(
            filter.terms,
            [
                Term::Is("kind".into(), "device.unlocked".into()),
                Term::Compare("battery_voltage".into(), Comparison::LessOrEqual, 11.5),
                Term::Word("some text".into()),
                Term::Word("at:noon".into()),
            ]
        );
        assert_eq!(filter.problem, None);
    }

    #[test]
    fn what_is_not_understood_is_said_and_the_rest_holds() {
        let filter = Filter::parse("speed>fast lock", &[]);
        assert_eq!(filter.problem.as_deref(), Some("speed> wants a number, not \"fast\" (character 1)."));
        assert_eq!(filter.terms, [Term::Word("lock".into())]);
        let filter = Filter::parse("lock  \"a b\" speed>=", &[]);
        assert_eq!(filter.problem.as_deref(), Some("speed>= wants a value after it (character 13)."));
    }

    #[test]
    fn a_hyphen_excludes_and_a_text_may_be_equal() {
        let filter = Filter::parse("source=RFID -kind:device -noise - -5", &["kind"]);
        assert_eq!(
            filter.terms,
            [Term::Same("source".into(), "rfid".into()), Term::Word("-".into()), Term::Word("-5".into())]
        );
        assert_eq!(filter.excluded, [Term::Is("kind".into(), "device".into()), Term::Word("noise".into())]);
        assert!(filter.matches(|term| !filter.excluded.contains(term)));
        assert!(!filter.matches(|_| true));
    }

    #[test]
    fn words_are_found_in_any_case() {
        assert!(contains("Sync-Inventory", "inven"));
        assert!(contains("ÄRGER", "ärger"));
        assert!(!contains("abc", "abcd"));
    }
}
