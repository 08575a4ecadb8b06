//! JSON objects as rows of a table: their members in the order the service wrote them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::view::picture::Cell;

/// A JSON object's members in order.
#[derive(Debug, Default)]
pub struct Object(pub Vec<(String, Cell)>);

impl Object {
    /// The object of a JSON text; empty when it is none.
    pub fn parse(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The objects of a JSON array; empty when it is none.
    pub fn parse_all(json: &str) -> Vec<Self> {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The first object of a JSON array, without reading the rest.
    pub fn parse_first(json: &str) -> Option<Self> {
        let elements = json.trim_start().strip_prefix('[')?;
        serde_json::Deserializer::from_str(elements).into_iter().next()?.ok()
    }

    /// The values of columns, in their order.
    pub fn cells(&self, columns: &[String]) -> Vec<Cell> {
        columns
            .iter()
            .map(|column| self.0.iter().find(|(name, _)| name == column).map_or(Cell::Null, |(_, cell)| cell.clone()))
            .collect()
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    members.push((name, cell(&value)));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

fn cell(raw: &RawValue) -> Cell {
    match protocol::Value::from_raw(raw) {
        protocol::Value::Number(number) => Cell::Number(number),
        protocol::Value::Bool(truth) => Cell::Bool(truth),
        protocol::Value::Text(text) => Cell::Text(text.0.into_owned()),
        protocol::Value::Null => Cell::Null,
        protocol::Value::Json(json) => Cell::Text(json.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_structures_their_text() {
        let objects = Object::parse_all(r#"[{"z":"1","a":2,"m":{"x":[1]},"n":null},{"a":3}]"#);
        let columns: Vec<String> = objects[0].0.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(columns, ["z", "a", "m", "n"]);
        assert_eq!(objects[0].cells(&columns)[2], Cell::Text(r#"{"x":[1]}"#.into()));
        assert_eq!(objects[1].cells(&columns)[..2], [Cell::Null, Cell::Number(3.0)]);
    }

    #[test]
    fn the_first_object_is_read_alone() {
        let first = Object::parse_first(r#" [ {"pid":"1"}, this is never looked at"#).unwrap();
        assert_eq!(first.0, [("pid".to_owned(), Cell::Text("1".into()))]);
        assert!(Object::parse_first("[]").is_none());
    }
}
