//! What the operator does about alerts. Each is written into the audit.

use std::time::Duration;

use fleet::alert::{AlertBook, AlertId, Matcher, Silence};
use protocol::Timestamp;
use store::history::Batch;

use super::{Alarm, Proofs, audit};
use crate::monitor::{Monitor, invalid};
use crate::settings::matcher;
use crate::view::picture::Target;
use crate::view::{CommandError, ErrorCode, MatcherDraft, Millis};

/// A silence lasts a year at most.
const LONGEST: i64 = 366 * 24 * 60 * 60 * 1_000;

impl Monitor {
    /// Notes that the operator knows of these alerts. Answers how many were open.
    pub fn acknowledge(&self, alerts: &[String], until: Option<Millis>, note: &str) -> Result<u32, CommandError> {
        let ids = ids(alerts)?;
        self.acknowledge_ids(&ids, until.map(Timestamp), note)
    }

    /// As [`Monitor::acknowledge`], for who has the ids.
    pub fn acknowledge_ids(&self, ids: &[AlertId], until: Option<Timestamp>, note: &str) -> Result<u32, CommandError> {
        let now = self.now();
        let detail = if note.is_empty() { "Acknowledged.".to_owned() } else { format!("Acknowledged: {note}") };
        let record = audit(now, "alert.acknowledge", &subjects(ids), &detail);
        let done = self.inner.alarm.deed(now, record, |book| {
            let done = book.acknowledge(ids, until, note, now);
            let any = done.as_ref().is_ok_and(|done| *done > 0);
            (done, any)
        });
        done.map(count).map_err(|refused| invalid(refused.to_string()))
    }

    /// Takes acknowledgements back. Answers how many there were.
    pub fn unacknowledge(&self, alerts: &[String]) -> Result<u32, CommandError> {
        let (ids, now) = (ids(alerts)?, self.now());
        let record = audit(now, "alert.unacknowledge", &subjects(&ids), "Took the acknowledgement back.");
        let done = self.inner.alarm.deed(now, record, |book| {
            let done = book.unacknowledge(&ids, now);
            (done, done > 0)
        });
        Ok(count(done))
    }

    /// Keeps alerts quiet until a time. Answers the silence's number.
    pub fn silence(&self, draft: &MatcherDraft, until: Millis, note: &str) -> Result<u64, CommandError> {
        let now = self.now();
        if until.saturating_sub(now.millis()) > LONGEST {
            return Err(invalid("A silence lasts a year at most; choose an earlier end."));
        }
        let covered = matcher(draft);
        check(&covered).map_err(invalid)?;
        let silence = self.inner.alarm.silence(covered, Timestamp(until), note, now);
        silence.map(|silence| silence.id).map_err(invalid)
    }

    /// Ends a silence before its time.
    pub fn end_silence(&self, id: u64) -> Result<(), CommandError> {
        let now = self.now();
        let mut record = audit(now, "silence.end", &id.to_string(), "Ended a silence.");
        record.ended.push((id, now));
        let ended = self.inner.alarm.deed(now, record, |book| {
            let ended = book.end_silence(id, now);
            (ended, ended)
        });
        match ended {
            true => Ok(()),
            false => Err(CommandError { code: ErrorCode::NotFound, message: "That silence has ended already.".into() }),
        }
    }

    /// How many open alerts a silence would cover.
    pub fn would_silence(&self, draft: &MatcherDraft) -> u32 {
        count(self.inner.alarm.book().would_silence(&matcher(draft)))
    }

    /// Mutes everything for so long.
    pub fn mute(&self, until: Timestamp) -> Result<u64, CommandError> {
        self.silence(&MatcherDraft::default(), until.millis(), "")
    }

    /// As [`Monitor::mute`], from now on for so long.
    pub fn mute_for(&self, span: Duration) -> Result<(), CommandError> {
        let span = i64::try_from(span.as_millis()).unwrap_or(LONGEST);
        self.mute(Timestamp(self.now().millis().saturating_add(span))).map(drop)
    }

    /// As [`Monitor::mute`], until eight in the morning of the next day, local time.
    pub fn mute_until_tomorrow(&self) -> Result<(), CommandError> {
        let now = jiff::Timestamp::from_millisecond(self.now().millis()).map_err(|error| invalid(error.to_string()))?;
        let tomorrow = now
            .to_zoned(self.inner.alarm.zone.clone())
            .tomorrow()
            .and_then(|day| day.with().hour(8).minute(0).second(0).subsec_nanosecond(0).build())
            .map_err(|error| invalid(error.to_string()))?;
        self.mute(Timestamp(tomorrow.timestamp().as_millisecond())).map(drop)
    }

    /// Ends every mute of everything.
    pub fn unmute(&self) {
        let mutes = super::mutes(&self.inner.alarm.book());
        for mute in mutes {
            // One that ended meanwhile is as well.
            let _ = self.end_silence(mute.id);
        }
    }

    /// Leads the window to a place: what a notification is about.
    pub fn go(&self, target: Target) {
        *self.inner.wish.lock() = Some(target);
    }

    /// Whether a window is in sight: it has asked for a frame within the last two seconds.
    pub fn is_looked_at(&self) -> bool {
        self.inner.looked.lately(self.now())
    }

    /// Tells no more what happened while the program was not running.
    pub fn dismiss_away(&self) {
        self.inner.alarm.away.lock().since = None;
    }
}

impl Alarm {
    /// Does something that an operator asked for; it is on the record together with what came of it, if it was done.
    fn deed<T>(&self, now: Timestamp, record: Batch, act: impl FnOnce(&mut AlertBook) -> (T, bool)) -> T {
        let mut book = self.book.lock();
        let (done, is_done) = act(&mut book);
        let mut batch = if is_done { record } else { Batch::default() };
        self.collect(&mut book, &mut batch, Proofs::new(), now);
        done
    }

    fn silence(&self, covered: Matcher, until: Timestamp, note: &str, now: Timestamp) -> Result<Silence, String> {
        let detail = format!("Silenced {} until {until}.", words(&covered));
        let mut book = self.book.lock();
        let silence = book.silence(covered, until, note, now).map_err(|refused| refused.to_string())?;
        // With the alerts that it covers: one that is silenced by nothing would be told at the next start.
        let mut batch = audit(now, "silence.add", &silence.id.to_string(), &detail);
        batch.silences.push(silence.clone());
        self.collect(&mut book, &mut batch, Proofs::new(), now);
        Ok(silence)
    }
}

/// What a silence covers, in words.
pub(crate) fn words(matcher: &Matcher) -> String {
    let mut words = Vec::new();
    if let Some(severity) = matcher.severity {
        words.push(format!("{} and below", crate::view::picture::Severity::from(severity).name()));
    }
    if let Some(rule) = &matcher.rule {
        words.push(format!("“{rule}”"));
    }
    if let Some(subject) = &matcher.subject {
        words.push(if matcher.rule.is_some() { format!("of {subject}") } else { subject.clone() });
    }
    if let Some(connection) = &matcher.connection {
        words.push(format!("on {connection}"));
    }
    if words.is_empty() { "everything".into() } else { words.join(" ") }
}

fn check(matcher: &Matcher) -> Result<(), String> {
    for glob in [&matcher.rule, &matcher.connection, &matcher.subject].into_iter().flatten() {
        fleet::rule::Glob::new(glob).map_err(|error| format!("{error}."))?;
    }
    Ok(())
}

fn ids(texts: &[String]) -> Result<Vec<AlertId>, CommandError> {
    texts.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(|_| CommandError {
        code: ErrorCode::NotFound,
        message: "One of these is not an alert's id; look at the list again.".into(),
    })
}

fn subjects(ids: &[AlertId]) -> String {
    let named: Vec<String> = ids.iter().take(20).map(ToString::to_string).collect();
    let more = if ids.len() > named.len() { format!(" and {} more", ids.len() - named.len()) } else { String::new() };
    format!("{}{more}", named.join(" "))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
