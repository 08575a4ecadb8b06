//! Reads the fields of a payload: an open map, on the path of every telemetry message.

use smallvec::SmallVec;

use crate::text::Text;
use crate::time::Timestamp;
use crate::value::{Field, Value};

/// The powers of ten that a float holds exactly and a short number needs.
pub(super) const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The fields of a payload; most have few.
pub(super) type Fields<'a> = SmallVec<[Field<'a>; 8]>;

/// Reads a JSON object that serde_json has already found well formed; `None` when it is not an object.
///
/// Knowing that it is well formed, this only has to find where values end: it is several times faster than a second
/// parse. On text that is not well formed it may answer anything, but it neither panics nor loops.
pub(super) fn fields(json: &str) -> Option<Fields<'_>> {
    let mut at = Cursor { json, position: 0 };
    at.skip_space();
    if at.next()? != b'{' {
        return None;
    }
    let mut fields = Fields::new();
    loop {
        at.skip_space();
        match at.next()? {
            b'}' => return Some(fields),
            b',' => {}
            b'"' => {
                let name = at.string()?;
                at.skip_space();
                if at.next()? != b':' {
                    return None;
                }
                at.skip_space();
                let value = at.value()?;
                fields.push(Field { name, value });
            }
            _ => return None,
        }
    }
}

/// The time of the field of that name, which some messages have here and not beside the payload.
#[inline]
pub(super) fn last_responded_at(fields: &[Field<'_>]) -> Option<Timestamp> {
    time(&fields.iter().find(|field| field.name.as_str() == "last_responded_at")?.value)
}

/// The time that a value is: RFC 3339 or milliseconds since 1970, as [`crate::loose::LooseTime`] reads it.
#[inline]
pub(super) fn time(value: &Value<'_>) -> Option<Timestamp> {
    match value {
        Value::Text(text) => Timestamp::parse(text),
        Value::Number(number) if number.abs() < 9e15 => Some(Timestamp(*number as i64)),
        _ => None,
    }
}

struct Cursor<'a> {
    json: &'a str,
    position: usize,
}

impl<'a> Cursor<'a> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.position).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.position += 1;
        Some(byte)
    }

    #[inline]
    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.position += 1;
        }
    }

    fn value(&mut self) -> Option<Value<'a>> {
        let start = self.position;
        match self.peek()? {
            b'"' => {
                self.position += 1;
                Some(Value::Text(self.string()?))
            }
            b'{' | b'[' => {
                self.skip_nested()?;
                Some(Value::Json(self.json.get(start..self.position)?))
            }
            first => {
                while !matches!(self.peek(), None | Some(b',' | b'}' | b' ' | b'\n' | b'\t' | b'\r')) {
                    self.position += 1;
                }
                let text = self.json.get(start..self.position)?;
                Some(match first {
                    b't' => Value::Bool(true),
                    b'f' => Value::Bool(false),
                    b'n' => Value::Null,
                    _ => number(text).map_or(Value::Json(text), Value::Number),
                })
            }
        }
    }

    /// Reads a string whose opening quote is behind.
    fn string(&mut self) -> Option<Text<'a>> {
        let start = self.position;
        let escaped = self.skip_string()?;
        if escaped {
            return serde_json::from_str(self.json.get(start - 1..self.position)?).ok();
        }
        Some(Text::from(self.json.get(start..self.position - 1)?))
    }

    /// Goes behind the closing quote; says whether there were escapes.
    #[inline]
    fn skip_string(&mut self) -> Option<bool> {
        let mut escaped = false;
        loop {
            match self.next()? {
                b'"' => return Some(escaped),
                b'\\' => {
                    escaped = true;
                    self.next()?;
                }
                _ => {}
            }
        }
    }

    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.next()? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(());
                    }
                }
                b'"' => {
                    self.skip_string()?;
                }
                _ => {}
            }
        }
    }
}

/// Reads a JSON number. Short decimals, as devices send them, are one exact division of two exact floats, which rounds
/// as the general parser does; all others go to that.
#[inline]
fn number(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, bytes),
    };
    let general = || text.parse::<f64>().ok().filter(|number| number.is_finite());
    if digits.is_empty() || digits.len() > 16 {
        return general();
    }
    let (mut whole, mut fraction, mut in_fraction) = (0u64, 0usize, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                whole = whole * 10 + u64::from(byte - b'0');
                fraction += usize::from(in_fraction);
            }
            b'.' if !in_fraction => in_fraction = true,
            _ => return general(),
        }
    }
    if whole >= 1 << 53 {
        return general();
    }
    let value = whole as f64 / POWERS.get(fraction)?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn an_object_gives_its_fields_in_order() {
        let json = r#" { "lat" : 37.7749 , "on":true,"off":false,"none":null, "name":"a\"b\\", "w\u00e4rme":-0.5e1,
            "nested":{"a":["}",1]}, "list":[[],{}] } "#;
        let fields = fields(json).unwrap();
        let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["lat", "on", "off", "none", "name", "wärme", "nested", "list"]);
        let values: Vec<_> = fields.into_iter().map(|field| field.value).collect();
        assert_eq!(
            values,
            [
                Value::Number(37.7749),
                Value::Bool(true),
                Value::Bool(false),
                Value::Null,
                Value::Text("a\"b\\".into()),
                Value::Number(-5.0),
                Value::Json(r#"{"a":["}",1]}"#),
                Value::Json("[[],{}]"),
            ]
        );
        assert_eq!(super::fields("{}").unwrap().len(), 0);
        assert!(super::fields("[1]").is_none());
        assert!(super::fields("").is_none());
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            (-1_000_000i64..1_000_000, 0u32..6).prop_map(|(n, d)| (n as f64 / 10f64.powi(d as i32)).into()),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::btree_map(".*", inner, 0..4)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn fields_are_those_that_serde_json_reads(
            map in prop::collection::btree_map(".*", any_json(), 0..12),
            pretty in any::<bool>(),
        ) {
            let object = serde_json::Value::Object(map.into_iter().collect());
            let json = if pretty { serde_json::to_string_pretty(&object) } else { serde_json::to_string(&object) }.unwrap();
            let expected: std::collections::BTreeMap<String, Box<RawValue>> = serde_json::from_str(&json).unwrap();
            let read = fields(&json).unwrap();
            prop_assert_eq!(read.len(), expected.len());
            for field in &read {
                prop_assert_eq!(&field.value, &Value::from_raw(&expected[field.name.as_str()]));
            }
        }

        #[test]
        fn numbers_are_those_of_the_general_parser(n in any::<i64>(), d in 0u32..18, f in any::<f64>()) {
            let short = format!("{}", n as f64 / 10f64.powi(d as i32));
            for text in [short, n.to_string(), f.to_string(), format!("{f:e}")] {
                prop_assert_eq!(number(&text), text.parse().ok().filter(|x: &f64| x.is_finite()));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*", jsonish in r#"[{}\[\]":,\\a0.\- ]*"#) {
            let _ = (fields(&text), fields(&jsonish));
        }
    }
}
