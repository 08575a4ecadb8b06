//! The picture as JSON, for `signalbox snapshot`.

use std::collections::BTreeMap;

use protocol::{Kind, Timestamp};
use serde_json::{Map, Value};

use crate::agents::{Agent, Notification, Task};
use crate::counters::Cause;
use crate::definitions::Definition;
use crate::devices::Device;
use crate::hosts::Host;
use crate::jobs::{Job, phase_name};
use crate::live::{LiveNode, LiveQuery, LiveQueryState};
use crate::numbers::Numbers;
use crate::posts::{Channel, Post};
use crate::queries::QueryRun;
use crate::signals::Signal;
use crate::state::ConnectionState;
use crate::values::FieldValue;

impl ConnectionState {
    /// All entities by id, with their times as RFC 3339. Keys are sorted; the codes of locks are not in it.
    pub fn snapshot(&self) -> Value {
        object([
            ("devices", sorted(self.devices.rows().iter().map(|device| (device.id().into(), self.device(device))))),
            ("hosts", self.hosts()),
            ("queries", sorted(self.queries.rows().map(|run| (run.run.to_string(), query(run))))),
            ("jobs", sorted(self.jobs.rows().iter().map(|row| (row.id.to_string(), job(row))))),
            (
                "job_definitions",
                sorted(self.jobs.definitions().rows().iter().map(|row| (row.id.to_string(), definition(row)))),
            ),
            ("actors", self.actors()),
            (
                "live_queries",
                sorted(self.live_queries.rows().iter().map(|query| (query.id.to_string(), live_query(query)))),
            ),
            ("agents", sorted(self.agents.rows().iter().map(|row| (row.id.to_string(), agent(row))))),
            ("posts", sorted(self.posts.channels().iter().flat_map(posts))),
            ("tasks", sorted(self.tasks.rows().iter().map(|row| (row.id.to_string(), task(row))))),
            ("notifications", self.notifications.rows().map(notification).collect()),
            ("signals", self.signals()),
            ("subscriptions", self.subscriptions()),
            ("counters", self.counters()),
        ])
    }

    fn device(&self, device: &Device) -> Value {
        let names = self.devices.names();
        let fields = || device.fields().iter().map(|field| (names.word(field.name()).to_owned(), field));
        object([
            ("fields", sorted(fields().map(|(name, field)| (name, value(&field.value))))),
            ("fields_at", sorted(fields().map(|(name, field)| (name, time(field.at))))),
            ("online", device.online().into()),
            ("online_since", device.presence_since().map(time).into()),
            ("lock", device.lock().name().into()),
            ("lock_since", device.locking().since().map(time).into()),
            ("lock_source", self.devices.lock_source(device).into()),
            ("lock_event_id", device.locking().event_id().into()),
            ("last_responded_at", device.last_responded().map(time).into()),
            ("heard_at", time(device.heard())),
        ])
    }

    fn hosts(&self) -> Value {
        let mut ids = BTreeMap::<&str, usize>::new();
        for host in self.hosts.rows() {
            *ids.entry(&host.id).or_default() += 1;
        }
        sorted(self.hosts.rows().iter().map(|row| {
            // Two orgs may each have a host of the same id.
            let alone = ids.get(row.id.as_str()) == Some(&1);
            (if alone { row.id.to_string() } else { format!("{}/{}", row.org, row.id) }, host(row))
        }))
    }

    fn actors(&self) -> Value {
        sorted(self.actors.rows().iter().map(|actor| {
            let shown = object([
                ("type", text(&actor.actor_type)),
                ("id", text(&actor.id)),
                ("checkpoints", actor.checkpoints.into()),
                ("last_at", time(actor.last)),
                ("numbers", numbers(&actor.numbers)),
            ]);
            (format!("{}/{}", actor.actor_type, actor.id), shown)
        }))
    }

    fn signals(&self) -> Value {
        object([
            (
                "streams",
                sorted(self.signals.streams().iter().map(|stream| {
                    let shown =
                        object([("count", stream.count.into()), ("signals", stream.signals().map(signal).collect())]);
                    (stream.name.to_string(), shown)
                })),
            ),
            ("alerts", sorted(self.signals.issued().iter().map(|alert| (alert.id.to_string(), signal(alert))))),
            (
                "cleared",
                self.signals
                    .cleared()
                    .map(|alert| object([("id", text(&alert.id)), ("cleared_at", time(alert.cleared))]))
                    .collect(),
            ),
            (
                "severities",
                sorted((0..=5).map(|severity| {
                    let name = if severity == 0 { "none".to_owned() } else { severity.to_string() };
                    (name, self.signals.of_severity(severity).into())
                })),
            ),
        ])
    }

    fn subscriptions(&self) -> Value {
        sorted(self.subscriptions.rows().iter().map(|subscription| {
            let shown = object([
                ("state", subscription.state.name().into()),
                ("refusal", option(&subscription.refusal)),
                ("since", time(subscription.since)),
            ]);
            (subscription.name.to_string(), shown)
        }))
    }

    fn counters(&self) -> Value {
        let counters = &self.counters;
        let kinds = Kind::ALL.into_iter().map(|kind| (kind.name().to_owned(), counters.kind(kind)));
        let causes = Cause::ALL.into_iter().map(|cause| (cause.name().to_owned(), counters.dropped(cause)));
        let seen = |counts: &mut dyn Iterator<Item = (String, u64)>| {
            sorted(counts.filter(|(_, count)| *count > 0).map(|(name, count)| (name, count.into())))
        };
        object([
            ("events", counters.events.into()),
            ("frames", counters.frames.into()),
            ("bytes", counters.bytes.into()),
            ("kinds", seen(&mut kinds.into_iter())),
            ("duplicates", counters.duplicates.into()),
            ("late", counters.late.into()),
            ("malformed", counters.malformed.into()),
            ("unrecognised", counters.unrecognised.into()),
            (
                "unrecognised_names",
                seen(&mut counters.unrecognised_names().iter().map(|(name, count)| (name.to_string(), *count))),
            ),
            ("disconnects", counters.disconnects.into()),
            ("dropped", seen(&mut causes.into_iter())),
        ])
    }
}

fn host(host: &Host) -> Value {
    object([
        ("org", text(&host.org)),
        ("online", host.online.into()),
        ("since", host.since.map(time).into()),
        ("enrolled_at", host.enrolled_at.map(time).into()),
        ("hostname", option(&host.hostname)),
        ("platform", option(&host.platform)),
        ("os_version", option(&host.os_version)),
        ("ip_address", option(&host.ip_address)),
    ])
}

fn query(run: &QueryRun) -> Value {
    object([
        ("org", text(&run.org)),
        ("sql", text(&run.sql)),
        ("target", text(&run.target)),
        ("state", run.state.name().into()),
        ("started_at", time(run.started)),
        ("ended_at", run.ended.map(time).into()),
        ("query_id", option(&run.query_id)),
        ("summary", serde_json::to_value(run.summary).unwrap_or_default()),
        ("error", option(&run.error)),
        ("rows", run.rows.into()),
        ("rows_dropped", run.rows_dropped.into()),
        (
            "hosts",
            sorted(run.hosts.iter().map(|answer| {
                let shown = object([
                    ("hostname", option(&answer.hostname)),
                    ("outcome", answer.outcome.name().into()),
                    ("error", option(&answer.error)),
                    ("rows", answer.row_count.into()),
                ]);
                (answer.host.to_string(), shown)
            })),
        ),
    ])
}

fn job(job: &Job) -> Value {
    object([
        ("definition", text(&job.definition)),
        ("state", phase_name(job.phase).into()),
        ("at", time(job.at)),
        ("scheduled_at", job.scheduled_at.map(time).into()),
        ("started_at", job.started_at.map(time).into()),
        ("finished_at", job.finished_at.map(time).into()),
        ("elapsed_ms", job.elapsed_ms.map(number).into()),
        ("error", option(&job.error)),
    ])
}

fn definition(definition: &Definition) -> Value {
    object([
        ("scheduled", definition.scheduled.into()),
        ("running", definition.running.into()),
        ("completed", definition.completed.into()),
        ("failed", definition.failed.into()),
        ("success_rate", definition.success_rate().into()),
        ("p50_ms", definition.percentile(0.5).map(number).into()),
        ("p95_ms", definition.percentile(0.95).map(number).into()),
        ("last_at", definition.last.map(time).into()),
        ("statistics", numbers(&definition.numbers)),
    ])
}

fn live_query(query: &LiveQuery) -> Value {
    object([
        ("total", query.total.into()),
        ("capped", query.capped.into()),
        ("state", query.state.name().into()),
        ("loading", (query.state == LiveQueryState::Loading).into()),
        ("count", query.nodes.len().into()),
        ("dropped", query.dropped.into()),
        ("columns", query.columns.iter().map(|column| text(column)).collect()),
        ("nodes", query.nodes.iter().map(node).collect()),
    ])
}

/// A node's data, with the node's id where the data has none.
fn node(node: &LiveNode) -> Value {
    match serde_json::from_str(&node.json) {
        Ok(Value::Object(mut data)) => {
            data.entry("id").or_insert_with(|| text(&node.id));
            Value::Object(data)
        }
        Ok(data) => object([("id", text(&node.id)), ("data", data)]),
        Err(_) => object([("id", text(&node.id)), ("data", text(&node.json))]),
    }
}

fn agent(agent: &Agent) -> Value {
    object([
        ("name", option(&agent.name)),
        ("description", option(&agent.description)),
        ("status", agent.status.name().into()),
        ("since", agent.since.map(time).into()),
        ("last_heartbeat", agent.last_heartbeat.map(time).into()),
    ])
}

fn posts(channel: &Channel) -> impl Iterator<Item = (String, Value)> + '_ {
    channel.posts().map(|known| (known.id.to_string(), post(channel, known)))
}

fn post(channel: &Channel, post: &Post) -> Value {
    object([
        ("channel", text(&channel.id)),
        ("author", option(&post.author)),
        ("author_type", option(&post.author_type)),
        ("type", option(&post.post_type)),
        ("title", option(&post.title)),
        ("content", option(&post.content)),
        ("parent", option(&post.parent)),
        ("pinned", post.pinned.into()),
        ("deleted", post.deleted.into()),
        ("edited", post.edited.into()),
        ("created_at", time(post.created)),
        ("updated_at", time(post.updated)),
    ])
}

fn task(task: &Task) -> Value {
    object([
        ("channel", option(&task.channel)),
        ("title", option(&task.title)),
        ("status", option(&task.status)),
        ("priority", option(&task.priority)),
        ("assigned_to", option(&task.assigned_to)),
        ("at", time(task.at)),
    ])
}

fn notification(notification: &Notification) -> Value {
    object([
        ("id", text(&notification.id)),
        ("type", option(&notification.notification_type)),
        ("title", option(&notification.title)),
        ("body", option(&notification.body)),
        ("recipient", option(&notification.recipient)),
        ("at", time(notification.at)),
    ])
}

fn signal(signal: &Signal) -> Value {
    object([
        ("id", text(&signal.id)),
        ("type", text(&signal.signal_type)),
        ("title", option(&signal.title)),
        ("description", option(&signal.description)),
        ("category", option(&signal.category)),
        ("severity", signal.severity.into()),
        ("lat", signal.place.map(|(lat, _)| lat).into()),
        ("lng", signal.place.map(|(_, lng)| lng).into()),
        ("cities", signal.cities.iter().map(|city| text(city)).collect()),
        ("at", time(signal.at)),
    ])
}

fn numbers(numbers: &Numbers) -> Value {
    sorted(numbers.rows().iter().map(|row| (row.name.to_string(), number(row.value))))
}

fn value(value: &FieldValue) -> Value {
    match value {
        FieldValue::Number(told) => number(*told),
        FieldValue::Bool(truth) => (*truth).into(),
        FieldValue::Text(told) => text(told),
        FieldValue::Null => Value::Null,
        FieldValue::Json(json) => serde_json::from_str(json).unwrap_or_else(|_| text(json)),
        FieldValue::Omitted(bytes) => format!("({bytes} bytes, not kept)").into(),
    }
}

/// A whole number without a point, as the services write them.
fn number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT { (number as i64).into() } else { number.into() }
}

fn time(time: Timestamp) -> Value {
    time.to_string().into()
}

fn text(text: &str) -> Value {
    text.into()
}

fn option<T: AsRef<str>>(option: &Option<T>) -> Value {
    option.as_ref().map(AsRef::as_ref).into()
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    sorted(entries.into_iter().map(|(name, value)| (name.to_owned(), value)))
}

/// An object whose keys are sorted, whichever map `serde_json` was built with.
fn sorted(entries: impl Iterator<Item = (String, Value)>) -> Value {
    let sorted: BTreeMap<String, Value> = entries.collect();
    Value::Object(sorted.into_iter().collect::<Map<_, _>>())
}
