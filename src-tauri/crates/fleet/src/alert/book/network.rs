//! All connections lost at once are one notice: it is this computer's network.

use std::collections::BTreeSet;

use protocol::Timestamp;

use super::connections::Connection;
use super::{AlertBook, AlertId, Entry, after, before};
use crate::alert::Announcement;

/// Connections lost within this time of each other are lost at once.
const AT_ONCE: i64 = 10_000;
/// How long after the network is back connections may take to come back: the longest backoff and a dial.
const RETURN: i64 = 90_000;

/// What is known of this computer's network.
#[derive(Debug, Default)]
pub(super) struct Network {
    state: State,
    /// Alerts of connections that are not live, waiting for what it turns out to be.
    held: BTreeSet<AlertId>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Up,
    /// All connections were lost at once, and that was told.
    Lost,
    /// One is live again; the others may take until then.
    Returning(Timestamp),
}

impl Network {
    pub(super) fn hold(&mut self, id: AlertId) {
        self.held.insert(id);
    }

    pub(super) fn forget(&mut self, id: AlertId) {
        self.held.remove(&id);
    }

    pub(super) fn shift(&mut self, back: i64) {
        if let State::Returning(until) = self.state {
            self.state = State::Returning(before(until, back));
        }
    }
}

impl AlertBook {
    /// Finds out whether the network is lost or back, and tells what need not wait for it any more.
    pub(super) fn watch_network(&mut self, now: Timestamp) {
        let held = self.turn_network(now);
        self.flush(held, false, now);
    }

    /// Finds out whether the network is lost or back; gives what waited for that.
    pub(super) fn turn_network(&mut self, now: Timestamp) -> BTreeSet<AlertId> {
        let present: Vec<&Connection> = self.connections.values().filter(|known| known.present).collect();
        let all_lost = !present.is_empty() && present.iter().all(|known| !known.live);
        let latest = present.iter().map(|known| known.lost).max().unwrap_or(now);
        let at_once = || present.iter().map(|known| known.lost).filter(|lost| latest.since(*lost) <= AT_ONCE);
        let (since, count) = (at_once().min().unwrap_or(now), at_once().count());
        match self.network.state {
            State::Up if all_lost && count >= 2 && self.any_held() => self.lose_network(since, count),
            // Told as back and lost again: not for a connection that came for a moment.
            State::Returning(_) if all_lost && present.len() >= 2 && now.since(latest) >= AT_ONCE => {
                let (since, count) = (latest, present.len());
                self.lose_network(since, count);
            }
            // Not while there is none at all: then nothing shows that it is back.
            State::Lost if present.iter().any(|known| known.live) => {
                self.network.state = State::Returning(after(now, RETURN));
                self.record.announce(Announcement::NetworkBack);
            }
            State::Returning(until) if until <= now => self.network.state = State::Up,
            _ => {}
        }
        // A held one is not owed any more once it was told, acknowledged or resolved.
        std::mem::take(&mut self.network.held)
    }

    /// Whether the notice of the network may yet stand for an alert, or does.
    pub(super) fn network_holds(&self, entry: &Entry) -> bool {
        if !entry.network {
            return false;
        }
        let Some(own) = self.connections.get(&entry.alert.connection) else { return false };
        match self.network.state {
            State::Lost | State::Returning(_) => true,
            State::Up => {
                let mut present = self.connections.values().filter(|known| known.present);
                let several = present.clone().count() >= 2;
                let some_live = present.any(|known| known.live);
                several && some_live && !own.live && self.now.since(own.lost) < AT_ONCE
            }
        }
    }

    fn lose_network(&mut self, since: Timestamp, count: usize) {
        self.network.state = State::Lost;
        let connections = u32::try_from(count).unwrap_or(u32::MAX);
        self.record.announce(Announcement::NetworkLost { since, connections });
    }

    /// Whether an alert waits that would be told by itself.
    fn any_held(&self) -> bool {
        let held = self.network.held.iter().filter_map(|id| self.open.get(id));
        held.into_iter().any(|entry| {
            let wanted = entry.alert.notify && !entry.acknowledged();
            wanted && !entry.silenced && !self.hushed(entry.alert.severity)
        })
    }
}
