//! What is told natively, and when.

use protocol::Timestamp;

use super::{AlertBook, AlertId, As, Entry, Tell, after};
use crate::alert::{AlertState, Announcement, Occasion};

/// How long after an alert was told a change of it may be.
pub(super) const CHANGES: i64 = 30_000;

/// Whether something stands between an alert and its being told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Free,
    /// Its time will come.
    Blocked,
    /// Whoever would be told knows, or does not want to.
    Needless,
}

impl AlertBook {
    /// Tells an alert that is owed, if it can be told.
    pub(super) fn tell_one(&mut self, id: AlertId, now: Timestamp) {
        let network = self.open.get(&id).is_some_and(|entry| entry.network);
        if network {
            self.network.hold(id);
            self.watch_network(now);
        } else {
            self.flush([id], false, now);
        }
    }

    /// Tells whatever can be told.
    pub(super) fn flush_all(&mut self, now: Timestamp) {
        let ids: Vec<AlertId> = self.open.keys().copied().collect();
        self.flush(ids, false, now);
    }

    /// Tells those that are owed and that nothing stands in the way of: one by one, or in one digest with what was held
    /// back and is not any more. What began while away has its own digest, unless quiet hours held that back.
    pub(super) fn flush(&mut self, ids: impl IntoIterator<Item = AlertId>, quiet_ended: bool, now: Timestamp) {
        let mut digest = Vec::new();
        let mut mute_ended = false;
        for id in ids {
            let Some((how, way)) = self.owed(id) else { continue };
            let Some(entry) = self.open.get_mut(&id) else { continue };
            match (way, how) {
                (Way::Needless, _) => entry.tell = Tell::Known,
                (Way::Blocked, _) => {
                    if entry.network {
                        self.network.hold(id);
                    }
                }
                (Way::Free, As::With(Occasion::Away)) if !quiet_ended => {}
                (Way::Free, As::Alone) if !quiet_ended => {
                    entry.set_told(Tell::Alone, now);
                    self.record.announce(Announcement::Fires(id));
                }
                (Way::Free, how) => {
                    mute_ended |= how == As::With(Occasion::MuteEnded);
                    entry.set_told(Tell::Digest, now);
                    digest.push(id);
                }
            }
        }
        let occasion = match (mute_ended, quiet_ended) {
            (true, _) => Occasion::MuteEnded,
            (false, true) => Occasion::QuietEnded,
            (false, false) => Occasion::SilenceEnded,
        };
        self.digest(occasion, digest, 0);
    }

    /// Ends the wait for what began while away: all connections are settled, or it took too long.
    pub(super) fn close_away(&mut self, now: Timestamp) {
        let Some(until) = self.away else { return };
        let mut present = self.connections.values().filter(|known| known.present).peekable();
        let settled = present.peek().is_some() && present.all(|known| known.settled);
        if settled || until <= now {
            self.away = None;
            self.resolve_absent(now);
            self.tell_away(now);
            self.flush_all(now);
        }
    }

    /// Tells in one digest what began while away, with what of it is over.
    pub(super) fn tell_away(&mut self, now: Timestamp) {
        let mut digest = Vec::new();
        let owed: Vec<AlertId> = self
            .open
            .values()
            .filter(|entry| entry.tell == Tell::Owed(As::With(Occasion::Away)))
            .map(Entry::id)
            .collect();
        for id in owed {
            let way = self.owed(id).map(|(_, way)| way);
            let Some(entry) = self.open.get_mut(&id) else { continue };
            match way {
                Some(Way::Free) => {
                    entry.set_told(Tell::Digest, now);
                    digest.push(id);
                }
                Some(Way::Needless) => entry.tell = Tell::Known,
                _ => {}
            }
        }
        let over: Vec<AlertId> = std::mem::take(&mut self.away_over)
            .into_iter()
            .filter(|id| self.over_at.contains_key(id))
            .filter(|id| self.get(*id).is_some_and(|alert| !self.covers(alert) && !self.hushed(alert.severity)))
            .collect();
        let resolved = u32::try_from(over.len()).unwrap_or(u32::MAX);
        digest.extend(over);
        self.digest(Occasion::Away, digest, resolved);
    }

    /// Tells that what was told reads differently, not too often.
    pub(super) fn tell_change(&mut self, id: AlertId, now: Timestamp) {
        let Some(entry) = self.open.get(&id) else { return };
        if entry.tell != Tell::Alone || entry.alert.state != AlertState::Firing || entry.telling() == entry.told {
            return;
        }
        let due = after(entry.told_at, CHANGES);
        if now < due {
            self.later.insert((due, id));
        } else if self.hushed(entry.alert.severity) {
            self.later.insert((after(now, CHANGES), id));
        } else if let Some(entry) = self.open.get_mut(&id) {
            entry.set_told(Tell::Alone, now);
            self.record.announce(Announcement::Changed(id));
        }
    }

    /// Tells the changes that came too early.
    pub(super) fn tell_later(&mut self, now: Timestamp) {
        while let Some(&(due, id)) = self.later.first()
            && due <= now
        {
            self.later.pop_first();
            self.tell_change(id, now);
        }
    }

    /// Whether an alert is owed, how, and what stands in the way.
    fn owed(&self, id: AlertId) -> Option<(As, Way)> {
        let entry = self.open.get(&id)?;
        let Tell::Owed(how) = entry.tell else { return None };
        Some((how, self.way(entry, how)))
    }

    fn way(&self, entry: &Entry, how: As) -> Way {
        let alert = &entry.alert;
        if !alert.notify || entry.acknowledged() || alert.fired.is_none() {
            return Way::Needless;
        }
        let known = self.connections.get(&alert.connection);
        let heard = entry.own || (!entry.stale && known.is_some_and(|known| known.settled));
        let gathered = how == As::With(Occasion::Away) && self.away.is_some();
        if entry.silenced || self.hushed(alert.severity) || !heard || gathered || self.network_holds(entry) {
            return Way::Blocked;
        }
        Way::Free
    }

    /// Announces several at once: those that are open first, the worst first, of those what began first.
    fn digest(&mut self, occasion: Occasion, mut alerts: Vec<AlertId>, resolved: u32) {
        if alerts.is_empty() {
            return;
        }
        alerts.sort_by_cached_key(|id| {
            let alert = self.get(*id);
            alert.map(|alert| (alert.resolved.is_some(), std::cmp::Reverse(alert.severity), alert.began, *id))
        });
        self.record.announce(Announcement::Digest { occasion, alerts, resolved });
    }
}
