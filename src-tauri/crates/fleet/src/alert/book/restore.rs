//! What the history remembers of the last run.

use protocol::Timestamp;

use super::cover::Covering;
use super::{AlertBook, As, Entry, Over, Tell};
use crate::alert::{Alert, AlertId, AlertState, Occasion, Silence};

impl AlertBook {
    /// Takes what was open, what was resolved not long ago, and the silences of the last run, before anything is found.
    /// Open alerts are stale until their connection is heard, keep their acknowledgement, and are not told again, but
    /// for those whose silence or acknowledgement ended while the program was not running.
    pub fn restore(&mut self, alerts: Vec<Alert>, silences: Vec<Silence>) {
        let now = self.now;
        for silence in silences {
            self.last_silence = self.last_silence.max(silence.id);
            let known = self.silences.iter().any(|covering| covering.silence.id == silence.id);
            if let Ok(covering) = Covering::restored(silence, now)
                && covering.silence.until > now
                && !known
            {
                self.silences.push(covering);
            }
        }
        let (mut resolved, open): (Vec<Alert>, Vec<Alert>) =
            alerts.into_iter().partition(|alert| alert.resolved.is_some());
        resolved.sort_by_key(|alert| (alert.resolved, alert.id));
        for alert in resolved {
            if !self.over_at.contains_key(&alert.id) {
                self.remember(Over { alert, by_book: false });
            }
        }
        for alert in open {
            self.restore_open(alert, now);
        }
    }

    fn restore_open(&mut self, alert: Alert, now: Timestamp) {
        let id = alert.id;
        let (before, moved, pending) = (alert.state, alert.since, alert.fired.is_none());
        let mut entry = Entry::new(alert);
        entry.moved = moved;
        // What happened again until then was counted then.
        entry.found = entry.alert.began.max(self.away_since);
        entry.restored = true;
        let mut ended = None;
        if let Some(known) = entry.alert.acknowledgement.as_mut() {
            let ahead = known.at.millis().saturating_sub(now.millis()).max(0);
            known.until = known.until.map(|until| super::before(until, ahead));
            match known.until {
                Some(until) if until <= now => ended = Some(As::Alone),
                Some(until) => {
                    self.acknowledgements.insert((until, id));
                }
                None => {}
            }
        }
        if ended.is_some() {
            entry.alert.acknowledgement = None;
        }
        if !self.insert(entry, now) {
            return;
        }
        if let Some(entry) = self.open.get_mut(&id) {
            entry.fresh |= pending;
            if before == AlertState::Silenced && !entry.silenced && !entry.acknowledged() {
                ended = Some(As::With(Occasion::SilenceEnded));
            }
            if let Some(how) = ended.filter(|_| !pending) {
                entry.tell = Tell::Owed(how);
            }
            let cause = format!("Signalbox started; {} is not live yet.", entry.alert.connection);
            entry.show(now, &cause, &mut self.record);
        }
        self.apply_rule(id, now);
    }

    /// Resolves alerts of connections that are not there any more.
    pub(super) fn resolve_absent(&mut self, now: Timestamp) {
        let absent: Vec<AlertId> = self
            .connections
            .values()
            .filter(|known| !known.present)
            .flat_map(|known| known.open.iter().copied())
            .collect();
        for id in absent {
            self.resolve(id, now, "The connection was removed or turned off.", true);
        }
        self.connections.retain(|_, known| known.present);
    }
}
