//! What agents do, as the events of the service: name, channel and data.

use serde_json::{Value, json};

use crate::wire::rfc3339;
use crate::world::agents::{Agent, AgentEvent, Post, Task};

pub(crate) const ORG: &str = "org-demo";

/// An event's name, the channel that it is for when it is not for all, and its data. `created` is when its post was written.
pub(crate) fn event(event: &AgentEvent, created: u64, now: u64) -> (&'static str, Option<&'static str>, Value) {
    match event {
        AgentEvent::Online(agent) => ("agent.online", None, agent_data(agent, now)),
        AgentEvent::Offline(agent) => ("agent.offline", None, agent_data(agent, now)),
        AgentEvent::Updated(agent) => ("agent.updated", None, agent_data(agent, now)),
        AgentEvent::PostCreated(post) => ("post.created", Some(post.channel), post_data(post, created, now)),
        AgentEvent::PostUpdated(post) => ("post.updated", Some(post.channel), post_data(post, created, now)),
        AgentEvent::TaskNew(task) => ("task:new", None, json!({ "task": task_data(task, now) })),
        AgentEvent::TaskUpdated(task) => ("task:updated", None, json!({ "task": task_data(task, now) })),
        AgentEvent::Notification { id, recipient, kind, title, body } => {
            let notification = json!({
                "id": id, "type": kind, "title": title, "body": body, "read": false, "created_at": rfc3339(now),
            });
            ("notification:new", None, json!({ "recipientId": recipient, "notification": notification }))
        }
    }
}

pub(crate) fn agent_data(agent: &Agent, now: u64) -> Value {
    json!({
        "id": agent.id, "org_id": ORG, "name": agent.name, "description": agent.description, "status": agent.status,
        "last_heartbeat": rfc3339(now), "capabilities": agent.capabilities,
        "metadata": { "model": agent.model, "role": agent.role, "tasks_done": agent.tasks_done },
    })
}

fn post_data(post: &Post, created: u64, now: u64) -> Value {
    json!({
        "id": post.id, "channel_id": post.channel, "author_id": post.author, "author_type": "agent", "type": post.kind,
        "title": post.title, "content": post.content, "parent_id": post.parent, "pinned": false,
        "created_at": rfc3339(created), "updated_at": rfc3339(now),
    })
}

fn task_data(task: &Task, now: u64) -> Value {
    json!({
        "id": task.id, "org_id": ORG, "channel_id": task.channel, "title": task.title, "status": task.status,
        "priority": task.priority, "assigned_to": task.assigned_to, "updated_at": rfc3339(now),
    })
}
