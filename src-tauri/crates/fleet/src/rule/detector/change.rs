//! Rules that change while they are watched for, and what the history knows of before.

use protocol::Timestamp;

use super::event::{WEEK, clear_after};
use super::watch::{Around, Phase, SUBJECT, Watch, millis};
use super::{Detector, Index};
use crate::alert::Finding;
use crate::rule::{About, Condition, Rule, Trouble};
use crate::table::clip;

/// The rules that are watched for on a connection.
pub(super) fn chosen<'r>(rules: &'r [Rule], about: &About<'_>) -> impl Iterator<Item = &'r Rule> {
    let about = *about;
    rules.iter().filter(move |rule| rule.enabled && rule.covers(&about)).take(usize::from(u16::MAX))
}

impl Detector {
    /// Watches for other rules from here on. What is known of rules that watch for the same as before stays; the findings
    /// of those that are gone or watch for something else end.
    pub fn rules_changed(&mut self, rules: &[Rule], about: &About<'_>, at: Timestamp, out: &mut Vec<Finding>) {
        self.clock.advance(at);
        let mut before: Vec<Option<Watch>> = std::mem::take(&mut self.watches).into_iter().map(Some).collect();
        let mut watches = Vec::new();
        for rule in chosen(rules, about) {
            let kept = before
                .iter_mut()
                .find(|watch| watch.as_ref().is_some_and(|watch| same(&watch.rule, rule)))
                .and_then(Option::take);
            watches.push(match kept {
                Some(watch) => Watch { rule: rule.clone(), ..watch },
                None => Watch::new(rule),
            });
        }
        let Detector { clock, room, connection, .. } = self;
        let mut around = Around { clock, connection, room, out };
        for mut watch in before.into_iter().flatten() {
            let changed = watches.iter().any(|other| other.name == watch.name);
            let cause = if changed { "the rule was changed" } else { "the rule does not hold any more" };
            watch.close(at, cause, &mut around);
        }
        self.index = Index::new(&watches);
        self.watches = watches;
    }

    /// Takes over what the history says held when the program ended: it is not found again, and it ends when something
    /// says so. `began` is when the condition began to hold, `last` when it last happened as far as that is known, `fired`
    /// whether it fired. False when there is no such rule here, the subject is not its, or there is no room: then the
    /// caller has to end it.
    pub fn restore(
        &mut self,
        rule: &str,
        subject: &str,
        (began, last): (Timestamp, Timestamp),
        fired: bool,
        now: Timestamp,
    ) -> bool {
        self.clock.advance(now);
        let Detector { watches, clock, room, connection, .. } = self;
        let mut out = Vec::new();
        let mut around = Around { clock, connection, room, out: &mut out };
        let Some(watch) = watches.iter_mut().find(|watch| &*watch.name == rule) else { return false };
        let reading = around.clock.read(watch.steady);
        let hold = watch.hold;
        let span = match &watch.rule.when {
            Condition::Event(_) => Some(clear_after(watch)),
            Condition::Connection(condition) if condition.is == Trouble::Overflow => Some(clear_after(watch)),
            Condition::Count(count) => Some(millis(count.within)),
            Condition::SlowJob(_) => Some(WEEK),
            _ => None,
        };
        let subject = clip(subject, SUBJECT);
        let Some(entry) = watch.entry(subject, &mut around) else { return false };
        if entry.phase != Phase::Idle {
            return true;
        }
        (entry.since, entry.told, entry.times, entry.restored) = (began, last, 1, true);
        if fired {
            entry.phase = Phase::Firing;
        } else {
            // How long it held is not known: the time until here does not count.
            entry.phase = Phase::Pending;
            entry.lost = reading.lost.saturating_sub(now.since(began));
            entry.hold_due = reading.now.saturating_add(hold);
        }
        if let Some(span) = span {
            let base = reading.now.saturating_sub(now.since(last));
            entry.heard(last, base, span, reading);
            entry.wake = base.saturating_add(span);
        }
        watch.queue_up(subject);
        watch.restored = true;
        true
    }
}

/// Whether two rules watch for the same; how it is told may differ.
fn same(one: &Rule, other: &Rule) -> bool {
    one.name == other.name && one.when == other.when && one.hold == other.hold && one.subjects == other.subjects
}
