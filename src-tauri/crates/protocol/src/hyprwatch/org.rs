//! One subscription: an org with its two channels and its query runs.

use std::time::Instant;

use super::channel::{Channel, Standing, Wire};
use super::frame::{Body, Message};
use super::query::{self, Runs, Waiting};
use crate::event::{EventBody, Host, HostChange, StreamEvent};
use crate::loose::LooseText;
use crate::object::object;
use crate::session::{Sink, SubscriptionState};
use crate::text::Text;
use crate::unread;

/// An org that is watched.
#[derive(Debug)]
pub(super) struct Org {
    /// Its id, the operator's word for the subscription.
    pub id: String,
    /// `org:ID` and `query:ID`.
    pub channels: [Channel; 2],
    runs: Runs,
    told: Told,
}

/// What a channel is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// `org:ID`: what happens to hosts.
    Hosts,
    /// `query:ID`: queries and their results.
    Queries,
}

/// What was last told of the subscription.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Nothing,
    Requested,
    Accepted,
    Refused(String),
    Ended,
}

impl Org {
    /// An org that nothing was asked for.
    pub fn new(id: &str) -> Self {
        let channels = [Channel::new(format!("org:{id}")), Channel::new(format!("query:{id}"))];
        Org { id: id.to_owned(), channels, runs: Runs::default(), told: Told::Nothing }
    }

    /// Forgets the last attempt; the numbers of the runs that it took along.
    pub fn reset(&mut self) -> Vec<u64> {
        self.channels.iter_mut().for_each(Channel::reset);
        self.told = Told::Nothing;
        self.runs.drain()
    }

    /// Joins both channels.
    pub fn join(&mut self, now: Instant, wire: &mut Wire<'_>) {
        self.channels.iter_mut().for_each(|channel| channel.join(now, wire));
        self.tell(wire.out);
    }

    /// Leaves both channels.
    pub fn leave(&mut self, now: Instant, wire: &mut Wire<'_>) {
        self.runs.fail_all(&self.id, "the org was unsubscribed", wire.out);
        self.channels.iter_mut().for_each(|channel| channel.leave(now, wire));
        self.tell(wire.out);
    }

    /// Whether we left it and nothing of it is to come.
    pub fn is_left(&self) -> bool {
        self.channels.iter().all(Channel::is_left)
    }

    /// Lines a query run up and begins it when none runs.
    pub fn run(&mut self, run: u64, sql: &str, target: &str, now: Instant, wire: &mut Wire<'_>) {
        let [_, queries] = &self.channels;
        if queries.joined().is_none() && !queries.is_joining() {
            let why = match queries.standing() {
                Standing::Refused(words) => format!("the service refused {}: {words}", queries.topic()),
                _ => format!("{} is not joined at the moment", queries.topic()),
            };
            return query::fail(&self.id, run, &why, wire.out);
        }
        if !self.runs.line_up(Waiting::new(run, sql, target)) {
            let why = format!("{} queries are waiting already", query::WAITING);
            return query::fail(&self.id, run, &why, wire.out);
        }
        self.run_next(now, wire);
    }

    /// Ends a run. A `result` names no query, so the channel is joined anew: what still comes of the old join is told apart.
    pub fn stop(&mut self, run: u64, now: Instant, wire: &mut Wire<'_>) {
        if self.runs.stop(run) {
            self.channels[1].join_anew(now, wire);
            self.tell(wire.out);
        }
    }

    /// Takes a message of one of its topics.
    pub fn message(&mut self, role: Role, message: &Message<'_>, now: Instant, wire: &mut Wire<'_>) {
        let channel = match role {
            Role::Hosts => &mut self.channels[0],
            Role::Queries => &mut self.channels[1],
        };
        let named = match &message.body {
            // V1 names the join of a close or crash in `ref` alone.
            Body::Event { event, .. } if is_end(event) => message.join_ref.as_ref().or(message.reference.as_ref()),
            _ => message.join_ref.as_ref(),
        };
        if !channel.is_current(named) {
            return;
        }
        match &message.body {
            Body::Reply { ok, response } => {
                let Some(reference) = &message.reference else { return };
                if channel.reply(reference, *ok, response, now) {
                    if role == Role::Queries && !channel.lives() {
                        self.runs.fail_all(&self.id, "the service refused the query channel", wire.out);
                    }
                    self.tell(wire.out);
                } else if role == Role::Queries
                    && let Ok(reference) = reference.parse()
                {
                    self.runs.reply(&self.id, reference, *ok, response, now, wire.out);
                }
            }
            Body::Event { event, .. } if is_end(event) => {
                let why = if event.as_str() == "phx_error" {
                    channel.crashed(now);
                    "the query channel crashed"
                } else {
                    channel.closed();
                    "the service closed the query channel"
                };
                if role == Role::Queries {
                    if channel.lives() {
                        self.runs.fail_current(&self.id, why, wire.out);
                    } else {
                        self.runs.fail_all(&self.id, why, wire.out);
                    }
                }
                self.tell(wire.out);
            }
            Body::Event { event, payload: Err(bytes) } => unread::first_bytes(wire.out, event, bytes),
            Body::Event { event, payload: Ok(payload) } => {
                let known = match role {
                    Role::Hosts => host_event(&self.id, event, payload, wire.out),
                    Role::Queries => self.runs.event(&self.id, event, payload, now, wire.out),
                };
                if !known {
                    unread::unknown(wire.out, event, payload);
                }
            }
        }
        self.run_next(now, wire);
    }

    /// When it wants to be woken, and why.
    pub fn deadlines(&self) -> impl Iterator<Item = (Instant, &'static str)> {
        let silence = self.runs.deadline().map(|at| (at, "query silent"));
        self.channels.iter().filter_map(Channel::deadline).chain(silence)
    }

    /// Does what is due.
    pub fn timeout(&mut self, now: Instant, wire: &mut Wire<'_>) {
        self.channels.iter_mut().for_each(|channel| channel.timeout(now, wire));
        self.runs.give_up_silent(&self.id, now, wire.out);
        self.tell(wire.out);
        self.run_next(now, wire);
    }

    /// Tells where the subscription stands, when that changed: accepted is both channels joined.
    fn tell(&mut self, out: &mut dyn Sink) {
        let standings = || self.channels.iter().map(Channel::standing);
        let told = if standings().all(|standing| standing == Standing::Joined) {
            Told::Accepted
        } else if standings().any(|standing| matches!(standing, Standing::Unsettled | Standing::Again)) {
            Told::Requested
        } else if standings().any(|standing| matches!(standing, Standing::Refused(_))) {
            Told::Refused(self.refusals())
        } else {
            Told::Ended
        };
        if told == self.told {
            return;
        }
        self.told = told;
        let state = match &self.told {
            Told::Nothing => return,
            Told::Requested => SubscriptionState::Requested,
            Told::Accepted => SubscriptionState::Accepted,
            Told::Refused(words) => SubscriptionState::Refused(words),
            Told::Ended => SubscriptionState::Ended,
        };
        out.subscription(&self.id, state);
    }

    /// What the service said to the channels that it refused: "query:a: unauthorized".
    pub fn refusals(&self) -> String {
        let refusals = self.channels.iter().filter_map(|channel| match channel.standing() {
            Standing::Refused(words) => Some(format!("{}: {words}", channel.topic())),
            _ => None,
        });
        refusals.collect::<Vec<_>>().join("; ")
    }

    fn run_next(&mut self, now: Instant, wire: &mut Wire<'_>) {
        let [_, queries] = &self.channels;
        if let Some(join) = queries.joined()
            && let Some(next) = self.runs.next()
        {
            let reference = wire.push(Some(join), queries.topic(), "run", &next.payload());
            self.runs.began(next.run, reference, now);
        }
    }
}

object! {
    /// The payload of `host_online`, `host_offline` and `host_enrolled`: all but `host_id` optional.
    struct HostFields<'a> {
        "host_id" => host_id: LooseText<'a>,
        "hostname" => hostname: LooseText<'a>,
        "platform" => platform: LooseText<'a>,
        "os_version" => os_version: LooseText<'a>,
        "ip_address" => ip_address: LooseText<'a>,
    }
}

/// Takes an event of an `org` channel; `false` when it is not known.
fn host_event(org: &str, event: &Text<'_>, payload: &str, out: &mut dyn Sink) -> bool {
    let change = match event.as_str() {
        "host_online" => HostChange::Online,
        "host_offline" => HostChange::Offline,
        "host_enrolled" => HostChange::Enrolled,
        _ => return false,
    };
    let fields = serde_json::from_str::<HostFields<'_>>(payload).unwrap_or_default();
    let Some(host) = fields.host_id.0.filter(|host| !host.is_empty()) else {
        unread::malformed(out, event, payload);
        return true;
    };
    let body = EventBody::Host(Host {
        org,
        host,
        change,
        hostname: fields.hostname.0,
        platform: fields.platform.0,
        os_version: fields.os_version.0,
        ip_address: fields.ip_address.0,
    });
    out.event(&StreamEvent { at: None, body, data: payload });
    true
}

fn is_end(event: &Text<'_>) -> bool {
    matches!(event.as_str(), "phx_error" | "phx_close")
}
