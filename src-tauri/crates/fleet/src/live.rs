//! Live queries: result sets that the service keeps up to date.

use compact_str::CompactString;
use protocol::Timestamp;
use protocol::event::{LiveQueryChange, Node};

use crate::applied::Applied;
use crate::bounds::Bounds;
use crate::counters::{Cause, Counters};
use crate::devices::Heard;
use crate::json::top_level_keys;
use crate::table::{Row, Table};

/// The live queries of a connection.
#[derive(Debug)]
pub struct LiveQueries {
    table: Table<LiveQuery>,
    version: u64,
    bounds: Bounds,
}

/// A live query.
#[derive(Debug, Clone)]
pub struct LiveQuery {
    /// Its id.
    pub id: CompactString,
    /// Nodes that match, as the service counted when it was created.
    pub total: Option<u64>,
    /// Whether the service tracks the first ones only: what is shown is not all.
    pub capped: bool,
    /// Where it is.
    pub state: LiveQueryState,
    /// Its nodes, in the order they came.
    pub nodes: Vec<LiveNode>,
    /// Names of the nodes' top-level fields, in the order they first came.
    pub columns: Vec<CompactString>,
    /// Nodes that were not kept as there was no room here.
    pub dropped: u64,
    /// When it last changed, by our clock.
    pub changed: Timestamp,
    bytes: usize,
    version: u64,
}

/// A node.
#[derive(Debug, Clone)]
pub struct LiveNode {
    /// Its id.
    pub id: CompactString,
    /// The JSON text of its data.
    pub json: Box<str>,
    /// The version of all live queries at which it last changed.
    pub version: u64,
}

/// Where a live query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveQueryState {
    /// The first result is not complete.
    Loading,
    /// The result is complete and kept up to date.
    Complete,
    /// It was destroyed: its nodes are those of that moment.
    Destroyed,
}

const COLUMNS: usize = 100;

impl LiveQueries {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        LiveQueries { table: Table::new(bounds.live_queries), version: 0, bounds: *bounds }
    }

    /// All live queries.
    pub fn rows(&self) -> &[LiveQuery] {
        self.table.rows()
    }

    /// The live query of an id.
    pub fn get(&self, id: &str) -> Option<&LiveQuery> {
        self.table.get(id)
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Notes that nobody keeps those live queries up to date any more that are not among the `asked`: their nodes are those of
    /// this moment.
    pub fn destroy_others(&mut self, asked: impl Fn(&str) -> bool) {
        self.version += 1;
        for position in 0..self.table.rows().len() {
            let query = self.table.at_mut(position);
            if query.state != LiveQueryState::Destroyed && !asked(&query.id) {
                query.state = LiveQueryState::Destroyed;
                query.version = self.version;
            }
        }
    }

    pub(crate) fn apply(
        &mut self,
        event: &protocol::event::LiveQuery<'_>,
        heard: Heard,
        counters: &mut Counters,
    ) -> Applied {
        let position = match self.table.position("", &event.query) {
            Some(position) => position,
            None => {
                if event.query.is_empty() || event.query.len() > self.bounds.id_bytes || !self.make_room() {
                    counters.drop(Cause::LiveQueries, 1);
                    return Applied::Refused;
                }
                self.table.push(LiveQuery::new(&event.query, heard.received))
            }
        };
        self.version += 1;
        let version = self.version;
        let query = self.table.at_mut(position);
        query.version = version;
        query.changed = heard.received;
        match &event.change {
            LiveQueryChange::Created { total, capped } => {
                *query = LiveQuery {
                    total: *total,
                    capped: *capped,
                    version,
                    ..LiveQuery::new(&event.query, heard.received)
                };
            }
            LiveQueryChange::Data { nodes, has_more, capped } => {
                query.capped |= capped;
                query.state = if *has_more { LiveQueryState::Loading } else { LiveQueryState::Complete };
                for node in *nodes {
                    query.put(node, &self.bounds, counters);
                }
            }
            LiveQueryChange::Added(node) | LiveQueryChange::Updated(node) => query.put(node, &self.bounds, counters),
            LiveQueryChange::Removed { node } => {
                let Some(place) = query.place(node) else { return Applied::Duplicate };
                query.bytes -= query.nodes.remove(place).size();
            }
            LiveQueryChange::Destroyed => query.state = LiveQueryState::Destroyed,
        }
        Applied::Taken
    }

    fn make_room(&mut self) -> bool {
        if !self.table.is_full() {
            return true;
        }
        let destroyed = self.table.rows().iter().position(|query| query.state == LiveQueryState::Destroyed);
        destroyed.map(|position| self.table.remove(position)).is_some()
    }
}

impl LiveQuery {
    /// The version of all live queries at which this one last changed.
    pub fn version(&self) -> u64 {
        self.version
    }

    fn new(id: &str, at: Timestamp) -> Self {
        LiveQuery {
            id: id.into(),
            total: None,
            capped: false,
            state: LiveQueryState::Loading,
            nodes: Vec::new(),
            columns: Vec::new(),
            dropped: 0,
            changed: at,
            bytes: 0,
            version: 0,
        }
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    fn put(&mut self, node: &Node<'_>, bounds: &Bounds, counters: &mut Counters) {
        let place = if node.id.is_empty() { None } else { self.place(&node.id) };
        let freed = place.map_or(0, |place| self.nodes[place].size());
        let needed = node.id.len() + node.json.len();
        let fits = node.id.len() <= bounds.id_bytes
            && node.json.len() <= bounds.text_bytes
            && self.bytes - freed + needed <= bounds.live_query_bytes
            && (place.is_some() || self.nodes.len() < bounds.live_query_nodes);
        if !fits {
            self.dropped += 1;
            counters.drop(Cause::LiveQueryNodes, 1);
            return;
        }
        for key in top_level_keys(node.json) {
            if self.columns.len() < COLUMNS && key.len() <= bounds.id_bytes && !self.columns.contains(&key) {
                self.columns.push(key);
            }
        }
        self.bytes = self.bytes - freed + needed;
        let kept = LiveNode { id: node.id.as_str().into(), json: node.json.into(), version: self.version };
        match place {
            Some(place) => self.nodes[place] = kept,
            None => self.nodes.push(kept),
        }
    }
}

impl LiveQueryState {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            LiveQueryState::Loading => "loading",
            LiveQueryState::Complete => "complete",
            LiveQueryState::Destroyed => "destroyed",
        }
    }
}

impl LiveNode {
    fn size(&self) -> usize {
        self.id.len() + self.json.len()
    }
}

impl Row for LiveQuery {
    fn key(&self) -> (&str, &str) {
        ("", &self.id)
    }

    fn touched(&self) -> Timestamp {
        self.changed
    }
}
