//! Overview, and the counts beside the rail.

use serde::Serialize;
use ts_rs::TS;

use super::{Away, EventRow, Rows, Severity, SilenceRow, Target};
use crate::view::Millis;

/// Counts beside the rail's entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rail {
    /// Devices that are unlocked.
    pub unlocked: u32,
    /// Jobs that failed in the last hour.
    pub jobs_failed: u32,
    /// Alerts that fire, by severity: critical, high, medium, low; those too that only a mute of everything keeps from being told.
    pub alerts: [u32; 4],
    /// The mute of everything that ends last.
    pub muted: Option<SilenceRow>,
    /// Whether quiet hours are on.
    pub quiet: bool,
    /// What is wrong with the history, as a sentence.
    pub history_problem: Option<String>,
    /// Connections that are enabled and not live.
    pub not_live: u32,
    /// Every connection, live or not.
    pub connections: u32,
    /// The tags in use, for the scope.
    pub tags: Vec<String>,
    /// Whether the demo fleet runs in this window.
    pub demo: bool,
}

/// The tiles of Overview. A count is null where no connection in scope tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tiles {
    /// All devices.
    pub devices: Option<u32>,
    /// Devices online.
    pub devices_online: Option<u32>,
    /// Devices unlocked.
    pub unlocked: Option<u32>,
    /// Devices whose lock is unknown.
    pub lock_unknown: Option<u32>,
    /// Devices with a `battery_voltage` under 11.5 V.
    pub low_battery: Option<u32>,
    /// How many batteries stand at each quarter of a volt from 10 V to 14 V; the first and the last hold what lies beyond.
    pub batteries: Vec<u32>,
    /// The emptiest battery.
    pub emptiest: Option<Emptiest>,
    /// Jobs that run.
    pub jobs_running: Option<u32>,
    /// Jobs completed in the last hour.
    pub jobs_completed_hour: Option<u32>,
    /// Jobs failed in the last hour.
    pub jobs_failed_hour: Option<u32>,
    /// The longest 95th percentile of a definition's times, in ms.
    pub job_p95_ms: Option<f64>,
    /// The definition it is of.
    pub job_slowest: Option<String>,
    /// The latest times of that definition in ms, the oldest first.
    pub job_times: Vec<f64>,
    /// All agents.
    pub agents: Option<u32>,
    /// Agents online or busy.
    pub agents_online: Option<u32>,
    /// All hosts.
    pub hosts: Option<u32>,
    /// Hosts online.
    pub hosts_online: Option<u32>,
    /// Signals kept, by severity from 1 to 5.
    pub signals: Option<[u32; 5]>,
    /// Alerts of the services that stand.
    pub alerts: Option<u32>,
    /// Alerts that fire, by severity: critical, high, medium, low.
    pub firing: [u32; 4],
    /// Those of them that are about a connection which needs attention itself, and stands there in their place.
    pub firing_connections: u32,
    /// Alerts that are open, acknowledged, silenced and stale ones too, by severity: critical, high, medium, low.
    pub open: [u32; 4],
    /// Alerts that are as last heard: their connection is not live, or has not said since whether they hold.
    pub stale_alerts: u32,
    /// Events a second.
    pub rate: f64,
    /// Connections whose part of these counts is not live: the counts are old by that much.
    pub stale: Vec<String>,
}

/// The device with the emptiest battery.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Emptiest {
    /// Its connection.
    pub connection: String,
    /// Its hardware id.
    pub id: String,
    /// Its voltage.
    pub volts: f64,
}

/// Something that needs the operator.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    /// Its key.
    pub key: String,
    /// How bad.
    pub severity: Severity,
    /// An alert as it was heard last, which nothing confirms just now: it comes after all that is known to fire.
    pub stale: bool,
    /// What, as a sentence.
    pub title: String,
    /// More words.
    pub detail: String,
    /// The connection it is on.
    pub connection: String,
    /// Since when.
    pub since: Millis,
    /// Where a click leads.
    pub target: Target,
}

/// Overview.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OverviewPicture {
    /// The tiles.
    pub tiles: Tiles,
    /// What needs the operator, the worst first, of those as bad the one that is open for longest.
    pub attention: Vec<Attention>,
    /// The latest events that matter.
    pub latest: Rows<EventRow>,
    /// What is known of the time while the program was not running, until it is dismissed.
    pub away: Option<Away>,
}
