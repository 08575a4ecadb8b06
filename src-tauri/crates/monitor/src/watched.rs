//! One connection as the monitor holds it: its part of the fleet behind one lock, fed by its link.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::task::{Context, Poll};

use fleet::alert::Finding;
use fleet::rule::{Detector, Fact, Standing};
use fleet::{Applied, Bounds, ConnectionState};
use link::{Backfill, Clock, EventSink, LinkStatus, Origin, Receiver};
use parking_lot::{Mutex, MutexGuard};
use protocol::config::LiveQuery;
use protocol::event::{Query, QueryAnswer};
use protocol::{Ask, Connection, EventBody, Protocol, Purpose, StreamEvent, SubscriptionState, Timestamp};
use store::history::{Batch, EventRecord, Filled, GapRecord, Journal};

use crate::alarm::{Alarm, Proofs, evidence, fires};
use crate::journal;
use crate::lag::Lag;
use crate::sampling::Sampler;

/// Lines kept of a connection's own log.
const LOG: usize = 200;
/// How long a live connection is waited for to say what it fetches, in ms: many services have nothing to fetch.
const SAYS: i64 = 2_000;
/// How long what was missed is waited for, in ms.
const FETCHES: i64 = 60_000;
/// Events that wait for their turn while a picture is completed.
const HELD: usize = 20_000;
/// How many gaps are known at once that may still be filled.
const UNFILLED: usize = 100;
/// Of how many alerts of one batch the proof is taken.
const PROOFS: usize = 50;

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
}

/// Live queries of which it is kept what they ask for.
const ASKED: usize = 64;

/// A picture that is being completed.
#[derive(Debug)]
struct CatchingUp {
    since: Timestamp,
    fetching: bool,
    /// It was silent on the same socket: nothing that was sent on it is missing.
    resumed: bool,
    /// What could not be had.
    failed: Vec<String>,
    /// What happened, by the stream or as what was missed, until all can be looked at in the order of time: the stream is
    /// ahead of what is fetched, and a lock that is closed now may have been open meanwhile.
    held: Vec<Held>,
}

/// An event that waits for its turn.
#[derive(Debug, Clone)]
struct Held {
    record: EventRecord,
    /// Whether the picture was further already.
    is_late: bool,
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
        };
        Watched { connection, shared_name, transient, part: Mutex::new(part) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.connection.name
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
        if !was_open && status.is_open() {
            self.state.reconnected(now);
        } else if was_open && !status.is_open() {
            self.state.disconnected(now);
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

    /// Ends the waiting for what was missed, if it is over.
    pub(crate) fn caught_up(&mut self, now: Timestamp, found: &mut Vec<Finding>) -> Option<Vec<GapRecord>> {
        let waiting = self.catching_up.as_mut()?;
        // The clock went back: it has not been waited for longer than that.
        waiting.since = waiting.since.min(now);
        let patience = if waiting.fetching { FETCHES } else { SAYS };
        (now.since(waiting.since) > patience).then(|| self.settle(None, now, found)).flatten()
    }

    /// What is known from here on is the whole picture. Gives the gap as it is in the end.
    fn settle(&mut self, complete: Option<bool>, now: Timestamp, found: &mut Vec<Finding>) -> Option<Vec<GapRecord>> {
        self.look_at_held(found);
        let Some(waiting) = self.catching_up.take() else {
            // It came after all, later than was waited for.
            let gaps = if complete == Some(true) { self.seen_through(&self.whole(), now) } else { Vec::new() };
            return Some(gaps).filter(|gaps| !gaps.is_empty());
        };
        self.detector.standing(Standing::Live, now, found);
        let filled = match complete {
            Some(true) if waiting.failed.is_empty() => self.whole(),
            Some(_) if !waiting.failed.is_empty() => Filled::Partly(waiting.failed.join(" ")),
            _ => Filled::No,
        };
        if filled != Filled::No {
            return Some(self.seen_through(&filled, now));
        }
        let gap = self.gap.take().map(|gap| GapRecord { to: gap.to.or(Some(now)), ..gap });
        if waiting.resumed && !waiting.fetching {
            return Some(gap.into_iter().map(|gap| GapRecord { filled: Filled::Whole, ..gap }).collect());
        }
        // It was not seen through: the next time it is asked for too.
        self.leave(gap.clone());
        Some(gap.into_iter().collect())
    }

    /// How a gap is filled when all that was asked for came.
    fn whole(&self) -> Filled {
        match self.tells_missed {
            true => Filled::Whole,
            false => Filled::Partly("The service does not tell who came and went meanwhile.".into()),
        }
    }

    /// All gaps, as what was asked for came to.
    fn seen_through(&mut self, filled: &Filled, now: Timestamp) -> Vec<GapRecord> {
        let gaps = std::mem::take(&mut self.unfilled).into_iter().chain(self.gap.take());
        gaps.map(|gap| GapRecord { to: gap.to.or(Some(now)), filled: filled.clone(), ..gap }).collect()
    }

    /// Lets the rules see what was held, in the order of time.
    fn look_at_held(&mut self, found: &mut Vec<Finding>) {
        let Some(waiting) = &mut self.catching_up else { return };
        let mut held = std::mem::take(&mut waiting.held);
        held.sort_by_key(|held| held.record.at.unwrap_or(held.record.received));
        // The stream and an answer may both have told of one.
        let mut seen: HashSet<(bool, String)> = HashSet::new();
        for Held { record, is_late } in held {
            let EventRecord { kind, subject, definition, at, received, data, .. } = &record;
            let names = [(true, &record.identity), (false, &record.tuple)];
            let mut is_new = true;
            for (is_identity, name) in names {
                is_new &= name.as_ref().is_none_or(|name| seen.insert((is_identity, name.clone())));
            }
            if !is_new {
                continue;
            }
            let mut fact = Fact::stored(*kind, subject, definition.as_deref(), *at, *received, data);
            if is_late {
                // It happened, and how things are is known better.
                fact.applied = Applied::Taken;
            }
            self.detector.event(&fact, found);
        }
    }

    /// Keeps a gap in mind that may still be filled. Of too many the oldest stay: what is asked for begins with the first.
    fn leave(&mut self, gap: Option<GapRecord>) {
        if self.unfilled.len() < UNFILLED {
            self.unfilled.extend(gap);
        }
    }

    /// From when on something may have been missed: the end of what is known, or the beginning of the first gap.
    fn missed_since(&self) -> Option<Timestamp> {
        let gaps = self.unfilled.iter().chain(&self.gap).map(|gap| gap.from);
        gaps.chain(self.known_until).min()
    }
}

/// What a link feeds: it applies each batch under the connection's lock, and tells history and alarm after.
pub struct Feed {
    watched: Arc<Watched>,
    clock: Arc<dyn Clock>,
    alarm: Arc<Alarm>,
    journal: Journal,
    /// Whether what comes is written down.
    recorded: bool,
    found: Vec<Finding>,
}

impl Feed {
    /// The feed of one connection.
    pub(crate) fn new(watched: Arc<Watched>, clock: Arc<dyn Clock>, alarm: Arc<Alarm>, journal: Journal) -> Self {
        let recorded = !alarm.unrecorded.holds(watched.name());
        Feed { watched, clock, alarm, journal, recorded, found: Vec::new() }
    }

    /// Enters what was found and writes it down with what it came from, before anybody else finds something here.
    fn enter(&mut self, part: MutexGuard<'_, Part>, batch: Batch, proofs: Proofs, now: Timestamp) {
        // The book is locked before the part is let go: findings of one connection stay in their order.
        let book = self.alarm.book();
        drop(part);
        self.alarm.enter(book, &self.watched.shared_name, &mut self.found, batch, proofs, now);
    }
}

impl Receiver for Feed {
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.recorded { self.journal.poll_room(cx) } else { Poll::Ready(()) }
    }

    fn batch(&mut self, drain: &mut dyn FnMut(&mut dyn EventSink)) {
        let received = self.clock.now();
        let watched = self.watched.clone();
        let mut part = watched.part.lock();
        let mut applying = Applying {
            part: &mut part,
            connection: &watched.shared_name,
            received,
            origin: Origin::Stream,
            recorded: self.recorded,
            found: &mut self.found,
            records: Vec::new(),
            proofs: Proofs::new(),
        };
        drain(&mut applying);
        let Applying { records, proofs, .. } = applying;
        if records.is_empty() && self.found.is_empty() {
            return;
        }
        if let Some(at) = records.iter().map(|record| record.at.unwrap_or(record.received)).max() {
            part.known_until = part.known_until.max(Some(at.min(received)));
        }
        self.enter(part, Batch { events: records, ..Batch::default() }, proofs, received);
    }

    fn status(&mut self, status: &LinkStatus) {
        let now = self.clock.now();
        let watched = self.watched.clone();
        let mut part = watched.part.lock();
        let was_live = !part.is_stale();
        let resumed = matches!(part.status, LinkStatus::Stale { .. });
        part.turn(status, now);
        let mut batch = Batch::default();
        if self.recorded {
            batch.events.push(journal::transition(&watched.shared_name, status, now));
        }
        let is_live = !part.is_stale();
        if is_live && !was_live {
            part.catching_up =
                Some(CatchingUp { since: now, fetching: false, resumed, failed: Vec::new(), held: Vec::new() });
            if let Some(gap) = &mut part.gap {
                gap.to = Some(now);
                batch.gaps.push(gap.clone());
            }
            part.detector.standing(Standing::CatchingUp, now, &mut self.found);
        } else if !is_live {
            if was_live {
                part.look_at_held(&mut self.found);
                part.catching_up = None;
                let cause = match status {
                    LinkStatus::Stopped => "Signalbox was ended, or the connection switched off",
                    status => status.cause().unwrap_or("the connection was not live"),
                };
                // One that was being filled is not filled, and another begins.
                let unfilled = part.gap.take();
                part.leave(unfilled);
                let record = gap(&watched.shared_name, part.heard.unwrap_or(now).min(now), cause);
                batch.gaps.push(record.clone());
                part.gap = Some(record);
            }
            // That it was switched off is told by who did it; at the end of the program everything stays as it is.
            if let Some(standing) = standing(status) {
                part.detector.standing(standing, now, &mut self.found);
            }
        }
        let mut book = self.alarm.book();
        drop(part);
        match is_live {
            true if !was_live => book.live(&watched.shared_name, now),
            false if was_live => book.not_live(&watched.shared_name, now),
            _ => {}
        }
        self.alarm.enter(book, &watched.shared_name, &mut self.found, batch, Proofs::new(), now);
    }

    fn not_asked(&mut self, ask: Ask) {
        if let Ask::RunQuery { run, .. } = ask {
            let now = self.clock.now();
            let message = "the connection ended before the query was sent; run it again when it is live";
            self.watched.part.lock().fail_run(run, message, now);
        }
    }

    fn known_until(&mut self) -> Option<Timestamp> {
        self.watched.part.lock().missed_since()
    }

    fn credential_ends(&mut self, at: Option<Timestamp>) {
        let now = self.clock.now();
        let watched = self.watched.clone();
        let mut part = watched.part.lock();
        part.credential_ends = at;
        part.detector.credential_ends(at, now, &mut self.found);
        self.enter(part, Batch::default(), Proofs::new(), now);
    }

    fn backfill(&mut self, step: &Backfill) {
        let now = self.clock.now();
        let watched = self.watched.clone();
        let mut part = watched.part.lock();
        let settled = match step {
            Backfill::Begun { .. } => {
                let before = part.catching_up.take();
                let (since, held) = before.map_or((now, Vec::new()), |waiting| (waiting.since, waiting.held));
                part.catching_up = Some(CatchingUp { since, fetching: true, resumed: false, failed: Vec::new(), held });
                part.detector.standing(Standing::CatchingUp, now, &mut self.found);
                None
            }
            Backfill::Failed { what, purpose: Purpose::Missed, cause, .. } => {
                if let Some(waiting) = &mut part.catching_up {
                    waiting.failed.push(format!("The {what} could not be had: {cause}."));
                }
                None
            }
            Backfill::Failed { .. } | Backfill::Fetched { .. } => None,
            Backfill::Ended { complete } => part.settle(Some(*complete), now, &mut self.found),
        };
        let mut proofs = Proofs::new();
        prove(&part.state, &watched.shared_name, &self.found, now, &mut proofs);
        let mut book = self.alarm.book();
        drop(part);
        let mut batch = Batch::default();
        if let Some(gaps) = settled {
            self.alarm.note_gaps(&gaps);
            batch.gaps = gaps;
            // What was found when it became live comes first.
            for finding in self.found.drain(..) {
                book.find(&watched.shared_name, finding, now);
            }
            book.settled(&watched.shared_name, now);
        }
        self.alarm.enter(book, &watched.shared_name, &mut self.found, batch, proofs, now);
    }
}

/// How a connection stands that is not live; `None` when it was ended from here.
fn standing(status: &LinkStatus) -> Option<Standing<'_>> {
    Some(match status {
        LinkStatus::Stopped | LinkStatus::Live { .. } => return None,
        LinkStatus::NeedsCredential { cause } => Standing::NeedsCredential { cause },
        LinkStatus::Refused { cause } => Standing::Refused { cause },
        LinkStatus::Stale { .. } => Standing::NotLive { cause: "nothing has come for a while" },
        status => Standing::NotLive { cause: status.cause().unwrap_or_default() },
    })
}

/// The gap while the program was not running.
pub(crate) fn away(connection: &str, from: Timestamp) -> GapRecord {
    gap(&connection.into(), from, "Signalbox was not running")
}

fn gap(connection: &Arc<str>, from: Timestamp, cause: &str) -> GapRecord {
    GapRecord { connection: connection.clone(), from, to: None, cause: cause.to_owned(), filled: Filled::No }
}

/// A batch being applied.
struct Applying<'a> {
    part: &'a mut Part,
    connection: &'a Arc<str>,
    received: Timestamp,
    origin: Origin,
    recorded: bool,
    found: &'a mut Vec<Finding>,
    records: Vec<EventRecord>,
    proofs: Proofs,
}

impl EventSink for Applying<'_> {
    #[inline]
    fn event(&mut self, event: &StreamEvent<'_>) {
        let applied = match self.origin {
            Origin::Stream => self.part.state.apply(event, self.received),
            Origin::Fetched(purpose) => self.part.state.apply_fetched(event, purpose == Purpose::Missed, self.received),
        };
        if let (Origin::Stream, Some(at)) = (self.origin, event.at) {
            self.part.lag.note(at, self.received);
        }
        let before = self.found.len();
        let happened = journal::is_kept(event.kind())
            && self.origin != Origin::Fetched(Purpose::Snapshot)
            && !journal::is_known(applied);
        let is_wanted = happened && (self.recorded || self.part.catching_up.is_some());
        let record = is_wanted.then(|| journal::record(self.connection, event, self.received));
        match (&mut self.part.catching_up, &record) {
            (Some(waiting), Some(record)) => {
                waiting.held.push(Held { record: record.clone(), is_late: applied == Applied::Late });
                if waiting.held.len() >= HELD {
                    self.part.look_at_held(self.found);
                }
            }
            _ => self.part.detector.event(&Fact::of(event, applied, self.received), self.found),
        }
        self.records.extend(record.filter(|_| self.recorded));
        if self.found.len() > before {
            prove(&self.part.state, self.connection, &self.found[before..], self.received, &mut self.proofs);
        }
    }

    fn subscription(&mut self, name: &str, state: SubscriptionState<'_>) {
        self.part.state.subscription(name, state, self.received);
    }

    fn frame(&mut self, bytes: usize) {
        self.part.state.frame(bytes, self.received);
        self.part.heard = Some(self.received);
    }

    fn origin(&mut self, origin: Origin) {
        self.origin = origin;
    }
}

/// Takes the proof of what fires, of the first few of a storm.
pub(crate) fn prove(state: &ConnectionState, connection: &str, found: &[Finding], now: Timestamp, proofs: &mut Proofs) {
    for finding in found {
        if proofs.len() >= PROOFS {
            return;
        }
        if let Some(id) = fires(connection, finding) {
            proofs.insert(id, evidence(state, finding, now));
        }
    }
}

#[cfg(test)]
mod tests;
