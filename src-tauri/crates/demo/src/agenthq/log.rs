//! The posts and tasks of the past, as their last events showed them.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use crate::world::agents::AgentEvent;

/// How many posts are remembered, and how many tasks.
const POSTS: usize = 5_000;
const TASKS: usize = 500;

#[derive(Debug, Default)]
pub(crate) struct Log {
    posts: VecDeque<Entry>,
    tasks: VecDeque<Entry>,
    /// When each agent last did something.
    agents: HashMap<String, u64>,
}

/// A post or a task.
#[derive(Debug)]
pub(crate) struct Entry {
    id: String,
    pub(crate) channel: &'static str,
    /// Milliseconds since 1970.
    pub(crate) created: u64,
    pub(crate) data: Value,
}

impl Log {
    /// When the post that an event is about was written: now, unless it is known.
    pub(crate) fn created(&self, event: &AgentEvent, now: u64) -> u64 {
        match event {
            AgentEvent::PostUpdated(post) => found(&self.posts, &post.id).map_or(now, |entry| entry.created),
            _ => now,
        }
    }

    /// Remembers what an event said, with its data as it was sent.
    pub(crate) fn note(&mut self, event: &AgentEvent, data: &Value, now: u64) {
        match event {
            AgentEvent::Online(agent) | AgentEvent::Offline(agent) | AgentEvent::Updated(agent) => {
                // The world has so many agents and no more.
                self.agents.insert(agent.id.clone(), now);
            }
            AgentEvent::PostCreated(post) => {
                let (id, data) = (post.id.clone(), data.clone());
                keep(&mut self.posts, POSTS, Entry { id, channel: post.channel, created: now, data });
            }
            AgentEvent::PostUpdated(post) => replace(&mut self.posts, &post.id, data),
            AgentEvent::TaskNew(task) => {
                let (id, data) = (task.id.clone(), data.get("task").unwrap_or(data).clone());
                keep(&mut self.tasks, TASKS, Entry { id, channel: task.channel, created: now, data });
            }
            AgentEvent::TaskUpdated(task) => replace(&mut self.tasks, &task.id, data.get("task").unwrap_or(data)),
            AgentEvent::Notification { .. } => {}
        }
    }

    /// The posts, the newest first.
    pub(crate) fn posts(&self) -> impl Iterator<Item = &Entry> {
        self.posts.iter().rev()
    }

    /// The tasks, the newest first.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = &Entry> {
        self.tasks.iter().rev()
    }

    /// When an agent last did something, if it has.
    pub(crate) fn last_seen(&self, agent: &str) -> Option<u64> {
        self.agents.get(agent).copied()
    }
}

fn found<'a>(entries: &'a VecDeque<Entry>, id: &str) -> Option<&'a Entry> {
    // What changes is among the last.
    entries.iter().rev().find(|entry| entry.id == id)
}

fn replace(entries: &mut VecDeque<Entry>, id: &str, data: &Value) {
    if let Some(entry) = entries.iter_mut().rev().find(|entry| entry.id == id) {
        entry.data = data.clone();
    }
}

fn keep(entries: &mut VecDeque<Entry>, most: usize, entry: Entry) {
    if entries.len() == most {
        entries.pop_front();
    }
    entries.push_back(entry);
}
