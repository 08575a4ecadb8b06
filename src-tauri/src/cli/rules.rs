//! `signalbox rules`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use fleet::rule::{self, Rule, Severity};
use jiff::tz::TimeZone;
use link::{Clock, SystemClock};
use monitor::trial::try_rule;
use monitor::view::RuleTrial;
use protocol::Timestamp;
use store::{ConfigFile, Configuration};

use super::moment::{Moment, moment, span};
use super::nearest::nearest;
use crate::failure::Failure;

/// Shows the rules that alerts are made by, checks them, and tries them over the history.
#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    List(List),
    Check(Check),
    Test(Test),
}

/// Lists the rules in effect: those that come with the program, each replaced by one of its name in the configuration, and
/// the others of the configuration.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox rules list
  signalbox rules list | grep ' off '")]
struct List {}

/// Checks the configuration's [[rule]] entries and says of each in a sentence what it does.
///
/// What is wrong is told with its line and column, and the exit code is 2.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox rules check
  signalbox rules check draft.toml   before it becomes the configuration")]
struct Check {
    /// Check this file instead of the configuration.
    file: Option<PathBuf>,
}

/// Says how often a rule would have fired over the stored history. Nothing is changed and nobody is told.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox rules test \"Battery low\" --since 7d
  signalbox rules test --all
  signalbox rules test --all --format json | jq 'select(.fired > 100) | .rule'")]
struct Test {
    /// The rule's name.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    name: Option<String>,

    /// Try every rule that is switched on.
    #[arg(long)]
    all: bool,

    /// From when on: how long ago, as 24h or 7d, or a time, as 2026-03-01T08:00:00Z.
    #[arg(long, value_name = "WHEN", default_value = "24h", value_parser = moment)]
    since: Moment,

    /// Text for a person, or one JSON object a rule and line.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Rules {
    pub(super) fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        match self.what {
            What::List(_) => list(config),
            What::Check(check) => check.run(config),
            What::Test(test) => test.run(config),
        }
    }
}

fn list(config: Option<PathBuf>) -> Result<(), Failure> {
    let configured = ConfigFile::new(config)?.load()?.rules;
    let rules = rule::in_effect(&configured);
    let widest = rules.iter().map(|rule| rule.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in &rules {
        let (on, origin) = (if rule.enabled { "on " } else { "off" }, origin(rule, &configured));
        let padding = " ".repeat(widest - rule.name.chars().count());
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}{padding}  {:<8}  {on}  {origin:<10}  {}",
            rule.name,
            severity(rule.severity),
            rule.sentence()
        );
    }
    super::print(text.as_bytes())
}

/// Where a rule is from.
fn origin(rule: &Rule, configured: &[Rule]) -> &'static str {
    let is_built_in = rule::defaults().iter().any(|known| known.name == rule.name);
    let is_configured = configured.iter().any(|known| known.name == rule.name);
    match (is_built_in, is_configured) {
        (true, true) => "changed",
        (true, false) => "built-in",
        (false, _) => "yours",
    }
}

/// The word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

impl Check {
    fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        if let Some(file) = self.file.as_deref().filter(|file| !file.exists()) {
            return Err(Failure::usage(format!("there is no file {}", file.display())));
        }
        let file = ConfigFile::new(self.file.or(config))?;
        let rules = file.load()?.rules;
        let mut text = String::new();
        for rule in &rules {
            let off = if rule.enabled { "" } else { " (switched off)" };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}{off}: {}", rule.name, rule.sentence());
        }
        let _ = match rules.len() {
            0 => writeln!(
                text,
                "{} has no rules of its own; those that come with the program hold. `signalbox rules list` shows them.",
                file.place()
            ),
            1 => writeln!(text, "1 rule in {}, and it can be watched for.", file.place()),
            count => writeln!(text, "{count} rules in {}, and all can be watched for.", file.place()),
        };
        super::print(text.as_bytes())
    }
}

impl Test {
    fn run(self, config: Option<PathBuf>) -> Result<(), Failure> {
        let Configuration { connections, rules, .. } = ConfigFile::new(config.clone())?.load()?;
        let rules = self.wanted(rule::in_effect(&rules))?;
        let history = crate::history::read(config.as_deref().map(Path::new))?;
        let now = SystemClock.now();
        let (from, to) = span(self.since, None, now)?;
        let zone = TimeZone::system();
        for rule in &rules {
            let trial = try_rule(&history, rule, &connections, (from, to), &zone).map_err(Failure::failed)?;
            let text = match self.format {
                Format::Text => in_words(rule, &trial),
                Format::Json => format!("{}\n", as_json(rule, &trial)),
            };
            super::print(text.as_bytes())?;
        }
        Ok(())
    }

    fn wanted(&self, rules: Vec<Rule>) -> Result<Vec<Rule>, Failure> {
        let Some(name) = &self.name else { return Ok(rules.into_iter().filter(|rule| rule.enabled).collect()) };
        let names: Vec<String> = rules.iter().map(|rule| rule.name.clone()).collect();
        match rules.into_iter().find(|rule| rule.name == *name) {
            Some(rule) => Ok(vec![rule]),
            None => {
                let meant = nearest(name, &names).map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
                Err(Failure::usage(format!("there is no rule \"{name}\"{meant} `signalbox rules list` shows all")))
            }
        }
    }
}

fn in_words(rule: &Rule, trial: &RuleTrial) -> String {
    let since = Timestamp(trial.from);
    let times = |count: u32| match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let mut text = match trial.fired {
        0 => format!("{}: would not have fired since {since}.\n", rule.name),
        fired => {
            let subjects =
                if trial.subjects == 1 { "1 subject".into() } else { format!("{} subjects", trial.subjects) };
            format!("{}: would have fired {}, for {subjects}, since {since}.\n", rule.name, times(fired))
        }
    };
    for example in &trial.examples {
        let end = example.until.map_or_else(|| "and still would".into(), |until| format!("until {}", Timestamp(until)));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {} {end}  {} on {}", Timestamp(example.at), example.subject, example.connection);
    }
    let left_out = trial.fired as usize - trial.examples.len().min(trial.fired as usize);
    if left_out > 0 {
        let _ = writeln!(text, "  and {left_out} earlier");
    }
    if let Some(note) = &trial.note {
        let _ = writeln!(text, "  {note}");
    }
    text
}

fn as_json(rule: &Rule, trial: &RuleTrial) -> serde_json::Value {
    let time = |at: i64| Timestamp(at).to_string();
    let examples: Vec<_> = trial
        .examples
        .iter()
        .map(|one| serde_json::json!({ "connection": one.connection, "subject": one.subject, "at": time(one.at), "until": one.until.map(time) }))
        .collect();
    serde_json::json!({
        "rule": rule.name, "fired": trial.fired, "subjects": trial.subjects, "since": time(trial.from), "note": trial.note,
        "examples": examples,
    })
}
