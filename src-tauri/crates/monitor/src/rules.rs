//! Rules as the operator edits them: from the editor's form to the configuration and back.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use fleet::rule::{
    self, Absence, Comparison, Condition, ConnectionCondition, Count, EventCondition, Issued, Rule, SlowJob,
    StateCondition, Threshold,
};
use protocol::Kind;

use crate::alarm::unlocked_at_once;
use crate::monitor::{Monitor, invalid};
use crate::view::picture::{RuleRow, RulesPage};
use crate::view::{CommandError, ConditionDraft, ErrorCode, RuleCheck, RuleDraft};

impl Monitor {
    /// What a draft says, and what is wrong with it.
    pub fn check_rule(&self, draft: &RuleDraft) -> RuleCheck {
        match drafted(draft) {
            Ok(rule) => RuleCheck { sentence: rule.sentence(), problem: None },
            Err(problem) => RuleCheck { sentence: String::new(), problem: Some(problem) },
        }
    }

    /// Puts a rule into the configuration; `name` is the name it has there, or that of the built-in one it is made from.
    pub fn save_rule(&self, name: Option<&str>, draft: &RuleDraft) -> Result<(), CommandError> {
        let rule = drafted(draft).map_err(invalid)?;
        let others = self.inner.alarm.configured();
        let renamed = name != Some(rule.name.as_str());
        if renamed && rule::in_effect(&others).iter().any(|other| other.name == rule.name) {
            return Err(invalid(format!("There is a rule named \"{}\" already; choose another name.", rule.name)));
        }
        if renamed && name.is_some_and(is_built_in) {
            return Err(invalid("A rule that comes with the program keeps its name; duplicate it to give it another."));
        }
        self.keep_rule(name, &rule)
    }

    /// Takes a rule out of the configuration; a built-in one is then as it was made.
    pub fn remove_rule(&self, name: &str) -> Result<(), CommandError> {
        if !self.inner.alarm.configured().iter().any(|rule| rule.name == name) {
            let message = match is_built_in(name) {
                true => format!("\"{name}\" comes with the program: switch it off instead."),
                false => format!("There is no rule \"{name}\" any more."),
            };
            return Err(CommandError { code: ErrorCode::NotFound, message });
        }
        let _in_the_order_of_the_file = self.inner.editing.lock();
        let kept = self.inner.file.remove_rule(name);
        self.rules_changed(kept, &format!("removed the rule {name}"))
    }

    /// Switches a rule on or off.
    pub fn set_rule_enabled(&self, name: &str, enabled: bool) -> Result<(), CommandError> {
        let rules = rule::in_effect(&self.inner.alarm.configured());
        let rule = rules.into_iter().find(|rule| rule.name == name).ok_or_else(|| CommandError {
            code: ErrorCode::NotFound,
            message: format!("There is no rule \"{name}\" any more."),
        })?;
        self.keep_rule(Some(name), &Rule { enabled, ..rule })
    }

    fn keep_rule(&self, name: Option<&str>, rule: &Rule) -> Result<(), CommandError> {
        let _in_the_order_of_the_file = self.inner.editing.lock();
        let kept = self.inner.file.put_rule(name, rule);
        let what = if rule.enabled { "changed" } else { "switched off" };
        self.rules_changed(kept, &format!("{what} the rule {}", rule.name))
    }

    /// All rules, for the window.
    pub(crate) fn rules_page(&self) -> RulesPage {
        let configured = self.inner.alarm.configured();
        let open = self.inner.alarm.open_by_rule();
        let mut rows: Vec<RuleRow> =
            rule::in_effect(&configured).iter().map(|rule| rule_row(rule, &configured, &open)).collect();
        rows.sort_by_key(|row| row.built_in);
        RulesPage { rules: rows }
    }

    /// The rule of that name, if it still is one. What a connection's setting makes is in no list of rules: such a one is
    /// neither built in nor configured.
    pub(crate) fn rule_of(&self, name: &str) -> Option<RuleRow> {
        let configured = self.inner.alarm.configured();
        let mut rules = rule::in_effect(&configured);
        rules.push(unlocked_at_once());
        let open = self.inner.alarm.open_by_rule();
        rules.iter().find(|rule| rule.name == name).map(|rule| rule_row(rule, &configured, &open))
    }
}

fn rule_row(rule: &Rule, configured: &[Rule], open: &HashMap<Arc<str>, u32>) -> RuleRow {
    RuleRow {
        key: rule.name.clone(),
        sentence: rule.sentence(),
        built_in: is_built_in(&rule.name),
        configured: configured.iter().any(|other| other.name == rule.name),
        open: open.get(&*rule.name).copied().unwrap_or(0),
        rule: draft(rule),
    }
}

/// Whether a rule of that name comes with the program.
pub(crate) fn is_built_in(name: &str) -> bool {
    rule::defaults().iter().any(|rule| rule.name == name)
}

/// The rule that a draft says, checked; what is wrong with it is a sentence.
pub(crate) fn drafted(draft: &RuleDraft) -> Result<Rule, String> {
    let filled =
        |list: &[String]| list.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
    let rule = Rule {
        name: draft.name.trim().to_owned(),
        severity: draft.severity.into(),
        enabled: draft.enabled,
        connections: filled(&draft.connections),
        tags: filled(&draft.tags),
        subjects: filled(&draft.subjects),
        hold: seconds(draft.hold),
        group_by: draft.group_by,
        message: draft.message.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        notify: draft.notify,
        when: condition(&draft.when)?,
    };
    rule.validate()?;
    Ok(rule)
}

fn condition(draft: &ConditionDraft) -> Result<Condition, String> {
    Ok(match draft {
        ConditionDraft::Event { kinds: named, conditions, by, until, clear_after } => {
            Condition::Event(EventCondition {
                kinds: kinds(named)?,
                fields: comparisons(conditions)?,
                by: *by,
                until: kinds(until)?,
                clear_after: seconds(*clear_after),
            })
        }
        ConditionDraft::Threshold { field, above, below, clear } => Condition::Threshold(Threshold {
            field: field.trim().to_owned(),
            above: *above,
            below: *below,
            clear: *clear,
        }),
        ConditionDraft::Absence { of, after } => Condition::Absence(Absence { of: *of, after: seconds(*after) }),
        ConditionDraft::Count { kinds: named, conditions, at_least, within, by } => Condition::Count(Count {
            kinds: kinds(named)?,
            fields: comparisons(conditions)?,
            at_least: *at_least,
            within: seconds(*within),
            by: *by,
        }),
        ConditionDraft::State { is, outside } => {
            let outside = outside.as_deref().map(str::trim).filter(|hours| !hours.is_empty());
            Condition::State(StateCondition { is: *is, outside: outside.map(str::parse).transpose()? })
        }
        ConditionDraft::SlowJob { times_p95, after_jobs } => {
            Condition::SlowJob(SlowJob { times_p95: *times_p95, after_jobs: *after_jobs })
        }
        ConditionDraft::Connection { is, within } => {
            Condition::Connection(ConnectionCondition { is: *is, within: seconds(*within) })
        }
        ConditionDraft::Issued { min_severity } => Condition::Issued(Issued { min_severity: *min_severity }),
    })
}

/// A rule as the editor holds it.
pub(crate) fn draft(rule: &Rule) -> RuleDraft {
    RuleDraft {
        name: rule.name.clone(),
        severity: rule.severity.into(),
        enabled: rule.enabled,
        connections: rule.connections.clone(),
        tags: rule.tags.clone(),
        subjects: rule.subjects.clone(),
        hold: whole(rule.hold),
        group_by: rule.group_by,
        message: rule.message.clone(),
        notify: rule.notify,
        when: condition_draft(&rule.when),
    }
}

fn condition_draft(condition: &Condition) -> ConditionDraft {
    match condition {
        Condition::Event(event) => ConditionDraft::Event {
            kinds: names(&event.kinds),
            conditions: written(&event.fields),
            by: event.by,
            until: names(&event.until),
            clear_after: whole(event.clear_after),
        },
        Condition::Threshold(Threshold { field, above, below, clear }) => {
            ConditionDraft::Threshold { field: field.clone(), above: *above, below: *below, clear: *clear }
        }
        Condition::Absence(absence) => ConditionDraft::Absence { of: absence.of, after: whole(absence.after) },
        Condition::Count(count) => ConditionDraft::Count {
            kinds: names(&count.kinds),
            conditions: written(&count.fields),
            at_least: count.at_least,
            within: whole(count.within),
            by: count.by,
        },
        Condition::State(state) => {
            ConditionDraft::State { is: state.is, outside: state.outside.map(|hours| hours.to_string()) }
        }
        Condition::SlowJob(slow) => ConditionDraft::SlowJob { times_p95: slow.times_p95, after_jobs: slow.after_jobs },
        Condition::Connection(trouble) => ConditionDraft::Connection { is: trouble.is, within: whole(trouble.within) },
        Condition::Issued(issued) => ConditionDraft::Issued { min_severity: issued.min_severity },
    }
}

fn kinds(names: &[String]) -> Result<Vec<Kind>, String> {
    let kind = |name: &String| {
        let found = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| format!("\"{name}\" is no kind of event."))
    };
    names.iter().map(kind).collect()
}

fn comparisons(lines: &[String]) -> Result<Vec<Comparison>, String> {
    let filled = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    filled.map(|line| line.parse().map_err(|error| format!("{error}."))).collect()
}

fn names(kinds: &[Kind]) -> Vec<String> {
    kinds.iter().map(|kind| kind.name().to_owned()).collect()
}

fn written(comparisons: &[Comparison]) -> Vec<String> {
    comparisons.iter().map(ToString::to_string).collect()
}

fn seconds(number: u32) -> Duration {
    Duration::from_secs(u64::from(number))
}

fn whole(span: Duration) -> u32 {
    u32::try_from(span.as_secs()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editor_loses_nothing_of_a_rule() {
        for rule in rule::defaults() {
            assert_eq!(drafted(&draft(&rule)), Ok(rule));
        }
    }

    #[test]
    fn what_cannot_be_is_said() {
        let mut wrong = draft(&rule::defaults()[0]);
        wrong.when = ConditionDraft::Event {
            kinds: vec!["device.exploded".into()],
            conditions: Vec::new(),
            by: rule::By::Subject,
            until: Vec::new(),
            clear_after: 60,
        };
        assert_eq!(drafted(&wrong).unwrap_err(), "\"device.exploded\" is no kind of event.");
        wrong.when = ConditionDraft::State { is: rule::State::Unlocked, outside: Some("eight to six".into()) };
        assert!(drafted(&wrong).unwrap_err().contains("08:00-18:00"));
    }
}
