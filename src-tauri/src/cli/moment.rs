//! A point in time, as a person types it: how long ago, or by the calendar.

use std::time::Duration;

use protocol::Timestamp;

use super::duration::duration;
use crate::failure::Failure;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// So long ago.
    Ago(Duration),
    /// Then.
    At(Timestamp),
}

/// Reads `2h` (so long ago), or RFC 3339 as `2026-03-01T08:00:00Z` or `2026-03-01T08:00:00+01:00`.
///
/// # Errors
/// Anything else; also a time without a zone, which could be yours or the service's.
pub(super) fn moment(text: &str) -> Result<Moment, String> {
    match Timestamp::parse(text) {
        Some(at) => Ok(Moment::At(at)),
        None => duration(text).map(Moment::Ago).map_err(|_| HOW.into()),
    }
}

const HOW: &str = "write how long ago, as 30m, 2h or 7d, or a time with its zone, as 2026-03-01T08:00:00Z";

impl Moment {
    fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Moment::Ago(ago) => {
                Timestamp(now.millis().saturating_sub(i64::try_from(ago.as_millis()).unwrap_or(i64::MAX)))
            }
            Moment::At(at) => at,
        }
    }
}

/// A span from one moment to another; to now where none is given.
pub(super) fn span(since: Moment, until: Option<Moment>, now: Timestamp) -> Result<(Timestamp, Timestamp), Failure> {
    let (from, to) = (since.at(now), until.map_or(now, |until| until.at(now)));
    if from < to {
        return Ok((from, to));
    }
    Err(Failure::usage(format!("--since is {from} and the end is {to}, so there is nothing between them")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000_000);

    #[test]
    fn both_ways_are_read() {
        assert_eq!(moment("2h").unwrap().at(NOW), Timestamp(NOW.millis() - 7_200_000));
        assert_eq!(moment("2001-09-09T03:46:40+02:00").unwrap().at(NOW), NOW);
        for text in ["", "yesterday", "2001-09-09T01:46:40", "2001-09-09", "-2h"] {
            assert_eq!(moment(text), Err(HOW.into()), "{text}");
        }
    }

    #[test]
    fn a_span_goes_forward() {
        let hours = |text: &str| moment(text).unwrap();
        assert!(span(hours("2h"), Some(hours("1h")), NOW).is_ok());
        assert!(span(hours("1h"), Some(hours("2h")), NOW).is_err());
        assert_eq!(span(hours("1s"), None, NOW).unwrap().1, NOW);
    }
}
