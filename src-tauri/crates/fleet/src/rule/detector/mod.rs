//! Watches one connection for what the rules say. Facts, the connection's standing and the time go in; findings come out.
//!
//! **Time.** Timers count only what passes while the connection is live (those of the connection's own troubles count
//! always), by [`clock`]: a leap of the wall clock makes nothing due and holds nothing up. What a finding says of when is
//! made from the events' own times, so that a replay says the same; what the clock did not count is added.
//!
//! **Once.** Of each rule and subject there is at most one finding that holds: `Pending`, then `Fires`, or at once `Fires`
//! where the rule has no `for`; then `Again` at most; then `Ends`.

mod change;
mod clock;
mod doubt;
mod due;
mod event;
mod seed;
mod slow;
#[cfg(test)]
mod tests;
mod watch;

use protocol::{Kind, Timestamp};
use smallvec::SmallVec;

use super::{About, Condition, Entity, Fact, Rule, State, Trouble, Values};
use crate::alert::Finding;
use crate::applied::Applied;
use crate::table::clip;

use clock::Clock;
pub use doubt::Doubted;
use slow::Durations;
use watch::{Again, Around, Found, Room, SUBJECT, Watch};

/// How many events of one subject are kept to be counted; a rule's `at_least` is at most this.
pub(super) const RING: usize = 1_000;

/// How a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It is heard, and what is known is so.
    Live,
    /// It is heard, and what was missed is being fetched: events of the past come, so nothing fires by the time that
    /// passed until it is [`Standing::Live`].
    CatchingUp,
    /// It is enabled and not heard.
    NotLive {
        /// Why, as the end of a sentence.
        cause: &'a str,
    },
    /// It waits for a credential.
    NeedsCredential {
        /// Why.
        cause: &'a str,
    },
    /// It was refused for good.
    Refused {
        /// Why.
        cause: &'a str,
    },
    /// It is not enabled: nothing is watched, and all that was found ends.
    Stopped,
}

/// Watches one connection.
#[derive(Debug)]
pub struct Detector {
    connection: Box<str>,
    zone: jiff::tz::TimeZone,
    watches: Vec<Watch>,
    index: Index,
    clock: Clock,
    room: Room,
    durations: Durations,
    stopped: bool,
    catching_up: bool,
    /// The stream as a whole: when it was last heard.
    heard: Option<Heard>,
    /// When the credential ends, by its own word; `None` while it was not read in this run.
    credential: Option<Option<Timestamp>>,
}

/// When something was heard, by our clock, and where on the clock that was.
#[derive(Debug, Clone, Copy)]
struct Heard {
    at: Timestamp,
    base: i64,
    lost: i64,
}

/// Positions of rules.
type Positions = SmallVec<[u16; 4]>;

/// Which rules an event may concern.
#[derive(Debug)]
struct Index {
    kinds: [Positions; Kind::ALL.len()],
    locks: Positions,
    presences: [Positions; 3],
    absences: [Positions; 3],
    streams: Positions,
    fields: Vec<(Box<str>, Positions)>,
    /// One bit for the length and first letter of each field's name, so that most fields cost no comparison.
    filter: u64,
    slow: Positions,
    troubles: Positions,
}

impl Detector {
    /// Watches for those rules that are enabled and whose scope covers the connection. Hours of the day are those of `zone`.
    pub fn new(rules: &[Rule], about: &About<'_>, zone: jiff::tz::TimeZone) -> Self {
        let watches: Vec<Watch> = change::chosen(rules, about).map(Watch::new).collect();
        Detector {
            connection: about.name.into(),
            zone,
            index: Index::new(&watches),
            watches,
            clock: Clock::default(),
            room: Room::default(),
            durations: Durations::default(),
            stopped: false,
            catching_up: false,
            heard: None,
            credential: None,
        }
    }

    /// Takes an event, after the picture took it.
    #[inline]
    pub fn event(&mut self, fact: &Fact<'_>, out: &mut Vec<Finding>) {
        self.clock.advance(fact.received);
        if fact.applied == Applied::Refused || self.stopped {
            return;
        }
        let clock = self.clock.read(false);
        self.heard = Some(Heard { at: fact.received, base: clock.now, lost: clock.lost });
        if !self.index.streams.is_empty() || !self.absences(fact.kind).is_empty() {
            self.is_heard(fact, out);
        }
        if matches!(fact.applied, Applied::Duplicate | Applied::Late) {
            return;
        }
        if self.index.filter != 0 {
            match &fact.values {
                Values::None => {}
                Values::Fields(fields) => {
                    for field in *fields {
                        if self.index.may_watch(field.name.as_str())
                            && let Some(number) = field.value.as_number()
                        {
                            self.number(fact, field.name.as_str(), number, out);
                        }
                    }
                }
                Values::Numbers(numbers) => {
                    for (name, number) in numbers.iter() {
                        if self.index.may_watch(name) {
                            self.number(fact, name, *number, out);
                        }
                    }
                }
            }
        }
        match fact.applied {
            Applied::LockChanged { .. } | Applied::PresenceChanged { .. } => self.changed(fact, out),
            _ => {}
        }
        if !self.index.kinds[fact.kind as usize].is_empty() {
            self.of_kind(fact, out);
        }
    }

    /// Notes how the connection stands from a time on.
    pub fn standing(&mut self, standing: Standing<'_>, at: Timestamp, out: &mut Vec<Finding>) {
        self.clock.advance(at);
        self.clock.running = standing == Standing::Live;
        self.catching_up = standing == Standing::CatchingUp;
        self.stopped = standing == Standing::Stopped;
        let Detector { watches, clock, room, connection, .. } = self;
        let mut around = Around { clock, connection, room, out };
        if standing == Standing::Stopped {
            for watch in watches.iter_mut() {
                watch.close(at, "the connection was switched off", &mut around);
                watch.seeded = false;
            }
            self.heard = None;
            return;
        }
        for &position in &self.index.troubles {
            let watch = &mut watches[usize::from(position)];
            let Condition::Connection(condition) = &watch.rule.when else { continue };
            let cause = match (condition.is, standing) {
                (Trouble::NotLive, Standing::NotLive { cause })
                | (Trouble::NeedsCredential, Standing::NeedsCredential { cause })
                | (Trouble::Refused, Standing::Refused { cause }) => Some(cause),
                _ => None,
            };
            match cause {
                Some(cause) => {
                    let cause = Some(clip(cause, SUBJECT)).filter(|cause| !cause.is_empty());
                    watch.holds(connection, Found { cause, again: Again::Cause, ..Found::since(at) }, &mut around);
                }
                None => watch.over(connection, at, || format!("the connection {}", standing.says()), &mut around),
            }
        }
    }

    /// Notes when the connection's credential ends; `None` when it does not say.
    pub fn credential_ends(&mut self, at: Option<Timestamp>, now: Timestamp, out: &mut Vec<Finding>) {
        self.clock.advance(now);
        self.credential = Some(at);
        self.judge_credential(now, out);
    }

    /// How many events and subjects were not taken into account because there was no room.
    pub fn dropped(&self) -> u64 {
        self.room.dropped + self.durations.dropped
    }

    /// How many subjects of rules are known.
    pub fn len(&self) -> usize {
        self.room.entries
    }

    /// Whether nothing is known of any subject.
    pub fn is_empty(&self) -> bool {
        self.room.entries == 0
    }

    /// How often the clock was seen to jump.
    pub fn clock_jumps(&self) -> u64 {
        self.clock.jumps
    }

    #[inline]
    fn absences(&self, kind: Kind) -> &[u16] {
        entity(kind).map_or(&[], |entity| &self.index.absences[entity])
    }

    /// How long ago a fact was so when it came: told only while what was missed is fetched. Else the difference of the
    /// two clocks would be taken for the age of what is fresh.
    fn lag(&self, fact: &Fact<'_>) -> i64 {
        if self.catching_up { fact.received.since(fact.time()) } else { 0 }
    }
}

impl Standing<'_> {
    fn says(self) -> &'static str {
        match self {
            Standing::Live | Standing::CatchingUp => "is live",
            Standing::NotLive { .. } => "is tried again",
            Standing::NeedsCredential { .. } => "needs a credential",
            Standing::Refused { .. } => "was refused",
            Standing::Stopped => "was switched off",
        }
    }
}

impl Found<'_> {
    fn since(since: Timestamp) -> Self {
        let again = Again::Never;
        Found { since, held: 0, value: None, threshold: None, fact: None, name: None, area: None, cause: None, again }
    }
}

impl Index {
    fn new(watches: &[Watch]) -> Self {
        let mut index = Index {
            kinds: std::array::from_fn(|_| Positions::new()),
            locks: Positions::new(),
            presences: Default::default(),
            absences: Default::default(),
            streams: Positions::new(),
            fields: Vec::new(),
            filter: 0,
            slow: Positions::new(),
            troubles: Positions::new(),
        };
        for (position, watch) in watches.iter().enumerate() {
            let position = position as u16;
            let mut kinds: Vec<Kind> = Vec::new();
            match &watch.rule.when {
                Condition::Event(event) => kinds.extend(event.kinds.iter().chain(&event.until)),
                Condition::Count(count) => kinds.extend(&count.kinds),
                Condition::Threshold(threshold) => {
                    index.filter |= bit(&threshold.field);
                    match index.fields.iter_mut().find(|(name, _)| **name == *threshold.field) {
                        Some((_, positions)) => positions.push(position),
                        None => {
                            index.fields.push((threshold.field.as_str().into(), Positions::from_slice(&[position])))
                        }
                    }
                }
                Condition::Absence(absence) => match absence.of {
                    Entity::Stream => index.streams.push(position),
                    Entity::Device => index.absences[0].push(position),
                    Entity::Host => index.absences[1].push(position),
                    Entity::Agent => index.absences[2].push(position),
                },
                Condition::State(state) => match state.is {
                    State::Unlocked | State::LockUnknown => index.locks.push(position),
                    State::DeviceOffline => index.presences[0].push(position),
                    State::HostOffline => index.presences[1].push(position),
                    State::AgentOffline => index.presences[2].push(position),
                },
                Condition::SlowJob(_) => {
                    index.slow.push(position);
                    kinds.extend([Kind::JobScheduled, Kind::JobStarted, Kind::JobCompleted, Kind::JobFailed]);
                }
                Condition::Connection(connection) => match connection.is {
                    Trouble::Overflow => kinds.push(Kind::StreamWarning),
                    Trouble::CredentialEnds => {}
                    _ => index.troubles.push(position),
                },
                Condition::Issued(_) => kinds.push(Kind::SignalReceived),
            }
            kinds.sort_unstable();
            kinds.dedup();
            for kind in kinds {
                index.kinds[kind as usize].push(position);
            }
        }
        index
    }

    #[inline]
    fn may_watch(&self, field: &str) -> bool {
        self.filter & bit(field) != 0
    }
}

#[inline]
fn bit(field: &str) -> u64 {
    let first = field.as_bytes().first().copied().unwrap_or(0);
    1 << ((field.len() as u64).wrapping_mul(7).wrapping_add(u64::from(first)) % 64)
}

/// What a kind of event is heard of, as a position in the index.
#[inline]
fn entity(kind: Kind) -> Option<usize> {
    match kind {
        Kind::DeviceTelemetry | Kind::DevicePresence | Kind::DeviceLocked | Kind::DeviceUnlocked => Some(0),
        Kind::HostOnline | Kind::HostOffline | Kind::HostEnrolled => Some(1),
        Kind::AgentOnline | Kind::AgentOffline | Kind::AgentUpdated => Some(2),
        _ => None,
    }
}
