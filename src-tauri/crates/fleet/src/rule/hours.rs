//! Hours of the day: `"08:00-18:00"`, over midnight too.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A span of every day, local time, from the first minute up to the second one. One that ends before it begins goes over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    from: u16,
    to: u16,
}

impl Hours {
    /// Whether a minute of the day, from 0, lies in it.
    pub const fn contains(self, minute: u16) -> bool {
        if self.from <= self.to {
            minute >= self.from && minute < self.to
        } else {
            minute >= self.from || minute < self.to
        }
    }

    /// The minute of the day at which it begins.
    pub const fn from(self) -> u16 {
        self.from
    }

    /// The minute of the day at which it ends.
    pub const fn to(self) -> u16 {
        self.to
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Hours { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let minute = |part: &str| -> Option<u16> {
            let (hour, minute) = part.trim().split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)
        };
        text.split_once('-')
            .and_then(|(from, to)| Some(Hours { from: minute(from)?, to: minute(to)? }))
            .filter(|hours| hours.from != hours.to)
            .ok_or_else(|| format!("\"{text}\" is not a span of hours; write it as 08:00-18:00"))
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_midnight_too() {
        let day: Hours = "08:00-18:00".parse().unwrap();
        assert!(day.contains(480) && !day.contains(1_080) && !day.contains(0));
        let night: Hours = "22:00-06:30".parse().unwrap();
        assert!(night.contains(1_400) && night.contains(0) && !night.contains(390));
        assert_eq!(night.to_string(), "22:00-06:30");
        for wrong in ["", "8-18", "08:00-08:00", "24:00-01:00", "08:00"] {
            assert!(wrong.parse::<Hours>().is_err(), "{wrong}");
        }
    }
}
