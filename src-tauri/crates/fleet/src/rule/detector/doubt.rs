//! What may have ended while nobody listened. It is doubted until the service says again that it holds: what a service
//! neither repeats nor clears is not taken for true because nothing was said against it.

use std::sync::Arc;

use compact_str::CompactString;
use hashbrown::HashSet;
use protocol::Timestamp;
use protocol::event::JobPhase;

use super::seed::contradict;
use super::watch::{Around, Phase, Watch};
use super::{Detector, Standing};
use crate::alert::{Change, Finding};
use crate::locks::LockState;
use crate::rule::{Condition, State};
use crate::state::ConnectionState;

/// A rule and a subject of which it is not known whether it still holds.
pub type Doubted = (Arc<str>, Box<str>);

/// What a picture has to be asked about subjects.
type Says<'s> = Box<dyn Fn(&str) -> bool + 's>;

impl Detector {
    /// Takes the connection as live from `now` on, its picture complete: what fires is doubted from here on where neither
    /// the picture confirms it nor a stream of which nothing is missing. What waited since before the program started and
    /// is not confirmed is over.
    ///
    /// `whole` says that all that was missed is known, `since` is when the connection became live.
    pub fn settle(
        &mut self,
        state: &ConnectionState,
        whole: bool,
        since: Timestamp,
        now: Timestamp,
        out: &mut Vec<Finding>,
    ) {
        self.standing(Standing::Live, now, out);
        let Detector { watches, clock, room, connection, .. } = self;
        let mut around = Around { clock, connection, room, out };
        for watch in watches.iter_mut() {
            if watch.restored {
                contradict(watch, state, &mut around);
            }
            // The word of its beginning may have come after that of its end.
            for (subject, at) in ended(watch, state) {
                watch.over(&subject, at, || format!("{subject} has ended"), &mut around);
            }
            for (subject, phase) in unconfirmed(watch, state, whole, since) {
                if phase == Phase::Firing {
                    watch.doubts.insert(subject, state.counters.events);
                } else {
                    watch.over(
                        &subject,
                        now,
                        || "nothing says since the start that it still holds".into(),
                        &mut around,
                    );
                }
            }
        }
    }

    /// What is doubted.
    pub fn doubted(&self) -> Vec<Doubted> {
        let of = |watch: &Watch| -> Vec<Doubted> {
            let subjects = watch.doubts.keys().filter(|subject| watch.entries.get(*subject).is_some_and(fires));
            subjects.map(|subject| (watch.name.clone(), subject.as_str().into())).collect()
        };
        self.watches.iter().flat_map(of).collect()
    }

    /// Finds what the picture says by now of what is doubted.
    pub(super) fn ask_again(&mut self, state: &ConnectionState, now: Timestamp, out: &mut Vec<Finding>) {
        let Detector { watches, clock, room, connection, .. } = self;
        let mut around = Around { clock, connection, room, out };
        for watch in watches.iter_mut().filter(|watch| !watch.doubts.is_empty()) {
            let entries = &watch.entries;
            watch.doubts.retain(|subject, _| entries.get(subject).is_some_and(fires));
            let says = says(&watch.rule.when, state);
            let confirmed = |(subject, heard): (&CompactString, &u64)| match &watch.rule.when {
                // What was known of it already says nothing.
                Condition::Issued(_) => state.signals.alert(subject).is_some_and(|signal| signal.sequence > *heard),
                _ => says(subject),
            };
            let said: Vec<CompactString> =
                watch.doubts.iter().filter(|doubt| confirmed(*doubt)).map(|(subject, _)| subject.clone()).collect();
            for subject in said {
                watch.doubts.remove(&subject);
                watch.tell(&subject, Change::Confirmed, now, &mut around);
            }
        }
    }
}

/// The jobs that a watch takes to be running and that have ended by the picture, and when.
fn ended(watch: &Watch, state: &ConnectionState) -> Vec<(CompactString, Timestamp)> {
    if !matches!(watch.rule.when, Condition::SlowJob(_)) {
        return Vec::new();
    }
    let has_ended = |phase| matches!(phase, JobPhase::Completed | JobPhase::Failed);
    let job = |id: &CompactString| state.jobs.get(id).filter(|job| has_ended(job.phase));
    let mut ended: Vec<_> = watch.entries.keys().filter_map(|id| Some((id.clone(), job(id)?.at))).collect();
    ended.sort_unstable();
    ended
}

/// What of a watch is neither doubted already nor confirmed, in its order.
fn unconfirmed(watch: &Watch, state: &ConnectionState, whole: bool, since: Timestamp) -> Vec<(CompactString, Phase)> {
    let says = says(&watch.rule.when, state);
    let mut unconfirmed: Vec<(CompactString, Phase)> = Vec::new();
    for (subject, entry) in &watch.entries {
        let known = match &watch.rule.when {
            // The picture of this run has it, or it was there all the time.
            Condition::Issued(_) => match state.signals.alert(subject) {
                Some(signal) => whole || signal.at >= since,
                None => whole && !entry.restored,
            },
            Condition::SlowJob(_) => whole || !entry.restored || says(subject),
            _ => !entry.restored || says(subject),
        };
        let open = entry.phase == Phase::Firing || (entry.phase == Phase::Pending && entry.restored);
        if open && !known && !watch.doubts.contains_key(subject) {
            unconfirmed.push((subject.clone(), entry.phase));
        }
    }
    unconfirmed.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    unconfirmed
}

/// Whether the picture says something of what a condition is about. Where it says otherwise, the condition is over.
/// What is made of events alone ends by itself, and is what was seen.
fn says<'s>(when: &'s Condition, state: &'s ConnectionState) -> Says<'s> {
    let among = |ids: HashSet<&'s str>| -> Says<'s> { Box::new(move |subject| ids.contains(subject)) };
    match when {
        Condition::State(condition) => match condition.is {
            State::Unlocked => Box::new(|id| state.devices.get(id).is_some_and(|d| d.lock() == LockState::Unlocked)),
            State::LockUnknown => Box::new(|id| state.devices.get(id).is_some_and(|d| d.lock() == LockState::Unknown)),
            State::DeviceOffline => Box::new(|id| state.devices.get(id).is_some_and(|d| d.online() == Some(false))),
            State::HostOffline => {
                let offline = state.hosts.rows().iter().filter(|host| host.online == Some(false));
                among(offline.map(|host| host.id.as_str()).collect())
            }
            State::AgentOffline => {
                Box::new(|id| state.agents.get(id).is_some_and(|agent| agent.status.is_online() == Some(false)))
            }
        },
        Condition::Threshold(threshold) => {
            let field = threshold.field.as_str();
            let name = state.devices.names().number(field);
            let actors = state.actors.rows().iter().filter(|actor| actor.numbers.get(field).is_some());
            let definitions = state.jobs.definitions().rows().iter().filter(|job| job.numbers.get(field).is_some());
            let others: HashSet<&str> =
                actors.map(|actor| actor.id.as_str()).chain(definitions.map(|job| job.id.as_str())).collect();
            Box::new(move |id| {
                let device = state.devices.get(id);
                name.zip(device).is_some_and(|(name, device)| device.field(name).is_some()) || others.contains(id)
            })
        }
        Condition::SlowJob(_) => Box::new(|id| state.jobs.get(id).is_some_and(|job| job.phase == JobPhase::Started)),
        _ => Box::new(|_| true),
    }
}

fn fires(entry: &super::watch::Entry) -> bool {
    entry.phase == Phase::Firing
}
