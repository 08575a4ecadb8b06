//! Times as they are printed, and the moments that an axis marks.

use jiff::Timestamp;
use jiff::civil::{self, DateTime};
use jiff::tz::Offset;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Between two marks of an axis: each divides the next greater unit.
const STEPS: [i64; 31] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    4 * DAY,
    7 * DAY,
    14 * DAY,
];

/// In months; what is longer than a year is whole years.
const MONTHS: [i64; 16] = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000, 24_000, 60_000, 120_000];

/// A clock on the wall: one offset from UTC, and the zone's name.
#[derive(Debug, Clone)]
pub(crate) struct Wall {
    offset: Offset,
    zone: String,
}

/// A moment that the axis marks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub at: i64,
    pub label: String,
    /// Whether a day, a year begins there.
    pub major: bool,
}

impl Wall {
    /// A clock that is `offset_s` seconds before UTC; more than jiff can hold is held to that.
    pub(crate) fn new(offset_s: i32, zone: &str) -> Self {
        let most = Offset::MAX.seconds();
        let offset = Offset::from_seconds(offset_s.clamp(-most, most)).unwrap_or(Offset::UTC);
        Wall { offset, zone: crate::text::line(zone, 60) }
    }

    pub(crate) fn civil(&self, ms: i64) -> DateTime {
        let held = clamp(ms);
        Timestamp::from_millisecond(held).map_or(DateTime::ZERO, |at| self.offset.to_datetime(at))
    }

    /// The zone with its offset: `Europe/Berlin (UTC+01:00)`, `UTC`.
    pub(crate) fn zone(&self) -> String {
        let seconds = self.offset.seconds();
        let sign = if seconds < 0 { '−' } else { '+' };
        let minutes = seconds.abs() / 60;
        let offset = match (minutes / 60, minutes % 60) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
        };
        if self.zone.is_empty() || self.zone == offset { offset } else { format!("{} ({offset})", self.zone) }
    }

    /// The date: `21 Nov 2026`.
    pub(crate) fn date(&self, ms: i64) -> String {
        self.civil(ms).strftime("%-d %b %Y").to_string()
    }

    /// The time of day to the second: `14:03:22`.
    pub(crate) fn clock(&self, ms: i64) -> String {
        self.civil(ms).strftime("%H:%M:%S").to_string()
    }

    /// Both ends of a span, no finer than it needs: `21 Nov 2026, 06:00 – 14:00`.
    pub(crate) fn span(&self, from: i64, to: i64) -> String {
        let (from, to) = (clamp(from), clamp(to));
        let (begin, end) = (self.civil(from), self.civil(to));
        let whole = from % MINUTE == 0 && to % MINUTE == 0;
        let clock = if whole || to.saturating_sub(from) >= HOUR { "%H:%M" } else { "%H:%M:%S" };
        if begin.date() == end.date() {
            format!("{}, {} – {}", self.date(from), begin.strftime(clock), end.strftime(clock))
        } else {
            format!("{}, {} – {}, {}", self.date(from), begin.strftime(clock), self.date(to), end.strftime(clock))
        }
    }

    /// The moments to mark between two times, at most `most` of them; none where that is less than one.
    pub(crate) fn ticks(&self, from: i64, to: i64, most: usize) -> Vec<Tick> {
        let (from, to) = (clamp(from), clamp(to));
        let span = to.saturating_sub(from);
        if span <= 0 || most == 0 {
            return Vec::new();
        }
        let least = span / i64::try_from(most).unwrap_or(1).max(1);
        match STEPS.into_iter().find(|&step| step > least) {
            Some(step) => self.even(from, to, step),
            None => self.months(from, to, least),
        }
    }

    fn even(&self, from: i64, to: i64, step: i64) -> Vec<Tick> {
        let shift = i64::from(self.offset.seconds()) * SECOND;
        let first = (from + shift).div_euclid(step) * step - shift;
        (0..)
            .map(|n: i64| first + n * step)
            .skip_while(|&at| at < from)
            .take_while(|&at| at <= to)
            .map(|at| {
                let civil = self.civil(at);
                let begins_day = civil.time() == civil::Time::midnight();
                let (format, major) = match step {
                    ..SECOND => ("%H:%M:%S%.3f", false),
                    SECOND..MINUTE => ("%H:%M:%S", false),
                    MINUTE..DAY if !begins_day => ("%H:%M", false),
                    MINUTE..DAY => ("%-d %b", true),
                    _ => ("%-d %b", civil.day_of_year() == 1),
                };
                Tick { at, label: civil.strftime(format).to_string(), major }
            })
            .collect()
    }

    fn months(&self, from: i64, to: i64, least: i64) -> Vec<Tick> {
        let step = MONTHS.into_iter().find(|months| months * 30 * DAY > least).unwrap_or(120_000);
        let begin = self.civil(from);
        let first = (i64::from(begin.year()) * 12 + i64::from(begin.month()) - 1).div_euclid(step) * step;
        // The first may be before the calendar begins, and the last after its end.
        (0..64)
            .filter_map(|n| {
                let months = first + n * step;
                let year = i16::try_from(months.div_euclid(12)).ok()?;
                let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
                let date = civil::Date::new(year, month, 1).ok()?;
                let at = self.offset.to_timestamp(date.to_datetime(civil::Time::midnight())).ok()?;
                Some((date, at.as_millisecond()))
            })
            .skip_while(|&(_, at)| at < from)
            .take_while(|&(_, at)| at <= to)
            .map(|(date, at)| {
                let major = date.month() == 1;
                let format = if major { "%Y" } else { "%b" };
                Tick { at, label: date.strftime(format).to_string(), major: major && step < 12 }
            })
            .collect()
    }
}

/// Holds a time to what jiff can print under any offset.
pub(crate) fn clamp(ms: i64) -> i64 {
    ms.clamp(Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond())
}

/// How long something lasted, in its two greatest units: `2 h 14 min`.
pub(crate) fn lasted(ms: i64) -> String {
    let ms = ms.max(0);
    let two = |great: i64, great_name: &str, small: i64, small_name: &str| {
        let (whole, rest) = (ms / great, ms % great / small);
        if rest == 0 { format!("{whole} {great_name}") } else { format!("{whole} {great_name} {rest} {small_name}") }
    };
    match ms {
        ..SECOND => format!("{ms} ms"),
        SECOND..MINUTE => format!("{} s", ms / SECOND),
        MINUTE..HOUR => two(MINUTE, "min", SECOND, "s"),
        HOUR..DAY => two(HOUR, "h", MINUTE, "min"),
        _ => two(DAY, "d", HOUR, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21 00:00 UTC.
    const NIGHT: i64 = 1_795_219_200_000;

    fn labels(wall: &Wall, from: i64, to: i64, most: usize) -> Vec<String> {
        wall.ticks(from, to, most).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_even_on_the_wall() {
        let berlin = Wall::new(3600, "Europe/Berlin");
        assert_eq!(
            labels(&berlin, NIGHT - 3 * HOUR, NIGHT + 3 * HOUR, 7),
            ["22:00", "23:00", "21 Nov", "01:00", "02:00", "03:00", "04:00"]
        );
        let kathmandu = Wall::new(5 * 3600 + 45 * 60, "Asia/Kathmandu");
        assert_eq!(labels(&kathmandu, NIGHT, NIGHT + 2 * HOUR, 5), ["06:00", "06:30", "07:00", "07:30"]);
        let utc = Wall::new(0, "UTC");
        assert_eq!(
            labels(&utc, NIGHT, NIGHT + 30, 4),
            ["00:00:00.000", "00:00:00.010", "00:00:00.020", "00:00:00.030"]
        );
        assert_eq!(labels(&utc, NIGHT, NIGHT + 400 * DAY, 6), ["2027", "Apr", "Jul", "Oct"]);
    }

    #[test]
    fn ticks_never_run_away() {
        for (from, to) in [(i64::MIN, i64::MAX), (0, i64::MAX), (i64::MAX, i64::MIN), (5, 5), (0, 1), (i64::MIN, 0)] {
            for offset in [i32::MIN, -3600, 0, i32::MAX] {
                let ticks = Wall::new(offset, "").ticks(from, to, 12);
                assert!(ticks.len() <= 14, "{from}..{to}: {}", ticks.len());
            }
        }
        assert!(Wall::new(0, "").ticks(i64::MIN, i64::MAX, 8).len() >= 2);
    }

    #[test]
    fn spans_and_zones_say_no_more_than_they_must() {
        let berlin = Wall::new(3600, "Europe/Berlin");
        assert_eq!(berlin.span(NIGHT + 5 * HOUR, NIGHT + 13 * HOUR), "21 Nov 2026, 06:00 – 14:00");
        assert_eq!(berlin.span(NIGHT - 9 * HOUR, NIGHT - HOUR), "20 Nov 2026, 16:00 – 21 Nov 2026, 00:00");
        assert_eq!(berlin.zone(), "Europe/Berlin (UTC+1)");
        assert_eq!(Wall::new(0, "UTC").zone(), "UTC");
        assert_eq!(Wall::new(-12_600, "").zone(), "UTC−3:30");
    }

    #[test]
    fn durations_have_two_units() {
        assert_eq!(
            [0, 999, 59_999, 61_000, 8_040_000, 7_200_000, 90_000_000].map(lasted),
            ["0 ms", "999 ms", "59 s", "1 min 1 s", "2 h 14 min", "2 h", "1 d 1 h"]
        );
    }
}
