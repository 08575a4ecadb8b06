//! Connections that come, go, die and live again, and what becomes of their alerts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use protocol::Timestamp;

use super::{AWAY, AlertBook, AlertId, PICTURE, SubjectRef, after, before};
use crate::alert::Finding;
use crate::rule::Doubted;

#[derive(Debug)]
pub(super) struct Connection {
    /// It is enabled; else it is only known from alerts of the history.
    pub(super) present: bool,
    pub(super) live: bool,
    /// Its first picture since it was not heard is complete.
    pub(super) settled: bool,
    pub(super) lost: Timestamp,
    /// Since when its picture is waited for.
    awaited: Timestamp,
    /// What began since is new to the operator when the picture is complete.
    pub(super) news: Timestamp,
    /// The news is of the time while the program was away, told in one digest; else of a reconnect, told one by one.
    pub(super) away: bool,
    pub(super) open: BTreeSet<AlertId>,
    /// Findings about alerts that were over already: a replay, unless they still hold when the picture is complete.
    pub(super) replayed: BTreeMap<(Arc<str>, Box<str>), Finding>,
}

impl Connection {
    pub(super) fn new(now: Timestamp, news: Timestamp, away: bool) -> Self {
        Connection {
            present: false,
            live: false,
            settled: false,
            lost: now,
            awaited: now,
            news,
            away,
            open: BTreeSet::new(),
            replayed: BTreeMap::new(),
        }
    }

    pub(super) fn shift(&mut self, back: i64) {
        self.lost = before(self.lost, back);
        self.awaited = before(self.awaited, back);
        // Times of the service's own clock are compared with it: too early tells too much, too late nothing at all.
        self.news = before(self.news, back);
    }

    /// Begins to wait for a picture; what is new counts from the first time on that it has to.
    fn unsettle(&mut self, news: Timestamp, away: bool) {
        if self.settled {
            (self.settled, self.news, self.away) = (false, news, away);
        } else if away {
            (self.news, self.away) = (self.news.min(news), true);
        }
    }
}

impl AlertBook {
    /// Takes a connection that is enabled. It is not live, and its alerts are listed only, until its picture is complete.
    pub fn connection_added(&mut self, connection: &Arc<str>, now: Timestamp) {
        let now = self.clock(now);
        let known = self.connection(connection, now);
        if !known.present {
            known.present = true;
            (known.lost, known.awaited) = (now, now);
        }
    }

    /// Drops a connection that is removed or turned off; its alerts are resolved.
    pub fn connection_removed(&mut self, connection: &str, now: Timestamp) {
        let now = self.clock(now);
        let Some(known) = self.connections.get(connection) else { return };
        for id in known.open.clone() {
            self.resolve(id, now, "The connection was removed or turned off.", true);
        }
        self.connections.remove(connection);
        self.close_away(now);
        self.watch_network(now);
    }

    /// Notes that a connection is live. Its alerts stay stale until [`AlertBook::settled`].
    pub fn live(&mut self, connection: &str, now: Timestamp) {
        let now = self.clock(now);
        let Some(known) = self.connections.get_mut(connection) else { return };
        if !known.live {
            (known.live, known.awaited) = (true, now);
            self.watch_network(now);
        }
    }

    /// Notes that a connection is not live: its alerts, but those about itself, are stale.
    pub fn not_live(&mut self, connection: &str, now: Timestamp) {
        let now = self.clock(now);
        let Some(known) = self.connections.get_mut(connection) else { return };
        if !known.live {
            return;
        }
        (known.live, known.lost) = (false, now);
        known.unsettle(now, false);
        let cause = format!("{connection} is not live.");
        for id in &known.open {
            if let Some(entry) = self.open.get_mut(id) {
                (entry.stale, entry.doubted) = (!entry.own, false);
                entry.show(now, &cause, &mut self.record);
            }
        }
        self.watch_network(now);
    }

    /// Notes that the picture of a live connection is complete, with all that is fetched after the start, a sleep or a
    /// reconnect. What still holds is as it was before; what may have ended meanwhile, the `doubted`, stays stale until
    /// it is confirmed; of what came meanwhile, what is new is told. A connection that stays live for a minute without it
    /// is taken as settled.
    pub fn settled(&mut self, connection: &str, doubted: &[Doubted], now: Timestamp) {
        let now = self.clock(now);
        let owed = self.settle(connection, Some(doubted), now);
        self.flush(owed, false, now);
        if self.away.is_none() {
            self.tell_away(now);
        }
        self.close_away(now);
    }

    /// Notes that the computer slept: all pictures are to be completed, and what began meanwhile is told in one digest.
    pub fn woke(&mut self, slept_since: Timestamp, now: Timestamp) {
        let now = self.clock(now);
        let since = slept_since.min(now);
        for known in self.connections.values_mut() {
            known.unsettle(since, true);
            known.awaited = now;
        }
        self.away = Some(after(now, AWAY));
    }

    /// Takes those as settled whose picture takes too long: better told without it than never. Gives their alerts.
    pub(super) fn settle_late(&mut self, now: Timestamp) -> Vec<AlertId> {
        let late = |known: &Connection| known.live && !known.settled && now.since(known.awaited) >= PICTURE;
        let names: Vec<Arc<str>> =
            self.connections.iter().filter(|(_, known)| late(known)).map(|(name, _)| name.clone()).collect();
        names.iter().flat_map(|name| self.settle(name, None, now)).collect()
    }

    /// Settles a connection and gives its alerts, to be told where they are owed. Where nobody says what is doubted, it is
    /// what was.
    fn settle(&mut self, connection: &str, doubted: Option<&[Doubted]>, now: Timestamp) -> Vec<AlertId> {
        let about = |(rule, subject): &Doubted| self.subjects.get(&SubjectRef(rule, connection, subject)).copied();
        let doubted: Option<BTreeSet<AlertId>> = doubted.map(|doubted| doubted.iter().filter_map(about).collect());
        let Some(known) = self.connections.get_mut(connection) else { return Vec::new() };
        if !known.live || known.settled {
            return Vec::new();
        }
        known.settled = true;
        let replayed = std::mem::take(&mut known.replayed);
        let ids: Vec<AlertId> = known.open.iter().copied().collect();
        let cause = format!("{connection} is live again.");
        let unsaid = format!("{connection} is live again, but has not said since whether this still holds.");
        for id in &ids {
            let Some(entry) = self.open.get_mut(id) else { continue };
            // What waits from here on is news when it fires, wherever its connection is by then.
            entry.fresh = true;
            // What was found since the connection is live is not stale.
            let is_doubted = doubted.as_ref().map_or(entry.doubted, |doubted| doubted.contains(id));
            if entry.stale && is_doubted {
                if !std::mem::replace(&mut entry.doubted, true) {
                    entry.act(now, &unsaid, &mut self.record);
                }
                continue;
            }
            (entry.stale, entry.doubted) = (false, false);
            entry.show(now, &cause, &mut self.record);
        }
        let name = self.connections.get_key_value(connection).map(|(name, _)| name.clone());
        for finding in replayed.into_values() {
            if let Some(name) = &name {
                self.reopen(name, finding, now);
            }
        }
        ids
    }

    /// What was doubted holds: its connection says so.
    pub(super) fn confirm(&mut self, id: AlertId, now: Timestamp) {
        let Some(entry) = self.open.get_mut(&id).filter(|entry| entry.doubted) else { return };
        let settled = self.connections.get(&entry.alert.connection).is_some_and(|known| known.settled);
        if settled {
            (entry.stale, entry.doubted) = (false, false);
            let cause = format!("{} says that this still holds.", entry.alert.connection);
            entry.act(now, &cause, &mut self.record);
            self.flush([id], false, now);
            if self.away.is_none() {
                self.tell_away(now);
            }
        }
    }

    /// The connection of a name; one that is not known yet is only noted.
    pub(super) fn connection(&mut self, name: &Arc<str>, now: Timestamp) -> &mut Connection {
        let away = self.away.is_some();
        let news = if away { self.away_since } else { now };
        self.connections.entry(name.clone()).or_insert_with(|| Connection::new(now, news, away))
    }
}
