//! Locks: their state, how it came about, and what happened to them.

use std::collections::VecDeque;

use compact_str::CompactString;
use protocol::{Timestamp, Value};
use secrecy::SecretString;

use crate::applied::{Applied, supersedes};
use crate::bounds::Bounds;
use crate::devices::{Device, Heard};
use crate::table::{clip, clipped};

/// What is known of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LockState {
    /// It is locked.
    Locked,
    /// It is open.
    Unlocked,
    /// Nobody said, or what was said is neither. Never to be shown as locked.
    #[default]
    Unknown,
}

/// A device's lock.
#[derive(Debug, Default)]
pub struct Locking {
    pub(crate) state: LockState,
    pub(crate) source: Option<u16>,
    /// Since when, and when it was last confirmed.
    times: Option<(Timestamp, Timestamp)>,
    log: Option<Box<LockLog>>,
}

/// A lock event that was kept.
#[derive(Debug, Clone)]
pub struct LockEvent {
    /// The service's id of it.
    pub event_id: Option<CompactString>,
    /// When it happened, by the service's clock.
    pub at: Timestamp,
    /// When it came.
    pub received: Timestamp,
    /// The number of the event within the connection, as in [`crate::Recent`].
    pub sequence: u64,
    /// Locked, or else unlocked.
    pub locked: bool,
    /// How: the number of a name, see [`crate::Devices::names`].
    pub source: Option<u16>,
    /// The card's or keypad's code: somebody's secret, to be shown on demand only.
    pub code: Option<SecretString>,
}

/// Where the count of all lock events is kept.
#[derive(Debug)]
pub(crate) struct LockBook {
    kept: usize,
    cap: usize,
    per_device: usize,
    id_bytes: usize,
    hand: usize,
    overflowed: u64,
}

#[derive(Debug, Default)]
struct LockLog {
    /// By time.
    events: VecDeque<LockEvent>,
    /// The id of the event that made the state.
    event_id: Option<CompactString>,
}

impl LockState {
    /// Its word: `locked`, `unlocked`, `unknown`.
    pub const fn name(self) -> &'static str {
        match self {
            LockState::Locked => "locked",
            LockState::Unlocked => "unlocked",
            LockState::Unknown => "unknown",
        }
    }

    /// What a report of a lock's state means: 1 or true is locked, 0 or false unlocked, anything else unknown.
    pub fn reported(value: &Value<'_>) -> Self {
        match value.as_number() {
            Some(1.0) => LockState::Locked,
            Some(0.0) => LockState::Unlocked,
            _ => LockState::Unknown,
        }
    }
}

impl Locking {
    /// The state.
    pub fn state(&self) -> LockState {
        self.state
    }

    /// Since when it is in that state, by the service's clock; `None` when nothing was ever said.
    pub fn since(&self) -> Option<Timestamp> {
        self.times.map(|(since, _)| since)
    }

    /// When the state was last told.
    pub fn confirmed(&self) -> Option<Timestamp> {
        self.times.map(|(_, at)| at)
    }

    /// The id of the event that made the state, where an event did.
    pub fn event_id(&self) -> Option<&str> {
        self.log.as_ref()?.event_id.as_deref()
    }

    /// What happened to it, oldest first, late events in their place.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = &LockEvent> + ExactSizeIterator {
        const NONE: &VecDeque<LockEvent> = &VecDeque::new();
        self.log.as_ref().map_or(NONE, |log| &log.events).iter()
    }

    /// Takes a report of the state; says whether it changed.
    pub(crate) fn report(&mut self, state: LockState, source: u16, heard: Heard) -> bool {
        if self.times.is_some_and(|(_, at)| !supersedes(heard.at, at, heard.received)) {
            return false;
        }
        if self.state == state && self.times.is_some() {
            // A report confirms: it does not take the place of the card or key that made the state.
            self.times = self.times.map(|(since, _)| (since, heard.at));
            return false;
        }
        let changed = self.state != state;
        self.state = state;
        self.source = Some(source);
        self.times = Some((heard.at, heard.at));
        if let Some(log) = &mut self.log {
            log.event_id = None;
        }
        changed
    }

    pub(crate) fn event(
        &mut self,
        lock: &protocol::event::Lock<'_>,
        source: Option<u16>,
        heard: Heard,
        book: &mut LockBook,
    ) -> Applied {
        let log = self.log.get_or_insert_default();
        let event_id = lock.event_id.as_deref().map(|id| clipped(id, book.id_bytes));
        if event_id.is_some() && log.events.iter().any(|known| known.event_id == event_id) {
            return Applied::Duplicate;
        }
        log.insert(
            LockEvent {
                event_id: event_id.clone(),
                at: heard.at,
                received: heard.received,
                sequence: heard.sequence,
                locked: lock.locked,
                source,
                code: lock.code.as_deref().map(|code| SecretString::from(clip(code, book.id_bytes))),
            },
            book,
        );
        if self.times.is_some_and(|(_, at)| !supersedes(heard.at, at, heard.received)) {
            return Applied::Late;
        }
        let from = self.state;
        let to = if lock.locked { LockState::Locked } else { LockState::Unlocked };
        let since = self.times.filter(|_| from == to).map_or(heard.at, |(since, _)| since);
        self.state = to;
        self.source = source;
        self.times = Some((since, heard.at));
        log.event_id = event_id;
        if from == to { Applied::Taken } else { Applied::LockChanged { from, to, by_event: true } }
    }
}

impl LockLog {
    fn insert(&mut self, event: LockEvent, book: &mut LockBook) {
        let position = self.events.partition_point(|known| known.at <= event.at);
        if self.events.len() >= book.per_device {
            book.overflowed += 1;
            if position == 0 {
                return;
            }
            self.events.pop_front();
            self.events.insert(position - 1, event);
        } else {
            self.events.insert(position, event);
            book.kept += 1;
        }
    }
}

impl LockBook {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        LockBook {
            kept: 0,
            cap: bounds.lock_events.max(1),
            per_device: bounds.lock_events_per_device.max(1),
            id_bytes: bounds.id_bytes,
            hand: 0,
            overflowed: 0,
        }
    }

    /// Gives up old events of other devices, each in turn, while there are too many in all; says how many events were
    /// given up since the last call.
    pub(crate) fn make_room(&mut self, devices: &mut [Device], spare: usize) -> u64 {
        let mut looked = 0;
        while self.kept > self.cap && looked <= 2 * devices.len() {
            looked += 1;
            self.hand = (self.hand + 1) % devices.len().max(1);
            if self.hand == spare && looked <= devices.len() {
                continue;
            }
            if let Some(log) = devices.get_mut(self.hand).and_then(|device| device.locking.log.as_mut())
                && log.events.pop_front().is_some()
            {
                self.kept -= 1;
                self.overflowed += 1;
            }
        }
        std::mem::take(&mut self.overflowed)
    }
}
