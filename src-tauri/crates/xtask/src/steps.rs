//! The steps of `check` and `test`: what each does, what it needs, and how they are run to the end.

use crate::summary::{Outcome, Row, Tally, print_summary};
use crate::task::{Task, seconds};
use crate::{Failure, rooms, root, setup};
use std::time::Instant;

/// One step. `needs` are the steps without which it would only say what they have already said.
struct Step {
    name: &'static str,
    needs: &'static [&'static str],
    work: Work,
}

enum Work {
    /// Brings something about; it counts only when it fails.
    Setup(fn() -> Result<(), Failure>),
    /// Passes or fails as a whole.
    Check(fn() -> Result<(), Failure>),
    /// A test runner, whose own figures count.
    Tests(fn() -> Task),
}

const STEPS: &[Step] = &[
    Step { name: "packages", needs: &[], work: Work::Setup(setup::build_packages) },
    Step { name: "page-packages", needs: &[], work: Work::Setup(setup::page_packages) },
    Step { name: "format", needs: &[], work: Work::Check(format) },
    Step { name: "rooms", needs: &[], work: Work::Check(rooms::check) },
    Step { name: "page-types", needs: &["page-packages"], work: Work::Check(page_types) },
    Step { name: "page-lint", needs: &["page-packages"], work: Work::Check(page_lint) },
    Step { name: "page", needs: &["page-packages"], work: Work::Setup(setup::page) },
    Step { name: "clippy", needs: &["packages", "page"], work: Work::Check(clippy) },
    Step { name: "clippy-headless", needs: &["packages"], work: Work::Check(clippy_headless) },
    Step { name: "judge-packages", needs: &[], work: Work::Setup(setup::judge_packages) },
    Step { name: "window-packages", needs: &[], work: Work::Setup(setup::test_packages) },
    Step {
        name: "rust",
        needs: &["packages", "page", "judge-packages", "window-packages"],
        work: Work::Tests(rust_tests),
    },
    Step { name: "page-tests", needs: &["page-packages"], work: Work::Tests(page_tests) },
    Step { name: "window-driver", needs: &[], work: Work::Setup(setup::window_driver) },
    Step {
        name: "gallery",
        needs: &["packages", "page", "page-packages", "window-packages", "window-driver"],
        work: Work::Tests(gallery),
    },
    Step { name: "e2e", needs: &["packages", "page", "window-packages", "window-driver"], work: Work::Tests(e2e) },
];

/// The steps that open windows, which only Linux has what it takes for.
const IN_WINDOWS: &[&str] = &["gallery", "e2e"];

/// The steps of `check`; what they need comes along.
const CHECK: &[&str] = &["format", "rooms", "page-types", "page-lint", "clippy", "clippy-headless"];

/// Runs every check, and goes on after one that fails.
pub fn check() -> Result<(), Failure> {
    run(&with_needs(CHECK))
}

/// Runs every check and every level of tests: `[--only STEP]… [--skip-e2e]`.
pub fn test(arguments: &[String]) -> Result<(), Failure> {
    let mut only = Vec::new();
    let mut skip_e2e = false;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--only" => only.push(known_step(arguments.next())?),
            "--skip-e2e" => skip_e2e = true,
            other => {
                return Err(Failure::usage(format!(
                    "`cargo xtask test` does not know `{other}`; it takes --only STEP and --skip-e2e."
                )));
            }
        }
    }
    if only.is_empty() {
        only = STEPS.iter().filter(|step| !matches!(step.work, Work::Setup(_))).map(|step| step.name).collect();
    }
    if skip_e2e {
        only.retain(|name| !IN_WINDOWS.contains(name));
    }
    run(&with_needs(&only))
}

fn known_step(name: Option<&String>) -> Result<&'static str, Failure> {
    let found = STEPS.iter().find(|step| name.is_some_and(|name| name == step.name));
    found.map(|step| step.name).ok_or_else(|| {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        Failure::usage(format!("--only wants the name of a step, one of: {}.", names.join(", ")))
    })
}

/// The named steps and all that they need, in the table's order.
fn with_needs(names: &[&str]) -> Vec<&'static Step> {
    let mut wanted: Vec<&str> = names.to_vec();
    // Every step stands below what it needs, so one pass from the bottom finds all.
    for step in STEPS.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
        }
    }
    STEPS.iter().filter(|step| wanted.contains(&step.name)).collect()
}

fn run(steps: &[&Step]) -> Result<(), Failure> {
    let mut rows: Vec<Row> = Vec::new();
    for step in steps {
        println!("\n═══ {}", step.name);
        let started = Instant::now();
        let absent = step.needs.iter().find(|need| rows.iter().any(|row| row.name == **need && !row.outcome.is_good()));
        let outcome = match absent {
            Some(need) => Outcome::blocked(need),
            None => run_one(step),
        };
        if let Some(why) = &outcome.why {
            println!("   {why}");
        }
        println!("   {}: {}", step.name, seconds(started.elapsed()));
        rows.push(Row { name: step.name, outcome, time: started.elapsed() });
    }
    print_summary(&rows)
}

fn run_one(step: &Step) -> Outcome {
    match step.work {
        Work::Setup(work) => Outcome::of_setup(work()),
        Work::Check(work) => Outcome::of_check(work()),
        Work::Tests(task) => {
            let mut tally = Tally::default();
            let log = root().join("target/logs").join(format!("{}.log", step.name));
            let ended = task().run_logged(&log, |line| tally.read(line));
            Outcome::of_tests(ended, tally)
        }
    }
}

fn format() -> Result<(), Failure> {
    Task::cargo("look at the Rust code's formatting")
        .args(["fmt", "--all", "--check"])
        .or_else_do("`cargo xtask fmt` puts it right.")
        .run()
}

fn page_types() -> Result<(), Failure> {
    setup::npm("check the page's types").args(["run", "check"]).within("ui").run()
}

fn page_lint() -> Result<(), Failure> {
    setup::npm("lint the page")
        .args(["run", "lint"])
        .within("ui")
        .or_else_do("For formatting, `cargo xtask fmt` puts it right.")
        .run()
}

fn clippy() -> Result<(), Failure> {
    Task::cargo("lint the Rust code")
        .args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
        .run()
}

fn clippy_headless() -> Result<(), Failure> {
    Task::cargo("lint Signalbox without its window")
        .args(["clippy", "--package", "signalbox", "--no-default-features", "--all-targets", "--locked"])
        .args(["--", "-D", "warnings"])
        .run()
}

/// Among them the judges: clients made by others, against the demo's services.
/// The stories of real keychains among them, which a plain `cargo test` passes over: their packages may be missing there.
fn rust_tests() -> Task {
    Task::cargo("run the Rust tests")
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .env("SIGNALBOX_E2E", "1")
}

fn page_tests() -> Task {
    setup::npm("run the page's tests").args(["test"]).within("ui")
}

/// Pictures of every component, against those that were accepted.
fn gallery() -> Task {
    Task::cargo("look at every component")
        .args([
            "test",
            "--locked",
            "--package",
            "signalbox",
            "--test",
            "gallery",
            "--",
            "--ignored",
            "--test-threads=1",
        ])
        .env("SIGNALBOX_TAURI_DRIVER", setup::driver())
        .or_else_do(
            "What differs is in target/gallery. If it is as it should be: \
             UPDATE_PICTURES=1 cargo xtask test --only gallery",
        )
}

/// One window at a time: two cores do not hold more without making every wait longer.
fn e2e() -> Task {
    Task::cargo("use Signalbox in its real window")
        .args(["test", "--locked", "--package", "signalbox", "--test", "e2e", "--", "--ignored", "--test-threads=1"])
        .env("SIGNALBOX_TAURI_DRIVER", setup::driver())
        .or_else_do("The logs and pictures of each story are in target/e2e.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_stands_below_what_it_needs() {
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(STEPS[..index].iter().any(|above| above.name == *need), "{} needs {need}", step.name);
            }
        }
    }

    #[test]
    fn one_step_brings_what_it_needs_and_no_more() {
        let names: Vec<&str> = with_needs(&["page-tests"]).iter().map(|step| step.name).collect();
        assert_eq!(names, ["page-packages", "page-tests"]);
    }

    #[test]
    fn the_steps_that_are_named_are_steps() {
        assert!(CHECK.iter().chain(IN_WINDOWS).all(|name| STEPS.iter().any(|step| step.name == *name)));
    }
}
