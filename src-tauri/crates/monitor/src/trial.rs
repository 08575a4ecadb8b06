//! How often a rule would have fired over the stored history: for the editor and `signalbox rules test`.

use std::collections::HashSet;

use fleet::rule::{About, Condition, Fact, Past, Rule, Standing, dry_run};
use jiff::tz::TimeZone;
use protocol::{Connection, Kind, Timestamp};
use store::History;
use store::history::{Event, EventQuery, HistoryError};

use crate::monitor::{Monitor, invalid};
use crate::rules::drafted;
use crate::view::{CommandError, RuleDraft, RuleTrial, WouldFire};

/// Events that are looked at on one connection.
const EVENTS: usize = 200_000;
/// Samples that are looked at on one connection.
const SAMPLES: usize = 500_000;
/// Times that are named.
const EXAMPLES: usize = 20;
const HOUR: i64 = 60 * 60 * 1_000;

impl Monitor {
    /// How often a draft would have fired in the last hours, a month at most. May take seconds.
    pub fn try_rule(&self, draft: &RuleDraft, hours: u32) -> Result<RuleTrial, CommandError> {
        let rule = drafted(draft).map_err(invalid)?;
        let now = self.now();
        let from = Timestamp(now.millis() - i64::from(hours.clamp(1, 31 * 24)) * HOUR);
        let connections: Vec<Connection> =
            self.connections().iter().map(|watched| watched.connection.clone()).collect();
        // What is on its way to the disk belongs to it.
        self.inner.history.journal().flush(std::time::Duration::from_secs(1));
        let trial = try_rule(&self.inner.history, &rule, &connections, (from, now), &self.inner.alarm.zone);
        trial.map_err(|error| invalid(format!("The history cannot be read: {error}")))
    }
}

/// How often a rule would have fired on these connections within a span.
pub fn try_rule(
    history: &History,
    rule: &Rule,
    connections: &[Connection],
    (from, to): (Timestamp, Timestamp),
    zone: &TimeZone,
) -> Result<RuleTrial, HistoryError> {
    let mut fired: Vec<WouldFire> = Vec::new();
    let mut cut = false;
    let mut oldest: Option<Timestamp> = None;
    for connection in connections {
        let about = About { name: &connection.name, tags: &connection.tags, protocol: connection.protocol };
        if !rule.covers(&about) {
            continue;
        }
        let (events, more) = events(history, &connection.name, from, to)?;
        cut |= more;
        oldest = oldest.into_iter().chain(events.first().map(heard)).min();
        let samples = match &rule.when {
            Condition::Threshold(threshold) => {
                let (samples, more) = samples(history, rule, &connection.name, &threshold.field, from, to)?;
                cut |= more;
                samples
            }
            _ => Vec::new(),
        };
        let gaps = history.gaps(Some(&connection.name), from, to)?;
        let mut past: Vec<(Timestamp, Past<'_>)> =
            events.iter().filter_map(|event| Some((heard(event), fact(event)?))).collect();
        if let Condition::Threshold(threshold) = &rule.when {
            past.extend(samples.iter().map(|(subject, at, value)| {
                (*at, Past::Fact(Fact::sample(Kind::DeviceTelemetry, subject, &threshold.field, *at, *value)))
            }));
        }
        for gap in &gaps {
            past.push((gap.from, Past::Standing(Standing::NotLive { cause: &gap.cause }, gap.from)));
            past.extend(gap.to.map(|end| (end, Past::Standing(Standing::Live, end))));
        }
        past.sort_by_key(|(at, _)| *at);
        let found = dry_run(rule, &about, zone.clone(), past.into_iter().map(|(_, past)| past), to);
        fired.extend(found.into_iter().map(|one| WouldFire {
            connection: connection.name.clone(),
            subject: one.subject,
            at: one.at.millis(),
            until: one.until.map(Timestamp::millis),
        }));
    }
    fired.sort_by_key(|one| std::cmp::Reverse(one.at));
    let subjects: HashSet<(&str, &str)> = fired.iter().map(|one| (&*one.connection, &*one.subject)).collect();
    let note = if cut {
        Some("There was more history than is looked at: narrow the rule's scope or the span.".to_owned())
    } else if oldest.is_none() {
        Some("The history has nothing of that time yet.".to_owned())
    } else {
        None
    };
    Ok(RuleTrial {
        fired: u32::try_from(fired.len()).unwrap_or(u32::MAX),
        subjects: u32::try_from(subjects.len()).unwrap_or(u32::MAX),
        from: oldest.map_or(from, |oldest| oldest.max(from)).millis(),
        note,
        examples: fired.into_iter().take(EXAMPLES).collect(),
    })
}

/// The events of a connection, the oldest first, and whether there are more than are looked at.
fn events(
    history: &History,
    connection: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<(Vec<Event>, bool), HistoryError> {
    let mut query = EventQuery {
        from: Some(from),
        to: Some(to),
        connections: vec![connection.to_owned()],
        oldest_first: true,
        limit: 10_000,
        ..EventQuery::default()
    };
    let mut events: Vec<Event> = Vec::new();
    loop {
        let page = history.events(&query)?;
        query.after = page.events.last().map(|event| event.id);
        events.extend(page.events);
        if !page.more || query.after.is_none() {
            return Ok((events, false));
        }
        if events.len() >= EVENTS {
            return Ok((events, true));
        }
    }
}

/// The stored numbers of a field, of every subject in the rule's scope: of each bucket the extreme that the rule looks for.
type Sampled = Vec<(String, Timestamp, f64)>;

fn samples(
    history: &History,
    rule: &Rule,
    connection: &str,
    field: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<(Sampled, bool), HistoryError> {
    let Condition::Threshold(threshold) = &rule.when else { return Ok((Vec::new(), false)) };
    let globs: Vec<_> = rule.subjects.iter().filter_map(|glob| fleet::rule::Glob::new(glob).ok()).collect();
    let mut samples = Vec::new();
    for subject in history.series_subjects(connection)? {
        if !globs.is_empty() && !globs.iter().any(|glob| glob.covers(&subject)) {
            continue;
        }
        if samples.len() >= SAMPLES {
            return Ok((samples, true));
        }
        let points = history.series(connection, &subject, field, from, to, 10_000)?;
        let values = if threshold.above.is_some() { &points.max } else { &points.min };
        samples.extend(
            points
                .times
                .iter()
                .zip(values)
                .map(|(second, value)| (subject.clone(), Timestamp((second * 1_000.0) as i64), *value)),
        );
    }
    Ok((samples, false))
}

fn heard(event: &Event) -> Timestamp {
    event.at.unwrap_or(event.received)
}

/// An event as rules see it; a connection's transitions are told by its gaps.
fn fact(event: &Event) -> Option<Past<'_>> {
    (event.kind != Kind::ConnectionStatus).then(|| {
        Past::Fact(Fact::stored(
            event.kind,
            &event.subject,
            event.definition.as_deref(),
            event.at,
            event.received,
            &event.data,
        ))
    })
}
