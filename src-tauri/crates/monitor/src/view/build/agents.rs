//! The agents screen: presence, the posts of a channel, tasks, notifications.

use std::cmp::Reverse;
use std::collections::HashSet;

use fleet::AgentStatus;
use protocol::Protocol;

use super::{Sight, count};
use crate::view::filter::contains;
use crate::view::picture::{AgentRow, AgentsPage, ChannelRow, NotificationRow, PostRow, TaskRow};
use crate::watched::Part;

/// Agents, posts and tasks that are listed.
const LISTED: usize = 200;
/// Notifications that are listed.
const NOTIFICATIONS: usize = 50;

/// The agents screen; `channel` is the key of the channel whose posts are wanted.
pub fn page(sight: &Sight<'_>, channel: Option<&str>, find: &str) -> AgentsPage {
    let mut page = AgentsPage::default();
    for (_, watched) in sight.of(Protocol::Agenthq) {
        let part = watched.part.lock();
        let (connection, stale) = (watched.name(), part.is_stale());
        page.agents.extend(part.state.agents.rows().iter().map(|agent| AgentRow {
            key: format!("{connection}/{}", agent.id),
            connection: connection.to_owned(),
            id: agent.id.to_string(),
            name: agent.name.as_ref().unwrap_or(&agent.id).to_string(),
            description: agent.description.as_ref().map(ToString::to_string),
            status: (agent.status != AgentStatus::Unknown).then(|| agent.status.name().to_owned()),
            since: agent.since.map(|at| at.millis()),
            last_heartbeat: agent.last_heartbeat.map(|at| at.millis()),
            stale,
        }));
        page.channels.extend(part.state.posts.channels().iter().map(|channel| ChannelRow {
            key: format!("{connection}/{}", channel.id),
            connection: connection.to_owned(),
            id: channel.id.to_string(),
            posts: count(channel.posts().len()),
            last_at: channel.posts().next_back().map(|post| post.updated.millis()),
        }));
        page.tasks.extend(part.state.tasks.rows().iter().map(|task| TaskRow {
            key: format!("{connection}/{}", task.id),
            connection: connection.to_owned(),
            id: task.id.to_string(),
            title: task.title.as_ref().map(ToString::to_string),
            status: task.status.as_ref().map(ToString::to_string),
            priority: task.priority.as_ref().map(ToString::to_string),
            assigned_to: task.assigned_to.as_ref().map(|agent| agent_name(&part, agent)),
            assignee: task.assigned_to.as_ref().map(ToString::to_string),
            channel: task.channel.as_ref().map(ToString::to_string),
            at: task.at.millis(),
        }));
        page.notifications.extend(part.state.notifications.rows().rev().take(NOTIFICATIONS).map(|notification| {
            NotificationRow {
                key: format!("{connection}/{}", notification.id),
                connection: connection.to_owned(),
                notification_type: notification.notification_type.as_ref().map(ToString::to_string),
                title: notification.title.as_deref().unwrap_or("Notification").to_owned(),
                body: notification.body.as_ref().map(ToString::to_string),
                at: notification.at.millis(),
            }
        }));
    }
    page.agents.sort_by(|a, b| (rank(a), &a.name, &a.key).cmp(&(rank(b), &b.name, &b.key)));
    page.agents.truncate(LISTED);
    page.channels.sort_by(|a, b| (Reverse(a.last_at), &a.key).cmp(&(Reverse(b.last_at), &b.key)));
    page.tasks.sort_by(|a, b| (Reverse(a.at), &a.key).cmp(&(Reverse(b.at), &b.key)));
    page.tasks.truncate(LISTED);
    page.notifications.sort_by(|a, b| (Reverse(a.at), &a.key).cmp(&(Reverse(b.at), &b.key)));
    page.notifications.truncate(NOTIFICATIONS);
    let wanted = page.channels.iter().find(|known| Some(known.key.as_str()) == channel).or(page.channels.first());
    if let Some(channel) = wanted {
        page.posts = posts(sight, &channel.connection, &channel.id);
        page.channel = Some(channel.key.clone());
    }
    let words: Vec<String> = find.split_whitespace().map(str::to_lowercase).collect();
    if !words.is_empty() {
        let all = page.channels.iter().map(|channel| posts(sight, &channel.connection, &channel.id));
        page.posts = all.flat_map(|posts| holding(posts, &words)).collect();
        page.posts.sort_by(|a, b| (Reverse(a.at), &a.key).cmp(&(Reverse(b.at), &b.key)));
        page.posts.truncate(LISTED);
    }
    page
}

/// The posts of the threads in which one holds all words.
fn holding(posts: Vec<PostRow>, words: &[String]) -> Vec<PostRow> {
    let holds = |post: &PostRow| {
        words.iter().all(|word| {
            let texts = [Some(post.content.as_str()), post.title.as_deref(), Some(post.author.as_str())];
            texts.into_iter().flatten().any(|text| contains(text, word))
        })
    };
    let of = |post: &PostRow| post.parent.clone().unwrap_or_else(|| post.id.clone());
    let threads: HashSet<String> = posts.iter().filter(|post| holds(post)).map(of).collect();
    posts.into_iter().filter(|post| threads.contains(&of(post))).collect()
}

fn posts(sight: &Sight<'_>, connection: &str, channel: &str) -> Vec<PostRow> {
    let Some(watched) = sight.connections.iter().find(|watched| watched.name() == connection) else {
        return Vec::new();
    };
    let part = watched.part.lock();
    let Some(channel) = part.state.posts.channel(channel) else { return Vec::new() };
    let of = format!("{connection}/{}", channel.id);
    let kept = channel.posts().rev().filter(|post| !post.deleted).take(LISTED);
    kept.map(|post| PostRow {
        key: format!("{connection}/{}", post.id),
        connection: connection.to_owned(),
        id: post.id.to_string(),
        channel: of.clone(),
        author_id: post.author.as_ref().map(ToString::to_string),
        author: post.author.as_ref().map_or_else(|| "somebody".to_owned(), |author| agent_name(&part, author)),
        author_type: post.author_type.as_ref().map(ToString::to_string),
        title: post.title.as_ref().map(ToString::to_string),
        content: post.content.as_ref().map(ToString::to_string).unwrap_or_default(),
        parent: post.parent.as_ref().map(ToString::to_string),
        pinned: post.pinned,
        at: post.created.millis(),
        edited_at: post.edited.then(|| post.updated.millis()),
    })
    .collect()
}

fn agent_name(part: &Part, id: &str) -> String {
    part.state.agents.get(id).and_then(|agent| agent.name.as_deref()).unwrap_or(id).to_owned()
}

/// Those who work first, then those who are there, then all others.
fn rank(agent: &AgentRow) -> u8 {
    match agent.status.as_deref() {
        Some("busy") => 0,
        Some("online") => 1,
        Some("offline") => 3,
        _ => 2,
    }
}
