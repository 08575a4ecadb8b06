//! Reads JSON objects of services that add fields at any time: one pass, typed, borrowed from the frame. Unknown keys are
//! skipped, of a repeated key the last one counts (as in JavaScript), and with the
//! values of [`crate::loose`] a field of another shape than expected is as good as absent.

/// Declares a struct that is read from a JSON object as this module says. Each field names its keys.
macro_rules! object {
    ($(#[$meta:meta])* $vis:vis struct $name:ident<$life:lifetime> {
        $($(#[$field_meta:meta])* $($key:literal)|+ => $field:ident: $type:ty,)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Default)]
        $vis struct $name<$life> {
            $($(#[$field_meta])* pub $field: $type,)*
            life: std::marker::PhantomData<&$life ()>,
        }

        impl<'de: $life, $life> serde::Deserialize<'de> for $name<$life> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields<$life>(std::marker::PhantomData<&$life ()>);
                impl<'de: $life, $life> serde::de::Visitor<'de> for Fields<$life> {
                    type Value = $name<$life>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut object = $name::default();
                        while let Some(key) = map.next_key::<crate::text::Text<'de>>()? {
                            match key.as_str() {
                                $($($key)|+ => object.$field = map.next_value()?,)*
                                _ => {
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(object)
                    }
                }
                deserializer.deserialize_map(Fields(std::marker::PhantomData))
            }
        }
    };
}

pub(crate) use object;

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use crate::loose::{LooseNumber, LooseText};

    object! {
        struct Sample<'a> {
            "id" | "_id" => id: LooseText<'a>,
            "n" => number: LooseNumber,
            "r" => raw: Option<&'a RawValue>,
        }
    }

    #[test]
    fn unknown_keys_are_skipped_and_the_last_of_a_repeated_key_counts() {
        let sample: Sample = serde_json::from_str(r#"{"id":"a","x":{"id":[1]},"_id":7,"n":"1.5","n":2}"#).unwrap();
        assert_eq!(sample.id.0.unwrap().as_str(), "7");
        assert_eq!(sample.number.0, Some(2.0));
    }

    #[test]
    fn a_field_of_another_shape_is_absent() {
        let sample: Sample = serde_json::from_str(r#"{"id":{"a":[]},"n":[1],"r":null}"#).unwrap();
        assert!(sample.id.0.is_none() && sample.number.0.is_none() && sample.raw.is_none());
        let sample: Sample = serde_json::from_str(r#"{"r":{"a": 1}}"#).unwrap();
        assert_eq!(sample.raw.unwrap().get(), r#"{"a": 1}"#);
    }

    #[test]
    fn strings_are_borrowed_unless_they_have_escapes() {
        let sample: Sample = serde_json::from_str(r#"{"id":"plain"}"#).unwrap();
        assert!(matches!(sample.id.0.unwrap().0, std::borrow::Cow::Borrowed("plain")));
        let sample: Sample = serde_json::from_str(r#"{"\u0069d":"a\nb"}"#).unwrap();
        assert_eq!(sample.id.0.unwrap().as_str(), "a\nb");
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        assert!(serde_json::from_str::<Sample>("[]").is_err());
        assert!(serde_json::from_str::<Sample>("{").is_err());
    }
}
