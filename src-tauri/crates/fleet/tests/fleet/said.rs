//! Events that own what they say, for tests.

use fleet::{Applied, ConnectionState};
use protocol::event::{
    Agent, AgentChange, AlertChange, Change, Checkpoint, Host, HostChange, Job, JobPhase, JobStatistics, LiveQuery,
    LiveQueryChange, Lock, Node, Notice, Notification, Post, Presence, Query, QueryAnswer, QuerySummary, Signal, Task,
    Telemetry, Unread, Unrecognised,
};
use protocol::{EventBody, Field, StreamEvent, Text, Timestamp, Value};

/// 2025-12-17T10:30:00Z.
pub const START: i64 = 1_765_967_400_000;

#[derive(Debug, Clone)]
pub enum Said {
    Telemetry { device: String, fields: Vec<(String, Told)> },
    Presence { device: String, online: bool },
    Lock { device: String, locked: bool, id: Option<String>, code: Option<String> },
    Host { host: String, change: u8 },
    Result { run: u64, host: String, rows: usize },
    Complete { run: u64 },
    Job { job: String, definition: String, phase: JobPhase },
    Statistics { definition: String, name: String, value: f64 },
    Checkpoint { actor: String, name: String, value: f64 },
    Live { query: String, change: u8, node: String },
    Agent { agent: String, change: u8 },
    Post { post: String, channel: String, change: u8 },
    Task { task: String },
    Notification { id: String },
    Signal { stream: String, id: String, alert: u8 },
    Warning { dropped: u64 },
    Unknown { name: String, data: String },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Number(f64),
    Bool(bool),
    Text(String),
    Null,
    Json(String),
}

impl Said {
    /// Applies this at `at` milliseconds after the start, received at `received` after it.
    pub fn apply(&self, state: &mut ConnectionState, at: Option<i64>, received: i64) -> Applied {
        self.with(at, |event| state.apply(event, Timestamp(START + received)))
    }

    /// Makes the event of it, at `at` milliseconds after the start, for as long as a use of it lasts.
    pub fn with<R>(&self, at: Option<i64>, using: impl FnOnce(&StreamEvent<'_>) -> R) -> R {
        let mut fields = Vec::new();
        let mut numbers = Vec::new();
        let mut nodes = Vec::new();
        let rows;
        let mut data = "{}".to_owned();
        let text = |text: &'static str| Some(Text::from(text));
        let body = match self {
            Said::Telemetry { device, fields: told } => {
                fields.extend(
                    told.iter().map(|(name, value)| Field { name: name.as_str().into(), value: value.value() }),
                );
                let device = device.as_str().into();
                EventBody::Telemetry(Telemetry { device, fields: &fields, last_responded_at: None })
            }
            Said::Presence { device, online } => {
                EventBody::Presence(Presence { device: device.as_str().into(), online: Some(*online), fields: &[] })
            }
            Said::Lock { device, locked, id, code } => {
                if let Some(code) = code {
                    data = format!(r#"{{"eventId":"x","source":"rfid","code":"{code}"}}"#);
                }
                EventBody::Lock(Lock {
                    device: device.as_str().into(),
                    locked: *locked,
                    event_id: id.as_deref().map(Text::from),
                    source: Some("rfid".into()),
                    code: code.as_deref().map(Text::from),
                })
            }
            Said::Host { host, change } => EventBody::Host(Host {
                org: "o",
                host: host.as_str().into(),
                change: [HostChange::Online, HostChange::Offline, HostChange::Enrolled][usize::from(*change % 3)],
                hostname: text("h"),
                platform: None,
                os_version: None,
                ip_address: None,
            }),
            Said::Result { run, host, rows: count } => {
                rows = format!("[{}]", vec![r#"{"a":"1"}"#; *count].join(","));
                EventBody::Query(Query {
                    org: "o",
                    run: Some(*run),
                    answer: QueryAnswer::Result {
                        host: host.as_str().into(),
                        hostname: None,
                        rows: &rows,
                        status: None,
                        error: None,
                    },
                })
            }
            Said::Complete { run } => EventBody::Query(Query {
                org: "o",
                run: Some(*run),
                answer: QueryAnswer::Complete { query_id: text("q"), summary: QuerySummary::default() },
            }),
            Said::Job { job, definition, phase } => EventBody::Job(Job {
                job: job.as_str().into(),
                definition: Some(definition.as_str().into()),
                phase: *phase,
                scheduled_at: None,
                started_at: None,
                finished_at: None,
                elapsed_ms: Some(5.0),
                error: text("boom"),
            }),
            Said::Statistics { definition, name, value } => {
                numbers.push((name.clone(), *value));
                EventBody::JobStatistics(JobStatistics { definition: definition.as_str().into(), numbers: &numbers })
            }
            Said::Checkpoint { actor, name, value } => {
                numbers.push((name.clone(), *value));
                let actor = actor.as_str().into();
                EventBody::Checkpoint(Checkpoint { actor_type: "orders".into(), actor, numbers: &numbers })
            }
            Said::Live { query, change, node } => {
                let node = Node { id: node.as_str().into(), json: r#"{"id":"n","status":"new"}"# };
                let change = match change % 6 {
                    0 => LiveQueryChange::Created { total: Some(3), capped: false },
                    1 => {
                        nodes.push(node);
                        LiveQueryChange::Data { nodes: &nodes, has_more: false, capped: false }
                    }
                    2 => LiveQueryChange::Added(node),
                    3 => LiveQueryChange::Updated(node),
                    4 => LiveQueryChange::Removed { node: node.id },
                    _ => LiveQueryChange::Destroyed,
                };
                EventBody::LiveQuery(LiveQuery { query: query.as_str().into(), change })
            }
            Said::Agent { agent, change } => EventBody::Agent(Agent {
                agent: agent.as_str().into(),
                change: [AgentChange::Online, AgentChange::Offline, AgentChange::Updated][usize::from(*change % 3)],
                name: text("n"),
                description: None,
                status: (*change > 5).then(|| "busy".into()),
                last_heartbeat: None,
            }),
            Said::Post { post, channel, change } => EventBody::Post(Post {
                post: post.as_str().into(),
                change: if change % 3 == 0 { Change::Created } else { Change::Updated },
                deleted: change % 3 == 2,
                channel: Some(channel.as_str().into()),
                author: text("a"),
                author_type: None,
                post_type: None,
                title: None,
                content: text("words words words words words words"),
                parent: None,
                pinned: None,
                created_at: None,
                updated_at: None,
            }),
            Said::Task { task } => EventBody::Task(Task {
                task: task.as_str().into(),
                change: Change::Created,
                channel: None,
                title: text("t"),
                status: None,
                priority: None,
                assigned_to: None,
            }),
            Said::Notification { id } => EventBody::Notification(Notification {
                notification: id.as_str().into(),
                notification_type: None,
                title: None,
                body: None,
                recipient: None,
            }),
            Said::Signal { stream, id, alert } => EventBody::Signal(Signal {
                stream: stream.as_str().into(),
                signal_type: "signal_new".into(),
                signal: Some(id.as_str().into()),
                alert: [None, Some(AlertChange::Issued), Some(AlertChange::Cleared)][usize::from(*alert % 3)],
                title: None,
                description: None,
                category: None,
                severity: Some(1 + alert % 5),
                place: None,
                cities: vec!["x".into(); 3],
            }),
            Said::Warning { dropped } => EventBody::Warning(Notice {
                code: text("QUEUE_OVERFLOW"),
                message: "events dropped".into(),
                subscription: None,
                request_id: None,
                dropped: Some(*dropped),
            }),
            Said::Unknown { name, data: told } => {
                data.clone_from(told);
                EventBody::Unrecognised(Unrecognised { reason: Unread::UnknownType, name })
            }
        };
        let event = StreamEvent { at: at.map(|at| Timestamp(START + at)), body, data: &data };
        using(&event)
    }
}

impl Told {
    pub fn value(&self) -> Value<'_> {
        match self {
            Told::Number(number) => Value::Number(*number),
            Told::Bool(truth) => Value::Bool(*truth),
            Told::Text(text) => Value::Text(text.as_str().into()),
            Told::Null => Value::Null,
            Told::Json(json) => Value::Json(json),
        }
    }
}
