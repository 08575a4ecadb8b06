//! What the picture already says when a rule is looked at for the first time: a rule made today finds the lock that was
//! opened yesterday.

use compact_str::CompactString;
use hashbrown::HashMap;
use protocol::Timestamp;
use protocol::event::{AlertChange, JobPhase};

use super::event::{compare, enters, limit, runs};
use super::watch::{Around, Found, SUBJECT, Watch, millis};
use super::{Detector, slow::Durations};
use crate::alert::Finding;
use crate::devices::Device;
use crate::locks::LockState;
use crate::rule::{Condition, Entity, State};
use crate::state::ConnectionState;
use crate::table::clip;

impl Detector {
    pub(super) fn seed(&mut self, state: &ConnectionState, now: Timestamp, out: &mut Vec<Finding>) {
        if self.watches.iter().all(|watch| watch.seeded && !watch.restored) {
            return;
        }
        let Detector { watches, clock, room, connection, zone, durations, .. } = self;
        let mut around = Around { clock, connection, room, out };
        for watch in watches.iter_mut().filter(|watch| watch.restored) {
            contradict(watch, state, &mut around);
        }
        for watch in watches.iter_mut().filter(|watch| !watch.seeded) {
            watch.seeded = true;
            match watch.rule.when.clone() {
                Condition::State(condition) => states(watch, condition.is, state, now, zone, &mut around),
                Condition::Threshold(threshold) => numbers(watch, &threshold.field, state, now, &mut around),
                Condition::Absence(absence) => heard(watch, absence.of, millis(absence.after), state, now, &mut around),
                Condition::SlowJob(slow) => {
                    jobs(watch, (slow.times_p95, slow.after_jobs), durations, state, now, &mut around);
                }
                Condition::Issued(issued) => {
                    for signal in state.signals.issued() {
                        let severe = signal.severity.unwrap_or(0) >= issued.min_severity;
                        if severe && signal.alert == Some(AlertChange::Issued) {
                            let (area, held) = (signal.area(), now.since(signal.at));
                            let (cause, area) = (signal.title.as_deref(), area.as_deref());
                            let found = Found { held, cause, area, ..Found::since(signal.at) };
                            watch.holds(&signal.id, found, &mut around);
                        }
                    }
                }
                Condition::Event(_) | Condition::Count(_) | Condition::Connection(_) => {}
            }
        }
    }
}

/// Ends what comes from the history and is otherwise in the picture by now: the word of that may have been no change to
/// the picture, which began empty.
pub(super) fn contradict(watch: &mut Watch, state: &ConnectionState, around: &mut Around<'_>) {
    let Condition::State(condition) = &watch.rule.when else {
        watch.restored = false;
        return;
    };
    let is = condition.is;
    let mut restored: Vec<(CompactString, Timestamp)> =
        watch.entries.iter().filter(|(_, known)| known.restored).map(|(id, known)| (id.clone(), known.since)).collect();
    restored.sort_unstable();
    watch.restored = !restored.is_empty();
    // Hosts are known by their org too, which the subject does not say.
    let hosts: HashMap<&str, Timestamp> = match is {
        State::HostOffline => {
            let online = state.hosts.rows().iter().filter(|host| host.online == Some(true));
            online.map(|host| (host.id.as_str(), host.heard)).collect()
        }
        _ => HashMap::new(),
    };
    for (subject, since) in restored {
        let (told, word) = match is {
            State::Unlocked | State::LockUnknown => {
                let lock = state.devices.get(&subject).map(|device| (device.lock(), device.locking().confirmed()));
                match (is, lock) {
                    (State::Unlocked, Some((LockState::Locked, told))) => (told, "locked"),
                    (State::LockUnknown, Some((lock @ (LockState::Locked | LockState::Unlocked), told))) => {
                        (told, lock.name())
                    }
                    _ => continue,
                }
            }
            State::DeviceOffline => {
                let device = state.devices.get(&subject).filter(|device| device.online() == Some(true));
                (device.map(Device::heard), "online")
            }
            State::HostOffline => (hosts.get(subject.as_str()).copied(), "online"),
            State::AgentOffline => {
                let agent = state.agents.get(&subject).filter(|agent| agent.status.is_online() == Some(true));
                (agent.map(|agent| agent.heard), "online")
            }
        };
        if let Some(told) = told.filter(|told| *told >= since) {
            watch.over(&subject, told, || format!("{subject} is {word}"), around);
        }
    }
}

fn states(
    watch: &mut Watch,
    is: State,
    state: &ConnectionState,
    now: Timestamp,
    zone: &jiff::tz::TimeZone,
    around: &mut Around<'_>,
) {
    let mut enter = |subject: &str, since: Option<Timestamp>, name: Option<&str>| {
        if let Some(since) = since {
            enters(watch, subject, Found { held: now.since(since), name, ..Found::since(since) }, zone, around);
        }
    };
    match is {
        State::Unlocked => {
            for device in state.devices.rows().iter().filter(|device| device.lock() == LockState::Unlocked) {
                enter(device.id(), device.locking().since(), None);
            }
        }
        // Whether it was ever known is not told by the picture.
        State::LockUnknown => {}
        State::DeviceOffline => {
            for device in state.devices.rows().iter().filter(|device| device.online() == Some(false)) {
                enter(device.id(), device.presence_since(), None);
            }
        }
        State::HostOffline => {
            for host in state.hosts.rows().iter().filter(|host| host.online == Some(false)) {
                enter(&host.id, host.since, host.hostname.as_deref());
            }
        }
        State::AgentOffline => {
            for agent in state.agents.rows().iter().filter(|agent| agent.status.is_online() == Some(false)) {
                enter(&agent.id, agent.since, agent.name.as_deref());
            }
        }
    }
}

fn numbers(watch: &mut Watch, field: &str, state: &ConnectionState, now: Timestamp, around: &mut Around<'_>) {
    let mut number = |subject: &str, value: Option<f64>, at: Timestamp| {
        if let Some(value) = value.filter(|value| !value.is_nan()) {
            // How long it was so before is not known: the rule counts from here.
            compare(watch, clip(subject, SUBJECT), value, at.min(now), 0, around);
        }
    };
    if let Some(name) = state.devices.names().number(field) {
        for device in state.devices.rows() {
            if let Some(known) = device.field(name) {
                number(device.id(), known.value.as_number(), known.at);
            }
        }
    }
    for actor in state.actors.rows() {
        if let Some(known) = actor.numbers.get(field) {
            number(&actor.id, Some(known.value), known.at);
        }
    }
    for definition in state.jobs.definitions().rows() {
        if let Some(known) = definition.numbers.get(field) {
            number(&definition.id, Some(known.value), known.at);
        }
    }
}

fn heard(watch: &mut Watch, of: Entity, after: i64, state: &ConnectionState, now: Timestamp, around: &mut Around<'_>) {
    let clock = around.clock.read(false);
    let mut hear = |subject: &str, at: Timestamp| {
        let Some(entry) = watch.entry(subject, around) else { return };
        if entry.last < at {
            let base = clock.now.saturating_sub(now.since(at));
            entry.heard(at, base, after, clock);
            entry.wake = base.saturating_add(after);
            watch.queue_up(subject);
        }
    };
    match of {
        Entity::Device => state.devices.rows().iter().for_each(|device| hear(device.id(), device.heard())),
        Entity::Host => state.hosts.rows().iter().for_each(|host| hear(&host.id, host.heard)),
        Entity::Agent => state.agents.rows().iter().for_each(|agent| hear(&agent.id, agent.heard)),
        Entity::Stream => {}
    }
}

fn jobs(
    watch: &mut Watch,
    (times, after_jobs): (f64, u32),
    durations: &mut Durations,
    state: &ConnectionState,
    now: Timestamp,
    around: &mut Around<'_>,
) {
    for definition in state.jobs.definitions().rows() {
        if !durations.knows(&definition.id) {
            definition.durations().for_each(|ms| durations.add(&definition.id, ms));
        }
    }
    for job in state.jobs.rows().iter().filter(|job| job.phase == JobPhase::Started && !job.definition.is_empty()) {
        let started = job.started_at.unwrap_or(job.at);
        let known = durations.p95(&job.definition, after_jobs).map(|p95| limit(times, p95));
        if !watch.entries.contains_key(job.id.as_str()) {
            runs(watch, &job.id, &job.definition, started, now.since(started), known, around);
        }
    }
}
