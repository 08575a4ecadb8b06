//! Times as they are printed, and the moments that an axis marks.

use jiff::Timestamp;
use jiff::civil::{self, DateTime};
use jiff::tz::{Offset, TimeZone};

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

/// Transitions of a span that are looked at for its zone's offsets, and for its axis.
const MOST_TRANSITIONS: usize = 64;

/// A clock on the wall over a span. Where the zone changes its offset within the span, each time says which it is in.
#[derive(Debug, Clone)]
pub(crate) struct Wall {
    zone: TimeZone,
    /// The offsets of the span and what they are called, in their order, each once.
    offsets: Vec<(Offset, String)>,
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
    /// The clock of a zone over a span.
    pub(crate) fn new(zone: &TimeZone, from: i64, to: i64) -> Self {
        let mut wall = Wall { zone: zone.clone(), offsets: Vec::new() };
        for (begin, _) in wall.stretches(clamp(from), clamp(to)) {
            let here = wall.offset(begin);
            if !wall.offsets.contains(&here) {
                wall.offsets.push(here);
            }
        }
        wall
    }

    pub(crate) fn civil(&self, ms: i64) -> DateTime {
        self.zone.to_datetime(timestamp(ms))
    }

    /// The zone with its offset, or all that it has in the span: `CET (UTC+1)`, `UTC`, `CET (UTC+1) and CEST (UTC+2)`.
    pub(crate) fn zone(&self) -> String {
        let each = self.offsets.iter().map(|(offset, name)| {
            let offset = of_utc(*offset);
            if *name == offset { offset } else { format!("{name} ({offset})") }
        });
        each.collect::<Vec<_>>().join(" and ")
    }

    /// The offset then, and what it is called.
    fn offset(&self, ms: i64) -> (Offset, String) {
        let info = self.zone.to_offset_info(timestamp(ms));
        let name = crate::text::line(info.abbreviation(), 60);
        // Some zones have no name but their offset: `+0545`.
        let named = !name.is_empty() && !name.starts_with(['+', '-']);
        (info.offset(), if named { name } else { of_utc(info.offset()) })
    }

    /// The name of the offset then, behind a space, where the span's zone does not tell it.
    fn which(&self, ms: i64) -> String {
        let then = [self.offset(ms)];
        if self.offsets == then { String::new() } else { format!(" {}", then[0].1) }
    }

    /// The parts of a span that have one offset each, in order: where each begins, and where it ends.
    fn stretches(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        let later = self.zone.following(timestamp(from)).map(|change| change.timestamp().as_millisecond());
        let mut begins = vec![from];
        begins.extend(later.take_while(|&at| at < to).take(MOST_TRANSITIONS));
        let ends = begins.iter().skip(1).copied().chain([to]).collect::<Vec<_>>();
        begins.into_iter().zip(ends).collect()
    }

    /// The date: `21 Nov 2026`.
    pub(crate) fn date(&self, ms: i64) -> String {
        self.civil(ms).strftime("%-d %b %Y").to_string()
    }

    /// The time of day to the second: `14:03:22`, or `14:03:22 CEST`.
    pub(crate) fn clock(&self, ms: i64) -> String {
        format!("{}{}", self.civil(ms).strftime("%H:%M:%S"), self.which(ms))
    }

    /// Both ends of a span, no finer than it needs: `21 Nov 2026, 06:00 – 14:00`, `29 Mar 2026, 01:00 CET – 09:00 CEST`.
    pub(crate) fn span(&self, from: i64, to: i64) -> String {
        let (from, to) = (clamp(from), clamp(to));
        let (begin, end) = (self.civil(from), self.civil(to));
        let whole = from % MINUTE == 0 && to % MINUTE == 0;
        let clock = if whole || to.saturating_sub(from) >= HOUR { "%H:%M" } else { "%H:%M:%S" };
        let [first, last] =
            [(from, begin), (to, end)].map(|(at, civil)| format!("{}{}", civil.strftime(clock), self.which(at)));
        if begin.date() == end.date() {
            format!("{}, {first} – {last}", self.date(from))
        } else {
            format!("{}, {first} – {}, {last}", self.date(from), self.date(to))
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
        let stretches = self.stretches(from, to);
        let last = stretches.len() - 1;
        let of = |(number, (begin, end)): (usize, (i64, i64))| {
            let shift = i64::from(self.offset(begin).0.seconds()) * SECOND;
            let first = (begin + shift).div_euclid(step) * step - shift;
            (0..)
                .map(move |n: i64| first + n * step)
                .skip_while(move |&at| at < begin)
                .take_while(move |&at| at < end || (number == last && at == end))
        };
        stretches
            .into_iter()
            .enumerate()
            .flat_map(of)
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
                let at = self.zone.to_timestamp(date.to_datetime(civil::Time::midnight())).ok()?;
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

fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(clamp(ms)).unwrap_or_default()
}

/// A time as programs read it: `2026-03-29T00:59:48Z`.
pub(crate) fn machine(ms: i64) -> String {
    timestamp(ms).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What an offset adds to UTC: `UTC`, `UTC+1`, `UTC−3:30`.
fn of_utc(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.abs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
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

    /// Of a zone that changes its offset, by its rule: no database is asked.
    fn amsterdam(from: i64, to: i64) -> Wall {
        Wall::new(&TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(), from, to)
    }

    fn fixed(seconds: i32, from: i64, to: i64) -> Wall {
        Wall::new(&TimeZone::fixed(Offset::from_seconds(seconds).unwrap()), from, to)
    }

    fn labels(wall: &Wall, from: i64, to: i64, most: usize) -> Vec<String> {
        wall.ticks(from, to, most).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_even_on_the_wall() {
        let (from, to) = (NIGHT - 3 * HOUR, NIGHT + 3 * HOUR);
        assert_eq!(
            labels(&amsterdam(from, to), from, to, 7),
            ["22:00", "23:00", "21 Nov", "01:00", "02:00", "03:00", "04:00"]
        );
        let to = NIGHT + 2 * HOUR;
        let kathmandu = fixed(5 * 3600 + 45 * 60, NIGHT, to);
        assert_eq!(labels(&kathmandu, NIGHT, to, 5), ["06:00", "06:30", "07:00", "07:30"]);
        let utc = Wall::new(&TimeZone::UTC, NIGHT, NIGHT + 30);
        assert_eq!(
            labels(&utc, NIGHT, NIGHT + 30, 4),
            ["00:00:00.000", "00:00:00.010", "00:00:00.020", "00:00:00.030"]
        );
        assert_eq!(labels(&utc, NIGHT, NIGHT + 400 * DAY, 6), ["2027", "Apr", "Jul", "Oct"]);
    }

    #[test]
    fn ticks_never_run_away() {
        for (from, to) in [(i64::MIN, i64::MAX), (0, i64::MAX), (i64::MAX, i64::MIN), (5, 5), (0, 1), (i64::MIN, 0)] {
            let most = Offset::MAX.seconds();
            for wall in
                [-most, -3600, 0, most].map(|offset| fixed(offset, from, to)).into_iter().chain([amsterdam(from, to)])
            {
                let ticks = wall.ticks(from, to, 12);
                assert!(ticks.len() <= 14, "{from}..{to}: {}", ticks.len());
            }
        }
        assert!(amsterdam(i64::MIN, i64::MAX).ticks(i64::MIN, i64::MAX, 8).len() >= 2);
    }

    #[test]
    fn spans_and_zones_say_no_more_than_they_must() {
        let berlin = amsterdam(NIGHT - 9 * HOUR, NIGHT + 13 * HOUR);
        assert_eq!(berlin.span(NIGHT + 5 * HOUR, NIGHT + 13 * HOUR), "21 Nov 2026, 06:00 – 14:00");
        assert_eq!(berlin.span(NIGHT - 9 * HOUR, NIGHT - HOUR), "20 Nov 2026, 16:00 – 21 Nov 2026, 00:00");
        assert_eq!((berlin.zone(), berlin.clock(NIGHT)), ("CET (UTC+1)".into(), "01:00:00".into()));
        assert_eq!(Wall::new(&TimeZone::UTC, 0, 1).zone(), "UTC");
        assert_eq!(fixed(-12_600, 0, 1).zone(), "UTC−3:30");
    }

    #[test]
    fn a_span_that_changes_its_offset_tells_each_time_on_its_own_clock() {
        // 2026-03-29 01:00 and 2026-10-25 01:00 UTC.
        let (spring, autumn) = (1_774_746_000_000, 1_792_890_000_000);
        let wall = amsterdam(spring - HOUR, spring + HOUR);
        assert_eq!(wall.clock(spring - 12 * SECOND), "01:59:48 CET");
        assert_eq!(wall.clock(spring), "03:00:00 CEST");
        assert_eq!(wall.zone(), "CET (UTC+1) and CEST (UTC+2)");
        assert_eq!(wall.span(spring - HOUR, spring + HOUR), "29 Mar 2026, 01:00 CET – 04:00 CEST");
        assert_eq!(labels(&wall, spring - HOUR, spring + HOUR, 5), ["01:00", "01:30", "03:00", "03:30", "04:00"]);

        let wall = amsterdam(autumn - HOUR, autumn + HOUR);
        assert_eq!(wall.span(autumn - HOUR / 2, autumn + HOUR / 4), "25 Oct 2026, 02:30 CEST – 02:15 CET");
        assert_eq!(labels(&wall, autumn - HOUR, autumn + HOUR, 5), ["02:00", "02:30", "02:00", "02:30", "03:00"]);
        let days = amsterdam(autumn - 3 * DAY, autumn + 2 * DAY);
        assert_eq!(
            labels(&days, autumn - 3 * DAY, autumn + 2 * DAY, 6),
            ["23 Oct", "24 Oct", "25 Oct", "26 Oct", "27 Oct"]
        );

        // What began before the change is told in a report of after it.
        let after = amsterdam(autumn + HOUR, autumn + 8 * HOUR);
        assert_eq!((after.zone(), after.clock(autumn - HOUR)), ("CET (UTC+1)".into(), "02:00:00 CEST".into()));
    }

    #[test]
    fn durations_have_two_units() {
        assert_eq!(
            [0, 999, 59_999, 61_000, 8_040_000, 7_200_000, 90_000_000].map(lasted),
            ["0 ms", "999 ms", "59 s", "1 min 1 s", "2 h 14 min", "2 h", "1 d 1 h"]
        );
    }
}
