//! The graph that live queries look at: nodes of the edges `orders` and `jobs`, and simple filters and orders over them.

use std::cmp::Ordering;

use serde_json::{Value, json};

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

/// Conditions joined by `and`: `field op value`, where the value is `'text'` or a number.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Filter(Vec<Condition>);

#[derive(Debug, PartialEq)]
struct Condition {
    field: String,
    operator: &'static str,
    value: Value,
}

impl Filter {
    /// Reads a filter; an empty one matches all.
    pub(crate) fn parse(text: &str) -> Result<Filter, String> {
        if text.trim().is_empty() {
            return Ok(Filter::default());
        }
        text.split(" and ").map(condition).collect::<Result<_, _>>().map(Filter)
    }

    pub(crate) fn matches(&self, node: &Value) -> bool {
        self.0.iter().all(|condition| {
            let order = compare(node.get(&condition.field).unwrap_or(&Value::Null), &condition.value);
            match condition.operator {
                "==" => order == Some(Ordering::Equal),
                "!=" => order != Some(Ordering::Equal),
                ">=" => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                ">" => order == Some(Ordering::Greater),
                _ => order == Some(Ordering::Less),
            }
        })
    }
}

fn condition(text: &str) -> Result<Condition, String> {
    let operators = ["==", "!=", ">=", "<=", ">", "<"];
    let wrong = || format!("Expected `field operator value`, found `{}`", text.trim());
    let (operator, at) =
        operators.into_iter().find_map(|operator| text.find(operator).map(|at| (operator, at))).ok_or_else(wrong)?;
    let (field, rest) = text.split_at(at);
    let value = rest.get(operator.len()..).unwrap_or_default().trim();
    let quoted = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
    let value = match quoted {
        Some(text) => Value::from(text),
        None => value.parse::<f64>().map(Value::from).map_err(|_| wrong())?,
    };
    match field.trim() {
        "" => Err(wrong()),
        field => Ok(Condition { field: field.to_owned(), operator, value }),
    }
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

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Null, _) => Some(Ordering::Less),
        (_, Value::Null) => Some(Ordering::Greater),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_as_they_read() {
        let node = json!({ "status": "processing", "total": 120.5 });
        let matches = |filter| Filter::parse(filter).unwrap().matches(&node);
        assert!(matches("") && matches("status == 'processing'") && matches("total > 100 and status != 'pending'"));
        assert!(!matches("status == 'pending'") && !matches("total <= 100") && !matches("missing == 'x'"));
        assert!(Filter::parse("status").is_err() && Filter::parse("status == processing").is_err());
    }

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
