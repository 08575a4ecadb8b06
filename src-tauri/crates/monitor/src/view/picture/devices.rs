//! Devices: the table, the board, a page for each.

use serde::Serialize;
use ts_rs::TS;

use super::{Cell, Rows, Severity};
use crate::view::{DevicePlace, Millis};

/// What is known of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Lock {
    /// Closed.
    Locked,
    /// Open.
    Unlocked,
    /// Nobody has said.
    Unknown,
}

/// A device in the table or on the board.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its hardware id.
    pub id: String,
    /// Whether it is online; null when nobody has said.
    pub online: Option<bool>,
    /// Since when.
    pub online_since: Option<Millis>,
    /// Its lock.
    pub lock: Lock,
    /// Since when.
    pub lock_since: Option<Millis>,
    /// How it came to that: `rfid`, `keypad`, `key`, `remote`, `report`.
    pub lock_source: Option<String>,
    /// The values of the wanted columns, in their order; null where the device has no such field.
    pub cells: Vec<Cell>,
    /// When anything last came.
    pub updated_at: Option<Millis>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// The devices screen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DevicesPicture {
    /// The rows in sight.
    pub devices: Rows<DeviceRow>,
    /// Every field name seen, for choosing columns.
    pub fields: Vec<String>,
}

/// A device's page.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DevicePage {
    /// Its row, with no cells.
    pub device: DeviceRow,
    /// Where it is; null when it has told no position, or one that is none.
    pub place: Option<DevicePlace>,
    /// Its fields.
    pub fields: Vec<FieldRow>,
    /// Lock events, the latest first.
    pub locks: Vec<LockRow>,
}

/// A field of a device.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldRow {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Cell,
    /// The time of the value.
    pub at: Millis,
    /// Whether it has a series to draw.
    pub charted: bool,
    /// What rules compare it with.
    pub thresholds: Vec<ThresholdRow>,
}

/// A value that an enabled rule compares a number with.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThresholdRow {
    /// The number's name.
    pub field: String,
    /// The rule's name.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The value.
    pub value: f64,
    /// Whether the rule fires over it, or else under it.
    pub above: bool,
}

/// A lock event.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LockRow {
    /// Its number within the device.
    pub number: u32,
    /// When.
    pub at: Millis,
    /// Locked, or else unlocked.
    pub locked: bool,
    /// `rfid`, `keypad`, `key`, `remote`.
    pub source: Option<String>,
    /// Whether it came with a code, which a click reveals.
    pub has_code: bool,
}
