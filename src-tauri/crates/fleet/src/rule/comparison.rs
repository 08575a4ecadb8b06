//! A comparison of a field of an event's data, as an operator writes it: `source == "rfid"`, `severity >= 4`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A comparison of one field. A field that is not there satisfies none but `!=`.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The field's dotted path in the data; also `definition`, `source`, `error`, where the kind of event has them.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Operand,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `~`: the text matches a glob.
    Matches,
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A number.
    Number(f64),
    /// A text, in quotes; a glob for `~`.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
}

const OPERATORS: [(&str, Operator); 7] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("~", Operator::Matches),
];

impl FromStr for Comparison {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("\"{text}\" is not a comparison; write it as severity >= 4 or source == \"rfid\"");
        let at = text.find(['=', '!', '<', '>', '~']).ok_or_else(wrong)?;
        let (field, rest) = text.split_at(at);
        let (sign, operator) = OPERATORS.into_iter().find(|(sign, _)| rest.starts_with(sign)).ok_or_else(wrong)?;
        let value = rest[sign.len()..].trim();
        let value = match value {
            "true" => Operand::Bool(true),
            "false" => Operand::Bool(false),
            _ => match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
                Some(quoted) => Operand::Text(quoted.to_owned()),
                None => {
                    Operand::Number(value.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(wrong)?)
                }
            },
        };
        let field = field.trim();
        let fits = match (operator, &value) {
            (Operator::Matches, value) => matches!(value, Operand::Text(_)),
            (Operator::Equal | Operator::NotEqual, _) => true,
            (_, value) => matches!(value, Operand::Number(_)),
        };
        if field.is_empty() || !fits {
            return Err(wrong());
        }
        Ok(Comparison { field: field.to_owned(), operator, value })
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign =
            OPERATORS.into_iter().find(|(_, operator)| *operator == self.operator).map_or("==", |(sign, _)| sign);
        write!(f, "{} {sign} ", self.field)?;
        match &self.value {
            Operand::Number(number) => write!(f, "{number}"),
            Operand::Text(text) => write!(f, "\"{text}\""),
            Operand::Bool(truth) => write!(f, "{truth}"),
        }
    }
}

impl Serialize for Comparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Comparison {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in ["severity >= 4", "source == \"rfid\"", "online != true", "name ~ \"truck-*\"", "a.b < -1.5"] {
            assert_eq!(text.parse::<Comparison>().unwrap().to_string(), text);
        }
        for wrong in ["", "severity", ">= 4", "severity > \"high\"", "severity >= NaN", "x ~ 4", "x = 4", "x == rfid"] {
            assert!(wrong.parse::<Comparison>().is_err(), "{wrong}");
        }
    }
}
