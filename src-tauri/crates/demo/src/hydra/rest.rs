//! The HTTP side: the frames of a stream's past (the service's REST reference, `GET /v1/streams/:stream`).

use serde_json::json;
use tokio_tungstenite::tungstenite::http::StatusCode;

use super::{Hydra, IN_SCOPE, OUT_OF_SCOPE};
use crate::wire::http::{Answer, Page, Request, milliseconds};

const DEFAULT_LIMIT: usize = 50;
const MOST: usize = 500;

impl Hydra {
    pub(super) fn answer(&self, request: &Request<'_>, now: u64) -> Answer {
        if !self.shared.gate.admits(request.bearer) {
            return failed(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Invalid or expired JWT");
        }
        let Some(stream) = request.call.path.strip_prefix("/v1/streams/") else {
            return failed(StatusCode::NOT_FOUND, "NOT_FOUND", "No such resource");
        };
        if request.method != "GET" {
            return failed(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "Only GET is allowed");
        }
        if OUT_OF_SCOPE.contains(&stream) {
            return failed(StatusCode::FORBIDDEN, "FORBIDDEN", "The stream is not in the scope of the JWT");
        }
        if !IN_SCOPE.contains(&stream) {
            return failed(StatusCode::NOT_FOUND, "NOT_FOUND", "Unknown stream");
        }
        self.past(stream, request, now).unwrap_or_else(|wrong| failed(StatusCode::BAD_REQUEST, "BAD_REQUEST", &wrong))
    }

    fn past(&self, stream: &str, request: &Request<'_>, now: u64) -> Result<Answer, String> {
        let time = |name: &str| {
            let text = request.parameter(name);
            text.map(|text| time(&text, now).ok_or(format!("{name} is neither an ISO datetime nor such as 24h")))
                .transpose()
        };
        let (since, until) = (time("since")?.unwrap_or(0), time("until")?.unwrap_or(u64::MAX));
        let kind = request.parameter("type");
        let chosen = self.log.between(stream, since, until);
        let chosen = chosen.filter(|past| kind.as_ref().is_none_or(|kind| kind == past.kind));
        let page = Page::by_offset(request, DEFAULT_LIMIT, MOST);
        let part = page.of(chosen.collect());
        let meta = json!({ "total": part.total, "limit": page.limit, "offset": page.offset, "hasMore": part.more });
        // The frames are in the answer byte for byte as they were on the stream.
        let data: Vec<&str> = part.items.iter().map(|past| past.text.as_str()).collect();
        let body = format!(r#"{{"data":[{}],"meta":{meta}}}"#, data.join(","));
        Ok(Answer { status: StatusCode::OK, headers: Vec::new(), body })
    }
}

/// Reads an ISO datetime, or how long ago: minutes, hours or days, such as `24h`.
fn time(text: &str, now: u64) -> Option<u64> {
    let ago = |unit: char, milliseconds: u64| {
        let count: u64 = text.strip_suffix(unit)?.parse().ok()?;
        Some(now.saturating_sub(count.saturating_mul(milliseconds)))
    };
    ago('m', 60_000).or_else(|| ago('h', 3_600_000)).or_else(|| ago('d', 86_400_000)).or_else(|| milliseconds(text))
}

fn failed(status: StatusCode, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": { "code": code, "message": message } }))
}
