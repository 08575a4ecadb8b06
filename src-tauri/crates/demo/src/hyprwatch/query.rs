//! A query on its way: what the hosts answer, and when.

use serde_json::{Map, Value, json};

use crate::world::hosts::{Host, Temper};
use crate::world::random::Random;
use crate::world::tables::Query;

/// How long the service waits for a host that is away, in milliseconds.
const GIVEN_UP_MS: u64 = 3_500;

/// One event of a query, so many milliseconds after its start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) after: u64,
    pub(crate) event: &'static str,
    pub(crate) payload: Value,
}

/// The steps of a query in the order of time: a `result` for each host and `complete`, or one `error`. `second` is the
/// simulated time.
pub(crate) fn steps(id: &str, payload: &Value, hosts: &[&Host], random: &mut Random, second: u64) -> Vec<Step> {
    let refuse = |reason: String| {
        let payload = json!({ "query_id": id, "reason": reason });
        vec![Step { after: 15, event: "error", payload }]
    };
    let Some(sql) = payload.get("sql").and_then(Value::as_str) else {
        return refuse("sql is required".to_owned());
    };
    let query = match Query::parse(sql) {
        Ok(query) => query,
        Err(reason) => return refuse(reason),
    };
    let target = payload.get("target").and_then(Value::as_str).unwrap_or("all");
    let targets = hosts.iter().filter(|host| target == "all" || host.id == target || host.hostname == target);
    let mut steps = Vec::new();
    let (mut success, mut timeout, mut error) = (0u32, 0u32, 0u32);
    for host in targets {
        let head =
            |status: &str| json!({ "host_id": host.id, "hostname": host.hostname, "status": status, "rows": [] });
        let (after, payload) = match (host.online, host.temper) {
            (false, _) => {
                timeout += 1;
                (GIVEN_UP_MS, head("timeout"))
            }
            (true, Temper::Broken) => {
                error += 1;
                let mut payload = head("error");
                payload["error"] = "database disk image is malformed".into();
                (random.between(40.0, 300.0) as u64, payload)
            }
            (true, temper) => {
                success += 1;
                let mut payload = head("success");
                payload["rows"] = query.rows(host, second).into_iter().map(row).collect();
                let (low, high) = if temper == Temper::Slow { (1_000.0, 3_000.0) } else { (20.0, 400.0) };
                (random.between(low, high) as u64, payload)
            }
        };
        steps.push(Step { after, event: "result", payload });
    }
    if steps.is_empty() {
        return refuse(format!("no host matches the target {target}"));
    }
    steps.sort_by_key(|step| step.after);
    let after = steps.last().map_or(0, |step| step.after) + 5;
    let total = steps.len();
    let summary =
        json!({ "total": total, "success": success, "timeout": timeout, "error": error, "duration_ms": after });
    steps.push(Step { after, event: "complete", payload: json!({ "query_id": id, "summary": summary }) });
    steps
}

fn row(row: Vec<(&'static str, String)>) -> Value {
    Value::Object(row.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect::<Map<_, _>>())
}
