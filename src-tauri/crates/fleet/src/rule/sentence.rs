//! A rule in a sentence.

use std::time::Duration;

use super::message::{happened, number};
use super::{By, Comparison, Condition, Entity, Operand, Operator, Rule, Severity, State, Threshold, Trouble};

impl Rule {
    /// What it does, as a sentence: "Tells, as high, when a device of locks-* has been unlocked for 15 min outside 08:00–18:00."
    pub fn sentence(&self) -> String {
        let verb = match (self.enabled, self.notify) {
            (false, _) => "Is off; would tell",
            (true, true) => "Tells",
            (true, false) => "Lists",
        };
        format!("{verb}, as {}, when {}.", self.severity.name(), self.condition())
    }

    fn condition(&self) -> String {
        let scope = self.scope();
        let lasting = if self.hold.is_zero() { String::new() } else { format!(" for {}", words(self.hold)) };
        match &self.when {
            Condition::Event(event) => {
                let kinds = list(event.kinds.iter().map(|kind| happened(*kind).to_owned()), "or");
                let fields = fields(&event.fields);
                let still = if self.hold.is_zero() {
                    String::new()
                } else {
                    format!(" and nothing ends it for {}", words(self.hold))
                };
                let until = if event.until.is_empty() {
                    format!("for {} after the last", words(event.clear_after))
                } else {
                    format!(
                        "until {}, at most {} after the last",
                        list(event.until.iter().map(|kind| happened(*kind).to_owned()), "or"),
                        words(event.clear_after)
                    )
                };
                format!("{kinds}{}{fields}{scope}{still}; {until}", by(event.by))
            }
            Condition::Threshold(threshold) => format!("{}{scope}{lasting}{}", limit(threshold), clear(threshold)),
            Condition::Absence(absence) => {
                let of = match absence.of {
                    Entity::Device => "a device",
                    Entity::Host => "a host",
                    Entity::Agent => "an agent",
                    Entity::Stream => "the stream",
                };
                format!("nothing was heard of {of}{scope} for {}", words(absence.after + self.hold))
            }
            Condition::Count(count) => {
                let kinds = list(count.kinds.iter().map(|kind| happened(*kind).to_owned()), "or");
                let times =
                    if count.at_least == 1 { "at least once".into() } else { format!("{} times", count.at_least) };
                let stays = if self.hold.is_zero() { String::new() } else { format!(" and stays so{lasting}") };
                format!(
                    "{kinds} {times} within {}{}{}{scope}{stays}",
                    words(count.within),
                    by(count.by),
                    fields(&count.fields)
                )
            }
            Condition::State(state) => {
                let (what, is) = match state.is {
                    State::Unlocked => ("a device", "unlocked"),
                    State::LockUnknown => ("the lock of a device", "unknown after it was known"),
                    State::DeviceOffline => ("a device", "offline"),
                    State::HostOffline => ("a host", "offline"),
                    State::AgentOffline => ("an agent", "offline"),
                };
                let outside = state.outside.map(|hours| format!(" outside {}", hours.to_string().replace('-', "–")));
                let has = if self.hold.is_zero() { "is" } else { "has been" };
                format!("{what}{scope} {has} {is}{lasting}{}", outside.unwrap_or_default())
            }
            Condition::SlowJob(slow) => format!(
                "a job{scope} runs longer than {} times the 95th percentile of its definition, known from {} jobs{lasting}",
                number(slow.times_p95),
                slow.after_jobs
            ),
            Condition::Connection(trouble) => {
                let scope = self.connection_scope();
                match trouble.is {
                    Trouble::NotLive if self.hold.is_zero() => format!("a connection{scope} is not live"),
                    Trouble::NotLive => format!("a connection{scope} has not been live{lasting}"),
                    Trouble::NeedsCredential => format!("a connection{scope} needs a credential{lasting}"),
                    Trouble::Refused => format!("a connection{scope} was refused{lasting}"),
                    Trouble::Overflow => format!("the service of a connection{scope} says that it dropped events"),
                    Trouble::CredentialEnds => {
                        format!("the credential of a connection{scope} ends within {}", words(trouble.within))
                    }
                }
            }
            Condition::Issued(issued) => {
                let from = match issued.min_severity {
                    0 => String::new(),
                    least => format!(" of severity {least} or more"),
                };
                format!("the service issued an alert{from}{scope} that is not cleared{lasting}")
            }
        }
    }

    fn scope(&self) -> String {
        let mut scope = String::new();
        if !self.subjects.is_empty() {
            scope.push_str(&format!(" of {}", list(self.subjects.iter().cloned(), "or")));
        }
        if !self.connections.is_empty() {
            scope.push_str(&format!(" on {}", list(self.connections.iter().cloned(), "or")));
        }
        scope + &self.tag_scope()
    }

    fn connection_scope(&self) -> String {
        let names = self.connections.iter().chain(&self.subjects).cloned();
        let of = list(names, "or");
        if of.is_empty() { self.tag_scope() } else { format!(" of {of}{}", self.tag_scope()) }
    }

    fn tag_scope(&self) -> String {
        if self.tags.is_empty() {
            return String::new();
        }
        format!(" with the tag {}", list(self.tags.iter().cloned(), "or"))
    }
}

impl Severity {
    /// Its word: `low`, `medium`, `high`, `critical`.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

fn limit(threshold: &Threshold) -> String {
    let (side, value) = match (threshold.below, threshold.above) {
        (Some(below), _) => ("under", below),
        (None, above) => ("over", above.unwrap_or(f64::NAN)),
    };
    format!("{} is {side} {}", threshold.field, number(value))
}

fn clear(threshold: &Threshold) -> String {
    threshold.clear.map(|clear| format!(", until it is back at {}", number(clear))).unwrap_or_default()
}

fn by(by: By) -> &'static str {
    match by {
        By::Subject => "",
        By::Definition => " of one definition",
        By::Connection => " on one connection",
    }
}

fn fields(fields: &[super::Comparison]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    // What a field must not be is said once, however many values that are.
    let mut said: Vec<String> = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for comparison in fields {
        let excluded =
            || fields.iter().filter(|other| other.operator == Operator::NotEqual && other.field == comparison.field);
        if comparison.operator == Operator::NotEqual && excluded().count() > 1 {
            if !done.contains(&comparison.field.as_str()) {
                done.push(&comparison.field);
                let values = list(excluded().map(|other| value(&other.value)), "nor");
                said.push(format!("{} neither {values}", comparison.field));
            }
        } else {
            said.push(words_of(comparison));
        }
    }
    format!(" with {}", list(said.into_iter(), "and"))
}

/// A comparison as it is said: "severity 4 or more", "source rfid".
fn words_of(Comparison { field, operator, value: than }: &Comparison) -> String {
    let than = value(than);
    match operator {
        Operator::Equal => format!("{field} {than}"),
        Operator::NotEqual => format!("{field} not {than}"),
        Operator::Less => format!("{field} under {than}"),
        Operator::LessOrEqual => format!("{field} {than} or less"),
        Operator::Greater => format!("{field} over {than}"),
        Operator::GreaterOrEqual => format!("{field} {than} or more"),
        Operator::Matches => format!("{field} like {than}"),
    }
}

/// Texts of more than one word keep their quotes.
fn value(operand: &Operand) -> String {
    match operand {
        Operand::Number(told) => number(*told),
        Operand::Bool(truth) => truth.to_string(),
        Operand::Text(text) if text.is_empty() || text.contains(char::is_whitespace) => format!("\"{text}\""),
        Operand::Text(text) => text.clone(),
    }
}

fn list(items: impl Iterator<Item = String>, word: &str) -> String {
    let items: Vec<String> = items.collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

/// As `15 min` or `1 h 30 min`.
pub(super) fn words(span: Duration) -> String {
    let mut seconds = span.as_secs();
    let mut parts = Vec::new();
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)] {
        if seconds >= length {
            parts.push(format!("{} {unit}", seconds / length));
            seconds %= length;
        }
    }
    if parts.is_empty() { "0 s".into() } else { parts.join(" ") }
}
