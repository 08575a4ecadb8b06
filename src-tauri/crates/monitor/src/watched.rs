//! One connection as the monitor holds it: its part of the fleet behind one lock, fed by its link.

mod feed;
mod gather;
mod missed;

use std::collections::VecDeque;
use std::sync::Arc;

use fleet::rule::Detector;
use fleet::{Bounds, ConnectionState};
use link::LinkStatus;
use parking_lot::Mutex;
use protocol::config::LiveQuery;
use protocol::event::{Query, QueryAnswer};
use protocol::{Connection, EventBody, Protocol, StreamEvent, Timestamp};
use store::history::GapRecord;

use crate::lag::Lag;
use crate::sampling::Sampler;
use missed::{CatchingUp, UNFILLED};

pub(crate) use feed::{Feed, prove};
pub(crate) use gather::Looked;
pub(crate) use missed::away;

/// Lines kept of a connection's own log.
const LOG: usize = 200;
/// Live queries of which it is kept what they ask for.
const ASKED: usize = 64;

/// A configured connection and its part of the fleet.
pub struct Watched {
    /// What was configured.
    pub connection: Connection,
    /// Its name, to be shared.
    pub shared_name: Arc<str>,
    /// Whether it belongs to this run only and is in no file.
    pub transient: bool,
    /// All that is known of it.
    pub part: Mutex<Part>,
}

/// What is known of a connection; the link's task and the views take turns at it.
pub struct Part {
    /// Its entities, series and counters.
    pub state: ConnectionState,
    /// How the link is.
    pub status: LinkStatus,
    /// Since when it is so.
    pub since: Timestamp,
    /// Its transitions, the latest last.
    pub log: VecDeque<(Timestamp, LinkStatus)>,
    /// How late its events come.
    pub lag: Lag,
    /// When the credential of the last attempt ends, by its own word.
    pub credential_ends: Option<Timestamp>,
    /// What its live queries ask for, as far as they were asked for here.
    pub(crate) asked: Vec<LiveQuery>,
    /// What watches for its rules.
    pub(crate) detector: Detector,
    /// Whether its service can tell what happened while nobody listened.
    tells_missed: bool,
    /// How far its numbers are written down.
    pub(crate) sampler: Sampler,
    /// The span in which it is not heard, or was and is being filled.
    gap: Option<GapRecord>,
    /// That it is live and its picture is not complete yet.
    catching_up: Option<CatchingUp>,
    /// Earlier spans of which it was not seen through whether they can be filled, the oldest first: the program ended, or
    /// the connection was lost again, while it was asked.
    unfilled: Vec<GapRecord>,
    /// When the last event was that the history has or will have.
    known_until: Option<Timestamp>,
    /// When the last frame came: a loss is noticed later.
    heard: Option<Timestamp>,
    /// Whether its picture was complete once in this run.
    complete: bool,
    /// Events that were counted before its picture began.
    told_before: u64,
}

impl Watched {
    /// A connection of which nothing has been heard in this run. `known_until` is what the history knows of it, `gaps` are
    /// those of which it does not know whether they can be filled, the oldest first.
    pub(crate) fn new(
        connection: Connection,
        transient: bool,
        detector: Detector,
        (known_until, mut gaps): (Option<Timestamp>, Vec<GapRecord>),
        now: Timestamp,
    ) -> Self {
        let shared_name: Arc<str> = connection.name.as_str().into();
        // One that began before the program ended lasts until now.
        let open = gaps.iter().rposition(|gap| gap.to.is_none()).map(|place| gaps.remove(place));
        gaps.truncate(UNFILLED);
        let part = Part {
            state: ConnectionState::new(Bounds::default()),
            status: LinkStatus::Stopped,
            since: now,
            log: VecDeque::new(),
            asked: connection.live_queries.clone(),
            lag: Lag::default(),
            credential_ends: None,
            detector,
            tells_missed: connection.protocol != Protocol::Hyprwatch,
            sampler: Sampler::default(),
            gap: open.or(known_until.map(|from| away(&shared_name, from))),
            catching_up: None,
            unfilled: gaps,
            known_until,
            heard: None,
            complete: false,
            told_before: 0,
        };
        Watched { connection, shared_name, transient, part: Mutex::new(part) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.connection.name
    }

    /// Goes on where the one ended whose place it takes: with its log, and with all that is known of what both watch.
    pub(crate) fn go_on(&mut self, before: &Watched, now: Timestamp) {
        let is_same = self.hears_as(&before.connection);
        let (part, before) = (self.part.get_mut(), &mut *before.part.lock());
        part.log = std::mem::take(&mut before.log);
        if before.status == LinkStatus::Stopped {
            part.since = before.since;
        }
        if !is_same {
            return;
        }
        let state = std::mem::replace(&mut before.state, ConnectionState::new(Bounds::default()));
        if self.connection.enabled {
            // Rules must not take what was so before it was off for what is so now.
            part.state.go_on(state);
            part.sampler = before.sampler.of_rates();
            part.told_before = part.state.counters.events;
        } else {
            part.state = state;
            part.sampler = std::mem::take(&mut before.sampler);
            part.complete = before.complete;
            part.told_before = before.told_before;
        }
        // Its link is another: it was left, also where that was not said in time, and it knows of no live query but those it is
        // configured with.
        part.state.left(now);
        part.fail_open_runs(now);
        part.state.live_queries.destroy_others(|id| part.asked.iter().any(|query| query.id == id));
    }

    /// Whether it tells the same as one of another configuration would.
    fn hears_as(&self, other: &Connection) -> bool {
        let Connection { enabled, notify_unlocked, tags, .. } = &self.connection;
        let alike =
            Connection { enabled: *enabled, notify_unlocked: *notify_unlocked, tags: tags.clone(), ..other.clone() };
        alike == self.connection
    }
}

impl Part {
    /// What is known of it and what may still be asked for, for the one that takes its place: the history has not written
    /// the last of it yet.
    pub(crate) fn hand_over(&mut self) -> (Option<Timestamp>, Vec<GapRecord>) {
        let gaps = std::mem::take(&mut self.unfilled).into_iter().chain(self.gap.take()).collect();
        (self.known_until, gaps)
    }

    /// Whether what it shows may be old: everything that is not live.
    pub fn is_stale(&self) -> bool {
        !matches!(self.status, LinkStatus::Live { .. })
    }

    /// Whether it is live and its picture complete: nothing is being fetched or waited for.
    pub fn is_settled(&self) -> bool {
        !self.is_stale() && self.catching_up.is_none()
    }

    /// Whether it has told anything of what it watches in this run, also that there is nothing.
    pub(crate) fn has_told(&self) -> bool {
        self.complete || self.state.counters.events > self.told_before
    }

    /// Whether something from before this time is missing that it may still be told of.
    pub(crate) fn misses(&self, before: Timestamp) -> bool {
        self.unfilled.iter().chain(&self.gap).any(|gap| gap.from < before)
    }

    /// Takes note of what a live query asks for.
    pub(crate) fn note_asked(&mut self, query: LiveQuery) {
        self.asked.retain(|known| known.id != query.id);
        if self.asked.len() >= ASKED {
            self.asked.remove(0);
        }
        self.asked.push(query);
    }

    /// Ends a query run that was never sent.
    pub fn fail_run(&mut self, run: u64, message: &str, now: Timestamp) {
        let answer = QueryAnswer::Error { message: message.into() };
        let body = EventBody::Query(Query { org: "", run: Some(run), answer });
        let data = serde_json::json!({ "message": message }).to_string();
        self.state.apply(&StreamEvent { at: None, body, data: &data }, now);
    }

    /// Ends the query runs that an ended connection leaves without an answer.
    fn fail_open_runs(&mut self, now: Timestamp) {
        let open: Vec<u64> = self.state.queries.rows().filter(|run| run.ended.is_none()).map(|run| run.run).collect();
        for run in open {
            self.fail_run(run, "the connection ended before the query was complete; run it again when it is live", now);
        }
    }

    fn turn(&mut self, status: &LinkStatus, now: Timestamp) {
        let was_open = self.status.is_open();
        if let LinkStatus::Stale { since } = status {
            self.state.doubted(*since, now);
        } else if status.is_open() && !matches!(self.status, LinkStatus::Live { .. }) {
            self.state.reconnected(now);
        } else if was_open && !status.is_open() {
            match status {
                LinkStatus::Stopped => self.state.left(now),
                _ => self.state.disconnected(now),
            }
            self.lag.forget();
            self.fail_open_runs(now);
        }
        if self.status.name() != status.name() {
            self.since = now;
        }
        self.status = status.clone();
        if self.log.len() == LOG {
            self.log.pop_front();
        }
        self.log.push_back((now, status.clone()));
    }
}
