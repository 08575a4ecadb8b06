//! The link's hand on a connection: what comes is applied, looked at by the rules and written down, a batch at a time.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use fleet::alert::Finding;
use fleet::rule::{Fact, Standing};
use fleet::{Applied, ConnectionState};
use link::{Backfill, Clock, EventSink, LinkStatus, Origin, Receiver};
use parking_lot::MutexGuard;
use protocol::{Ask, Purpose, StreamEvent, SubscriptionState, Timestamp};
use store::history::{Batch, EventRecord, Journal};

use super::gather::{Gather, Looked};
use super::missed::{CatchingUp, HELD, Held, gap};
use super::{Part, Watched};
use crate::alarm::{Alarm, Proofs, evidence, fires};
use crate::journal;

/// Of how many alerts of one batch the proof is taken.
const PROOFS: usize = 50;

/// What a link feeds: it applies each batch under the connection's lock, and tells history and alarm after.
pub struct Feed {
    watched: Arc<Watched>,
    clock: Arc<dyn Clock>,
    alarm: Arc<Alarm>,
    journal: Journal,
    /// Whether what comes is written down.
    recorded: bool,
    gather: Gather,
    found: Vec<Finding>,
}

impl Feed {
    /// The feed of one connection.
    pub(crate) fn new(
        watched: Arc<Watched>,
        clock: Arc<dyn Clock>,
        alarm: Arc<Alarm>,
        journal: Journal,
        looked: Arc<Looked>,
    ) -> Self {
        let recorded = !alarm.unrecorded.holds(watched.name());
        Feed { watched, clock, alarm, journal, recorded, gather: Gather::new(looked), found: Vec::new() }
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
        ready!(self.gather.poll(cx));
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
            frames: 0,
            is_all: true,
            waited: self.gather.waited(),
        };
        drain(&mut applying);
        let Applying { records, proofs, frames, is_all, .. } = applying;
        // What a connection says on its way to being live is not kept waiting.
        if !part.is_stale() {
            self.gather.read(frames, is_all, received);
        }
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
        let doubted = part.detector.doubted();
        let mut book = self.alarm.book();
        drop(part);
        let mut batch = Batch::default();
        if let Some(gaps) = settled {
            self.alarm.note_gaps(&gaps);
            self.alarm.note_doubts(&book, &watched.shared_name, &doubted);
            batch.gaps = gaps;
            // What was found when it became live comes first.
            for finding in self.found.drain(..) {
                book.find(&watched.shared_name, finding, now);
            }
            book.settled(&watched.shared_name, &doubted, now);
        }
        self.alarm.enter(book, &watched.shared_name, &mut self.found, batch, proofs, now);
    }
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
    /// Frames so far.
    frames: usize,
    /// They are all that were there.
    is_all: bool,
    /// They may have waited here.
    waited: bool,
}

impl EventSink for Applying<'_> {
    #[inline]
    fn event(&mut self, event: &StreamEvent<'_>) {
        let applied = match self.origin {
            Origin::Stream => self.part.state.apply(event, self.received),
            Origin::Fetched(purpose) => self.part.state.apply_fetched(event, purpose == Purpose::Missed, self.received),
        };
        // What waited here came no later for it.
        if let (Origin::Stream, Some(at), false) = (self.origin, event.at, self.waited) {
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

    fn rest(&mut self) {
        self.is_all = false;
    }

    fn frame(&mut self, bytes: usize) {
        self.part.state.frame(bytes, self.received);
        self.part.heard = Some(self.received);
        self.frames += 1;
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
