//! Values of open maps: what a service may add at any time.

use serde_json::value::RawValue;

use crate::text::Text;

/// One value of an open map.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// A number. Integers beyond 2^53 lose their last digits.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// A string.
    Text(Text<'a>),
    /// JSON null.
    Null,
    /// An object or an array, as its JSON text.
    Json(&'a str),
}

/// A named value of an open map.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<'a> {
    /// The field's name, as the service wrote it.
    pub name: Text<'a>,
    /// Its value.
    pub value: Value<'a>,
}

impl<'a> Value<'a> {
    /// Reads one raw JSON value; a string whose escapes are broken becomes [`Value::Json`].
    pub fn from_raw(raw: &'a RawValue) -> Self {
        let json = raw.get();
        match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).map_or(Value::Json(json), Value::Text),
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'n') => Value::Null,
            Some(b'{' | b'[') | None => Value::Json(json),
            Some(_) => json.parse().map_or(Value::Json(json), Value::Number),
        }
    }

    /// The number, or a truth value as 1 and 0.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            _ => None,
        }
    }
}
