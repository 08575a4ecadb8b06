//! How long, as a person types it.

use std::time::Duration;

/// Reads `30s`, `500ms`, `2m`, `1h` or a bare number of seconds.
///
/// # Errors
/// Anything else, zero, and more than a year.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(HOW.into()),
    };
    let number: f64 = number.parse().map_err(|_| HOW)?;
    match Duration::try_from_secs_f64(number * seconds) {
        Ok(duration) if duration > Duration::ZERO && duration <= YEAR => Ok(duration),
        _ => Err(HOW.into()),
    }
}

const YEAR: Duration = Duration::from_secs(365 * 86_400);
const HOW: &str = "write a number and a unit, as 500ms, 30s, 2m or 1h; at most a year";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_is_read() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("30"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h"), Ok(Duration::from_secs(3600)));
    }

    #[test]
    fn anything_else_is_told_how() {
        for text in ["", "s", "-1s", "0s", "1.2.3s", "10 parsecs", "9e9h", "1e400s", "400d"] {
            assert_eq!(duration(text), Err(HOW.into()), "{text}");
        }
    }
}
