//! Agents, their tasks and their notifications.

use std::collections::VecDeque;

use compact_str::CompactString;
use protocol::event::AgentChange;
use protocol::{Text, Timestamp};

use crate::applied::{Applied, supersedes};
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::table::{Row, Table, clipped};

/// The agents of a connection.
#[derive(Debug)]
pub struct Agents {
    table: Table<Agent>,
    online: usize,
    busy: usize,
    version: u64,
    bounds: Bounds,
}

/// An agent.
#[derive(Debug, Clone)]
pub struct Agent {
    /// `id`.
    pub id: CompactString,
    /// `name`.
    pub name: Option<CompactString>,
    /// `description`.
    pub description: Option<CompactString>,
    /// Its status.
    pub status: AgentStatus,
    /// Since when that is its status.
    pub since: Option<Timestamp>,
    /// `last_heartbeat`.
    pub last_heartbeat: Option<Timestamp>,
    /// When anything came of it, by our clock.
    pub heard: Timestamp,
    status_at: Timestamp,
}

/// An agent's status.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AgentStatus {
    /// It is there.
    Online,
    /// It is there and at work.
    Busy,
    /// It is not there.
    Offline,
    /// A word that is not known here.
    Other(CompactString),
    /// Nobody said.
    #[default]
    Unknown,
}

/// The tasks of a connection.
#[derive(Debug)]
pub struct Tasks {
    table: Table<Task>,
    version: u64,
    bounds: Bounds,
}

/// A task.
#[derive(Debug, Clone)]
pub struct Task {
    /// `id`.
    pub id: CompactString,
    /// `channel_id`.
    pub channel: Option<CompactString>,
    /// `title`.
    pub title: Option<CompactString>,
    /// `status`.
    pub status: Option<CompactString>,
    /// `priority`.
    pub priority: Option<CompactString>,
    /// `assigned_to`.
    pub assigned_to: Option<CompactString>,
    /// When it last changed.
    pub at: Timestamp,
    heard: Timestamp,
}

/// The last notifications of a connection.
#[derive(Debug)]
pub struct Notifications {
    ring: VecDeque<Notification>,
    version: u64,
    bounds: Bounds,
}

/// A notification of the agent service.
#[derive(Debug, Clone)]
pub struct Notification {
    /// `id`.
    pub id: CompactString,
    /// `type`.
    pub notification_type: Option<CompactString>,
    /// `title`.
    pub title: Option<CompactString>,
    /// `body`.
    pub body: Option<CompactString>,
    /// `recipientId`.
    pub recipient: Option<CompactString>,
    /// When it was made, or came where the service does not say.
    pub at: Timestamp,
}

impl Agents {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Agents { table: Table::new(bounds.agents), online: 0, busy: 0, version: 0, bounds: *bounds }
    }

    /// All agents.
    pub fn rows(&self) -> &[Agent] {
        self.table.rows()
    }

    /// The agent of an id.
    pub fn get(&self, id: &str) -> Option<&Agent> {
        self.table.get(id)
    }

    /// Agents that are there, busy ones among them.
    pub fn online(&self) -> usize {
        self.online
    }

    /// Agents that are busy.
    pub fn busy(&self) -> usize {
        self.busy
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::Agent<'_>,
        heard: Heard,
        counters: &mut Counters,
    ) -> Applied {
        let position = match self.table.position("", &event.agent) {
            Some(position) => position,
            None => {
                if event.agent.is_empty() || event.agent.len() > self.bounds.id_bytes {
                    counters.drop(Cause::Agents, 1);
                    return Applied::Refused;
                }
                let (position, old) = self.table.push_or_replace(Agent::new(&event.agent, heard.received));
                if let Some(old) = old {
                    self.count(&old.status, &AgentStatus::Unknown);
                    counters.drop(Cause::Agents, 1);
                }
                position
            }
        };
        self.version += 1;
        let agent = self.table.at_mut(position);
        agent.heard = agent.heard.max(heard.received);
        agent.last_heartbeat = agent.last_heartbeat.max(event.last_heartbeat);
        if !supersedes(heard.at, agent.status_at, heard.received) {
            return Applied::Late;
        }
        set(&mut agent.name, event.name.as_ref(), self.bounds.id_bytes);
        set(&mut agent.description, event.description.as_ref(), self.bounds.text_bytes);
        let told = event.status.as_deref().map(AgentStatus::of);
        let status = match (event.change, told) {
            // What happened says more than a status written before it.
            (AgentChange::Offline, _) => AgentStatus::Offline,
            (AgentChange::Online, None | Some(AgentStatus::Offline)) => AgentStatus::Online,
            (AgentChange::Online | AgentChange::Updated, Some(status)) => status,
            (AgentChange::Updated, None) => return Applied::Taken,
        };
        agent.status_at = heard.at;
        if agent.status == status {
            return Applied::Taken;
        }
        agent.since = Some(heard.at);
        let before = std::mem::replace(&mut agent.status, status.clone());
        self.count(&before, &status);
        match (before.is_online(), status.is_online()) {
            (before, after) if before == after => Applied::Taken,
            (_, online) => Applied::PresenceChanged { online: online == Some(true) },
        }
    }

    fn count(&mut self, before: &AgentStatus, after: &AgentStatus) {
        let there = |status: &AgentStatus| usize::from(status.is_online() == Some(true));
        let busy = |status: &AgentStatus| usize::from(*status == AgentStatus::Busy);
        self.online = self.online + there(after) - there(before);
        self.busy = self.busy + busy(after) - busy(before);
    }
}

impl Agent {
    fn new(id: &str, heard: Timestamp) -> Self {
        Agent {
            id: id.into(),
            name: None,
            description: None,
            status: AgentStatus::Unknown,
            since: None,
            last_heartbeat: None,
            heard,
            status_at: Timestamp(i64::MIN),
        }
    }
}

impl AgentStatus {
    /// Its word, as the service writes it.
    pub fn name(&self) -> &str {
        match self {
            AgentStatus::Online => "online",
            AgentStatus::Busy => "busy",
            AgentStatus::Offline => "offline",
            AgentStatus::Other(word) => word,
            AgentStatus::Unknown => "unknown",
        }
    }

    /// Whether it says that the agent is there; `None` when it says neither.
    pub fn is_online(&self) -> Option<bool> {
        match self {
            AgentStatus::Online | AgentStatus::Busy => Some(true),
            AgentStatus::Offline => Some(false),
            AgentStatus::Other(_) | AgentStatus::Unknown => None,
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "online" => AgentStatus::Online,
            "busy" => AgentStatus::Busy,
            "offline" => AgentStatus::Offline,
            other => AgentStatus::Other(clipped(other, 64)),
        }
    }
}

impl Tasks {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Tasks { table: Table::new(bounds.tasks), version: 0, bounds: *bounds }
    }

    /// All tasks.
    pub fn rows(&self) -> &[Task] {
        self.table.rows()
    }

    /// The task of an id.
    pub fn get(&self, id: &str) -> Option<&Task> {
        self.table.get(id)
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::Task<'_>,
        heard: Heard,
        counters: &mut Counters,
    ) -> Applied {
        let position = match self.table.position("", &event.task) {
            Some(position) => position,
            None => {
                if event.task.is_empty() || event.task.len() > self.bounds.id_bytes {
                    counters.drop(Cause::Tasks, 1);
                    return Applied::Refused;
                }
                let (position, old) = self.table.push_or_replace(Task {
                    id: event.task.as_str().into(),
                    channel: None,
                    title: None,
                    status: None,
                    priority: None,
                    assigned_to: None,
                    at: heard.at,
                    heard: heard.received,
                });
                counters.drop(Cause::Tasks, u64::from(old.is_some()));
                position
            }
        };
        self.version += 1;
        let (limit, long) = (self.bounds.id_bytes, self.bounds.value_bytes);
        let task = self.table.at_mut(position);
        task.heard = task.heard.max(heard.received);
        if !supersedes(heard.at, task.at, heard.received) {
            return Applied::Late;
        }
        task.at = heard.at;
        set(&mut task.channel, event.channel.as_ref(), limit);
        set(&mut task.title, event.title.as_ref(), long);
        set(&mut task.status, event.status.as_ref(), limit);
        set(&mut task.priority, event.priority.as_ref(), limit);
        set(&mut task.assigned_to, event.assigned_to.as_ref(), limit);
        Applied::Taken
    }
}

impl Notifications {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Notifications { ring: VecDeque::new(), version: 0, bounds: *bounds }
    }

    /// The last ones, oldest first.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &Notification> + ExactSizeIterator {
        self.ring.iter()
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::Notification<'_>,
        heard: Heard,
        counters: &mut Counters,
    ) -> Applied {
        let id = clipped(&event.notification, self.bounds.id_bytes);
        if !id.is_empty() && self.ring.iter().any(|known| known.id == id) {
            return Applied::Duplicate;
        }
        self.version += 1;
        if self.ring.len() >= self.bounds.notifications.max(1) {
            self.ring.pop_front();
            counters.drop(Cause::Notifications, 1);
        }
        let text = |text: &Option<Text<'_>>, limit| text.as_deref().map(|text| clipped(text, limit));
        self.ring.push_back(Notification {
            id,
            notification_type: text(&event.notification_type, self.bounds.id_bytes),
            title: text(&event.title, self.bounds.value_bytes),
            body: text(&event.body, self.bounds.text_bytes),
            recipient: text(&event.recipient, self.bounds.id_bytes),
            at: heard.at,
        });
        Applied::Taken
    }
}

/// Takes what was told; what was not told is unchanged.
pub(crate) fn set(known: &mut Option<CompactString>, told: Option<&Text<'_>>, limit: usize) {
    if let Some(told) = told {
        *known = Some(clipped(told, limit));
    }
}

impl Row for Agent {
    fn key(&self) -> (&str, &str) {
        ("", &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}

impl Row for Task {
    fn key(&self) -> (&str, &str) {
        ("", &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.heard
    }
}
