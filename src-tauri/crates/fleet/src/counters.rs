//! What was counted: everything that came, and everything that could not be kept.

use compact_str::CompactString;
use protocol::Kind;
use protocol::event::{Unread, Unrecognised};

use crate::table::clipped;

/// The counts of a connection since it was made.
#[derive(Debug)]
pub struct Counters {
    /// Events in all.
    pub events: u64,
    /// Frames in all.
    pub frames: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Events that came before.
    pub duplicates: u64,
    /// Events older than what was known.
    pub late: u64,
    /// Messages of a type that is not known.
    pub unrecognised: u64,
    /// Messages that could not be read.
    pub malformed: u64,
    /// How often the connection was lost.
    pub disconnects: u64,
    kinds: [u64; Kind::ALL.len()],
    dropped: [u64; Cause::ALL.len()],
    names: Vec<(CompactString, u64)>,
    other_names: u64,
    names_cap: usize,
}

/// Why something was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The service said that it dropped events.
    ByService,
    /// Recent events of the kinds that come in masses, overwritten by newer ones: gone from the list of events only.
    RecentBulk,
    /// Recent events of other kinds, overwritten by newer ones: gone from the list of events only.
    RecentNotable,
    /// Events about devices for which there was no room.
    Devices,
    /// Values of fields for which there was no room.
    Fields,
    /// Texts and JSON values that were cut or left out.
    Values,
    /// Lock events, oldest first.
    LockEvents,
    /// Numbers whose history is not kept, as the room for series is spent.
    Series,
    /// Numbers of an actor or a job definition beyond those that are kept.
    Numbers,
    /// Hosts given up for others.
    Hosts,
    /// Rows of query answers.
    QueryRows,
    /// Hosts of a query run.
    QueryHosts,
    /// Jobs and their earlier runs given up for others, and events of jobs whose id is none or too long.
    Jobs,
    /// Job definitions given up for others.
    JobDefinitions,
    /// Actors given up for others.
    Actors,
    /// Live queries for which there was no room.
    LiveQueries,
    /// Nodes of live queries.
    LiveQueryNodes,
    /// Agents given up for others.
    Agents,
    /// Posts, oldest first.
    Posts,
    /// Tasks given up for others.
    Tasks,
    /// Notifications, oldest first.
    Notifications,
    /// Signals, oldest first.
    Signals,
    /// Alerts of the service given up for others.
    Alerts,
}

impl Cause {
    /// All causes, in the order of their declaration.
    pub const ALL: [Cause; 23] = {
        use Cause::*;
        [
            ByService,
            RecentBulk,
            RecentNotable,
            Devices,
            Fields,
            Values,
            LockEvents,
            Series,
            Numbers,
            Hosts,
            QueryRows,
            QueryHosts,
            Jobs,
            JobDefinitions,
            Actors,
            LiveQueries,
            LiveQueryNodes,
            Agents,
            Posts,
            Tasks,
            Notifications,
            Signals,
            Alerts,
        ]
    };

    /// Its word, as `by_service`.
    pub const fn name(self) -> &'static str {
        match self {
            Cause::ByService => "by_service",
            Cause::RecentBulk => "recent_bulk",
            Cause::RecentNotable => "recent_notable",
            Cause::Devices => "devices",
            Cause::Fields => "fields",
            Cause::Values => "values",
            Cause::LockEvents => "lock_events",
            Cause::Series => "series",
            Cause::Numbers => "numbers",
            Cause::Hosts => "hosts",
            Cause::QueryRows => "query_rows",
            Cause::QueryHosts => "query_hosts",
            Cause::Jobs => "jobs",
            Cause::JobDefinitions => "job_definitions",
            Cause::Actors => "actors",
            Cause::LiveQueries => "live_queries",
            Cause::LiveQueryNodes => "live_query_nodes",
            Cause::Agents => "agents",
            Cause::Posts => "posts",
            Cause::Tasks => "tasks",
            Cause::Notifications => "notifications",
            Cause::Signals => "signals",
            Cause::Alerts => "alerts",
        }
    }
}

impl Counters {
    pub(crate) fn new(names_cap: usize) -> Self {
        Counters {
            events: 0,
            frames: 0,
            bytes: 0,
            duplicates: 0,
            late: 0,
            unrecognised: 0,
            malformed: 0,
            disconnects: 0,
            kinds: [0; Kind::ALL.len()],
            dropped: [0; Cause::ALL.len()],
            names: Vec::new(),
            other_names: 0,
            names_cap,
        }
    }

    /// Events of a kind.
    pub fn kind(&self, kind: Kind) -> u64 {
        self.kinds[kind as usize]
    }

    /// What was dropped for a cause.
    pub fn dropped(&self, cause: Cause) -> u64 {
        self.dropped[cause as usize]
    }

    /// What was dropped of the picture: all but what only left the list of recent events.
    pub fn dropped_in_all(&self) -> u64 {
        let of_the_list = [Cause::RecentBulk, Cause::RecentNotable];
        Cause::ALL.into_iter().filter(|cause| !of_the_list.contains(cause)).map(|cause| self.dropped(cause)).sum()
    }

    /// How often each unrecognised message came, by its type; the first names that came, the rest are in
    /// [`Counters::other_unrecognised`].
    pub fn unrecognised_names(&self) -> &[(CompactString, u64)] {
        &self.names
    }

    /// Unrecognised messages whose name is not counted by itself.
    pub fn other_unrecognised(&self) -> u64 {
        self.other_names
    }

    #[inline]
    pub(crate) fn count(&mut self, kind: Kind) {
        self.events += 1;
        self.kinds[kind as usize] += 1;
    }

    pub(crate) fn drop(&mut self, cause: Cause, count: u64) {
        self.dropped[cause as usize] += count;
    }

    /// Sets a count that is kept elsewhere.
    pub(crate) fn set_dropped(&mut self, cause: Cause, count: u64) {
        self.dropped[cause as usize] = count;
    }

    pub(crate) fn unread(&mut self, message: &Unrecognised<'_>) {
        match message.reason {
            Unread::Malformed => {
                self.malformed += 1;
                return;
            }
            Unread::UnknownType => self.unrecognised += 1,
        }
        let name = clipped(message.name, 64);
        if let Some((_, count)) = self.names.iter_mut().find(|(known, _)| *known == name) {
            *count += 1;
        } else if self.names.len() < self.names_cap {
            self.names.push((name, 1));
        } else {
            self.other_names += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_listed_in_their_order() {
        for (index, cause) in Cause::ALL.into_iter().enumerate() {
            assert_eq!(cause as usize, index);
        }
    }

    #[test]
    fn names_of_unrecognised_messages_are_bounded() {
        let mut counters = Counters::new(2);
        for name in ["a", "b", "a", "c", "d"] {
            counters.unread(&Unrecognised { reason: Unread::UnknownType, name });
        }
        counters.unread(&Unrecognised { reason: Unread::Malformed, name: "text" });
        assert_eq!(counters.unrecognised_names(), [("a".into(), 2), ("b".into(), 1)]);
        assert_eq!((counters.other_unrecognised(), counters.unrecognised, counters.malformed), (2, 5, 1));
    }
}
