//! What a map asks for, and what it is answered: marks of what is in sight and never the whole fleet.
//!
//! Places are in Web Mercator: `x` grows from 0 at 180° W to 1 at 180° E, `y` from 0 in the north to 1 in the south, and
//! neither is ever a picture's pixel.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Millis, Scope};

/// The most marks that one answer holds.
pub const MOST_MARKS: usize = 2_000;
/// The most rows that one answer lists.
pub const MOST_LISTED: u32 = 200;

/// Which places a map wants, and of which part of the world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlacesSpec {
    /// Which connections count.
    pub scope: Scope,
    /// What is placed.
    pub of: PlacesOf,
    /// What is in sight, with as much around it as is to be there when the map is dragged.
    pub area: Area,
    /// The width that stands for one mark: what is nearer to each other than that is told together.
    pub cell: f64,
    /// The `version` of the marks that the page has; 0 asks for them in any case.
    pub have: u32,
    /// What is to be listed one by one.
    pub list: Option<ListSpec>,
    /// A device that the map stays on.
    pub follow: Option<FollowSpec>,
}

/// What is placed on a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum PlacesOf {
    /// Devices, by the position that they told last.
    Devices {
        /// As the filter of the devices' table.
        filter: String,
    },
    /// Signals and standing alerts; of what moves only where it was last.
    Signals {
        /// Only this stream.
        stream: Option<String>,
        /// From 1; 0 takes those without a severity too.
        min_severity: u8,
    },
}

/// A part of the world. Over the antimeridian `west` is below 0 or `east` above 1; it is never wider than the world.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Area {
    /// Its left edge.
    pub west: f64,
    /// Its upper edge.
    pub north: f64,
    /// Its right edge.
    pub east: f64,
    /// Its lower edge.
    pub south: f64,
}

/// What is listed one by one, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListSpec {
    /// What lies in this part of the world.
    pub area: Area,
    /// The most rows wanted; 200 at the most are given.
    pub limit: u32,
}

/// A device that a map follows, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FollowSpec {
    /// Its connection.
    pub connection: String,
    /// Its hardware id.
    pub id: String,
}

/// What a map shows.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Changes with the marks.
    pub version: u32,
    /// The marks in the area; null when they are those that the page has.
    pub marks: Option<Vec<PlaceMark>>,
    /// How many there are in scope.
    pub total: u32,
    /// How many of them the filter lets through.
    pub matching: u32,
    /// How many of those have told no position.
    pub unplaced: u32,
    /// How many of those have told a position that is none: out of range, or 0° 0′, which receivers tell that have no fix.
    pub misplaced: u32,
    /// The least part of the world that holds all that match and have a place.
    pub extent: Option<Area>,
    /// What was to be listed.
    pub list: Option<PlaceList>,
    /// The device that is followed, whatever the filter; null when none is, when it is not in scope and when it has no place.
    pub followed: Option<Followed>,
}

/// A device that a map follows.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Followed {
    /// Where it is, and how it is.
    pub row: PlaceRow,
    /// The fields that tell latitude and longitude, of which each has a series.
    pub fields: (String, String),
}

/// The rows of a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceList {
    /// How many there are.
    pub total: u32,
    /// How many of each state, as `counts` of a mark.
    pub counts: Vec<u32>,
    /// The first of them.
    pub rows: Vec<PlaceRow>,
}

/// One mark: a single thing, or several that are near to each other.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceMark {
    /// The centre of mass.
    pub x: f64,
    /// The centre of mass.
    pub y: f64,
    /// How many there are in each state, the worst state first: of devices unlocked, unknown, offline, locked; of signals
    /// severity 5 to 1, none.
    pub counts: Vec<u32>,
    /// How many of them come from a connection that is not live.
    pub stale: u32,
    /// How many of them are standing alerts.
    pub standing: u32,
    /// What holds all of them; null for a single one.
    pub extent: Option<Area>,
    /// The single one.
    pub one: Option<PlaceRow>,
}

/// A thing with a place.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceRow {
    /// Unique on a map, and the same from answer to answer.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// A device's hardware id, a signal's stream.
    pub id: String,
    /// A device's hardware id, a signal's title.
    pub title: String,
    /// More words of a signal.
    pub text: Option<String>,
    /// Its state, as an index into `counts` of a mark.
    pub state: u8,
    /// Since when it is so; when a signal happened.
    pub since: Option<Millis>,
    /// When the position was told.
    pub told: Option<Millis>,
    /// Whether it is as last heard: its connection is not live, or has not said since a gap that an alert stands.
    pub stale: bool,
    /// Whether it is an alert that is issued and not cleared.
    pub standing: bool,
    /// Its place.
    pub x: f64,
    /// Its place.
    pub y: f64,
}

/// Where a device is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DevicePlace {
    /// Its latitude in degrees.
    pub lat: f64,
    /// Its longitude in degrees.
    pub long: f64,
    /// Its place on a map.
    pub x: f64,
    /// Its place on a map.
    pub y: f64,
    /// When it was told.
    pub at: Millis,
    /// The fields that tell latitude and longitude, of which each has a series.
    pub fields: (String, String),
}

/// Whether map tiles are used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TilesState {
    /// The name of the server; null when none is set, and nothing is asked.
    pub server: Option<String>,
    /// Whom the server wants named.
    pub attribution: Option<String>,
    /// What is wrong with the latest tile, as a sentence.
    pub problem: Option<String>,
}
