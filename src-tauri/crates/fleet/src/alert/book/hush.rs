//! What keeps alerts from being told: acknowledgements, silences, quiet hours.

use protocol::Timestamp;

use super::cover::{Cover, Covering};
use super::{AlertBook, AlertId, As, Tell, before, sentence};
use crate::alert::{Acknowledgement, Alert, Matcher, Occasion, Silence};
use crate::rule::{Hours, Severity};

/// How many silences may be in force.
const SILENCES: usize = 1_000;
/// How many bytes a note may have.
const NOTE: usize = 2_000;

/// Why something an operator asked for was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

/// Quiet hours.
#[derive(Debug, Default)]
pub(super) struct Quiet {
    hours: Option<Hours>,
    except_from: Option<Severity>,
    /// Whether they are, as of the last tick, and from which severity on alerts come through.
    now: Option<Option<Severity>>,
    changed: bool,
    /// Whether the clock was looked at since the start.
    looked: bool,
}

impl AlertBook {
    /// Notes that somebody knows of these alerts, until they are resolved or until a time. Those that are not open any
    /// more are passed over. Gives how many were acknowledged.
    ///
    /// # Errors
    ///
    /// When the time is over already or the note is too long.
    pub fn acknowledge(
        &mut self,
        ids: &[AlertId],
        until: Option<Timestamp>,
        note: &str,
        now: Timestamp,
    ) -> Result<usize, Refused> {
        let now = self.clock(now);
        let note = checked(note, until, now)?;
        let cause = match until {
            None => with_note("Acknowledged until resolved", &note),
            Some(until) => with_note(&format!("Acknowledged until {}", self.local(until)), &note),
        };
        let mut done = 0;
        for id in ids {
            self.forget_end(*id);
            let Some(entry) = self.open.get_mut(id) else { continue };
            entry.alert.acknowledgement = Some(Acknowledgement { at: now, until, note: note.clone() });
            if let Some(until) = until {
                self.acknowledgements.insert((until, *id));
            }
            entry.act(now, &cause, &mut self.record);
            entry.withdraw(&mut self.record);
            entry.tell = Tell::Known;
            done += 1;
        }
        Ok(done)
    }

    /// Takes acknowledgements back. What fires then is not told again: who does it sees it. Gives how many had one.
    pub fn unacknowledge(&mut self, ids: &[AlertId], now: Timestamp) -> usize {
        let now = self.clock(now);
        let mut done = 0;
        for id in ids {
            self.forget_end(*id);
            let Some(entry) = self.open.get_mut(id) else { continue };
            if entry.alert.acknowledgement.take().is_some() {
                entry.act(now, "The acknowledgement was taken back.", &mut self.record);
                done += 1;
            }
        }
        done
    }

    /// Keeps alerts that match from being told until a time, those that fire and those to come. What was told of them is
    /// withdrawn. When it ends, what still fires is told in one digest.
    ///
    /// # Errors
    ///
    /// When the time is over already, the note is too long, a glob cannot be read, or there are a thousand silences.
    pub fn silence(
        &mut self,
        matcher: Matcher,
        until: Timestamp,
        note: &str,
        now: Timestamp,
    ) -> Result<Silence, Refused> {
        let now = self.clock(now);
        let note = checked(note, Some(until), now)?;
        if self.silences.len() >= SILENCES {
            return Err(Refused(format!("There are {SILENCES} silences already; end one first.")));
        }
        // Made from the time, the number is one that no silence of the past has, remembered or not.
        self.last_silence = self.last_silence.saturating_add(1).max(u64::try_from(now.millis()).unwrap_or(1));
        let silence = Silence { id: self.last_silence, matcher, from: now, until, note };
        let cause = self.silenced_until(&silence);
        let covering = Covering::new(silence.clone()).map_err(|wrong| Refused(sentence(&wrong)))?;
        for entry in self.open.values_mut().filter(|entry| !entry.silenced) {
            if covering.covers(&entry.alert) {
                entry.silenced = true;
                entry.withdraw(&mut self.record);
                entry.show(now, &cause, &mut self.record);
            }
        }
        self.silences.push(covering);
        Ok(silence)
    }

    /// Ends a silence at once, with its digest. Gives whether there was one.
    pub fn end_silence(&mut self, id: u64, now: Timestamp) -> bool {
        let now = self.clock(now);
        let Some(place) = self.silences.iter().position(|covering| covering.silence.id == id) else { return false };
        let ended = self.silences.remove(place);
        let owed = self.uncover(&[ended], now);
        self.flush(owed, false, now);
        true
    }

    /// Sets hours in which nothing is told, local time, but alerts from `except_from` on. It counts from the next tick on.
    pub fn quiet_hours(&mut self, hours: Option<Hours>, except_from: Option<Severity>) {
        self.quiet.changed |= (self.quiet.hours, self.quiet.except_from) != (hours, except_from);
        (self.quiet.hours, self.quiet.except_from) = (hours, except_from);
    }

    /// Whether quiet hours hold back what is told, as of the last tick.
    pub fn is_quiet(&self) -> bool {
        self.quiet.now.is_some()
    }

    /// How many open alerts a silence would cover, those that are pending left out; none if a glob cannot be read.
    pub fn would_silence(&self, matcher: &Matcher) -> usize {
        let Ok(cover) = Cover::new(matcher) else { return 0 };
        self.open.values().filter(|entry| entry.alert.fired.is_some() && cover.covers(&entry.alert)).count()
    }

    /// Whether quiet hours hold back an alert.
    pub(super) fn hushed(&self, severity: Severity) -> bool {
        self.quiet.now.is_some_and(|except_from| except_from.is_none_or(|from| severity < from))
    }

    /// Looks at the clock for quiet hours; says whether some ended or shrank, so that what they held is to be told.
    pub(super) fn turn_quiet(&mut self, now: Timestamp) -> bool {
        let quiet = self.quiet.hours.is_some_and(|hours| self.lies_in(hours, now));
        if quiet && !self.quiet.looked {
            self.owe_from_before(now);
        }
        self.quiet.looked = true;
        let was = std::mem::replace(&mut self.quiet.now, quiet.then_some(self.quiet.except_from));
        let changed = std::mem::take(&mut self.quiet.changed);
        was.is_some() && (!quiet || changed)
    }

    /// The program began in quiet hours: what fired in them before that was not told yet.
    fn owe_from_before(&mut self, now: Timestamp) {
        let Some(hours) = self.quiet.hours else { return };
        let this = Timestamp(now.millis().div_euclid(60_000) * 60_000);
        let minutes = (0..1_440).map(|minute| before(this, minute * 60_000));
        let Some(since) = minutes.take_while(|time| self.lies_in(hours, *time)).last() else { return };
        let except_from = self.quiet.except_from;
        for entry in self.open.values_mut().filter(|entry| entry.restored && entry.tell == Tell::Known) {
            let held = except_from.is_none_or(|from| entry.alert.severity < from);
            let fired = entry.alert.fired.is_some_and(|fired| fired >= since);
            if held && fired && !entry.acknowledged() && !entry.silenced {
                entry.tell = Tell::Owed(As::Alone);
            }
        }
    }

    fn lies_in(&self, hours: Hours, time: Timestamp) -> bool {
        jiff::Timestamp::from_millisecond(time.millis()).is_ok_and(|time| {
            let time = time.to_zoned(self.zone.clone());
            hours.contains(u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
        })
    }

    /// Ends acknowledgements whose time is over; gives what is to be told again.
    pub(super) fn end_acknowledgements(&mut self, now: Timestamp) -> Vec<AlertId> {
        let mut owed = Vec::new();
        while let Some(&(until, id)) = self.acknowledgements.first()
            && until <= now
        {
            self.acknowledgements.pop_first();
            let Some(entry) = self.open.get_mut(&id) else { continue };
            entry.alert.acknowledgement = None;
            self.record.changed.insert(id);
            entry.show(now, "The acknowledgement ended.", &mut self.record);
            if entry.alert.fired.is_some() {
                entry.tell = Tell::Owed(As::Alone);
                owed.push(id);
            }
        }
        owed
    }

    /// Ends silences whose time is over; gives what is to be told in a digest.
    pub(super) fn end_silences(&mut self, now: Timestamp) -> Vec<AlertId> {
        let ended: Vec<Covering> = self.silences.extract_if(.., |covering| covering.silence.until <= now).collect();
        if ended.is_empty() { Vec::new() } else { self.uncover(&ended, now) }
    }

    /// Uncovers what silences covered that are no more, unless another one does.
    fn uncover(&mut self, ended: &[Covering], now: Timestamp) -> Vec<AlertId> {
        let mut owed = Vec::new();
        for (id, entry) in self.open.iter_mut().filter(|(_, entry)| entry.silenced) {
            if self.silences.iter().any(|covering| covering.covers(&entry.alert)) {
                continue;
            }
            let mute = ended.iter().any(|covering| covering.silence.is_mute());
            let cause = if mute { "The mute ended." } else { "The silence ended." };
            entry.silenced = false;
            entry.show(now, cause, &mut self.record);
            if entry.alert.fired.is_some() && !entry.acknowledged() {
                let occasion = if mute { Occasion::MuteEnded } else { Occasion::SilenceEnded };
                entry.tell = Tell::Owed(As::With(occasion));
                owed.push(*id);
            }
        }
        owed
    }

    /// Looks anew whether silences cover an alert, after its severity changed; gives why its state may change.
    pub(super) fn cover(&mut self, id: AlertId, now: Timestamp) -> Option<&'static str> {
        let covered = self.open.get(&id).map(|entry| self.covers(&entry.alert))?;
        let entry = self.open.get_mut(&id)?;
        if covered == entry.silenced {
            return None;
        }
        entry.silenced = covered;
        if covered {
            entry.withdraw(&mut self.record);
            return Some("A silence covers its severity.");
        }
        if entry.alert.fired.is_some() && !entry.acknowledged() {
            entry.tell = Tell::Owed(As::With(Occasion::SilenceEnded));
        }
        entry.show(now, "No silence covers its severity.", &mut self.record);
        None
    }

    /// The silences in force that cover an alert, whether it is open or not.
    pub fn silences_of(&self, alert: &Alert) -> impl Iterator<Item = &Silence> {
        self.silences.iter().filter(|covering| covering.covers(alert)).map(|covering| &covering.silence)
    }

    /// Whether a silence other than a mute of everything covers an alert.
    pub fn has_own_silence(&self, alert: &Alert) -> bool {
        self.silences_of(alert).any(|silence| !silence.is_mute())
    }

    pub(super) fn covers(&self, alert: &Alert) -> bool {
        self.silence_of(alert).is_some()
    }

    pub(super) fn silence_of(&self, alert: &Alert) -> Option<&Silence> {
        self.silences_of(alert).next()
    }

    pub(super) fn silenced_until(&self, silence: &Silence) -> String {
        let what = if silence.is_mute() { "Muted" } else { "Silenced" };
        with_note(&format!("{what} until {}", self.local(silence.until)), &silence.note)
    }

    /// A time as a person reads it, in their zone, with the zone.
    fn local(&self, time: Timestamp) -> String {
        match jiff::Timestamp::from_millisecond(time.millis()) {
            Ok(time) => time.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string(),
            Err(_) => time.to_string(),
        }
    }

    fn forget_end(&mut self, id: AlertId) {
        let known = self.open.get(&id).and_then(|entry| entry.alert.acknowledgement.as_ref());
        if let Some(until) = known.and_then(|known| known.until) {
            self.acknowledgements.remove(&(until, id));
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

fn checked(note: &str, until: Option<Timestamp>, now: Timestamp) -> Result<String, Refused> {
    if until.is_some_and(|until| until <= now) {
        return Err(Refused("That time is over already; choose a later one.".into()));
    }
    let note = note.trim();
    if note.len() > NOTE {
        return Err(Refused(format!("The note has {} bytes; {NOTE} are kept at most.", note.len())));
    }
    Ok(note.to_owned())
}

fn with_note(what: &str, note: &str) -> String {
    if note.is_empty() { format!("{what}.") } else { format!("{what}: {note}") }
}
