//! What travels to the page: what changed of a picture since the frame that the page has.

use serde::Serialize;
use ts_rs::TS;

use super::Millis;
use super::picture::*;

/// One pull's answer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// This frame's number; the page sends it back as `have`.
    pub number: u32,
    /// Whether the page has to forget what it holds: this frame is everything.
    pub whole: bool,
    /// The backend's clock.
    pub now: Millis,
    /// The rail; null when unchanged.
    pub rail: Option<Rail>,
    /// All connections; null when unchanged.
    pub chips: Option<Vec<Chip>>,
    /// Where the window is to go, told once: a notification was clicked.
    pub go: Option<Target>,
    /// What the window is to announce itself, told once: it is in front, so the desktop shows no notification over it.
    pub announced: Vec<Announced>,
    /// The keys of what was announced and is over, told once and before `announced`.
    pub taken_back: Vec<String>,
    /// The screen.
    pub screen: ScreenFrame,
}

/// What the window announces in place of a native notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Announced {
    /// What it is about: it is taken back under this key.
    pub key: String,
    /// One line.
    pub title: String,
    /// A few lines; empty for none.
    pub text: String,
    /// How bad.
    pub severity: Severity,
    /// What it is about; null when nothing can be opened.
    pub target: Option<Target>,
}

/// What changed of a screen. Every null means unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "screen")]
pub enum ScreenFrame {
    /// Overview.
    Overview {
        /// The tiles.
        tiles: Option<Box<Tiles>>,
        /// What needs the operator, the worst first.
        attention: Option<Vec<Attention>>,
        /// The latest events that matter.
        latest: RowsFrame<EventRow>,
        /// What happened while the program was not running; null when nothing is to be told.
        away: Option<Box<Away>>,
    },
    /// The alerts.
    Alerts {
        /// The rows in sight.
        alerts: RowsFrame<AlertRow>,
        /// The groups.
        groups: Option<Vec<AlertGroup>>,
        /// How many there are.
        counts: Option<AlertCounts>,
        /// The silences in force.
        silences: Option<Vec<SilenceRow>>,
        /// The names of the rules that have alerts.
        rules: Option<Vec<String>>,
        /// What could not be read.
        problem: Option<String>,
    },
    /// One alert; its page is null when unchanged.
    Alert {
        /// Whether there is such an alert.
        found: bool,
        /// Its page.
        page: Option<Box<AlertPage>>,
    },
    /// The rules.
    Rules {
        /// The page.
        page: Option<Box<RulesPage>>,
    },
    /// The devices.
    Devices {
        /// The rows in sight.
        devices: RowsFrame<DeviceRow>,
        /// Every field name seen.
        fields: Option<Vec<String>>,
    },
    /// One device; its page is null when unchanged.
    Device {
        /// Whether there is such a device.
        found: bool,
        /// Its page.
        page: Option<Box<DevicePage>>,
    },
    /// The jobs.
    Jobs {
        /// The page.
        page: Option<Box<JobsPage>>,
    },
    /// One job; its page is null when unchanged.
    Job {
        /// Whether there is such a job.
        found: bool,
        /// Its page.
        page: Option<Box<JobPage>>,
    },
    /// A job definition; its page is null when unchanged.
    Definition {
        /// Whether there is such a definition.
        found: bool,
        /// Its page.
        page: Option<Box<DefinitionPage>>,
    },
    /// An actor; its page is null when unchanged.
    Actor {
        /// Whether there is such an actor.
        found: bool,
        /// Its page.
        page: Option<Box<ActorPage>>,
    },
    /// A live query.
    LiveQuery {
        /// Whether there is such a query.
        found: bool,
        /// The query.
        query: Option<LiveQueryRow>,
        /// The columns.
        columns: Option<Vec<String>>,
        /// The nodes in sight.
        nodes: RowsFrame<NodeRow>,
    },
    /// The agents.
    Agents {
        /// The page.
        page: Option<Box<AgentsPage>>,
    },
    /// The hosts.
    Hosts {
        /// The hosts in sight.
        hosts: RowsFrame<HostRow>,
        /// The latest runs.
        runs: Option<Vec<RunRow>>,
        /// The orgs that can be asked.
        orgs: Option<Vec<OrgRow>>,
        /// The run in the console; null when there is none.
        run: Option<Box<RunFrame>>,
    },
    /// The signals.
    Signals {
        /// The page.
        page: Option<Box<SignalsPage>>,
    },
    /// The events.
    Events {
        /// The rows in sight.
        events: RowsFrame<EventRow>,
        /// How many came after the held moment.
        newer: u32,
        /// Events that are too old to be kept here.
        forgotten: u64,
        /// Whether the history holds more of a past span than was looked at.
        more: bool,
        /// How much of a past span was recorded; null where all of it was.
        recorded: Option<Recorded>,
        /// What of the filter was not understood.
        problem: Option<String>,
    },
    /// The connections.
    Connections {
        /// The cards.
        cards: Option<Vec<ConnectionCard>>,
        /// More on the one that is open.
        detail: Option<Box<ConnectionDetail>>,
        /// Those that were removed and can be taken back, the latest first.
        removed: Option<Vec<RemovedRow>>,
    },
    /// No screen's content.
    Nothing,
}

/// What changed of a query run's table.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunFrame {
    /// The run.
    pub run: Option<RunRow>,
    /// The columns.
    pub columns: Option<Vec<String>>,
    /// The rows in sight.
    pub rows: RowsFrame<ResultRow>,
    /// Every host's outcome.
    pub outcomes: Option<Vec<OutcomeRow>>,
}

/// What changed of a window into a list.
///
/// The page keeps rows by key. After a frame it has exactly the rows that `order` names; those in `changed` replace
/// or add, all others are as before.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowsFrame<T> {
    /// How many there are in scope.
    pub total: u32,
    /// How many the filter lets through.
    pub matching: u32,
    /// How many come before the first row here.
    pub offset: u32,
    /// Whether some stand elsewhere than in their order, as they are held.
    pub moved: bool,
    /// The keys in sight, in order; null when unchanged.
    pub order: Option<Vec<String>>,
    /// Rows that are new or changed.
    pub changed: Vec<T>,
}
