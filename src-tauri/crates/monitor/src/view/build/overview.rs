//! Overview: the tiles, what needs the operator, the latest events; and the counts beside the rail.

use fleet::rule::{Condition, Rule, Trouble, defaults};
use fleet::{ConnectionState, LockState, Measure};
use link::LinkStatus;
use protocol::event::JobPhase;
use protocol::{Connection, Protocol, Timestamp};

use super::alert_counts::Alerting;
use super::{Sight, count, count64, events};
use crate::monitor::{Monitor, about};
use crate::view::Span;
use crate::view::picture::{Attention, Emptiest, OverviewPicture, Rail, Severity, Target, Tiles};
use crate::watched::{Part, Watched};

/// How far back "in the last hour" reaches, in ms.
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;
/// Under this many volts a battery is low.
const LOW_VOLTAGE: f64 = 11.5;
/// A connection that is on its way for longer than this, in ms, needs attention.
const PATIENCE: i64 = 15_000;
/// Times of a definition for its line.
const TIMES: usize = 40;
/// The first of the steps by which batteries are counted, in volts, their width and how many there are.
const STEPS: (f64, f64, usize) = (10.0, 0.25, 16);
/// Rows of the list of latest events.
const LATEST: usize = 30;
/// The most that Needs attention lists.
pub(super) const ATTENTION: usize = 100;

/// The whole of Overview.
pub(crate) fn page(monitor: &Monitor, sight: &Sight<'_>, past: Option<Span>, alerting: Alerting) -> OverviewPicture {
    let Alerting { firing, firing_connections, open, stale, attention } = alerting;
    OverviewPicture {
        tiles: Tiles { firing, firing_connections, open, stale_alerts: stale, ..tiles_of(sight) },
        attention,
        latest: match past {
            Some(span) => monitor.past_latest(span, sight, LATEST),
            None => events::latest(sight, LATEST),
        },
        away: monitor.away_page(),
    }
}

/// The counts beside the rail's entries, but those of alerts.
pub(crate) fn rail(sight: &Sight<'_>) -> Rail {
    let mut rail = Rail { connections: count(sight.connections.len()), ..Rail::default() };
    for watched in sight.connections {
        let part = watched.part.lock();
        let state = &part.state;
        // What is switched off counts nowhere: nobody waits for its word.
        if watched.connection.enabled {
            rail.unlocked += count(state.devices.in_lock_state(LockState::Unlocked));
            rail.jobs_failed += ended_lately(state, JobPhase::Failed, sight.now);
            rail.not_live += u32::from(part.is_stale());
        }
        rail.demo |= watched.transient;
        rail.tags.extend(watched.connection.tags.iter().cloned());
    }
    rail.tags.sort_unstable();
    rail.tags.dedup();
    rail
}

/// What the connections tell. One of which nothing was heard yet leaves its tiles unknown: it has not said that there is none.
fn tiles_of(sight: &Sight<'_>) -> Tiles {
    let mut tiles = Tiles::default();
    for watched in sight.connections {
        let part = watched.part.lock();
        let state = &part.state;
        if !watched.connection.enabled {
            continue;
        }
        if part.is_stale() {
            tiles.stale.push(watched.name().to_owned());
        }
        if !part.has_told() {
            continue;
        }
        match watched.connection.protocol {
            Protocol::Iotee => {
                add(&mut tiles.devices, state.devices.len());
                add(&mut tiles.devices_online, state.devices.online());
                add(&mut tiles.unlocked, state.devices.in_lock_state(LockState::Unlocked));
                add(&mut tiles.lock_unknown, state.devices.in_lock_state(LockState::Unknown));
                batteries(&mut tiles, watched, state);
            }
            Protocol::Hantera => {
                add(&mut tiles.jobs_running, state.jobs.running());
                add(&mut tiles.jobs_completed_hour, ended_lately(state, JobPhase::Completed, sight.now) as usize);
                add(&mut tiles.jobs_failed_hour, ended_lately(state, JobPhase::Failed, sight.now) as usize);
                for definition in state.jobs.definitions().rows() {
                    let Some(p95) = definition.percentile(0.95) else { continue };
                    if tiles.job_p95_ms.is_none_or(|most| p95 > most) {
                        let spare = definition.durations().len().saturating_sub(TIMES);
                        tiles.job_p95_ms = Some(p95);
                        tiles.job_slowest = Some(definition.id.to_string());
                        tiles.job_times = definition.durations().skip(spare).collect();
                    }
                }
            }
            Protocol::Agenthq => {
                add(&mut tiles.agents, state.agents.rows().len());
                add(&mut tiles.agents_online, state.agents.online());
            }
            Protocol::Hyprwatch => {
                add(&mut tiles.hosts, state.hosts.rows().len());
                add(&mut tiles.hosts_online, state.hosts.online());
            }
            Protocol::Hydra => {
                let counts = tiles.signals.get_or_insert_default();
                for (severity, count) in (1..).zip(counts) {
                    *count = count.saturating_add(count64(state.signals.of_severity(severity)));
                }
                add(&mut tiles.alerts, state.signals.issued().len());
            }
        }
        if part.status.is_open() {
            tiles.rate += state.rates.last(Measure::Events).unwrap_or(0.0);
        }
    }
    tiles
}

fn add(tile: &mut Option<u32>, number: usize) {
    *tile = Some(tile.unwrap_or(0).saturating_add(count(number)));
}

/// Jobs that ended so in the last hour, as they were counted by the minute.
fn ended_lately(state: &ConnectionState, phase: JobPhase, now: Timestamp) -> u32 {
    let begin = Timestamp(now.millis() - HOUR + MINUTE);
    // With the minute that runs, and the next: it may have begun since the time was read.
    let (jobs, failed) = state.jobs.ends_by_minute().between(begin, Timestamp(now.millis() + 2 * MINUTE));
    if phase == JobPhase::Failed { failed } else { jobs - failed }
}

/// Counts the batteries by their voltage, and finds the emptiest.
fn batteries(tiles: &mut Tiles, watched: &Watched, state: &ConnectionState) {
    let (from, width, count) = STEPS;
    let mut low = 0;
    tiles.batteries.resize(count, 0);
    if let Some(name) = state.devices.names().number("battery_voltage") {
        for device in state.devices.rows() {
            let Some(volts) = device.field(name).and_then(|field| field.value.as_number()) else { continue };
            low += usize::from(volts < LOW_VOLTAGE);
            // A cast of what is out of range, or no number, ends at the edge.
            let step = ((volts - from) / width).floor().clamp(0.0, (count - 1) as f64) as usize;
            if let Some(counted) = tiles.batteries.get_mut(step) {
                *counted += 1;
            }
            if tiles.emptiest.as_ref().is_none_or(|known| volts < known.volts) {
                tiles.emptiest =
                    Some(Emptiest { connection: watched.name().to_owned(), id: device.id().to_string(), volts });
            }
        }
    }
    add(&mut tiles.low_battery, low);
}

/// The connections that need the operator themselves.
pub(super) fn links(monitor: &Monitor, sight: &Sight<'_>) -> Vec<Attention> {
    let mut links = Vec::new();
    for watched in sight.connections {
        let item = of_connection(watched, &watched.part.lock(), sight.now);
        links.extend(item.map(|(trouble, item)| match trouble {
            Some(trouble) => Attention { severity: monitor.severity_of(trouble, &watched.connection), ..item },
            None => item,
        }));
    }
    links
}

/// What is wrong with a connection, and which trouble a rule would call it.
fn of_connection(watched: &Watched, part: &Part, now: Timestamp) -> Option<(Option<Trouble>, Attention)> {
    if !watched.connection.enabled {
        return None;
    }
    let name = watched.name();
    let (trouble, title) = match &part.status {
        LinkStatus::NeedsCredential { .. } => (Some(Trouble::NeedsCredential), format!("{name} needs a credential")),
        LinkStatus::Refused { .. } => (Some(Trouble::Refused), format!("{name} is refused")),
        LinkStatus::BackingOff { .. } => (Some(Trouble::NotLive), format!("{name} is not connected")),
        LinkStatus::Stale { .. } => (Some(Trouble::NotLive), format!("{name} is silent: its picture may be old")),
        LinkStatus::Connecting { attempt } if *attempt > 1 => {
            (Some(Trouble::NotLive), format!("{name} is not connected"))
        }
        LinkStatus::Live { .. } | LinkStatus::Stopped => return None,
        _ if now.since(part.since) < PATIENCE => return None,
        _ => (None, format!("{name} is still connecting")),
    };
    let item = Attention {
        key: format!("connection/{name}"),
        severity: Severity::Medium,
        stale: false,
        title,
        detail: part.status.cause().unwrap_or_default().to_owned(),
        connection: name.to_owned(),
        since: part.since.millis(),
        target: Target::Connection { name: name.to_owned() },
    };
    Some((trouble, item))
}

impl Monitor {
    /// How bad a trouble of a connection is: what the rules say that tell it, as in the list of alerts; what the built-in
    /// one says where none is on.
    fn severity_of(&self, trouble: Trouble, connection: &Connection) -> Severity {
        let tells = |rule: &&Rule| matches!(&rule.when, Condition::Connection(condition) if condition.is == trouble);
        let about = about(connection);
        let watched = self.inner.alarm.watched_on(connection);
        let told = watched.iter().filter(tells).filter(|rule| rule.enabled && rule.covers(&about));
        let told = told.map(|rule| rule.severity).max();
        told.or_else(|| defaults().iter().find(tells).map(|rule| rule.severity)).map_or(Severity::High, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use fleet::rule::{About, Detector};
    use jiff::tz::TimeZone;

    use super::*;
    use crate::view::build::job::tests::tell;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn connection(name: &str) -> Arc<Watched> {
        let connection: Connection =
            serde_json::from_value(serde_json::json!({ "name": name, "protocol": "iotee", "url": "wss://h/ws" }))
                .unwrap();
        let about = About { name, tags: &[], protocol: connection.protocol };
        let detector = Detector::new(&[], &about, TimeZone::UTC);
        Arc::new(Watched::new(connection, false, detector, (None, Vec::new()), NOW))
    }

    fn tiles(connections: &[Arc<Watched>]) -> Tiles {
        tiles_of(&Sight { now: NOW, connections })
    }

    #[test]
    fn what_was_never_heard_of_is_unknown_and_not_none() {
        let unheard = connection("locks");
        let nothing = tiles(std::slice::from_ref(&unheard));
        assert_eq!((nothing.devices, nothing.unlocked, nothing.low_battery), (None, None, None));
        assert_eq!(nothing.stale, ["locks"]);

        let told = connection("others");
        told.part.lock().status = LinkStatus::Live { since: NOW };
        told.part.lock().settle(Some(true), NOW, &mut Vec::new());
        let none = tiles(&[unheard, told.clone()]);
        assert_eq!((none.devices, none.unlocked), (Some(0), Some(0)), "it said that there is none");

        told.part.lock().status = LinkStatus::Stopped;
        assert_eq!(tiles(&[told]).devices, Some(0), "as it was last heard");
    }

    #[test]
    fn jobs_of_the_last_hour_are_counted_beyond_those_that_are_kept() {
        let mut state = ConnectionState::new(fleet::Bounds { jobs: 10, ..fleet::Bounds::default() });
        let begun = NOW.millis() - 30 * 60_000;
        state.reconnected(Timestamp(begun));
        for second in 0..30 * 60 {
            let at = Timestamp(begun + second * 1_000);
            let id = format!("job-{second}");
            let phase = if second % 60 == 7 { JobPhase::Failed } else { JobPhase::Completed };
            tell(&mut state, &id, phase, at, at);
            state.tick(Timestamp(at.millis() + 500));
        }
        let ended = |phase| ended_lately(&state, phase, NOW);
        assert_eq!((ended(JobPhase::Failed), ended(JobPhase::Completed)), (30, 30 * 59));
    }
}
