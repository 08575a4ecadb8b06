//! Lengths of time as an operator writes them: `90s`, `15m`, `1h30m`, `2d`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer};

/// Writes it in the largest units that say it whole.
pub fn serialize<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*span))
}

/// Reads it.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).map_err(serde::de::Error::custom)
}

/// As `1h30m`; `0s` for nothing.
pub fn text(span: Duration) -> String {
    let mut seconds = span.as_secs();
    let mut text = String::new();
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        if seconds >= length {
            text.push_str(&format!("{}{unit}", seconds / length));
            seconds %= length;
        }
    }
    if text.is_empty() { "0s".into() } else { text }
}

/// Reads whole numbers with `s`, `m`, `h` or `d`, one after the other; a year at most. The error is a sentence's end.
pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("\"{text}\" is not a length of time; write it as 90s, 15m, 1h30m or 2d");
    let mut seconds = 0u64;
    let mut number: Option<u64> = None;
    for letter in text.trim().chars() {
        let length = match letter {
            '0'..='9' => {
                let digit = u64::from(letter as u32 - '0' as u32);
                number =
                    Some(number.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(digit)).ok_or_else(wrong)?);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let count = number.take().ok_or_else(wrong)?;
        seconds = count.checked_mul(length).and_then(|more| seconds.checked_add(more)).ok_or_else(wrong)?;
    }
    if number.is_some() || text.trim().is_empty() {
        return Err(wrong());
    }
    if seconds > 366 * 86_400 {
        return Err(format!("\"{text}\" is more than a year"));
    }
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (text_in, seconds) in [("90s", 90), ("15m", 900), ("1h30m", 5_400), ("2d", 172_800), ("0s", 0)] {
            assert_eq!(parse(text_in), Ok(Duration::from_secs(seconds)));
        }
        assert_eq!(text(Duration::from_secs(5_400)), "1h30m");
        assert_eq!(text(Duration::ZERO), "0s");
        for wrong in ["", "15", "m", "1x", "1h3", "99999999999999999999s", "400d"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
