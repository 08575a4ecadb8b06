//! One connection as the monitor holds it: its part of the fleet behind one lock, fed by its link.

use std::collections::VecDeque;
use std::sync::Arc;

use fleet::{Applied, Bounds, ConnectionState};
use link::{Clock, EventSink, LinkStatus, Receiver};
use parking_lot::Mutex;
use protocol::event::{Query, QueryAnswer};
use protocol::{Ask, Connection, EventBody, StreamEvent, SubscriptionState, Timestamp};

use crate::host::{Host, Notice};
use crate::notice;

/// Lines kept of a connection's own log.
const LOG: usize = 200;

/// A configured connection and its part of the fleet.
pub struct Watched {
    /// What was configured.
    pub connection: Connection,
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
}

impl Watched {
    /// A connection of which nothing has been heard.
    pub fn new(connection: Connection, transient: bool, now: Timestamp) -> Self {
        let part = Part {
            state: ConnectionState::new(Bounds::default()),
            status: LinkStatus::Stopped,
            since: now,
            log: VecDeque::new(),
        };
        Watched { connection, transient, part: Mutex::new(part) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.connection.name
    }
}

impl Part {
    /// Whether what it shows may be old: everything that is not live.
    pub fn is_stale(&self) -> bool {
        !matches!(self.status, LinkStatus::Live { .. })
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
        if !was_open && status.is_open() {
            self.state.reconnected(now);
        } else if was_open && !status.is_open() {
            self.state.disconnected(now);
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

/// What a link feeds: it applies each batch under the connection's lock, and tells the desktop after.
pub struct Feed {
    watched: Arc<Watched>,
    clock: Arc<dyn Clock>,
    host: Arc<dyn Host>,
    notices: Vec<Notice>,
}

impl Feed {
    /// The feed of one connection.
    pub fn new(watched: Arc<Watched>, clock: Arc<dyn Clock>, host: Arc<dyn Host>) -> Self {
        Feed { watched, clock, host, notices: Vec::new() }
    }
}

impl Receiver for Feed {
    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        let received = self.clock.now();
        {
            let mut part = self.watched.part.lock();
            let mut applying = Applying {
                part: &mut part,
                connection: &self.watched.connection,
                received,
                notices: &mut self.notices,
            };
            drain(&mut applying);
        }
        for notice in self.notices.drain(..) {
            self.host.notify(notice);
        }
    }

    fn status(&mut self, status: &LinkStatus) {
        self.watched.part.lock().turn(status, self.clock.now());
        if let Some(notice) = notice::of_status(self.watched.name(), status) {
            self.host.notify(notice);
        }
    }

    fn not_asked(&mut self, ask: Ask) {
        if let Ask::RunQuery { run, .. } = ask {
            let now = self.clock.now();
            let message = "the connection ended before the query was sent; run it again when it is live";
            self.watched.part.lock().fail_run(run, message, now);
        }
    }
}

/// A batch being applied.
struct Applying<'a> {
    part: &'a mut Part,
    connection: &'a Connection,
    received: Timestamp,
    notices: &'a mut Vec<Notice>,
}

impl EventSink for Applying<'_> {
    fn event(&mut self, event: &StreamEvent<'_>) {
        let applied = self.part.state.apply(event, self.received);
        if matches!(applied, Applied::LockChanged { .. } | Applied::JobFailed) {
            self.notices.extend(notice::of_event(self.connection, event, applied));
        }
    }

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        self.part.state.subscription(name, state, self.received);
    }

    fn frame(&mut self, bytes: usize) {
        self.part.state.frame(bytes, self.received);
    }
}
