//! What the service sends, in both of its wire forms: `{"type": …}`, flat or with `data`, as documented, and
//! `{"event": …, "data": …}`, as the public server really does. Names with `.` and `:` are alike.

use serde_json::value::RawValue;

use super::dialect::Dialect;
use crate::event::{Agent, AgentChange, Change, EventBody, Notice, Notification, Post, StreamEvent, Task};
use crate::loose::{LooseBool, LooseText, LooseTime};
use crate::object::object;
use crate::session::Sink;
use crate::text::Text;
use crate::time::Timestamp;
use crate::unread;

/// One message, borrowed from its frame.
#[derive(Debug)]
pub(super) struct Message<'a> {
    /// The wire form that it came in.
    pub form: Dialect,
    /// Its type or event, as the service wrote it.
    pub name: Text<'a>,
    /// The JSON text of its data; of the whole message when it is flat.
    pub data: &'a str,
    /// Whether it is flat: then its `type` is the message's and not its data's.
    flat: bool,
    at: Option<Timestamp>,
}

/// What a message is to the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The answer to a heartbeat.
    HeartbeatAck,
    /// The answer to a subscribe.
    Subscribed,
    /// The answer to an unsubscribe.
    Unsubscribed,
    /// An event of the stream.
    Event(Event),
    /// An error that ends nothing.
    Error,
    /// Something else.
    Unknown,
}

/// The events of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// `agent.online`, `agent.offline`, `agent.updated`; none for `agent:status`, which says it in `status`.
    Agent(Option<AgentChange>),
    /// `post.created` and `post.updated`.
    Post(Change),
    /// `post:deleted`
    PostDeleted,
    /// `task:new` and `task:updated`.
    Task(Change),
    /// `notification:new`
    Notification,
}

object! {
    struct Envelope<'a> {
        "type" => type_name: LooseText<'a>,
        "event" => event: LooseText<'a>,
        "data" => data: Option<&'a RawValue>,
        "timestamp" => timestamp: LooseTime,
    }
}

/// Reads a frame; `None` when it is neither form.
pub(super) fn read(text: &str) -> Option<Message<'_>> {
    let envelope: Envelope<'_> = serde_json::from_str(text).ok()?;
    let (form, name) = match (envelope.event.0, envelope.type_name.0) {
        (Some(event), _) if !event.is_empty() => (Dialect::Enveloped, event),
        (_, Some(name)) if !name.is_empty() => (Dialect::Documented, name),
        _ => return None,
    };
    let flat = envelope.data.is_none();
    let data = envelope.data.map_or(text.trim(), RawValue::get);
    Some(Message { form, name, data, flat, at: envelope.timestamp.0 })
}

impl<'a> Message<'a> {
    /// An entry of a list that was fetched, as a message. `at` is when it was so, where the entry itself does not say.
    pub fn fetched(kind: &'a str, json: &'a str, at: Option<Timestamp>) -> Self {
        Message { form: Dialect::Documented, name: Text::from(kind), data: json, flat: false, at }
    }

    /// What it is.
    pub fn meaning(&self) -> Meaning {
        let is = |noun: &str, verbs: &[&str]| {
            let rest = self.name.strip_prefix(noun).and_then(|rest| rest.strip_prefix(['.', ':']));
            rest.is_some_and(|rest| verbs.contains(&rest))
        };
        match self.name.as_str() {
            "heartbeat_ack" => Meaning::HeartbeatAck,
            "subscribed" => Meaning::Subscribed,
            "unsubscribed" => Meaning::Unsubscribed,
            "error" => Meaning::Error,
            _ if is("agent", &["online"]) => Meaning::Event(Event::Agent(Some(AgentChange::Online))),
            _ if is("agent", &["offline"]) => Meaning::Event(Event::Agent(Some(AgentChange::Offline))),
            _ if is("agent", &["updated"]) => Meaning::Event(Event::Agent(Some(AgentChange::Updated))),
            _ if is("agent", &["status"]) => Meaning::Event(Event::Agent(None)),
            _ if is("post", &["created", "new"]) => Meaning::Event(Event::Post(Change::Created)),
            _ if is("post", &["updated"]) => Meaning::Event(Event::Post(Change::Updated)),
            _ if is("post", &["deleted"]) => Meaning::Event(Event::PostDeleted),
            _ if is("task", &["created", "new"]) => Meaning::Event(Event::Task(Change::Created)),
            _ if is("task", &["updated"]) => Meaning::Event(Event::Task(Change::Updated)),
            _ if is("notification", &["created", "new"]) => Meaning::Event(Event::Notification),
            _ => Meaning::Unknown,
        }
    }

    /// The channel that an answer names.
    pub fn channel(&self) -> Option<Text<'a>> {
        serde_json::from_str::<Answer<'a>>(self.data).ok()?.channel.0
    }

    /// Says it as an event, or that it could not be read.
    pub fn say(&self, event: Event, out: &mut dyn Sink) {
        let said = match event {
            Event::Agent(change) => self.agent(change),
            Event::Post(change) => self.post(change, false),
            Event::PostDeleted => self.post(Change::Updated, true),
            Event::Task(change) => self.task(change),
            Event::Notification => self.notification(),
        };
        match said {
            Some((body, at)) => out.event(&StreamEvent { at: self.at.or(at), body, data: self.data }),
            None => unread::malformed(out, &self.name, self.data),
        }
    }

    /// Says it as an error of the service.
    pub fn say_error(&self, out: &mut dyn Sink) {
        let answer = serde_json::from_str::<Answer<'a>>(self.data).unwrap_or_default();
        let message = answer.message.0.filter(|message| !message.is_empty()).unwrap_or(Text::from("no message given"));
        let body = EventBody::Error(Notice {
            code: answer.code.0,
            message,
            subscription: answer.channel.0,
            request_id: None,
            dropped: None,
        });
        out.event(&StreamEvent { at: self.at, body, data: self.data });
    }

    fn agent(&self, change: Option<AgentChange>) -> Option<(EventBody<'a>, Option<Timestamp>)> {
        let outer: AgentFields<'a> = serde_json::from_str(self.data).ok()?;
        let agent = inner(outer.inner).unwrap_or(outer);
        let status = agent.status.0;
        let change = change.unwrap_or(match status.as_deref() {
            Some("online") => AgentChange::Online,
            Some("offline") => AgentChange::Offline,
            _ => AgentChange::Updated,
        });
        let body = EventBody::Agent(Agent {
            agent: id(agent.id, agent.other_id)?,
            change,
            name: agent.name.0,
            description: agent.description.0,
            status,
            last_heartbeat: agent.last_heartbeat.0,
        });
        Some((body, agent.timestamp.0))
    }

    fn post(&self, change: Change, deleted: bool) -> Option<(EventBody<'a>, Option<Timestamp>)> {
        let outer: PostFields<'a> = serde_json::from_str(self.data).ok()?;
        let (post, flat) = match inner(outer.inner) {
            Some(post) => (post, false),
            None => (outer, self.flat && self.form == Dialect::Documented),
        };
        let (created_at, updated_at) = (post.created_at.0, post.updated_at.0);
        let body = EventBody::Post(Post {
            post: id(post.id, post.other_id)?,
            change,
            deleted,
            channel: post.channel.0,
            author: post.author.0,
            author_type: post.author_type.0,
            post_type: post.post_type.0.filter(|_| !flat),
            title: post.title.0,
            content: post.content.0,
            parent: post.parent.0,
            pinned: post.pinned.0,
            created_at,
            updated_at,
        });
        let at = match (change, deleted) {
            (Change::Created, _) => created_at,
            (Change::Updated, false) => updated_at,
            (Change::Updated, true) => None,
        };
        Some((body, at))
    }

    fn task(&self, change: Change) -> Option<(EventBody<'a>, Option<Timestamp>)> {
        let outer: TaskFields<'a> = serde_json::from_str(self.data).ok()?;
        let task = inner(outer.inner).unwrap_or(outer);
        let at = match change {
            Change::Created => task.created_at.0,
            Change::Updated => task.updated_at.0,
        };
        let body = EventBody::Task(Task {
            task: id(task.id, task.other_id)?,
            change,
            channel: task.channel.0,
            title: task.title.0,
            status: task.status.0,
            priority: task.priority.0,
            assigned_to: task.assigned_to.0,
        });
        Some((body, at))
    }

    fn notification(&self) -> Option<(EventBody<'a>, Option<Timestamp>)> {
        let mut outer: NotificationFields<'a> = serde_json::from_str(self.data).ok()?;
        let recipient = outer.recipient.0.take();
        let (inner, flat) = match inner::<NotificationFields<'a>>(outer.inner) {
            Some(inner) => (inner, false),
            None => (outer, self.flat && self.form == Dialect::Documented),
        };
        let body = EventBody::Notification(Notification {
            notification: id(inner.id, inner.other_id)?,
            notification_type: inner.notification_type.0.filter(|_| !flat),
            title: inner.title.0,
            body: inner.body.0,
            recipient: recipient.or(inner.recipient.0),
        });
        Some((body, inner.created_at.0))
    }
}

object! {
    /// What answers and errors name.
    struct Answer<'a> {
        "channel" | "channel_id" | "channelId" => channel: LooseText<'a>,
        "code" => code: LooseText<'a>,
        "message" | "error" | "reason" => message: LooseText<'a>,
    }
}

object! {
    /// An agent, or `{agent: …}`.
    struct AgentFields<'a> {
        "id" => id: LooseText<'a>,
        "agent_id" | "agentId" => other_id: LooseText<'a>,
        "name" => name: LooseText<'a>,
        "description" => description: LooseText<'a>,
        "status" => status: LooseText<'a>,
        "last_heartbeat" | "lastHeartbeat" => last_heartbeat: LooseTime,
        "timestamp" => timestamp: LooseTime,
        "agent" => inner: Option<&'a RawValue>,
    }
}

object! {
    /// A post, or `{post: …}`.
    struct PostFields<'a> {
        "id" => id: LooseText<'a>,
        "post_id" | "postId" => other_id: LooseText<'a>,
        "channel_id" | "channelId" => channel: LooseText<'a>,
        "author_id" | "authorId" => author: LooseText<'a>,
        "author_type" | "authorType" => author_type: LooseText<'a>,
        "type" => post_type: LooseText<'a>,
        "title" => title: LooseText<'a>,
        "content" => content: LooseText<'a>,
        "parent_id" | "parentId" => parent: LooseText<'a>,
        "pinned" => pinned: LooseBool,
        "created_at" | "createdAt" => created_at: LooseTime,
        "updated_at" | "updatedAt" => updated_at: LooseTime,
        "post" => inner: Option<&'a RawValue>,
    }
}

object! {
    /// A task, or `{task: …}`.
    struct TaskFields<'a> {
        "id" => id: LooseText<'a>,
        "task_id" | "taskId" => other_id: LooseText<'a>,
        "channel_id" | "channelId" => channel: LooseText<'a>,
        "title" => title: LooseText<'a>,
        "status" => status: LooseText<'a>,
        "priority" => priority: LooseText<'a>,
        "assigned_to" | "assignedTo" => assigned_to: LooseText<'a>,
        "created_at" | "createdAt" => created_at: LooseTime,
        "updated_at" | "updatedAt" => updated_at: LooseTime,
        "task" => inner: Option<&'a RawValue>,
    }
}

object! {
    /// A notification, or `{recipientId, notification: …}`.
    struct NotificationFields<'a> {
        "id" => id: LooseText<'a>,
        "notification_id" | "notificationId" => other_id: LooseText<'a>,
        "type" => notification_type: LooseText<'a>,
        "title" => title: LooseText<'a>,
        "body" => body: LooseText<'a>,
        "recipientId" | "recipient_id" => recipient: LooseText<'a>,
        "created_at" | "createdAt" => created_at: LooseTime,
        "notification" => inner: Option<&'a RawValue>,
    }
}

/// The object in a wrapper, when there is one.
fn inner<'a, T: serde::Deserialize<'a>>(raw: Option<&'a RawValue>) -> Option<T> {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok())
}

fn id<'a>(id: LooseText<'a>, other: LooseText<'a>) -> Option<Text<'a>> {
    id.0.or(other.0).filter(|id| !id.is_empty())
}
