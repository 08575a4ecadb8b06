//! How often a rule would have fired, had it been there.

use hashbrown::HashMap;
use protocol::Timestamp;

use super::{About, Detector, Fact, Rule, Standing};
use crate::alert::{Change, Finding};

/// How many findings a dry run lists.
const LISTED: usize = 10_000;

/// Time is let pass in steps of so long, in milliseconds: shorter than what counts as a leap of the clock.
const STEP: i64 = 30_000;

/// Something that the history knows.
#[derive(Debug, Clone)]
pub enum Past<'a> {
    /// An event, or a number of a series, see [`Fact::stored`] and [`Fact::sample`].
    Fact(Fact<'a>),
    /// How the connection stood from a time on. It counts as live before the first one.
    Standing(Standing<'a>, Timestamp),
}

/// One time that a rule would have fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WouldFire {
    /// What about.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// When it would have been over; `None` when it was not by the end.
    pub until: Option<Timestamp>,
    /// The line.
    pub title: String,
}

/// What a rule would have found on one connection in what the history knows, in the order it came, up to a time; the
/// oldest first, ten thousand at most. It counts as enabled; it finds nothing where its scope does not cover the connection.
pub fn dry_run<'a>(
    rule: &Rule,
    about: &About<'_>,
    zone: jiff::tz::TimeZone,
    past: impl Iterator<Item = Past<'a>>,
    until: Timestamp,
) -> Vec<WouldFire> {
    let rule = Rule { enabled: true, ..rule.clone() };
    let mut detector = Detector::new(std::slice::from_ref(&rule), about, zone);
    let mut listed = Listed::default();
    let mut found = Vec::new();
    let mut now: Option<Timestamp> = None;
    let take = |detector: &mut Detector, from: &mut Option<Timestamp>, to: Timestamp, found: &mut Vec<Finding>| {
        if from.is_none() {
            detector.standing(Standing::Live, to, found);
        }
        let mut at = from.unwrap_or(to);
        while at < to {
            at = Timestamp(at.millis().saturating_add(STEP)).min(to);
            detector.pass(None, at, found);
        }
        *from = Some(at.max(to));
    };
    for one in past {
        let at = match &one {
            Past::Fact(fact) => fact.received,
            Past::Standing(_, at) => *at,
        };
        if at > until {
            break;
        }
        take(&mut detector, &mut now, at, &mut found);
        match one {
            Past::Fact(fact) => detector.event(&fact, &mut found),
            Past::Standing(standing, at) => detector.standing(standing, at, &mut found),
        }
        listed.take(&mut found);
        if listed.all.len() >= LISTED {
            break;
        }
    }
    take(&mut detector, &mut now, until, &mut found);
    listed.take(&mut found);
    listed.all.truncate(LISTED);
    listed.all
}

#[derive(Default)]
struct Listed {
    all: Vec<WouldFire>,
    /// Positions of those that are not over.
    open: HashMap<Box<str>, usize>,
}

impl Listed {
    fn take(&mut self, found: &mut Vec<Finding>) {
        for finding in found.drain(..) {
            match finding.change {
                Change::Fires { .. } => {
                    self.open.insert(finding.subject.clone(), self.all.len());
                    self.all.push(WouldFire {
                        subject: finding.subject.into(),
                        at: finding.at,
                        until: None,
                        title: finding.title,
                    });
                }
                Change::Ends { .. } => {
                    let open = self.open.remove(&finding.subject).and_then(|open| self.all.get_mut(open));
                    if let Some(open) = open {
                        open.until = Some(finding.at);
                    }
                }
                Change::Pending | Change::Again | Change::Confirmed => {}
            }
        }
    }
}
