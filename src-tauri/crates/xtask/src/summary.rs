//! What the steps came to, and the table at the end.

use crate::Failure;
use crate::task::seconds;
use std::time::Duration;

/// How many tests passed and failed, read from their runner's own lines.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// Reads one line without colours: cargo's `test result: ok. 3 passed; 0 failed; …`, Vitest's `Tests  1 failed | 2 passed (3)`.
    pub fn read(&mut self, line: &str) {
        let figures = line.trim_start();
        if let Some(figures) = figures.strip_prefix("test result: ").or_else(|| figures.strip_prefix("Tests  ")) {
            self.passed += before(figures, " passed");
            self.failed += before(figures, " failed");
        }
    }
}

/// The whole number that stands before a word, or zero.
fn before(text: &str, word: &str) -> u32 {
    let digits = text.find(word).map_or("", |end| &text[..end]);
    digits.rsplit(|char: char| !char.is_ascii_digit()).next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// How one step ended.
pub struct Outcome {
    word: &'static str,
    tally: Tally,
    /// What went wrong, for the reader.
    pub why: Option<String>,
}

impl Outcome {
    /// A step that could not be tried, because `need` is not there.
    pub fn blocked(need: &str) -> Self {
        Self::bad("not run", Tally { passed: 0, failed: 1 }, format!("Not run, because {need} failed."))
    }

    /// A set-up: it counts only when it fails.
    pub fn of_setup(result: Result<(), Failure>) -> Self {
        Self::of(result, Tally::default())
    }

    /// A check: it counts as one.
    pub fn of_check(result: Result<(), Failure>) -> Self {
        Self::of(result, Tally { passed: 1, failed: 0 })
    }

    /// A test runner: what it counted. One that failed without a failed test, or ran none, is one failure.
    pub fn of_tests(result: Result<(), Failure>, tally: Tally) -> Self {
        match result {
            Ok(()) if tally == Tally::default() => {
                Self::bad("failed", Tally { passed: 0, failed: 1 }, "It ran no test at all.".into())
            }
            Ok(()) => Self { word: "ok", tally, why: None },
            Err(why) => {
                Self::bad("failed", Tally { passed: tally.passed, failed: tally.failed.max(1) }, why.to_string())
            }
        }
    }

    /// Whether steps that need this one can go on.
    pub fn is_good(&self) -> bool {
        self.why.is_none()
    }

    fn of(result: Result<(), Failure>, good: Tally) -> Self {
        match result {
            Ok(()) => Self { word: "ok", tally: good, why: None },
            Err(why) => Self::bad("failed", Tally { passed: 0, failed: 1 }, why.to_string()),
        }
    }

    fn bad(word: &'static str, tally: Tally, why: String) -> Self {
        Self { word, tally, why: Some(why) }
    }
}

/// One line of the table.
pub struct Row {
    /// The step.
    pub name: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub time: Duration,
}

/// Prints the table and the closing line, which is read by machines; fails when a step did.
pub fn print_summary(rows: &[Row]) -> Result<(), Failure> {
    println!("\n{:<16} {:<8} {:>7} {:>7} {:>13}", "step", "result", "passed", "failed", "time");
    for Row { name, outcome: Outcome { word, tally, .. }, time } in rows {
        println!("{name:<16} {word:<8} {:>7} {:>7} {:>13}", tally.passed, tally.failed, seconds(*time));
    }
    let passed: u32 = rows.iter().map(|row| row.outcome.tally.passed).sum();
    let failed: u32 = rows.iter().map(|row| row.outcome.tally.failed).sum();
    let whys: Vec<String> =
        rows.iter().filter_map(|row| Some(format!("{}: {}", row.name, row.outcome.why.as_ref()?))).collect();
    if !whys.is_empty() {
        println!("\n{}", whys.join("\n"));
    }
    println!("\n{passed} passed, {failed} failed");
    if whys.is_empty() { Ok(()) } else { Err(Failure::said()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_own_figures_are_added_up() {
        let mut tally = Tally::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.11s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.11s",
            "      Tests  1 failed | 5 passed (6)",
            " Test Files  1 failed | 2 passed (3)",
            "test tests::it_passed ... ok",
        ] {
            tally.read(line);
        }
        assert_eq!(tally, Tally { passed: 18, failed: 3 });
    }

    #[test]
    fn a_runner_that_ran_nothing_has_failed() {
        assert!(!Outcome::of_tests(Ok(()), Tally::default()).is_good());
        assert!(Outcome::of_tests(Ok(()), Tally { passed: 1, failed: 0 }).is_good());
    }

    #[test]
    fn a_runner_that_did_not_compile_is_one_failure() {
        let outcome = Outcome::of_tests(Err(Failure::new("Could not compile.")), Tally::default());
        assert_eq!(outcome.tally, Tally { passed: 0, failed: 1 });
    }
}
