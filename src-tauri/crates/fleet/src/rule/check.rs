//! What a rule must be: each problem as a sentence for the person who wrote it.

use std::time::Duration;

use super::detector::RING;
use super::message::{PLACEHOLDERS, placeholders};
use super::{About, Comparison, Condition, Glob, Operand, Operator, Rule, Threshold, Trouble};

/// How long a rule's name may be, in bytes.
const NAME: usize = 100;
/// How long a message may be, in bytes.
const MESSAGE: usize = 500;

impl Rule {
    /// Whether it can be watched for. The error is a sentence with the rule's name.
    pub fn validate(&self) -> Result<(), String> {
        self.check().map_err(|problem| format!("Rule \"{}\": {problem}.", self.name))
    }

    /// Whether it is about a connection.
    pub fn covers(&self, about: &About<'_>) -> bool {
        super::glob::Globs::new(&self.connections).cover(about.name)
            && (self.tags.is_empty() || about.tags.iter().any(|tag| self.tags.contains(tag)))
    }

    /// The values that it compares this number of this subject with: each value, and whether the rule fires over it or else
    /// under it.
    pub fn limits(&self, subject: &str, field: &str) -> impl Iterator<Item = (f64, bool)> + use<> {
        let threshold = match &self.when {
            Condition::Threshold(threshold) if threshold.field == field => Some(threshold),
            _ => None,
        };
        let threshold = threshold.filter(|_| super::glob::Globs::new(&self.subjects).cover(subject));
        let above = threshold.and_then(|threshold| threshold.above).map(|value| (value, true));
        let below = threshold.and_then(|threshold| threshold.below).map(|value| (value, false));
        above.into_iter().chain(below)
    }

    fn check(&self) -> Result<(), String> {
        if self.name.trim().is_empty() {
            return Err("it needs a name".into());
        }
        if self.name.len() > NAME || self.name.chars().any(char::is_control) {
            return Err(format!("its name must be one line of at most {NAME} bytes"));
        }
        for glob in self.connections.iter().chain(&self.subjects) {
            Glob::new(glob)?;
        }
        if self.tags.iter().any(|tag| tag.trim().is_empty()) {
            return Err("a tag is empty".into());
        }
        if let Some(message) = &self.message {
            if message.trim().is_empty() || message.len() > MESSAGE {
                return Err(format!("its message must have from 1 to {MESSAGE} bytes"));
            }
            if let Some(unknown) = placeholders(message).find(|name| !PLACEHOLDERS.contains(name)) {
                return Err(format!(
                    "its message has {{{unknown}}}, which is not known; there are {{{}}}",
                    PLACEHOLDERS.join("}, {")
                ));
            }
        }
        self.check_condition()
    }

    fn check_condition(&self) -> Result<(), String> {
        match &self.when {
            Condition::Event(event) => {
                some_kinds(event.kinds.is_empty())?;
                comparisons(&event.fields)?;
                if let Some(both) = event.until.iter().find(|kind| event.kinds.contains(kind)) {
                    return Err(format!("{} cannot both begin and end it", both.name()));
                }
                positive("clear_after", event.clear_after)?;
                if self.hold >= event.clear_after {
                    return Err("clear_after must be longer than for, else it ends before it fires".into());
                }
                Ok(())
            }
            Condition::Threshold(threshold) => threshold.check(),
            Condition::Absence(absence) => positive("after", absence.after),
            Condition::Count(count) => {
                some_kinds(count.kinds.is_empty())?;
                comparisons(&count.fields)?;
                if count.at_least == 0 || count.at_least as usize > RING {
                    return Err(format!("at_least must be from 1 to {RING}"));
                }
                positive("within", count.within)
            }
            Condition::State(_) => Ok(()),
            Condition::SlowJob(slow) => {
                if !slow.times_p95.is_finite() || slow.times_p95 <= 0.0 {
                    return Err("times_p95 must be greater than 0".into());
                }
                if !(1..=512).contains(&slow.after_jobs) {
                    return Err("after_jobs must be from 1 to 512".into());
                }
                Ok(())
            }
            Condition::Connection(connection) if connection.is == Trouble::CredentialEnds => {
                positive("within", connection.within)
            }
            Condition::Connection(_) => Ok(()),
            Condition::Issued(issued) if issued.min_severity > 5 => Err("min_severity must be from 0 to 5".into()),
            Condition::Issued(_) => Ok(()),
        }
    }
}

/// Every problem of the configured rules, each a sentence: of each rule the first one, and names that come twice.
pub fn problems(configured: &[Rule]) -> Vec<String> {
    let mut problems: Vec<String> = configured.iter().filter_map(|rule| rule.validate().err()).collect();
    for (index, rule) in configured.iter().enumerate() {
        if configured[..index].iter().any(|other| other.name == rule.name) {
            problems.push(format!("Rule \"{}\" is there twice; the names of rules must differ.", rule.name));
        }
    }
    problems
}

impl Threshold {
    fn check(&self) -> Result<(), String> {
        if self.field.trim().is_empty() {
            return Err("a threshold needs a field".into());
        }
        if [self.above, self.below, self.clear].into_iter().flatten().any(|number| !number.is_finite()) {
            return Err("above, below and clear must be numbers".into());
        }
        match (self.above, self.below, self.clear) {
            (Some(_), Some(_), _) => Err("a threshold has either above or below, not both".into()),
            (None, None, _) => Err("a threshold needs above or below".into()),
            (Some(above), None, Some(clear)) if clear > above => {
                Err(format!("clear ({clear}) must not be over above ({above}), else it never ends"))
            }
            (None, Some(below), Some(clear)) if clear < below => {
                Err(format!("clear ({clear}) must not be under below ({below}), else it never ends"))
            }
            _ => Ok(()),
        }
    }
}

fn some_kinds(none: bool) -> Result<(), String> {
    if none { Err("kinds is empty; name at least one kind of event, as job.failed".into()) } else { Ok(()) }
}

fn positive(name: &str, span: Duration) -> Result<(), String> {
    if span.is_zero() { Err(format!("{name} must be longer than 0s")) } else { Ok(()) }
}

fn comparisons(fields: &[Comparison]) -> Result<(), String> {
    for comparison in fields {
        if let (Operator::Matches, Operand::Text(glob)) = (comparison.operator, &comparison.value) {
            Glob::new(glob)?;
        }
    }
    Ok(())
}
