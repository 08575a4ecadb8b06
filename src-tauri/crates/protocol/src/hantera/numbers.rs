//! Finds every number of a payload that is not documented.

use std::fmt::{self, Write as _};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// How deep a number may be.
const DEPTH: usize = 8;
/// How many numbers are kept.
const COUNT: usize = 256;
/// How long a path may be, in bytes.
const PATH: usize = 256;

/// Every number of the payload by its dotted path, `window.failed` or `buckets.0.count`, in the order they came: the
/// first 256 of those that are at most 8 levels deep. What is longer, deeper or more stays in the event's own data.
pub(super) fn flatten(json: Option<&RawValue>) -> Vec<(String, f64)> {
    let mut numbers = Vec::new();
    if let Some(json) = json {
        let mut deserializer = serde_json::Deserializer::from_str(json.get());
        let level = Level { path: &mut String::new(), depth: 0, numbers: &mut numbers };
        // It is well formed and every value is accepted; nesting beyond serde_json's own limit ends the search.
        let _ = level.deserialize(&mut deserializer);
    }
    numbers
}

struct Level<'a> {
    path: &'a mut String,
    depth: usize,
    numbers: &'a mut Vec<(String, f64)>,
}

impl Level<'_> {
    fn found(self, number: f64) {
        if self.numbers.len() < COUNT && !self.path.is_empty() && self.path.len() <= PATH {
            self.numbers.push((self.path.clone(), number));
        }
    }

    fn is_enough(&self) -> bool {
        self.depth >= DEPTH || self.numbers.len() >= COUNT || self.path.len() > PATH
    }
}

/// One step down the path; it is taken back when the value was read.
macro_rules! below {
    ($self:ident, $name:expr) => {{
        let length = $self.path.len();
        if length > 0 {
            $self.path.push('.');
        }
        let _ = write!($self.path, "{}", $name);
        (Level { path: $self.path, depth: $self.depth + 1, numbers: $self.numbers }, length)
    }};
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.found(number);
        Ok(())
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.found(number as f64);
        Ok(())
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.found(number as f64);
        Ok(())
    }
    fn visit_bool<E: Error>(self, _truth: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E: Error>(self, _text: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<crate::text::Text<'de>>()? {
            if self.is_enough() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let (level, length) = below!(self, key);
            map.next_value_seed(level)?;
            self.path.truncate(length);
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for index in 0usize.. {
            if self.is_enough() {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                break;
            }
            let (level, length) = below!(self, index);
            let more = list.next_element_seed(level)?;
            self.path.truncate(length);
            if more.is_none() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(json: &str) -> Vec<(String, f64)> {
        flatten(Some(&RawValue::from_string(json.to_owned()).unwrap()))
    }

    #[test]
    fn numbers_are_named_by_their_way() {
        let json = r#"{"total":7,"rate":-0.5,"name":"x","ok":true,"none":null,
            "window":{"failed":{"last":2}},"buckets":[{"n":1},[3,4],"5"]}"#;
        let expected = [
            ("total", 7.0),
            ("rate", -0.5),
            ("window.failed.last", 2.0),
            ("buckets.0.n", 1.0),
            ("buckets.1.0", 3.0),
            ("buckets.1.1", 4.0),
        ];
        assert_eq!(flat(json), expected.map(|(name, number)| (name.to_owned(), number)));
        assert!(flat("3").is_empty() && flat("null").is_empty() && flatten(None).is_empty());
    }

    #[test]
    fn depth_count_and_length_are_bounded() {
        let many = (0..1000).map(|n| format!("\"n{n}\":{n}")).collect::<Vec<_>>().join(",");
        assert_eq!(flat(&format!("{{{many}}}")).len(), COUNT);
        let deep = |levels: usize| flat(&format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels)));
        assert_eq!(deep(DEPTH).len(), 1);
        assert!(deep(DEPTH + 1).is_empty() && deep(100).is_empty() && deep(120).is_empty());
        assert!(flat(&format!(r#"{{"{}":1}}"#, "x".repeat(PATH + 1))).is_empty());
    }
}
