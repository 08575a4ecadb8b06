//! The HTTP side: graph requests, single jobs, and access tokens (the service's reference, `/resources/graph`,
//! `/resources/jobs/{id}` and `/oauth/token`).

use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::http::StatusCode;

use super::Hantera;
use super::filter::Filter;
use super::graph::{OrderBy, order_node};
use super::live_query::LIMIT;
use super::log::Record;
use crate::wire::http::{Answer, Page, Request, form};
use crate::{OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET};

/// More queries than this in one request are refused.
const QUERIES: usize = 16;
const TOKEN_SECONDS: u64 = 3_600;

impl Hantera {
    pub(super) fn answer(&mut self, request: &Request<'_>, now: u64) -> Answer {
        let epoch = self.epoch(now);
        if request.call.path == "/oauth/token" {
            return self.access_token(request);
        }
        if !self.shared.gate.admits(request.bearer) {
            return failed(StatusCode::UNAUTHORIZED, "AUTH_FAILED", "The access token is invalid or expired");
        }
        let job = request.call.path.strip_prefix("/resources/jobs/");
        match (request.method, request.call.path, job) {
            ("POST", "/resources/graph", _) => self
                .graph(request, epoch)
                .unwrap_or_else(|wrong| failed(StatusCode::BAD_REQUEST, "INVALID_QUERY", &wrong)),
            ("GET", _, Some(id)) => match self.log.job(id) {
                Some(record) => Answer::ok(&record.resource()),
                None => failed(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such job"),
            },
            (_, "/resources/graph", _) | (_, _, Some(_)) => {
                failed(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "The method is not allowed")
            }
            _ => failed(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such resource"),
        }
    }

    /// Answers each query of the request under its alias, or its edge when it has none.
    fn graph(&self, request: &Request<'_>, epoch: u64) -> Result<Answer, String> {
        let queries: Vec<Value> =
            serde_json::from_slice(request.body).map_err(|_| "The body must be a JSON array of queries".to_owned())?;
        if queries.len() > QUERIES {
            return Err(format!("No more than {QUERIES} queries are answered at once"));
        }
        let mut results = Map::new();
        for query in &queries {
            let text = |name: &str| query.get(name).and_then(Value::as_str).unwrap_or_default();
            let edge = text("edge");
            let mut nodes: Vec<Value> = match edge {
                "jobs" => self.log.all().map(Record::node).collect(),
                "orders" => self.orders.all().map(|order| order_node(order, epoch)).collect(),
                _ => return Err(format!("There is no edge `{edge}`")),
            };
            let filter = Filter::parse(text("filter"))?;
            nodes.retain(|node| filter.matches(node));
            OrderBy::parse(text("orderBy"))?.sort(&mut nodes);
            let count = |name: &str| query.get(name).and_then(Value::as_u64).map(|count| count as usize);
            let limit = count("limit").or(count("size")).unwrap_or(LIMIT).clamp(1, LIMIT);
            let page = Page::at(count("offset").unwrap_or(0), limit, request);
            let fields = query.pointer("/node/fields").and_then(Value::as_array).map(Vec::as_slice);
            let part: Vec<Value> = page.of(nodes).items.into_iter().map(|node| projected(node, fields)).collect();
            let alias = if text("alias").is_empty() { edge } else { text("alias") };
            results.insert(alias.to_owned(), part.into());
        }
        Ok(Answer::ok(&Value::Object(results)))
    }

    fn access_token(&self, request: &Request<'_>) -> Answer {
        let refused = |status, error: &str| Answer::json(status, &json!({ "error": error }));
        if request.method != "POST" {
            return refused(StatusCode::METHOD_NOT_ALLOWED, "invalid_request");
        }
        let body = String::from_utf8_lossy(request.body);
        let field = |name: &str| form(&body, name).next();
        if field("grant_type").as_deref() != Some("client_credentials") {
            return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
        }
        let known = field("client_id").as_deref() == Some(OAUTH_CLIENT_ID)
            && field("client_secret").as_deref() == Some(OAUTH_CLIENT_SECRET);
        if !known {
            return refused(StatusCode::UNAUTHORIZED, "invalid_client");
        }
        let mut token = json!({
            "access_token": self.shared.gate.token().expose_secret(), "token_type": "Bearer", "expires_in": TOKEN_SECONDS,
        });
        if let Some(scope) = field("scope") {
            token["scope"] = scope.into();
        }
        Answer::ok(&token).header("Cache-Control", "no-store")
    }
}

/// The fields asked for, those that there are; all when none is asked for.
fn projected(node: Value, fields: Option<&[Value]>) -> Value {
    match (node, fields) {
        (Value::Object(mut node), Some(fields)) => {
            let names = fields.iter().filter_map(Value::as_str);
            names.filter_map(|name| node.remove_entry(name)).collect::<Map<_, _>>().into()
        }
        (node, _) => node,
    }
}

fn failed(status: StatusCode, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": { "code": code, "message": message } }))
}
