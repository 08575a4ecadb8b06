//! What was missed while nobody listened: the gaps, and how a picture is completed that is behind the stream.

use std::collections::HashSet;
use std::sync::Arc;

use fleet::alert::Finding;
use fleet::rule::Fact;
use fleet::{Applied, Signal};
use protocol::Timestamp;
use store::history::{EventRecord, Filled, GapRecord};

use super::Part;

/// How long a live connection is waited for to say what it fetches, in ms: many services have nothing to fetch.
const SAYS: i64 = 2_000;
/// How long what was missed is waited for, in ms: less than the alert book waits to be told what is doubted.
const FETCHES: i64 = 50_000;
/// Events that wait for their turn while a picture is completed.
pub(super) const HELD: usize = 20_000;
/// How many gaps are known at once that may still be filled.
pub(super) const UNFILLED: usize = 100;

/// A picture that is being completed.
#[derive(Debug)]
pub(super) struct CatchingUp {
    pub(super) since: Timestamp,
    pub(super) fetching: bool,
    /// It was silent on the same socket: nothing that was sent on it is missing.
    pub(super) resumed: bool,
    /// What could not be had.
    pub(super) failed: Vec<String>,
    /// What happened, by the stream or as what was missed, until all can be looked at in the order of time: the stream is
    /// ahead of what is fetched, and a lock that is closed now may have been open meanwhile.
    pub(super) held: Vec<Held>,
}

/// An event that waits for its turn.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) record: EventRecord,
    /// Whether the picture was further already.
    pub(super) is_late: bool,
}

impl Part {
    /// Ends the waiting for what was missed, if it is over.
    pub(crate) fn caught_up(&mut self, now: Timestamp, found: &mut Vec<Finding>) -> Option<Vec<GapRecord>> {
        let waiting = self.catching_up.as_mut()?;
        // The clock went back: it has not been waited for longer than that.
        waiting.since = waiting.since.min(now);
        let patience = if waiting.fetching { FETCHES } else { SAYS };
        (now.since(waiting.since) > patience).then(|| self.settle(None, now, found)).flatten()
    }

    /// What is known from here on is the whole picture. Gives the gap as it is in the end.
    pub(crate) fn settle(
        &mut self,
        complete: Option<bool>,
        now: Timestamp,
        found: &mut Vec<Finding>,
    ) -> Option<Vec<GapRecord>> {
        self.look_at_held(found);
        self.complete = true;
        let Some(waiting) = self.catching_up.take() else {
            // It came after all, later than was waited for.
            let gaps = if complete == Some(true) { self.seen_through(&self.whole(), now) } else { Vec::new() };
            return Some(gaps).filter(|gaps| !gaps.is_empty());
        };
        let filled = match complete {
            Some(true) if waiting.failed.is_empty() => self.whole(),
            Some(_) if !waiting.failed.is_empty() => Filled::Partly(waiting.failed.join(" ")),
            _ => Filled::No,
        };
        let is_resumed = waiting.resumed && !waiting.fetching;
        let is_whole = filled == Filled::Whole || (filled == Filled::No && is_resumed);
        if !is_whole {
            self.state.signals.doubt(waiting.since);
        }
        self.detector.settle(&self.state, is_whole, waiting.since, now, found);
        if filled != Filled::No {
            return Some(self.seen_through(&filled, now));
        }
        let gap = self.gap.take().map(|gap| GapRecord { to: gap.to.or(Some(now)), ..gap });
        if is_resumed {
            return Some(gap.into_iter().map(|gap| GapRecord { filled: Filled::Whole, ..gap }).collect());
        }
        // It was not seen through: the next time it is asked for too.
        self.leave(gap.clone());
        Some(gap.into_iter().collect())
    }

    /// Whether an alert that was issued may have been cleared unheard: something was missed since, or is being fetched.
    pub(crate) fn is_unconfirmed(&self, alert: &Signal) -> bool {
        alert.unconfirmed || self.catching_up.as_ref().is_some_and(|waiting| alert.at < waiting.since)
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
    pub(super) fn look_at_held(&mut self, found: &mut Vec<Finding>) {
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
    pub(super) fn leave(&mut self, gap: Option<GapRecord>) {
        if self.unfilled.len() < UNFILLED {
            self.unfilled.extend(gap);
        }
    }

    /// From when on something may have been missed: the end of what is known, or the beginning of the first gap.
    pub(super) fn missed_since(&self) -> Option<Timestamp> {
        let gaps = self.unfilled.iter().chain(&self.gap).map(|gap| gap.from);
        gaps.chain(self.known_until).min()
    }
}

/// The gap while the program was not running.
pub(crate) fn away(connection: &str, from: Timestamp) -> GapRecord {
    gap(&connection.into(), from, "Signalbox was not running")
}

/// A gap that begins.
pub(super) fn gap(connection: &Arc<str>, from: Timestamp, cause: &str) -> GapRecord {
    GapRecord { connection: connection.clone(), from, to: None, cause: cause.to_owned(), filled: Filled::No }
}

#[cfg(test)]
mod tests;
