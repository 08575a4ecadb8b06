//! From when on the age of what is kept is reckoned: the clock, unless it is ahead of anything that can have passed.
//!
//! A machine whose clock is wrong until it is set would otherwise lose its whole history at the first look. What is
//! believed goes on with the time that passed by the monotonic clock, and up to a day with the wall clock; further only
//! after the wall clock has stayed there for an hour of running. It goes back with the wall clock at once, as nothing is
//! deleted by that. Both are noted in the file, so that a second start under a wrong clock believes it no sooner.

use std::time::{Duration, Instant};

use protocol::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result};

/// How far (ms) the clock may be ahead of what is believed and be believed itself.
const AHEAD: i64 = 86_400_000;
/// How long it must have stayed further ahead, while somebody ran.
const STAYED: Duration = Duration::from_secs(3_600);

/// The time that ages are reckoned from.
#[derive(Debug, Default)]
pub(super) struct Age {
    believed: Option<i64>,
    /// How long the clock has been further ahead than is believed.
    doubted: Duration,
    /// When it was looked at last, and what it said.
    looked: Option<(Instant, i64)>,
}

impl Age {
    /// What is believed to be the time, from what the clock says. To be asked before the file is told that somebody is
    /// there: of a file that does not know what was believed, that is the last time that somebody was.
    pub(super) fn reckon(&mut self, at: &Connection, clock: Timestamp, now: Instant) -> Result<Timestamp> {
        if self.believed.is_none() {
            self.believed = fact(at, "believed")?.or(fact(at, "alive")?);
            let doubted = fact(at, "doubted")?.and_then(|millis| u64::try_from(millis).ok()).unwrap_or(0);
            self.doubted = Duration::from_millis(doubted);
        }
        Ok(Timestamp(self.go_on(clock.millis(), now)))
    }

    /// Notes it in the file.
    pub(super) fn note(&self, at: &Connection) -> Result<()> {
        let Some(believed) = self.believed else { return Ok(()) };
        let doubted = i64::try_from(self.doubted.as_millis()).unwrap_or(i64::MAX);
        let mut note = at.prepare_cached(
            "INSERT INTO fact (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?;
        note.execute(("believed", believed))?;
        note.execute(("doubted", doubted)).map(drop)
    }

    fn go_on(&mut self, clock: i64, now: Instant) -> i64 {
        let (before, said) = self.looked.replace((now, clock)).unwrap_or((now, clock));
        let passed = now.saturating_duration_since(before);
        let ms = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
        // An empty file has nothing that could be too old.
        let known = self.believed.map_or(clock, |believed| believed.saturating_add(ms));
        let believed = if clock.saturating_sub(known) <= AHEAD {
            self.doubted = Duration::ZERO;
            clock
        } else {
            // Who jumps on from one wrong time to the next has stayed at neither.
            let jumped = clock.saturating_sub(said).saturating_sub(ms) > AHEAD;
            self.doubted = if jumped { Duration::ZERO } else { self.doubted.saturating_add(passed) };
            if self.doubted >= STAYED { clock } else { known }
        };
        self.believed = Some(believed);
        believed
    }
}

fn fact(at: &Connection, name: &str) -> Result<Option<i64>> {
    at.query_row("SELECT value FROM fact WHERE name = ?1", [name], |row| row.get(0)).optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = AHEAD;
    const NIGHT: i64 = 1_795_219_200_000;

    /// Looks every ten seconds for so long, under a clock that is so far ahead; gives what was believed last.
    fn run(age: &mut Age, now: &mut Instant, clock: &mut i64, ahead: i64, seconds: u64) -> i64 {
        let mut believed = age.go_on(*clock + ahead, *now);
        for _ in 0..seconds / 10 {
            *now += Duration::from_secs(10);
            *clock += 10_000;
            believed = age.go_on(*clock + ahead, *now);
        }
        believed
    }

    fn known(at: i64) -> Age {
        Age { believed: Some(at), ..Age::default() }
    }

    #[test]
    fn a_clock_that_goes_on_or_back_is_believed() {
        let (mut now, mut clock) = (Instant::now(), NIGHT);
        let mut age = Age::default();
        assert_eq!(run(&mut age, &mut now, &mut clock, 0, 600), clock, "an empty file");
        assert_eq!(run(&mut age, &mut now, &mut clock, DAY - 20_000, 60), clock + DAY - 20_000, "a night without it");
        assert_eq!(
            run(&mut age, &mut now, &mut clock, -400 * DAY, 60),
            clock - 400 * DAY,
            "nothing is deleted by that"
        );
    }

    #[test]
    fn a_clock_far_ahead_is_believed_after_an_hour_and_not_before() {
        let (mut now, mut clock) = (Instant::now(), NIGHT);
        let mut age = known(clock);
        assert_eq!(run(&mut age, &mut now, &mut clock, 365 * DAY, 3_590), clock, "what passed has passed");
        assert_eq!(run(&mut age, &mut now, &mut clock, 365 * DAY, 10), clock + 365 * DAY);

        // Right in between, it begins anew; and so it does where it jumps on.
        let mut age = known(clock);
        run(&mut age, &mut now, &mut clock, 365 * DAY, 3_000);
        assert_eq!(run(&mut age, &mut now, &mut clock, 0, 60), clock);
        assert_eq!(run(&mut age, &mut now, &mut clock, 365 * DAY, 3_000), clock);
        assert_eq!(run(&mut age, &mut now, &mut clock, 800 * DAY, 3_000), clock);
        assert_eq!(run(&mut age, &mut now, &mut clock, 800 * DAY, 600), clock + 800 * DAY);
    }

    #[test]
    fn what_is_believed_and_doubted_outlives_a_start() {
        let file = Connection::open_in_memory().unwrap();
        file.execute_batch("CREATE TABLE fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID").unwrap();
        file.execute("INSERT INTO fact VALUES ('alive', ?1)", [NIGHT]).unwrap();
        let mut passed = 0;
        for start in 0..6 {
            let (mut now, mut clock) = (Instant::now(), NIGHT + passed);
            let mut age = Age::default();
            let first = age.reckon(&file, Timestamp(clock + 365 * DAY), now).unwrap();
            assert_eq!(first, Timestamp(clock), "start {start}");
            let last = run(&mut age, &mut now, &mut clock, 365 * DAY, 600);
            passed += 600_000;
            assert_eq!(last, if start < 5 { clock } else { clock + 365 * DAY }, "start {start}");
            age.note(&file).unwrap();
            file.execute("UPDATE fact SET value = ?1 WHERE name = 'alive'", [clock + 365 * DAY]).unwrap();
        }
    }
}
