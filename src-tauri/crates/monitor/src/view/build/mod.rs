//! Pictures of the fleet: one file per screen, each from the connections in scope as they are at one moment.

pub mod agents;
pub(crate) mod alert_counts;
mod alert_rows;
pub(crate) mod alerts;
pub mod connections;
pub mod devices;
pub mod events;
mod find;
pub mod hosts;
pub mod job;
pub mod jobs;
mod limits;
mod object;
pub mod overview;
pub(crate) mod past;
mod places;
pub(crate) mod recorded;
pub(crate) mod results;
pub mod signals;
mod summary;
pub mod table;

use std::sync::Arc;

use protocol::{Protocol, Timestamp};

use super::Scope;
use crate::watched::{Part, Watched};

/// What a picture is made from.
pub struct Sight<'a> {
    /// The moment.
    pub now: Timestamp,
    /// The connections in scope, in their order.
    pub connections: &'a [Arc<Watched>],
}

impl<'a> Sight<'a> {
    /// The connections of a protocol, each with its place.
    pub fn of(&self, protocol: Protocol) -> impl Iterator<Item = (usize, &'a Arc<Watched>)> + use<'a> {
        self.connections.iter().enumerate().filter(move |(_, watched)| watched.connection.protocol == protocol)
    }

    /// The row of a key `connection/…`: its connection's place, and its position there by the rest of the key.
    pub fn find(
        &self,
        protocol: Protocol,
        key: &str,
        position: impl FnOnce(&str, &Part) -> Option<usize>,
    ) -> Option<(usize, usize)> {
        let rest = |watched: &Watched| key.strip_prefix(watched.name())?.strip_prefix('/');
        let (place, watched, rest) =
            self.of(protocol).find_map(|(place, watched)| Some((place, watched, rest(watched)?)))?;
        Some((place, position(rest, &watched.part.lock())?))
    }
}

/// The connections in a scope.
pub fn in_scope(scope: &Scope, connections: Vec<Arc<Watched>>) -> Vec<Arc<Watched>> {
    let mut connections = connections;
    connections.retain(|watched| match scope {
        Scope::All => true,
        Scope::Connection(name) => watched.name() == name,
        Scope::Tag(tag) => watched.connection.tags.contains(tag),
    });
    connections
}

/// A count as the page gets it.
pub fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A count as the page gets it.
pub fn count64(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use fleet::rule::Detector;
    use jiff::tz::TimeZone;
    use protocol::Connection;

    use super::*;
    use crate::monitor::about;

    fn connection(name: &str, tags: &[&str]) -> Arc<Watched> {
        let connection: Connection = serde_json::from_value(
            serde_json::json!({ "name": name, "protocol": "iotee", "url": "wss://h/ws", "tags": tags }),
        )
        .unwrap();
        let detector = Detector::new(&[], &about(&connection), TimeZone::UTC);
        Arc::new(Watched::new(connection, false, detector, (None, Vec::new()), Timestamp(0)))
    }

    #[test]
    fn a_scope_is_all_one_connection_or_those_of_a_tag() {
        let connections =
            vec![connection("a", &["berlin", "vans"]), connection("berlin", &[]), connection("c", &["vans"])];
        let names = |scope: &Scope| -> Vec<String> {
            let scoped = in_scope(scope, connections.clone());
            scoped.iter().map(|watched| watched.name().to_owned()).collect()
        };
        assert_eq!(names(&Scope::All), ["a", "berlin", "c"]);
        assert_eq!(names(&Scope::Tag("vans".into())), ["a", "c"]);
        assert_eq!(names(&Scope::Tag("berlin".into())), ["a"], "a tag is not a name");
        assert_eq!(names(&Scope::Connection("berlin".into())), ["berlin"]);
        assert_eq!(names(&Scope::Tag("van".into())), Vec::<String>::new(), "nor a part of one");
        assert_eq!(names(&Scope::Tag(String::new())), Vec::<String>::new());
    }
}
