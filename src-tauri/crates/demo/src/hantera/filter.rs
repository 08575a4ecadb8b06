//! Filters over the nodes of the graph: `field operator value`, joined by `and`, `or` and parentheses. A value is `'text'`, a
//! number, `true`, `false` or `null`; texts that are times are compared as times.

use std::cmp::Ordering;

use serde_json::Value;

use crate::wire::http::milliseconds;

/// Parentheses deeper than this are not read.
const DEEPEST: usize = 16;

/// A filter that was understood.
#[derive(Debug, PartialEq)]
pub(crate) enum Filter {
    /// All must match; without any, everything does.
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Is {
        field: String,
        operator: &'static str,
        value: Value,
    },
}

impl Filter {
    /// Reads a filter; an empty one matches all.
    ///
    /// # Errors
    /// What was expected, and what was found in its place.
    pub(crate) fn parse(text: &str) -> Result<Filter, String> {
        let tokens = tokens(text)?;
        if tokens.is_empty() {
            return Ok(Filter::All(Vec::new()));
        }
        let mut rest = tokens.as_slice();
        let filter = any(&mut rest, 0)?;
        match rest.first() {
            None => Ok(filter),
            Some(token) => Err(format!("Expected `and` or `or`, found `{}`", token.text())),
        }
    }

    pub(crate) fn matches(&self, node: &Value) -> bool {
        match self {
            Filter::All(filters) => filters.iter().all(|filter| filter.matches(node)),
            Filter::Any(filters) => filters.iter().any(|filter| filter.matches(node)),
            Filter::Is { field, operator, value } => {
                let own = node.get(field).unwrap_or(&Value::Null);
                // What has no value is neither more nor less than any.
                let order = if own.is_null() == value.is_null() { compare(own, value) } else { None };
                match *operator {
                    "==" => order == Some(Ordering::Equal),
                    "!=" => order != Some(Ordering::Equal),
                    ">=" => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                    "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                    ">" => order == Some(Ordering::Greater),
                    _ => order == Some(Ordering::Less),
                }
            }
        }
    }
}

/// Compares two values of a field; null is less than all others.
pub(crate) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => match (milliseconds(a), milliseconds(b)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => Some(a.cmp(b)),
        },
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Null, _) => Some(Ordering::Less),
        (_, Value::Null) => Some(Ordering::Greater),
        _ => None,
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(&'static str),
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Token::Word(text) | Token::Quoted(text) => text,
            Token::Sign(sign) => sign,
        }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(own) if own.eq_ignore_ascii_case(word))
    }
}

/// The longer signs come first.
const SIGNS: [&str; 8] = ["==", "!=", ">=", "<=", ">", "<", "(", ")"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (token, length) = if let Some(quoted) = rest.strip_prefix('\'') {
            let end = quoted.find('\'').ok_or_else(|| format!("Expected a closing quote after `{quoted}`"))?;
            (Token::Quoted(quoted.get(..end).unwrap_or_default().to_owned()), end + 2)
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let ends = |letter: char| letter.is_whitespace() || "()<>=!'".contains(letter);
            match rest.find(ends).unwrap_or(rest.len()) {
                0 => return Err(format!("Expected `field operator value`, found `{rest}`")),
                end => (Token::Word(rest.get(..end).unwrap_or_default().to_owned()), end),
            }
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

fn any(rest: &mut &[Token], depth: usize) -> Result<Filter, String> {
    joined(rest, "or", Filter::Any, |rest| joined(rest, "and", Filter::All, |rest| one(rest, depth)))
}

fn joined(
    rest: &mut &[Token],
    word: &str,
    join: impl FnOnce(Vec<Filter>) -> Filter,
    next: impl Fn(&mut &[Token]) -> Result<Filter, String>,
) -> Result<Filter, String> {
    let first = next(rest)?;
    if !rest.first().is_some_and(|token| token.is_word(word)) {
        return Ok(first);
    }
    let mut filters = vec![first];
    while let Some((_, after)) = rest.split_first().filter(|(token, _)| token.is_word(word)) {
        *rest = after;
        filters.push(next(rest)?);
    }
    Ok(join(filters))
}

fn one(rest: &mut &[Token], depth: usize) -> Result<Filter, String> {
    match *rest {
        [Token::Sign("("), after @ ..] => {
            if depth == DEEPEST {
                return Err(format!("Expected no more than {DEEPEST} parentheses in each other"));
            }
            *rest = after;
            let inner = any(rest, depth + 1)?;
            match rest.split_first() {
                Some((Token::Sign(")"), after)) => {
                    *rest = after;
                    Ok(inner)
                }
                _ => Err("Expected a closing parenthesis".to_owned()),
            }
        }
        [Token::Word(field), Token::Sign(operator), value, after @ ..] if !"()".contains(operator) => {
            let value = literal(value)?;
            *rest = after;
            Ok(Filter::Is { field: field.clone(), operator, value })
        }
        _ => {
            let found: Vec<&str> = rest.iter().take(3).map(Token::text).collect();
            Err(format!("Expected `field operator value`, found `{}`", found.join(" ")))
        }
    }
}

fn literal(token: &Token) -> Result<Value, String> {
    match token {
        Token::Quoted(text) => Ok(text.as_str().into()),
        Token::Word(word) => match word.as_str() {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            "null" => Ok(Value::Null),
            number => number.parse::<f64>().map(Value::from).map_err(|_| format!("Expected a value, found `{word}`")),
        },
        Token::Sign(sign) => Err(format!("Expected a value, found `{sign}`")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(filter: &str) -> bool {
        let node = json!({
            "status": "processing", "total": 120.5, "note": "this and that", "startedAt": "2026-11-21T03:00:00.250Z",
            "finishedAt": null,
        });
        Filter::parse(filter).unwrap_or_else(|error| panic!("{filter}: {error}")).matches(&node)
    }

    #[test]
    fn filters_match_as_they_read() {
        for yes in [
            "",
            "status == 'processing'",
            "total > 100 and status != 'pending'",
            "status=='pending' or total>=120.5",
            "total < 0 and status == 'processing' or total > 100",
            "(total < 0 or total > 100) AND status == 'processing'",
            "note == 'this and that'",
            "finishedAt == null and startedAt != null",
            "missing != 'x'",
        ] {
            assert!(matches(yes), "{yes}");
        }
        for no in [
            "status == 'pending'",
            "total <= 100",
            "missing == 'x'",
            "total < 0 and (status == 'processing' or total > 100)",
            "finishedAt < '2030-01-01T00:00:00Z'",
            "finishedAt >= '2000-01-01T00:00:00Z'",
        ] {
            assert!(!matches(no), "{no}");
        }
    }

    #[test]
    fn times_are_compared_as_times() {
        assert!(matches("startedAt >= '2026-11-21T03:00:00Z' and startedAt < '2026-11-21T03:00:01Z'"));
        assert!(matches("startedAt == '2026-11-21T05:00:00.25+02:00'"));
        assert!(!matches("startedAt >= '2026-11-21T03:00:00.251Z'"));
    }

    #[test]
    fn what_is_no_filter_is_said_so() {
        let deep = format!("{}total > 1{}", "(".repeat(40), ")".repeat(40));
        for wrong in [
            "status",
            "status == processing",
            "status == 'processing",
            "and",
            "total > 1 and",
            "total > 1 total > 2",
            "(total > 1",
            "total > 1)",
            "total ( 1",
            "total = 1",
            "!",
            &deep,
        ] {
            let error = Filter::parse(wrong).expect_err(wrong);
            assert!(error.starts_with("Expected"), "{wrong}: {error}");
        }
    }
}
