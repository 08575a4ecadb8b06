//! Values whose form the services' documents leave open. Reading one never fails: what does not fit is `None`, so that
//! an odd value costs a field and not its message.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::text::Text;
use crate::time::Timestamp;

/// A time: RFC 3339 or milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LooseTime(pub Option<Timestamp>);

/// A number: a JSON number, or a string that holds one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LooseNumber(pub Option<f64>);

/// A word or an id: a string, or a number or truth value as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LooseText<'a>(pub Option<Text<'a>>);

/// A list of words or ids; one alone is a list of one. Entries of other kinds are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LooseList<'a>(pub Vec<Text<'a>>);

/// A truth value: `true`, `false`, 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LooseBool(pub Option<bool>);

/// One form of value that all five types begin from.
trait FromJson<'a>: Default {
    fn text(_text: Text<'a>) -> Self {
        Self::default()
    }
    fn number(_number: f64) -> Self {
        Self::default()
    }
    fn integer(number: i64) -> Self {
        Self::number(number as f64)
    }
    fn truth(_truth: bool) -> Self {
        Self::default()
    }
    fn list<A: SeqAccess<'a>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

impl FromJson<'_> for LooseTime {
    fn text(text: Text<'_>) -> Self {
        LooseTime(Timestamp::parse(&text))
    }
    fn number(number: f64) -> Self {
        LooseTime((number.abs() < 9e15).then_some(Timestamp(number as i64)))
    }
}

impl FromJson<'_> for LooseNumber {
    fn text(text: Text<'_>) -> Self {
        LooseNumber(text.trim().parse().ok().filter(|number: &f64| number.is_finite()))
    }
    fn number(number: f64) -> Self {
        LooseNumber(Some(number))
    }
}

impl<'a> FromJson<'a> for LooseText<'a> {
    fn text(text: Text<'a>) -> Self {
        LooseText(Some(text))
    }
    fn number(number: f64) -> Self {
        LooseText(Some(Text(Cow::Owned(number.to_string()))))
    }
    fn integer(number: i64) -> Self {
        LooseText(Some(Text(Cow::Owned(number.to_string()))))
    }
    fn truth(truth: bool) -> Self {
        LooseText(Some(Text(Cow::Borrowed(if truth { "true" } else { "false" }))))
    }
}

impl<'a> FromJson<'a> for LooseList<'a> {
    fn text(text: Text<'a>) -> Self {
        LooseList(vec![text])
    }
    fn integer(number: i64) -> Self {
        LooseList(LooseText::integer(number).0.into_iter().collect())
    }
    fn list<A: SeqAccess<'a>>(mut list: A) -> Result<Self, A::Error> {
        let mut words = Vec::new();
        while let Some(LooseText(word)) = list.next_element()? {
            words.extend(word);
        }
        Ok(LooseList(words))
    }
}

impl FromJson<'_> for LooseBool {
    fn number(number: f64) -> Self {
        LooseBool(if number == 1.0 {
            Some(true)
        } else if number == 0.0 {
            Some(false)
        } else {
            None
        })
    }
    fn truth(truth: bool) -> Self {
        LooseBool(Some(truth))
    }
}

struct Loosely<T>(PhantomData<T>);

impl<'de, T: FromJson<'de>> Visitor<'de> for Loosely<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<T, E> {
        Ok(T::text(Text(Cow::Borrowed(text))))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::text(Text(Cow::Owned(text.to_owned()))))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        Ok(T::number(number))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        Ok(T::integer(number))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        Ok(i64::try_from(number).map_or_else(|_| T::number(number as f64), T::integer))
    }
    fn visit_bool<E: Error>(self, truth: bool) -> Result<T, E> {
        Ok(T::truth(truth))
    }
    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::list(list)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }
}

macro_rules! deserialize_loosely {
    ($($type:ty),*) => {$(
        impl<'de: 'a, 'a> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Loosely(PhantomData))
            }
        }
    )*};
}

deserialize_loosely!(LooseText<'a>, LooseList<'a>);

macro_rules! deserialize_loosely_owned {
    ($($type:ty),*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Loosely(PhantomData))
            }
        }
    )*};
}

deserialize_loosely_owned!(LooseTime, LooseNumber, LooseBool);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_comes_is_read_or_none() {
        fn texts(json: &str) -> Option<String> {
            serde_json::from_str::<LooseText<'_>>(json).unwrap().0.map(|text| text.0.into_owned())
        }
        assert_eq!(texts(r#""a""#).as_deref(), Some("a"));
        assert_eq!(texts(r#""a\n""#).as_deref(), Some("a\n"));
        assert_eq!(texts("17").as_deref(), Some("17"));
        assert_eq!(texts("-1.5").as_deref(), Some("-1.5"));
        for odd in ["null", "[1]", r#"{"a":{"b":[1]}}"#] {
            assert_eq!(texts(odd), None, "{odd}");
        }
        let number = |json| serde_json::from_str::<LooseNumber>(json).unwrap().0;
        assert_eq!(number("3"), Some(3.0));
        assert_eq!(number(r#"" 3.5 ""#), Some(3.5));
        assert_eq!(number(r#""inf""#), None);
        assert_eq!(number("[3]"), None);
        let time = |json| serde_json::from_str::<LooseTime>(json).unwrap().0;
        assert_eq!(time("1710000000000"), Some(Timestamp(1_710_000_000_000)));
        assert_eq!(time(r#""2025-12-17T10:30:00Z""#), time(r#""2025-12-17T10:30:00.000Z""#));
        assert_eq!(time("1e300"), None);
        assert_eq!(time(r#""soon""#), None);
        let list = |json| serde_json::from_str::<LooseList<'_>>(json).unwrap().0.len();
        assert_eq!(list(r#"["a", 1, {"b": 2}, null]"#), 2);
        assert_eq!(list(r#""a""#), 1);
        let truth = |json| serde_json::from_str::<LooseBool>(json).unwrap().0;
        assert_eq!((truth("1"), truth("false"), truth("2"), truth(r#""yes""#)), (Some(true), Some(false), None, None));
    }
}
