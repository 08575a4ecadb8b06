//! The commerce service: events of jobs and actors by path, and live queries.

mod encode;
mod filter;
mod graph;
mod live_query;
mod log;
mod paths;
mod rest;
mod session;

use std::sync::Arc;

use serde_json::json;
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::action::Action;
use crate::load::{Frames, Load};
use crate::wire::{Call, Outbox, Refusal, Shared, Simulated, http};
use crate::world::Pace;
use crate::world::jobs::{JobEvent, Jobs};
use crate::world::orders::{ActorEvent, Orders};
use encode::Resource;
use log::JobLog;
pub(crate) use session::Session;

pub(crate) const PATH: &str = "/ws";

/// How long a client may take to authenticate.
const AUTHENTICATION_MS: u64 = 10_000;
/// How often the service pings, and how long it waits for the pong.
const PING_MS: u64 = 30_000;

/// How far simulated time may fall behind the clock (a suspended or overloaded machine) before it is anchored anew.
const DRIFT_MS: u64 = 2_000;

/// The rules and the world of the commerce service.
pub(crate) struct Hantera {
    shared: Arc<Shared>,
    jobs: Jobs,
    orders: Orders,
    job_pace: Pace,
    actor_pace: Pace,
    /// The wall time at which simulated time began.
    epoch: Option<u64>,
    log: JobLog,
}

/// What sessions hear of.
pub(crate) enum Event {
    /// An event of a path, the frame up to and after its list of subscriptions.
    Resource(Resource),
    /// A node of the graph that a live query may track.
    Node(graph::Change),
    /// A made-up loss, for every subscription.
    Overflow(u64),
}

impl Hantera {
    pub(crate) fn new(shared: Arc<Shared>, seed: u64, rate: f64) -> Self {
        Hantera {
            jobs: Jobs::new(seed, shared.first_number, rate == 0.0),
            shared,
            orders: Orders::new(seed),
            job_pace: Pace::per_second(rate * 0.7),
            actor_pace: Pace::per_second(rate * 0.3),
            epoch: None,
            log: JobLog::default(),
        }
    }

    fn epoch(&mut self, now: u64) -> u64 {
        *self.epoch.get_or_insert(now)
    }

    fn job_events(&mut self, made: Vec<JobEvent>, epoch: u64, now: u64, events: &mut Vec<Event>) {
        for event in made {
            match event {
                JobEvent::Moved(job) => {
                    self.log.note(&job, epoch);
                    events.push(Event::Resource(encode::job(&job, epoch, now)));
                    events.push(Event::Node(graph::Change::Job(job, epoch)));
                }
                JobEvent::Forgotten { id } => events.push(Event::Node(graph::Change::Removed { edge: "jobs", id })),
                JobEvent::Statistics(bucket) => events.push(Event::Resource(encode::statistics(&bucket, epoch, now))),
            }
        }
    }
}

impl Simulated for Hantera {
    type Session = Session;
    type Event = Event;

    fn admit(&mut self, call: &Call<'_>, now: u64) -> Result<Session, Refusal> {
        if call.path != PATH {
            return Err(Refusal { status: StatusCode::NOT_FOUND, reason: "Not Found" });
        }
        Ok(Session::new(now + AUTHENTICATION_MS))
    }

    fn opened(&mut self, _: &mut Session, now: u64, _: &mut Outbox) {
        self.epoch(now);
    }

    fn text(&mut self, session: &mut Session, text: &str, now: u64, out: &mut Outbox) {
        let epoch = self.epoch(now);
        let admits = |token: Option<&str>| self.shared.gate.admits(token);
        let nodes = |edge: &str| match edge {
            "orders" => Some(self.orders.all().map(|order| graph::order_node(order, epoch)).collect()),
            "jobs" => Some(self.jobs.all().map(|job| graph::job_node(job, epoch)).collect()),
            _ => None,
        };
        session.text(text, now, &admits, &nodes, out);
    }

    fn http(&mut self, request: &http::Request<'_>, now: u64) -> http::Answer {
        self.answer(request, now)
    }

    fn deadline(session: &Session) -> Option<u64> {
        session.deadline()
    }

    fn timeout(&mut self, session: &mut Session, now: u64, out: &mut Outbox) {
        session.timeout(now, out);
    }

    fn step(&mut self, now: u64, events: &mut Vec<Event>) {
        let mut epoch = self.epoch(now);
        if now.abs_diff(epoch + self.jobs.now()) > DRIFT_MS {
            epoch = now.saturating_sub(self.jobs.now());
            self.epoch = Some(epoch);
        }
        let mut made = Vec::new();
        self.jobs.step(self.job_pace.due(), &mut made);
        self.job_events(made, epoch, now, events);
        let mut made = Vec::new();
        self.orders.step(self.actor_pace.due(), self.jobs.now(), &mut made);
        for event in made {
            events.push(match event {
                ActorEvent::Checkpoint { actor_type, actor_id, checkpoint } => {
                    Event::Resource(encode::checkpoint(actor_type, actor_id, checkpoint, now))
                }
                ActorEvent::Changed(order) => Event::Node(graph::Change::Order(order, epoch)),
                ActorEvent::Forgotten { id } => Event::Node(graph::Change::Removed { edge: "orders", id }),
            });
        }
    }

    fn act(&mut self, action: &Action, now: u64, events: &mut Vec<Event>) -> Option<String> {
        let epoch = self.epoch(now);
        let mut made = Vec::new();
        let id = match action {
            Action::FailJob { definition } => self.jobs.run_now(definition, true, &mut made)?,
            Action::CompleteJob { definition } => self.jobs.run_now(definition, false, &mut made)?,
            Action::Overflow { count } => {
                events.push(Event::Overflow(*count));
                return Some(count.to_string());
            }
            _ => return None,
        };
        self.job_events(made, epoch, now, events);
        Some(id)
    }

    fn deliver(session: &mut Session, event: &Event, _now: u64, out: &mut Outbox) {
        match event {
            Event::Resource(resource) => session.deliver(resource, out),
            Event::Node(change) => session.track(change, out),
            Event::Overflow(count) => session.warn_all(*count, out),
        }
    }

    fn load(&self, session: &Session, load: &Load) -> Option<Frames> {
        let ids = session.subscription_ids();
        (!ids.is_empty()).then(|| Frames::hantera(&ids, load.distinct))
    }
}

/// An error frame. The service's document names `INVALID_PATH`, its reference `AUTH_FAILED`; the set of codes is open, and the
/// others here are of that kind. With the request that it answers when the client named one.
fn error(code: &str, message: &str, request: Option<&str>) -> String {
    let mut frame = json!({ "type": "error", "code": code, "message": message });
    if let Some(request) = request {
        frame["requestId"] = request.into();
    }
    frame.to_string()
}

#[cfg(test)]
mod tests;
