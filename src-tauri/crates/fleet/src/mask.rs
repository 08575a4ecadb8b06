//! Masks the codes of cards and keypads in the JSON of events, before it is kept or shown.

use std::borrow::Cow;

use protocol::{EventBody, StreamEvent};

/// What stands in the place of a code.
pub const MASK: &str = "•••";

/// The event's data with the codes of locks masked; borrowed when there is nothing to mask.
///
/// Masked are the values of `code` in lock events, and of every key that ends in "code" or is "pin" in messages that were
/// not recognised or not read, as those may be lock events in another shape. The services' error codes
/// (`stream.error`, `stream.warning`) are no secrets and stay.
pub fn masked<'a>(event: &StreamEvent<'a>) -> Cow<'a, str> {
    match &event.body {
        EventBody::Lock(lock) => match mask_codes(event.data) {
            // A code that was read but is not found in the text is written in a way that is not known here.
            Cow::Borrowed(_) if lock.code.is_some() => Cow::Owned(format!("{{\"code\":\"{MASK}\"}}")),
            masked => masked,
        },
        EventBody::Unrecognised(_) => mask_codes(event.data),
        _ => Cow::Borrowed(event.data),
    }
}

/// Masks the value of each code in a text that may be JSON, a part of it, or JSON inside a JSON string. When in doubt
/// about where a value ends it masks more.
fn mask_codes(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while at < bytes.len() {
        let Some((key, value)) = key_end(bytes, at).and_then(|end| Some((end, value_start(bytes, end)?))) else {
            at += 1;
            continue;
        };
        let (begin, end) = value_span(bytes, value);
        if begin < end && !matches!(&bytes[begin..end], b"null" | b"true" | b"false") {
            out.push_str(&text[kept..begin]);
            // In the place of a number of plain JSON the mask needs quotes of its own.
            let quote = if begin == value && bytes[key] == b'"' { "\"" } else { "" };
            out.push_str(quote);
            out.push_str(MASK);
            out.push_str(quote);
            kept = end;
        }
        at = end.max(at + 1);
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// Where a key that names a code ends, if one ends with the word that begins at `at`.
fn key_end(bytes: &[u8], at: usize) -> Option<usize> {
    let is = |word: &[u8]| bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word));
    let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
    if is(b"code") {
        Some(at + 4)
    } else if begins && is(b"pin") {
        Some(at + 3)
    } else {
        None
    }
}

/// Where the value begins, when what follows a key is quotes, spaces and a colon or an equals sign.
fn value_start(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut colon = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b':' | b'=' if !colon => colon = true,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'"' | b'\'' | b'\\' if !colon => {}
            _ => break,
        }
        at += 1;
    }
    (colon && at < bytes.len()).then_some(at)
}

/// The value that begins at `at`, without its quotes. Both ends lie on ASCII or at the text's end.
fn value_span(bytes: &[u8], at: usize) -> (usize, usize) {
    let backslashes = bytes[at..].iter().take_while(|&&byte| byte == b'\\').count();
    let first = at + backslashes;
    match bytes.get(first) {
        Some(&quote @ (b'"' | b'\'')) => (first + 1, string_end(bytes, first + 1, backslashes, quote)),
        Some(b'{' | b'[') => (at, nested_end(bytes, at)),
        _ => {
            let ends =
                |byte: &u8| matches!(byte, b',' | b'}' | b']' | b'"' | b'\\' | b'&') || byte.is_ascii_whitespace();
            (at, bytes[at..].iter().position(ends).map_or(bytes.len(), |length| at + length))
        }
    }
}

/// Where a string ends whose quotes are escaped with so many backslashes.
fn string_end(bytes: &[u8], begin: usize, escapes: usize, quote: u8) -> usize {
    let mut run = 0;
    for (at, &byte) in bytes.iter().enumerate().skip(begin) {
        if byte == quote && (if escapes == 0 { run % 2 == 0 } else { run <= escapes }) {
            return if escapes == 0 { at } else { at - run };
        }
        run = if byte == b'\\' { run + 1 } else { 0 };
    }
    bytes.len()
}

/// Where an object or array ends; brackets in its strings count too, so that the end may be found late but not early
/// enough to show a part of it.
fn nested_end(bytes: &[u8], begin: usize) -> usize {
    let mut depth = 0usize;
    let mut string = false;
    let mut escaped = false;
    for (at, &byte) in bytes.iter().enumerate().skip(begin) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if string => escaped = true,
            b'"' => string = !string,
            b'{' | b'[' if !string => depth += 1,
            b'}' | b']' if !string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_masked_wherever_they_stand() {
        for (text, shown) in [
            (r#"{"code":"S3CRET","source":"rfid"}"#, r#"{"code":"•••","source":"rfid"}"#),
            (r#"{"source":"rfid", "code" : "S3\"CRET"}"#, r#"{"source":"rfid", "code" : "•••"}"#),
            (r#"{"code":"S3CRET\\","x":1}"#, r#"{"code":"•••","x":1}"#),
            (r#"{"code":31337,"x":1}"#, r#"{"code":"•••","x":1}"#),
            (r#"{"code":["S3CRET",1],"x":1}"#, r#"{"code":"•••","x":1}"#),
            (r#"{"keypadCode":"S3CRET","pin":"31337"}"#, r#"{"keypadCode":"•••","pin":"•••"}"#),
            (r#"{"text":"{\"code\":\"S3CRET\",\"x\":1}"}"#, r#"{"text":"{\"code\":\"•••\",\"x\":1}"}"#),
            (r#"{"text":"{\"code\":31337,"}"#, r#"{"text":"{\"code\":•••,"}"#),
            (r#"{"code":"S3CRE"#, r#"{"code":"•••"#),
            ("code=S3CRET&x=1", "code=•••&x=1"),
        ] {
            assert_eq!(mask_codes(text), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_code_stays() {
        for text in [r#"{"encoder":"x","code":null,"spinning":"fast"}"#, r#"{"source":"code"}"#, "", "code", "code:"] {
            assert!(matches!(mask_codes(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
