//! What is known of the time while the program was not running.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fleet::alert::AlertId;
use protocol::Timestamp;
use store::history::{Filled, GapRecord};

/// How many sentences on what is not known are given.
const SENTENCES: usize = 20;
/// How many connections it is kept of; the configuration may name others as long as the program runs.
const CONNECTIONS: usize = 1_000;

/// What began while the program was not running, for the window.
#[derive(Debug, Default)]
pub(crate) struct Away {
    /// When it was last known to run.
    pub(crate) since: Option<Timestamp>,
    /// What the digest told.
    pub(crate) alerts: Vec<AlertId>,
    pub(crate) resolved: u32,
    /// What each connection's service told of that time afterwards, as it came to in the end.
    answers: BTreeMap<Arc<str>, Filled>,
    /// Connections whose service does not say whether alerts from before still hold.
    doubtful: BTreeSet<Arc<str>>,
}

/// What the services told of the time away, by the names of their connections.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    /// Those that told all that happened.
    pub told: Vec<String>,
    /// Those that have not been heard since.
    pub unheard: Vec<String>,
    /// What could not be had of the others, as sentences.
    pub gaps: Vec<String>,
}

impl Away {
    /// Nothing is known yet of the time since then.
    pub(crate) fn new(since: Option<Timestamp>) -> Self {
        Away { since, ..Away::default() }
    }

    /// Notes how gaps that began before this run are filled.
    pub(crate) fn note_gaps(&mut self, gaps: &[GapRecord], began: Timestamp) {
        for gap in gaps.iter().filter(|gap| gap.from < began && gap.to.is_some()) {
            if self.answers.len() < CONNECTIONS || self.answers.contains_key(&gap.connection) {
                self.answers.insert(gap.connection.clone(), gap.filled.clone());
            }
        }
    }

    /// Notes that a connection's service does not tell whether alerts from before this run still hold.
    pub(crate) fn note_doubt(&mut self, connection: &str) {
        if self.doubtful.len() < CONNECTIONS {
            self.doubtful.insert(connection.into());
        }
    }

    /// What is known of these connections: with each, whether something of the time before this run is missing still.
    pub(crate) fn answers<'c>(&self, connections: impl IntoIterator<Item = (&'c str, bool)>) -> Answers {
        let mut answers = Answers::default();
        for (name, misses) in connections {
            match self.answers.get(name) {
                Some(Filled::Whole) => answers.told.push(name.to_owned()),
                Some(Filled::Partly(missing)) => answers.gaps.push(format!("{name}: {missing}")),
                Some(Filled::No) => {
                    answers.gaps.push(format!("{name}: What happened there meanwhile cannot be had."));
                }
                None if misses => answers.unheard.push(name.to_owned()),
                None => {}
            }
            if self.doubtful.contains(name) {
                answers.gaps.push(format!("{name}: The service does not tell whether alerts from before still hold."));
            }
        }
        answers.gaps.truncate(SENTENCES);
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: Timestamp = Timestamp(1_700_000_000_000);

    fn gap(connection: &str, from: i64, filled: Filled) -> GapRecord {
        let from = Timestamp(BEGAN.millis() + from);
        GapRecord { connection: connection.into(), from, to: Some(BEGAN), cause: String::new(), filled }
    }

    #[test]
    fn what_was_not_told_of_the_time_away_is_said_of_each_connection() {
        let mut away = Away::new(None);
        let names = [("cars", true), ("locks", true), ("hosts", true), ("new", false)];
        assert_eq!(away.answers(names).unheard, ["cars", "locks", "hosts"], "one that is new misses nothing");

        away.note_gaps(&[gap("locks", -5_000, Filled::No), gap("cars", 5_000, Filled::No)], BEGAN);
        let known = away.answers(names);
        assert_eq!(known.gaps, ["locks: What happened there meanwhile cannot be had."]);
        assert_eq!((known.told.len(), known.unheard), (0, vec!["cars".to_owned(), "hosts".to_owned()]));

        // It was asked again, and told all.
        away.note_gaps(&[gap("locks", -5_000, Filled::Whole)], BEGAN);
        away.note_gaps(&[gap("hosts", -5_000, Filled::Partly("Who left is not told.".into()))], BEGAN);
        away.note_doubt("locks");
        let known = away.answers(names);
        assert_eq!((known.told, known.unheard), (vec!["locks".to_owned()], vec!["cars".to_owned()]));
        assert_eq!(
            known.gaps,
            ["locks: The service does not tell whether alerts from before still hold.", "hosts: Who left is not told."]
        );
    }
}
