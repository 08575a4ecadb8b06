//! Devices: the fields they report, whether they are there, and their locks.

use std::collections::VecDeque;

use compact_str::CompactString;
use protocol::{Field, Timestamp};
use smallvec::SmallVec;

use crate::applied::{Applied, believed, supersedes};
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::locks::{LockBook, LockState, Locking};
use crate::series::{Gaps, Series, SeriesBudget, Unit};
use crate::table::{Names, Row, Table, clip};
use crate::values::FieldValue;

/// The field that tells a lock's state: 1 or true is locked, 0 or false unlocked, anything else unknown.
const LOCK_STATUS: &str = "lock_status";

/// How many devices may have series on demand at once.
const ON_DEMAND: usize = 64;

/// All devices of a connection.
#[derive(Debug)]
pub struct Devices {
    table: Table<Device>,
    names: Names,
    lock_status: Option<u16>,
    report: u16,
    locks: LockBook,
    on_demand: SeriesBudget,
    wanted: VecDeque<u32>,
    online: usize,
    offline: usize,
    by_lock: [usize; 2],
    fields: usize,
    values_bytes: usize,
    version: u64,
    bounds: Bounds,
}

/// A device.
// With many devices the cost of an event is to reach the memory of its device: the first fields stand in the device
// itself, so that one step leads to all of it.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Device {
    id: CompactString,
    heard: Timestamp,
    version: u64,
    fields: SmallVec<[FieldState; INLINE]>,
    pub(crate) locking: Locking,
    presence: Presence,
    /// [`NEVER`] until it is told.
    last_responded: Timestamp,
}

/// Fields that a device has room for without another allocation: the documented ones and one more.
const INLINE: usize = 6;

/// Before all times.
pub(crate) const NEVER: Timestamp = Timestamp(i64::MIN);

#[derive(Debug, Clone, Copy)]
struct Presence {
    online: Option<bool>,
    since: Timestamp,
    at: Timestamp,
}

/// What is known of one field of a device.
#[derive(Debug)]
pub struct FieldState {
    /// Its newest value.
    pub value: FieldValue,
    /// The time of that value, by the service's clock where it says one.
    pub at: Timestamp,
    /// Its numbers over time; empty for fields that are no numbers.
    pub series: Series,
    name: u16,
}

impl Devices {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        let mut names = Names::new(bounds.names.max(2));
        let lock_status = names.intern(LOCK_STATUS);
        let report = names.intern("report").unwrap_or(0);
        Devices {
            table: Table::new(bounds.devices),
            names,
            lock_status,
            report,
            locks: LockBook::new(bounds),
            on_demand: SeriesBudget::new(bounds.series_bytes_on_demand),
            wanted: VecDeque::new(),
            online: 0,
            offline: 0,
            by_lock: [0; 2],
            fields: 0,
            values_bytes: 0,
            version: 0,
            bounds: *bounds,
        }
    }

    /// All devices; a device keeps its position.
    pub fn rows(&self) -> &[Device] {
        self.table.rows()
    }

    /// How many devices there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The device of a hardware id.
    pub fn get(&self, id: &str) -> Option<&Device> {
        self.table.get(id)
    }

    /// The position of a hardware id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.table.position("", id)
    }

    /// Names of fields and lock sources.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// A field of a device by its name.
    pub fn field<'d>(&self, device: &'d Device, name: &str) -> Option<&'d FieldState> {
        device.field(self.names.number(name)?)
    }

    /// Devices that said they are online.
    pub fn online(&self) -> usize {
        self.online
    }

    /// Devices that said they are offline.
    pub fn offline(&self) -> usize {
        self.offline
    }

    /// Devices in a lock state.
    pub fn in_lock_state(&self, state: LockState) -> usize {
        match state {
            // What never said a word of a lock is unknown too.
            LockState::Unknown => self.len() - self.by_lock[0] - self.by_lock[1],
            LockState::Locked => self.by_lock[0],
            LockState::Unlocked => self.by_lock[1],
        }
    }

    /// By how a lock came into its state: `rfid`, `keypad`, `key`, `remote`, or `report` when telemetry told it.
    pub fn lock_source<'s>(&'s self, device: &Device) -> Option<&'s str> {
        device.locking.source.map(|source| self.names.word(source))
    }

    /// Grows with each change of any device.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Lets the numbers of a device have a history from here on although the budget of series is spent; of those that
    /// were let in this way, the one that was asked for longest ago is given up when there are too many.
    pub fn keep_history(&mut self, position: usize) {
        if self.table.at(position).is_none() {
            return;
        }
        let wanted = position as u32;
        if let Some(known) = self.wanted.iter().position(|&row| row == wanted) {
            self.wanted.remove(known);
        } else if !self.table.at_mut(position).fields.iter().any(|field| field.series.is_denied()) {
            return;
        }
        self.wanted.push_back(wanted);
        while self.wanted.len() > ON_DEMAND {
            self.forget_oldest_wanted();
        }
        loop {
            let budget = &mut self.on_demand;
            let device = self.table.at_mut(position);
            let all = device.fields.iter_mut().filter(|field| field.series.is_denied()).all(|f| f.series.lend(budget));
            if all || self.wanted.len() <= 1 {
                return;
            }
            self.forget_oldest_wanted();
        }
    }

    fn forget_oldest_wanted(&mut self) {
        if let Some(oldest) = self.wanted.pop_front() {
            for field in &mut self.table.at_mut(oldest as usize).fields {
                field.series.withdraw(&mut self.on_demand);
            }
        }
    }

    pub(crate) fn telemetry(
        &mut self,
        id: &str,
        fields: &[Field<'_>],
        last_responded: Option<Timestamp>,
        heard: Heard,
        budget: &mut SeriesBudget,
        counters: &mut Counters,
    ) -> Applied {
        let Some(position) = self.row(id, heard.received, counters) else { return Applied::Refused };
        self.version += 1;
        let Heard { at, received, .. } = heard;
        let slot = Unit::Second.slot(believed(at, received));
        let Devices { table, names, bounds, version, values_bytes, fields: count, .. } = self;
        let device = table.at_mut(position);
        device.version = *version;
        device.heard = device.heard.max(received);
        if let Some(responded) = last_responded {
            device.last_responded = device.last_responded.max(responded);
        }
        let mut status = None;
        let mut late = false;
        for (hint, field) in fields.iter().enumerate() {
            let name = field.name.as_str();
            let found = match device.fields.get(hint) {
                Some(state) if names.word(state.name) == name => hint,
                _ => match device.place(names, name, *count, bounds) {
                    Some((place, new)) => {
                        *count += usize::from(new);
                        place
                    }
                    None => {
                        counters.drop(Cause::Fields, 1);
                        continue;
                    }
                },
            };
            let state = &mut device.fields[found];
            if let Some(number) = field.value.as_number() {
                state.series.push(number, slot, budget);
            }
            if !supersedes(at, state.at, received) {
                late = true;
                continue;
            }
            state.at = at;
            state.value.set(&field.value, values_bytes, bounds, counters);
            if Some(state.name) == self.lock_status {
                status = Some(LockState::reported(&field.value));
            }
        }
        if let Some(state) = status {
            let before = device.locking.state;
            if device.locking.report(state, self.report, heard) {
                count_lock(&mut self.by_lock, before, state);
                return Applied::LockChanged { from: before, to: state, by_event: false };
            }
        }
        if late { Applied::Late } else { Applied::Taken }
    }

    pub(crate) fn presence(
        &mut self,
        presence: &protocol::event::Presence<'_>,
        heard: Heard,
        budget: &mut SeriesBudget,
        counters: &mut Counters,
    ) -> Applied {
        let fields = self.telemetry(&presence.device, presence.fields, None, heard, budget, counters);
        let (Some(online), Some(position)) = (presence.online, self.position(&presence.device)) else { return fields };
        let device = self.table.at_mut(position);
        let before = device.presence;
        if !supersedes(heard.at, before.at, heard.received) {
            return Applied::Late;
        }
        // A repeated presence confirms, it does not restart.
        let changed = before.online != Some(online);
        let since = if changed { heard.at } else { before.since };
        device.presence = Presence { online: Some(online), since, at: heard.at };
        if changed {
            self.online = self.online + usize::from(online) - usize::from(before.online == Some(true));
            self.offline = self.offline + usize::from(!online) - usize::from(before.online == Some(false));
        }
        if changed { Applied::PresenceChanged { online } } else { fields }
    }

    pub(crate) fn lock(&mut self, lock: &protocol::event::Lock<'_>, heard: Heard, counters: &mut Counters) -> Applied {
        let Some(position) = self.row(&lock.device, heard.received, counters) else { return Applied::Refused };
        let source = lock.source.as_deref().and_then(|source| self.names.intern(clip(source, self.bounds.id_bytes)));
        let device = self.table.at_mut(position);
        let before = device.locking.state;
        let applied = device.locking.event(lock, source, heard, &mut self.locks);
        if applied == Applied::Duplicate {
            return applied;
        }
        count_lock(&mut self.by_lock, before, device.locking.state);
        device.heard = device.heard.max(heard.received);
        self.version += 1;
        device.version = self.version;
        let dropped = self.locks.make_room(self.table.rows_mut(), position);
        counters.drop(Cause::LockEvents, dropped);
        applied
    }

    fn row(&mut self, id: &str, received: Timestamp, counters: &mut Counters) -> Option<usize> {
        if let Some(position) = self.table.position("", id) {
            return Some(position);
        }
        if self.table.is_full() || id.is_empty() || id.len() > self.bounds.id_bytes {
            counters.drop(Cause::Devices, 1);
            return None;
        }
        Some(self.table.push(Device {
            id: CompactString::from(id),
            fields: SmallVec::new(),
            presence: Presence { online: None, since: NEVER, at: NEVER },
            heard: received,
            last_responded: NEVER,
            version: self.version,
            locking: Locking::default(),
        }))
    }
}

fn count_lock(by_lock: &mut [usize; 2], before: LockState, after: LockState) {
    for (state, count) in [LockState::Locked, LockState::Unlocked].into_iter().zip(by_lock) {
        *count = *count + usize::from(after == state) - usize::from(before == state);
    }
}

/// When an event happened, when it came and which one it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard {
    pub at: Timestamp,
    pub received: Timestamp,
    pub sequence: u64,
}

impl Row for Device {
    fn key(&self) -> (&str, &str) {
        ("", &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}

impl Device {
    /// The hardware id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its fields, in the order they first came.
    pub fn fields(&self) -> &[FieldState] {
        &self.fields
    }

    /// A field by the number of its name, see [`Names::number`].
    pub fn field(&self, name: u16) -> Option<&FieldState> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether it said that it is online, `None` when it never said.
    pub fn online(&self) -> Option<bool> {
        self.presence.online
    }

    /// Since when its presence is what it is.
    pub fn presence_since(&self) -> Option<Timestamp> {
        self.presence.online.map(|_| self.presence.since)
    }

    /// When anything came of it, by our clock.
    pub fn heard(&self) -> Timestamp {
        self.heard
    }

    /// When it last answered, by the service's clock (`last_responded_at`).
    pub fn last_responded(&self) -> Option<Timestamp> {
        (self.last_responded != NEVER).then_some(self.last_responded)
    }

    /// Its lock.
    pub fn locking(&self) -> &Locking {
        &self.locking
    }

    /// The lock's state.
    pub fn lock(&self) -> LockState {
        self.locking.state
    }

    /// The version of all devices at which this one last changed.
    pub fn version(&self) -> u64 {
        self.version
    }

    fn place(&mut self, names: &mut Names, name: &str, count: usize, bounds: &Bounds) -> Option<(usize, bool)> {
        if name.len() > bounds.id_bytes {
            return None;
        }
        let number = names.intern(name)?;
        if let Some(place) = self.fields.iter().position(|field| field.name == number) {
            return Some((place, false));
        }
        if self.fields.len() >= bounds.fields_per_device || count >= bounds.fields {
            return None;
        }
        self.fields.push(FieldState { value: FieldValue::Null, at: NEVER, series: Series::default(), name: number });
        Some((self.fields.len() - 1, true))
    }
}

impl FieldState {
    /// The number of its name, see [`Names::word`].
    pub fn name(&self) -> u16 {
        self.name
    }

    /// What some of its short buckets hold together, see [`Series::sample`].
    pub fn sample(&self, from: u32, slots: u32) -> Option<crate::Sample> {
        self.series.sample(from, slots)
    }

    /// Its numbers from one time to another, see [`Series::read`].
    pub fn read(&self, from: Timestamp, to: Timestamp, points: usize, gaps: &Gaps) -> crate::Columns {
        self.series.read(Unit::Second, from, to, points, gaps)
    }
}

const _: () = assert!(size_of::<Device>() <= 576 && size_of::<FieldState>() == 72, "the cost of many devices");
