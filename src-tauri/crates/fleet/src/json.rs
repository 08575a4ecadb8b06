//! Small readings of JSON text without building a tree.

use std::fmt;

use compact_str::CompactString;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

/// The keys of a JSON object in their order; none when the text is something else.
pub(crate) fn top_level_keys(json: &str) -> Vec<CompactString> {
    struct Keys;
    impl<'de> Visitor<'de> for Keys {
        type Value = Vec<CompactString>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut keys = Vec::new();
            while let Some((key, IgnoredAny)) = map.next_entry::<protocol::Text<'de>, IgnoredAny>()? {
                keys.push(CompactString::from(key.as_str()));
            }
            Ok(keys)
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_map(Keys).unwrap_or_default()
}
