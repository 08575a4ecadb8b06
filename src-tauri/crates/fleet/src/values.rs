//! Values of open maps as they are kept.

use protocol::Value;

use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::table::clip;

/// A value that is kept.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// A number.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// A text, cut where it is longer than a value may be.
    Text(Box<str>),
    /// JSON null.
    Null,
    /// An object or an array, as its JSON text.
    Json(Box<str>),
    /// A value that was too large, or for which there was no room; its bytes as it came.
    Omitted(u32),
}

impl FieldValue {
    /// The number, or a truth value as 1 and 0.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            FieldValue::Number(number) => Some(*number),
            FieldValue::Bool(truth) => Some(f64::from(u8::from(*truth))),
            _ => None,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            FieldValue::Text(text) | FieldValue::Json(text) => text.len(),
            _ => 0,
        }
    }

    pub(crate) fn set(&mut self, value: &Value<'_>, used: &mut usize, bounds: &Bounds, counters: &mut Counters) {
        match value {
            Value::Number(number) => {
                *used -= self.bytes();
                *self = FieldValue::Number(*number);
            }
            Value::Bool(truth) => {
                *used -= self.bytes();
                *self = FieldValue::Bool(*truth);
            }
            Value::Null => {
                *used -= self.bytes();
                *self = FieldValue::Null;
            }
            Value::Text(text) => {
                let clipped = clip(text, bounds.value_bytes);
                if clipped.len() < text.len() {
                    counters.drop(Cause::Values, 1);
                }
                if matches!(self, FieldValue::Text(known) if **known == *clipped) {
                    return;
                }
                self.set_text(clipped, FieldValue::Text, used, bounds, counters);
            }
            Value::Json(json) => {
                if matches!(self, FieldValue::Json(known) if **known == **json) {
                    return;
                }
                if json.len() > bounds.value_bytes {
                    *used -= self.bytes();
                    *self = FieldValue::Omitted(u32::try_from(json.len()).unwrap_or(u32::MAX));
                    counters.drop(Cause::Values, 1);
                } else {
                    self.set_text(json, FieldValue::Json, used, bounds, counters);
                }
            }
        }
    }

    fn set_text(
        &mut self,
        text: &str,
        make: fn(Box<str>) -> FieldValue,
        used: &mut usize,
        bounds: &Bounds,
        counters: &mut Counters,
    ) {
        *used -= self.bytes();
        if *used + text.len() > bounds.values_bytes {
            *self = FieldValue::Omitted(u32::try_from(text.len()).unwrap_or(u32::MAX));
            counters.drop(Cause::Values, 1);
        } else {
            *used += text.len();
            *self = make(text.into());
        }
    }
}
