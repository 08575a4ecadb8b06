//! One client's socket: the channels that it joined, and the answers that are on their way to it.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::ORGS;
use super::frame::{Incoming, Push, Version};
use super::query::Step;
use crate::wire::Outbox;

/// A socket from which nothing came for so long is closed, in milliseconds.
const IDLE_MS: u64 = 60_000;
/// Events that may be on their way at once; a `run` beyond it is refused.
const SCHEDULED: usize = 4_000;
const CHANNELS: usize = 100;

pub(crate) struct Session {
    version: Version,
    idle_at: u64,
    channels: Vec<Channel>,
    /// In the order of time.
    scheduled: VecDeque<Scheduled>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Channel {
    topic: String,
    join_ref: Option<String>,
}

struct Scheduled {
    at: u64,
    topic: String,
    /// The join that asked; `None` for a broadcast.
    asked_by: Option<Channel>,
    step: Step,
}

/// Runs a query on an organisation's hosts: its id and its steps.
type Run<'a> = dyn FnMut(&str, &Value) -> (String, Vec<Step>) + 'a;

impl Session {
    pub(crate) fn new(version: Version, now: u64) -> Self {
        Session { version, idle_at: now + IDLE_MS, channels: Vec::new(), scheduled: VecDeque::new() }
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    pub(crate) fn topics(&self) -> impl Iterator<Item = &str> {
        self.channels.iter().map(|channel| channel.topic.as_str())
    }

    pub(crate) fn heard(&mut self, now: u64) {
        self.idle_at = now + IDLE_MS;
    }

    pub(crate) fn deadline(&self) -> u64 {
        self.scheduled.front().map_or(self.idle_at, |first| first.at.min(self.idle_at))
    }

    pub(crate) fn timeout(&mut self, now: u64, binary: bool, out: &mut Outbox) {
        while let Some(first) = self.scheduled.pop_front_if(|first| first.at <= now) {
            let Scheduled { topic, asked_by, step, .. } = first;
            let join_ref = match &asked_by {
                Some(asked) if self.channels.contains(asked) => asked.join_ref.as_deref(),
                None if self.channels.iter().any(|channel| channel.topic == topic) => None,
                // The channel was left or joined anew; its query died with it.
                _ => continue,
            };
            let push = Push { join_ref, reference: None, topic: &topic, event: step.event, payload: &step.payload };
            self.send(push, binary, out);
        }
        if now >= self.idle_at {
            // As Cowboy does.
            out.close(1000, "");
        }
    }

    fn send(&self, push: Push<'_>, binary: bool, out: &mut Outbox) {
        match push.binary().filter(|_| binary && self.version == Version::V2) {
            Some(frame) => out.push(frame),
            None => out.answer(push.text(self.version)),
        }
    }

    pub(crate) fn message(&mut self, message: &Incoming, now: u64, run: &mut Run<'_>, out: &mut Outbox) {
        let version = self.version;
        let reply = |join_ref: Option<&str>, status: &str, response: Value, out: &mut Outbox| {
            let payload = json!({ "status": status, "response": response });
            let Incoming { reference, topic, .. } = message;
            let push = Push { join_ref, reference: reference.as_deref(), topic, event: "phx_reply", payload: &payload };
            out.answer(push.text(version));
        };
        let joined = self.channels.iter().position(|channel| channel.topic == message.topic);
        match (message.topic.as_str(), message.event.as_str()) {
            ("phoenix", "heartbeat") => reply(None, "ok", json!({}), out),
            (topic, "phx_join") => {
                let join_ref = message.join_ref.clone().or_else(|| message.reference.clone());
                if let Err(reason) = self.may_join(topic) {
                    return reply(join_ref.as_deref(), "error", json!({ "reason": reason }), out);
                }
                reply(join_ref.as_deref(), "ok", json!({}), out);
                if let Some(old) = joined {
                    let old = self.channels.remove(old);
                    out.answer(closing(&old, "phx_close").text(version));
                }
                self.channels.push(Channel { topic: topic.to_owned(), join_ref });
            }
            (_, event) => match joined.map(|index| self.channels[index].clone()) {
                None => reply(message.join_ref.as_deref(), "error", json!({ "reason": "unmatched topic" }), out),
                // A message for an earlier join of the topic.
                Some(channel) if message.join_ref.is_some() && message.join_ref != channel.join_ref => {}
                Some(channel) if event == "phx_leave" => {
                    reply(channel.join_ref.as_deref(), "ok", json!({}), out);
                    self.part(&channel, "phx_close", out);
                }
                Some(channel) => match (channel.topic.strip_prefix("query:"), event) {
                    (Some(org), "run") if self.scheduled.len() < SCHEDULED => {
                        let (id, steps) = run(org, &message.payload);
                        reply(channel.join_ref.as_deref(), "ok", json!({ "query_id": id }), out);
                        self.schedule(&channel.topic, Some(&channel), steps, now);
                    }
                    (Some(_), "run") => {
                        reply(channel.join_ref.as_deref(), "error", json!({ "reason": "too many queries" }), out);
                    }
                    // A channel without a clause for the event crashes.
                    _ => self.part(&channel, "phx_error", out),
                },
            },
        }
    }

    fn may_join(&self, topic: &str) -> Result<(), &'static str> {
        if self.channels.len() >= CHANNELS {
            return Err("too many channels");
        }
        let org = topic.strip_prefix("query:").or_else(|| topic.strip_prefix("org:")).ok_or("unmatched topic")?;
        if ORGS.contains(&org) { Ok(()) } else { Err("unauthorized") }
    }

    fn part(&mut self, channel: &Channel, event: &str, out: &mut Outbox) {
        self.channels.retain(|other| other != channel);
        out.answer(closing(channel, event).text(self.version));
    }

    /// Puts the steps of a query into the order of time.
    pub(crate) fn schedule(&mut self, topic: &str, asked_by: Option<&Channel>, steps: Vec<Step>, now: u64) {
        if asked_by.is_none() && !self.channels.iter().any(|channel| channel.topic == topic) {
            return;
        }
        for step in steps {
            let at = now + step.after;
            let index = self.scheduled.partition_point(|other| other.at <= at);
            let asked_by = asked_by.cloned();
            self.scheduled.insert(index, Scheduled { at, topic: topic.to_owned(), asked_by, step });
        }
    }

    pub(crate) fn broadcast(&mut self, topic: &str, event: &str, payload: &Value, binary: bool, out: &mut Outbox) {
        if !self.channels.iter().any(|channel| channel.topic == topic) {
            return;
        }
        let push = Push { join_ref: None, reference: None, topic, event, payload };
        match push.binary().filter(|_| binary && self.version == Version::V2) {
            Some(frame) if out.has_room() => out.push(frame),
            _ => {
                out.offer(push.text(self.version).into());
            }
        }
    }

    pub(crate) fn crash(&mut self, out: &mut Outbox) {
        for channel in std::mem::take(&mut self.channels) {
            out.answer(closing(&channel, "phx_error").text(self.version));
        }
    }
}

static NOTHING: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!({}));

fn closing<'a>(channel: &'a Channel, event: &'a str) -> Push<'a> {
    let join_ref = channel.join_ref.as_deref();
    Push { join_ref, reference: join_ref, topic: &channel.topic, event, payload: &NOTHING }
}
