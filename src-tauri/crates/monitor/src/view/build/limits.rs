//! What rules compare the numbers of the screen in sight with.

use fleet::rule::{Condition, Rule};
use protocol::Protocol;

use super::Sight;
use crate::monitor::{Monitor, about};
use crate::view::picture::{DefinitionRow, DevicePage, ThresholdRow};
use crate::watched::Watched;

impl Monitor {
    /// Says of each field of a device what it is compared with.
    pub(crate) fn limit_fields(&self, watched: &Watched, page: &mut DevicePage) {
        let rules = self.limiting(watched);
        for field in &mut page.fields {
            field.thresholds = thresholds(&rules, &page.device.id, &field.name);
        }
    }

    /// Says of the statistics of each definition what they are compared with.
    pub(crate) fn limit_statistics(&self, sight: &Sight<'_>, definitions: &mut [DefinitionRow]) {
        for (_, watched) in sight.of(Protocol::Hantera) {
            let rules = self.limiting(watched);
            for row in definitions.iter_mut().filter(|row| row.connection == watched.name()) {
                let of = |name: &String| thresholds(&rules, &row.id, name);
                row.thresholds = row.statistics.iter().flat_map(of).collect();
            }
        }
    }

    /// The rules of a connection that compare a number with a value.
    fn limiting(&self, watched: &Watched) -> Vec<Rule> {
        let about = about(&watched.connection);
        let mut rules = self.inner.alarm.watched_on(&watched.connection);
        rules.retain(|rule| rule.enabled && matches!(rule.when, Condition::Threshold(_)) && rule.covers(&about));
        rules
    }
}

fn thresholds(rules: &[Rule], subject: &str, field: &str) -> Vec<ThresholdRow> {
    let rows = rules.iter().flat_map(|rule| {
        rule.limits(subject, field).map(|(value, above)| ThresholdRow {
            field: field.to_owned(),
            rule: rule.name.clone(),
            severity: rule.severity.into(),
            value,
            above,
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use fleet::rule::{Threshold, defaults};

    use super::*;

    #[test]
    fn a_threshold_is_of_the_subjects_and_the_field_that_its_rule_names() {
        let mut rule = defaults().swap_remove(0);
        rule.subjects = vec!["truck-*".into()];
        rule.when = Condition::Threshold(Threshold {
            field: "battery_voltage".into(),
            above: None,
            below: Some(11.5),
            clear: Some(11.8),
        });
        let found = thresholds(std::slice::from_ref(&rule), "truck-1", "battery_voltage");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].value, found[0].above, &*found[0].rule), (11.5, false, &*rule.name));
        for (subject, field) in [("van-1", "battery_voltage"), ("truck-1", "speed")] {
            assert_eq!(thresholds(std::slice::from_ref(&rule), subject, field), [], "{subject} {field}");
        }
    }
}
