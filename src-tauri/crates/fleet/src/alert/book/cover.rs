//! Which alerts a silence covers.

use protocol::Timestamp;

use super::before;
use crate::alert::{Alert, Matcher, Silence};
use crate::rule::{Glob, Severity};

/// A silence with its globs read.
#[derive(Debug)]
pub(super) struct Covering {
    pub(super) silence: Silence,
    cover: Cover,
}

/// A matcher with its globs read.
#[derive(Debug)]
pub(super) struct Cover {
    rule: Option<Glob>,
    connection: Option<Glob>,
    subject: Option<Glob>,
    severity: Option<Severity>,
}

impl Covering {
    /// Reads a silence. The error is a sentence's end.
    pub(super) fn new(silence: Silence) -> Result<Self, String> {
        Ok(Covering { cover: Cover::new(&silence.matcher)?, silence })
    }

    /// Reads a silence of the last run. If the clock went back meanwhile, it lasts no longer than it was made for.
    pub(super) fn restored(mut silence: Silence, now: Timestamp) -> Result<Self, String> {
        let ahead = silence.from.millis().saturating_sub(now.millis()).max(0);
        silence.from = before(silence.from, ahead);
        silence.until = before(silence.until, ahead);
        Covering::new(silence)
    }

    pub(super) fn covers(&self, alert: &Alert) -> bool {
        self.cover.covers(alert)
    }
}

impl Cover {
    /// Reads a matcher. The error is a sentence's end.
    pub(super) fn new(matcher: &Matcher) -> Result<Self, String> {
        let glob = |text: &Option<String>| text.as_deref().map(Glob::new).transpose();
        Ok(Cover {
            rule: glob(&matcher.rule)?,
            connection: glob(&matcher.connection)?,
            subject: glob(&matcher.subject)?,
            severity: matcher.severity,
        })
    }

    /// Whether all that is given matches.
    pub(super) fn covers(&self, alert: &Alert) -> bool {
        let glob = |glob: &Option<Glob>, text: &str| glob.as_ref().is_none_or(|glob| glob.covers(text));
        self.severity.is_none_or(|severity| alert.severity <= severity)
            && glob(&self.rule, &alert.rule)
            && glob(&self.connection, &alert.connection)
            && glob(&self.subject, &alert.subject)
    }
}
