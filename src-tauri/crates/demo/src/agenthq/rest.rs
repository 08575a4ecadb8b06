//! The HTTP side: agents, channels, posts and tasks, page by page (as the public server answers; the service's document says
//! only that the REST API takes the same credentials).

use serde::Serialize;
use serde_json::json;
use tokio_tungstenite::tungstenite::http::StatusCode;

use super::encode::{self, ORG};
use super::{AgentHq, CHANNELS};
use crate::wire::http::{Answer, Page, Request};
use crate::wire::rfc3339;

const DEFAULT_LIMIT: usize = 20;
const MOST: usize = 100;
/// When the service says that its channels were made.
const CREATED: u64 = 1_764_547_200_000;

impl AgentHq {
    pub(super) fn answer(&self, request: &Request<'_>, now: u64) -> Answer {
        let Some(token) = request.bearer else {
            return failed(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Missing or invalid authorization header");
        };
        if !self.shared.gate.admits(Some(token)) {
            return failed(StatusCode::UNAUTHORIZED, "INVALID_API_KEY", "Invalid API key");
        }
        match (request.method, request.call.path) {
            ("GET", "/api/v1/agents") => self.agents(request, now),
            ("GET", "/api/v1/channels") => channels(request),
            ("GET", "/api/v1/posts") => {
                self.posts(request).unwrap_or_else(|wrong| failed(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", &wrong))
            }
            ("GET", "/api/v1/tasks") => self.tasks(request),
            _ => failed(StatusCode::NOT_FOUND, "NOT_FOUND", "Route not found"),
        }
    }

    fn agents(&self, request: &Request<'_>, now: u64) -> Answer {
        let agents = self.world.all().map(|agent| {
            let seen = if agent.status == "offline" { self.log.last_seen(&agent.id) } else { Some(now) };
            let mut data = encode::agent_data(agent, now);
            data["last_heartbeat"] = seen.map(rfc3339).into();
            data
        });
        paged(request, agents.collect())
    }

    /// The posts of a channel, or of all, written at a time or later.
    fn posts(&self, request: &Request<'_>) -> Result<Answer, String> {
        let since = request.time("since")?.unwrap_or(0);
        let channel = request.parameter("channel_id");
        let chosen = self
            .log
            .posts()
            .filter(|post| post.created >= since && channel.as_ref().is_none_or(|channel| channel == post.channel));
        Ok(paged(request, chosen.map(|post| &post.data).collect()))
    }

    fn tasks(&self, request: &Request<'_>) -> Answer {
        let channel = request.parameter("channel_id");
        let chosen = self.log.tasks().filter(|task| channel.as_ref().is_none_or(|channel| channel == task.channel));
        paged(request, chosen.map(|task| &task.data).collect())
    }
}

fn channels(request: &Request<'_>) -> Answer {
    let channels = CHANNELS.map(|channel| {
        json!({ "id": channel, "org_id": ORG, "name": channel, "type": "public", "created_at": rfc3339(CREATED) })
    });
    paged(request, channels.to_vec())
}

fn paged<T: Serialize>(request: &Request<'_>, all: Vec<T>) -> Answer {
    let page = Page::by_number(request, DEFAULT_LIMIT, MOST);
    let part = page.of(all);
    let pagination = json!({ "page": page.number(), "limit": page.limit, "total": part.total, "hasMore": part.more });
    Answer::ok(&json!({ "success": true, "data": part.items, "pagination": pagination }))
}

fn failed(status: StatusCode, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "success": false, "error": { "code": code, "message": message } }))
}
