//! The rules that are built in, on from the start.

use std::time::Duration;

use protocol::Kind;

use super::{
    Absence, By, Comparison, Condition, ConnectionCondition, Count, Entity, EventCondition, GroupBy, Issued, Operand,
    Operator, Rule, Severity, SlowJob, State, StateCondition, Threshold, Trouble,
};

/// The built-in rules. What comes often and can wait is listed and not told natively.
pub fn defaults() -> Vec<Rule> {
    use Severity::{Critical, High, Low, Medium};
    vec![
        // Locks. An open lock is what this program is for; an unknown one is to be looked at.
        rule("Unlocked too long", High, minutes(15), state(State::Unlocked)),
        Rule {
            enabled: false,
            ..rule(
                "Unlocked outside hours",
                High,
                Duration::ZERO,
                Condition::State(StateCondition { is: State::Unlocked, outside: "08:00-18:00".parse().ok() }),
            )
        },
        rule("Lock unknown", Medium, minutes(1), state(State::LockUnknown)),
        rule(
            "Battery low",
            Medium,
            minutes(1),
            Condition::Threshold(Threshold {
                field: "battery_voltage".into(),
                above: None,
                below: Some(11.5),
                clear: Some(11.8),
            }),
        ),
        // Presence. Five minutes bridge a tunnel and a restart.
        by_connection(rule("Device offline", Medium, minutes(5), state(State::DeviceOffline))),
        by_connection(rule("Host offline", High, minutes(5), state(State::HostOffline))),
        by_connection(rule("Agent offline", Medium, minutes(5), state(State::AgentOffline))),
        // Jobs. One failure of a definition is over with its next success; a nightly one has a day for that.
        rule(
            "Job failed",
            Medium,
            Duration::ZERO,
            Condition::Event(EventCondition {
                kinds: vec![Kind::JobFailed],
                fields: Vec::new(),
                by: By::Definition,
                until: vec![Kind::JobCompleted],
                clear_after: minutes(26 * 60),
            }),
        ),
        rule(
            "Jobs keep failing",
            Critical,
            Duration::ZERO,
            Condition::Count(Count {
                kinds: vec![Kind::JobFailed],
                fields: Vec::new(),
                at_least: 5,
                within: minutes(10),
                by: By::Definition,
            }),
        ),
        quiet(rule("Job slow", Low, Duration::ZERO, Condition::SlowJob(SlowJob { times_p95: 3.0, after_jobs: 20 }))),
        // Signals. What is issued as an alert stands by itself and is not told twice.
        rule(
            "Severe signal",
            High,
            Duration::ZERO,
            Condition::Event(EventCondition {
                kinds: vec![Kind::SignalReceived],
                fields: vec![
                    compare("severity", Operator::GreaterOrEqual, Operand::Number(4.0)),
                    compare("alert", Operator::NotEqual, Operand::Text("issued".into())),
                    compare("alert", Operator::NotEqual, Operand::Text("cleared".into())),
                ],
                by: By::Subject,
                until: Vec::new(),
                clear_after: minutes(60),
            }),
        ),
        rule("Alert issued", Critical, Duration::ZERO, Condition::Issued(Issued { min_severity: 0 })),
        // Connections.
        rule("Connection not live", High, minutes(1), trouble(Trouble::NotLive)),
        rule("Credential needed", High, Duration::ZERO, trouble(Trouble::NeedsCredential)),
        rule("Connection refused", High, Duration::ZERO, trouble(Trouble::Refused)),
        rule("Events dropped", Medium, Duration::ZERO, trouble(Trouble::Overflow)),
        rule("Credential ends", Medium, Duration::ZERO, trouble(Trouble::CredentialEnds)),
        quiet(rule(
            "Stream silent",
            Low,
            Duration::ZERO,
            Condition::Absence(Absence { of: Entity::Stream, after: minutes(15) }),
        )),
    ]
}

/// The rules that hold: the built-in ones, each replaced by a configured one of its name, then the other configured ones.
pub fn in_effect(configured: &[Rule]) -> Vec<Rule> {
    let mut rules = defaults();
    for rule in configured {
        match rules.iter_mut().find(|known| known.name == rule.name) {
            Some(known) => *known = rule.clone(),
            None => rules.push(rule.clone()),
        }
    }
    rules
}

fn rule(name: &str, severity: Severity, hold: Duration, when: Condition) -> Rule {
    Rule {
        name: name.into(),
        severity,
        enabled: true,
        connections: Vec::new(),
        tags: Vec::new(),
        subjects: Vec::new(),
        hold,
        group_by: GroupBy::Rule,
        message: None,
        notify: true,
        when,
    }
}

fn quiet(rule: Rule) -> Rule {
    Rule { notify: false, ..rule }
}

fn by_connection(rule: Rule) -> Rule {
    Rule { group_by: GroupBy::Connection, ..rule }
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

fn state(is: State) -> Condition {
    Condition::State(StateCondition { is, outside: None })
}

fn trouble(is: Trouble) -> Condition {
    Condition::Connection(ConnectionCondition { is, within: super::day() })
}

fn compare(field: &str, operator: Operator, value: Operand) -> Comparison {
    Comparison { field: field.into(), operator, value }
}
