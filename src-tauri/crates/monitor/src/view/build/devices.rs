//! The devices screen and a device's page.

use fleet::{Device, Devices, FieldValue, LockState};
use protocol::Protocol;

use super::table::{Key, in_sight};
use super::{Sight, count, places};
use crate::view::filter::{Filter, Term, contains, same};
use crate::view::picture::{Cell, DevicePage, DeviceRow, DevicesPicture, FieldRow, Lock, LockRow, Rows};
use crate::view::{Millis, TableSpec};
use crate::watched::Watched;

/// Words that may stand before a colon in the filter of devices.
pub(super) const KEYS: [&str; 3] = ["online", "lock", "connection"];

/// The devices in sight.
pub fn devices(sight: &Sight<'_>, table: &TableSpec, columns: &[String]) -> DevicesPicture {
    let filter = Filter::parse(&table.filter, &KEYS);
    let column = table.sort.as_ref().map_or("id", |sort| sort.column.as_str());
    let mut found: Vec<(Key, (usize, usize))> = Vec::new();
    let mut total = 0;
    let mut fields: Vec<String> = Vec::new();
    for (place, watched) in sight.of(Protocol::Iotee) {
        let part = watched.part.lock();
        let devices = &part.state.devices;
        total += devices.len();
        let sorting = Sorting::by(column, devices);
        let mut named = vec![false; devices.names().words().len()];
        for (position, device) in devices.rows().iter().enumerate() {
            device.fields().iter().for_each(|field| named[usize::from(field.name())] = true);
            if filter.matches(|term| holds(term, device, devices, watched.name())) {
                found.push((sorting.key(device, watched.name()), (place, position)));
            }
        }
        let words = devices.names().words().iter().zip(named).filter(|(_, named)| *named);
        fields.extend(words.map(|(word, _)| word.to_string()));
    }
    fields.sort_unstable();
    fields.dedup();
    let matching = found.len();
    let (offset, moved, seen) =
        in_sight(found, table, |key| sight.find(Protocol::Iotee, key, |id, part| part.state.devices.position(id)));
    let mut rows = Vec::with_capacity(seen.len());
    for (place, position) in seen {
        let watched = &sight.connections[place];
        let part = watched.part.lock();
        let Some(device) = part.state.devices.rows().get(position) else { continue };
        rows.push(row(device, &part.state.devices, watched, part.is_stale(), columns));
    }
    DevicesPicture { devices: Rows { total: count(total), matching: count(matching), offset, moved, rows }, fields }
}

/// A device's page. It is looked at, so its numbers get a history even where the budget of series is spent.
pub fn page(watched: &Watched, id: &str) -> Option<DevicePage> {
    let mut part = watched.part.lock();
    let position = part.state.devices.position(id)?;
    part.state.devices.keep_history(position);
    let devices = &part.state.devices;
    let device = devices.rows().get(position)?;
    let mut fields: Vec<FieldRow> = device
        .fields()
        .iter()
        .map(|field| FieldRow {
            name: devices.names().word(field.name()).to_owned(),
            value: cell(&field.value),
            at: field.at.millis(),
            charted: field.value.as_number().is_some(),
            thresholds: Vec::new(),
        })
        .collect();
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    let locks = device
        .locking()
        .history()
        .rev()
        .map(|event| LockRow {
            number: u32::try_from(event.sequence).unwrap_or(u32::MAX),
            at: event.at.millis(),
            locked: event.locked,
            source: event.source.map(|source| devices.names().word(source).to_owned()),
            has_code: event.code.is_some(),
        })
        .collect();
    Some(DevicePage {
        device: row(device, devices, watched, part.is_stale(), &[]),
        place: places::place_of(device, devices.names()),
        fields,
        locks,
    })
}

/// A value as the page shows it.
pub fn cell(value: &FieldValue) -> Cell {
    match value {
        FieldValue::Number(number) => Cell::Number(*number),
        FieldValue::Bool(truth) => Cell::Bool(*truth),
        FieldValue::Text(text) | FieldValue::Json(text) => Cell::Text(text.to_string()),
        FieldValue::Null => Cell::Null,
        FieldValue::Omitted(bytes) => Cell::Text(format!("({bytes} bytes, too large to keep)")),
    }
}

/// A lock's state as the page names it.
pub fn lock(state: LockState) -> Lock {
    match state {
        LockState::Locked => Lock::Locked,
        LockState::Unlocked => Lock::Unlocked,
        LockState::Unknown => Lock::Unknown,
    }
}

fn row(device: &Device, devices: &Devices, watched: &Watched, stale: bool, columns: &[String]) -> DeviceRow {
    DeviceRow {
        key: format!("{}/{}", watched.name(), device.id()),
        connection: watched.name().to_owned(),
        id: device.id().to_owned(),
        online: device.online(),
        online_since: device.presence_since().map(|at| at.millis()),
        lock: lock(device.lock()),
        lock_since: device.locking().since().map(|at| at.millis()),
        lock_source: devices.lock_source(device).map(str::to_owned),
        cells: columns
            .iter()
            .map(|column| devices.field(device, column).map_or(Cell::Null, |field| cell(&field.value)))
            .collect(),
        updated_at: heard(device),
        stale,
    }
}

fn heard(device: &Device) -> Option<Millis> {
    Some(device.heard().millis()).filter(|&at| at > 0)
}

/// What the devices are sorted by, with the field's number looked up once.
enum Sorting {
    Id,
    Connection,
    Online,
    Lock,
    LockSince,
    Updated,
    Field(Option<u16>),
}

impl Sorting {
    fn by(column: &str, devices: &Devices) -> Self {
        match column {
            "id" => Sorting::Id,
            "connection" => Sorting::Connection,
            "online" => Sorting::Online,
            "lock" => Sorting::Lock,
            "lockSince" => Sorting::LockSince,
            "updatedAt" => Sorting::Updated,
            field => Sorting::Field(devices.names().number(field)),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "times in ms fit a float's 53 bits")]
    fn key(&self, device: &Device, connection: &str) -> Key {
        match self {
            Sorting::Id => Key::text(Some(device.id())),
            Sorting::Connection => Key::text(Some(connection)),
            Sorting::Online => Key::number(device.online().map(|online| f64::from(u8::from(online)))),
            // Open locks first, then those of which nothing is known.
            Sorting::Lock => Key::Number(match device.lock() {
                LockState::Unlocked => 0.0,
                LockState::Unknown => 1.0,
                LockState::Locked => 2.0,
            }),
            Sorting::LockSince => Key::number(device.locking().since().map(|at| at.millis() as f64)),
            Sorting::Updated => Key::number(heard(device).map(|at| at as f64)),
            Sorting::Field(name) => match name.and_then(|name| device.field(name)).map(|field| &field.value) {
                Some(FieldValue::Text(text)) => Key::text(Some(text)),
                Some(value) => Key::number(value.as_number()),
                None => Key::Missing,
            },
        }
    }
}

/// Whether a term of a filter holds for a device.
pub(super) fn holds(term: &Term, device: &Device, devices: &Devices, connection: &str) -> bool {
    match term {
        Term::Word(word) => {
            contains(device.id(), word)
                || contains(connection, word)
                || device
                    .fields()
                    .iter()
                    .any(|field| matches!(&field.value, FieldValue::Text(text) if contains(text, word)))
        }
        Term::Is(key, value) => match key.as_str() {
            "online" => match device.online() {
                Some(true) => value == "yes",
                Some(false) => value == "no",
                None => value == "unknown",
            },
            "lock" => device.lock().name() == value,
            _ => contains(connection, value),
        },
        Term::Compare(name, comparison, number) => devices
            .field(device, name)
            .and_then(|field| field.value.as_number())
            .is_some_and(|value| comparison.holds(value, *number)),
        Term::Same(name, text) => devices.field(device, name).is_some_and(|field| match &field.value {
            FieldValue::Text(value) => same(value, text),
            FieldValue::Bool(value) => *text == value.to_string(),
            _ => false,
        }),
    }
}
