//! Reads live queries: created, loaded in parts, then kept up to date node by node. ("Live Queries")

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::event::{EventBody, LiveQuery, LiveQueryChange, Node, StreamEvent};
use crate::session::Sink;
use crate::text::Text;
use crate::unread;

use super::wire::{Message, Naming};

/// How many nodes of one message are read. The service tracks 1,000 by default; what is more makes the data capped.
const NODES: usize = 10_000;

/// Says a live query's message.
pub(super) fn say(message: &Message<'_>, frame: &str, out: &mut dyn Sink) {
    let said = message.id.0.clone().and_then(|query| {
        let capped = message.capped.0.unwrap_or(false);
        let say = |change| {
            let body = EventBody::LiveQuery(LiveQuery { query, change });
            out.event(&StreamEvent { at: message.timestamp.0, body, data: frame });
        };
        match message.kind.as_str() {
            "liveQueryCreated" => {
                let total = message.total_count.0.filter(|total| *total >= 0.0).map(|total| total as u64);
                say(LiveQueryChange::Created { total, capped });
            }
            "liveQueryData" => {
                let Nodes { nodes, is_cut } = match message.data {
                    Some(data) => serde_json::from_str(data.get()).ok()?,
                    None => Nodes::default(),
                };
                let has_more = message.has_more.0.unwrap_or(false);
                say(LiveQueryChange::Data { nodes: &nodes, has_more, capped: capped || is_cut });
            }
            "liveQueryAddedNode" => say(LiveQueryChange::Added(changed(message)?)),
            "liveQueryUpdatedNode" => say(LiveQueryChange::Updated(changed(message)?)),
            "liveQueryRemovedNode" => say(LiveQueryChange::Removed { node: message.node_id.0.clone()? }),
            _ => say(LiveQueryChange::Destroyed),
        }
        Some(())
    });
    if said.is_none() {
        unread::malformed(out, &message.kind, frame);
    }
}

/// The node of a message about one; it must be named by the message or by itself.
fn changed<'a>(message: &Message<'a>) -> Option<Node<'a>> {
    let mut node = message.data.map_or(Node { id: Text::default(), json: "null" }, node);
    if let Some(id) = &message.node_id.0 {
        node.id = id.clone();
    }
    (!node.id.is_empty()).then_some(node)
}

fn node(raw: &RawValue) -> Node<'_> {
    let naming: Naming<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
    Node { id: naming.id.0.or(naming.node_id.0).unwrap_or_default(), json: raw.get() }
}

/// The nodes of a part of the initial result.
#[derive(Default)]
struct Nodes<'a> {
    nodes: Vec<Node<'a>>,
    is_cut: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for Nodes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Nodes<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of nodes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut read = Nodes::default();
                while read.nodes.len() < NODES {
                    match list.next_element::<&RawValue>()? {
                        Some(raw) => read.nodes.push(node(raw)),
                        None => return Ok(read),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    read.is_cut = true;
                }
                Ok(read)
            }
        }
        deserializer.deserialize_seq(List)
    }
}
