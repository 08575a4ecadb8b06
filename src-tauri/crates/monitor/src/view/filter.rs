//! The filter line: words, `key:value` and comparisons, all of which must hold.

/// A parsed filter line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Its terms.
    pub terms: Vec<Term>,
    /// The first term that was not understood, as a sentence.
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
        for token in tokens(line) {
            match term(&token, keys) {
                Ok(term) => filter.terms.push(term),
                Err(problem) => {
                    filter.problem.get_or_insert(problem);
                }
            }
        }
        filter
    }

    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether all terms hold, by what `holds` says of each.
    pub fn matches(&self, holds: impl FnMut(&Term) -> bool) -> bool {
        self.terms.iter().all(holds)
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
                Err(_) => Err(format!("{field}{operator} wants a number, not \"{number}\"")),
            };
        }
    }
    Ok(Term::Word(token.to_lowercase()))
}

/// Splits at spaces; quotes hold words together.
fn tokens(line: &str) -> Vec<String> {
    let (mut tokens, mut token, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !token.is_empty() {
                    tokens.push(std::mem::take(&mut token));
                }
            }
            c => token.push(c),
        }
    }
    if !token.is_empty() {
        tokens.push(token);
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
        assert_eq!(filter.problem.as_deref(), Some("speed> wants a number, not \"fast\""));
        assert_eq!(filter.terms, [Term::Word("lock".into())]);
    }

    #[test]
    fn words_are_found_in_any_case() {
        assert!(contains("Sync-Inventory", "inven"));
        assert!(contains("ÄRGER", "ärger"));
        assert!(!contains("abc", "abcd"));
    }
}
