//! The graph that live queries and requests look at: nodes of the edges `orders` and `jobs`, and orders over them.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::filter::compare;
use crate::wire::rfc3339;
use crate::world::jobs::Job;
use crate::world::orders::Order;

/// A node that was added, changed or removed. It is made into JSON only for a client that looks at its edge.
pub(crate) enum Change {
    Job(Job, u64),
    Order(Order, u64),
    Removed { edge: &'static str, id: String },
}

impl Change {
    pub(crate) fn edge(&self) -> &'static str {
        match self {
            Change::Job(..) => "jobs",
            Change::Order(..) => "orders",
            Change::Removed { edge, .. } => edge,
        }
    }

    pub(crate) fn id(&self) -> &str {
        match self {
            Change::Job(job, _) => &job.id,
            Change::Order(order, _) => &order.id,
            Change::Removed { id, .. } => id,
        }
    }

    /// The node as it is; `None` when it is gone.
    pub(crate) fn node(&self) -> Option<Value> {
        match self {
            Change::Job(job, epoch) => Some(job_node(job, *epoch)),
            Change::Order(order, epoch) => Some(order_node(order, *epoch)),
            Change::Removed { .. } => None,
        }
    }
}

pub(crate) fn job_node(job: &Job, epoch: u64) -> Value {
    let at = |time: Option<u64>| time.map(|time| rfc3339(epoch + time));
    json!({
        "id": job.id, "jobDefinitionId": job.definition, "state": job.state.name(),
        "scheduledAt": rfc3339(epoch + job.scheduled_at), "startedAt": at(job.started_at), "finishedAt": at(job.finished_at),
    })
}

pub(crate) fn order_node(order: &Order, epoch: u64) -> Value {
    json!({
        "id": order.id, "orderNumber": order.number.to_string(), "status": order.status, "total": order.total,
        "currency": order.currency, "customer": order.customer,
        "createdAt": rfc3339(epoch.saturating_add_signed(order.created_at)),
    })
}

/// The field to sort by, and whether the greatest comes first.
#[derive(Debug, Default)]
pub(crate) struct OrderBy(Option<(String, bool)>);

impl OrderBy {
    /// Reads `field`, `field asc` or `field desc`.
    pub(crate) fn parse(text: &str) -> Result<OrderBy, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            [] => Ok(OrderBy(None)),
            [field] | [field, "asc"] => Ok(OrderBy(Some(((*field).to_owned(), false)))),
            [field, "desc"] => Ok(OrderBy(Some(((*field).to_owned(), true)))),
            _ => Err(format!("Expected `field [asc|desc]`, found `{text}`")),
        }
    }

    pub(crate) fn sort(&self, nodes: &mut [Value]) {
        let key = |node: &Value, field: &str| node.get(field).cloned().unwrap_or_default();
        // Nodes without an order of their own have one all the same: the world's tables have none that is fixed.
        nodes.sort_by(|a, b| key(a, "id").as_str().cmp(&key(b, "id").as_str()));
        if let Some((field, descending)) = &self.0 {
            nodes.sort_by(|a, b| {
                let order = compare(&key(a, field), &key(b, field)).unwrap_or(Ordering::Equal);
                if *descending { order.reverse() } else { order }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_sort_both_ways() {
        let mut nodes = [json!({ "id": "a", "n": 1 }), json!({ "id": "b", "n": 3 }), json!({ "id": "c", "n": 2 })];
        OrderBy::parse("n desc").unwrap().sort(&mut nodes);
        assert_eq!(nodes.clone().map(|node| node["n"].clone()), [3, 2, 1]);
        OrderBy::parse("n").unwrap().sort(&mut nodes);
        assert_eq!(nodes.map(|node| node["n"].clone()), [1, 2, 3]);
        assert!(OrderBy::parse("n sideways").is_err());
    }
}
