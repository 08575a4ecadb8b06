//! A live query of one client: the nodes that it tracks, and what it is told of them.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::filter::Filter;
use super::graph::{Change, OrderBy};
use crate::wire::Outbox;

/// The service's default limit of records.
pub(crate) const LIMIT: usize = 1_000;
const CHUNK: usize = 100;

#[derive(Debug)]
pub(crate) struct LiveQuery {
    pub(crate) id: String,
    edge: String,
    filter: Filter,
    order: OrderBy,
    tracked: HashSet<String>,
    capped: bool,
}

impl LiveQuery {
    /// Reads the `query` of a `createLiveQuery`.
    pub(crate) fn parse(id: &str, query: &Value) -> Result<LiveQuery, String> {
        let text = |name: &str| query.get(name).and_then(Value::as_str).unwrap_or_default();
        match text("edge") {
            "" => Err("query.edge is required".to_owned()),
            edge => Ok(LiveQuery {
                id: id.to_owned(),
                edge: edge.to_owned(),
                filter: Filter::parse(text("filter"))?,
                order: OrderBy::parse(text("orderBy"))?,
                tracked: HashSet::new(),
                capped: false,
            }),
        }
    }

    pub(crate) fn edge(&self) -> &str {
        &self.edge
    }

    /// Answers the creation and sends the initial result in chunks.
    pub(crate) fn load(&mut self, mut nodes: Vec<Value>, out: &mut Outbox) {
        nodes.retain(|node| self.filter.matches(node));
        self.order.sort(&mut nodes);
        let total = nodes.len();
        self.capped = total > LIMIT;
        nodes.truncate(LIMIT);
        self.tracked = nodes.iter().filter_map(|node| node.get("id")?.as_str().map(str::to_owned)).collect();
        let (id, capped) = (&self.id, self.capped);
        out.answer(json!({ "type": "liveQueryCreated", "id": id, "totalCount": total, "capped": capped }).to_string());
        let mut sent = 0;
        loop {
            let chunk = nodes.get(sent..nodes.len().min(sent + CHUNK)).unwrap_or_default();
            sent += chunk.len();
            let more = sent < nodes.len();
            let frame = json!({ "type": "liveQueryData", "id": id, "data": chunk, "hasMore": more, "capped": capped });
            out.answer(frame.to_string());
            if !more {
                return;
            }
        }
    }

    /// Tells the client of a change, when it is one for this query.
    pub(crate) fn track(&mut self, change: &Change, out: &mut Outbox) {
        if change.edge() != self.edge {
            return;
        }
        let id = change.id();
        let node = change.node().filter(|node| self.filter.matches(node));
        let frame = match (self.tracked.contains(id), node) {
            (true, Some(node)) => json!({ "type": "liveQueryUpdatedNode", "id": self.id, "nodeId": id, "data": node }),
            (true, None) => {
                self.tracked.remove(id);
                json!({ "type": "liveQueryRemovedNode", "id": self.id, "nodeId": id })
            }
            // A capped query tracks only the capped set; others never grow beyond the limit.
            (false, Some(node)) if !self.capped && self.tracked.len() < LIMIT => {
                self.tracked.insert(id.to_owned());
                json!({ "type": "liveQueryAddedNode", "id": self.id, "nodeId": id, "data": node })
            }
            _ => return,
        };
        out.offer(frame.to_string().into());
    }
}
