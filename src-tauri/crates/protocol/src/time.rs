//! Points in time as the services write them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds since 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Timestamp(millis)
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, `None` when the text is not that. Fractions below a millisecond are cut.
    pub fn parse(text: &str) -> Option<Self> {
        parse_canonical(text.as_bytes())
            .or_else(|| text.parse::<jiff::Timestamp>().ok().map(|t| Timestamp(t.as_millisecond())))
    }

    /// Milliseconds from `earlier` to this, 0 when `earlier` is later.
    pub fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time:.3}"),
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Timestamp)
    }
}

/// Reads the one shape that all five services write, `2025-12-17T10:30:00.000Z`, without the general parser: it is on
/// the path of every telemetry frame.
fn parse_canonical(text: &[u8]) -> Option<Timestamp> {
    if text.len() != 24 || text[4] != b'-' || text[7] != b'-' || text[10] != b'T' {
        return None;
    }
    if text[13] != b':' || text[16] != b':' || text[19] != b'.' || text[23] != b'Z' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        text[range].iter().try_fold(0i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second, milli) = (number(11..13)?, number(14..16)?, number(17..19)?, number(20..23)?);
    // Days past the 28th and leap seconds go the general way, which knows the calendar.
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(Timestamp((((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli))
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, by the count of days in 400-year eras from March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_and_general_parsers_agree() {
        for text in [
            "2025-12-17T10:30:00.000Z",
            "2024-02-28T23:59:59.999Z",
            "1969-01-01T00:00:00.001Z",
            "2000-03-01T00:00:00.000Z",
        ] {
            let general = text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
            assert_eq!(parse_canonical(text.as_bytes()), Some(Timestamp(general)), "{text}");
        }
    }

    #[test]
    fn other_shapes_of_rfc_3339_are_read() {
        assert_eq!(Timestamp::parse("2024-02-29T00:00:00Z"), Some(Timestamp(1_709_164_800_000)));
        assert_eq!(Timestamp::parse("2025-12-17T11:30:00.5+01:00"), Timestamp::parse("2025-12-17T10:30:00.500Z"));
        assert_eq!(Timestamp::parse("2025-13-17T10:30:00.000Z"), None);
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    #[test]
    fn shown_in_utc_with_milliseconds() {
        assert_eq!(Timestamp(1_709_164_800_000).to_string(), "2024-02-29T00:00:00.000Z");
    }
}
