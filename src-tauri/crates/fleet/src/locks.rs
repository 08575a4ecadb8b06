//! Locks: their state, how it came about, and what happened to them.

use std::collections::VecDeque;

use compact_str::CompactString;
use protocol::{Timestamp, Value};
use secrecy::SecretString;

use crate::applied::{Applied, supersedes};
use crate::bounds::Bounds;
use crate::devices::{Device, Heard, NEVER};
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
#[derive(Debug)]
pub struct Locking {
    /// Since when it is in its state, and when that was last told; [`NEVER`] before anything was told.
    since: Timestamp,
    confirmed: Timestamp,
    log: Option<Box<LockLog>>,
    pub(crate) source: Option<u16>,
    pub(crate) state: LockState,
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

impl Default for Locking {
    fn default() -> Self {
        Locking { since: NEVER, confirmed: NEVER, log: None, source: None, state: LockState::Unknown }
    }
}

impl Locking {
    /// The state.
    pub fn state(&self) -> LockState {
        self.state
    }

    /// Since when it is in that state, by the service's clock; `None` when nothing was ever said.
    pub fn since(&self) -> Option<Timestamp> {
        self.is_told().then_some(self.since)
    }

    /// When the state was last told.
    pub fn confirmed(&self) -> Option<Timestamp> {
        self.is_told().then_some(self.confirmed)
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

    fn is_told(&self) -> bool {
        self.confirmed != NEVER
    }

    /// Takes a report of the state; says whether it changed.
    pub(crate) fn report(&mut self, state: LockState, source: u16, heard: Heard) -> bool {
        if !supersedes(heard.at, self.confirmed, heard.received) {
            return false;
        }
        if self.state == state && self.is_told() {
            // A report confirms: it does not take the place of the card or key that made the state.
            self.confirmed = heard.at;
            return false;
        }
        let changed = self.state != state;
        self.state = state;
        self.source = Some(source);
        (self.since, self.confirmed) = (heard.at, heard.at);
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
        if !supersedes(heard.at, self.confirmed, heard.received) {
            return Applied::Late;
        }
        let from = self.state;
        let to = if lock.locked { LockState::Locked } else { LockState::Unlocked };
        if from != to {
            self.since = heard.at;
        }
        self.confirmed = heard.at;
        self.state = to;
        self.source = source;
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
