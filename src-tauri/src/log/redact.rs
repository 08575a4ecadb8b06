//! Finds what looks like a secret in a line of text.

use std::borrow::Cow;

/// What stands in place of a secret.
const MASK: &str = "•••";

/// Words that a secret follows, after `=` or `:`, in any case.
const NAMES: [&str; 13] = [
    "access_token",
    "api-key",
    "api_key",
    "apikey",
    "authorization",
    "credential",
    "jwt",
    "password",
    "passwd",
    "pin_code",
    "secret",
    "token",
    "x-api-key",
];

/// The text with every secret's place taken by a mask: the values of `NAMES`, what follows `Bearer`, and JSON web tokens,
/// however they are named.
pub(super) fn redact(text: &str) -> Cow<'_, str> {
    let mut found = spans(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    found.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in found {
        if end <= from {
            continue;
        }
        out.push_str(text.get(from..start.max(from)).unwrap_or_default());
        out.push_str(MASK);
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where secrets are, in bytes. All offsets are ends of ASCII, so they are boundaries of characters.
fn spans(text: &str) -> Vec<(usize, usize)> {
    // Lower case of ASCII alone keeps every offset.
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for name in NAMES {
        for (at, _) in lower.match_indices(name) {
            if let Some(start) = after_sign(text, at + name.len()) {
                found.push(value(text, start));
            }
        }
    }
    for (at, scheme) in lower.match_indices("bearer ") {
        found.push(value(text, at + scheme.len()));
    }
    for (at, _) in text.match_indices("eyJ") {
        let (start, end) = value(text, at);
        if text.get(start..end).is_some_and(|token| token.len() > 20 && token.contains('.')) {
            found.push((start, end));
        }
    }
    found.retain(|(start, end)| start < end);
    found
}

/// Where the value begins when `=` or `:` comes, with quotes and spaces around it.
fn after_sign(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let sign = rest.trim_start_matches(['"', '\'', '\\', ' ']);
    let value = sign.strip_prefix(['=', ':'])?.trim_start_matches(['"', '\'', '\\', ' ']);
    // `Authorization: Bearer x`: the scheme is no secret, what follows it is found by its own rule.
    let is_scheme = value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "));
    (!is_scheme).then(|| text.len() - value.len())
}

/// From `start` to where a value ends: at its closing quote, or where it ends in a URL, a header, JSON or TOML.
fn value(text: &str, start: usize) -> (usize, usize) {
    let rest = text.get(start..).unwrap_or_default();
    let quote =
        text.get(..start).and_then(|before| before.chars().next_back()).filter(|last| matches!(last, '"' | '\''));
    let ends = |letter: char| match quote {
        Some(quote) => letter == quote || letter == '\\',
        None => letter.is_whitespace() || matches!(letter, '"' | '\'' | '&' | ',' | ';' | ')' | '}' | '\\'),
    };
    (start, start + rest.find(ends).unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_cut_out_wherever_they_stand() {
        for (text, redacted) in [
            ("GET /stream?token=abc&x=1 HTTP", "GET /stream?token=•••&x=1 HTTP"),
            ("wss://h/?API_KEY=k3y", "wss://h/?API_KEY=•••"),
            ("Authorization: Bearer abc.def", "Authorization: Bearer •••"),
            ("authorization: Basic", "authorization: •••"),
            (r#"{"token":"s3 cret","id":1}"#, r#"{"token":"•••","id":1}"#),
            (r#"url="wss://h/?token=\"x\"""#, r#"url="wss://h/?token=\"•••\"""#),
            ("X-API-Key: 12345\r\n", "X-API-Key: •••\r\n"),
            ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln there", "got ••• there"),
            ("password = 'p'", "password = '•••'"),
        ] {
            assert_eq!(redact(text), redacted);
        }
    }

    #[test]
    fn other_text_is_as_it_was() {
        for text in ["", "the token was refused", "3 tokens, no key", "ünïcode: é=ö", "eyJ", "bearer", "token="] {
            assert_eq!(redact(text), text);
            assert!(matches!(redact(text), Cow::Borrowed(_)));
        }
    }
}
