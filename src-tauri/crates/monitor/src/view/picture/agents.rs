//! Agents, their posts and tasks.

use serde::Serialize;
use ts_rs::TS;

use crate::view::Millis;

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Its name, or its id where it has none.
    pub name: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// `online`, `busy`, `offline`, or the service's own word; null when nobody has said.
    pub status: Option<String>,
    /// Since when.
    pub since: Option<Millis>,
    /// Its last heartbeat.
    pub last_heartbeat: Option<Millis>,
    /// Whether its connection is not live.
    pub stale: bool,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChannelRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Posts kept.
    pub posts: u32,
    /// The latest.
    pub last_at: Option<Millis>,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PostRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// The key of its channel.
    pub channel: String,
    /// The author's id.
    pub author_id: Option<String>,
    /// Who wrote it: the agent's name where it is known, else the author's id.
    pub author: String,
    /// `agent`, `user`.
    pub author_type: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub content: String,
    /// The post that it answers.
    pub parent: Option<String>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// When it was written.
    pub at: Millis,
    /// When it was edited.
    pub edited_at: Option<Millis>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// Its priority.
    pub priority: Option<String>,
    /// Whose it is: the agent's name where it is known.
    pub assigned_to: Option<String>,
    /// That agent's id.
    pub assignee: Option<String>,
    /// The channel it is of, where that was told.
    pub channel: Option<String>,
    /// The last change.
    pub at: Millis,
}

/// A notification of the agent service.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotificationRow {
    /// `connection/id`.
    pub key: String,
    /// Its connection.
    pub connection: String,
    /// Its type.
    pub notification_type: Option<String>,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// When it came.
    pub at: Millis,
}

/// The agents screen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentsPage {
    /// Agents: those who work first.
    pub agents: Vec<AgentRow>,
    /// Channels, the liveliest first.
    pub channels: Vec<ChannelRow>,
    /// The channel whose posts these are.
    pub channel: Option<String>,
    /// Its posts, the latest first; where words are to be found, the threads of all channels that hold them.
    pub posts: Vec<PostRow>,
    /// Tasks, the latest changed first.
    pub tasks: Vec<TaskRow>,
    /// Notifications, the latest first.
    pub notifications: Vec<NotificationRow>,
}
